"""What stands in the way of the new, and where does upgrading go? (M33, M34, M37, M38, M40, M44, M49)"""

from __future__ import annotations

from nqpf_abm.experiment.arms import arm
from nqpf_abm.experiment.claims.measures import (
    CAUTIOUS_RADICAL,
    FIELD_SIMILARITY,
    HARD_TECH_ENTRY,
    RADICAL_RATE,
    RESEARCH_HORIZON,
    SEARCH_GAIN,
    TRADITIONAL_FALL,
    WINNERS_DIP,
    WINS,
    difference,
    level,
    ratio,
)
from nqpf_abm.experiment.verify import Claim, Expectation


def _yield_of_success(means) -> float:
    """Rise of productivity gained from search over the rise of wins, success of search doubled."""
    gain = means["double"][SEARCH_GAIN.name] / means["on"][SEARCH_GAIN.name] - 1.0
    wins = means["double"][WINS.name] / means["on"][WINS.name] - 1.0
    return gain / wins


CLAIMS = (
    Claim(
        "M33",
        "if firms did not look at what their province is endowed with, provinces' fields would be more alike",
        arms={"on": arm(scale=4), "blind": arm({"fields.endowment": 0.0}, scale=4)},
        measures=(FIELD_SIMILARITY,),
        expects=(
            Expectation(
                "similarity without the weight of endowments, less the same with it",
                difference("blind", "on", FIELD_SIMILARITY.name),
                "1",
                low=0.0,
            ),
        ),
    ),
    Claim(
        "M34",
        "productivity of radical winners dips against that of others, and does not if the old line is made good at once",
        arms={"on": arm(), "at once": arm({"launching.ramp": 0.0})},
        measures=(WINNERS_DIP,),
        expects=(
            Expectation("change after a radical win", level("on", WINNERS_DIP.name), "%", high=0.0),
            Expectation("the same, made good at once", level("at once", WINNERS_DIP.name), "%", low=0.0),
        ),
    ),
    Claim(
        "M37",
        "twice the success of search raises wins, and what productivity gains from search by less than half of that",
        arms={"on": arm(), "double": arm({"research.success": 0.16})},
        measures=(WINS, SEARCH_GAIN),
        expects=(
            Expectation("wins, double over default", ratio("double", "on", WINS.name), "1", low=1.0),
            Expectation("rise of gains from search over rise of wins", _yield_of_success, "1", high=0.5),
        ),
    ),
    Claim(
        "M38",
        "without sunk cost that grows and a wrong yardstick, the traditional share falls faster in resource provinces",
        arms={"on": arm(), "off": arm({"M38": "off"})},
        measures=(TRADITIONAL_FALL,),
        expects=(
            Expectation(
                "fall with M38 off, less the same with it",
                difference("off", "on", TRADITIONAL_FALL.name),
                "percentage points",
                low=0.0,
            ),
        ),
    ),
    Claim(
        "M40",
        "firms that tolerate less than half of the threshold win less than 1 % of the radical wins of the boldest model",
        arms={"cautious": arm({"tolerance.threshold": 0.4}), "bold": arm({"tolerance.threshold": 0.1})},
        measures=(CAUTIOUS_RADICAL, RADICAL_RATE),
        expects=(
            Expectation(
                "radical wins per firm below half of the threshold, over those of all firms at the lowest threshold",
                lambda means: (
                    100 * means["cautious"][CAUTIOUS_RADICAL.name] / means["bold"][RADICAL_RATE.name]
                ),
                "%",
                high=1.0,
            ),
        ),
    ),
    Claim(
        "M44",
        "with patient investors at least twice as many entrants are in hard technology",
        arms={"on": arm(), "patient": arm({"patience.short_termism": 0.0})},
        measures=(HARD_TECH_ENTRY,),
        expects=(
            Expectation(
                "share of entrants, patient over default",
                ratio("patient", "on", HARD_TECH_ENTRY.name),
                "1",
                low=2.0,
            ),
        ),
    ),
    Claim(
        "M49",
        "without the hazard of expropriation the horizon of R&D lengthens",
        arms={"on": arm(), "safe": arm({"launching.hazard": 0.0})},
        measures=(RESEARCH_HORIZON,),
        expects=(
            Expectation(
                "horizon without hazard, less the same with it",
                difference("safe", "on", RESEARCH_HORIZON.name),
                "quarters",
                low=0.0,
            ),
        ),
    ),
)
