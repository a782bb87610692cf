"""A run's folder: whole or not at all, the same bytes for the same run.

Everything is first written to a hidden unfinished folder and flushed to disk. A new result folder then
appears by one rename. In a folder that exists already, the files of the older run are set aside, the new
ones moved in, and the manifest comes last: without it the next run (`recover`) puts back what was set aside.
Files nqpf did not write are never touched.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import multiprocessing
import os
import shutil
import socket
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from nqpf_abm.errors import InputError

MANIFEST = "manifest.json"
_UNFINISHED = ".nqpf-unfinished-"
_ASIDE = ".nqpf-replaced"
_JOURNAL = "journal.json"
_DAY = 86400.0


def check_target(out: Path, *, force: bool) -> None:
    """Raise InputError if `out` cannot take results: not empty without `force`, no folder, not writable."""
    try:
        recover(out)
        if out.exists() and not out.is_dir():
            raise InputError(f"{out} is a file; name a folder with --out")
        if not force and out.is_dir() and any(not p.name.startswith(_UNFINISHED) for p in out.iterdir()):
            raise InputError(
                f"the folder {out} is not empty; choose another with --out, or replace results in it with --force"
            )
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=_home(out)):
            pass
    except OSError as error:
        raise InputError(f"cannot write to {out}: {error.strerror or error}; choose another --out") from None


def holds_run(out: Path) -> bool:
    """True if `out` holds the results of a finished run."""
    try:
        recover(out)
        return (out / MANIFEST).is_file()
    except OSError:
        return False


def write_folder(
    out: str | Path,
    tables: Mapping[str, pd.DataFrame],
    manifest: Mapping[str, Any],
    *,
    figures: Mapping[str, Callable[[], Any]] | None = None,
    texts: Mapping[str, str] | None = None,
    force: bool = False,
) -> Path:
    """Write tables (CSV), figures (PNG, given as their makers), texts and a manifest to the folder `out`.

    The manifest gets the SHA-256 of every file under "outputs". With `force`, results that are there already
    are replaced once the new ones are complete. Whatever goes wrong, existing results stay as they are.

    Raises InputError naming the folder and the repair if it is not empty, not writable, or the disk is full.
    """
    out = Path(out)
    check_target(out, force=force)
    _remove_leftovers(_home(out))
    owner = f"{socket.gethostname()}-{os.getpid()}"
    unfinished = _home(out) / f"{_UNFINISHED}{owner}-{uuid.uuid4().hex[:8]}"
    try:
        unfinished.mkdir()
        for name, table in tables.items():
            _write(unfinished / f"{name}.csv", csv_bytes(table))
        for name, text in (texts or {}).items():
            _write(unfinished / name, text.encode())
        if figures:
            (unfinished / "figures").mkdir()
            _draw(figures, unfinished / "figures")
        document = dict(manifest) | {"outputs": _hashes(unfinished)}
        _write(unfinished / MANIFEST, (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode())
        _sync(unfinished)
        if out.is_dir():
            _move_in(unfinished, out)
        else:
            os.rename(unfinished, out)
        _sync(out)
        _sync(out.parent)
    except OSError as error:
        raise InputError(
            f"writing {out} failed: {error.strerror or error}; nothing was changed. Free some space or choose "
            "another --out"
        ) from None
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return out


def check_files(paths: Iterable[Path], *, force: bool) -> None:
    """Raise InputError if one of these files cannot be written: there already without `force`, no folder."""
    for path in paths:
        if path.is_dir():
            raise InputError(f"{path} is a folder; name a file with --out")
        if path.exists() and not force:
            raise InputError(f"{path} exists; choose another with --out, or replace it with --force")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=path.parent):
                pass
        except OSError as error:
            raise InputError(
                f"cannot write to {path}: {error.strerror or error}; choose another --out"
            ) from None


def write_files(files: Mapping[Path, bytes], *, force: bool = False) -> None:
    """Write single files, each whole or not at all: all are complete on disk before the first is put in place.

    Raises InputError naming the file and the repair if it exists (without `force`) or cannot be written.
    """
    check_files(files, force=force)
    unfinished: dict[Path, Path] = {}
    try:
        for path, content in files.items():
            unfinished[path] = path.parent / f"{_UNFINISHED}{uuid.uuid4().hex[:8]}"
            _write(unfinished[path], content)
        for path, complete in unfinished.items():
            os.replace(complete, path)
            _sync(path.parent)
    except OSError as error:
        raise InputError(
            f"writing {', '.join(map(str, files))} failed: {error.strerror or error}. Free some space or choose "
            "another --out"
        ) from None
    finally:
        for complete in unfinished.values():
            complete.unlink(missing_ok=True)


def recover(out: Path) -> None:
    """Undo a replacement in `out` that was killed half-way; clear away what a finished one left behind."""
    aside = out / _ASIDE
    if not aside.is_dir():
        return
    journal = aside / _JOURNAL
    if not (out / MANIFEST).exists() and journal.exists():
        try:
            plan = json.loads(journal.read_text(encoding="utf-8"))
        except ValueError:  # killed while this was written, so before anything moved
            plan = {"unfinished": "", "files": []}
        for name in plan["files"]:
            if not (out / plan["unfinished"] / name).exists():  # it had been moved in
                (out / name).unlink(missing_ok=True)
        for name in _files(aside):
            if name != _JOURNAL:
                _move(aside / name, out / name)
    shutil.rmtree(aside, ignore_errors=True)


def csv_bytes(table: pd.DataFrame) -> bytes:
    """A table as CSV: UTF-8, line feeds, shortest floats that read back exactly."""
    return table.to_csv(index=False, lineterminator="\n").encode()


# ----------------------------------------------------------------------------------------- into place


def _move_in(unfinished: Path, out: Path) -> None:
    """Replace the results in `out` by those in `unfinished`, a folder inside it; all or nothing."""
    new = _files(unfinished)
    old = [name for name in dict.fromkeys([*_listed(out), *new]) if (out / name).is_file()]
    aside = out / _ASIDE
    aside.mkdir()
    try:
        plan = {"unfinished": unfinished.name, "files": new}
        _write(aside / _JOURNAL, json.dumps(plan).encode())
        _sync(aside)
        for name in sorted(old, key=lambda name: name != MANIFEST):  # first: from here on, unfinished
            _move(out / name, aside / name)
        for name in sorted(new, key=lambda name: name == MANIFEST):  # last: from here on, finished
            _move(unfinished / name, out / name)
    except BaseException:
        recover(out)
        raise
    shutil.rmtree(aside, ignore_errors=True)
    if (out / "figures").is_dir() and not any((out / "figures").iterdir()):
        (out / "figures").rmdir()


def _listed(out: Path) -> list[str]:
    """Files inside `out` that an earlier run wrote, as its manifest tells; none without a readable one."""
    try:
        outputs = json.loads((out / MANIFEST).read_text(encoding="utf-8"))["outputs"]
        return [MANIFEST, *(name for name in outputs if ".." not in name and not Path(name).is_absolute())]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _move(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(source, target)


def _home(out: Path) -> Path:
    """Where the unfinished folder goes: where a move into `out` stays on one disk."""
    return out if out.is_dir() else out.parent


def _remove_leftovers(home: Path) -> None:
    """Remove unfinished folders of killed runs; those of other machines after a day."""
    for path in home.glob(f"{_UNFINISHED}*"):
        host, _, pid = path.name.removeprefix(_UNFINISHED).rsplit("-", 1)[0].rpartition("-")
        here = host == socket.gethostname() and os.name == "posix" and pid.isdigit()
        if not _is_running(int(pid)) if here else time.time() - path.stat().st_mtime > _DAY:
            shutil.rmtree(path, ignore_errors=True)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)  # signal 0 only asks
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


# -------------------------------------------------------------------------------------------- writing


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Flush the names in a folder to disk, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _hashes(folder: Path) -> dict[str, str]:
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in _files(folder)}


def _draw(figures: Mapping[str, Callable[[], Any]], folder: Path) -> None:
    """Make and save figures; where processes can be forked safely, every other one in a second process."""
    names = list(figures)
    mine, others, child = names, [], None
    if len(names) > 1 and "fork" in multiprocessing.get_all_start_methods() and threading.active_count() == 1:
        mine, others = names[::2], names[1::2]
        child = multiprocessing.get_context("fork").Process(
            target=_draw_silently, args=(figures, others, folder), daemon=True
        )
        child.start()
    try:
        _draw_some(figures, mine, folder)
    finally:
        if child is not None:
            child.join()
    if child is not None and child.exitcode != 0:
        _draw_some(figures, others, folder)  # a failure repeats itself here, with its error


def _draw_silently(figures: Mapping[str, Callable[[], Any]], names: Iterable[str], folder: Path) -> None:
    try:
        _draw_some(figures, names, folder)
    except BaseException:
        sys.exit(1)  # no traceback of a second process on the user's screen


def _draw_some(figures: Mapping[str, Callable[[], Any]], names: Iterable[str], folder: Path) -> None:
    for name in names:
        buffer = io.BytesIO()
        figures[name]().savefig(
            buffer, format="png", dpi=100, metadata={"Software": None}, pil_kwargs={"compress_level": 1}
        )
        _write(folder / f"{name}.png", buffer.getvalue())
