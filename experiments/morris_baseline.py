"""Which of all declared numbers matter for the baseline? Morris' screening of every parameter over its declared range.

    python experiments/morris_baseline.py [--trajectories 4] [--jobs 2] [--until 2022] [--scale 1] [--only TOPIC ...]
                                          [--folder results/sweep-morris-baseline] [--out experiments/results]

One run per point of the design, all with the same seed: an elementary effect is the difference between two runs of the
same luck that differ in one number by two thirds of its declared range (4 levels), per such a unit of range. mu_star is
the mean of its size, sigma its standard deviation over trajectories, se the error of mu_star (sigma of the sizes over
the root of their number). A step whose run failed is left out and counted. The sweep can be stopped and goes on where
it was; the tables are the same whatever the number of processes. Few trajectories rank coarsely: what they call large
is large, what they call middling is for Sobol's indices to say.

experiments/results/morris_baseline.csv     outcome, rank, factor, mu_star, se, mu, sigma, steps, left_out, unit
experiments/results/morris_baseline.png     the twenty largest of each outcome
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from nqpf_abm.collect.folder import csv_bytes, write_files
from nqpf_abm.mechanisms import topics
from nqpf_abm.sweep import Study, SweepTables, load_tables
from nqpf_abm.sweep.execution import run_study
from nqpf_abm.sweep.study_file import study_of
from nqpf_abm.viz import style

OUTCOMES = ("nqpf", "gini", "output")
COUNTERFACTUAL = ["shock", "start.firms", "start.least_firms", "start.universities"]
"""Left out: shocks, which the baseline does not have, and the size of the simulated world."""
SHOWN = 20


def study(trajectories: int, until: int, scale: float, only: list[str]) -> Study:
    """The screening as a study; `only` these topics, all if none is named."""
    others = [topic.name for topic in topics() if only and topic.name not in only]
    document = {
        "title": "Morris screening of the baseline",
        "factors": "all",
        "except": [*COUNTERFACTUAL, *others],
        "outcomes": list(OUTCOMES),
        "until": until,
        "scale": scale,
        "method": {"name": "morris", "size": trajectories, "levels": 4},
    }
    return study_of(document, Path("morris-baseline.toml"))


def effects(found: SweepTables) -> pd.DataFrame:
    """Elementary effects in order of size, per outcome and factor.

    Trajectories are blocks of n_factors + 1 rows, each differing from the one before in one factor.
    """
    k = len(found.factors)
    wide = found.outcomes.groupby("row")[list(found.names)].mean().reindex(range(len(found.unit)))
    steps = np.diff(found.unit.reshape(-1, k + 1, k), axis=1)
    moved = np.abs(steps).argmax(axis=2)
    size = np.take_along_axis(steps, moved[..., None], axis=2)[..., 0]
    rows = []
    for outcome in found.names:
        slopes = np.diff(wide[outcome].to_numpy().reshape(-1, k + 1), axis=1) / size
        for j, factor in enumerate(found.factors):
            own = slopes[moved == j]
            own = own[np.isfinite(own)]
            n = len(own)
            spread, error = (
                (own.std(ddof=1), np.abs(own).std(ddof=1) / np.sqrt(n)) if n > 1 else (np.nan,) * 2
            )
            mean, star = (own.mean(), np.abs(own).mean()) if n else (np.nan,) * 2
            rows.append(
                (outcome, factor, star, error, mean, spread, n, len(slopes) - n, found.units[outcome])
            )
    names = ["outcome", "factor", "mu_star", "se", "mu", "sigma", "steps", "left_out", "unit"]
    table = pd.DataFrame(rows, columns=names)
    table.insert(
        1, "rank", table.groupby("outcome")["mu_star"].rank(ascending=False, method="first").astype("Int64")
    )
    order = table["outcome"].map({name: j for j, name in enumerate(found.names)})
    return table.assign(order=order).sort_values(["order", "rank"], ignore_index=True).drop(columns="order")


def figure(table: pd.DataFrame) -> Figure:
    """The largest mu_star of each outcome with their errors."""
    outcomes = list(dict.fromkeys(table["outcome"]))
    drawn = Figure(figsize=(5.2 * len(outcomes), 6.2), layout="constrained")
    for axes, outcome in zip(drawn.subplots(1, len(outcomes), squeeze=False)[0], outcomes, strict=True):
        top = table[table["outcome"] == outcome].head(SHOWN)[::-1]
        axes.barh(top["factor"], top["mu_star"], xerr=top["se"].fillna(0), color="0.6", ecolor="0.2")
        axes.set_title(outcome, loc="left")
        axes.set_xlabel(f"mean size of an elementary effect\n{top['unit'].iloc[0]}")
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(axis="y", labelsize=8)
    return drawn


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trajectories", type=int, default=4)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--until", type=int, default=2022)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--only", nargs="*", default=[], metavar="TOPIC")
    parser.add_argument("--folder", type=Path, default=Path("results/sweep-morris-baseline"))
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent / "results")
    asked = parser.parse_args(arguments)
    plan = study(asked.trajectories, asked.until, asked.scale, asked.only)
    run_study(
        plan, asked.folder, jobs=asked.jobs,
        progress=lambda told: told.done % 100 or print(f"{told.done} of {told.total}, {told.failed} failed", flush=True),
    )  # fmt: skip
    found = load_tables(asked.folder)
    table = effects(found)
    files = {"csv": csv_bytes(table), "png": style.png(figure(table), 110)}
    write_files({asked.out / f"morris_baseline.{end}": content for end, content in files.items()}, force=True)
    print(f"{len(found.factors)} factors, {len(found.outcomes)} runs, {len(found.failed)} failed")
    for error, n in found.failed.get("error", pd.Series(dtype=str)).value_counts().head(5).items():
        print(f"  {n} x {error}")
    print(table[table["rank"] <= 10].to_string(index=False))


if __name__ == "__main__":
    main()
