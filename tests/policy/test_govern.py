"""What becomes of a policy on its way, and that nothing happens without one."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nqpf_abm import Ecosystem, policy
from nqpf_abm.data.scenario import PolicyPlan
from nqpf_abm.data.scenario_file import load_scenario
from nqpf_abm.declare import Parameters
from nqpf_abm.errors import InputError
from nqpf_abm.policy.govern import affordable, enacted_strength, passed_on, policy_match
from nqpf_abm.policy.plan import levers
from nqpf_abm.state import accounts as book
from nqpf_abm.state.instruments import INSTRUMENTS, M72, M83, N_INSTRUMENTS

NUMBERS = Parameters(policy.topics()).table()


def test_laws_by_hand():
    assert policy_match(8.0, 0.0, 0.0, 4.0) == pytest.approx(0.1353, abs=1e-4)
    assert policy_match(0.0, 0.0, 0.0, 4.0) == 1.0
    assert passed_on(0.05, 3.0) == pytest.approx(0.857, abs=1e-3)
    assert passed_on(0.0, 3.0) == 1.0
    assert affordable(2.0, 1.0) == 0.5
    assert affordable(0.5, 1.0) == affordable(0.0, 1.0) == 1.0
    assert enacted_strength(0.0, 1.0, 4.0) == 0.25
    assert enacted_strength(0.9, 1.0, 4.0) == 1.0
    assert enacted_strength(0.1, 0.0, 4.0) == 0.0


@given(st.floats(0, 1), st.floats(0, 1), st.floats(1, 12))
def test_strength_in_force_never_passes_what_is_decided(enacted, decided, lag):
    now = enacted_strength(enacted, decided, lag)
    assert min(enacted, decided) - 1e-12 <= now <= max(enacted, decided) + 1e-12


@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_at_strength_zero_a_run_is_the_same_to_the_last_bit(governed, instrument):
    assert governed(instrument, strength=0.0).state_hash() == governed().state_hash()


@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_switched_off_an_instrument_does_and_costs_nothing(governed, instrument):
    off = governed(instrument, **{instrument: "off"}).results.series_array
    assert off.tobytes() == governed().results.series_array.tobytes()


@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_runs_agree_until_the_policy_starts(governed, instrument):
    plain, later = governed(), governed(instrument, start=2014)
    burn_in, before = plain.burn_in, plain.burn_in + 8
    a, b = plain.results.series_array, later.results.series_array
    assert a[:before].tobytes() == b[:before].tobytes()
    assert a[before:].tobytes() != b[before:].tobytes()
    assert burn_in == later.burn_in


def test_books_close_with_every_instrument_in_force(small):
    plans = tuple(PolicyPlan(i, 1.0, 2012, 2035) for i in INSTRUMENTS)
    scenario = replace(load_scenario("baseline"), policies=plans)
    Ecosystem(seed=2, scenario=scenario, quarters=8, set=small, audit=True).run()


def test_agents_and_columns_agree_under_policy(small):
    plans = tuple(PolicyPlan(i, 1.0, 2012, 2035) for i in INSTRUMENTS)
    scenario = replace(load_scenario("baseline"), policies=plans)
    one, other = (
        Ecosystem(seed=2, scenario=scenario, quarters=3, set=small, engine=engine).run()
        for engine in ("columns", "agents")
    )
    assert one.state_hash() == other.state_hash()


def test_what_instruments_cost_is_what_was_booked_and_the_centre_pays(governed):
    model, plain = governed(*INSTRUMENTS), governed()
    ledger, series = model.results.ledger_array, model.results.series_array
    rows = [
        book.POLICY_PAY,
        book.POLICY_PURCHASES,
        book.POLICY_UNIVERSITIES,
        book.POLICY_FUNDS,
        book.POLICY_FIRMS,
    ]
    spent = ledger[:, rows].sum(axis=1) - ledger[:, book.REWARD_REPAID]
    assert series["policy_spend"] == pytest.approx(spent)
    assert (ledger[model.burn_in + 4 :, rows].sum(axis=1) > 0).all()
    assert (plain.results.ledger_array[:, rows] == 0).all()
    last = ledger[-1]
    own = last[book.TURNOVER_TAX_LOCAL] + last[book.PROFIT_TAX_LOCAL]
    fiscal = model.state.governments["fiscal"]
    assert last[book.CENTRAL_TRANSFER] == pytest.approx(fiscal - own + spent[-1])


def test_all_strengths_shrink_to_fit_the_budget(governed):
    """But a reward fund (M66) grants when it has projects, and compensation (M88) moves money between provinces."""
    steady = [instrument for instrument in INSTRUMENTS if instrument not in ("M66", "M88")]
    model = governed(*steady, govern__budget=0.1)
    series = model.results.series_array
    assert (
        series["policy_spend"][-1] <= 0.001 * series["gdp"][-2] * (1 + 1e-9)
    ).all()  # last quarter's output
    effect = governed(*INSTRUMENTS, govern__budget=0.1).state.governments["effect"]
    assert np.allclose(effect, effect[:, :1])
    assert (effect < 0.3).all()


def test_levers_reach_whom_they_name_and_add_up_to_one(governed):
    grown = governed()
    state = grown.state
    names = grown.regions["region"].to_list()
    plans = [
        PolicyPlan("M83", 0.7, 2013, 2014),
        PolicyPlan("M83", 0.6, 2014, 2015, echelons=(1,)),
        PolicyPlan("M72", 0.5, 2013, 2013, regions=("Shaanxi",)),
    ]
    strength = levers(plans, 2013, state, names)
    assert (strength[:, M83] == 0.7).all()
    assert strength[:, M72].sum() == strength[names.index("Shaanxi"), M72] == 0.5
    strength = levers(plans, 2014, state, names)
    first = state.provinces["echelon"] == 1
    assert (strength[first, M83] == 1.0).all()
    assert (strength[~first, M83] == 0.7).all()
    assert (strength[:, M72] == 0.0).all()
    assert (levers(plans, 2016, state, names) == 0.0).all()


@pytest.mark.parametrize(
    ("plan", "says"),
    [
        (PolicyPlan("M90", 1.0, 2012, 2013), "cannot be simulated yet"),
        (PolicyPlan("M83", 1.0, 2012, 2013, regions=("Shanxi",)), "Shaanxi"),
        (PolicyPlan("M83", 1.0, 2012, 2013, echelons=(4,)), "none of 1, 2, 3"),
    ],
)
def test_a_plan_for_what_there_is_not_says_what_there_is(plan, says):
    scenario = replace(load_scenario("baseline"), policies=(plan,))
    with pytest.raises(InputError, match=says):
        Ecosystem(seed=1, scenario=scenario)


def test_the_list_of_instruments_tells_costs_and_whom_they_pay():
    rows = policy.instruments()
    assert tuple(row["id"] for row in rows) == INSTRUMENTS
    assert len(rows) == N_INSTRUMENTS
    for row in rows:
        assert row["cost"] > 0
        assert row["kind"] in ("capital", "rule", "other")
        assert row["name"]
        assert row["paid"]


@pytest.mark.parametrize("row", NUMBERS, ids=lambda row: row["name"])
def test_every_number_of_policy_moves_what_is_recorded(governed, row):
    name = row["name"].replace(".", "__")
    takes = TAKES.get(row["name"], {})
    plain = governed(*INSTRUMENTS, **BASE | takes).results.series_array
    start = takes.get(name, BASE.get(name, row["default"]))
    ends = [end for end in (row["low"], row["high"]) if end != start]
    assert any(
        governed(
            *INSTRUMENTS, **BASE | takes | {name: start + 0.5 * (end - start)}
        ).results.series_array.tobytes()
        != plain.tobytes()
        for end in ends
    )


BASE = {"govern__budget": 4.0}
MANY = {
    "demography__entry": 0.016,
    "start__firms": 480,
}  # enough entries for a small share of them to be seen
NEW = MANY | {"demography__new_base": 0.1}  # and enough of them on the new trajectory
TAKES = {
    "govern.match_width": {"govern__technology_off": 4.0},
    "govern.budget": {"govern__budget": 0.5},
    "bootcamp.founders": MANY,
    "registration.entry": MANY,
    "registration.half": MANY,
    "strategic.share": NEW,
    "strategic.years": NEW,
    "strategic.crowding": NEW,
    "strategic.turning": NEW | {"strategic__share": 0.8, "strategic__crowding": 0.5},
    "compensation.hazard": {"compensation__bears": 1.0},
    "subsidy.borne": {"forgiveness__uptake": 1.0},
}
