"""Does the market's green screen work, and does the digital backbone clean power? (M28, M103)"""

from __future__ import annotations

from nqpf_abm.experiment.arms import arm
from nqpf_abm.experiment.claims.measures import (
    CARBON_INTENSIVE,
    CARBON_PER_OUTPUT,
    difference,
    ratio,
)
from nqpf_abm.experiment.verify import Claim, Expectation

CLAIMS = (
    Claim(
        "M28",
        "without the market's green screen, carbon-intensive firms keep a larger share in 2022",
        arms={"on": arm(), "off": arm({"M28": "off"})},
        measures=(CARBON_INTENSIVE,),
        expects=(
            Expectation(
                "share with M28 off, less the share with it",
                difference("off", "on", CARBON_INTENSIVE.name),
                "percentage points",
                low=0.0,
            ),
        ),
        explanation="""The difference has the claimed sign, but it is small: the screen costs a firm at twice the ceiling
        five per cent of its fitness, and selection moves shares by three per cent of that a quarter.""",
    ),
    Claim(
        "M103",
        "without the digital backbone CO2 over GDP falls slower",
        arms={"on": arm(), "none": arm({"carbon.backbone_shift": 0.0})},
        measures=(CARBON_PER_OUTPUT,),
        expects=(
            Expectation(
                "CO2 over GDP of 2022, without the backbone over with it",
                ratio("none", "on", CARBON_PER_OUTPUT.name),
                "1",
                low=1.0,
            ),
        ),
    ),
)
