"""Scenarios compared: which effects has a policy, how sure are we, and does it hang on the index?

The first scenario is the reference. All run on the same seeds, and the same seed is the same luck for the same agent
and decision, so differences are paired. A study stops after a number of seeds fixed beforehand, or when the confidence
sequence of its primary outcome is narrow enough.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from nqpf_abm.ecosystem import Ecosystem
from nqpf_abm.errors import InputError
from nqpf_abm.experiment.branches import quarters_to_run, run_seed
from nqpf_abm.experiment.execute import each
from nqpf_abm.experiment.outcomes import (
    GINI_PARTS,
    INDEX,
    OUTCOMES,
    OWN_SCALES,
    Row,
    Scored,
    measured,
    rows_of,
)
from nqpf_abm.experiment.pairing import Paired, fieller, holm, paired
from nqpf_abm.experiment.run_store import RunStore
from nqpf_abm.experiment.study import Study

POINT = 0.01
"""Of NQPF: what "per point" means."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """What a study found.

    runs     seed, scenario, outcome, province, year, value: all numbers of all seeds that count
    effects  a row per outcome, province ("" for all) and scenario but the reference: `Paired`, p_holm, primary, unit
    index    scenario, scale, province, part (effect, behaviour, reweighting), `Paired`; and how ranks and bounds fare
    seeds    those that count;  reason  why it stopped there
    failed   runs that failed, in words;  absent  outcomes the model does not give, with the reason
    """

    study: Study
    runs: pd.DataFrame
    effects: pd.DataFrame
    index: pd.DataFrame
    seeds: tuple[int, ...]
    reason: str
    failed: tuple[str, ...] = ()
    absent: Mapping[str, str] = field(default_factory=dict)


def estimate(plan: Study, jobs: int, done: int = 0) -> tuple[float, float]:
    """Seconds and megabytes that the seeds not done take, at most, judged by two years of a run."""
    model = Ecosystem(plan.first_seed, plan.scenarios[0], until=plan.until, **plan.settings)
    try:
        model._quarter()  # loads code
        total = quarters_to_run(plan.scenarios, model.geography.base_year, model.horizon, model.burn_in)
        one_run = model.horizon + model.burn_in
        before, start = model.burn_in, time.perf_counter()
        model.settle()
        for _ in range(8):
            model.step()
        simulated = (time.perf_counter() - start) / (before + 7)
        start = time.perf_counter()
        scored = Scored(model)
        lines = len(list(rows_of(scored, scored, 0, "")))
        taken = (time.perf_counter() - start) * model.horizon / 8
    finally:
        model.close()
    lines = (lines + plan.until - plan.first) * len(plan.scenarios)
    seeds = max(plan.rule.seeds - done, 0)
    seconds = (simulated * total + taken * len(plan.scenarios)) * seeds / min(jobs, max(seeds, 1))
    seconds += simulated * (one_run if plan.has_own_regions else 0)
    return seconds, 1.0 + lines * 60 * plan.rule.seeds / 1e6


def compare(
    plan: Study,
    *,
    jobs: int = 1,
    store: RunStore | None = None,
    before: pd.DataFrame | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Comparison:
    """Run the seeds of a study that are not among the runs `before`, until its rule says stop, and take stock.

    Each seed is appended to `store` as it ends. `progress` is called with (seeds done, seeds at most). The rule looks
    at seeds in their order, so that the result does not depend on `jobs`.

    Raises InputError if no seed has both the reference and another scenario.
    """
    blocks = {} if before is None else {seed: block for seed, block in before.groupby("seed")}
    seeds = [plan.first_seed + k for k in range(plan.rule.seeds)]
    failed: dict[int, list[str]] = {}
    stop, reason = _look(plan, blocks, seeds)
    todo = [seed for seed in seeds if seed not in blocks] if not stop else []
    settings = dict(plan.settings) | {"until": plan.until}
    frozen = plan.scale_of_scores() if todo else None
    running = each(lambda k: run_seed(plan.scenarios, todo[k], settings, frozen), len(todo), jobs)
    try:
        for k, (made, error) in running:
            rows, wrong = made or ([], [f"seed {todo[k]}: {error}"])
            if store is not None and rows:
                store.add(rows)
            blocks[todo[k]] = pd.DataFrame(rows, columns=Row._fields)
            failed[todo[k]] = wrong
            if progress is not None:
                progress(len(blocks), len(seeds))
            stop, reason = _look(plan, blocks, seeds)
            if stop:
                break
    finally:
        running.close()
    counted = tuple(seeds[:stop])
    words = tuple(text for seed in counted for text in failed.get(seed, ()))
    runs = _joined(blocks, counted)
    if runs is None or set(plan.names[1:]).isdisjoint(runs["scenario"]):
        raise InputError(f"no seed could be compared; the first failure was {words[0]}")
    effects = _effects(plan, runs)
    return Comparison(plan, runs, effects, _index(plan, runs), counted, reason, words, measured()[1])


def _look(plan: Study, blocks: Mapping[int, pd.DataFrame], seeds: list[int]) -> tuple[int, str]:
    """Ask the rule, about the seeds done without a gap from the first on."""
    first = next((k for k, seed in enumerate(seeds) if seed not in blocks), len(seeds))
    if first == 0 or (plan.rule.width is None and first < len(seeds)):
        return 0, ""
    runs = _joined(blocks, seeds[:first])
    if runs is None:
        return plan.rule.looks_at(np.full((len(plan.names) - 1, first), math.nan))
    runs = runs[(runs["outcome"] == plan.primary) & (runs["year"] == plan.until)]
    wide = runs.pivot(index="seed", columns="scenario", values="value").reindex(
        seeds[:first], columns=plan.names
    )
    return plan.rule.looks_at((wide[plan.names[1:]].sub(wide[plan.names[0]], axis=0)).to_numpy().T)


def _joined(blocks: Mapping[int, pd.DataFrame], seeds: Sequence[int]) -> pd.DataFrame | None:
    """The rows of some seeds, None if all of them failed."""
    kept = [blocks[seed] for seed in seeds if len(blocks[seed])]
    return pd.concat(kept, ignore_index=True) if kept else None


def _wide(plan: Study, runs: pd.DataFrame) -> dict[tuple[str, str], pd.DataFrame]:
    """Per outcome and province a table of last year's values, seeds down and scenarios across."""
    last = runs[runs["year"] == plan.until]
    found = {}
    for key, rows in last.groupby(["outcome", "province"], sort=False):
        table = rows.pivot(index="seed", columns="scenario", values="value")
        found[key] = table.reindex(columns=plan.names)
    return found


