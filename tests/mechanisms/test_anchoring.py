"""Burn-in holds levels, and 2012Q1 is set to official figures."""

import numpy as np
import pytest

from nqpf_abm.mechanisms.anchoring import hold_levels, re_anchor
from nqpf_abm.numerics.draws import make_key


def sales_weighted(state, column):
    firms = state.firms[state.firms["is_alive"] == 1]
    total = np.bincount(firms["province"], weights=firms[column] * firms["sales"])
    return total / np.bincount(firms["province"], weights=firms["sales"])


def test_burn_in_holds_productivity_and_keeps_its_spread(acted, setting):
    burning = setting(world__is_burn_in=1)
    before, after = acted(change=burning), acted(hold_levels, change=burning)
    np.testing.assert_allclose(sales_weighted(after, "log_tfp"), 0.0, atol=1e-12)
    home = after.firms["province"]
    shift = sales_weighted(before, "log_tfp")[home]
    alive = after.firms["is_alive"] == 1
    np.testing.assert_allclose(
        (before.firms["log_tfp"] - after.firms["log_tfp"])[alive], shift[alive], atol=1e-12
    )


def test_after_burn_in_productivity_is_free(acted):
    before, after = acted(), acted(hold_levels)
    np.testing.assert_array_equal(before.firms["log_tfp"], after.firms["log_tfp"])
    np.testing.assert_array_equal(before.provinces["expected_wins"], after.provinces["expected_wins"])


def at_2012q1(acted, clock=0.0):
    def change(state):
        state.world["clock"] = clock

    state = acted(change=change)
    re_anchor.act(state, make_key(3, 8))
    return state


@pytest.mark.parametrize("clock", [-1.0, 1.0, 16.0])
def test_stocks_are_reset_once_only(acted, clock):
    before, after = acted(), at_2012q1(acted, clock)
    np.testing.assert_array_equal(before.firms["capital"], after.firms["capital"])
    np.testing.assert_array_equal(before.provinces["households"], after.provinces["households"])


def test_every_stock_is_scaled_alike(acted):
    """What firms and households hold relative to each other is left as burn-in made it."""
    before, after = acted(), at_2012q1(acted)
    factor = (after.provinces["gdp_start"] / before.provinces["gdp"])[after.firms["province"]]
    assert (np.abs(factor - 1) > 0.05).any()
    alive = after.firms["is_alive"] == 1
    for column in ("capital", "cash", "loan", "inventory", "expected_sales", "rnd_stock"):
        np.testing.assert_allclose(
            after.firms[column][alive], (factor * before.firms[column])[alive], rtol=1e-12
        )
    np.testing.assert_allclose(
        after.provinces["households"] / before.provinces["households"],
        after.provinces["gdp_start"] / before.provinces["gdp"],
        rtol=1e-12,
    )


def test_energy_intensity_is_relative_to_2012(acted):
    state = at_2012q1(acted)
    firms = state.firms[state.firms["is_alive"] == 1]
    used = np.bincount(firms["province"], weights=firms["capacity"] * firms["energy_intensity"])
    np.testing.assert_allclose(used, np.bincount(firms["province"], weights=firms["capacity"]), rtol=1e-9)


def test_people_beyond_the_usual_rate_of_idleness_are_placed(acted):
    def idle_province(state):
        state.world["clock"] = 0.0
        mine = (state.employees["is_alive"] == 1) & (state.employees["province"] == 2)
        rows = np.flatnonzero(mine & (state.employees["firm"] < 0))
        assert rows.size > 0

    state = acted(change=idle_province)
    re_anchor.act(state, make_key(3, 8))
    people = state.employees[state.employees["is_alive"] == 1]
    idle = np.bincount(people["province"][people["firm"] < 0], minlength=12)
    everyone = np.bincount(people["province"])
    assert (idle <= 0.05 * everyone).all()
    np.testing.assert_allclose(state.provinces["unemployment"], idle / everyone, rtol=1e-12)
    jobs = np.bincount(people["firm"][people["firm"] >= 0], minlength=state.firms.size)
    alive = state.firms["is_alive"] == 1
    np.testing.assert_array_equal(state.firms["staff"][alive], jobs[alive])
