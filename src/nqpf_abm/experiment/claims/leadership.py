"""Does spirit trickle down from leader to team to employee? (M05, M06, M07, M11, M102)"""

from __future__ import annotations

from nqpf_abm.data.scenario_file import Event
from nqpf_abm.experiment.arms import arm
from nqpf_abm.experiment.claims.measures import (
    HALF_LIFE,
    LEADER_EMPLOYEE_SLOPE,
    REPLACED,
    difference,
    fall,
)
from nqpf_abm.experiment.verify import ByConstruction, Claim, Expectation

USUAL_CHARISMA = 0.3
"""Of founders on average."""


def inspired(charisma: float) -> tuple[Event, ...]:
    """Very entrepreneurial leaders of this charisma for five years, then the same average ones in their place."""
    return (
        Event("entrepreneurs.charisma", "set", charisma, quarter=0, lasting=True),
        Event("entrepreneurs.orientation", "set", 0.9, quarter=0),
        Event("entrepreneurs.charisma", "set", USUAL_CHARISMA, quarter=REPLACED, lasting=True),
        Event("entrepreneurs.orientation", "set", 0.5, quarter=REPLACED),
    )


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
    Claim(
        "M11",
        "when leaders are replaced, what they inspired in employees halves sooner under charisma than under "
        "empowerment",
        arms={
            "charismatic": arm(events=inspired(charisma=1.0), quarters=60),
            "empowering": arm(events=inspired(charisma=0.0), quarters=60),
        },
        measures=(HALF_LIFE,),
        expects=(
            Expectation(
                "half-life under charisma, less that under empowerment",
                difference("charismatic", "empowering", HALF_LIFE.name),
                "quarters",
                high=0.0,
            ),
        ),
        explanation="""With successors alike, spirit halves no sooner under charisma, if anything later. Charisma costs
        safety, and who is less safe is less open: they are inspired less, and so lose less once the leader is gone.
        What decides is the successor: in 8 paired seeds the half-life is 13.8 quarters where both leaders have no
        charisma, and 8.4 where both have all of it; with a successor of .3 it is 12.2 after empowerment and 12.5
        after charisma.""",
    ),
    ByConstruction(
        "M102",
        "one style at 0 moves its own channel most",
        "tests/mechanisms/test_leadership.py::test_a_style_at_zero_moves_its_own_channel_most",
    ),
)
