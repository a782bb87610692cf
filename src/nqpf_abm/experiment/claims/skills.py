"""How many vacancies stay open because skills do not fit? (M42)"""

from __future__ import annotations

from nqpf_abm.experiment.arms import arm
from nqpf_abm.experiment.claims.measures import OPEN_VACANCIES, VACANCY_DURATION, fall
from nqpf_abm.experiment.verify import Claim, Expectation

CLAIMS = (
    Claim(
        "M42",
        "if every skill fitted every job, vacancies would fall, but by no more than half",
        arms={"on": arm(), "fit": arm({"M42": "off"})},
        measures=(VACANCY_DURATION, OPEN_VACANCIES),
        expects=(
            Expectation(
                "fall of their duration", fall("on", "fit", VACANCY_DURATION.name), "%", low=0.0, high=50.0
            ),
            Expectation(
                "fall of those open at the quarter's end",
                fall("on", "fit", OPEN_VACANCIES.name),
                "%",
                low=0.0,
                high=50.0,
            ),
        ),
        explanation="""Their duration falls by 6 %, well within half. Of the tenth still open at the quarter's end
        more than half are open because skills do not fit: four people are without a job for each vacancy, so that
        the matching function itself keeps vacancies open in a fifth of all provinces and quarters only.""",
    ),
)
