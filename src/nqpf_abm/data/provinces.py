"""Provinces by any of their names, with macro-regions and neighbours: what a panel of China needs to be mapped."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import pandas as pd

from nqpf_abm.data import FOLDER

TABLE = FOLDER / "geography" / "provinces.csv"
TILES = FOLDER / "geography" / "tiles.csv"

_MUNICIPALITIES = ("北京", "天津", "上海", "重庆", "beijing", "tianjin", "shanghai", "chongqing")
_ENDINGS_ZH = re.compile("(壮族自治区|回族自治区|维吾尔自治区|自治区|省)$")
_ENDINGS = re.compile(r"\b(province|(zhuang |hui |uygur |uyghur )?autonomous region|a\.?r\.?)$")
_CITY = re.compile("(市| city| municipality)$")  # Jilin City is no province


@lru_cache(maxsize=1)
def _table() -> pd.DataFrame:
    return pd.read_csv(TABLE, encoding="utf-8", keep_default_na=False)


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Every known way to write a name, made comparable, to the English name."""
    known = {}
    for row in _table().itertuples(index=False):
        for name in (row.province, row.name_zh, row.full_name_zh, *row.aliases.split(";")):
            if name:
                known[_comparable(name)] = row.province
    return known


def _comparable(name: str) -> str:
    name = _ENDINGS.sub("", name.strip().casefold()).strip()
    if _CITY.sub("", name) in _MUNICIPALITIES:
        name = _CITY.sub("", name)
    name = re.sub(r"[\s\-'’·.]", "", name)
    return _ENDINGS_ZH.sub("", name)


def english_name(name: str) -> str:
    """English name of a province of mainland China given in Chinese or English, in full or short.

    A name that is not one of them comes back as it is: panels may be about other regions.
    """
    return _names().get(_comparable(name), name)


def macro_regions() -> dict[str, str]:
    """East, central, west or northeast for each of the 31 provinces."""
    table = _table()
    return dict(zip(table["province"], table["macro_region"], strict=True))


def contiguity(provinces: Iterable[str]) -> np.ndarray:
    """Which provinces share a border: (n, n) booleans in the order of `provinces`.

    Names outside the 31 provinces have no neighbours.
    """
    provinces = list(provinces)
    neighbours = {row.province: row.neighbours.split(";") for row in _table().itertuples(index=False)}
    return np.array([[b in neighbours.get(a, ()) for b in provinces] for a in provinces], dtype=bool)


@lru_cache(maxsize=1)
def _tiles() -> pd.DataFrame:
    return pd.read_csv(TILES, encoding="utf-8")


def tiles() -> pd.DataFrame:
    """Places of the 31 provinces on a tile map: province, abbreviation, row, column (row 0 on top)."""
    return _tiles().copy()
