"""Institutions move at their own speed; the gap of the rules takes returns from what is new alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.mechanisms.institutions import new_returns, next_gap, next_institutions, reform
from nqpf_abm.mechanisms.research import search

steady = settings(derandomize=True, deadline=None, max_examples=60)


def test_by_hand():
    assert next_institutions(0.4, 0.52, 12.0) == pytest.approx(0.41, rel=1e-12)
    assert next_gap(12.0, 2.0, 12.0) == pytest.approx(13.0, rel=1e-12)
    assert new_returns(8.0, 12.0, 0.1, 0.5, 0.5) == pytest.approx(np.exp(0.4), rel=1e-12)


@steady
@given(st.floats(4, 24), st.floats(0, 3))
def test_the_gap_settles_at_the_lag_times_the_advance(lag, advance):
    gap = 0.0
    for _ in range(600):
        gap = next_gap(gap, advance, lag)
    assert gap == pytest.approx(lag * advance, rel=1e-6, abs=1e-9)


@steady
@given(st.floats(0, 60), st.floats(0, 60), st.floats(0, 0.3), st.floats(0, 1))
def test_a_wider_gap_never_pays_and_standards_soften_it(narrow, wide, cost, share):
    narrow, wide = sorted((narrow, wide))
    assert new_returns(wide, 12.0, cost, 0.5, share) <= new_returns(narrow, 12.0, cost, 0.5, share)
    assert new_returns(wide, 12.0, cost, 0.5, 1.0) >= new_returns(wide, 12.0, cost, 0.0, 1.0)
    assert new_returns(wide, 12.0, 0.0, 0.5, share) == 1.0


def test_institutions_move_towards_their_target_a_twelfth_a_quarter(acted, setting):
    change = setting(
        provinces__institutions=0.3, provinces__institutions_start=0.5, provinces__responsibility=0.0
    )
    z = acted(reform, change=change).provinces["institutions"]
    trust = acted(change=change).provinces["trust"]
    np.testing.assert_allclose(z, 0.3 + (0.5 + 0.1 * (trust - 0.6) - 0.3) / 12, rtol=1e-12)


def test_responsible_firms_and_trust_raise_institutions(acted, setting):
    z = {
        (r, t): acted(reform, change=setting(provinces__responsibility=r, provinces__trust=t)).provinces[
            "institutions"
        ]
        for r, t in ((0.0, 0.6), (2.0, 0.6), (0.0, 0.9))
    }
    assert (z[2.0, 0.6] > z[0.0, 0.6]).all()
    assert (z[0.0, 0.9] > z[0.0, 0.6]).all()


def test_M35_off_institutions_stay_and_no_gap_costs(acted, setting):
    change = setting(provinces__institutional_gap=40.0, provinces__institutions_start=0.9)
    before, after = (
        acted(*phases, change=change, settings={"M35": "off"}).provinces for phases in ((), (reform,))
    )
    np.testing.assert_array_equal(before["institutions"], after["institutions"])
    np.testing.assert_array_equal(after["new_returns"], 1.0)


def test_M15_off_entrepreneurs_set_no_standards(acted, setting):
    calm, bold = (
        acted(reform, change=setting(entrepreneurs__cognition=x), settings={"M15": "off"}).provinces[
            "new_returns"
        ]
        for x in (0.0, 1.0)
    )
    np.testing.assert_array_equal(calm, bold)
    calm, bold = (
        acted(reform, change=setting(entrepreneurs__cognition=x)).provinces["new_returns"] for x in (0.0, 1.0)
    )
    assert (calm < bold).all()


def test_low_returns_stop_radical_wins_and_leave_incremental_ones(acted, living):
    def wins(returns):
        def change(state):
            state.world["search_scale"] *= 5.0
            state.provinces["new_returns"] = returns

        firms = living(acted(search, change=change).firms)
        return firms["radical_wins"], firms["wins"] - firms["radical_wins"]

    (few, same), (many, as_before) = wins(0.0), wins(3.0)
    assert few.sum() == 0 < many.sum()
    np.testing.assert_array_equal(same, as_before)
