"""The East: the boundary region that buys, supplies and attracts, as it stood in the base year."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from nqpf_abm.data.reading import number_in
from nqpf_abm.data.statistics import Lookup
from nqpf_abm.errors import InputError, nearest

_LIMITS = {
    "population": (1e3, 2e9, "persons"),
    "gdp": (1, 1e9, "10^6 yuan/year"),
    "wage_relative": (0.01, 100, "times the mean of the regions"),
    "rd_intensity": (0, 1, "share of GDP"),
}


@dataclass(frozen=True)
class East:
    """The boundary region in the base year; `provinces` is empty if a file gave all figures itself."""

    provinces: tuple[str, ...]
    population: float
    """persons"""
    gdp: float
    """10^6 yuan/year"""
    gdp_per_head_relative: float
    """GDP per head over that of all regions together"""
    wage_relative: float
    """mean wage in urban non-private units over the mean of the regions"""
    rd_intensity: float
    """R&D expenditure over GDP"""


def east_of(
    path: Path, given: dict, default: list[str], year: int, lookup: Lookup, table: pd.DataFrame
) -> East:
    """The East of the ``[east]`` table `given` in `path`: its figures, else sums over official provinces.

    `default` are the provinces if none are named; `table` has population, gdp and wage of the regions.
    Raises InputError naming file and key.
    """
    where = f"{path}, [east]"
    if not isinstance(given, dict):
        raise InputError(f"{path}, key 'east': give a table [east]")
    for key in given:
        if key != "provinces" and key not in _LIMITS:
            raise InputError(f"{where}, key {key!r}: unknown{nearest(key, ['provinces', *_LIMITS])}")
    values = {key: number_in(where, key, given[key], *_LIMITS[key]) for key in given if key in _LIMITS}
    complete = len(values) == len(_LIMITS)
    provinces = given.get("provinces", [] if complete else default)
    if not isinstance(provinces, list):
        raise InputError(f"{where}, key 'provinces': give a list of province names, got {provinces!r}")
    for name in provinces:
        if name not in lookup.provinces:
            hint = nearest(str(name), lookup.provinces)
            raise InputError(f"{where}, key 'provinces': unknown province {name!r}{hint}")
    if provinces:
        values = _sums(provinces, year, lookup, table["wage"].mean()) | values
    for key, (low, high, unit) in _LIMITS.items():
        if math.isnan(values.get(key, math.nan)):
            raise InputError(f"{where}, key {key!r}: missing; give a number in [{low:g}, {high:g}] {unit}")
    gdp_per_head = float(table["gdp"].sum() / table["population"].sum())
    return East(
        provinces=tuple(provinces),
        gdp_per_head_relative=values["gdp"] / values["population"] / gdp_per_head,
        **values,
    )


def _sums(provinces: list[str], year: int, lookup: Lookup, wage: float) -> dict[str, float]:
    def total(variable: str) -> float:
        return sum(lookup.figure(name, year, variable) for name in provinces)

    return {
        "population": total("population") * 1e4,
        "gdp": total("gdp") * 100,
        "wage_relative": float(total("avg_wage_urban_units") / len(provinces) / wage),
        "rd_intensity": total("rd_expenditure") / total("gdp"),
    }
