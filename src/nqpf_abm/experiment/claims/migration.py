"""Do people leave for where the score is high? (M43)"""

from __future__ import annotations

from nqpf_abm.experiment.arms import arm
from nqpf_abm.experiment.claims.measures import TOP_OUTFLOW, difference
from nqpf_abm.experiment.verify import Claim, Expectation

CLAIMS = (
    Claim(
        "M43",
        "without the pull of the score, fewer of the top tier leave",
        arms={"on": arm(), "off": arm({"M43": "off"})},
        measures=(TOP_OUTFLOW,),
        expects=(
            Expectation(
                "outflow, less the same with M43 off",
                difference("on", "off", TOP_OUTFLOW.name),
                "% a year",
                low=0.0,
            ),
        ),
    ),
)
