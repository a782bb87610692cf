"""The regions a model is about: names, places, echelons and the statistics they start from.

Regions are data. The default is ``regions/west.toml``, and every other file of that folder can be asked for by name; a
file of one's own (TOML or CSV) names any two or more regions, with official statistics looked up or its own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from nqpf_abm.data import FOLDER
from nqpf_abm.data.east import East, east_of
from nqpf_abm.data.facts import TABLE
from nqpf_abm.data.reading import number_in, read_rows, read_toml
from nqpf_abm.data.statistics import PARTS, STATISTICS, Lookup, Statistic
from nqpf_abm.errors import InputError, nearest

DEFAULT = FOLDER / "regions" / "west.toml"

_PLACE = {
    "latitude": (-90, 90, "degrees north"),
    "longitude": (-180, 180, "degrees east"),
    "echelon": (1, 9, ""),
}
_TEXT = ("name", "name_zh", "capital")
_COLUMNS = {statistic.column: statistic for statistic in STATISTICS}
_KEYS = (*_TEXT, *_PLACE, *_COLUMNS, "rules")
FALLBACKS = ["region", "column", "value", "unit", "rule"]
_TOP = ("name", "title", "base_year", "east", "region")


@dataclass(frozen=True, eq=False)
class Regions:
    """Regions in file order with the statistics of the base year.

    table      one row per region: region, echelon, latitude, longitude, population (persons), gdp,
               rd_expenditure, industrial_rd_expenditure, rd_gov_funds, fiscal_expenditure,
               fiscal_expenditure_scitech (10^6 yuan/year), rd_personnel_fte (person-years), hightech_share
               (of GDP), digital_index (over the mean of the regions), invention_patents (items/year),
               energy (10^4 tce/year), co2 (Mt/year), fossil_share (0 to 1), wage_relative (over the mean of
               the regions), name_zh, capital
    fallbacks  every number that is not a published figure of the base year: region, column, value, unit, rule
    east       the boundary region
    sources    the files read
    columns    those of the table as arrays, not to be changed
    """

    table: pd.DataFrame
    fallbacks: pd.DataFrame
    name: str
    title: str
    base_year: int
    east: East
    sources: tuple[Path, ...]
    columns: Mapping[str, np.ndarray]

    @property
    def is_default(self) -> bool:
        """True for the regions that are taken if none are named, as they are shipped; a user's may bear the same name."""
        return self.columns is _west().columns and self.east is _west().east

    def plain(self) -> dict[str, Any]:
        """All that a run starts from, as it is kept in JSON."""
        return {
            "name": self.name,
            "title": self.title,
            "base_year": self.base_year,
            "east": asdict(self.east),
            "columns": {name: column.tolist() for name, column in self.columns.items()},
        }

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Regions:
        """The regions that were kept; of where their numbers came from nothing is known."""
        table = pd.DataFrame(plain["columns"])
        return cls(
            table=table,
            fallbacks=pd.DataFrame(columns=FALLBACKS),
            name=plain["name"],
            title=plain["title"],
            base_year=plain["base_year"],
            east=East(**plain["east"] | {"provinces": tuple(plain["east"]["provinces"])}),
            sources=(),
            columns=_columns_of(table),
        )


def load_regions(path: str | Path | Regions | None = None, *, shared: bool = False) -> Regions:
    """The regions of a TOML or CSV file, or of a shipped one by its name; by default the twelve western provinces in 2012.

    ``[region.rules]`` says of a block's own statistics how each was reckoned where it is no published figure. A CSV
    file has a column ``region`` and any of the keys of a ``[[region]]`` block, rules excepted; an empty cell is looked
    up. Raises InputError naming file, region and column, with the allowed range and the repair. Regions that are loaded
    already are returned as they are. The tables are the caller's to change, unless `shared`.
    """
    if isinstance(path, Regions):
        return path
    found = DEFAULT if path is None else _found(Path(path))
    if path is None or found.resolve() == DEFAULT:
        west = _west()
        return west if shared else replace(west, table=west.table.copy(), fallbacks=west.fallbacks.copy())
    return _loaded(found)


