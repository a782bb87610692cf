"""Does team-empowering leadership multiply what leaders' spirit does below them? (RQ1)

    python experiments/empowering_leadership.py [--seeds 50] [--first-seed 1] [--jobs 2]

A full factorial on the same seeds: leaders' orientation half a standard deviation lower or higher, leadership styles half a
standard deviation lower or higher, both from 2012Q1 on, and teams that take over their leader's spirit or do not (M06).
Measured are the value of employees' ideas in sales of 2013 to 2022, which is what spirit comes to that has left its founder,
and mean NQPF of 2022. The slope of either in orientation is told for low and for high leadership, with teams and without;
leadership multiplies if the slope is steeper under it. A part of that is built in for employees (E2): the question is
whether it survives screening, exit and aggregation. 95 % intervals over seeds (t distribution).

Nothing is calibrated. Half a minute on two cores; results go to experiments/results/empowering_leadership.csv.
"""

from __future__ import annotations

import argparse
from itertools import product
from pathlib import Path

import pandas as pd

from nqpf_abm.collect.folder import csv_bytes, write_files
from nqpf_abm.experiment.arm_tables import arm_tables
from nqpf_abm.experiment.arms import YEARS, arm
from nqpf_abm.experiment.claims.measures import NQPF
from nqpf_abm.experiment.execute import Finished, Measure
from nqpf_abm.experiment.pairing import paired

RESULT = Path(__file__).resolve().parent / "results" / "empowering_leadership.csv"
STEP = 0.5
LOW, HIGH = -STEP, STEP
TEAMS = {"teams take over": {}, "teams do not (M06 off)": {"M06": "off"}}


def value_of_ideas(finished: Finished) -> float:
    """Sales gained from employees' ideas over all sales, from the second year on; per cent."""
    results = finished.model.results
    series = results.series_array[results.burn_in + 4 :]
    return 100.0 * float(series["value_ideas"].sum() / series["sales"].sum())


MEASURES = (Measure("value of employees' ideas, 2013 to 2022", "% of sales", value_of_ideas), NQPF)


def slopes(tables: dict[tuple[str, float, float], pd.DataFrame]) -> pd.DataFrame:
    """What a standard deviation of orientation does, by leadership and teams, and how that differs.

    tables  by (teams, leadership, orientation): a row per seed, a column per measure
    """
    rows = []
    for measure in MEASURES:
        by_style = {}
        for teams in TEAMS:
            low, high = (
                (tables[teams, style, HIGH] - tables[teams, style, LOW])[measure.name] / (HIGH - LOW)
                for style in (LOW, HIGH)
            )
            by_style[teams] = high - low
            rows += [
                _row(measure, f"orientation under low leadership, {teams}", low),
                _row(measure, f"orientation under high leadership, {teams}", high),
                _row(measure, f"high less low leadership, {teams}", high - low),
            ]
        with_teams, without = by_style.values()
        rows.append(_row(measure, "and with teams less without", with_teams - without))
    return pd.DataFrame(rows)


def _row(measure: Measure, effect: str, slope: pd.Series) -> dict[str, object]:
    told = paired(0.0 * slope, slope)
    return {
        "measure": measure.name, "unit": f"{measure.unit} per sd", "effect": effect, "slope": told.difference,
        "low": told.low, "high": told.high, "seeds": told.seeds,
    }  # fmt: skip


def run(seeds: range, jobs: int, quarters: int = 4 * YEARS) -> pd.DataFrame:
    """The slopes over these seeds."""
    arms = {
        (teams, style, leaders): arm(
            {**TEAMS[teams], "shock.styles": style, "shock.leaders": leaders}, quarters=quarters
        )
        for teams, style, leaders in product(TEAMS, (LOW, HIGH), (LOW, HIGH))
    }
    return slopes(arm_tables(arms, seeds, MEASURES, jobs=jobs))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=50)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    table = run(range(options.first_seed, options.first_seed + options.seeds), options.jobs)
    print(table.to_string(index=False, float_format=lambda x: f"{x:.5f}"))
    write_files({RESULT: csv_bytes(table)}, force=True)


if __name__ == "__main__":
    main()
