"""The scenarios of the catalogue that are shipped: numbered as there, told in full, and each can be simulated."""

import re

import pytest

from nqpf_abm import Ecosystem
from nqpf_abm.data.scenario_file import load_scenario, shipped_scenarios
from nqpf_abm.state.instruments import INSTRUMENTS

NUMBERED = [name for name in shipped_scenarios() if re.fullmatch(r"S\d\d", name)]
SINGLES = [name for name in NUMBERED if 1 <= int(name[1:]) <= 26]


def test_every_instrument_has_a_scenario_of_its_own():
    of_the_catalogue = set(INSTRUMENTS) - {"M105"}  # that is S27's
    assert SINGLES == sorted(f"S{int(id_[1:]) - 63:02d}" for id_ in of_the_catalogue)


@pytest.mark.parametrize("name", SINGLES)
def test_a_single_sets_its_instrument_alone_in_2026_to_2035(name):
    (plan,) = load_scenario(name).policies_beside(load_scenario("baseline"))
    assert plan.instrument == f"M{int(name[1:]) + 63}"
    assert (plan.strength, plan.start, plan.end) == (1.0, 2026, 2035)
    assert not plan.regions
    assert not plan.echelons


@pytest.mark.parametrize("name", NUMBERED)
def test_a_scenario_says_what_is_expected_and_who_pays_and_can_be_run(name, small):
    scenario = load_scenario(name)
    for text in (scenario.title, scenario.source, scenario.note, scenario.expected, scenario.cost):
        assert text
    own = scenario.policies_beside(load_scenario("baseline"))
    assert ("transfer pays" in scenario.cost or "as S" in scenario.cost) == bool(own)
    model = Ecosystem(seed=1, scenario=scenario, quarters=1, set=small)
    try:
        model.step()
    finally:
        model.close()


def test_s00_is_the_baseline():
    bare, numbered = load_scenario("baseline"), load_scenario("S00")
    assert (numbered.changes, numbered.events, numbered.policies) == (
        bare.changes,
        bare.events,
        bare.policies,
    )
