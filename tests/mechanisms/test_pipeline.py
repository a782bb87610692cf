"""From achievement to local use: hazards, fates, and the valley."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.mechanisms.finance import pay
from nqpf_abm.mechanisms.pipeline import (
    ADVANCED,
    STALLED,
    UNDER_WAY,
    advance,
    advance_hazard,
    create_achievements,
    fate,
    licence_fees,
    transfer_technology,
)
from nqpf_abm.state.accounts import LICENCES
from nqpf_abm.state.tables import FIRST_TRL, LAST_TRL

steady = settings(derandomize=True, deadline=None, max_examples=60)


def conversion_share(base, match, valley, stall):
    """Share of achievements that reach the last level: at each one they advance before they stall."""
    share = 1.0
    for level in range(FIRST_TRL, LAST_TRL):
        hazard = advance_hazard(level, base, match, valley)
        share *= hazard / (hazard + stall)
    return share


def test_by_hand():
    assert advance_hazard(5, 0.5, 0.5, 0.5) == pytest.approx(0.125, abs=1e-15)
    assert licence_fees(2.0, 100.0, 10.0, 0.1) == pytest.approx(2.0, abs=1e-15)
    assert licence_fees(2.0, 0.0, 0.0, 0.1) == 0.0


@pytest.mark.parametrize("level", range(FIRST_TRL, LAST_TRL))
def test_the_valley_lies_between_laboratory_and_product(level):
    factor = 0.5 if level in (4, 5, 6) else 1.0
    assert advance_hazard(level, 0.5, 0.49, 0.5) == pytest.approx(0.245 * factor, rel=1e-14)
    assert advance_hazard(level, 0.5, 0.49, 1.0) == advance_hazard(FIRST_TRL, 0.5, 0.49, 0.5)


@steady
@given(st.floats(0.01, 2), st.floats(0.01, 0.5))
def test_fates_come_in_proportion_to_their_hazards(hazard, stall):
    grid = (np.arange(2000) + 0.5) / 2000
    outcomes = np.array([fate(float(u), hazard, stall) for u in grid])
    leaves = 1 - math.exp(-(hazard + stall))
    assert (outcomes == UNDER_WAY).mean() == pytest.approx(1 - leaves, abs=2e-3)
    assert (outcomes == ADVANCED).mean() == pytest.approx(leaves * hazard / (hazard + stall), abs=2e-3)
    assert (outcomes == STALLED).mean() == pytest.approx(leaves * stall / (hazard + stall), abs=2e-3)


def test_without_hazards_nothing_happens():
    assert fate(1e-12, 0.0, 0.0) == UNDER_WAY
    assert fate(1 - 1e-12, 0.5, 0.0) == UNDER_WAY
    assert fate(1e-12, 0.0, 0.5) == STALLED


def test_without_the_valley_conversion_is_half_as_high_again():
    with_dip, without = (conversion_share(0.5, 0.49, valley, 0.05) for valley in (0.5, 1.0))
    assert with_dip == pytest.approx(0.205, abs=0.001)
    assert without / with_dip > 1.5


def test_projects_advance_one_level_at_a_time(acted, living):
    before, after = living(acted().projects), living(acted(advance).projects)
    np.testing.assert_array_equal(after["age"], before["age"] + 1)
    np.testing.assert_array_equal(
        after["level"] - before["level"], (after["outcome"] == ADVANCED).astype(int)
    )
    assert set(np.unique(after["outcome"])) == {UNDER_WAY, ADVANCED, STALLED}


@pytest.mark.parametrize("capacity", [0.0, 1.0])
def test_conversions_are_local_as_far_as_firms_absorb(acted, setting, capacity):
    change = setting(
        projects__level=LAST_TRL, projects__outcome=ADVANCED, provinces__absorptive_capacity=capacity
    )
    before, after = acted(change=change), acted(transfer_technology, change=change)
    under_way = np.bincount(before.projects["province"][before.projects["is_alive"] == 1], minlength=12)
    np.testing.assert_array_equal(after.provinces["converted"], under_way)
    np.testing.assert_array_equal(after.provinces["converted_locally"], capacity * under_way)
    left = np.bincount(after.projects["province"][after.projects["is_alive"] == 1], minlength=12)
    np.testing.assert_array_equal(left, after.provinces["created"])


def test_the_age_at_conversion_is_a_smoothed_mean(acted, setting):
    change = setting(
        projects__level=LAST_TRL, projects__outcome=ADVANCED, projects__age=40, provinces__conversion_age=20.0
    )
    provinces = acted(transfer_technology, change=change).provinces
    np.testing.assert_allclose(provinces["conversion_age"], np.where(provinces["converted"] > 0, 22.5, 20.0))


def test_firms_pay_for_what_is_converted_in_their_province(acted, setting, by_province):
    change = setting(
        projects__level=LAST_TRL,
        projects__outcome=ADVANCED,
        provinces__absorptive_capacity=1.0,
        firms__flow=0.0,
    )
    state = acted(transfer_technology, pay, change=change)
    usual = np.bincount(state.universities["province"], weights=state.universities["mean_created"])
    expected = 0.1 * state.governments["public_rnd"] / usual * state.provinces["converted_locally"]
    np.testing.assert_allclose(state.provinces["licences"], expected)
    share = by_province(state, state.firms["share"]) / state.provinces["weight"]
    np.testing.assert_allclose(by_province(state, state.firms["flow"][:, LICENCES]), expected * share)


def test_achievements_enter_at_the_first_level(acted, setting):
    def creative(state):
        state.universities["created"] = 2
        state.projects["outcome"] = UNDER_WAY
        state.projects["level"] = 5

    before, after = acted(change=creative), acted(transfer_technology, change=creative)
    new = (after.projects["is_alive"] == 1) & (before.projects["is_alive"] == 0)
    assert new.sum() == 2 * after.universities.size == after.provinces["created"].sum()
    assert (after.projects["level"][new] == FIRST_TRL).all()
    assert (after.projects["age"][new] == 0).all()
    assert np.unique(after.projects["uid"][after.projects["is_alive"] == 1]).size == (
        after.projects["is_alive"].sum()
    )


def test_achievements_follow_public_research_at_constant_wages(acted):
    """Expected numbers: doubling budgets at doubled wages changes nothing."""
    counts = []
    for budget, wages in ((1.0, 1.0), (2.0, 2.0), (40.0, 1.0)):

        def change(state, budget=budget, wages=wages):
            state.governments["public_rnd"] = budget * state.governments["public_rnd_start"]
            state.world["wage_index"] = wages

        counts.append(acted(create_achievements, change=change).universities)
    np.testing.assert_array_equal(counts[0]["created"], counts[1]["created"])
    expected = 40 * counts[2]["mean_created"].sum()
    assert counts[2]["created"].sum() == pytest.approx(expected, abs=4 * math.sqrt(expected))


def test_public_knowledge_rests_at_the_usual_rate_of_conversion(acted):
    def usual(state):
        state.world["is_burn_in"] = 0
        state.projects["is_alive"] = 0
        state.projects["is_alive"][:12] = 1
        state.projects["province"][:12] = np.arange(12)
        state.projects["level"][:12] = LAST_TRL
        state.projects["outcome"][:12] = ADVANCED
        state.provinces["absorptive_capacity"] = 1.0
        state.provinces["expected_conversions"] = 1.0
        effort = state.governments["public_rnd_start"] / state.provinces["gdp_start"] / 0.005
        state.provinces["public_knowledge"] = 0.0005 * np.minimum(effort, 3.0)

    before, after = acted(change=usual).provinces, acted(transfer_technology, change=usual).provinces
    assert (after["converted_locally"] == 1).all()
    np.testing.assert_allclose(after["public_knowledge"], before["public_knowledge"], rtol=1e-12)
    assert (after["public_knowledge"] > 0).any()


def test_usual_inflow_by_hand():
    from nqpf_abm.mechanisms.pipeline import usual_inflow

    assert usual_inflow(0.01, 0.0005, 0.005) == pytest.approx(0.001)
    assert usual_inflow(1.0, 0.0005, 0.005) == pytest.approx(0.0015)  # capped at three times


@pytest.mark.parametrize("obstacle", ["M39", "M46"])
def test_what_more_is_converted_without_an_obstacle_adds_to_knowledge(acted, obstacle):
    """The same conversions count for more where they would be fewer by the usual law; both on, they count as usual."""

    def after(switch):
        def change(state):
            state.world["is_burn_in"] = 0
            state.provinces["public_knowledge"] = 0.0
            state.provinces["expected_conversions"] = 8.0
            state.projects["level"] = LAST_TRL
            state.projects["outcome"] = ADVANCED
            state.provinces["absorptive_capacity"] = 1.0

        return acted(transfer_technology, change=change, settings={obstacle: switch}).provinces

    on, off = after("on"), after("off")
    np.testing.assert_array_equal(on["converted_locally"], off["converted_locally"])
    assert (off["public_knowledge"] > on["public_knowledge"]).sum() >= 6
    assert (off["public_knowledge"] >= on["public_knowledge"]).all()


@pytest.mark.filterwarnings("ignore:acted out agent by agent")
def test_universities_of_ones_own_that_create_otherwise_still_transfer(small):
    """What projects share is found in a phase of its own, so that another way to create does not stop them."""
    from nqpf_abm import Ecosystem
    from nqpf_abm.agents.kinds import University

    class Steady(University):
        def create_achievements(self):
            self.created, self.papers = 1, 1

    model = Ecosystem(seed=3, quarters=8, set=small, classes=[Steady]).run()
    assert (model.state.universities["match"] > 0).all() and (model.state.universities["effort"] >= 1).all()
    assert model.results.series["achievements_converted"].sum() > 0
