"""Do people leave for where the score is high, and do the short-sighted train less? (M43)"""

from __future__ import annotations

from nqpf_abm.experiment.arms import arm
from nqpf_abm.experiment.claims.measures import TOP_OUTFLOW, TRAINING, difference, level
from nqpf_abm.experiment.verify import Claim, Expectation

CLAIMS = (
    Claim(
        "M43",
        "without the pull of the score, fewer of the top tier leave; staff learns more where entrepreneurs look further "
        "ahead, and without M43 it does not",
        arms={"on": arm(), "off": arm({"M43": "off"})},
        measures=(TOP_OUTFLOW, TRAINING),
        expects=(
            Expectation(
                "outflow, less the same with M43 off",
                difference("on", "off", TOP_OUTFLOW.name),
                "% a year",
                low=0.0,
            ),
            Expectation("correlation of skill with horizon", level("on", TRAINING.name), "1", low=0.0),
            Expectation("correlation, M43 off", level("off", TRAINING.name), "1", low=-0.05, high=0.05),
        ),
    ),
)
