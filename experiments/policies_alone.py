"""What does each instrument bring for its money, and what does each failure cost? Every scenario of its own (RQ7).

    python experiments/policies_alone.py [--seeds 50] [--first-seed 1] [--jobs 2]

S01 to S26 (one instrument each, 2026-2035, of those the model has), S27 (all improvement paths, subsidised), S27 with one of
them or the subsidy left out, S33, and the failures S40 to S46, each beside the scenario it is to be compared with, paired
by seed, in 2035: effect on every outcome of `nqpf compare` for all provinces together, with 95 % intervals; p-values after
Holm's correction over the tests of NQPF beside one reference, and apart from these over all others, those of single
provinces included; what it cost (3 % a year, valued in 2026) and, where other policies are planned, the cost per point of
NQPF with Fieller's interval. The picture sets the effect on NQPF beside that on its Gini: who brings provinces together
without holding them back?

Nothing is calibrated, and strengths and unit costs are assumed: what stands is the way of asking. The default takes about
four minutes on two cores. Results go to experiments/results/policies_alone.{csv,png}, both or none.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from nqpf_abm.collect.folder import csv_bytes, write_files
from nqpf_abm.data.scenario import PolicyPlan, Scenario
from nqpf_abm.data.scenario_file import load_scenario, shipped_scenarios
from nqpf_abm.declare import Parameters
from nqpf_abm.experiment.compare import compare
from nqpf_abm.experiment.study import study
from nqpf_abm.mechanisms import topics
from nqpf_abm.viz import style

RESULTS = Path(__file__).resolve().parent / "results"
UNTIL = 2035
BESIDE = {"S33": "S31", "S41": "S20", "S43": "S30", "S46": "S07"}
"""What a scenario is compared with where it is not the baseline."""
AXES = {"nqpf": "NQPF, mean of provinces", "gini": "Gini of NQPF between provinces"}
LEVEL = 0.05


def alone() -> list[str]:
    """Scenarios that are looked at one by one, in the order of the catalogue."""
    names = [name for name in shipped_scenarios() if name[0] == "S" and name[1:3].isdigit()]
    return [name for name in names if name not in ("S00", "S30", "S31", "S32")]


def by_reference(names: list[str]) -> dict[str, list[str]]:
    """Reference -> scenarios that are compared with it."""
    found: dict[str, list[str]] = {}
    for name in names:
        whole, _, left_out = name.partition("-")
        found.setdefault(whole if left_out else BESIDE.get(name, "baseline"), []).append(name)
    return found


def in_force(scenario: Scenario) -> list[PolicyPlan]:
    """The plans whose instrument is not switched off."""
    switches = Parameters(topics(), scenario.changes).values
    return [plan for plan in scenario.policies if switches[plan.instrument]]


def effects(names: list[str], seeds: int, first_seed: int, jobs: int) -> pd.DataFrame:
    """A row per scenario and outcome, all provinces together. Raises SystemExit, naming the error, if a run fails."""
    tables = []
    for reference, others in by_reference(names).items():
        scenarios = [load_scenario(name) for name in (reference, *others)]
        plan = study(scenarios, seeds=seeds, first_seed=first_seed, until=UNTIL)
        found = compare(plan, jobs=jobs)
        if found.failed:
            raise SystemExit(f"{len(found.failed)} runs failed: {found.failed[0]}")
        same_money = [s.name for s in scenarios[1:] if in_force(s) == in_force(scenarios[0])]
        table = found.effects[found.effects["province"] == ""].assign(beside=reference)
        table = table[~(table["scenario"].isin(same_money) & (table["outcome"] == "cost_per_point"))]
        tables.append(table.assign(title=table["scenario"].map({s.name: s.title for s in scenarios})))
        print(f"{', '.join(others)} beside {reference}: done", flush=True)
    columns = [
        "scenario", "title", "beside", "outcome", "unit", "reference", "difference", "low", "high", "p_holm", "seeds",
    ]  # fmt: skip
    table = pd.concat(tables, ignore_index=True)[columns]
    return table.sort_values("scenario", kind="stable", ignore_index=True)


def figure(table: pd.DataFrame) -> Figure:
    """Effects on NQPF and on its Gini, a line per scenario, those that raise NQPF most on top."""
    wide = {name: table[table["outcome"] == name].set_index("scenario") for name in AXES}
    order = wide["nqpf"]["difference"].sort_values(ascending=False).index
    names = [f"{name}  {_short(wide['nqpf'].loc[name])}" for name in order]
    left = style.text_width(names, style.TICK) + 0.3
    made = style.new_figure(
        left + 6.4,
        style.TOP + style.BOTTOM + 0.25 * len(order) + 0.2,
        f"Policies and failures alone: what they change by {UNTIL}",
        "Line: 95 % interval; filled: beyond luck, after Holm's correction",
        style.UNCALIBRATED,
    )
    axes = style.panels(made, 1, 2, left=left, right=0.3, top=style.TOP + 0.1, across=0.3)[0]
    for ax, (outcome, title) in zip(axes, AXES.items(), strict=True):
        for place, name in enumerate(order):
            row = wide[outcome].loc[name]
            told = row["p_holm"] < LEVEL
            colour = style.BLUE if told else style.GREY
            ax.hlines(place, 100 * row["low"], 100 * row["high"], color=colour, linewidth=2.0, alpha=0.6)
            face = colour if told else "white"
            ax.plot(100 * row["difference"], place, "o", color=colour, markerfacecolor=face, markersize=5)
        ax.axvline(0.0, color=style.GREY, linewidth=1.0, zorder=0)
        style.dress(ax, title=title, x="difference, hundredths")
        ax.grid(visible=False)
        ax.grid(axis="x", color=style.FAINT, linewidth=0.6)
        ax.set_yticks(range(len(order)), names if outcome == "nqpf" else [], fontsize=style.TICK)
        ax.tick_params(axis="y", length=0)
        ax.set_ylim(len(order) - 0.5, -0.5)
    return made


def _short(row: pd.Series) -> str:
    """A scenario's title without its years, and what it stands beside."""
    title = row["title"].removesuffix(f", 2026-{UNTIL}").removesuffix(", from 2026 on").removesuffix(" alone")
    return title if row["beside"] == "baseline" else f"{title} (beside {row['beside']})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=50)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    table = effects(alone(), options.seeds, options.first_seed, options.jobs)
    shown = table[table["outcome"].isin([*AXES, "cost_per_point"])]
    print(shown.drop(columns=["title", "unit"]).to_string(index=False, float_format=lambda x: f"{x:.4g}"))
    files = {"csv": csv_bytes(table), "png": style.png(figure(table))}
    write_files({RESULTS / f"policies_alone.{kind}": content for kind, content in files.items()}, force=True)


if __name__ == "__main__":
    main()
