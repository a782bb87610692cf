"""Each improvement path has a scenario of its own; S27 takes up all of them, and one by one leaves one out."""

import pytest

from nqpf_abm.data.scenario_file import load_scenario
from nqpf_abm.state.paths import PATHS, TOPICS

ALL = {"M51": "proving", "M57": "patient_fund", **dict(zip(PATHS, TOPICS, strict=True))}


@pytest.mark.parametrize("path", ALL)
def test_a_path_alone_is_known_from_2026(path):
    scenario = load_scenario(path)
    assert scenario.changes == {"adoption.since": 56.0, f"{ALL[path]}.uptake": 1.0}
    for text in (scenario.title, scenario.source, scenario.note, scenario.expected, scenario.cost):
        assert text


def test_s27_takes_up_all_and_pays_for_it():
    wanted = {"adoption.since": 56.0} | {f"{topic}.uptake": 1.0 for topic in ALL.values()}
    scenario = load_scenario("S27")
    assert scenario.changes == wanted
    (plan,) = scenario.policies_beside(load_scenario("baseline"))
    assert (plan.instrument, plan.strength, plan.start) == ("M105", 1.0, 2026)


@pytest.mark.parametrize("part", [*ALL, "M105"])
def test_leave_one_out_leaves_out_one(part):
    scenario, whole = load_scenario(f"S27-{part}"), load_scenario("S27")
    assert scenario.changes == whole.changes | {part: "off"}
    assert scenario.policies == whole.policies