def _loaded(path: Path) -> Regions:
    document, blocks = _read(path)
    base_year = _base_year(path, document)
    lookup = Lookup(donors=_shipped())
    records, fallbacks = [], []
    for where, block in blocks:
        record, used = _complete(where, block, base_year, lookup)
        records.append(record)
        fallbacks += used
    _refuse_doubles([(where, record) for (where, _), record in zip(blocks, records, strict=True)])

    table = pd.DataFrame.from_records(records)
    for level, relative in (("digital_index", "digital_index"), ("wage", "wage_relative")):
        mean = table[level].mean()
        if not mean > 0:
            raise InputError(f"{path}: {level} is 0 in every region; at least one must be positive")
        table[relative] = table[level] / mean
    east = east_of(
        path, document.get("east", {}), read_toml(DEFAULT)["east"]["provinces"], base_year, lookup, table
    )
    columns = [statistic.column for statistic in STATISTICS if statistic.column != "wage"]
    order = ["region", "echelon", "latitude", "longitude", *columns, "wage_relative", "name_zh", "capital"]
    table = table.rename(columns={"name": "region"})[order]
    return Regions(
        table=table,
        fallbacks=pd.DataFrame(fallbacks, columns=FALLBACKS),
        name=document.get("name", path.stem),
        title=document.get("title", path.stem),
        base_year=base_year,
        east=east,
        sources=(path, TABLE),
        columns=_columns_of(table),
    )


def _columns_of(table: pd.DataFrame) -> dict[str, np.ndarray]:
    columns = {column: table[column].to_numpy().copy() for column in table}
    for values in columns.values():
        values.setflags(write=False)
    return columns


def western_echelons() -> dict[str, int]:
    """Echelon (1 to 3) of the twelve western provinces."""
    return {name: block["echelon"] for name, block in _shipped().items()}


def shipped_regions() -> tuple[str, ...]:
    """Names of the files of regions that come with the package."""
    return tuple(sorted(file.stem for file in DEFAULT.parent.glob("*.toml")))


@lru_cache(maxsize=1)
def known_regions() -> frozenset[str]:
    """Names of all regions of the package: official provinces, and those of its files of regions."""
    named = (
        block["name"] for file in shipped_regions() for block in read_toml(DEFAULT.with_stem(file))["region"]
    )
    return frozenset((*Lookup(donors=()).provinces, *named))


def _found(path: Path) -> Path:
    """`path`, or the shipped file of that name; a name without suffix that is no file is refused."""
    if path.name == str(path) and not path.suffix and not path.is_file():
        shipped = shipped_regions()
        if path.name not in shipped:
            raise InputError(
                f"regions {path.name!r}: neither a file nor a shipped name ({', '.join(shipped)})"
                f"{nearest(path.name, shipped)}"
            )
        return DEFAULT.parent / f"{path.name}.toml"
    return path


@lru_cache(maxsize=1)
def _west() -> Regions:
    """The shipped regions: a sweep asks for them thousands of times."""
    return _loaded(DEFAULT)


@lru_cache(maxsize=1)
def _shipped() -> dict[str, dict]:
    """Blocks of the shipped file by name: places for names a user's file leaves bare."""
    return {block["name"]: block for block in read_toml(DEFAULT)["region"]}


def _read(path: Path) -> tuple[dict, list[tuple[str, dict]]]:
    """Top-level keys, and the blocks of the regions with where each stands."""
    document: dict = {}
    if path.suffix.lower() == ".csv":
        blocks = _csv_blocks(path)
    elif path.suffix.lower() == ".toml":
        document = read_toml(path)
        for key, value in document.items():
            if key not in _TOP:
                raise InputError(f"{path}, key {key!r}: unknown{nearest(key, _TOP)}")
            if key in ("name", "title") and not isinstance(value, str):
                raise InputError(f"{path}, key {key!r}: must be text in quotes, got {value!r}")
        blocks = _toml_blocks(path, document)
    else:
        raise InputError(f"{path}: a file of regions must end in .toml or .csv")
    if len(blocks) < 2:
        raise InputError(f"{path}: regions found: {len(blocks)}; a model of regions needs at least 2")
    return document, blocks


def _toml_blocks(path: Path, document: dict) -> list[tuple[str, dict]]:
    blocks = document.get("region", [])
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise InputError(f"{path}, key 'region': give one [[region]] block per region")
    return [
        (f"{path}, region {block.get('name', number)!r}", block) for number, block in enumerate(blocks, 1)
    ]


def _csv_blocks(path: Path) -> list[tuple[str, dict]]:
    header, rows = read_rows(path)
    if "region" not in header:
        raise InputError(f"{path}, line 1: no column 'region'; name the regions in it")
    blocks = []
    for line, cells, _ in rows:
        block: dict = {}
        for column, text in cells.items():
            key = "name" if column == "region" else column
            if text == "" and key in _KEYS:
                continue
            if key in _TEXT or key not in _KEYS:
                block[key] = text
                continue
            try:
                block[key] = int(text) if key == "echelon" else float(text)
            except ValueError:
                kind = "a whole number" if key == "echelon" else "a number"
                raise InputError(
                    f"{path}, line {line}, column {column!r}: {text!r} is not {kind}; "
                    "use digits and a decimal point, no thousands separators"
                ) from None
        blocks.append((f"{path}, line {line}, region {block.get('name', '')!r}", block))
    return blocks


