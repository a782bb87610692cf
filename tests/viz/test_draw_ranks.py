"""The bump chart and the echelons."""

import numpy as np
import pandas as pd
import pytest
from drawn import words
from invented_tables import CHINA, measured

from nqpf_abm import viz
from nqpf_abm.viz import style


def crossing():
    rows = [
        (name, year, rank)
        for name, *ranks in (("A", 1, 3), ("B", 2, 2), ("C", 3, 1))
        for year, rank in zip((2012, 2013), ranks, strict=True)
    ]
    return pd.DataFrame(rows, columns=["province", "year", "rank"])


def test_names_and_ranks_stand_at_both_ends():
    figure = viz.rank_paths(crossing())
    assert {"A  1", "B  2", "C  3", "1  C", "2  B", "3  A"} <= set(words(figure))
    assert all(text.get_text() in words(figure) for text in figure.axes[0].texts)


def test_large_moves_are_coloured_and_the_best_is_on_top():
    ax = viz.rank_paths(crossing()).axes[0]
    colours = [line.get_color() for line in ax.get_lines()]
    assert colours[0] == style.VERMILLION and colours[2] == style.BLUE
    assert colours[1] not in (style.VERMILLION, style.BLUE)
    low, high = ax.get_ylim()
    assert low > high, "rank 1 on top"


def test_equal_moves_are_coloured_together_or_not_at_all():
    ends = {"A": (1, 5), "B": (2, 3), "C": (3, 4), "D": (4, 6), "E": (5, 7), "F": (6, 2), "G": (7, 1)}
    rows = [(name, 2012 + i, rank) for name, ranks in ends.items() for i, rank in enumerate(ranks)]
    ax = viz.rank_paths(pd.DataFrame(rows, columns=["province", "year", "rank"])).axes[0]
    colour = {name: line.get_color() for name, line in zip(ends, ax.get_lines(), strict=True)}
    assert {name for name in ends if colour[name] == style.VERMILLION} == {"A", "D", "E"}
    assert {name for name in ends if colour[name] == style.BLUE} == {"F", "G"}


def test_thirty_one_provinces_are_named_twice():
    figure = viz.rank_paths(measured(CHINA, range(2004, 2024)).scores)
    assert len(figure.axes[0].texts) == 62


def test_ties_gaps_and_late_arrivals():
    table = crossing()
    table.loc[table["province"].eq("B") & table["year"].eq(2012), "rank"] = np.nan
    table.loc[table["province"].eq("B") & table["year"].eq(2013), "rank"] = 1
    texts = [text.get_text() for text in viz.rank_paths(table).axes[0].texts]
    assert sorted(texts) == ["1  B", "1  C", "3  A", "A  1", "C  3"]
    with pytest.raises(ValueError, match="no rank"):
        viz.rank_paths(table.assign(rank=np.nan))


def test_one_year_has_its_names_on_one_side():
    texts = [text.get_text() for text in viz.rank_paths(crossing().query("year == 2012")).axes[0].texts]
    assert sorted(texts) == ["1  A", "2  B", "3  C"]


def test_echelons_have_dots_ranges_and_bands():
    echelons = measured().echelons
    figure = viz.echelon_dots(echelons.sample(frac=1, random_state=3))
    ax = figure.axes[0]
    labels = [label.get_text() for label in ax.get_yticklabels()]
    ordered = echelons.sort_values("rank")
    assert labels == [
        f"{name}  {rank}" for name, rank in zip(ordered["province"], ordered["rank"], strict=True)
    ]
    assert np.allclose(np.concatenate([line.get_xdata() for line in ax.get_lines()]), ordered["mean"])
    ranges = np.concatenate([[s[:, 0] for s in lines.get_segments()] for lines in ax.collections])
    assert np.allclose(ranges, ordered[["low", "high"]])
    assert [text.get_text() for text in ax.texts] == ["Echelon 1", "Echelon 2", "Echelon 3"]
    assert len({line.get_color() for line in ax.get_lines()}) == 3


def test_a_single_echelon_and_a_missing_range():
    echelons = measured(["Chongqing", "Xizang"]).echelons.assign(echelon=1, low=np.nan, high=np.nan)
    assert "Echelon 1" in words(viz.echelon_dots(echelons))
