"""Reading a panel that somebody typed: every cell that cannot be used is named by line and column."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from nqpf_abm.data.provinces import english_name
from nqpf_abm.data.reading import Row, read_table
from nqpf_abm.errors import InputError, nearest

KEYS = ("province", "year", "indicator", "value")
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_GAPS = ("", "na", "n/a", "nan", "null", "--", "—", "…")


@dataclass(frozen=True)
class Columns:
    """How a file names what a panel needs.

    keys    the file's names of province, year, indicator and value, where they differ
    ids     the file's name of an indicator to its id
    ignore  True: columns (in long files: indicators) nobody asked for are left out; False: they are refused
    """

    keys: Mapping[str, str] = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)
    ignore: bool = False

    def of(self, key: str) -> str:
        """The file's name of "province", "year", "indicator" or "value"."""
        return self.keys.get(key, key)


@dataclass(frozen=True, eq=False)
class PanelFile:
    """What a file holds.

    frame    province, year and one column per indicator; provinces and indicators in the order of the file,
             years rising
    groups   group of each province, if a column of groups was asked for
    renamed  provinces of mainland China by the name in the file, where it was another
    ignored  columns (in long files: indicators) left out
    """

    frame: pd.DataFrame
    groups: dict[str, str] | None
    renamed: dict[str, str]
    ignored: tuple[str, ...]


def read_panel_file(
    path: str | Path,
    known: Iterable[str] | None = None,
    required: Iterable[str] = (),
    allow_gaps: bool = False,
    columns: Columns | None = None,
    groups: str | None = None,
) -> PanelFile:
    """A panel from a CSV, Excel or Parquet file: long (province, year, indicator, value) or wide.

    A wide file has one column per indicator. Provinces of mainland China may be named in Chinese or English.

    known       indicators it may hold (default: any); `required` ones it must hold
    allow_gaps  empty cells and absent province-years become NaN; otherwise they are refused
    columns     how the file names things
    groups      column that says which group a province belongs to, the same in all its years

    Raises InputError naming file, line, column and value, with what is allowed and the repair.
    """
    columns = Columns() if columns is None else columns
    header, rows = read_table(path)
    if groups and groups not in header:
        raise InputError(
            f"{path}: no column {groups!r} of groups{nearest(groups, header)}; name a column of the file, or take "
            "one, echelons or macro-regions"
        )
    for key in ("province", "year"):
        name = columns.of(key)
        if name not in header:
            raise InputError(
                f"{path}, {'line' if rows[0].unit == 'line' else 'row'} 1: no column {name!r}"
                f"{nearest(name, header)}; give province, year and one column per indicator, or province, "
                "year, indicator, value (other names: table [columns] of the specification)"
            )
    long = {columns.of("indicator"), columns.of("value")} <= set(header)
    names = {columns.of(key) for key in (KEYS if long else KEYS[:2])} | ({groups} if groups else set())
    table = _Cells(path, columns, long, known, allow_gaps, names)
    if long:
        table.ignored.update(dict.fromkeys(name for name in header if name not in names))
    for row in rows:
        table.take(row)
    for id in required:
        if id not in table.ids:
            hint = nearest(id, [*table.ids, *table.ignored])
            raise InputError(f"{path}: indicator {id!r} is missing{hint}; add its values")
    return PanelFile(
        _balanced(path, table.cells, list(table.ids), allow_gaps),
        _groups(path, rows, columns, groups) if groups else None,
        table.renamed,
        tuple(table.ignored),
    )


