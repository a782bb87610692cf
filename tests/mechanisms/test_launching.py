"""Wins on their way to output: digestion, disruption, expropriation."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.mechanisms.launching import (
    digest,
    digested_share,
    disrupted,
    expropriation_hazard,
    kept_value,
    launch,
)
from nqpf_abm.mechanisms.orientation import decide
from nqpf_abm.mechanisms.production import set_capacity

steady = settings(derandomize=True, deadline=None, max_examples=60)
share = st.floats(0, 1)


def test_by_hand():
    assert digested_share(6.0, 40.0, 2.0, 20.0) == pytest.approx(4 / 6)
    assert digested_share(2.0, 5.0, 2.0, 20.0) == 1.0
    assert disrupted(0.2, 0, 0.2, 8.0) == pytest.approx(0.175)
    assert disrupted(0.2, 1, 0.2, 8.0) == pytest.approx(0.34)
    assert expropriation_hazard(0.02, 0.5) == pytest.approx(0.02)
    assert kept_value(0.125, 0.02) == pytest.approx(0.862, abs=1e-3)


@steady
@given(st.integers(0, 50), st.floats(1, 200), st.floats(1, 4))
def test_output_grows_with_wins_up_to_the_limit_and_no_further(wins, firms, rate):
    limit = rate * max(1.0, firms / 20)
    assert wins * digested_share(float(wins), firms, rate, 20.0) == pytest.approx(min(wins, limit))


@steady
@given(share, st.integers(0, 1), st.floats(0, 0.4), st.floats(1, 16))
def test_disruption_is_a_share_and_fades(disruption, radical, broken, ramp):
    after = disrupted(disruption, radical, broken, ramp)
    assert 0.0 <= after <= 1.0
    assert disrupted(disruption, 0, broken, ramp) <= disruption
    assert disrupted(disruption, radical, broken, 0.0) == 0.0


def test_what_one_win_breaks_sums_to_its_share_times_the_ramp():
    """Σ b (1 - 1/L)^k = b L."""
    lost, total = disrupted(0.0, 1, 0.1, 8.0), 0.0
    for _ in range(400):
        total += lost
        lost = disrupted(lost, 0, 0.1, 8.0)
    assert total == pytest.approx(0.8)


@steady
@given(st.floats(0.01, 1), st.floats(0, 0.2), st.floats(0, 0.2))
def test_value_kept_falls_with_the_hazard_and_rises_with_speed(rate, a, b):
    low, high = sorted((a, b))
    assert kept_value(rate, 0.0) == 1.0
    assert kept_value(rate, high) <= kept_value(rate, low) <= 1.0
    assert kept_value(rate, high) <= kept_value(2 * rate, high)


def crowded(state):
    """Everybody has won twice, on the old trajectory, with known gains."""
    state.provinces["patience"] = 1.0
    state.firms["is_new"] = 0
    state.firms["wins"], state.firms["radical_wins"] = 2, 1
    state.firms["found"], state.firms["found_radical"] = 0.1, 0.2
    state.firms["launching"], state.firms["disruption"] = 0.0, 0.0
    state.firms["log_tfp"] = 0.0


def test_a_sector_with_too_many_wins_yields_its_limit(acted, living):
    firms = living(acted(digest, change=crowded).firms)
    for home in range(12):
        rows = firms[firms["province"] == home]
        n = rows.size
        assert (rows["wins"] * rows["digested"]).sum() == pytest.approx(min(2 * n, 2 * max(1, n / 20)))
    off = living(acted(digest, change=crowded, settings={"M37": "off"}).firms)
    assert (off["digested"] == 1).all()


def test_gains_that_are_digested_reach_production(acted, living):
    safe = {"M49": "off", "launching.usual_digested": 0.8}
    firms = living(acted(digest, launch, change=crowded, settings=safe).firms)
    rate = living(acted().entrepreneurs)["launch_rate"]
    worth = firms["digested"] / 0.8
    np.testing.assert_allclose(firms["search_gain"], worth * (0.1 + rate * 0.2), rtol=1e-12)
    np.testing.assert_allclose(firms["log_tfp"], firms["search_gain"], rtol=1e-12)
    np.testing.assert_allclose(firms["launching"], worth * 0.2 * (1 - rate), rtol=1e-12)


def test_M34_a_radical_win_costs_capacity_for_a_while(acted, living):
    before = living(acted(set_capacity, change=crowded).firms)["capacity"]
    settings = {"launching.broken": 0.2, "M37": "off", "M49": "off"}

    def won(state):
        crowded(state)
        state.firms["found"] = state.firms["found_radical"] = 0.0

    broken = living(acted(launch, set_capacity, change=won, settings=settings).firms)["capacity"]
    np.testing.assert_allclose(broken, 0.8 * before, rtol=1e-12)
    whole = living(acted(launch, set_capacity, change=won, settings=settings | {"M34": "off"}).firms)
    np.testing.assert_allclose(whole["capacity"], before, rtol=1e-12)


def test_M49_what_is_not_launched_may_be_taken_away(acted, living):
    def pending(state):
        crowded(state)
        state.firms["found_radical"] = 0.0
        state.firms["launching"] = 0.3
        state.provinces["institutions"] = 0.0

    hazard = {"launching.hazard": 0.05}
    lost = living(acted(launch, change=pending, settings=hazard).firms)["launching"] == 0.0
    assert lost.mean() == pytest.approx(0.1, abs=4 * math.sqrt(0.09 / lost.size))
    assert lost.any()
    for changes in ({"launching.hazard": 0.0}, hazard | {"M49": "off"}):
        assert (living(acted(launch, change=pending, settings=changes).firms)["launching"] > 0).all()


def test_M49_entrepreneurs_search_less_for_what_may_be_taken(acted, living):
    def radical(**changes):
        return living(acted(decide, settings=changes).entrepreneurs)["radical_share"]

    risky, usual, safe, off = (
        radical(**{"launching.hazard": 0.05}), radical(), radical(**{"launching.hazard": 0.0}), radical(M49="off")
    )  # fmt: skip
    assert (risky <= usual).all()
    assert (usual <= safe).all()
    assert (risky < safe).any()
    np.testing.assert_allclose(off / usual, 1.0, atol=0.06)
