"""Does digital technology spread in an S? (M32)"""

from __future__ import annotations

from nqpf_abm.experiment.arms import arm
from nqpf_abm.experiment.claims.measures import ADOPTION_ACCELERATION, level
from nqpf_abm.experiment.verify import Claim, Expectation

CLAIMS = (
    Claim(
        "M32",
        "adoption accelerates, and without imitation it slows down from the start",
        arms={"on": arm(), "off": arm({"M32": "off"})},
        measures=(ADOPTION_ACCELERATION,),
        expects=(
            Expectation(
                "gain of the second half less that of the first",
                level("on", ADOPTION_ACCELERATION.name),
                "percentage points",
                low=0.0,
            ),
            Expectation(
                "gain of the second half less that of the first, M32 off",
                level("off", ADOPTION_ACCELERATION.name),
                "percentage points",
                high=0.0,
            ),
        ),
    ),
)
