"""Tolerance of failure, and the threshold below which nobody searches for the radically new."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.mechanisms.orientation import decide
from nqpf_abm.mechanisms.tolerance import earnings_pressure, failure_tolerance, passage, weigh_risk

steady = settings(derandomize=True, deadline=None, max_examples=60)
share = st.floats(0, 1)


def test_by_hand():
    assert earnings_pressure(5.0, 100.0, 0.1) == pytest.approx(0.25)
    assert failure_tolerance(0.2, 0.15, 0.7, 0.1, 0.5) == pytest.approx(0.18)
    assert passage(0.2, 0.2) == pytest.approx(0.5)
    assert passage(0.1, 0.2) == pytest.approx(1 / 257)


@steady
@given(st.floats(-1e3, 1e3), st.floats(1e-3, 1e3), st.floats(0.02, 0.3))
def test_pressure_is_a_share_and_none_at_the_expected_margin(profit, sales, margin):
    assert 0.0 <= earnings_pressure(profit, sales, margin) <= 1.0
    assert earnings_pressure(2 * margin * sales, sales, margin) == 0.0
    assert earnings_pressure(-2 * margin * sales, sales, margin) == 1.0
    assert earnings_pressure(profit, 0.0, margin) == 1.0


@steady
@given(share, share, st.floats(0.1, 0.4))
def test_below_half_of_the_threshold_less_than_one_hundredth_goes_on(a, b, threshold):
    low, high = sorted((a, b))
    assert passage(low, threshold) <= passage(high, threshold) <= 1.0
    assert passage(0.49 * threshold, threshold) < 0.01


def test_tolerance_falls_with_missed_earnings_and_rises_with_risk_taking(acted, living, setting):
    def tolerance(profit, risk, age=8):
        change = setting(
            firms__profit=profit, firms__sales=1.0, firms__age=age, entrepreneurs__cognition=risk
        )
        return living(acted(weigh_risk, change=change).firms)["tolerance"]

    np.testing.assert_allclose(tolerance(0.1, 0.5), 0.2)
    np.testing.assert_allclose(tolerance(-0.1, 0.5), 0.1)
    np.testing.assert_allclose(tolerance(0.1, 1.0), 0.275)
    np.testing.assert_allclose(tolerance(-0.1, 0.5, age=0), 0.2)  # nothing was earned yet


@pytest.mark.parametrize("switch", ["on", "off"])
def test_M40_off_the_radical_share_does_not_look_at_tolerance(acted, living, setting, switch):
    shy, bold = (
        living(acted(decide, change=setting(firms__tolerance=t), settings={"M40": switch}).entrepreneurs)
        for t in (0.1, 0.3)
    )
    if switch == "off":
        np.testing.assert_array_equal(shy["radical_share"], bold["radical_share"])
    else:
        assert (shy["radical_share"] < 0.02).all()
        assert (shy["radical_share"] < 0.1 * bold["radical_share"]).all()
        assert (bold["radical_share"] <= 0.5).all()
