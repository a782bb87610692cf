"""How much of the baseline's variance comes from which of the ten numbers that Morris' screening left over?

    python experiments/sobol_baseline.py [--size 256] [--factors 10] [--jobs 2] [--until 2022] [--scale 1]
                                         [--screening experiments/results/morris_baseline.csv]
                                         [--folder results/sweep-sobol-baseline] [--out experiments/results]

The factors are those whose mean elementary effect is the largest share of all of some outcome. The design is Saltelli's:
size x (factors + 2) runs with the same seed, each factor evenly over its declared range, all others at their defaults.
S1 is what a factor does alone, ST with whatever it acts together with; intervals are 95 %, from a bootstrap over blocks.
A verdict says whether the order is settled. It is a statement about the declared ranges, most of which are assumed.

experiments/results/sobol_baseline.csv          outcome, target, index, factor, other, value, low, high, n
experiments/results/sobol_baseline_verdicts.csv outcome, main, rows, width, settled, rows_needed, stability, unknown
experiments/results/sobol_baseline_OUTCOME.png  the indices with their intervals
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

from nqpf_abm.collect.folder import csv_bytes, write_files
from nqpf_abm.sweep import Study
from nqpf_abm.sweep.analyse import analyse
from nqpf_abm.sweep.study_file import study_of
from nqpf_abm.viz import index_bars, style

RESULTS = Path(__file__).resolve().parent / "results"
OUTCOMES = ("nqpf", "gini", "output")


def survivors(screening: pd.DataFrame, number: int) -> list[str]:
    """The factors with the largest share of all elementary effects in any outcome, the largest first."""
    total = screening.groupby("outcome")["mu_star"].transform("sum")
    share = (screening["mu_star"] / total).groupby(screening["factor"]).max()
    return list(share.sort_values(ascending=False, kind="stable").index[:number])


def study(factors: list[str], size: int, until: int, scale: float) -> Study:
    document = {
        "title": "Sobol's indices of the baseline",
        "factor": [{"parameter": name} for name in factors],
        "outcomes": list(OUTCOMES),
        "until": until,
        "scale": scale,
        "method": {"name": "sobol", "size": size},
    }
    return study_of(document, Path("sobol-baseline.toml"))


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--factors", type=int, default=10)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--until", type=int, default=2022)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--screening", type=Path, default=RESULTS / "morris_baseline.csv")
    parser.add_argument("--folder", type=Path, default=Path("results/sweep-sobol-baseline"))
    parser.add_argument("--out", type=Path, default=RESULTS)
    asked = parser.parse_args(arguments)
    factors = survivors(pd.read_csv(asked.screening), asked.factors)
    tables = study(factors, asked.size, asked.until, asked.scale).run(
        asked.folder, jobs=asked.jobs,
        progress=lambda told: told.done % 100 or print(f"{told.done} of {told.total}, {told.failed} failed", flush=True),
    )  # fmt: skip
    found = analyse(tables)
    files = {".csv": csv_bytes(found.indices), "_verdicts.csv": csv_bytes(found.verdicts)}
    for outcome in OUTCOMES:
        own = found.indices[(found.indices["outcome"] == outcome) & (found.indices["target"] == "mean")]
        files[f"_{outcome}.png"] = style.png(index_bars(own, ("S1", "ST"), outcome=outcome), 110)
    write_files({asked.out / f"sobol_baseline{end}": content for end, content in files.items()}, force=True)
    print(f"{len(factors)} factors, {len(tables.outcomes)} runs, {len(tables.failed)} failed")
    total = found.indices[found.indices["index"] == "ST"].set_index(["factor", "outcome"])
    print(total[["value", "low", "high"]].unstack("outcome").round(3).to_string())
    print(found.verdicts.to_string(index=False))


if __name__ == "__main__":
    main()
