"""R&D budgets, grants, and the odds and gains of search."""

import math
import tomllib

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm import Ecosystem
from nqpf_abm.data import FOLDER
from nqpf_abm.declare import Parameters
from nqpf_abm.engine.run import run_quarter
from nqpf_abm.mechanisms import topics
from nqpf_abm.mechanisms.launching import digest, launch
from nqpf_abm.mechanisms.research import (
    award_grants,
    plan_research,
    radical_gain,
    remaining_scope,
    rnd_budget,
    search,
    search_strength,
    spend_on_research,
    success_probability,
)
from nqpf_abm.numerics.draws import make_key
from nqpf_abm.state.tables import N_TRADITIONAL

steady = settings(derandomize=True, deadline=None, max_examples=60)
positive = st.floats(1e-3, 1e3)
share = st.floats(0, 1)


def test_by_hand():
    assert rnd_budget(0.01, 100.0, 1.0, 0.0, 3.0, 0.1) == pytest.approx(1 / 1.3, rel=1e-14)
    assert search_strength(4.0, 1.0, 0.5, 0.6) == pytest.approx(1.2, rel=1e-14)
    assert success_probability(0.5, 2.0) == pytest.approx(1 - math.exp(-1), rel=1e-14)
    assert radical_gain(10.0, 0.03, 1.0) == pytest.approx(math.log(1.3), rel=1e-14)
    assert remaining_scope(0.9, 0.4, 2.0) == pytest.approx(math.exp(-1), rel=1e-14)
    assert remaining_scope(0.3, 0.4, 2.0) == 1.0


@steady
@given(share, positive, st.floats(1.5, 6), st.floats(0.02, 0.3))
def test_the_novelty_premium_keeps_the_mean_budget(intensity, sales, premium, mean_new):
    """Where the declared mean share of firms is new, R&D over sales is the intensity."""
    new = rnd_budget(intensity, sales, 1.0, 1.0, premium, mean_new)
    old = rnd_budget(intensity, sales, 1.0, 0.0, premium, mean_new)
    assert mean_new * new + (1 - mean_new) * old == pytest.approx(intensity * sales, rel=1e-12, abs=1e-12)
    assert new == pytest.approx((1 + premium) * old, rel=1e-12)


@steady
@given(positive, positive, st.floats(0.25, 1), share)
def test_search_is_measured_against_the_mean_of_2012(staff, reference, exponent, capacity):
    assert search_strength(reference, reference, exponent, capacity) == pytest.approx(capacity, rel=1e-12)
    doubled = search_strength(2 * staff, reference, exponent, capacity)
    assert doubled == pytest.approx(
        2**exponent * search_strength(staff, reference, exponent, capacity), rel=1e-9
    )


@pytest.mark.parametrize(("fte", "reference"), [(0.0, 1.0), (1.0, 0.0), (-1.0, 1.0)])
def test_without_staff_there_is_no_search(fte, reference):
    assert search_strength(fte, reference, 0.5, 1.0) == 0.0


@steady
@given(st.floats(0, 5), st.floats(0, 5), st.floats(0.01, 1))
def test_successes_of_two_searches_are_independent(a, b, scale):
    """No success in either: 1 - p(a + b) = (1 - p(a)) (1 - p(b)); so no staff is gained by splitting."""
    both = (1 - success_probability(scale, a)) * (1 - success_probability(scale, b))
    assert 1 - success_probability(scale, a + b) == pytest.approx(both, rel=1e-12)
    assert 0.0 <= success_probability(scale, a) < 1.0
    assert success_probability(scale, a) <= success_probability(scale, a + b)


@steady
@given(st.floats(1, 1e9), st.floats(0.01, 0.06), st.floats(0.3, 1.5))
def test_a_radical_gain_is_capped(draw, scale, cap):
    assert 0.0 < radical_gain(draw, scale, cap) <= cap
    assert radical_gain(1e300, scale, cap) == cap


@steady
@given(st.floats(-2, 2), st.floats(0, 2), st.floats(0.5, 4))
def test_scope_falls_beyond_the_frontier_and_is_whole_below(level, frontier, strength):
    scope = remaining_scope(level, frontier, strength)
    assert 0.0 < scope <= 1.0
    assert (scope == 1.0) == (level <= frontier)
    assert remaining_scope(level + 0.5, frontier, strength) <= scope


def test_a_radical_win_may_move_a_firm_to_an_emerging_field(acted, living):
    def bold(state):
        eager(state)
        state.firms["is_new"] = 0
        state.firms["field"] = 1

    firms = living(acted(search, change=bold, settings={"switching.sunk": 0.02}).firms)
    assert 0 < firms["is_new"].sum() < firms["radical_wins"].sum()
    np.testing.assert_array_equal(firms["field"] >= N_TRADITIONAL, firms["is_new"] == 1)
    assert (firms["radical_wins"][firms["is_new"] == 1] == 1).all()


def test_grants_are_what_the_pool_holds_up_to_the_limit(acted, by_province):
    state = acted(plan_research, award_grants, spend_on_research)
    given_away = by_province(state, state.firms["grant"])
    wanted = by_province(state, state.firms["rnd_base"] * state.firms["is_applicant"])
    pool = state.governments["grant_pool"]
    np.testing.assert_allclose(given_away, np.minimum(pool, 0.5 * wanted), rtol=1e-12, atol=1e-12)
    assert (given_away < pool).any() or (given_away < 0.5 * wanted).any()
    firms = state.firms[state.firms["is_alive"] == 1]
    assert (firms["grant"][firms["is_applicant"] == 0] == 0.0).all()
    assert (firms["grant"] <= 0.5 * firms["rnd_base"] * (1 + 1e-12)).all()


