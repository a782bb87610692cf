"""Shapley's axioms, and his values by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nqpf_abm.experiment.shapley import coalitions, shapley

PLAYERS = ("a", "b", "c")
numbers = st.floats(-100, 100)


def game(values) -> dict:
    return dict(zip(coalitions(PLAYERS), values, strict=True))


def test_by_hand():
    value = dict(zip(coalitions("ab"), (0.0, 1.0, 2.0, 4.0), strict=True))
    assert shapley(value) == {"a": 1.5, "b": 2.5}


def test_the_glove_game():
    """One left glove, two right ones, a pair is worth 1: the left one gets 2/3, each right one 1/6."""
    value = {group: float("a" in group and len(group) > 1) for group in coalitions(PLAYERS)}
    assert shapley(value) == pytest.approx({"a": 2 / 3, "b": 1 / 6, "c": 1 / 6})


@given(st.lists(numbers, min_size=8, max_size=8))
def test_shares_add_up_to_what_all_add_to_none(values):
    value = game(values)
    assert sum(shapley(value).values()) == pytest.approx(
        value[frozenset("abc")] - value[frozenset()], abs=1e-9
    )


@given(st.lists(numbers, min_size=4, max_size=4))
def test_one_who_adds_nothing_gets_nothing(values):
    others = dict(zip(coalitions("ab"), values, strict=True))
    value = {group: others[group - {"c"}] for group in coalitions(PLAYERS)}
    assert shapley(value)["c"] == pytest.approx(0.0, abs=1e-9)


@given(st.lists(numbers, min_size=8, max_size=8), st.lists(numbers, min_size=8, max_size=8))
def test_shares_of_a_sum_of_games_are_sums_of_shares(first, second):
    both = shapley(game([x + y for x, y in zip(first, second, strict=True)]))
    one, other = shapley(game(first)), shapley(game(second))
    assert both == pytest.approx({k: one[k] + other[k] for k in PLAYERS}, abs=1e-9)


def test_a_missing_coalition_is_an_error():
    with pytest.raises(KeyError):
        shapley({frozenset("ab"): 1.0, frozenset(): 0.0})
