"""Does spirit trickle down from leader to team to employee? (M05, M06, M07, M11, M102)"""

from __future__ import annotations

from nqpf_abm.experiment.arms import arm
from nqpf_abm.experiment.claims.measures import LEADER_EMPLOYEE_SLOPE, fall
from nqpf_abm.experiment.verify import ByConstruction, Claim, Expectation

CLAIMS = (
    ByConstruction(
        "M05",
        "one style at 0 collapses the composite at p=0 and costs a quarter at p=1",
        "tests/mechanisms/test_leadership.py::"
        "test_a_missing_style_collapses_the_geometric_mean_and_costs_a_quarter_of_the_other",
    ),
    Claim(
        "M06",
        "without the leader's influence on teams the leader-employee slope falls by 40 to 65 % (M09 off)",
        arms={"on": arm({"M09": "off"}), "off": arm({"M09": "off", "M06": "off"})},
        measures=(LEADER_EMPLOYEE_SLOPE,),
        expects=(
            Expectation(
                "fall of the slope", fall("on", "off", LEADER_EMPLOYEE_SLOPE.name), "%", low=40, high=65
            ),
        ),
    ),
    Claim(
        "M07",
        "without the direct path from leader to employee the slope falls by 35 to 60 %",
        arms={"on": arm(), "off": arm({"leadership.member_from_leader": 0.0})},
        measures=(LEADER_EMPLOYEE_SLOPE,),
        expects=(
            Expectation(
                "fall of the slope", fall("on", "off", LEADER_EMPLOYEE_SLOPE.name), "%", low=35, high=60
            ),
        ),
        explanation="""At the lower edge of what is expected: since the strengths of spirit are set to the measured
        correlation (F10), more of it reaches employees through their team (our reading, not tested).""",
    ),
    ByConstruction(
        "M11",
        "the leader's zeal gone, employees' orientation halves sooner under charisma than under empowerment",
        "tests/mechanisms/test_charisma.py::test_once_the_leader_is_gone_spirit_halves_sooner_under_charisma",
    ),
    ByConstruction(
        "M102",
        "one style at 0 moves its own channel most",
        "tests/mechanisms/test_leadership.py::test_a_style_at_zero_moves_its_own_channel_most",
    ),
)
