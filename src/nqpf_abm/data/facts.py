"""Official statistics of the western and eastern provinces, 2012-2022: what was published, gaps included."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import pandas as pd

from nqpf_abm.data import FOLDER
from nqpf_abm.errors import InputError, nearest

TABLE = FOLDER / "official" / "provinces.csv"


@lru_cache(maxsize=1)
def _table() -> pd.DataFrame:
    return pd.read_csv(TABLE, encoding="utf-8")


@lru_cache(maxsize=1)
def _wide() -> pd.DataFrame:
    return _table().pivot(index=["province", "year"], columns="variable", values="value").astype(float)


def official_statistics() -> pd.DataFrame:
    """The shipped table, one row per published figure.

    Columns: province, year, variable, value, unit, publication (the primary one), vintage, quality (A: the
    figure was seen in two independent places that agree; B: in one place, or the second disagrees).
    A figure that was not found is absent. Breaks and traps: the README beside the table.
    """
    return _table().copy()


def official_wide(
    variables: Iterable[str] | None = None,
    years: Iterable[int] | None = None,
    provinces: Iterable[str] | None = None,
) -> pd.DataFrame:
    """Official figures with one column per variable: province, year, then the variables; gaps are NaN.

    Rows follow the order of `provinces`, then `years`; by default all of them, in the order of the table.
    Raises InputError for a variable, year or province the table does not hold.
    """
    table = _table()
    variables = _known("variable", variables, table["variable"].unique())
    years = _known("year", years, sorted(table["year"].unique()))
    provinces = _known("province", provinces, table["province"].unique())
    rows = pd.MultiIndex.from_product([provinces, years], names=["province", "year"])
    wide = _wide().reindex(rows)[variables].reset_index()
    wide.columns.name = None
    return wide


def _known(kind: str, asked: Iterable | None, held: Iterable) -> list:
    held = [item if isinstance(item, str) else int(item) for item in held]
    if asked is None:
        return held
    asked = [asked] if isinstance(asked, str | int) else list(asked)
    for item in asked:
        if item not in held:
            hint = nearest(item, held) if isinstance(item, str) else f"; it covers {held[0]} to {held[-1]}"
            raise InputError(f"the official table holds no {kind} {item!r}{hint}")
    return asked
