"""A scenario that contrasts arms: every arm on the same seeds, followed quarter by quarter."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from nqpf_abm.data.scenario import Scenario
from nqpf_abm.ecosystem import Ecosystem
from nqpf_abm.errors import InputError
from nqpf_abm.experiment.arms import YEARS, arm
from nqpf_abm.experiment.execute import Measure, Point, execute

FOLLOWED: dict[str, tuple[str, str]] = {
    "leader_spirit": ("mean orientation of leaders", "0 to 1"),
    "team_spirit": ("mean orientation of teams", "0 to 1"),
    "employee_spirit": ("mean orientation of employees with a job", "0 to 1"),
    "slope": ("slope of employees' orientation on their leader's", "1"),
    "acting_share": ("employees acting beyond their job", "share"),
    "ideas_raised": ("ideas raised per 1,000 employees", "1/quarter"),
    "ideas_accepted": ("of which passed every layer", "1/quarter"),
    "idea_wait": ("wait of accepted ideas", "quarters"),
    "productivity": ("log productivity since 2012Q1, mean of provinces", "log points"),
    "factor_efficiency": ("efficiency of factor allocation, mean of provinces", "0 to 1"),
    "resonance": ("resonance of efficiencies less 1, mean of provinces", "1"),
}
GROUPS = 5
"""Fifths of employees by their leader's orientation: ``leader_spirit_1`` ... and ``employee_spirit_1`` ..."""
QUARTERS = 4
"""Of provinces by efficiency of factor allocation: ``factor_efficiency_1`` ... and ``resonance_1`` ..."""


@dataclass(frozen=True, eq=False)
class Contrast:
    """What came of a scenario with arms.

    table    arm, seed, quarter (0 the first of the base year), measure, value, unit: what was followed
    summary  measure, unit, arm, mean at the end, difference from the first arm, and its 95 % interval
    failed   runs that failed, in words
    """

    table: pd.DataFrame
    summary: pd.DataFrame
    failed: tuple[str, ...]


def follow(model: Ecosystem) -> dict[str, float]:
    """What is followed of a model, at the end of a quarter."""
    state = model.state
    leaders = state.entrepreneurs["orientation"].mean(axis=1)
    people = state.employees[(state.employees["is_alive"] == 1) & (state.employees["firm"] >= 0)]
    own, lead = people["orientation"].mean(axis=1), leaders[people["firm"]]
    teams = state.teams["orientation"][state.teams["is_alive"] == 1]
    firms = state.firms[state.firms["is_alive"] == 1]
    accepted = firms["accepted"].sum()
    wait = state.params["proactivity"]["layer_delay"][0] * firms["layers"]
    growth = state.provinces["log_tfp"] - state.provinces["log_tfp_start"]
    factors, gained = state.provinces["efficiency"][:, 1], state.provinces["resonance"] - 1.0
    numbers = {
        "leader_spirit": leaders[state.entrepreneurs["is_alive"] == 1].mean(),
        "team_spirit": teams.mean(),
        "employee_spirit": own.mean(),
        "slope": np.cov(lead, own)[0, 1] / lead.var(ddof=1),
        "acting_share": people["is_proactive"].mean(),
        "ideas_raised": 1000.0 * firms["ideas"].sum() / people.size,
        "ideas_accepted": 1000.0 * accepted / people.size,
        "idea_wait": (wait * firms["accepted"]).sum() / accepted if accepted else math.nan,
        "productivity": growth.mean(),
        "factor_efficiency": factors.mean(),
        "resonance": gained.mean(),
        "threshold": state.params["resonance"]["threshold"][0],
        "data_rights": state.provinces["data_rights"].mean(),
        "trust": state.provinces["trust"].mean(),
    }
    for k, rows in enumerate(np.array_split(np.argsort(factors, kind="stable"), QUARTERS), 1):
        numbers[f"factor_efficiency_{k}"] = factors[rows].mean()
        numbers[f"resonance_{k}"] = gained[rows].mean()
    for k, rows in enumerate(np.array_split(np.argsort(lead, kind="stable"), GROUPS), 1):
        numbers[f"leader_spirit_{k}"] = lead[rows].mean()
        numbers[f"employee_spirit_{k}"] = own[rows].mean()
    return {name: float(value) for name, value in numbers.items()}


