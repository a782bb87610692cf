"""Does behaviour spread within teams, and do employees' ideas carry value? (M08, M09, M45)"""

from __future__ import annotations

from nqpf_abm.experiment.arms import arm
from nqpf_abm.experiment.claims.measures import (
    PRODUCTIVITY_GROWTH,
    TWO_HUMPS,
    fall,
    level,
)
from nqpf_abm.experiment.verify import ByConstruction, Claim, Expectation

CLAIMS = (
    Claim(
        "M08",
        "teams' acting shares are bimodal, and without contagion they are not",
        arms={"on": arm(), "off": arm({"M08": "off"})},
        measures=(TWO_HUMPS,),
        expects=(
            Expectation("emptier outer third less the middle", level("on", TWO_HUMPS.name), "share", low=0.0),
            Expectation(
                "emptier outer third less the middle, M08 off",
                level("off", TWO_HUMPS.name),
                "share",
                high=0.0,
            ),
        ),
    ),
    Claim(
        "M09",
        "ideas of employees carry part of the growth of productivity, which goes without them",
        arms={"on": arm(), "off": arm({"M09": "off"})},
        measures=(PRODUCTIVITY_GROWTH,),
        expects=(
            Expectation(
                "share of productivity growth lost", fall("on", "off", PRODUCTIVITY_GROWTH.name), "%", low=0.0
            ),
        ),
    ),
    ByConstruction(
        "M45",
        "every layer passes on the same share of ideas: six accept .7^6 = .12, one .7",
        "tests/mechanisms/test_proactivity.py::test_layers_accept_what_sah_and_stiglitz_say",
    ),
)