def _effects(plan: Study, runs: pd.DataFrame) -> pd.DataFrame:
    anytime, wide = plan.rule.width is not None, _wide(plan, runs)
    order = sorted(OUTCOMES, key=lambda outcome: outcome.name != plan.primary)
    rows = []
    for outcome in order:
        for (name, province), table in wide.items():
            for scenario in plan.names[1:] if name == outcome.name else ():
                told = paired(table[plan.names[0]], table[scenario], anytime=anytime)
                rows.append(_row(outcome.name, province, scenario, outcome.unit, told))
    table = pd.DataFrame(rows)
    table["primary"] = table["outcome"] == plan.primary
    table["p_holm"] = np.nan
    for family in (table["primary"], ~table["primary"]):
        table.loc[family, "p_holm"] = holm(table.loc[family, "p"])
    cost = _cost_per_point(plan, wide)
    table = (
        pd.concat([table, pd.DataFrame(cost, columns=table.columns)], ignore_index=True) if cost else table
    )
    columns = (
        "outcome", "province", "scenario", "unit", "reference", "difference", "low", "high", "p", "p_holm",
        "variance_reduction", "runs_saved", "seeds", "primary",
    )  # fmt: skip
    return table[list(columns)]


def _row(outcome: str, province: str, scenario: str, unit: str, told: Paired) -> dict[str, Any]:
    return {"outcome": outcome, "province": province, "scenario": scenario, "unit": unit} | told._asdict()


