"""Does computing for the east raise western NQPF, or computing capacity only? M89 with and without M91 (RQ8).

    python experiments/east_west.py [--seeds 30] [--first-seed 1] [--jobs 2]

Four arms until 2035, paired by seed: no policy and S26 (M89 from 2026 on), each with capacity that follows what others
earn (M91) and without. Of each: NQPF, its Gini, capacity installed and used, share of capacity that stands empty, output.
Told are the effect of M89 in both worlds and how far M91 changes it, with 95 % intervals. Nothing is calibrated. A minute
on two cores; results go to experiments/results/east_west.csv.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from nqpf_abm.collect.folder import csv_bytes, write_files
from nqpf_abm.data.scenario_file import load_scenario
from nqpf_abm.experiment.arm_tables import arm_tables
from nqpf_abm.experiment.arms import Arm, arm
from nqpf_abm.experiment.execute import Finished, Measure
from nqpf_abm.experiment.pairing import paired
from nqpf_abm.sweep.quantities import LastYear

RESULT = Path(__file__).resolve().parent / "results" / "east_west.csv"
QUARTERS = 4 * (2035 - 2012 + 1)
POLICY = "S26"


def _of(number: Callable[[LastYear], float]) -> Callable[[Finished], float]:
    return lambda finished: float(number(LastYear(finished.model)))


MEASURES = (
    Measure("NQPF, mean of provinces", "0 to 1", _of(lambda year: year.nqpf.mean())),
    Measure("Gini of NQPF", "0 to 1", _of(lambda year: year.gini["gini"])),
    Measure("capacity installed", "units/quarter", _of(lambda year: year.values["compute_installed"].sum())),
    Measure("capacity used", "units/quarter", _of(lambda year: year.values["compute_used"].sum())),
    Measure(
        "capacity that stands empty",
        "share",
        _of(lambda year: 1 - year.values["compute_used"].sum() / year.values["compute_installed"].sum()),
    ),
    Measure("output", "10^9 yuan of 2012", _of(lambda year: year.values["gdp"].sum() / 1e3)),
)


def arms(quarters: int = QUARTERS) -> dict[tuple[str, str], Arm]:
    """(policy, world) -> arm."""
    policies = {"none": (), POLICY: load_scenario(POLICY).policies_beside(load_scenario("baseline"))}
    worlds = {"with M91": {}, "without M91": {"M91": "off"}}
    return {
        (policy, world): arm(changes, quarters=quarters, policies=plans)
        for policy, plans in policies.items()
        for world, changes in worlds.items()
    }


def effects(runs: dict[tuple[str, str], pd.DataFrame]) -> pd.DataFrame:
    """Effect of the policy in both worlds, and the difference that M91 makes to it.

    runs  (policy, world) -> a row per seed, a column per measure
    """
    units = {measure.name: measure.unit for measure in MEASURES}
    rows = []
    for name, unit in units.items():
        of = {place: table[name] for place, table in runs.items()}
        gain = {world: of[POLICY, world] - of["none", world] for world in ("with M91", "without M91")}
        told = {f"{POLICY}, {world}": paired(of["none", world], of[POLICY, world]) for world in gain}
        told["what M91 adds to it"] = paired(gain["without M91"], gain["with M91"])
        for effect, found in told.items():
            numbers = (found.reference, found.difference, found.low, found.high, found.seeds)
            rows.append((name, unit, effect, *numbers))
    columns = ["measure", "unit", "effect", "reference", "difference", "low", "high", "seeds"]
    return pd.DataFrame(rows, columns=columns)


def run(seeds: range, jobs: int, quarters: int = QUARTERS) -> pd.DataFrame:
    """The effects over these seeds."""
    return effects(arm_tables(arms(quarters), seeds, MEASURES, jobs=jobs))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=30)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    table = run(range(options.first_seed, options.first_seed + options.seeds), options.jobs)
    print(table.to_string(index=False, float_format=lambda x: f"{x:.5g}"))
    write_files({RESULT: csv_bytes(table)}, force=True)


if __name__ == "__main__":
    main()
