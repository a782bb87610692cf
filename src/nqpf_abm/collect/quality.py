"""High-quality development: is life better where NQPF is higher? (M96)

An index of what NQPF is for, with equal weights, of components that are no indicators of NQPF: nothing in the model
links the two but production, selection and circulation. Each component is placed between two goalposts, declared
below and the same in every run (as the Human Development Index does), so that runs can be compared.

CO2 per head is CO2 over GDP (N11) times GDP per head: of the eight it is the one that shares a statistic with NQPF.

Left out: concentration in the core city (M50), for there are no cities within provinces, and links with partners
outside (M02, M62), for firms have no partners yet.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from nqpf_abm.data.formula import Formula
from nqpf_abm.measure import gini
from nqpf_abm.measure.coupling import coupling_coordination

YOUNG = 12  # quarters of age, below which a firm is an entrant
RECOVERY = 0.05  # of what is lost of the ecosystem, a year (assumed)
ECOSYSTEM_START = 0.7  # 0 to 1, in 2012, where recovery and the load of that year balance (assumed)


@dataclass(frozen=True)
class Component:
    """A component of the index: 0 at `worst`, 1 at `best`. `formula` is over yearly variables and those below."""

    name: str
    dimension: str
    formula: str
    unit: str
    worst: float
    best: float


COMPONENTS = (
    Component("TFP growth", "innovation", "tfp_growth", "log points/year", -0.02, 0.1),
    Component("entrant survival", "innovation", "young_surviving / young", "share a year", 0.8, 1.0),
    Component("pay Gini", "coordination", "pay_gini", "0 to 1", 0.3, 0.0),
    Component("ecosystem", "green", "ecosystem", "0 to 1", 0.2, 1.0),
    Component("CO2 per head", "green", "co2 / residents * 1000000", "t", 30.0, 0.0),
    Component("extra-regional trade", "open", "exports / gdp", "share of GDP", 0.0, 1.2),
    Component("labour share", "shared", "labour_income / sales", "share of sales", 0.3, 0.7),
    Component("employment", "shared", "1 - unemployment_rate", "share", 0.7, 1.0),
)
"""Formulas are over the yearly variables of `collect.record` and the six that `own_variables` makes."""

NOT_MEASURED = {
    "core concentration": "no cities within provinces (M50)",
    "external links": "no partners (M02, M62)",
}


def next_ecosystem(stock, load):
    """Stock of the ecosystem after a year: it recovers, and is worn by CO2 relative to 2012; 0 to 1.

    By hand: stock .7 and the load of 2012 keep .7.
    """
    wear = RECOVERY * (1.0 - ECOSYSTEM_START) / ECOSYSTEM_START
    return np.clip(stock + RECOVERY * (1.0 - stock) - wear * load * stock, 0.0, 1.0)


def own_variables(
    years: list[dict[str, np.ndarray]], firms: pd.DataFrame, n: int
) -> list[dict[str, np.ndarray]]:
    """Per year: tfp_growth, young, young_surviving, pay_gini, ecosystem; from yearly variables and tables of firms.

    years  yearly variables, with log_tfp_end and log_tfp_begin;  firms  one row per firm and year, province_row
    """
    made = []
    stock = np.full(n, ECOSYSTEM_START)
    start = np.maximum(years[0]["co2"], 1e-12)
    by_year = [part for _, part in firms.groupby("year")]
    for k, values in enumerate(years):
        now, before = by_year[k], by_year[max(k - 1, 0)]
        is_young = before["age"].to_numpy() < YOUNG
        alive = np.isin(before["firm"].to_numpy()[is_young], now["firm"].to_numpy())
        home = before["province_row"].to_numpy()[is_young]
        stock = next_ecosystem(stock, values["co2"] / start) if k else stock
        made.append(
            {
                "tfp_growth": values["log_tfp_end"] - values["log_tfp_begin"],
                "young": np.bincount(home, minlength=n).astype(float),
                "young_surviving": np.bincount(home[alive], minlength=n).astype(float)
                if k
                else np.full(n, np.nan),
                "pay_gini": _pay_gini(now, n),
                "ecosystem": stock,
            }
        )
    return made


def _pay_gini(firms: pd.DataFrame, n: int) -> np.ndarray:
    """Of pay per head, every employee counted with the mean of the firm; (n,), NaN where nobody is paid."""
    home, staff, pay = (firms[name].to_numpy() for name in ("province_row", "staff", "pay"))
    paid = (staff > 0) & (pay > 0)
    found = np.full(n, np.nan)
    for r in range(n):
        rows = paid & (home == r)
        if rows.any():
            found[r] = gini(pay[rows], weights=staff[rows])
    return found


def quality(years: list[dict[str, np.ndarray]], firms: pd.DataFrame, nqpf: np.ndarray, provinces: list[str]):
    """year, province, component, value, unit, score (0 to 1); then the index and its coupling with NQPF.

    years  yearly variables by name, (n_provinces,) each, with "year";  nqpf  (n_years, n_provinces), 0 to 1

    Rows "index" hold the mean of the scores that are known (who survived is not, in the first year and where
    nobody was young), "coupling" and "coordination" C and D with NQPF on [.01, .99].
    """
    names, units = [c.name for c in COMPONENTS], [c.unit for c in COMPONENTS]
    of_index = ["index", "coupling", "coordination"]
    rows = [*names, *of_index]
    value, score = (np.empty((len(years), len(rows), len(provinces))) for _ in range(2))
    n_own = len(COMPONENTS)
    for k, (values, own) in enumerate(zip(years, own_variables(years, firms, len(provinces)), strict=True)):
        for j, c in enumerate(COMPONENTS):
            with np.errstate(divide="ignore", invalid="ignore"):
                value[k, j] = Formula.parse(c.formula)(values | own)
            score[k, j] = np.clip((value[k, j] - c.worst) / (c.best - c.worst), 0.0, 1.0)
        index = np.nanmean(score[k, :n_own], axis=0)
        coupled = coupling_coordination(0.01 + 0.98 * np.clip(np.column_stack([nqpf[k], index]), 0.0, 1.0))
        value[k, n_own:] = score[k, n_own:] = index, coupled.coupling, coupled.degree
    shape = value.shape
    labels = np.indices(shape).reshape(3, -1)
    return pd.DataFrame(
        {
            "year": np.array([values["year"] for values in years])[labels[0]],
            "province": np.array(provinces, dtype=object)[labels[2]],
            "component": np.array(rows, dtype=object)[labels[1]],
            "value": value.ravel(),
            "unit": np.array([*units, *["0 to 1"] * len(of_index)], dtype=object)[labels[1]],
            "score": score.ravel(),
        }
    )
