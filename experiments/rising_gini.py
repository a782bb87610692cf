"""Which mechanism drives provinces apart: score-led entry, gaps, drain or segmented markets? (RQ7)

    python experiments/rising_gini.py [--seeds 30] [--first-seed 1] [--jobs 2]

M12, M31, M43 and M48 switched off, one at a time and all together, paired by seed with the default: change of the Gini of
NQPF between provinces from 2012 to 2022, and mean NQPF of 2022, with 95 % intervals. A mechanism drives provinces apart
if the Gini rises more with it than without. Which policy brings them together is asked by policies_alone.py. Nothing is
calibrated. Half a minute on two cores; results go to experiments/results/rising_gini.csv.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

from nqpf_abm.collect.folder import csv_bytes, write_files
from nqpf_abm.experiment.arm_tables import arm_tables
from nqpf_abm.experiment.arms import YEARS, arm
from nqpf_abm.experiment.claims.measures import NQPF
from nqpf_abm.experiment.execute import Finished, Measure
from nqpf_abm.experiment.pairing import paired

RESULT = Path(__file__).resolve().parent / "results" / "rising_gini.csv"
SUSPECTS = {
    "M12": "entry follows the score",
    "M31": "gaps help or hinder learning",
    "M43": "talent leaves for higher scores",
    "M48": "segmented factor markets",
}
TOGETHER = "all four"


def rise(finished: Finished) -> float:
    """Gini of NQPF between provinces in the last year less that of the first."""
    gini = finished.model.results.dagum["gini"]
    return float(gini.iloc[-1] - gini.iloc[0])


MEASURES = (Measure("change of the Gini, 2012 to 2022", "0 to 1", rise), NQPF)


def effects(on: pd.DataFrame, off: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """What having a mechanism adds to each measure. `on` and each of `off`: a row per seed, a column per measure."""
    rows = []
    for name, without in off.items():
        for measure in MEASURES:
            told = paired(without[measure.name], on[measure.name])
            rows.append(
                (name, SUSPECTS.get(name, ""), measure.name, on[measure.name].mean(), told.reference,
                 told.difference, told.low, told.high, told.seeds)
            )  # fmt: skip
    columns = ["mechanism", "what", "measure", "with", "without", "difference", "low", "high", "seeds"]
    return pd.DataFrame(rows, columns=columns)


def run(seeds: range, jobs: int, quarters: int = 4 * YEARS) -> pd.DataFrame:
    """The effects over these seeds."""
    off = {name: {name: "off"} for name in SUSPECTS} | {TOGETHER: dict.fromkeys(SUSPECTS, "off")}
    arms = {"": arm(quarters=quarters)} | {k: arm(changes, quarters=quarters) for k, changes in off.items()}
    tables = arm_tables(arms, seeds, MEASURES, jobs=jobs)
    return effects(tables.pop(""), tables)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=30)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    table = run(range(options.first_seed, options.first_seed + options.seeds), options.jobs)
    print(table.to_string(index=False, float_format=lambda x: f"{x:.4f}"))
    write_files({RESULT: csv_bytes(table)}, force=True)


if __name__ == "__main__":
    main()
