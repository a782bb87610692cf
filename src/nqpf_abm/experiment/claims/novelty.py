"""What stands in the way of the new, and where does upgrading go? (M33, M34, M37, M38, M40, M44, M49, M93)"""

from __future__ import annotations

import numpy as np
import pandas as pd

from nqpf_abm.experiment.arms import arm
from nqpf_abm.experiment.claims.measures import YEAR_ENDS, alive, difference, horizon, level, ratio
from nqpf_abm.experiment.execute import Finished, Measure
from nqpf_abm.experiment.verify import ByConstruction, Claim, Expectation
from nqpf_abm.state.tables import HEAVY, N_FIELDS, N_TRADITIONAL


def _field_similarity(finished: Finished) -> float:
    """Mean cosine between the provinces' shares of emerging fields, over all pairs and year-end quarters."""
    states = (*finished.kept.values(), finished.model.state)
    count = np.zeros((finished.model.state.provinces.size, N_FIELDS))
    for state in states:
        firms = alive(state.firms)
        np.add.at(count, (firms["province"], firms["field"]), 1.0)
    count = count[:, N_TRADITIONAL:]
    count = count[count.sum(axis=1) > 0]
    unit = count / np.linalg.norm(count, axis=1, keepdims=True)
    return float((unit @ unit.T)[np.triu_indices(len(unit), 1)].mean())


FIELD_SIMILARITY = Measure(
    "cosine of the mix of emerging fields between two provinces, mean of pairs, year ends pooled",
    "1",
    _field_similarity,
    keeps=YEAR_ENDS[:-1],
)


FAVOURED = 3
"""Row of the favoured field, as `distortion.field` declares it."""


def _wins_elsewhere(model) -> np.ndarray:
    """Outside the favoured field, this quarter: wins weighted, wins as they are, firms; shape (3,)."""
    firms = alive(model.state.firms)
    other = firms["field"] != FAVOURED
    weight = model.state.provinces["weight"][firms["province"]]
    return np.array([(weight * firms["wins"])[other].sum(), firms["wins"][other].sum(), other.sum()])


def _other_wins(finished: Finished) -> float:
    return float(np.sum(finished.traced[OTHER_WINS.name], axis=0)[0])


def _other_rate(finished: Finished) -> float:
    _, wins, firms = np.sum(finished.traced[OTHER_RATE.name], axis=0)
    return 100.0 * float(wins / firms)


OTHER_WINS = Measure(
    "wins in all fields but the favoured one, whole run", "weighted wins", _other_wins, trace=_wins_elsewhere
)
OTHER_RATE = Measure(
    "wins of a firm of another field, whole run",
    "per 100 firms and quarter",
    _other_rate,
    trace=_wins_elsewhere,
)


def _firms_of_the_quarter(model) -> np.ndarray:
    """What winners are followed by: columns of firms in use and when the quarter was."""
    firms = alive(model.state.firms)
    columns = ["uid", "province", "staff", "output", "radical_wins"]
    return firms[columns].copy()


AFTER = 4  # quarters over which winners are compared with the quarter before


def _winners_dip(finished: Finished) -> float:
    """Change of log output per head, mean of the `AFTER` quarters from the win on, winners less others."""
    tables = [
        pd.DataFrame({name: table[name] for name in ("uid", "province", "staff", "output", "radical_wins")})
        for table in finished.traced[WINNERS_DIP.name]
    ]
    level = [
        np.log((t["output"] / t["staff"]).where((t["staff"] >= 1) & (t["output"] > 0))).set_axis(t["uid"])
        for t in tables
    ]
    changes = []
    for now in range(1, len(tables) - AFTER + 1):
        after = pd.concat(level[now : now + AFTER], axis=1).mean(axis=1, skipna=False)
        table = tables[now].set_index("uid")
        change = (after - level[now - 1]).reindex(table.index)
        won = table["radical_wins"] > 0
        relative = (
            change - change[~won].groupby(table["province"]).mean().reindex(table["province"]).to_numpy()
        )
        changes.append(relative[won].to_numpy())
    return 100.0 * float(np.nanmean(np.concatenate(changes)))


