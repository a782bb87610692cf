"""High-quality development: is life better where NQPF is higher? (M96)

An index of what NQPF is for, with equal weights, of components that are no indicators of NQPF: nothing in the model
links the two but production, selection and circulation. Each component is placed between two goalposts, declared
below and the same in every run (as the Human Development Index does), so that runs can be compared.

CO2 per head is CO2 over GDP (N11) times GDP per head: of the eight it is the one that shares a statistic with NQPF.

Left out: concentration in the core city (M50), for there are no cities within provinces, and links with partners
outside (M02, M62), for firms have no partners yet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    values: Mapping[str, np.ndarray], stock: np.ndarray, firms: np.ndarray, before: np.ndarray | None
) -> dict[str, np.ndarray]:
    """tfp_growth, young, young_surviving, pay_gini, ecosystem of a year, each (n,).

    values  yearly variables, with log_tfp_end and log_tfp_begin;  stock  (n,) of the ecosystem
    firms   of record.FIRM_YEAR, of the year and of the one before, None in the first: who survived is not known then
    """
    n = stock.size
    known = firms if before is None else before
    young = known[known["age"] < YOUNG]
    home, alive = young["province_row"], np.isin(young["firm"], firms["firm"])
    surviving = np.bincount(home[alive], minlength=n).astype(float)
    return {
        "tfp_growth": values["log_tfp_end"] - values["log_tfp_begin"],
        "young": np.bincount(home, minlength=n).astype(float),
        "young_surviving": np.full(n, np.nan) if before is None else surviving,
        "pay_gini": _pay_gini(firms, n),
        "ecosystem": stock,
    }


def _pay_gini(firms: np.ndarray, n: int) -> np.ndarray:
    """Of pay per head, every employee counted with the mean of the firm; (n,), NaN where nobody is paid."""
    home, staff, pay = (firms[name] for name in ("province_row", "staff", "pay"))
    paid = (staff > 0) & (pay > 0)
    found = np.full(n, np.nan)
    for r in range(n):
        rows = paid & (home == r)
        if rows.any():
            found[r] = gini(pay[rows], weights=staff[rows])
    return found


OF_INDEX = ("index", "coupling", "coordination")
ROWS = (*(component.name for component in COMPONENTS), *OF_INDEX)
_FORMULAS = tuple(Formula.parse(component.formula) for component in COMPONENTS)


def quality(
    years: Sequence[Mapping[str, np.ndarray]],
    firm_years: Sequence[np.ndarray],
    nqpf: np.ndarray,
    since: int = 0,
) -> tuple[np.ndarray, np.ndarray]:
    """Values and scores (0 to 1) of `ROWS`, both (n_years - since, n_rows, n), for the years from the `since`-th on.

    years       yearly variables by name, (n,) each
    firm_years  firms of each year, of record.FIRM_YEAR
    nqpf        (n_years - since, n) 0 to 1

    "index" is the mean of the scores that are known (who survived is not, in the first year and where nobody was young),
    "coupling" and "coordination" C and D with NQPF on [.01, .99].
    """
    n, n_own = nqpf.shape[1], len(COMPONENTS)
    value, score = (np.empty((len(years) - since, len(ROWS), n)) for _ in range(2))
    stock, start = np.full(n, ECOSYSTEM_START), np.maximum(years[0]["co2"], 1e-12)
    for k, values in enumerate(years):
        stock = next_ecosystem(stock, values["co2"] / start) if k else stock
        if k < since:
            continue
        own = own_variables(values, stock, firm_years[k], firm_years[k - 1] if k else None)
        y = k - since
        for j, (c, formula) in enumerate(zip(COMPONENTS, _FORMULAS, strict=True)):
            with np.errstate(divide="ignore", invalid="ignore"):
                value[y, j] = formula(values | own)
            score[y, j] = np.clip((value[y, j] - c.worst) / (c.best - c.worst), 0.0, 1.0)
        index = np.nanmean(score[y, :n_own], axis=0)
        coupled = coupling_coordination(0.01 + 0.98 * np.clip(np.column_stack([nqpf[y], index]), 0.0, 1.0))
        value[y, n_own:] = score[y, n_own:] = index, coupled.coupling, coupled.degree
    return value, score


def quality_table(
    value: np.ndarray, score: np.ndarray, years: Sequence[int], provinces: Sequence[str]
) -> pd.DataFrame:
    """year, province, component, value, unit, score: what `quality` returned, one row each."""
    units = [*(c.unit for c in COMPONENTS), *["0 to 1"] * len(OF_INDEX)]
    labels = np.indices(value.shape).reshape(3, -1)
    return pd.DataFrame(
        {
            "year": np.array(years)[labels[0]],
            "province": np.array(provinces, dtype=object)[labels[2]],
            "component": np.array(ROWS, dtype=object)[labels[1]],
            "value": value.ravel(),
            "unit": np.array(units, dtype=object)[labels[1]],
            "score": score.ravel(),
        }
    )
