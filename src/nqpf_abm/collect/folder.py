"""A run's folder: whole or not at all, the same bytes for the same run."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from nqpf_abm.errors import InputError

MANIFEST = "manifest.json"
_PREFIX = ".nqpf-unfinished-"


def check_target(out: Path, *, force: bool) -> None:
    """Raise InputError if `out` cannot take results: not empty without `force`, no folder, not writable."""
    if out.exists() and not out.is_dir():
        raise InputError(f"{out} is a file; name a folder with --out")
    if out.is_dir() and any(out.iterdir()) and not force:
        raise InputError(
            f"the folder {out} is not empty; choose another with --out, or replace it with --force"
        )
    if out.is_dir() and force and any(out.iterdir()) and not (out / MANIFEST).exists():
        raise InputError(
            f"the folder {out} holds no {MANIFEST}, so it was not written by nqpf; --force replaces result folders only"
        )
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=out.parent):
            pass
    except OSError as error:
        raise InputError(
            f"cannot write to {out.parent}: {error.strerror or error}; choose another --out"
        ) from None


def write_folder(
    out: str | Path,
    tables: Mapping[str, pd.DataFrame],
    manifest: Mapping[str, Any],
    *,
    figures: Mapping[str, Any] | None = None,
    texts: Mapping[str, str] | None = None,
    force: bool = False,
) -> Path:
    """Write tables (CSV), figures (PNG), texts and a manifest with the tables' SHA-256 to the folder `out`.

    Everything is written to an unfinished folder beside it and moved into place at the end; with `force` an
    older result folder is replaced only then. Whatever goes wrong, existing results stay as they are.

    Raises InputError naming the folder and the repair if it is not empty, not writable, or the disk is full.
    """
    out = Path(out)
    check_target(out, force=force)
    _remove_leftovers(out.parent)
    unfinished = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=out.parent))
    try:
        hashes = {}
        for name, table in tables.items():
            content = csv_bytes(table)
            hashes[f"{name}.csv"] = hashlib.sha256(content).hexdigest()
            _write(unfinished / f"{name}.csv", content)
        for name, text in (texts or {}).items():
            _write(unfinished / name, text.encode())
        if figures:
            (unfinished / "figures").mkdir()
        for name, figure in (figures or {}).items():
            figure.savefig(unfinished / "figures" / f"{name}.png", dpi=150, metadata={"Software": None})
        document = dict(manifest) | {"outputs": hashes}
        _write(unfinished / MANIFEST, (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode())
        os.chmod(unfinished, 0o755)
        _move_into_place(unfinished, out)
    except OSError as error:
        raise InputError(
            f"writing {out} failed: {error.strerror or error}; nothing was changed. Free some space or choose "
            "another --out"
        ) from None
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return out


def csv_bytes(table: pd.DataFrame) -> bytes:
    """A table as CSV: UTF-8, line feeds, shortest floats that read back exactly."""
    return table.to_csv(index=False, lineterminator="\n").encode()


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _move_into_place(unfinished: Path, out: Path) -> None:
    if not out.exists():
        os.rename(unfinished, out)
        return
    old = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=out.parent)) / "old"
    os.rename(out, old)
    try:
        os.rename(unfinished, out)
    except OSError:
        os.rename(old, out)
        raise
    finally:
        if out.exists():
            shutil.rmtree(old.parent, ignore_errors=True)


def _remove_leftovers(parent: Path) -> None:
    """Unfinished folders of killed runs, older than an hour so that a run going on is left alone."""
    import time

    for path in parent.glob(f"{_PREFIX}*"):
        if path.is_dir() and not (path / "old").exists() and time.time() - path.stat().st_mtime > 3600:
            shutil.rmtree(path, ignore_errors=True)
