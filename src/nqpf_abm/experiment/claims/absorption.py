"""Who learns from others, and what does that do to the gaps between them? (M30, M31)"""

from __future__ import annotations

from nqpf_abm.experiment.arms import arm
from nqpf_abm.experiment.claims.measures import PRODUCTIVITY_GINI, SIZE_GAP, difference, fall, level
from nqpf_abm.experiment.verify import Claim, Expectation

CLAIMS = (
    Claim(
        "M30",
        "large firms are ahead of small ones, and full absorption by all closes at least half of the gap",
        arms={"on": arm(), "off": arm({"M30": "off"})},
        measures=(SIZE_GAP,),
        expects=(
            Expectation("gap", level("on", SIZE_GAP.name), "log points", low=0.0),
            Expectation("fall of the gap", fall("on", "off", SIZE_GAP.name), "%", low=50.0),
        ),
        explanation="""Large firms are not ahead in this model, small ones are, by some 11 %. Absorptive capacity
        follows R&D stock per employee and skill, which differ little by size; that ideas of employees weigh
        more where there are fewer of them is our guess (not tested).""",
    ),
    Claim(
        "M31",
        "if gaps helped whatever the capacity, productivity would be less unequal between provinces",
        arms={"on": arm(), "off": arm({"M31": "off"})},
        measures=(PRODUCTIVITY_GINI,),
        expects=(
            Expectation(
                "Gini of productivity, less the same with M31 off",
                difference("on", "off", PRODUCTIVITY_GINI.name),
                "0 to 1",
                low=0.0,
            ),
        ),
    ),
)
