"""Runs of a study on disk: written as they end, so that an interrupt loses nothing."""

from __future__ import annotations

import io
import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from nqpf_abm.collect.folder import check_target, csv_bytes, recover, write_files
from nqpf_abm.errors import InputError
from nqpf_abm.experiment.outcomes import Row

STUDY, RUNS = "compare.json", "runs.csv"
KINDS = {"seed": "int64", "year": "int64", "value": "float64"}


class RunStore:
    """The file of numbers of a study and the file that says what the study is, in a folder of their own."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.kept = 0
        """Seeds in the file."""

    def begin(self, study: dict[str, Any], *, resume: bool, force: bool) -> pd.DataFrame:
        """The runs that are there already, none for a new study.

        Raises InputError if the folder holds another study, a study that is not to be resumed, or something else.
        """
        try:
            recover(self.folder)
            held = self._held()
        except (OSError, ValueError, KeyError, TypeError):
            held = None
        if resume and held is None:
            raise InputError(
                f"{self.folder} holds no study to resume; leave out --resume, or name its folder with --out"
            )
        if held is not None and not force:
            if not resume:
                done = int(self._complete(held)["seed"].nunique())
                raise InputError(
                    f"{self.folder} holds a study already ({done} seeds done); go on with it by --resume, replace it "
                    "by --force, or choose another --out"
                )
            changed = [key for key in study if held.get(key) != study[key]]
            if changed:
                raise InputError(
                    f"{self.folder} holds a study that differs in {', '.join(changed)}; its runs cannot be mixed with "
                    "new ones: repeat its command, replace it by --force, or choose another --out"
                )
            runs = self._complete(study)
        else:
            check_target(self.folder, force=force)
            self.folder.mkdir(parents=True, exist_ok=True)
            for name in ("manifest.json", "report.md", "effects.csv", "index.csv"):
                (self.folder / name).unlink(missing_ok=True)  # of the study that is replaced
            shutil.rmtree(self.folder / "figures", ignore_errors=True)
            runs = pd.DataFrame({name: pd.Series(dtype=KINDS.get(name, "object")) for name in Row._fields})
        self.kept = int(runs["seed"].nunique())
        texts = {
            RUNS: csv_bytes(runs),
            STUDY: json.dumps({"study": study}, indent=1, ensure_ascii=False).encode(),
        }
        write_files({self.folder / name: text for name, text in texts.items()}, force=True)
        return runs

    def add(self, rows: Sequence[Row]) -> None:
        """Append the rows of a seed, on disk when this returns."""
        block = csv_bytes(pd.DataFrame(rows, columns=Row._fields)).split(b"\n", 1)[1]
        try:
            with (self.folder / RUNS).open("ab") as file:
                file.write(block)
                file.flush()
                os.fsync(file.fileno())
            self.kept += 1
        except OSError as error:
            raise InputError(
                f"writing {self.folder / RUNS} failed: {error.strerror or error}; free some space and go on by --resume"
            ) from None

    def with_runs(self, counted: pd.DataFrame, study: dict[str, Any]) -> pd.DataFrame:
        """The rows that a study counts and those of seeds run beyond the one it stopped at, in order of seeds."""
        stored = self._complete(study)
        beyond = stored[~stored["seed"].isin(counted["seed"])]
        return pd.concat([counted, beyond]).sort_values("seed", kind="stable", ignore_index=True)

    def _held(self) -> dict[str, Any] | None:
        path = self.folder / STUDY
        return json.loads(path.read_text(encoding="utf-8"))["study"] if path.is_file() else None

    def _complete(self, study: dict[str, Any]) -> pd.DataFrame:
        """Rows of the seeds of which every scenario has all its numbers; a line cut short is dropped."""
        text = (self.folder / RUNS).read_text(encoding="utf-8") if (self.folder / RUNS).is_file() else ""
        whole = text[: text.rfind("\n") + 1]
        if not whole:
            return pd.DataFrame({name: pd.Series(dtype=KINDS.get(name, "object")) for name in Row._fields})
        try:
            runs = pd.read_csv(
                io.StringIO(whole), dtype=KINDS, keep_default_na=False, na_values={"value": [""]}
            )
        except ValueError as error:
            raise InputError(
                f"{self.folder / RUNS}: not as it was written ({' '.join(str(error).split())}); remove the damaged line, or "
                "begin again with --force"
            ) from None
        names = [scenario["name"] for scenario in study["scenarios"]]
        counts = (
            runs.groupby(["seed", "scenario"])
            .size()
            .unstack(fill_value=0)
            .reindex(columns=names, fill_value=0)
        )
        full = counts.index[(counts == counts.to_numpy().max(initial=1)).all(axis=1)]
        return runs[runs["seed"].isin(full)].reset_index(drop=True)
