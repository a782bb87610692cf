"""Data, algorithms and computing power as one factor, and the market for computing power."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.mechanisms.compute import (
    access,
    allocate_compute,
    digital_factor,
    join_factors,
    learnt_algorithm,
    train_algorithms,
)
from nqpf_abm.state import accounts as book

steady = settings(derandomize=True, deadline=None, max_examples=60)
amount = st.floats(0.05, 20)
weight = st.floats(0.2, 0.45)
exponent = st.floats(-3, 1).filter(lambda r: abs(r) > 1e-3)


def test_by_hand():
    assert digital_factor(3.0, 1.0, 1.0, 1 / 3, 1 / 3, -1.0) == pytest.approx(9 / 7, rel=1e-13)
    assert digital_factor(3.0, 1.0, 1.0, 1 / 3, 1 / 3, 1.0) == pytest.approx(5 / 3, rel=1e-13)
    assert learnt_algorithm(4.0, 1.0, 0.5, 0.2) == pytest.approx(2.0, rel=1e-13)
    assert access(10.0, 30.0, 0.5, 10.0) == pytest.approx(0.75 / 0.875, rel=1e-13)


@steady
@given(amount, amount, amount, weight, weight)
def test_limits_of_the_ces(d, a, c, w, v):
    """r = 1 is linear, r = 0 Cobb-Douglas and the limit from both sides, r to minus infinity the minimum."""
    rest = 1 - w - v
    assert digital_factor(d, a, c, w, v, 1.0) == pytest.approx(w * d + v * a + rest * c, rel=1e-12)
    cobb_douglas = d**w * a**v * c**rest
    assert digital_factor(d, a, c, w, v, 0.0) == pytest.approx(cobb_douglas, rel=1e-12)
    for r in (1e-5, -1e-5):
        assert digital_factor(d, a, c, w, v, r) == pytest.approx(cobb_douglas, rel=1e-3)
    least = min(d, a, c)
    extreme = digital_factor(d, a, c, w, v, -200.0)
    assert least * (1 - 1e-9) <= extreme <= least * 0.1 ** (-1 / 200)


@steady
@given(amount, amount, amount, weight, weight, exponent, st.floats(0.1, 10))
def test_the_digital_factor_is_a_mean_with_constant_returns(d, a, c, w, v, r, factor):
    n = digital_factor(d, a, c, w, v, r)
    assert min(d, a, c) * (1 - 1e-9) <= n <= max(d, a, c) * (1 + 1e-9)
    assert digital_factor(factor * d, factor * a, factor * c, w, v, r) == pytest.approx(factor * n, rel=1e-9)
    assert digital_factor(1.1 * d, a, c, w, v, r) > n
    assert digital_factor(d, d, d, w, v, r) == pytest.approx(d, rel=1e-9)


@steady
@given(amount, amount, amount, exponent, exponent)
def test_the_harder_factors_substitute_the_more_the_weakest_counts(d, a, c, r, s):
    low, high = sorted((r, s))
    third = 1 / 3
    assert digital_factor(d, a, c, third, third, low) <= digital_factor(d, a, c, third, third, high) * (
        1 + 1e-9
    )


@steady
@given(st.floats(1, 100), st.floats(1, 100), st.floats(3, 30))
def test_where_everything_can_be_rented_size_does_not_matter(staff, typical, machine):
    assert access(staff, typical, 1.0, machine) == pytest.approx(1.0, rel=1e-12)
    assert access(staff, staff, 0.3, machine) == pytest.approx(1.0, rel=1e-12)
    assert access(2 * staff, typical, 0.5, machine) > access(staff, typical, 0.5, machine)
    small, smaller = (access(1.0, 30.0, rentable, machine) for rentable in (0.8, 0.2))
    assert smaller < small < 1.0


def fresh(state):
    """Every firm is a fresh adopter of 2012 with the skill and size of the reference."""
    state.firms["is_adopter"] = 1
    state.firms["data"] = state.firms["algorithm"] = state.firms["compute"] = 1.0
    state.firms["sharing"] = 0.0
    state.firms["skill"] = 0.35
    state.firms["staff"] = 12.0
    state.provinces["mean_staff"] = 12.0
    state.world["data_reference"] = 1.0
    state.provinces["segmentation"] = 1.0


def test_a_fresh_adopter_weighs_as_one_over_a_non_adopter(acted, living, setting):
    assert living(acted(join_factors, change=fresh).firms)["digital_input"] == pytest.approx(5.0, rel=1e-12)
    others = setting(firms__is_adopter=0)
    assert (living(acted(join_factors, change=others).firms)["digital_input"] == 1.0).all()


def test_an_adopter_without_computing_power_makes_do_as_others_do(acted, living):
    def change(state):
        fresh(state)
        state.firms["compute"] = 0.0

    assert (living(acted(join_factors, change=change).firms)["digital_input"] == 1.0).all()


def test_a_fresh_adopter_asks_for_one_unit(acted, living):
    firms = living(acted(train_algorithms, change=fresh).firms)
    np.testing.assert_allclose(firms["algorithm"], 1.0, rtol=1e-12)
    np.testing.assert_allclose(firms["compute_wanted"], 1.0, rtol=1e-12)


def wanting(state, installed):
    """Every firm asks for one unit per head; `installed` is capacity per unit asked, by province."""
    fresh(state)
    state.firms["compute_wanted"] = 1.0
    alive = state.firms["is_alive"] == 1
    home = state.firms["province"][alive]
    asked = np.bincount(home, weights=12.0 * state.provinces["weight"][home], minlength=12)
    state.provinces["compute_installed"] = installed * asked
    state.provinces["compute_demand"] = 0.0
    state.provinces["compute_start"] = 0.0
    return asked


NO_BUILDING = {"compute.wear": 0.03}
ALONE = {"M91": "off"}  # nobody builds for other provinces


@pytest.mark.parametrize("g", [0.0, 0.5, 1.0])
def test_no_more_is_used_than_is_installed_and_use_is_what_firms_get(acted, by_province, g):
    """Half of the provinces are short; what they get from others debits those."""
    installed = np.where(np.arange(12) % 2, 0.5, 2.0)
    asked = {}

    def change(state):
        asked["home"] = wanting(state, installed)
        state.provinces["segmentation"] = g

    state = acted(allocate_compute, change=change, settings=NO_BUILDING)
    provinces = state.provinces
    assert (provinces["compute_used"] <= provinces["compute_installed"] * (1 + 1e-12)).all()
    got = by_province(state, state.firms["compute"] * state.firms["staff"])
    assert got.sum() == pytest.approx(provinces["compute_used"].sum(), rel=1e-12)
    short = np.arange(12) % 2 == 1
    np.testing.assert_allclose(got[~short], asked["home"][~short], rtol=1e-12)
    unmet = asked["home"][short] - provinces["compute_installed"][short]
    remote = got[short] - provinces["compute_installed"][short]
    assert (remote <= (1 - g) * unmet * (1 + 1e-9) + 1e-6).all()
    assert (remote.sum() > 0) == (g < 1)


def test_remote_use_is_paid_from_province_to_province(acted):
    def change(state):
        wanting(state, np.where(np.arange(12) % 2, 0.5, 2.0))
        state.provinces["segmentation"] = 0.5

    before, after = acted(change=change), acted(allocate_compute, change=change)
    paid, got = after.ledger[book.REMOTE_COMPUTE_PAID], after.ledger[book.REMOTE_COMPUTE_RECEIVED]
    start = before.ledger[book.REMOTE_COMPUTE_PAID].sum()
    assert paid.sum() > start
    assert paid.sum() - start == pytest.approx(
        got.sum() - before.ledger[book.REMOTE_COMPUTE_RECEIVED].sum(), rel=1e-12
    )


def test_operators_build_for_the_demand_of_last_quarter(acted):
    def change(state):
        wanting(state, np.ones(12))
        state.provinces["compute_demand"] = 2.0 * state.provinces["compute_installed"]

    before, after = (
        acted(change=change).provinces,
        acted(allocate_compute, change=change, settings=ALONE).provinces,
    )
    growth = 1 + 0.25 * (1.3 * 2.0 - 1.0)
    np.testing.assert_allclose(after["compute_installed"], growth * before["compute_installed"], rtol=1e-12)
    assert (after["compute_investment"] > 0).all()


def test_capacity_of_2012_is_kept_up(acted, setting):
    idle = setting(
        firms__is_adopter=0, firms__compute_wanted=0.0, provinces__compute_demand=0.0,
        provinces__compute_start=7.0, provinces__compute_installed=7.0,
    )  # fmt: skip
    provinces = acted(allocate_compute, change=idle, settings=ALONE).provinces
    np.testing.assert_allclose(provinces["compute_installed"], 7.0, rtol=1e-12)
    assert (provinces["compute_used"] == 0.0).all()
