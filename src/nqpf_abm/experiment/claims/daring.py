"""Do firms dare more and learn more from each other under funds for risk, safeguards and chain leaders? (M70, M75, M79)"""

from __future__ import annotations

from nqpf_abm.experiment.arms import arm
from nqpf_abm.experiment.claims.measures import difference, ratio
from nqpf_abm.experiment.claims.policy import last_years, under
from nqpf_abm.experiment.execute import Finished, Measure
from nqpf_abm.experiment.verify import Claim, Expectation, Means


def _sum(column: str):
    return lambda finished: float(last_years(finished, column).sum())


RADICAL = Measure("radical wins, last five years", "weighted wins", _sum("radical_wins"))
INCREMENTAL = Measure(
    "incremental wins, last five years",
    "weighted wins",
    lambda finished: float((last_years(finished, "wins") - last_years(finished, "radical_wins")).sum()),
)
TOLERANCE = Measure(
    "tolerance of failure, last five years",
    "0 to 1",
    lambda finished: float(finished.model.results.series_array[-20:]["tolerance"].mean()),
)


def _learnt(level: int):
    def of(finished: Finished) -> float:
        rows = finished.model.regions["echelon"].to_numpy() == level
        learnt, sold = (last_years(finished, column)[rows].sum() for column in ("value_neighbours", "sales"))
        return 1e4 * float(learnt / sold)

    return of


LEARNT_FIRST, LEARNT_THIRD = (
    Measure(
        f"productivity learnt from other firms in a quarter, last five years, echelon {level}",
        "10^-4 log points",
        _learnt(level),
    )
    for level in (1, 3)
)


def rise(means: Means, measure: str, with_: str = "with", without: str = "without") -> float:
    return 100.0 * (means[with_][measure] / means[without][measure] - 1.0)


def lead(first: str, second: str, share: float = 1.0):
    """Rise of one measure, in %, less `share` of that of another."""
    return lambda means: rise(means, first) - share * rise(means, second)


def pair(*instruments: str):
    return {"without": arm(), "with": under(*instruments)}


CLAIMS = (
    Claim(
        "M70",
        "a fund for risk raises tolerance and radical wins; one that bears everything brings fewer than at 60 %",
        arms=pair("M70") | {"all borne": under("M70", changes={"compensation.bears": 1.0})},
        measures=(TOLERANCE, RADICAL),
        expects=(
            Expectation(
                "tolerance, with less without", difference("with", "without", TOLERANCE.name), "1", low=0.0
            ),
            Expectation(
                "radical wins, with over without", ratio("with", "without", RADICAL.name), "1", low=1.0
            ),
            Expectation(
                "radical wins, all borne over 60 %", ratio("all borne", "with", RADICAL.name), "1", high=1.0
            ),
        ),
    ),
    Claim(
        "M75",
        "under chain leaders firms learn more from each other; the third echelon gains less than half as much as the first",
        arms=pair("M75"),
        measures=(LEARNT_FIRST, LEARNT_THIRD),
        expects=(
            Expectation(
                "learnt in the first echelon, with over without",
                ratio("with", "without", LEARNT_FIRST.name),
                "1",
                low=1.0,
            ),
            Expectation(
                "rise in the third echelon less half of that in the first",
                lead(LEARNT_THIRD.name, LEARNT_FIRST.name, 0.5),
                "percentage points",
                high=0.0,
            ),
        ),
    ),
    Claim(
        "M79",
        "under legal safeguards radical wins rise, incremental ones hardly change",
        arms=pair("M79"),
        measures=(RADICAL, INCREMENTAL),
        expects=(
            Expectation(
                "radical wins, with over without", ratio("with", "without", RADICAL.name), "1", low=1.0
            ),
            Expectation(
                "incremental wins, with over without",
                ratio("with", "without", INCREMENTAL.name),
                "1",
                low=0.95,
                high=1.05,
            ),
        ),
    ),
)
