"""Do packages made for each echelon beat the same money spent alike, or with the echelons swapped? (M90)"""

from __future__ import annotations

from dataclasses import replace

from nqpf_abm.data.scenario_file import load_scenario
from nqpf_abm.experiment.arms import Arm, arm
from nqpf_abm.experiment.claims.measures import NQPF, difference
from nqpf_abm.experiment.claims.policy import END, START
from nqpf_abm.experiment.verify import Claim, Expectation
from nqpf_abm.state.instruments import INSTRUMENTS


def _package(scenario: str) -> Arm:
    """The policies that a scenario adds to the baseline, in force from 2013 on."""
    plans = load_scenario(scenario).policies_beside(load_scenario("baseline"))
    return arm(policies=tuple(replace(plan, start=START, end=END) for plan in plans))


CLAIMS = (
    Claim(
        "M90",
        "packages by echelon bring more NQPF than a uniform one and than the same with the echelons swapped, at equal cost",
        arms={"uniform": _package("S30"), "echelon": _package("S31"), "swapped": _package("S32")},
        measures=(NQPF,),
        expects=(
            Expectation(
                "by echelon less uniform", difference("echelon", "uniform", NQPF.name), "0 to 1", low=0.0
            ),
            Expectation(
                "by echelon less swapped", difference("echelon", "swapped", NQPF.name), "0 to 1", low=0.0
            ),
        ),
        neutral={id_: "off" for id_ in INSTRUMENTS},
        explanation="""Neither is told from luck. Costs are equal as planned, in per cent of each province's output. Which
        instruments stand for which task of an echelon is our choice, so that this speaks of these menus alone.""",
    ),
)
