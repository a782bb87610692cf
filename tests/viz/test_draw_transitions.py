"""The transition matrices."""

import pytest
from drawn import words
from invented_tables import measured

from nqpf_abm import viz


def test_a_panel_per_kind_with_probability_and_count_in_each_cell():
    table = measured().transitions
    figure = viz.transition_matrices(table)
    assert [ax.get_title(loc="left") for ax in figure.axes] == list(table["kind"].unique())
    for ax, (_, rows) in zip(figure.axes, table.groupby("kind", sort=False), strict=True):
        texts = {text.get_position(): text.get_text() for text in ax.texts}
        for row in rows.dropna().itertuples():
            assert texts[row.target - 1, row.origin - 1] == f"{row.probability:.2f}\nn={row.count}"


def test_a_class_without_cases_says_so():
    figure = viz.transition_matrices(measured().transitions)
    assert words(figure).count("no case") == 1
    last = figure.axes[-1]
    assert [text.get_position()[1] for text in last.texts if text.get_text() == "no case"] == [0]
    assert len(last.texts) == 13


def test_all_provinces_alone_and_other_numbers_of_classes():
    table = measured().transitions.query("kind == 'all' and origin <= 3 and target <= 3")
    figure = viz.transition_matrices(table)
    assert len(figure.axes) == 1 and len(figure.axes[0].texts) == 9


def test_rows_in_any_order_give_the_same_cells():
    table = measured().transitions.query("kind == 'all'")
    one, two = (
        sorted((t.get_position(), t.get_text()) for t in viz.transition_matrices(rows).axes[0].texts)
        for rows in (table, table.iloc[::-1])
    )
    assert one == two


def test_a_transition_given_twice_is_refused():
    table = measured().transitions
    with pytest.raises(ValueError, match="all, 1 to 1 more than once"):
        viz.transition_matrices(table.iloc[[0, 0, 1]])