def contrast(
    plan: Scenario,
    *,
    changes: Mapping[str, Any] | None = None,
    first_seed: int = 7,
    quarters: int = 4 * YEARS,
    scale: float = 1.0,
    jobs: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Contrast:
    """Run every arm of `plan` on its number of seeds, from `first_seed` on.

    changes  settings of every arm, e.g. from the command line; they override the scenario's and the arms' own

    Raises InputError for settings or events that are not allowed, and if every run of an arm failed.
    """
    arms = {}
    for one in plan.arms:
        for event in plan.events + one.events:
            if event.quarter >= quarters:
                raise InputError(
                    f"{plan.path or plan.name}, arm {one.title!r}: the event in quarter {event.quarter} comes after "
                    f"the run, which has {quarters} quarters; run longer"
                )
        settings = {**plan.changes, **one.changes, **(changes or {})}
        arms[one.title] = arm(
            settings, plan.events + one.events, quarters=quarters, scale=scale, policies=plan.policies
        )
    if len(set(arms.values())) < len(arms):
        raise InputError(
            f"{plan.path or plan.name}: two arms are the same run; change what differs between them"
        )
    trace = Measure("followed", "", lambda finished: finished.traced["followed"], trace=follow)
    titles = [title for title in arms for _ in range(plan.seeds)]
    seeds = [first_seed + k for k in range(plan.seeds)] * len(arms)
    points = [Point(arms[title], seed, (trace,)) for title, seed in zip(titles, seeds, strict=True)]
    outcomes = execute(points, jobs=jobs, progress=progress)
    blocks, failed = [], []
    for title, seed, outcome in zip(titles, seeds, outcomes, strict=True):
        if outcome.error:
            failed.append(f"{title}, seed {seed}: {outcome.error}")
            continue
        wide = pd.DataFrame(outcome.numbers["followed"])
        wide.insert(0, "quarter", range(len(wide)))
        long = wide.melt("quarter", var_name="measure", value_name="value")
        long.insert(0, "seed", seed)
        long.insert(0, "arm", title)
        blocks.append(long)
    ran = {block["arm"].iloc[0] for block in blocks}
    if ran != set(arms):
        raise InputError(f"{plan.name}: no run of an arm reached its end; the first failure was {failed[0]}")
    table = pd.concat(blocks, ignore_index=True)
    units = {name: unit for name, (_, unit) in FOLLOWED.items()}
    table["unit"] = table["measure"].map(lambda name: units.get(name, "0 to 1"))
    return Contrast(table, _summary(table, list(arms)), tuple(failed))


def _summary(table: pd.DataFrame, arms: list[str]) -> pd.DataFrame:
    """Means of the last year, and paired differences from the first arm."""
    from scipy.stats import t

    late = table[table["quarter"] > table["quarter"].max() - 4]
    means = late.groupby(["measure", "arm", "seed"])["value"].mean()
    rows = []
    for measure, (_, unit) in FOLLOWED.items():
        first = means[measure, arms[0]]
        for title in arms:
            values = means[measure, title]
            gap = (values - first).dropna()
            row = {"measure": measure, "unit": unit, "arm": title, "mean": values.mean()}
            row |= {"difference": gap.mean(), "low": math.nan, "high": math.nan}
            if len(gap) > 1:
                half = t.ppf(0.975, len(gap) - 1) * gap.std(ddof=1) / math.sqrt(len(gap))
                row |= {"low": gap.mean() - half, "high": gap.mean() + half}
            rows.append(row)
    return pd.DataFrame(rows)
