"""Do risk-taking, spirit as such and layers show? (M98, M99, M101)"""

from __future__ import annotations

from nqpf_abm.experiment.arms import arm
from nqpf_abm.experiment.claims.measures import (
    DEEDS_INDEX,
    LAYERS_ORIENTATION,
    RESEARCH_ON_RISK,
    difference,
    level,
)
from nqpf_abm.experiment.verify import Claim, Expectation

CLAIMS = (
    Claim(
        "M98",
        "R&D of cash-poor firms rises with risk-taking, because banks lend to those who take risks",
        arms={"on": arm(), "off": arm({"credit.risk_effect": 0.0})},
        measures=(RESEARCH_ON_RISK,),
        expects=(
            Expectation("slope", level("on", RESEARCH_ON_RISK.name), "percentage points", low=0.0),
            Expectation(
                "slope without the risk-taking term, less half of the slope with it",
                lambda means: means["off"][RESEARCH_ON_RISK.name] - 0.5 * means["on"][RESEARCH_ON_RISK.name],
                "percentage points",
                high=0.0,
            ),
        ),
        neutral={"credit.risk_effect": 0.0},
        explanation="""R&D is about one per cent of sales, so that even cash-poor firms pay for most of it
        themselves: loans pay for less than .2 % of firms' R&D (seeds 1 to 4). Credit rarely binds.""",
    ),
    Claim(
        "M99",
        "the index shows more than opinions: what firms do rises when leaders' orientation rises by one standard "
        "deviation, and only because orientation acts (M01)",
        arms={
            "on": arm(),
            "raised": arm({"shock.leaders": 1.0}),
            "M01 off": arm({"M01": "off"}),
            "M01 off, raised": arm({"M01": "off", "shock.leaders": 1.0}),
        },
        measures=(DEEDS_INDEX,),
        expects=(
            Expectation(
                "deeds with raised orientation, less the same without",
                difference("raised", "on", DEEDS_INDEX.name),
                "relative to 2012",
                low=0.0,
            ),
            Expectation(
                "the same difference with M01 off, less half of it",
                lambda means: (
                    means["M01 off, raised"][DEEDS_INDEX.name]
                    - means["M01 off"][DEEDS_INDEX.name]
                    - 0.5 * (means["raised"][DEEDS_INDEX.name] - means["on"][DEEDS_INDEX.name])
                ),
                "relative to 2012",
                high=0.0,
            ),
        ),
        explanation="""Deeds do rise, but with M01 off as much: orientation also takes up grants, which pay for R&D. With
        M15 off as well a quarter of the rise is left (.011 of .047, 12 seeds).""",
    ),
    Claim(
        "M101",
        "firms of entrepreneurial leaders have fewer layers, and without M101 they do not",
        arms={"on": arm(), "off": arm({"M101": "off"})},
        measures=(LAYERS_ORIENTATION,),
        expects=(
            Expectation("correlation", level("on", LAYERS_ORIENTATION.name), "1", high=0.0),
            Expectation(
                "correlation, M101 off", level("off", LAYERS_ORIENTATION.name), "1", low=-0.05, high=0.05
            ),
        ),
        explanation="""With M101 on the correlation is clear. With it off, the small one that is left lies within .05 by
        its own interval, but not beyond doubt among so many parts tested together.""",
    ),
)
