"""Do entrepreneurs move markets, people and institutions? (M03, M14, M15, M16)"""

from __future__ import annotations

from nqpf_abm.experiment.arms import arm
from nqpf_abm.experiment.claims.measures import (
    OWN_MARGIN,
    PRODUCTIVITY_GROWTH,
    TAKE_UP_ORIENTATION,
    TOP_TURNOVER,
    VACANCY_DURATION,
    difference,
    fall,
    level,
)
from nqpf_abm.experiment.verify import Claim, Expectation

CLAIMS = (
    Claim(
        "M03",
        "without alertness to niches, turnover in the top decile falls by 30 % or more",
        arms={"on": arm(), "off": arm({"M03": "off"})},
        measures=(TOP_TURNOVER,),
        expects=(Expectation("fall of turnover", fall("on", "off", TOP_TURNOVER.name), "%", low=30.0),),
        explanation="""Turnover does fall, but by far less: most of it, we think, comes from luck in search, entry
        and exit, which do not depend on who sees niches (not measured).""",
    ),
    Claim(
        "M14",
        "without entrepreneurs who bring factors together, vacancies stay open longer",
        arms={"on": arm(), "off": arm({"M14": "off"})},
        measures=(VACANCY_DURATION,),
        expects=(
            Expectation(
                "duration with M14 off, less the same with it",
                difference("off", "on", VACANCY_DURATION.name),
                "quarters",
                low=0.0,
            ),
        ),
    ),
    Claim(
        "M15",
        "entrepreneurial firms take up policy more often, and without M15 they do not",
        arms={"on": arm(), "off": arm({"M15": "off"})},
        measures=(TAKE_UP_ORIENTATION,),
        expects=(
            Expectation("correlation", level("on", TAKE_UP_ORIENTATION.name), "1", low=0.0),
            Expectation(
                "correlation, M15 off", level("off", TAKE_UP_ORIENTATION.name), "1", low=-0.05, high=0.05
            ),
        ),
    ),
    Claim(
        "M16",
        "without social responsibility firms' own margin is higher, and productivity, which neighbours' "
        "knowledge feeds, grows less",
        arms={"on": arm(), "off": arm({"M16": "off"})},
        measures=(OWN_MARGIN, PRODUCTIVITY_GROWTH),
        expects=(
            Expectation(
                "margin with M16 off, less the same with it",
                difference("off", "on", OWN_MARGIN.name),
                "percentage points",
                low=0.0,
            ),
            Expectation(
                "growth of productivity, less the same with M16 off",
                difference("on", "off", PRODUCTIVITY_GROWTH.name),
                "log points",
                low=0.0,
            ),
        ),
        explanation="""The margin is higher without it, as claimed. What partners learn is not recorded by itself, and
        in the growth of productivity, which it feeds, the difference is too small to tell from zero.""",
    ),
)