WINNERS_DIP = Measure(
    f"change of output per head over {AFTER} quarters from a radical win on, less that of others of the province",
    "%",
    _winners_dip,
    trace=_firms_of_the_quarter,
)


def _wins(finished: Finished) -> float:
    series = horizon(finished)
    return float(series["wins"].sum() / (series["weight"] * series["firms"]).sum())


WINS = Measure("wins per firm and quarter", "1/quarter", _wins)


def _search_gain(finished: Finished) -> float:
    series = horizon(finished)
    return 400.0 * float(series["value_search"].sum() / series["sales"].sum())


SEARCH_GAIN = Measure("productivity gained from search, weighted by sales", "%/year", _search_gain)


def _traditional_fall(finished: Finished) -> float:
    """Of the provinces whose endowment for heavy industry is above the median."""
    provinces = finished.model.state.provinces
    heavy = provinces["endowment"][:, HEAVY]
    series = horizon(finished)[:, heavy > np.median(heavy)]
    new = [part["new_firms"].sum() / part["firms"].sum() for part in (series[:4], series[-4:])]
    return 100.0 * float(new[1] - new[0])


TRADITIONAL_FALL = Measure(
    "fall of the share of firms on the old trajectory from 2012 to the last year, resource provinces",
    "percentage points",
    _traditional_fall,
)


def _radical_rate(finished: Finished) -> float:
    series = horizon(finished)
    return float(series["radical_wins"].sum() / (series["weight"] * series["firms"]).sum())


RADICAL_RATE = Measure("radical wins per firm and quarter", "1/quarter", _radical_rate)


def _hard_tech_entry(finished: Finished) -> float:
    series = horizon(finished)
    return 100.0 * float(series["entries_new"].sum() / series["entries"].sum())


HARD_TECH_ENTRY = Measure(
    "entrants founded by entrepreneurs on the new trajectory over all entrants, whole run",
    "%",
    _hard_tech_entry,
)


def _research_horizon(finished: Finished) -> float:
    """R&D is aimed at incremental gains, which come at once, or at radical ones, which take 1/launch rate."""
    spent, waited = 0.0, 0.0
    for state in (*finished.kept.values(), finished.model.state):
        rows = state.firms["is_alive"] == 1
        firms, leaders = state.firms[rows], state.entrepreneurs[rows]
        rnd = firms["rnd"] * state.provinces["weight"][firms["province"]]
        spent += rnd.sum()
        waited += (rnd * leaders["radical_share"] / leaders["launch_rate"]).sum()
    return float(waited / spent)


RESEARCH_HORIZON = Measure(
    "mean quarters until R&D reaches production, weighted by R&D, year ends",
    "quarters",
    _research_horizon,
    keeps=YEAR_ENDS[:-1],
)


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
    ByConstruction(
        "M40",
        "below half of the threshold 1/257 of intended radical search goes on",
        "tests/mechanisms/test_tolerance.py::test_below_half_of_the_threshold_less_than_one_hundredth_goes_on",
    ),
    Claim(
        "M40",
        "without the pressure of quarterly earnings firms win more that is radical, and no less in all",
        arms={"on": arm(), "patient": arm({"tolerance.pressure_effect": 0.0})},
        measures=(RADICAL_RATE, WINS),
        expects=(
            Expectation(
                "radical wins, without pressure over with it",
                ratio("patient", "on", RADICAL_RATE.name),
                "1",
                low=1.0,
            ),
            Expectation(
                "wins, without pressure over with it", ratio("patient", "on", WINS.name), "1", low=0.98
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
    Claim(
        "M93",
        "where one field is favoured five times, the others win less",
        arms={"none": arm(), "five": arm({"distortion.premium": 5.0})},
        measures=(OTHER_WINS, OTHER_RATE),
        expects=(
            Expectation(
                "wins of the other fields, favoured less not",
                difference("five", "none", OTHER_WINS.name),
                "weighted wins",
                high=0.0,
            ),
            Expectation(
                "the same of one of their firms",
                difference("five", "none", OTHER_RATE.name),
                "per 100 firms and quarter",
                high=0.0,
            ),
        ),
    ),
)