def test_a_firm_spends_its_grant_and_what_cash_and_credit_allow(acted, living, setting):
    for line in (0.0, 1e-6, 1e9):
        broke = setting(firms__cash=-1.0, firms__credit_line=line, entrepreneurs__radical_share=0.3)
        poor = living(acted(plan_research, award_grants, spend_on_research, change=broke).firms)
        patient = 1.0 - 0.3 * (poor["rnd_loan"] < np.minimum(poor["rnd_base"], line))
        np.testing.assert_allclose(
            poor["rnd_loan"], np.minimum(patient * poor["rnd_base"], line), rtol=1e-12
        )  # without the radical part where banks do not wait for it (M44)
        np.testing.assert_array_equal(poor["rnd"], poor["grant"] + poor["rnd_loan"])
    rich = living(
        acted(plan_research, award_grants, spend_on_research, change=setting(firms__cash=1e9)).firms
    )
    np.testing.assert_allclose(rich["rnd"], rich["grant"] + rich["rnd_base"], rtol=1e-12)


@pytest.mark.parametrize("M30", ["on", "off"])
def test_mean_search_success_of_2012_is_the_declared_one(small, M30):
    model = Ecosystem(seed=6, quarters=4, set=small | {"M30": M30, "research.success": 0.14})
    seen = []

    def watch(phase, state, key):
        if phase.name == "absorb_knowledge":
            world = state.world[0]
            for firm in state.firms[state.firms["is_alive"] == 1]:
                strength = search_strength(
                    float(firm["fte"] / max(firm["staff"], 0.5)),
                    float(world["fte_reference"]),
                    0.5,
                    float(firm["absorptive_capacity"]),
                )
                strength *= state.provinces["resonance"][firm["province"]] / world["resonance_start"]
                seen.append(success_probability(float(world["search_scale"]), float(strength)))

    run_quarter(model.state, make_key(6, 0), watch=watch)
    assert np.mean(seen) == pytest.approx(0.14, abs=1e-9)
    assert np.std(seen) > 0.01


def eager(state):
    """Everybody searches well within the frontier, for radical novelty too, under usual conditions."""
    state.provinces["resonance"] = state.world["resonance_start"][0]
    state.provinces["new_returns"] = state.provinces["patience"] = 1.0
    state.world["search_scale"] = 1.0
    state.entrepreneurs["radical_share"] = 0.5
    state.firms["fte"] = state.world["fte_reference"][0] * state.firms["staff"]
    state.firms["absorptive_capacity"] = 1.0
    state.firms["log_tfp"] = -5.0
    state.firms["launching"] = 0.0


def test_wins_come_as_often_as_the_law_says(acted, living):
    firms = living(acted(search, change=eager).firms)
    expected = 2 * success_probability(1.0, 0.5)
    assert firms["success_probability"] == pytest.approx(expected)
    assert firms["wins"].mean() == pytest.approx(expected, abs=4 * math.sqrt(0.5 / firms.size))
    assert (firms["radical_wins"] <= firms["wins"]).all()
    assert (firms["green_wins"] <= firms["wins"]).all()
    np.testing.assert_array_equal(firms["failures"], firms["wins"] == 0)


def test_radical_gains_reach_production_at_the_launch_rate(acted, living):
    plain = {"M37": "off", "M49": "off"}
    firms = living(acted(search, digest, launch, change=eager, settings=plain).firms)
    rate = living(acted().entrepreneurs)["launch_rate"]
    only_radical = (firms["radical_wins"] == 1) & (firms["wins"] == 1)
    assert only_radical.any()
    gain = (firms["log_tfp"] + 5.0)[only_radical]
    pending = firms["launching"][only_radical]
    np.testing.assert_allclose(gain / (gain + pending), rate[only_radical], rtol=1e-9)
    nothing = firms["wins"] == 0
    assert (firms["log_tfp"][nothing] == -5.0).all()


def test_nobody_changes_trajectory_in_burn_in(acted, living):
    def burning(state):
        eager(state)
        state.world["is_burn_in"] = 1
        state.firms["is_new"] = 0

    assert (living(acted(search, change=burning).firms)["is_new"] == 0).all()


def test_patents_per_win_rise_as_patents_per_yuan_of_research_in_the_east():
    """The trend is that of the ten eastern provinces; the western panel is not looked at."""
    table = pd.read_csv(FOLDER / "official" / "provinces.csv")
    text = (FOLDER / "regions" / "west.toml").read_text(encoding="utf-8")
    east = tomllib.loads(text)["east"]["provinces"]
    sums = table[table["province"].isin(east)].groupby(["year", "variable"])["value"].sum().unstack()
    real = sums["rd_expenditure"] / 1.02 ** (sums.index - 2012)  # the deflator of the core indicators
    trend = np.polyfit(sums.index - 2012, np.log(sums["invention_patents_granted"] / real), 1)[0]
    assert trend / 4 == pytest.approx(Parameters(topics()).values["research.patenting_growth"], abs=1e-4)
