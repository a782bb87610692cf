"""Pictures of effects: what stands in them, and nothing collides or is cut off."""

import numpy as np
import pandas as pd
import pytest
from drawn import collisions, curves, cut_off, words

from nqpf_abm.data.places import load_regions
from nqpf_abm.data.provinces import tiles
from nqpf_abm.viz.effects import effect_bands, effect_tiles, forest

TITLES = {"nqpf": "NQPF, mean of provinces", "gini": "Gini", "gini_within": "part within", "output": "output"}


def effects(scenarios):
    rng = np.random.default_rng(1)
    rows = []
    for scenario in scenarios:
        for name, base in (("nqpf", 0.5), ("gini", 0.2), ("gini_within", 0.001), ("output", 7e4)):
            gap = 0.01 * base * rng.normal()
            rows.append((name, "", scenario, base, gap, gap - 0.004 * base, gap + 0.004 * base, 0.01))
        for province in load_regions().table["region"]:
            gap = 0.01 * rng.normal()
            rows.append(("score", province, scenario, 0.5, gap, gap - 0.01, gap + 0.01, 1.0))
    columns = ["outcome", "province", "scenario", "reference", "difference", "low", "high", "p_holm"]
    return pd.DataFrame(rows, columns=columns)


def runs(scenarios):
    rng = np.random.default_rng(2)
    years = range(2012, 2021)
    rows = [
        (
            seed,
            s,
            "nqpf",
            "",
            year,
            0.1 + 0.02 * (year - 2012) + 0.01 * k * (year > 2015) + 0.01 * seed * rng.random(),
        )
        for k, s in enumerate(scenarios)
        for seed in range(1, 6)
        for year in years
    ]
    return pd.DataFrame(rows, columns=["seed", "scenario", "outcome", "province", "year", "value"])


@pytest.mark.parametrize("scenarios", [["a policy"], ["first", "second", "third"]])
def test_pictures_read_well(scenarios):
    table = effects(scenarios)
    figures = [
        forest(table, TITLES, reference="baseline"),
        effect_bands(runs(["baseline", *scenarios]), reference="baseline", since=2016),
        effect_tiles(table, tiles(), load_regions().table, scenarios[0], reference="baseline"),
    ]
    for figure in figures:
        assert collisions(figure) == []
        assert not cut_off(figure)
        text = " ".join(words(figure))
        assert "baseline" in text and "uncalibrated" in text


def test_a_part_of_the_gini_is_a_share_of_the_whole():
    table = effects(["a"])
    figure = forest(table, TITLES, reference="baseline")
    points = [line.get_xdata()[0] for line in curves(figure.axes[0]) if line.get_marker() == "o"]
    part = table[table["outcome"] == "gini_within"].iloc[0]
    assert points[2] == pytest.approx(100 * part["difference"] / 0.2)


def test_effects_have_signs_and_white_is_nothing():
    table = effects(["a"])
    figure = effect_tiles(table, tiles(), load_regions().table, "a", reference="baseline")
    size = table.loc[table["outcome"] == "score", "difference"].iloc[0] * 100
    assert f"{size:+.2f}".replace("-", "−") in words(figure)


def test_what_cannot_be_drawn_is_said():
    with pytest.raises(ValueError, match="lacks the column"):
        forest(effects(["a"]).drop(columns="low"), TITLES, reference="b")
    with pytest.raises(ValueError, match="no outcome"):
        forest(effects(["a"]).assign(reference=0.0), TITLES, reference="b")
    with pytest.raises(ValueError, match="another scenario"):
        effect_bands(runs(["baseline"]), reference="baseline")
