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


def test_s27_takes_up_all():
    wanted = {"adoption.since": 56.0} | {f"{topic}.uptake": 1.0 for topic in ALL.values()}
    assert load_scenario("S27").changes == wanted


@pytest.mark.parametrize("path", ALL)
def test_leave_one_out_leaves_out_one(path):
    assert load_scenario(f"S27-{path}").changes == load_scenario("S27").changes | {path: "off"}
