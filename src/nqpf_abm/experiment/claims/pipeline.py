"""How deep is the valley of death, and what does it cost that universities and firms differ? (M39, M46)"""

from __future__ import annotations

from nqpf_abm.experiment.arms import arm
from nqpf_abm.experiment.claims.measures import CONVERSION, PAPERS, ratio
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
        explanation="""About 1.5 times, too close to tell. Since universities differ in how near they are to what firms
        need (M46), most conversions come from the nearest, whose projects spend little time in the valley: by the
        law the factor is 1.60 where all have the mean match and 1.55 with their spread.""",
    ),
    Claim(
        "M46",
        "universities oriented as firms need convert more and write fewer papers",
        arms={"on": arm(), "equal": arm({"alignment.orientation": 0.6, "alignment.orientation_sd": 0.0})},
        measures=(CONVERSION, PAPERS),
        expects=(
            Expectation(
                "conversion, equal orientations over default",
                ratio("equal", "on", CONVERSION.name),
                "1",
                low=1.0,
            ),
            Expectation(
                "papers, equal orientations over default", ratio("equal", "on", PAPERS.name), "1", high=1.0
            ),
        ),
    ),
)
