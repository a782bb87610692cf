"""A radical winner leaves the old trajectory if what it sees of the gain exceeds what is sunk."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.mechanisms.research import search
from nqpf_abm.mechanisms.switching import leaves_old_trajectory
from nqpf_abm.state.tables import HEAVY

steady = settings(derandomize=True, deadline=None, max_examples=60)
gain = st.floats(0, 1)


def test_by_hand():
    assert leaves_old_trajectory(0.3, 0.6, 0.1, 0.05, 10.0)
    assert not leaves_old_trajectory(0.3, 0.6, 0.1, 0.05, 20.0)


@steady
@given(
    gain,
    gain,
    st.floats(0.3, 1),
    st.floats(0.02, 0.2),
    st.floats(0, 0.15),
    st.floats(0, 30),
    st.floats(0, 30),
)
def test_more_gain_and_fewer_years_never_keep_a_firm(a, b, yardstick, sunk, habit, x, y):
    low, high = sorted((a, b))
    young, old = sorted((x, y))
    if leaves_old_trajectory(low, yardstick, sunk, habit, old):
        assert leaves_old_trajectory(high, yardstick, sunk, habit, young)
    assert leaves_old_trajectory(a, yardstick, sunk, habit, x) <= leaves_old_trajectory(a, 1.0, sunk, 0.0, x)


def switched(acted, living, field, age, **settings):
    """Share of radical winners that change trajectory."""

    def bold(state):
        state.world["search_scale"] = 3.0
        state.entrepreneurs["radical_share"] = 0.5
        state.firms["fte"] = state.world["fte_reference"][0] * state.firms["staff"]
        state.firms["absorptive_capacity"] = 1.0
        state.firms["log_tfp"] = -5.0
        state.firms["is_new"], state.firms["field"], state.firms["age"] = 0, field, age

    firms = living(acted(search, change=bold, settings=settings).firms)
    winners = firms[firms["radical_wins"] == 1]
    assert winners.size > 40
    assert (firms["is_new"][firms["radical_wins"] == 0] == 0).all()
    return winners["is_new"].mean()


def test_share_of_switchers_is_the_tail_of_gains_beyond_the_hurdle(acted, living):
    """Pr(ln(1 + .05 X) > h) = ((exp(h) - 1)/.05)^-1.5 with h = .05/.6 for a firm of no age."""
    law = (np.expm1(0.05 / 0.6) / 0.05) ** -1.5
    assert switched(acted, living, 1, 0) == pytest.approx(law, abs=0.15)


def test_the_old_and_heavy_stay(acted, living):
    young = switched(acted, living, 1, 0)
    assert switched(acted, living, 1, 120) < young
    assert switched(acted, living, HEAVY, 0) < young


def test_M38_off_neither_years_nor_heavy_industry_count(acted, living):
    young = switched(acted, living, 1, 0, M38="off")
    assert switched(acted, living, HEAVY, 120, M38="off") == young
    assert young > switched(acted, living, 1, 0)
