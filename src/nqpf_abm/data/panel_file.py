"""Reading a panel that somebody typed: every cell that cannot be used is named by line and column."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from nqpf_abm.data.reading import Row, read_rows
from nqpf_abm.errors import InputError, nearest

_KEYS = ("province", "year")
_LONG = ("province", "year", "indicator", "value")
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_GAPS = ("", "na", "n/a", "nan", "null")


def read_panel_file(
    path: str | Path,
    known: Iterable[str] | None = None,
    required: Iterable[str] = (),
    allow_gaps: bool = False,
) -> pd.DataFrame:
    """A panel from a CSV file, long (province, year, indicator, value) or wide (one column per indicator).

    known       indicators it may hold (default: any); `required` ones it must hold
    allow_gaps  empty cells and absent province-years become NaN; otherwise they are refused

    Returns province, year and one column per indicator: provinces and indicators in the order of the file,
    years rising. Raises InputError naming file, line, column and value, with what is allowed and the repair.
    """
    header, rows = read_rows(path)
    for column in _KEYS:
        if column not in header:
            raise InputError(
                f"{path}, line 1: no column {column!r}{nearest(column, header)}; give province, year and one "
                "column per indicator, or province, year, indicator, value"
            )
    long = set(header) == set(_LONG)
    cells: dict[tuple[str, int], dict[str, float]] = {}
    lines: dict[tuple, int] = {}
    ids = dict.fromkeys(() if long else (column for column in header if column not in _KEYS))
    if not long:
        _check_ids(f"{path}, line 1", ids, known)
    for row in rows:
        key = _province(path, row), _year(path, row)
        given = {row.cells["indicator"]: row.cells["value"]} if long else {id: row.cells[id] for id in ids}
        if long:
            _check_ids(f"{path}, line {row.line}", given, known)
            ids.update(dict.fromkeys(given))
        name = (*key, *given) if long else key
        if name in lines:
            raise InputError(
                f"{path}, line {row.line}: {' '.join(map(str, name))} is given twice, first in line "
                f"{lines[name]}; keep one"
            )
        lines[name] = row.line
        for id, text in given.items():
            where = f"{path}, line {row.line}, column {('value' if long else id)!r}"
            cells.setdefault(key, {})[id] = _value(where, text, key, allow_gaps)
    for id in required:
        if id not in ids:
            raise InputError(f"{path}: indicator {id!r} is missing{nearest(id, ids)}; add its values")
    return _balanced(path, cells, list(ids), allow_gaps)


def _check_ids(where: str, ids: Iterable[str], known: Iterable[str] | None) -> None:
    ids = list(ids)
    if not ids:
        raise InputError(f"{where}: no indicator; give one column per indicator beside province and year")
    for id in ids:
        if not id:
            raise InputError(f"{where}, column 'indicator': empty; name the indicator")
        if known is not None and id not in known:
            known = list(known)
            raise InputError(
                f"{where}: {id!r} is no indicator of the specification ({', '.join(known)})"
                f"{nearest(id, known)}; rename or remove it"
            )


def _province(path: str | Path, row: Row) -> str:
    province = row.cells["province"]
    if not province:
        raise InputError(f"{path}, line {row.line}, column 'province': empty; name the province")
    return province


def _year(path: str | Path, row: Row) -> int:
    text = row.cells["year"]
    if not (text.isascii() and text.isdigit() and _FIRST_YEAR <= int(text) <= _LAST_YEAR):
        allowed = f"[{_FIRST_YEAR}, {_LAST_YEAR}]"
        raise InputError(
            f"{path}, line {row.line}, column 'year': must be a whole number in {allowed}, got {text!r}"
        )
    return int(text)


def _value(where: str, text: str, key: tuple[str, int], allow_gaps: bool) -> float:
    if text.lower() in _GAPS:
        if allow_gaps:
            return math.nan
        raise InputError(
            f"{where}: no value for {key[0]} {key[1]} (got {text!r}); enter a finite number, or choose a "
            "fill policy"
        )
    try:
        value = math.nan if "_" in text else float(text)
    except ValueError:
        value = math.nan
    if math.isnan(value):
        repair = "remove the thousands separators" if "," in text else "use digits and a decimal point only"
        if text.endswith(("%", "％")):
            repair = "remove the percent sign"
        raise InputError(f"{where}: must be a finite number, got {text!r}; {repair}")
    if math.isinf(value):
        raise InputError(f"{where}: must be a finite number, got {text!r}; a division by zero upstream?")
    return value


def _balanced(path: str | Path, cells: dict, ids: list[str], allow_gaps: bool) -> pd.DataFrame:
    """The panel with every province in every year, or the first cell that is absent."""
    provinces = list(dict.fromkeys(province for province, _ in cells))
    years = sorted({year for _, year in cells})
    for found, kind in ((provinces, "province"), (years, "year")):
        if len(found) < 2:
            raise InputError(f"{path}: only one {kind} ({found[0]}); a panel needs at least 2 {kind}s")
    records = []
    for province in provinces:
        for year in years:
            row = cells.get((province, year), {})
            absent = [id for id in ids if id not in row]
            if absent and not allow_gaps:
                what = "row" if len(absent) == len(ids) else f"indicator {absent[0]!r}"
                raise InputError(
                    f"{path}: no {what} for {province} {year}, a year that other provinces have; "
                    "add it or choose a fill policy"
                )
            records.append({"province": province, "year": year, **{id: row.get(id, math.nan) for id in ids}})
    return pd.DataFrame.from_records(records, columns=["province", "year", *ids])
