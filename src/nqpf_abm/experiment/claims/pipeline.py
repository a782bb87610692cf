"""How deep is the valley of death? (M39)"""

from __future__ import annotations

from nqpf_abm.experiment.arms import arm
from nqpf_abm.experiment.claims.measures import CONVERSION, ratio
from nqpf_abm.experiment.verify import Claim, Expectation

CLAIMS = (
    Claim(
        "M39",
        "without the dip at TRL 4 to 6 conversion is at least 1.5 times as high",
        arms={"on": arm(), "off": arm({"M39": "off"})},
        measures=(CONVERSION,),
        expects=(
            Expectation(
                "conversion with M39 off over the same with it",
                ratio("off", "on", CONVERSION.name),
                "1",
                low=1.5,
            ),
        ),
    ),
)