def _base_year(path: Path, document: dict) -> int:
    year = document.get("base_year", 2012)
    if not isinstance(year, int) or isinstance(year, bool) or not 2012 <= year <= 2022:
        raise InputError(f"{path}, key 'base_year': must be a whole number in [2012, 2022], got {year!r}")
    return year


def _complete(where: str, block: dict, year: int, lookup: Lookup) -> tuple[dict, list[dict]]:
    """One region with every column filled (given, looked up, or by a stated rule), and the rules used."""
    for key in block:
        if key not in _KEYS:
            raise InputError(f"{where}, key {key!r}: unknown{nearest(key, _KEYS)}")
    name = block.get("name")
    if not isinstance(name, str) or not name.strip():
        raise InputError(f"{where}: every region needs a name, as text")
    known = _shipped().get(name, {})
    record = {key: str(block.get(key, known.get(key, ""))) for key in _TEXT}
    fallbacks = _ruled(where, name, block)
    for statistic in STATISTICS:
        column = statistic.column
        if column in block:
            limits = (statistic.low, statistic.high, statistic.unit)
            record[column] = number_in(where, column, block[column], *limits)
            continue
        value = lookup.statistic(statistic, name, year)
        if math.isnan(value):
            value, rule = lookup.stand_in(statistic, name, year)
            if math.isnan(value):
                raise InputError(_missing(where, name, statistic, year, lookup))
            unit = statistic.unit
            fallbacks.append({"region": name, "column": column, "value": value, "unit": unit, "rule": rule})
        record[column] = value
    for part, whole in PARTS:
        if record[part] > record[whole]:
            raise InputError(
                f"{where}, column {part!r}: must lie in [0, {whole}], of which it is a part; "
                f"got {record[part]:g} with {whole} {record[whole]:g}; check the units of both"
            )
    for key, (low, high, unit) in _PLACE.items():
        if key not in block and key not in known:
            allowed = f"[{low}, {high}] {unit}".rstrip()
            raise InputError(f"{where}, column {key!r}: missing; give a number in {allowed}")
        record[key] = number_in(where, key, block.get(key, known.get(key)), low, high, unit, key == "echelon")
    return record, fallbacks


def _ruled(where: str, name: str, block: dict) -> list[dict]:
    """The block's own figures that a rule of its own gave, as rows of the table of fallbacks."""
    rules = block.get("rules", {})
    if not isinstance(rules, dict):
        raise InputError(
            f"{where}, key 'rules': give a table [region.rules] of a text per statistic, got {rules!r}"
        )
    given = [column for column in _COLUMNS if column in block]
    for column, rule in rules.items():
        if column not in given:
            raise InputError(
                f"{where}, key 'rules.{column}': no statistic that this block gives{nearest(column, given)}"
            )
        if not isinstance(rule, str) or not rule.strip():
            raise InputError(f"{where}, key 'rules.{column}': must be text in quotes, got {rule!r}")
    return [
        {
            "region": name,
            "column": column,
            "value": block[column],
            "unit": _COLUMNS[column].unit,
            "rule": rule,
        }
        for column, rule in rules.items()
    ]


def _missing(where: str, name: str, statistic: Statistic, year: int, lookup: Lookup) -> str:
    repair = f"give {statistic.column} in {statistic.allowed} ({statistic.meaning})"
    if name in lookup.provinces:
        return f"{where}, column {statistic.column!r}: no official figure for {year}; {repair}"
    return (
        f"{where}, column {statistic.column!r}: missing, and the official table holds no province of this "
        f"name{nearest(name, lookup.provinces)}; {repair}"
    )


def _refuse_doubles(records: list[tuple[str, dict]]) -> None:
    names: set[str] = set()
    spots: dict[tuple[float, float], str] = {}
    for where, record in records:
        spot = (record["latitude"], record["longitude"])
        if record["name"] in names:
            raise InputError(f"{where}: given twice; keep one")
        if spot in spots:
            raise InputError(f"{where}: same coordinates as {spots[spot]!r}; regions must lie apart")
        names.add(record["name"])
        spots[spot] = record["name"]
