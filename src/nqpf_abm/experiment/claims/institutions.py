"""Do slow rules hold back what is new, and does imbalance feed itself? (M35, M47)"""

from __future__ import annotations

from nqpf_abm.data.scenario_file import Event
from nqpf_abm.experiment.arms import arm
from nqpf_abm.experiment.claims.measures import difference, fall
from nqpf_abm.experiment.claims.resonance import quarters
from nqpf_abm.experiment.execute import Finished, Measure
from nqpf_abm.experiment.verify import Claim, Expectation, Means

SHOCK = 8  # quarter in which rights to data are lost
EARLY, LATE = (SHOCK + 4, SHOCK + 8), (40, 44)
RIGHTS_LOST = Event("provinces.data_rights", "multiply", 0.2, quarter=SHOCK)


def _radical_share(finished: Finished) -> float:
    series = quarters(finished)
    return 100.0 * float(series["radical_wins"].sum() / series["wins"].sum())


def _incremental(finished: Finished) -> float:
    """Per firm, so that provinces' weights do not matter."""
    series = quarters(finished)
    wins = (series["wins"] - series["radical_wins"]) / series["weight"]
    return 400.0 * float(wins.sum() / series["firms"].sum())


RADICAL_SHARE = Measure("radical share of wins, whole run", "%", _radical_share)
INCREMENTAL = Measure("incremental wins per 100 firms and year, whole run", "1", _incremental)


def _odds(window: tuple[int, int]):
    return lambda finished: 100.0 * float(quarters(finished)["success_probability"][slice(*window)].mean())


EARLY_ODDS = Measure(
    "odds of search in the second year after the shock, mean of provinces", "%", _odds(EARLY)
)
LATE_ODDS = Measure("odds of search in the last year, mean of provinces", "%", _odds(LATE))


def loss_grown(plain: str, shocked: str):
    """How much larger the loss from the shock is in the last year than in the second one after it."""

    def effect(means: Means) -> float:
        early, late = (means[plain][m.name] - means[shocked][m.name] for m in (EARLY_ODDS, LATE_ODDS))
        return late - early

    return effect


CLAIMS = (
    Claim(
        "M35",
        "where rules follow within a year more wins are radical, and incremental wins stay as they are",
        arms={"usual": arm(), "quick": arm({"institutions.lag": 4.0})},
        measures=(RADICAL_SHARE, INCREMENTAL),
        expects=(
            Expectation(
                "radical share of wins with quick rules, less the same with usual ones",
                difference("quick", "usual", RADICAL_SHARE.name),
                "percentage points",
                low=0.0,
            ),
            Expectation(
                "fall of incremental wins with quick rules",
                fall("usual", "quick", INCREMENTAL.name),
                "%",
                low=-3.0,
                high=3.0,
            ),
        ),
        explanation="""The radical share rises, as claimed. Incremental wins rise as well: radical wins take firms to the new
        trajectory, which spends more on R&D, and R&D finds of both kinds.""",
    ),
    Claim(
        "M47",
        "the loss from a shock to data rights grows over the years with the loop, and decays without it",
        arms={
            "loop": arm(),
            "loop, shock": arm(events=[RIGHTS_LOST]),
            "none": arm({"M47": "off"}),
            "none, shock": arm({"M47": "off"}, [RIGHTS_LOST]),
        },
        measures=(EARLY_ODDS, LATE_ODDS),
        expects=(
            Expectation(
                "loss of the last year less that of the second year after the shock",
                loss_grown("loop", "loop, shock"),
                "percentage points",
                low=0.0,
            ),
            Expectation(
                "the same without the loop",
                loss_grown("none", "none, shock"),
                "percentage points",
                high=0.0,
            ),
        ),
        explanation="""Without the loop the loss decays, as claimed. With it the loss lasts, but does not grow: what trust
        loses lowers the odds of digital firms by too little to be lost again the quarter after.""",
    ),
)
