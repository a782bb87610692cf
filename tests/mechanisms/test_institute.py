"""Basic institutes: nothing for three years, then more and more; the slice is taken from other search."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.mechanisms.institute import maturity, worth_an_institute
from nqpf_abm.mechanisms.research import search
from nqpf_abm.mechanisms.tolerance import passage
from nqpf_abm.state.paths import M52

steady = settings(derandomize=True, deadline=None, max_examples=100)
LAG, HORIZON = 12.0, 40.0


def test_by_hand():
    assert [maturity(a, LAG, HORIZON) for a in (12.0, 26.0, 40.0)] == [0.0, 0.5, 1.0]
    assert worth_an_institute(20.0, 20.0, 26.0, LAG, HORIZON) == pytest.approx(0.25, abs=1e-15)


@steady
@given(st.floats(0, 100), st.floats(0, 20), st.floats(24, 60))
def test_nothing_before_the_lag_all_after_the_horizon_and_never_less_with_age(age, lag, horizon):
    now, later = maturity(age, lag, horizon), maturity(age + 1.0, lag, horizon)
    assert 0.0 <= now <= later <= 1.0
    assert (now == 0.0) == (age <= lag) or now < 1e-12
    assert (now == 1.0) == (age >= horizon) or now > 1 - 1e-12


@steady
@given(st.floats(0, 200), st.floats(0, 12))
def test_who_looks_no_further_than_the_lag_opens_none(staff, horizon):
    assert worth_an_institute(staff, 20.0, horizon, LAG, HORIZON) == 0.0


@pytest.mark.parametrize("age", [0, 1, 12, 26, 40, 80])
def test_odds_are_those_of_the_law(acted, living, age):
    """Odds so small that they are linear: ρ of what is applied, and the mature part of the slice at its tolerance."""

    def odds(age):
        def change(state):
            state.firms["paths"][:, M52] = age
            state.world["search_scale"] *= 1e-5
            state.entrepreneurs["radical_share"] = 0.1
            state.provinces["new_returns"] = 1.0

        return living(acted(search, change=change).firms)["success_probability"]

    plain = odds(0)
    basic = 0.1 * passage(0.3, 0.2) * maturity(float(age), LAG, HORIZON)
    some = plain > 0
    np.testing.assert_allclose(odds(age)[some], ((0.9 if age else 1.0) + basic) * plain[some], rtol=1e-4)


def test_the_slice_is_searched_at_its_own_tolerance():
    """Of what is intended, 96 % goes on at .3, a tenth at the .15 of a firm that misses its margin."""
    assert passage(0.3, 0.2) > 0.95
    assert passage(0.15, 0.2) < 0.1
