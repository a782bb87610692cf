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
    """One record of a table: the line (or row) it starts on, and its cells as text by column name."""

    line: int
    cells: dict[str, str]
    unit: str = "line"

    @property
    def place(self) -> str:
        """``"line 12"``: where a message says it is."""
        return f"{self.unit} {self.line}"


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
    return _with_rows(path, header, rows)


def read_table(path: str | Path) -> tuple[list[str], list[Row]]:
    """Column names and rows of a CSV, Excel (first sheet) or Parquet file, every cell as text.

    Raises InputError naming file and line or row, also for an ending it does not know.
    """
    readers = {".csv": read_rows, ".xlsx": _read_excel, ".parquet": _read_parquet}
    ending = Path(path).suffix.lower()
    if ending not in readers:
        raise InputError(f"{path}: a table must end in .csv, .xlsx or .parquet; save it as one of them")
    return readers[ending](path)


def _read_excel(path: str | Path) -> tuple[list[str], list[Row]]:
    import pandas as pd

    _check_file(path)
    try:
        sheet = pd.read_excel(path, header=None, dtype=object)
    except Exception as error:  # whatever the reader of the format raises, the file is what is wrong
        raise InputError(f"{path}: not readable as an Excel workbook ({error}); save it again") from None
    header: list[str] = []
    rows: list[Row] = []
    for line, record in enumerate(sheet.itertuples(index=False), 1):
        cells = [_text(cell) for cell in record]
        if not any(cells):
            continue
        if header:
            if any(cells[len(header) :]):
                raise InputError(
                    f"{path}, row {line}: a cell beyond the {len(header)} named columns; name its column or "
                    "remove it"
                )
            rows.append(Row(line, dict(zip(header, cells[: len(header)], strict=True)), "row"))
            continue
        while not cells[-1]:
            cells.pop()
        header = _header(path, line, cells)
    return _with_rows(path, header, rows)


def _read_parquet(path: str | Path) -> tuple[list[str], list[Row]]:
    import pandas as pd

    _check_file(path)
    try:
        table = pd.read_parquet(path)
    except Exception as error:
        raise InputError(f"{path}: not readable as Parquet ({error}); save it again") from None
    if any(name is not None for name in table.index.names):
        table = table.reset_index()
    header = _header(path, 1, [_text(name) for name in table.columns]) if len(table.columns) else []
    columns = [[_text(cell) for cell in table[name]] for name in table.columns]
    records = zip(*columns, strict=True)
    rows = [Row(n, dict(zip(header, cells, strict=True)), "row") for n, cells in enumerate(records, 1)]
    return _with_rows(path, header, rows)


def _check_file(path: str | Path) -> None:
    path = Path(path)
    if path.is_dir():
        raise InputError(f"{path}: is a folder; give a file inside it")
    if not path.exists():
        raise InputError(f"{path}: no such file; check the path")


def _text(cell) -> str:
    """A cell as one would write it in CSV: whole numbers without a point, nothing for nothing."""
    import pandas as pd

    if not pd.api.types.is_scalar(cell):
        return repr(cell)  # a list in a cell: no number, and refused as such with its place
    if pd.isna(cell):
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell).strip()


def _with_rows(path: str | Path, header: list[str], rows: list[Row]) -> tuple[list[str], list[Row]]:
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
