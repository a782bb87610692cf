"""The table of robustness with its dots."""

import numpy as np
from drawn import words
from invented_tables import measured

from nqpf_abm import viz


def dots(figure):
    return next(line for line in figure.axes[0].get_lines() if line.get_marker() == "o")


def test_each_variant_has_a_dot_and_its_numbers():
    table = measured().robustness
    figure = viz.robustness_dots(table)
    assert list(dots(figure).get_xdata()) == list(table["spearman"])
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == list(table["variant"])
    written = words(figure)
    assert set(table["kind"]) <= set(written)
    row = table.iloc[3]
    assert {f"{row['spearman']:.3f}", f"{row['gini_last']:.3f}", f"{row['mean_change']:+.3f}"} <= {
        word.replace("−", "-") for word in written
    }


def test_variants_stand_under_their_kind_even_if_the_table_is_mixed():
    table = measured().robustness.sample(frac=1, random_state=2)
    figure = viz.robustness_dots(table)
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    expected = [name for _, rows in table.groupby("kind", sort=False) for name in rows["variant"]]
    assert labels == expected


def test_a_variant_without_a_correlation_keeps_its_row():
    table = measured().robustness
    table.loc[2, ["spearman", "reversals"]] = np.nan
    figure = viz.robustness_dots(table)
    assert np.isnan(dots(figure).get_xdata()[2])
    assert "–" in words(figure)
    viz.robustness_dots(table.assign(spearman=np.nan))


def test_the_axis_reaches_down_to_the_worst_correlation():
    table = measured().robustness
    table.loc[0, "spearman"] = -0.6
    assert viz.robustness_dots(table).axes[0].get_xlim()[0] < -0.6


def test_rows_with_the_same_index_are_drawn_once():
    table = measured().robustness
    figure = viz.robustness_dots(table.set_axis([0] * len(table)))
    assert len(figure.axes[0].get_yticklabels()) == len(table)