class _Cells:
    """Cells of a file by province and year, row by row."""

    def __init__(self, path, columns: Columns, long: bool, known, allow_gaps: bool, names: set[str]):
        self.path, self.columns, self.long, self.allow_gaps = path, columns, long, allow_gaps
        self.known = None if known is None else list(known)
        self.names = names
        self.cells: dict[tuple[str, int], dict[str, float]] = {}
        self.ids: dict[str, None] = {}
        self.ignored: dict[str, None] = {}
        self.renamed: dict[str, str] = {}
        self._lines: dict[tuple, str] = {}
        self._wide: dict[str, str] | None = None  # the file's name of each indicator to its id

    def take(self, row: Row) -> None:
        key = self._province(row), _year(self.path, self.columns, row)
        given = self._given(row)
        name = (*key, *given.values()) if self.long else key
        if name in self._lines:
            raise InputError(
                f"{self.path}, {row.place}: {' '.join(map(str, name))} is given twice, first in "
                f"{self._lines[name]}; keep one"
            )
        self._lines[name] = row.place
        held = self.cells.setdefault(key, {})
        for column, id in given.items():
            shown = self.columns.of("value") if self.long else column
            text = row.cells[shown]
            where = f"{self.path}, {row.place}, column {shown!r}"
            held[id] = _value(where, text, key, self.allow_gaps)

    def _given(self, row: Row) -> dict[str, str]:
        """Indicators of the row: the file's name of each to its id."""
        if self.long:
            column = self.columns.of("indicator")
            name = row.cells[column]
            if not name:
                raise InputError(f"{self.path}, {row.place}, column {column!r}: empty; name the indicator")
            return self._wanted(f"{self.path}, {row.place}", [name])
        if self._wide is None:
            columns = [column for column in row.cells if column not in self.names]
            self._wide = self._wanted(f"{self.path}, {row.unit} 1", columns)
            if not self._wide:
                raise InputError(
                    f"{self.path}, {row.unit} 1: no indicator; give one column per indicator beside province "
                    "and year"
                )
        return self._wide

    def _wanted(self, where: str, names: Iterable[str]) -> dict[str, str]:
        wanted = {}
        for name in names:
            id = self.columns.ids.get(name, name)
            if self.known is not None and id not in self.known:
                if not self.columns.ignore:
                    raise InputError(
                        f"{where}: {name!r} is no indicator of the specification ({', '.join(self.known)})"
                        f"{nearest(name, [*self.known, *self.columns.ids])}; rename or remove it, or let the "
                        "specification say [columns] ignore = true"
                    )
                self.ignored[name] = None
                continue
            if id in wanted.values():
                raise InputError(f"{where}: two columns hold the indicator {id!r}; keep one")
            wanted[name] = id
        self.ids.update(dict.fromkeys(wanted.values()))
        return wanted

    def _province(self, row: Row) -> str:
        column = self.columns.of("province")
        given = row.cells[column]
        if not given:
            raise InputError(f"{self.path}, {row.place}, column {column!r}: empty; name the province")
        province = english_name(given)
        if province != given:
            self.renamed[given] = province
        return province


def _year(path: str | Path, columns: Columns, row: Row) -> int:
    text = row.cells[columns.of("year")]
    digits = text.removesuffix("年")
    if not (digits.isascii() and digits.isdigit() and _FIRST_YEAR <= int(digits) <= _LAST_YEAR):
        allowed = f"[{_FIRST_YEAR}, {_LAST_YEAR}]"
        raise InputError(
            f"{path}, {row.place}, column {columns.of('year')!r}: must be a whole number in {allowed}, "
            f"got {text!r}"
        )
    return int(digits)


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


def _groups(path: str | Path, rows: list[Row], columns: Columns, column: str) -> dict[str, str]:
    """Group of each province; refused where it is empty or changes."""
    groups: dict[str, str] = {}
    for row in rows:
        province, group = english_name(row.cells[columns.of("province")]), row.cells[column]
        where = f"{path}, {row.place}, column {column!r}"
        if not group:
            raise InputError(f"{where}: no group for {province}; name one")
        if groups.setdefault(province, group) != group:
            raise InputError(
                f"{where}: {province} is {group!r} here and {groups[province]!r} above; groups must not "
                "change over the years"
            )
    return groups


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
