"""The heat map of obstacle degrees."""

import numpy as np
import pandas as pd
import pytest
from drawn import words
from invented_tables import measured
from matplotlib.text import Text

from nqpf_abm import viz


def small(**changes):
    """Two provinces, two years, three indicators of two dimensions."""
    rows = [
        ("A", 2012, 0.1, 0.2, 0.7),
        ("A", 2013, 0.3, 0.2, 0.5),
        ("B", 2012, 0.0, 0.6, 0.4),
        ("B", 2013, 0.2, 0.6, 0.2),
    ]
    wide = pd.DataFrame(rows, columns=["province", "year", "N1", "N2", "N3"])
    long = wide.melt(["province", "year"], var_name="indicator", value_name="degree")
    long["dimension"] = long["indicator"].map({"N1": "green", "N2": "green", "N3": "law"})
    return long.assign(**changes)


def cells(figure) -> dict[tuple[float, float], Text]:
    return {
        text.get_position(): text for text in figure.axes[0].texts if text.get_text()[-1] in "0123456789–"
    }


def test_cells_hold_the_mean_of_the_years_in_percent():
    figure = viz.obstacle_heat(small())
    labels = [label.get_text() for label in figure.axes[0].get_xticklabels()]
    assert labels == ["N2", "N1", "N3"], "by dimension, the greatest first"
    by_place = sorted(cells(figure).items(), key=lambda item: (item[0][1], item[0][0]))
    assert [text.get_text() for _, text in by_place] == ["20.0", "20.0", "60.0", "60.0", "10.0", "30.0"]
    assert [text.get_weight() for _, text in by_place] == [
        "normal",
        "normal",
        "bold",
        "bold",
        "normal",
        "normal",
    ]
    assert {"green", "law", "A", "B"} <= set(words(figure))


def test_dimensions_stand_apart():
    ticks = viz.obstacle_heat(small()).axes[0].get_xticks()
    assert ticks[1] - ticks[0] == 1 and ticks[2] - ticks[1] > 1


def test_a_cell_without_a_degree_holds_a_dash():
    table = small()
    figure = viz.obstacle_heat(table[~((table["province"] == "B") & (table["indicator"] == "N3"))])
    assert [text.get_text() for text in cells(figure).values()].count("–") == 1
    nothing = table.assign(degree=table["degree"].where(table["province"] == "A"))
    dashes = [text for text in cells(viz.obstacle_heat(nothing)).values() if text.get_text() == "–"]
    assert len(dashes) == 3 and all(text.get_weight() == "normal" for text in dashes)


def test_names_are_written_after_the_ids_and_kept_short():
    figure = viz.obstacle_heat(small(), {"N1": "energy intensity", "N3": "laws of every kind " * 9})
    labels = [label.get_text() for label in figure.axes[0].get_xticklabels()]
    assert labels[0] == "N2" and labels[1] == "N1 energy intensity"
    assert labels[2].count("\n") == 2 and labels[2].endswith("…")


def test_all_numbers_of_a_large_table_are_drawn():
    figure = viz.obstacle_heat(measured(indicators=30).obstacles)
    assert len(cells(figure)) == 12 * 30


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (small(degree=np.nan), "no degree"),
        (pd.concat([small(), small(dimension="digital").iloc[:1]]), "more than one dimension for N1"),
    ],
)
def test_what_cannot_be_drawn_is_refused(table, message):
    with pytest.raises(ValueError, match=message):
        viz.obstacle_heat(table)