def _cost_per_point(plan: Study, wide) -> list[dict[str, Any]]:
    """A row per scenario whose cost differs: cost by points of NQPF won, with Fieller's interval."""
    if ("cost", "") not in wide:
        return []
    cost, score, first = wide["cost", ""], wide["nqpf", ""], plan.names[0]
    rows = []
    for scenario in plan.names[1:]:
        paid, won = cost[scenario] - cost[first], (score[scenario] - score[first]) / POINT
        if not paid.mean():
            continue
        told = fieller(paid, won)
        kept = told.kind == "interval"
        rows.append(
            {
                "outcome": "cost_per_point",
                "province": "",
                "scenario": scenario,
                "unit": f"10^6 yuan per {POINT:g} of NQPF",
                "reference": math.nan,
                "difference": told.value,
                "low": told.low if kept else -math.inf,
                "high": told.high if kept else math.inf,
                "seeds": int((paid.notna() & won.notna()).sum()),
                "primary": False,
            }
        )
    return rows


def _index(plan: Study, runs: pd.DataFrame) -> pd.DataFrame:
    """Effects on the last year's scores by scale, split into what agents do and what new weights do."""
    anytime, wide, first = plan.rule.width is not None, _wide(plan, runs), plan.names[0]
    rows = []

    def add(scale: str, part: str, province: str, scenario: str, unit: str, a, b) -> None:
        told = paired(a, b, anytime=anytime)
        row = {"scenario": scenario, "scale": scale, "province": province, "part": part, "unit": unit}
        rows.append(row | told._asdict())

    for scenario in plan.names[1:]:
        frozen = wide["nqpf", ""]
        add("frozen", "effect", "", scenario, "0 to 1", frozen[first], frozen[scenario])
        add("frozen", "behaviour", "", scenario, "0 to 1", frozen[first], frozen[scenario])
        add("frozen", "reweighting", "", scenario, "0 to 1", frozen[scenario], frozen[scenario])
        for scale in OWN_SCALES:
            own, kept = wide[f"nqpf_{scale}", ""], wide[f"nqpf_{scale}_kept", ""]
            add(scale, "effect", "", scenario, "0 to 1", own[first], own[scenario])
            add(scale, "behaviour", "", scenario, "0 to 1", own[first], kept[scenario])
            add(scale, "reweighting", "", scenario, "0 to 1", kept[scenario], own[scenario])
        for scale, ending in (("frozen", ""), *((scale, f"_{scale}") for scale in OWN_SCALES)):
            for name, part in GINI_PARTS.items():
                gini = wide[f"{name}{ending}", ""]
                add(scale, part, "", scenario, "0 to 1", gini[first], gini[scenario])
        for scale, name in (("frozen", "score"), *((scale, f"score_{scale}") for scale in OWN_SCALES)):
            for (outcome, province), table in wide.items():
                if outcome == name:
                    add(scale, "effect", province, scenario, "0 to 1", table[first], table[scenario])
        for name, part in (("reversals", "rank reversals"), ("out_of_bounds", "values out of bounds")):
            table = wide[name, ""]
            unit = next(outcome.unit for outcome in INDEX if outcome.name == name)
            add("frozen", part, "", scenario, unit, table[first], table[scenario])
    return pd.DataFrame(rows)


def turned(index: pd.DataFrame, scenario: str, scale: str) -> list[str]:
    """Provinces whose mean effect has another sign on this scale than on the frozen one."""
    rows = index[(index["scenario"] == scenario) & (index["part"] == "effect") & (index["province"] != "")]
    effect = rows.pivot(index="province", columns="scale", values="difference")
    return effect.index[np.sign(effect["frozen"]) * np.sign(effect[scale]) < 0].tolist()
