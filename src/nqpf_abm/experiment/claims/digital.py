"""Do data, computing power and borders between their markets do what the paper says? (M25, M26, M32, M41, M48, M91)"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from nqpf_abm.collect.entrepreneurship import within
from nqpf_abm.experiment.arms import arm
from nqpf_abm.experiment.claims.measures import ADOPTION_ACCELERATION, alive, difference, level, slope
from nqpf_abm.experiment.execute import Finished, Measure
from nqpf_abm.experiment.verify import Claim, Expectation, Means
from nqpf_abm.measure import gini

SHORT = {"compute.headroom": 0.5}
"""Operators build for half of what is asked: computing power becomes the weakest factor."""
RIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)


def _digital_size_premium(finished: Finished) -> float:
    firms = alive(finished.model.state.firms)
    firms = firms[(firms["is_adopter"] == 1) & (firms["staff"] >= 1)]
    x, y = (
        within(pd.Series(np.log(firms[name])), pd.Series(firms["province"]))
        for name in ("staff", "digital_input")
    )
    return slope(np.asarray(x), np.asarray(y))


DIGITAL_SIZE_PREMIUM = Measure(
    "elasticity of adopters' digital input in staff, last quarter, within provinces",
    "1",
    _digital_size_premium,
)


def _vacancy(finished: Finished) -> float:
    series = finished.model.results.series_array
    return 100.0 * (1.0 - float(series["compute_used"].sum() / series["compute_installed"].sum()))


VACANCY = Measure("computing capacity that stands empty, whole run, all provinces", "%", _vacancy)


def _last_year(column: str) -> Callable[[Finished], np.ndarray]:
    """Mean of a series over the last year, by province."""
    return lambda finished: finished.model.results.series_array[-4:][column].mean(axis=0)


DIGITAL_INPUT = Measure(
    "digital input, last year, mean of provinces",
    "relative to a 2012 non-adopter",
    lambda finished: float(_last_year("digital_input")(finished).mean()),
)
DATA_SHARING = Measure(
    "adopters that share their data, last year",
    "% of adopters",
    lambda finished: (
        100.0 * float(_last_year("sharing")(finished).sum() / _last_year("adopters")(finished).sum())
    ),
)
FACTORS_GINI = Measure(
    "Gini of the provinces' efficiency of factor allocation, last year",
    "0 to 1",
    lambda finished: float(gini(_last_year("efficiency_factors")(finished))),
)


def _loss(means: Means, r: str) -> float:
    """By how much digital input falls, in per cent, where computing power is short."""
    whole, short = (means[arm_][DIGITAL_INPUT.name] for arm_ in (r, f"{r}, compute short"))
    return 100.0 * (1.0 - short / whole)


def _steps(means: Means) -> list[float]:
    """Rise of sharing between one level of rights and the next."""
    shares = [means[f"rights {x:g}"][DATA_SHARING.name] for x in RIGHTS]
    return [after - before for before, after in zip(shares, shares[1:], strict=False)]


CLAIMS = (
    Claim(
        "M25",
        "data that proliferate favour the large: without it the digital lead of size shrinks",
        arms={"on": arm(), "off": arm({"M25": "off"})},
        measures=(DIGITAL_SIZE_PREMIUM,),
        expects=(
            Expectation(
                "elasticity of digital input in staff, less the same with M25 off",
                difference("on", "off", DIGITAL_SIZE_PREMIUM.name),
                "1",
                low=0.0,
            ),
        ),
    ),
    Claim(
        "M26",
        "short computing power holds up data and algorithms, and as substitutes it does not",
        arms={
            "complements": arm(),
            "complements, compute short": arm(SHORT),
            "substitutes": arm({"M26": "off"}),
            "substitutes, compute short": arm({"M26": "off"} | SHORT),
        },
        measures=(DIGITAL_INPUT,),
        expects=(
            Expectation(
                "fall of digital input where computing power is short",
                lambda means: _loss(means, "complements"),
                "%",
                low=0.0,
            ),
            Expectation(
                "the same as substitutes, less half of that as complements",
                lambda means: _loss(means, "substitutes") - 0.5 * _loss(means, "complements"),
                "percentage points",
                high=0.0,
            ),
        ),
        explanation="""Complements lose more, but substitutes lose as well, for computing power then still is a third of
        the mean. What vanishes is the loss beyond the weight of the weakest.""",
    ),
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
        explanation="""With imitation adoption accelerates. Without it few firms adopt at all; it does slow down, but by too
        little to be told from luck in thirty seeds.""",
    ),
    Claim(
        "M41",
        "with complete rights, sharing of data jumps past a threshold instead of rising in a line",
        arms={f"rights {x:g}": arm({"data.rights": x}) for x in RIGHTS},
        measures=(DATA_SHARING,),
        expects=(
            Expectation(
                "rise of sharing from no rights to complete ones",
                lambda means: sum(_steps(means)),
                "percentage points",
                low=0.0,
            ),
            Expectation(
                "largest of the four steps, less twice the step of a straight line",
                lambda means: max(_steps(means)) - 0.5 * sum(_steps(means)),
                "percentage points",
                low=0.0,
            ),
        ),
        explanation="""Sharing does jump, but firms differ in what they fear, so that the jump is spread over two of the four
        steps, and neither is twice that of a straight line.""",
    ),
    Claim(
        "M48",
        "without borders, provinces' efficiencies of factor allocation converge",
        arms={"on": arm(), "off": arm({"M48": "off"})},
        measures=(FACTORS_GINI,),
        expects=(
            Expectation(
                "Gini of the efficiency, less the same with M48 off",
                difference("on", "off", FACTORS_GINI.name),
                "0 to 1",
                low=0.0,
            ),
        ),
    ),
    Claim(
        "M91",
        "without imitation less than 15 % of computing capacity stands empty",
        arms={"on": arm(), "none": arm({"duplication.imitation": 0.0})},
        measures=(VACANCY,),
        expects=(
            Expectation("empty without imitation", level("none", VACANCY.name), "%", high=15.0),
            Expectation(
                "empty with it, less the same without",
                difference("on", "none", VACANCY.name),
                "percentage points",
                low=0.0,
            ),
        ),
        explanation="""Without imitation operators follow a demand that grows by some 5 % a quarter, and stay behind it:
        what they mean to keep free, 23 %, is never there. How much imitation empties is assumed.""",
    ),
)
