"""Is it better to give each echelon a package of its own? S30, S31 and S32 at equal discounted cost (RQ3, M90).

    python experiments/policy_packages.py [--seeds 40] [--first-seed 1] [--draws 42] [--draw-seeds 4] [--jobs 2]

1. Each package against the baseline, and S31 against S30 and S32, paired by seed, 2026-2035: effect on NQPF of 2035
   (also on scales of its own), its Gini, high-quality development and output, with 95 % intervals; what it cost, valued
   in 2026 at 3 %; cost per point of NQPF with Fieller's interval. Strengths are such that packages are planned to cost the
   same; what they did cost is in the table, and differs as far as output and the take-up of tax relief do.
2. The ranking again in other worlds. In each draw every unit cost is multiplied by a factor between a half and two
   (log-uniform), and strengths are set anew so that all packages cost the same in each echelon; then a rival form of
   one law takes the place of ours (`WORLDS`, in turn). Rankings are by NQPF, by its Gini, and by the second
   index, high-quality development. Share of draws that each package wins, and its regret: how much the best of the draw
   brings more.

Nothing is calibrated, and unit costs are assumed: what stands is the way of asking, not the answer. The defaults take
a minute and a half on two cores. Results go to experiments/results/policy_packages_{effects,draws,regret}.csv, all or
none.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from nqpf_abm import policy
from nqpf_abm.collect.folder import csv_bytes, write_files
from nqpf_abm.data.scenario import PolicyPlan, Scenario
from nqpf_abm.data.scenario_file import load_scenario
from nqpf_abm.experiment.branches import run_seed
from nqpf_abm.experiment.execute import each
from nqpf_abm.experiment.outcomes import Row
from nqpf_abm.experiment.pairing import fieller, paired
from nqpf_abm.state.instruments import INSTRUMENTS, TOPICS

RESULTS = Path(__file__).resolve().parent / "results"
UNTIL, POINT = 2035, 0.01
PACKAGES = {"S30": "uniform", "S31": "by echelon", "S32": "swapped"}
FITTED = "S31"
OUTCOMES = ("nqpf", "nqpf_window", "nqpf_pooled", "nqpf_annual", "gini", "hqd", "output", "cost")
CRITERIA = {"nqpf": 1.0, "gini": -1.0, "hqd": 1.0}
"""By what packages are ranked, and whether more is better."""

WORLDS: dict[str, dict[str, float | str]] = {
    "as it is": {},
    "data, algorithm and computing power substitute (M26)": {"M26": "off"},
    "a gap helps in proportion (M31)": {"M31": "off"},
    "no resonance of efficiencies (M22)": {"M22": "off"},
    "entry does not follow the score (M12)": {"M12": "off"},
    "no friction (M92)": {"M92": "off"},
    "nobody builds for what others earn (M91)": {"M91": "off"},
}


def unit_costs() -> dict[str, float]:
    """Declared cost of each instrument at strength 1, in % of GDP."""
    return {row["id"]: row["cost"] for row in policy.instruments()}


def planned_cost(plans: Sequence[PolicyPlan], costs: dict[str, float], echelon: int) -> float:
    """What the plans cost a year in a province of this echelon, in % of its GDP."""
    return sum(costs[p.instrument] * p.strength for p in plans if not p.echelons or echelon in p.echelons)


def own(package: Scenario) -> tuple[PolicyPlan, ...]:
    """The plans of the package itself, beside the baseline's dated ones."""
    return package.policies_beside(load_scenario("baseline"))


def here(package: Scenario, echelon: int) -> list[PolicyPlan]:
    """The package's own plans for provinces of this echelon."""
    return [p for p in own(package) if not p.echelons or echelon in p.echelons]


def dearest(package: Scenario, costs: dict[str, float], echelon: int) -> float:
    """What the package costs in this echelon with everything at full strength, in % of GDP."""
    return sum(costs[p.instrument] for p in here(package, echelon))


