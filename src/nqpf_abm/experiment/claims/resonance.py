"""Do the efficiencies measure what they name, and does their resonance show? (M18 to M23)"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nqpf_abm.experiment.arms import arm
from nqpf_abm.experiment.claims.measures import PRODUCTIVITY_GINI, difference, level, ratio
from nqpf_abm.experiment.execute import Finished, Measure
from nqpf_abm.experiment.verify import ByConstruction, Claim, Expectation
from nqpf_abm.measure import gini

EFFICIENCIES = ("efficiency_revolution", "efficiency_factors", "efficiency_transition")


def quarters(finished: Finished) -> np.ndarray:
    """Recorded quarters from 2012 on, (n_quarters, n_provinces)."""
    return finished.model.results.series_array[finished.model.burn_in :]


def mean_of(column: str, first: int = 0, last: int | None = None) -> Callable[[Finished], float]:
    """Mean of a recorded column over provinces and the quarters from `first` to before `last`."""
    return lambda finished: float(quarters(finished)[column][first:last].mean())


LAST_FACTORS = Measure(
    "efficiency of factor allocation, last year, mean of provinces", "0 to 1", mean_of(EFFICIENCIES[1], -4)
)
LAST_RESONANCE = Measure(
    "resonance less 1, last year, mean of provinces", "1", lambda f: mean_of("resonance", -4)(f) - 1
)
BREADTH = Measure("breadth of wins across fields, whole run, mean of provinces", "0 to 1", mean_of("breadth"))
SUSTAINABILITY = Measure(
    "green orientation of wins, whole run, mean of provinces", "0 to 1", mean_of("sustainability")
)


def _nqpf_gini(finished: Finished) -> float:
    scores = finished.model.results.scores
    return float(gini(scores.loc[scores["year"] == scores["year"].max(), "nqpf"].to_numpy()))


NQPF_GINI = Measure("Gini of the provinces' NQPF, last year", "0 to 1", _nqpf_gini)


def _triple(finished: Finished) -> float:
    """Growth of log NQPF on the three efficiencies of the year before (standardised), their products, all three."""
    scores = finished.model.results.scores.pivot(index="year", columns="province", values="nqpf")
    scores = scores[list(finished.model.results.provinces)].to_numpy()
    growth = np.diff(np.log(scores), axis=0).ravel()
    series = quarters(finished)
    yearly = [series[name].reshape(-1, 4, series.shape[1]).mean(axis=1)[:-1].ravel() for name in EFFICIENCIES]
    a, b, c = ((x - x.mean()) / x.std() if x.std() > 0 else 0.0 * x for x in yearly)
    if not (a.any() and b.any() and c.any()):
        return 0.0
    table = np.column_stack([np.ones_like(a), a, b, c, a * b, a * c, b * c, a * b * c])
    return 100.0 * float(np.linalg.lstsq(table, growth, rcond=None)[0][-1])


TRIPLE = Measure(
    "coefficient of the product of the three efficiencies in the growth of log NQPF, provinces and years pooled",
    "per cent",
    _triple,
)

CLAIMS = (
    ByConstruction(
        "M18",
        "without knowledge kept from failures the efficiency of technological revolution is at its floor, and that of "
        "industrial transition as it was",
        "tests/mechanisms/test_efficiency.py::test_firms_without_lessons_lower_the_first_efficiency_alone",
    ),
    ByConstruction(
        "M19",
        "without liquidity of data the efficiency of factor allocation is at its floor",
        "tests/mechanisms/test_efficiency.py::"
        "test_without_liquidity_factor_allocation_falls_to_the_floor_and_the_others_stay",
    ),
    Claim(
        "M19",
        "where nobody has rights to data the efficiency of factor allocation is lower, and with it more than half of "
        "resonance is gone",
        arms={"on": arm(), "no rights": arm({"data.rights": 0.0})},
        measures=(LAST_FACTORS, LAST_RESONANCE),
        expects=(
            Expectation(
                "efficiency without rights, less the same with them",
                difference("no rights", "on", LAST_FACTORS.name),
                "0 to 1",
                high=0.0,
            ),
            Expectation(
                "resonance less 1, without rights over with them",
                ratio("no rights", "on", LAST_RESONANCE.name),
                "1",
                high=0.5,
            ),
        ),
    ),
    Claim(
        "M20",
        "without the carbon standard wins are broader across fields and less green",
        arms={"on": arm(), "no standard": arm({"M28": "off"})},
        measures=(BREADTH, SUSTAINABILITY),
        expects=(
            Expectation(
                "breadth without the standard, less the same with it",
                difference("no standard", "on", BREADTH.name),
                "0 to 1",
                low=0.0,
            ),
            Expectation(
                "green orientation without the standard, less the same with it",
                difference("no standard", "on", SUSTAINABILITY.name),
                "0 to 1",
                high=0.0,
            ),
        ),
        explanation="""Green orientation falls, as claimed. Breadth does not move: in this model the carbon standard turns
        search green within the firm's own field, so that it narrows no fields that its removal could open again.""",
    ),
    Claim(
        "M21",
        "NQPF grows more where the three efficiencies come together, and without resonance it does not",
        arms={"on": arm(), "off": arm({"M21": "off"})},
        measures=(TRIPLE,),
        expects=(
            Expectation("coefficient of the triple product", level("on", TRIPLE.name), "per cent", low=0.0),
            Expectation(
                "coefficient of the triple product, less the same without resonance",
                difference("on", "off", TRIPLE.name),
                "per cent",
                low=0.0,
            ),
        ),
        explanation="""Yearly growth of a province's NQPF is mostly luck and follows many other things: the error of the
        coefficient is as large as what resonance could add.""",
    ),
    ByConstruction(
        "M22",
        "an efficiency below half of its threshold leaves less than 5 % of the largest resonance",
        "tests/mechanisms/test_resonance.py::"
        "test_an_efficiency_below_half_of_its_threshold_leaves_less_than_five_per_cent",
    ),
    Claim(
        "M22",
        "thresholds widen the gaps between provinces' productivity",
        arms={"on": arm(), "off": arm({"M22": "off"})},
        measures=(PRODUCTIVITY_GINI,),
        expects=(
            Expectation(
                "Gini of productivity, less the same with M22 off",
                difference("on", "off", PRODUCTIVITY_GINI.name),
                "0 to 1",
                low=0.0,
            ),
        ),
        explanation="""Not told from none in thirty seeds. Laggards catch up from the frontier and leaders beyond it find
        less, so that what thresholds take from search shows little in productivity (our guess, not tested).""",
    ),
    Claim(
        "M23",
        "where resonance needs no institutions, provinces are less unequal",
        arms={"on": arm(), "off": arm({"M23": "off"})},
        measures=(NQPF_GINI, PRODUCTIVITY_GINI),
        expects=(
            Expectation(
                "Gini of NQPF, less the same with M23 off",
                difference("on", "off", NQPF_GINI.name),
                "0 to 1",
                low=0.0,
            ),
            Expectation(
                "Gini of productivity, less the same with M23 off",
                difference("on", "off", PRODUCTIVITY_GINI.name),
                "0 to 1",
                low=0.0,
            ),
        ),
        explanation="""Not told from none in thirty seeds: resonance that depends on institutions favours search in the first
        echelon, and catching up from the frontier works against it (our guess, not tested).""",
    ),
)
