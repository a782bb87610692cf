"""Do entrepreneurs move markets, people and institutions? (M03, M14, M15, M16)"""

from __future__ import annotations

from nqpf_abm.experiment.arms import arm
from nqpf_abm.experiment.claims.measures import (
    NEIGHBOUR_INFLOW,
    OWN_MARGIN,
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
        explanation="""Turnover does fall, but by about half of what is claimed. What else turns over the top decile was
        not taken apart.""",
    ),
    Claim(
        "M14",
        "without entrepreneurs who bring factors together, by whom a quarter more is found on average, vacancies stay "
        "open longer",
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
        "without social responsibility firms' own margin is higher, and they learn less from their neighbours",
        arms={"on": arm(), "off": arm({"M16": "off"})},
        measures=(OWN_MARGIN, NEIGHBOUR_INFLOW),
        expects=(
            Expectation(
                "margin with M16 off, less the same with it",
                difference("off", "on", OWN_MARGIN.name),
                "percentage points",
                low=0.0,
            ),
            Expectation(
                "inflow from neighbours, less the same with M16 off",
                difference("on", "off", NEIGHBOUR_INFLOW.name),
                "10^-4 log points",
                low=0.0,
            ),
        ),
    ),
)
