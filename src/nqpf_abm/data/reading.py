"""Reading what a user wrote: every failure says which file, line and column, and what to do about it."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from pathlib import Path
from typing import NamedTuple

from nqpf_abm.errors import InputError

_TOML_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")


class Row(NamedTuple):
    """One record of a delimited file: the line it starts on, and its cells by column name."""

    line: int
    cells: dict[str, str]


def read_text(path: str | Path) -> str:
    """Text of a UTF-8 file, with or without byte order mark. Raises InputError naming file, line and byte."""
    path = Path(path)
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: no such file; check the path") from None
    except IsADirectoryError:
        raise InputError(f"{path}: is a folder; give a file inside it") from None
    except (OSError, ValueError) as error:  # ValueError: a path no file system accepts
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path}: cannot be read ({reason}); check the path and its permissions") from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # A byte order mark is three bytes that the decoder has dropped from its positions.
        start = error.start + (3 if raw.startswith(b"\xef\xbb\xbf") else 0)
        line = raw.count(b"\n", 0, start) + 1
        raise InputError(
            f"{path}, line {line}: byte 0x{raw[start]:02x} is not UTF-8; save the file as UTF-8 "
            "(a spreadsheet in a Chinese system often writes GB18030)"
        ) from None


def read_toml(path: str | Path) -> dict:
    """Contents of a TOML file. Raises InputError with file, line and column where it is broken."""
    text = read_text(path)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        place = _TOML_PLACE.search(message)
        reason = _TOML_PLACE.sub("", message)
        if place and place[1]:
            line, column = int(place[1]), int(place[2])
        else:
            line = text.count("\n") + 1
            column = len(text) - (text.rfind("\n") + 1) + 1
        raise InputError(f"{path}, line {line}, column {column}: broken TOML: {reason}") from None
    except RecursionError:
        raise InputError(f"{path}: broken TOML: nested too deeply") from None


def read_rows(path: str | Path) -> tuple[list[str], list[Row]]:
    """Column names and rows of a comma-separated file; blank lines are skipped, cells are stripped text.

    Raises InputError naming file and line: empty file, no rows, unnamed or repeated column, a row with
    more or fewer cells than the header, an unclosed quotation mark.
    """
    text = read_text(path)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] = []
    rows: list[Row] = []
    start = 1
    try:
        for record in reader:
            line, start = start, reader.line_num + 1
            cells = [cell.strip() for cell in record]
            if not any(cells):
                continue
            if not header:
                header = _header(path, line, cells)
            elif len(cells) != len(header):
                raise InputError(
                    f"{path}, line {line}: {len(cells)} cells, but the header names {len(header)} columns; "
                    "add the missing commas or quote a cell that contains one"
                )
            else:
                rows.append(Row(line, dict(zip(header, cells, strict=True))))
    except csv.Error as error:
        raise InputError(
            f"{path}, line {start}: not readable as comma-separated values ({error}); "
            "look for an unclosed quotation mark"
        ) from None
    if not header:
        raise InputError(f"{path}: the file is empty; give a header line and one line per row")
    if not rows:
        raise InputError(f"{path}: a header but no rows; give one line per row")
    return header, rows


def number_in(where: str, key: str, value, low: float, high: float, unit: str, whole: bool = False):
    """`value` if it is a number in [low, high]; else InputError naming place, key, range, unit and value."""
    allowed = f"[{low:g}, {high:g}] {unit}".rstrip()
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
        kind = "a whole number" if whole else "a number"
        raise InputError(f"{where}, column {key!r}: must be {kind} in {allowed}, got {value!r}")
    if not low <= value <= high:  # NaN fails too
        raise InputError(f"{where}, column {key!r}: must lie in {allowed}, got {value!r}; check the unit")
    return value if whole else float(value)


def _header(path: str | Path, line: int, cells: list[str]) -> list[str]:
    for position, name in enumerate(cells, 1):
        if not name:
            raise InputError(f"{path}, line {line}: column {position} has no name; name it or remove it")
        if name in cells[: position - 1]:
            raise InputError(f"{path}, line {line}: column {name!r} is given twice; keep one")
    return cells