def scaled(package: Scenario, costs: dict[str, float], budget: dict[int, float]) -> Scenario:
    """The package with its own strengths in each echelon times one factor, so that there it costs its `budget`, % of GDP.

    A strength ends at 1, and the others take over what it leaves. Plans for all echelons become one for each.
    """
    plans = list(load_scenario("baseline").policies)
    for echelon, target in budget.items():
        found, low, high = here(package, echelon), 0.0, 1e3
        for _ in range(60):
            middle = 0.5 * (low + high)
            spent = sum(costs[p.instrument] * min(middle * p.strength, 1.0) for p in found)
            low, high = (middle, high) if spent < target else (low, middle)
        plans += [replace(p, strength=min(high * p.strength, 1.0), echelons=(echelon,)) for p in found]
    return replace(package, policies=tuple(plans))


def common_budget(
    packages: Sequence[Scenario], costs: dict[str, float], meant: dict[str, float]
) -> dict[int, float]:
    """Per echelon what all packages can cost alike, in % of GDP: what they were meant to, or the least of full strength."""
    budget = {}
    for echelon in (1, 2, 3):
        wanted = [planned_cost(own(package), meant, echelon) for package in packages]
        budget[echelon] = min(*wanted, *(dearest(package, costs, echelon) for package in packages))
    return budget


def drawn_costs(rng: np.random.Generator, costs: dict[str, float]) -> dict[str, float]:
    """Unit costs times factors from a half to two, log-uniform."""
    return {name: cost * float(2.0 ** rng.uniform(-1.0, 1.0)) for name, cost in costs.items()}


def cost_settings(costs: dict[str, float]) -> dict[str, float]:
    """Settings of a run with these unit costs."""
    return {f"{topic}.unit_cost": costs[name] for name, topic in zip(INSTRUMENTS, TOPICS, strict=True)}


def table_of(rows: Sequence[Row]) -> pd.DataFrame:
    """Numbers of the last year: a row per seed and scenario, a column per outcome."""
    frame = pd.DataFrame(rows, columns=Row._fields)
    frame = frame[(frame["year"] == UNTIL) & (frame["province"] == "") & frame["outcome"].isin(OUTCOMES)]
    return frame.pivot(index=["seed", "scenario"], columns="outcome", values="value")


def effects(table: pd.DataFrame) -> pd.DataFrame:
    """Paired differences for each outcome: packages to the baseline with cost per point of NQPF, S31 to its rivals."""
    base, found = table.xs("baseline", level="scenario"), []
    fitted = table.xs(FITTED, level="scenario").reindex(base.index)
    for name in (name for name in PACKAGES if name != FITTED):
        rival = table.xs(name, level="scenario").reindex(base.index)
        for outcome in OUTCOMES:
            told = paired(rival[outcome], fitted[outcome])
            line = (told.difference, told.low, told.high, told.seeds, "interval")
            found.append((FITTED, f"{PACKAGES[FITTED]} less {PACKAGES[name]}", outcome, *line))
    for name, title in PACKAGES.items():
        mine = table.xs(name, level="scenario").reindex(base.index)
        for outcome in OUTCOMES:
            told = paired(base[outcome], mine[outcome])
            found.append((name, title, outcome, told.difference, told.low, told.high, told.seeds, "interval"))
        gained = (mine["nqpf"] - base["nqpf"]) / POINT
        ratio = fieller(mine["cost"] - base["cost"], gained)
        found.append(
            (name, title, "cost per point", ratio.value, ratio.low, ratio.high, len(gained), ratio.kind)
        )
    columns = ["scenario", "package", "outcome", "difference", "low", "high", "seeds", "kind"]
    return pd.DataFrame(found, columns=columns)


def gains(table: pd.DataFrame) -> pd.DataFrame:
    """Mean gain of each package over the baseline by each criterion, more being better; packages down."""
    base = table.xs("baseline", level="scenario")
    kept = {name: table.xs(name, level="scenario").reindex(base.index) - base for name in PACKAGES}
    return pd.DataFrame(
        {name: {c: sign * one[c].mean() for c, sign in CRITERIA.items()} for name, one in kept.items()}
    ).T


