"""Does an entrepreneur's orientation show in what the firm achieves, and in the region? (M01, M13)"""

from __future__ import annotations

from nqpf_abm.experiment.arms import arm
from nqpf_abm.experiment.claims.measures import NQPF, ORIENTATION_PERFORMANCE, level
from nqpf_abm.experiment.verify import Claim, Expectation

RAISED = {"shock.leaders": 1.0}
"""Leaders one standard deviation more entrepreneurial from 2012 on."""

CLAIMS = (
    Claim(
        "M01",
        "leaders' orientation goes with their firms' performance as strongly as in meta-analysis, and only through M01",
        arms={"on": arm(), "off": arm({"M01": "off"})},
        measures=(ORIENTATION_PERFORMANCE,),
        expects=(
            Expectation("correlation", level("on", ORIENTATION_PERFORMANCE.name), "1", low=0.20, high=0.28),
            Expectation(
                "correlation, M01 off", level("off", ORIENTATION_PERFORMANCE.name), "1", low=-0.05, high=0.05
            ),
        ),
        explanation="""M01 is not the only way from orientation to performance: alert entrepreneurs also see and
        take niches (M03), which M01's switch leaves alone. With M03 off as well the correlation is .03
        (experiments/central_claim.py).""",
    ),
    Claim(
        "M13",
        "without the innovation pathway, leaders one standard deviation more entrepreneurial move NQPF less",
        arms={
            "on": arm(),
            "on, raised": arm(RAISED),
            "off": arm({"M13": "off"}),
            "off, raised": arm({"M13": "off"} | RAISED),
        },
        measures=(NQPF,),
        expects=(
            Expectation(
                "effect of raised orientation on NQPF 2022, less the same with M13 off",
                lambda means: (
                    means["on, raised"][NQPF.name]
                    - means["on"][NQPF.name]
                    - means["off, raised"][NQPF.name]
                    + means["off"][NQPF.name]
                ),
                "0 to 1",
                low=0.0,
            ),
        ),
    ),
)
