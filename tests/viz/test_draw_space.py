"""Moran's I and the tile map, and the tiles that are shipped."""

from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from drawn import words
from invented_tables import CHINA, measured
from matplotlib.patches import Rectangle

import nqpf_abm
from nqpf_abm import viz
from nqpf_abm.viz import style

TILES = pd.read_csv(Path(nqpf_abm.__file__).parent / "data" / "geography" / "tiles.csv")
# Provinces that touch by land, and the two straits (Hainan, Liaoning to Shandong left out: by sea).
TOUCHING = """
Heilongjiang: Jilin, Inner Mongolia. Jilin: Liaoning, Inner Mongolia. Liaoning: Inner Mongolia, Hebei.
Inner Mongolia: Hebei, Shanxi, Shaanxi, Ningxia, Gansu. Hebei: Beijing, Tianjin, Shanxi, Henan, Shandong.
Beijing: Tianjin. Shanxi: Shaanxi, Henan. Shandong: Henan, Jiangsu, Anhui. Henan: Shaanxi, Hubei, Anhui.
Shaanxi: Ningxia, Gansu, Sichuan, Chongqing, Hubei. Gansu: Ningxia, Xinjiang, Qinghai, Sichuan.
Qinghai: Xinjiang, Xizang, Sichuan. Xizang: Xinjiang, Sichuan, Yunnan. Sichuan: Chongqing, Guizhou, Yunnan.
Chongqing: Hubei, Hunan, Guizhou. Guizhou: Yunnan, Guangxi, Hunan. Yunnan: Guangxi. Guangxi: Guangdong, Hunan.
Guangdong: Hunan, Jiangxi, Fujian, Hainan. Hunan: Hubei, Jiangxi. Hubei: Anhui, Jiangxi. Jiangxi: Anhui, Zhejiang, Fujian.
Anhui: Jiangsu, Zhejiang. Jiangsu: Shanghai, Zhejiang. Zhejiang: Shanghai, Fujian.
"""


def touching() -> set[frozenset]:
    pairs = [part.split(":") for part in TOUCHING.replace("\n", " ").split(".") if part.strip()]
    return {frozenset((here.strip(), there.strip())) for here, all_ in pairs for there in all_.split(",")}


def tiles_of(figure) -> list[Rectangle]:
    return [patch for patch in figure.axes[0].patches if isinstance(patch, Rectangle)]


def test_the_shipped_tiles_are_the_provinces_each_in_its_own_place():
    assert sorted(TILES["province"]) == sorted(CHINA) and len(TILES) == 31
    assert not TILES.duplicated(["row", "column"]).any()
    assert TILES["abbreviation"].is_unique


def test_tiles_that_touch_are_mostly_provinces_that_touch():
    at = {(row, column): name for name, _, row, column in TILES.itertuples(index=False)}
    beside = [
        frozenset((name, at[other]))
        for (row, column), name in at.items()
        for other in ((row + 1, column), (row, column + 1))
        if other in at
    ]
    real = [pair for pair in beside if pair in touching()]
    assert len(real) >= 0.8 * len(beside)
    has = Counter(name for pair in real for name in pair)
    assert set(has) == set(CHINA), "every province lies beside at least one of its neighbours"


def test_tiles_to_the_east_and_the_south_lie_so():
    place = TILES.set_index("province")
    assert place["row"].idxmin() == "Heilongjiang" and place["row"].idxmax() == "Hainan"
    assert {"Xinjiang", "Xizang"} == set(place.index[place["column"] == 0])


def test_each_tile_has_its_colour_number_and_echelon():
    tables = measured(CHINA)
    figure = viz.tile_map(tables.values, TILES)
    assert len(tiles_of(figure)) == 31
    values = tables.values.set_index("province")
    texts = [text.get_text() for text in figure.axes[0].texts]
    for name, abbreviation in zip(TILES["province"], TILES["abbreviation"], strict=True):
        i = texts.index(abbreviation)
        assert texts[i + 1 : i + 3] == [f"{values.loc[name, 'value']:.2f}", str(values.loc[name, "echelon"])]
    low, high = values["value"].min(), values["value"].max()
    tile = dict(zip(TILES["province"], tiles_of(figure), strict=True))
    assert tile[values["value"].idxmax()].get_facecolor() == style.HEAT(1.0)
    assert tile[values["value"].idxmin()].get_facecolor() == style.HEAT(0.0)
    assert low < high


def test_tiles_without_a_value_are_hollow():
    values = measured().values.drop(columns="echelon")
    values.loc[0, "value"] = np.nan
    figure = viz.tile_map(values, TILES, label="yuan", digits=1, title="Wage")
    hollow = [tile for tile in tiles_of(figure) if tile.get_facecolor()[3] == 0]
    assert len(hollow) == 31 - 11
    written = "\n".join(words(figure))
    assert "no value" in written and "yuan" in written and "Wage" in written
    assert "echelon" not in written and "nan" not in written


def test_equal_values_have_a_map_too():
    viz.tile_map(measured().values.assign(value=0.0), TILES).draw_without_rendering()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.assign(province=t["province"].replace("Gansu", "Kansu")), "no tile for Kansu"),
        (lambda t: pd.concat([t, t.iloc[[0]]]), "two rows for Chongqing"),
        (lambda t: t.assign(value=np.nan), "no value"),
    ],
)
def test_a_map_that_cannot_be_drawn_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        viz.tile_map(change(measured().values), TILES)


def test_moran_is_filled_where_significant():
    moran = measured().moran.assign(p=[0.2, 0.049, np.nan, 0.05, *[0.01] * 7])
    ax = viz.moran_lines(moran).axes[0]
    drawn = {
        line.get_markerfacecolor(): set(line.get_xdata())
        for line in ax.get_lines()
        if line.get_marker() == "o"
    }
    assert drawn["white"] == {2012, 2014, 2015}
    assert drawn[style.BLUE] == set(range(2012, 2023)) - {2012, 2014, 2015}
    dashed = next(line for line in ax.get_lines() if line.get_linestyle() == "--")
    assert np.allclose(dashed.get_ydata(), -1 / 11)


def test_moran_leaves_out_years_without_a_value():
    moran = measured().moran
    figure = viz.moran_lines(moran.assign(moran=moran["moran"].mask(moran["year"] == 2012)))
    assert "2013–2022" in figure.get_suptitle()
    with pytest.raises(ValueError, match="no year with a Moran"):
        viz.moran_lines(moran.assign(moran=np.nan))
