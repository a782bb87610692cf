"""The journal of a sweep: one SQLite file, locked for one process at a time, which a killed process leaves whole."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from nqpf_abm.errors import InputError
from nqpf_abm.sweep.parts import Record

JOURNAL = "journal.sqlite"
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS study (identity TEXT NOT NULL, part INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS parts (k INTEGER PRIMARY KEY, sha256 TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS runs (run INTEGER PRIMARY KEY, address TEXT NOT NULL, numbers BLOB NOT NULL, "
    "state TEXT NOT NULL, error TEXT NOT NULL, traceback TEXT NOT NULL, checksum INTEGER NOT NULL)",
)
INSERT = "INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?)"


def row_of(record: Record) -> tuple:
    """A run as a row of the journal, its checksum (CRC-32) last: SQLite itself does not notice a changed number."""
    row = (record.run, record.address, np.asarray(record.numbers, "<f8").tobytes(), *record[3:])
    return (*row, crc32(repr(row).encode()))


def is_sound(row: tuple) -> bool:
    """Whether a row of the journal is as it was written."""
    return crc32(repr(tuple(row[:-1])).encode()) == row[-1]


def connect(folder: Path) -> sqlite3.Connection:
    """The journal, locked. A run is in it when its transaction ends, though a power cut may take the last few."""
    try:
        journal = sqlite3.connect(folder / JOURNAL, timeout=0.2, isolation_level="DEFERRED")
        try:
            journal.execute("PRAGMA locking_mode=EXCLUSIVE")
            journal.execute("PRAGMA journal_mode=WAL")
            journal.execute("PRAGMA synchronous=NORMAL")
            (found,) = journal.execute("PRAGMA quick_check(1)").fetchone()
            if found != "ok":
                raise InputError(_damaged(folder, found))
            with journal:
                journal.execute("BEGIN EXCLUSIVE")
                for statement in _SCHEMA:
                    journal.execute(statement)
            return journal
        except BaseException:
            journal.close()
            raise
    except sqlite3.Error as error:
        raise InputError(_why(folder, error)) from None


def _why(folder: Path, error: sqlite3.Error) -> str:
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith("SQLITE_BUSY"):
        return f"{folder} is in use by another process; wait for its end, or choose another --out"
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return _damaged(folder, error)
    return f"{folder / JOURNAL} cannot be opened: {error}; check permissions and free space, or choose another --out"


def _damaged(folder: Path, how) -> str:
    return f"{folder / JOURNAL} is damaged ({how}); put back a copy of the folder, or run the study into another --out"


def held_study(folder: Path, journal: sqlite3.Connection) -> tuple[dict[str, Any], int] | None:
    """Identity and size of parts of the study that the journal holds, None for a new one."""
    try:
        found = journal.execute("SELECT identity, part FROM study").fetchone()
    except sqlite3.Error as error:
        raise InputError(_why(folder, error)) from None
    if found:
        return json.loads(found[0]), found[1]
    if any((folder / "parts").glob("*.parquet")):
        raise InputError(_damaged(folder, "it is empty beside finished parts"))
    return None


@contextmanager
def told(folder: Path, kept: int) -> Iterator[None]:
    """Turn what the disk says into a message."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(
            f"writing {folder} failed: {reason}; {kept} runs are kept. Free some space and give the same command again"
        ) from None
    except InputError as error:
        raise InputError(f"{error}; {kept} runs are kept, the same command goes on") from None
