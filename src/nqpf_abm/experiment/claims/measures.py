"""Numbers that claims take from finished runs, and effects they form of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from nqpf_abm.collect.entrepreneurship import LEAST_AGE, orientation_performance, top_turnover, within
from nqpf_abm.experiment.arms import YEARS
from nqpf_abm.experiment.execute import Finished, Measure
from nqpf_abm.experiment.verify import Means
from nqpf_abm.measure import gini
from nqpf_abm.state.tables import SCORE_LAGS

YEAR_ENDS = tuple(range(3, 4 * YEARS, 4))
MIDDLE = 4 * YEARS // 2
DEEDS = 3  # first measures of the index of entrepreneurship; the last is orientation itself
SMALL_FIRM = 10  # employees; below it a firm is small
HIGH_INTENSITY = 1.3  # of energy, relative to the mean of 2012: the market's ceiling of that year


def alive(table: np.ndarray) -> np.ndarray:
    """Rows in use."""
    return table[table["is_alive"] == 1]


def spirit(rows: np.ndarray) -> np.ndarray:
    """Mean of the three traits of orientation, 0 to 1; shape (n_rows,)."""
    return rows["orientation"].mean(axis=1)


def slope(x: np.ndarray, y: np.ndarray) -> float:
    """Least-squares slope of y on x, NaN if x does not vary."""
    dx = x - x.mean()
    square = float(dx @ dx)
    return float(dx @ y) / square if square > 0 else float("nan")


# ------------------------------------------------------------------------------------------------ effects


def level(arm: str, measure: str) -> Callable[[Means], float]:
    """What is measured in one arm."""
    return lambda means: means[arm][measure]


def difference(arm: str, other: str, measure: str) -> Callable[[Means], float]:
    """How much more is measured in `arm` than in `other`."""
    return lambda means: means[arm][measure] - means[other][measure]


def ratio(arm: str, other: str, measure: str) -> Callable[[Means], float]:
    """What is measured in `arm` over what is in `other`."""
    return lambda means: means[arm][measure] / means[other][measure]


def fall(before: str, after: str, measure: str) -> Callable[[Means], float]:
    """By how many per cent less is measured in `after` than in `before`."""
    return lambda means: 100.0 * (1.0 - means[after][measure] / means[before][measure])


# ----------------------------------------------------------------------------------------------- measures


def _leader_employee_slope(finished: Finished) -> float:
    state = finished.model.state
    people = alive(state.employees)
    people = people[people["firm"] >= 0]
    return slope(spirit(state.entrepreneurs)[people["firm"]], spirit(people))


LEADER_EMPLOYEE_SLOPE = Measure(
    "slope of employees' orientation on their leader's, last quarter", "1", _leader_employee_slope
)


REPLACED = 20
"""Quarter in which an experiment replaces every leader (teaching scenario T2)."""


def _half_life(finished: Finished) -> float:
    """Interpolated between quarters; the rest of the run if it never halves."""
    level = horizon(finished)["employee_orientation"].mean(axis=1) - 0.5
    left = level[REPLACED - 1 :] / level[REPLACED - 1]
    below = np.flatnonzero(left <= 0.5)
    if below.size == 0:
        return float(left.size - 1)
    k = int(below[0])
    return float(k - (0.5 - left[k]) / (left[k - 1] - left[k]))


HALF_LIFE = Measure(
    f"quarters until employees' orientation above average is half of what it was before quarter {REPLACED}",
    "quarters",
    _half_life,
)


WINDOWS = ((2014, 2018), (2018, 2022))


def _firms(finished: Finished) -> pd.DataFrame:
    """One row per firm and year, provinces by row."""
    return finished.model.results.firm_rows


def _orientation_performance(finished: Finished) -> float:
    firms = _firms(finished)
    return float(np.mean([orientation_performance(firms, *window) for window in WINDOWS]))


ORIENTATION_PERFORMANCE = Measure(
    "correlation of leaders' orientation with performance four years on (F10), mean of 2014-18 and 2018-22",
    "1",
    _orientation_performance,
)


def _top_turnover(finished: Finished) -> float:
    return 100.0 * top_turnover(_firms(finished), 2012, 2022)


TOP_TURNOVER = Measure("firms of the top decile of 2022 that were not in it in 2012", "%", _top_turnover)


def _correlation(column: str) -> Callable[[Finished], float]:
    """Of a firm's column with its leader's orientation, last year, within provinces; 0 if it does not vary."""

    def of(finished: Finished) -> float:
        firms = _firms(finished)
        firms = firms[firms["year"] == firms["year"].max()]
        x, y = (within(firms[name].astype(float), firms["province_row"]) for name in ("orientation", column))
        return float(np.corrcoef(x, y)[0, 1]) if y.std() > 0 else 0.0

    return of


LAYERS_ORIENTATION = Measure(
    "correlation of layers with the leader's orientation, last year, within provinces",
    "1",
    _correlation("layers"),
)
TAKE_UP_ORIENTATION = Measure(
    "correlation of applying for a grant with the leader's orientation, last year, within provinces",
    "1",
    _correlation("is_applicant"),
)


def _research_on_risk(finished: Finished) -> float:
    """Least squares on the three traits, among the third of firms with least cash over sales, all years pooled.

    Risk-taking goes together with innovativeness, which drives R&D, so that its slope alone would be theirs.
    """
    firms = _firms(finished)
    firms = firms[(firms["age"] >= LEAST_AGE) & (firms["sales"] > 0)]
    cash = firms["cash"] / firms["sales"]
    poor = firms[cash <= cash.quantile(1 / 3)]
    traits = poor[["risk_taking", "innovativeness", "proactiveness"]].to_numpy()
    design = np.column_stack([traits, np.ones(len(poor))])
    return 100.0 * float(np.linalg.lstsq(design, poor["rnd_share"].to_numpy(), rcond=None)[0][0])


RESEARCH_ON_RISK = Measure(
    "slope of R&D over sales on the leader's risk-taking, other traits held fixed, third of firms with least cash",
    "percentage points",
    _research_on_risk,
)


def horizon(finished: Finished) -> np.ndarray:
    return finished.model.results.series_array[finished.model.burn_in :]


def _vacancy_duration(finished: Finished) -> float:
    series = horizon(finished)
    return float(series["vacancies"].sum() / series["matches"].sum())


VACANCY_DURATION = Measure("vacancies over matches, whole run", "quarters", _vacancy_duration)


def _open_vacancies(finished: Finished) -> float:
    series = horizon(finished)
    return 100.0 * float((series["vacancies"] - series["matches"]).sum() / series["vacancies"].sum())


OPEN_VACANCIES = Measure(
    "vacancies still open at the quarter's end over all vacancies, whole run", "%", _open_vacancies
)


def _training(finished: Finished) -> float:
    """Firms of a year and more that adopted digital technology; within provinces."""
    state = finished.model.state
    rows = (
        (state.firms["is_alive"] == 1) & (state.firms["is_adopter"] == 1) & (state.firms["age"] >= LEAST_AGE)
    )
    home = pd.Series(state.firms["province"][rows])
    horizon, skill = (
        within(pd.Series(column[rows]), home)
        for column in (state.entrepreneurs["horizon"], state.firms["skill"])
    )
    return float(np.corrcoef(horizon, skill)[0, 1])


TRAINING = Measure(
    "correlation of staff's new skill with the entrepreneur's horizon, digital firms, last quarter",
    "1",
    _training,
)


def _own_margin(finished: Finished) -> float:
    series = horizon(finished)
    return 100.0 * float((series["profit"].sum() - series["csr"].sum()) / series["sales"].sum())


OWN_MARGIN = Measure("profit less what is given to society, over sales, whole run", "%", _own_margin)


def _neighbour_inflow(finished: Finished) -> float:
    series = horizon(finished)
    return 1e4 * float(series["value_neighbours"].sum() / series["sales"].sum())


NEIGHBOUR_INFLOW = Measure(
    "productivity learnt from other firms of the province in a quarter, mean over sales of the whole run",
    "10^-4 log points",
    _neighbour_inflow,
)


def _deeds(finished: Finished) -> float:
    state = finished.model.state
    start = state.world[0]["measures_start"][:DEEDS]
    if (start <= 0.0).any():
        return 1.0  # nothing is measured
    return float((state.provinces["measures"][:, :DEEDS] / start).mean())


DEEDS_INDEX = Measure(
    "index of what firms do (R&D share, speed of new products, patents), last quarter, mean of provinces",
    "relative to 2012",
    _deeds,
)


def _nqpf(finished: Finished) -> float:
    scores = finished.model.results.scores
    return float(scores.loc[scores["year"] == scores["year"].max(), "nqpf"].mean())


NQPF = Measure("NQPF of the last year, mean of provinces", "0 to 1", _nqpf)


def _two_humps(finished: Finished) -> float:
    share = alive(finished.model.state.teams)["proactive_share"]
    low, high = np.mean(share < 1 / 3), np.mean(share > 2 / 3)
    return float(min(low, high) - (1.0 - low - high))


TWO_HUMPS = Measure(
    "share of teams in the emptier outer third of acting shares, less that in the middle third, last quarter",
    "share",
    _two_humps,
)


def _productivity_growth(finished: Finished) -> float:
    state = finished.model.state
    return float((state.provinces["log_tfp"] - state.provinces["log_tfp_start"]).mean())


PRODUCTIVITY_GROWTH = Measure(
    "growth of productivity from 2012Q1 to the end, mean of provinces", "log points", _productivity_growth
)


def _entry_on_score(finished: Finished) -> float:
    """Entries per firm and quarter over their mean, on the standardised score three quarters earlier."""
    series = finished.model.results.series_array[finished.model.burn_in :]
    score = series["score"]
    spread = score.std(axis=1, keepdims=True)
    z = np.divide(
        score - score.mean(axis=1, keepdims=True), spread, out=np.zeros_like(score), where=spread > 0
    )
    lag = SCORE_LAGS - 1
    rate = series["entries"][lag:] / series["firms"][lag - 1 : -1]
    return slope(z[:-lag].ravel(), (rate / rate.mean()).ravel())


ENTRY_ON_SCORE = Measure(
    "slope of the entry rate, relative to its mean, on the lagged standardised score", "1/sd", _entry_on_score
)


def _carbon_intensive(finished: Finished) -> float:
    firms = alive(finished.model.state.firms)
    weight = finished.model.state.provinces["weight"][firms["province"]] * firms["output"]
    return 100.0 * float(weight[firms["energy_intensity"] > HIGH_INTENSITY].sum() / weight.sum())


CARBON_INTENSIVE = Measure(
    f"share of output by firms of {HIGH_INTENSITY} times the mean energy intensity of 2012, last quarter",
    "%",
    _carbon_intensive,
)


def _size_gap(finished: Finished) -> float:
    firms = alive(finished.model.state.firms)
    small = firms["staff"] < SMALL_FIRM
    return float(firms["log_tfp"][~small].mean() - firms["log_tfp"][small].mean())


SIZE_GAP = Measure(
    f"log productivity of firms of {SMALL_FIRM} employees or more, less that of smaller ones, last quarter",
    "log points",
    _size_gap,
)


def _productivity_gini(finished: Finished) -> float:
    provinces = finished.model.state.provinces
    return float(gini(np.exp(provinces["log_tfp_level"] + provinces["log_tfp"])))


PRODUCTIVITY_GINI = Measure("Gini of the provinces' productivity, last quarter", "0 to 1", _productivity_gini)


def _acceleration(finished: Finished) -> float:
    shares = []
    for state in (finished.kept[0], finished.kept[MIDDLE], finished.model.state):
        shares.append(alive(state.firms)["is_adopter"].mean())
    return 100.0 * float(shares[2] - 2.0 * shares[1] + shares[0])


ADOPTION_ACCELERATION = Measure(
    "share of adopters gained in the second half of the run, less that in the first",
    "percentage points",
    _acceleration,
    keeps=(0, MIDDLE),
)


def _conversions(finished: Finished) -> float:
    series = finished.model.results.series_array[finished.model.burn_in :]
    return float(series["achievements_converted"].sum() / series["achievements_created"].sum())


CONVERSION = Measure("achievements converted over achievements created, whole run", "share", _conversions)


def _top_outflow(finished: Finished) -> float:
    """Mean over year-end quarters; leavers of the quarter over those who were there as it began."""
    rates = []
    for state in (*finished.kept.values(), finished.model.state):
        province = state.provinces
        there = province["heads"][:, 1] + province["leavers"][:, 1] - province["arrivals"][:, 1]
        rates.append(province["leavers"][:, 1].sum() / there.sum())
    return 400.0 * float(np.mean(rates))


TOP_OUTFLOW = Measure(
    "top-tier people leaving their province in a year", "% of those there", _top_outflow, keeps=YEAR_ENDS[:-1]
)


def _carbon_per_output(finished: Finished) -> float:
    series = finished.model.results.series_array[-4:]
    return float(series["co2"].sum() / series["gdp"].sum())


CARBON_PER_OUTPUT = Measure("CO2 over GDP, last year", "Mt/10^6 yuan", _carbon_per_output)