def regrets(draws: pd.DataFrame) -> pd.DataFrame:
    """Per criterion and package: share of draws won, mean and largest regret.

    draws  columns draw, criterion, scenario, gain; ties are won by none of them alone, but shared
    """
    rows = []
    for criterion, block in draws.groupby("criterion", sort=False):
        wide = block.pivot(index="draw", columns="scenario", values="gain").dropna()
        best = wide.max(axis=1)
        regret = (-wide).add(best, axis=0)
        won = wide.eq(best, axis=0)
        share = won.div(won.sum(axis=1), axis=0).mean()
        for name in wide.columns:
            rows.append(
                (
                    criterion,
                    name,
                    PACKAGES[name],
                    len(wide),
                    share[name],
                    regret[name].mean(),
                    regret[name].max(),
                )
            )
    columns = ["criterion", "scenario", "package", "draws", "share_won", "mean_regret", "largest_regret"]
    return pd.DataFrame(rows, columns=columns)


def run_all(tasks, jobs: int) -> list[list[Row]]:
    """Rows of each task (scenarios, seed, settings), in order; failures are told and leave their task short."""
    found: list[list[Row]] = [[] for _ in tasks]
    for k, (told, error) in each(lambda k: run_seed(*tasks[k]), len(tasks), jobs):
        found[k], failed = told or ([], [error])
        for text in failed:
            print(f"failed: {text}")
    return found


def write(tables: dict[str, pd.DataFrame]) -> None:
    """Write all tables or none."""
    files = {RESULTS / f"policy_packages_{name}.csv": csv_bytes(table) for name, table in tables.items()}
    write_files(files, force=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--draws", type=int, default=42)
    parser.add_argument("--draw-seeds", type=int, default=4)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    if options.seeds < 2 or options.draws < 1 or options.draw_seeds < 1:
        parser.error("at least 2 --seeds, 1 of --draws and 1 of --draw-seeds are needed")
    baseline, packages = load_scenario("baseline"), [load_scenario(name) for name in PACKAGES]
    meant, rng = unit_costs(), np.random.default_rng(options.first_seed)
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    tasks = [((baseline, *packages), seed, {"until": UNTIL, "set": {}}) for seed in seeds]
    worlds = []
    for k in range(options.draws):
        costs = drawn_costs(rng, meant)
        world = list(WORLDS)[k % len(WORLDS)]
        worlds.append(world)
        budget = common_budget(packages, costs, meant)
        chosen = (baseline, *(scaled(package, costs, budget) for package in packages))
        settings = {"until": UNTIL, "set": WORLDS[world] | cost_settings(costs)}
        tasks += [(chosen, seed, settings) for seed in seeds[: options.draw_seeds]]
    rows = run_all(tasks, options.jobs)
    told = effects(table_of([row for block in rows[: len(seeds)] for row in block]))
    drawn = []
    for k, world in enumerate(worlds):
        first = len(seeds) + k * len(seeds[: options.draw_seeds])
        block = [row for rows_ in rows[first : first + len(seeds[: options.draw_seeds])] for row in rows_]
        if not block:
            continue
        table = table_of(block)
        spent = table["cost"].groupby("scenario").mean()
        for name, line in gains(table).iterrows():
            drawn += [(k, world, c, name, spent[name], line[c]) for c in CRITERIA]
    draws = pd.DataFrame(drawn, columns=["draw", "world", "criterion", "scenario", "cost", "gain"])
    regret = regrets(draws)
    print(told.to_string(index=False, float_format=lambda x: f"{x:.5g}"))
    print(regret.to_string(index=False, float_format=lambda x: f"{x:.5g}"))
    write({"effects": told, "draws": draws, "regret": regret})


if __name__ == "__main__":
    main()
