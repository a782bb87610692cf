"""Runs of a sweep on disk: nothing is lost, nothing is done twice.

A folder holds the design, a journal (SQLite, write-ahead logging) that a run enters as it ends, and parts (Parquet) into
which complete stretches of runs move. Which runs make a part is fixed by their numbers, so that parts are the same bytes
in whatever order runs end. The journal is locked for one process at a time; a killed process leaves no lock.

DIR/design.parquet              points of the design
DIR/journal.sqlite              what the study is; runs that are in no part yet; parts and their SHA-256
DIR/parts/runs-00000.parquet    runs: run, row, replicate, seed, address, outcomes, state, error, traceback
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from nqpf_abm.errors import InputError
from nqpf_abm.sweep.journal import INSERT, JOURNAL, connect, held_study, is_sound, row_of, told
from nqpf_abm.sweep.parts import (
    DESIGN,
    Record,
    is_whole,
    part_path,
    read_design,
    read_part,
    records_of,
    write_design,
    write_part,
)
from nqpf_abm.sweep.plan import Plan, design_hash
from nqpf_abm.sweep.tables import SweepTables

PART = 4096
"""Runs whose numbers lie between multiples of this make a part."""


class Store:
    """The folder of a sweep, open for this process alone. Make one with `Store.begin` or `Store.open`; close it.

    plan   the study it holds
    mends  whether damage is set aside, to be run again; a store opened to be read is left as it is
    notes  what was found amiss on opening, in words
    """

    def __init__(
        self, folder: Path, journal: sqlite3.Connection, plan: Plan, part: int = PART, *, mends: bool
    ):
        self.folder, self.plan, self.mends, self.notes = folder, plan, mends, []
        self._journal, self.part = journal, part
        self.done = np.zeros(plan.n_runs, bool)
        """(n_runs,) which runs are stored, by number."""
        self.n_failed = 0
        """Stored runs that failed."""
        self._look()

    # ------------------------------------------------------------------------------------- opening, closing

    @classmethod
    def begin(cls, folder: Path, plan: Plan, part: int = PART) -> Store:
        """The store of a study: a new one, or the one that is there, to go on with.

        Raises InputError if the folder holds another study, something else, or is in use by another process.
        """
        if not (folder / JOURNAL).exists():
            _check_new(folder)
            with told(folder, 0):
                folder.mkdir(parents=True, exist_ok=True)
        journal = connect(folder)
        try:
            held = held_study(folder, journal)
            if held is None:
                with told(folder, 0), journal:
                    journal.execute("DELETE FROM study")
                    journal.execute("INSERT INTO study VALUES (?, ?)", (json.dumps(plan.identity), part))
            else:
                _check_same(folder, held[0], json.loads(json.dumps(plan.identity)))
                part = held[1]
            if not _holds_design(folder, plan):
                write_design(folder, plan.factors, plan.unit, plan.values)
            return cls(folder, journal, plan, part, mends=True)
        except BaseException:
            journal.close()
            raise

    @classmethod
    def open(cls, folder: Path) -> Store:
        """The store in a folder, to be read. Raises InputError if there is none, its design is damaged, or it is in use."""
        if not (folder / JOURNAL).is_file():
            raise InputError(f"{folder} holds no sweep ({JOURNAL} is missing); name the folder of one")
        journal = connect(folder)
        try:
            held = held_study(folder, journal)
            if held is None:
                raise InputError(f"{folder}: the sweep was stopped before it began; run it again")
            identity, part = held
            factors = [factor["name"] for factor in identity["factors"]]
            plan = Plan(identity, *read_design(folder, factors))
            if design_hash(plan.unit, plan.values) != identity["design"]:
                raise InputError(
                    f"{folder / DESIGN}: not as it was written; run the sweep again, which mends it"
                )
            return cls(folder, journal, plan, part, mends=False)
        except BaseException:
            journal.close()
            raise

    def close(self) -> None:
        """Let go of the folder. The journal is one plain file then."""
        try:
            self._journal.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.Error:
            pass  # no space, perhaps: the log stays beside the journal and is read by whoever opens it next
        self._journal.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    # --------------------------------------------------------------------------------------------- writing

    def add(self, record: Record) -> None:
        """Keep a run; it is in the journal when this returns. A stretch that it completes becomes a part.

        Raises InputError if the disk does not take it; what was kept before stays.
        """
        if self.done[record.run]:
            return
        with self._writing(), self._journal:
            self._journal.execute(INSERT, row_of(record))
        self.done[record.run] = True
        self.n_failed += bool(record.error)
        k = record.run // self.part
        self._outstanding[k] -= 1
        if self._outstanding[k] == 0:
            self._compact(k)

    def check_same(self, other: Store) -> None:
        """Raise InputError, naming what differs, if another store holds another study."""
        _check_same(other.folder, dict(other.plan.identity), dict(self.plan.identity))

    def check_plan(self, plan: Plan) -> None:
        """Raise InputError, naming what differs, if this is another study's store."""
        _check_same(self.folder, dict(self.plan.identity), json.loads(json.dumps(plan.identity)))

    def forget_failures(self, runs: Sequence[int] | None = None) -> int:
        """Take runs that failed, all or some, out of the store, so that they are done again; returns their number."""
        chosen = None if runs is None else set(runs)
        wanted = [r.run for r in self.records() if r.error and (chosen is None or r.run in chosen)]
        if not wanted:
            return 0
        for k, sha256 in self._listed().items():
            if any(run // self.part == k for run in wanted):
                table = read_part(part_path(self.folder, k), sha256)
                rows = [row_of(r) for r in records_of(table, self.plan.outcomes)]
                with self._writing(), self._journal:
                    self._journal.executemany(INSERT, rows)
                    self._journal.execute("DELETE FROM parts WHERE k = ?", (k,))
        with self._writing(), self._journal:
            self._journal.executemany("DELETE FROM runs WHERE run = ?", [(run,) for run in wanted])
        self.done[:] = False
        self._look()
        return len(wanted)

    def _compact(self, k: int) -> None:
        """Move a complete stretch from the journal to a part: the file first, then in one transaction the journal."""
        records = list(self._journal_records(k * self.part, (k + 1) * self.part))
        with self._writing():
            places = [self.plan.place(record.run) for record in records]
            sha256 = write_part(part_path(self.folder, k), records, places, self.plan.outcomes)
            with self._journal:
                self._journal.execute("INSERT OR REPLACE INTO parts VALUES (?, ?)", (k, sha256))
                self._journal.execute(
                    "DELETE FROM runs WHERE run >= ? AND run < ?", (k * self.part, (k + 1) * self.part)
                )

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with told(self.folder, int(self.done.sum())):
            yield

    # --------------------------------------------------------------------------------------------- reading

    def records(self) -> Iterator[Record]:
        """Every stored run by rising number, a part at a time. Raises InputError for a damaged part."""
        listed = self._listed()
        for k in range(-(-self.plan.n_runs // self.part)):
            if k in listed:
                table = read_part(part_path(self.folder, k), listed[k])
                yield from records_of(table, self.plan.outcomes)
            else:
                yield from self._journal_records(k * self.part, (k + 1) * self.part)

    def _journal_records(self, first: int, end: int) -> Iterator[Record]:
        found = self._journal.execute(
            "SELECT * FROM runs WHERE run >= ? AND run < ? ORDER BY run", (first, end)
        )
        for row in found:
            if is_sound(row):
                run, address, numbers, *texts = row[:-1]
                yield Record(run, address, np.frombuffer(numbers, "<f8"), *texts)

    def _listed(self) -> dict[int, str]:
        return dict(self._journal.execute("SELECT k, sha256 FROM parts ORDER BY k"))

    def _look(self) -> None:
        """Find out what is stored. The runs of a damaged part count as not done; a store that mends sets it aside."""
        self.n_failed = 0
        for k, sha256 in self._listed().items():
            path = part_path(self.folder, k)
            if not is_whole(path, sha256):
                self.notes.append(f"{path} is missing or not as it was written: its runs are done again")
                if self.mends:
                    self._set_aside(k, path)
                continue
            table = read_part(path, sha256)
            self.done[table["run"].to_numpy()] = True
            self.n_failed += int((table["error"] != "").sum())
        unsound = []
        for row in self._journal.execute("SELECT * FROM runs"):
            if is_sound(row):
                self.done[row[0]] = True
                self.n_failed += row[4] != ""
            else:
                unsound.append((row[0],))
        for (run,) in unsound:
            self.notes.append(
                f"{self.folder / JOURNAL}: run {run} is not as it was written: it is done again"
            )
        if unsound and self.mends:
            with self._writing(), self._journal:
                self._journal.executemany("DELETE FROM runs WHERE run = ?", unsound)
        due = self.plan.distinct[~self.done[self.plan.distinct]]
        counts = np.bincount(due // self.part, minlength=-(-self.plan.n_runs // self.part))
        self._outstanding = counts
        for path in sorted((self.folder / "parts").glob("*.damaged")):
            if counts[_number(path)] and not any(path.stem in note for note in self.notes):
                self.notes.append(f"{path} was set aside as damaged: its runs are done again")
        held = {run // self.part for (run,) in self._journal.execute("SELECT run FROM runs")}
        for k in sorted(held):
            if counts[k] == 0 and self.mends:  # killed between the last run of a stretch and its part
                self._compact(k)

    def _set_aside(self, k: int, path: Path) -> None:
        with self._writing(), self._journal:
            self._journal.execute("DELETE FROM parts WHERE k = ?", (k,))
            if path.exists():
                path.replace(path.with_suffix(".damaged"))


def _number(path: Path) -> int:
    """Of the part that a file was: ``runs-00003.damaged`` is 3."""
    return int(path.stem.rpartition("-")[2])


def load_tables(folder: str | Path) -> SweepTables:
    """The design of a sweep and what was measured, also of one that is not finished.

    Raises InputError if the folder holds no sweep, a damaged one, or one that is being run.
    """
    import pandas as pd

    with Store.open(Path(folder)) as store:
        if store.notes:
            raise InputError(f"{store.notes[0]} by running the sweep again on {folder}")
        plan, identity = store.plan, store.plan.identity
        numbers = np.full((plan.n_runs, len(plan.outcomes)), np.nan)
        errors = {}
        for record in store.records():
            if record.error:
                errors[record.run] = record.error
            else:
                numbers[record.run] = record.numbers
        done = store.done
    row, replicate = np.divmod(np.arange(plan.n_runs), plan.replicates)
    source = plan.first_row[row] * plan.replicates + replicate
    places = pd.DataFrame({"row": row, "replicate": replicate, "seed": identity["seed"] + replicate})
    is_failed = np.isin(source, np.array(list(errors), int))
    good = done[source] & ~is_failed
    outcomes = pd.DataFrame(numbers[source[good]], columns=list(plan.outcomes))
    failed = places[is_failed].reset_index(drop=True)
    method = dict(identity["method"])
    method.pop("size")
    return SweepTables(
        title=identity["title"],
        method=method.pop("name"),
        settings=method,
        factors=plan.factors,
        groups=tuple(factor["group"] or factor["name"] for factor in identity["factors"]),
        unit=plan.unit,
        values=pd.DataFrame(plan.values, columns=list(plan.factors)),
        units=identity["units"],
        outcomes=pd.concat([places[good].reset_index(drop=True), outcomes], axis="columns"),
        failed=failed.assign(error=[errors[run] for run in source[is_failed]]),
        missing=int((~done[source]).sum()),
        regions=_regions_in_words(identity["model"]),
    )


def _regions_in_words(model: Mapping[str, Any]) -> str:
    if "frozen" not in model:
        return ""
    title = model["regions"]["title"] if "regions" in model else "as shipped"
    return f"{title}. Scores are frozen on {model['frozen']['fitted_on']}"


def _check_new(folder: Path) -> None:
    """Raise InputError if a new sweep cannot begin here."""
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file; name a folder with --out")
    if folder.is_dir() and any(path.name != DESIGN for path in folder.iterdir()):
        raise InputError(f"{folder} is not empty and holds no sweep; choose another --out")


def _holds_design(folder: Path, plan: Plan) -> bool:
    try:
        return design_hash(*read_design(folder, plan.factors)) == plan.identity["design"]
    except InputError:
        return False


def _check_same(folder: Path, held: dict[str, Any], new: dict[str, Any]) -> None:
    """Raise InputError, naming what differs, if a folder holds another study."""
    changed = [key for key in _differing(held, new) if key != "title"]
    if not changed:
        return
    if changed == ["model.source"]:
        what = "was run with other code or data of the model"
    else:
        what = f"holds a study that differs in {', '.join(changed)}"
    raise InputError(
        f"{folder} {what}; its runs cannot be mixed with new ones: choose another --out, or go back to what it was run with"
    )


def _differing(held: dict[str, Any], new: dict[str, Any], within: str = "") -> Sequence[str]:
    found = []
    for key in dict.fromkeys([*new, *held]):
        a, b = held.get(key), new.get(key)
        if a != b:
            inner = key == "model" and isinstance(a, dict) and isinstance(b, dict)
            found += _differing(a, b, f"{key}.") if inner else [f"{within}{key}"]
    return found
