"""Who learns from others, and what does that do to the gaps between them? (M30, M31)"""

from __future__ import annotations

from nqpf_abm.experiment.arms import arm
from nqpf_abm.experiment.claims.measures import PRODUCTIVITY_GINI, SIZE_GAP, difference, level
from nqpf_abm.experiment.verify import Claim, Expectation

CLAIMS = (
    Claim(
        "M30",
        "large firms are ahead of small ones, and full absorption by all closes at least half of the gap",
        arms={"on": arm(), "off": arm({"M30": "off"})},
        measures=(SIZE_GAP,),
        expects=(
            Expectation("gap", level("on", SIZE_GAP.name), "log points", low=0.0),
            Expectation(
                "gap with M30 off, less half of the gap with it",
                lambda means: means["off"][SIZE_GAP.name] - 0.5 * means["on"][SIZE_GAP.name],
                "log points",
                high=0.0,
            ),
        ),
        explanation="""In this model there is hardly a gap to close: capacity follows R&D stock per employee and
        skill, which differ little by size, so large firms absorb hardly more than small ones (.67 against .64
        at the end of the run with seed 1).""",
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
