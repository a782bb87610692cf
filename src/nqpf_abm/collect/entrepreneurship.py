"""Entrepreneurship at four levels: persons, teams, firms, regions (M99); and how orientation and performance go together.

Firms are noted once a year, persons and teams as they are at the end of what was run.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from nqpf_abm.state.tables import INNOVATIVENESS, PROACTIVENESS, RISK_TAKING, State

TRAITS = {"innovativeness": INNOVATIVENESS, "proactiveness": PROACTIVENESS, "risk_taking": RISK_TAKING}
LEAST_AGE = 4  # quarters: younger firms have no full year to compare


def _traits(orientation: np.ndarray) -> dict[str, np.ndarray]:
    return {name: orientation[:, k] for name, k in TRAITS.items()} | {"orientation": orientation.mean(axis=1)}


def teams_now(state: State) -> pd.DataFrame:
    """One row per team in use."""
    t = state.teams[state.teams["is_alive"] == 1]
    columns = {
        "province_row": state.firms["province"][t["firm"]],
        "firm": state.firms["uid"][t["firm"]],
        "team": t["uid"],
        "size": t["size"],
        "autonomy": t["autonomy"],
        "motivation": t["motivation"],
        "safety": t["safety"],
        "acting_share": t["proactive_share"],
    }
    return pd.DataFrame(columns | _traits(t["orientation"]))


def persons_now(state: State) -> pd.DataFrame:
    """One row per employee with a job."""
    people = state.employees[(state.employees["is_alive"] == 1) & (state.employees["firm"] >= 0)]
    columns = {
        "province_row": people["province"],
        "firm": state.firms["uid"][people["firm"]],
        "person": people["uid"],
        "acts": people["is_proactive"],
        "skill": people["skill"],
    }
    return pd.DataFrame(columns | _traits(people["orientation"]))


def within(values: pd.Series, groups: pd.Series) -> pd.Series:
    """Deviations from the mean of the own group."""
    return values - values.groupby(groups).transform("mean")


def standardised(values: pd.Series) -> pd.Series:
    """Deviations in standard deviations; 0 where nothing varies."""
    spread = values.std(ddof=0)
    return (values - values.mean()) / spread if spread > 0 else 0.0 * values


def performance(firms: pd.DataFrame, start: int, end: int) -> pd.DataFrame:
    """Firms that lived through `start` to `end` (years): orientation and leadership at the start, performance at the end.

    Performance is the mean of two standardised measures, as studies of firms' performance mostly ask for growth and
    profitability (Rauch et al. 2009): the log growth of sales from `start` to `end`, and profit over sales in `end`.
    All are deviations from the mean of the firm's province.
    """
    first = firms[(firms["year"] == start) & (firms["age"] >= LEAST_AGE)].set_index("firm")
    last = firms[firms["year"] == end].set_index("firm")
    both = first.join(last[["sales", "profit", "log_tfp"]].add_suffix("_end"), how="inner")
    both = both[(both["sales"] > 0) & (both["sales_end"] > 0)]
    group = both["province_row"]
    growth = within(np.log(both["sales_end"] / both["sales"]), group)
    margin = within((both["profit_end"] / both["sales_end"]).clip(-1, 1), group)
    return pd.DataFrame(
        {
            "orientation": within(both["orientation"], group),
            "leadership": within(both["leadership"], group),
            "growth": growth,
            "margin": margin,
            "tfp_growth": within(both["log_tfp_end"] - both["log_tfp"], group),
            "performance": (standardised(growth) + standardised(margin)) / 2,
        }
    )


def orientation_performance(firms: pd.DataFrame, start: int, end: int, outcome: str = "performance") -> float:
    """Correlation over firms of the leader's orientation with `outcome` (F10)."""
    table = performance(firms, start, end)
    return float(np.corrcoef(table["orientation"], table[outcome])[0, 1])


def top_turnover(firms: pd.DataFrame, start: int, end: int, share: float = 0.1) -> float:
    """Share of the largest firms of each province in `end` that were not among them in `start`."""

    def top(year: int) -> set:
        rows = firms[firms["year"] == year].sort_values("sales", ascending=False, kind="stable")
        place = rows.groupby("province_row").cumcount()
        number = rows.groupby("province_row")["firm"].transform("size")
        return set(rows["firm"][place < np.maximum(1, np.round(share * number))])

    now = top(end)
    return len(now - top(start)) / len(now)
