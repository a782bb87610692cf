"""Where can the imbalance loop be cut: at data, at capital or at institutions? (RQ6)

    python experiments/imbalance_cuts.py [--seeds 30] [--first-seed 1] [--jobs 2]

In 2014 four fifths of rights to data are lost at once, as in the lesson `imbalance`. What that costs in 2016 and in 2022
is told with the whole loop of M47 and with it cut at one place: data do not hang on rights (M41 off), capital does not take
flight (`trust.flight` 0), trust stays whatever happens (`trust.gain` 0). A loss is the difference to the same world and
seed without the shock; 95 % intervals over seeds, and how much of the loss a cut saves. Two answers lie in the laws: where
data do not hang on rights the shock reaches nobody, and where trust stays there is no loop (the run is that of M47 off).
Nothing is calibrated. A minute on two cores; results go to experiments/results/imbalance_cuts.csv.
"""

from __future__ import annotations

import argparse
from collections.abc import Hashable, Mapping
from pathlib import Path

import pandas as pd

from nqpf_abm.collect.folder import csv_bytes, write_files
from nqpf_abm.collect.record import yearly
from nqpf_abm.experiment.arm_tables import arm_tables
from nqpf_abm.experiment.arms import YEARS, Arm, arm
from nqpf_abm.experiment.claims.institutions import RIGHTS_LOST
from nqpf_abm.experiment.execute import Finished, Measure
from nqpf_abm.experiment.pairing import paired

RESULT = Path(__file__).resolve().parent / "results" / "imbalance_cuts.csv"
WHOLE = "the whole loop"
WORLDS = {
    WHOLE: {},
    "cut at data": {"M41": "off"},
    "cut at capital": {"trust.flight": 0.0},
    "cut at institutions": {"trust.gain": 0.0},
}
FOLLOWED = {
    "data_liquidity": "share of data that circulates",
    "success_probability": "odds of search",
    "trust": "trust in policy",
}
"""Means of provinces, by their name among what is recorded; beside NQPF."""


def _recorded(name: str, year: int):
    def of(finished: Finished) -> float:
        results = finished.model.results
        last = results.burn_in + 4 * (year - results.years[0]) + 3
        return float(yearly(results.series_array, last)[name].mean())

    return of


def _nqpf(year: int):
    def of(finished: Finished) -> float:
        scores = finished.model.results.scores
        return float(scores.loc[scores["year"] == year, "nqpf"].mean())

    return of


def measures(years: tuple[int, ...]) -> tuple[Measure, ...]:
    """What is followed, in each of these years."""
    found = [
        Measure(f"{title}, {year}", "", _recorded(name, year))
        for name, title in FOLLOWED.items()
        for year in years
    ]
    return (*found, *(Measure(f"NQPF, {year}", "", _nqpf(year)) for year in years))


def arms(quarters: int = 4 * YEARS) -> dict[Hashable, Arm]:
    """(world, whether rights are lost) -> arm."""
    return {
        (world, lost): arm(changes, [RIGHTS_LOST] if lost else [], quarters=quarters)
        for world, changes in WORLDS.items()
        for lost in (False, True)
    }


def losses(runs: Mapping[Hashable, pd.DataFrame]) -> pd.DataFrame:
    """The loss from the shock in every world, and what is saved of it beside the whole loop.

    runs  (world, whether rights are lost) -> a row per seed, a column per measure
    """
    rows = []
    for measure in runs[WHOLE, False].columns:
        loss = {world: runs[world, False][measure] - runs[world, True][measure] for world in WORLDS}
        for world in WORLDS:
            told = paired(runs[world, True][measure], runs[world, False][measure])
            saved = paired(loss[world], loss[WHOLE])
            numbers = (told.difference, told.low, told.high, saved.difference, saved.low, saved.high)
            rows.append((measure, world, runs[world, False][measure].mean(), *numbers, told.seeds))
    columns = [
        "measure",
        "world",
        "without_shock",
        "loss",
        "low",
        "high",
        "saved",
        "saved_low",
        "saved_high",
        "seeds",
    ]
    return pd.DataFrame(rows, columns=columns)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=30)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    table = losses(arm_tables(arms(), seeds, measures((2016, 2022)), jobs=options.jobs))
    print(table.to_string(index=False, float_format=lambda x: f"{x:.4f}"))
    write_files({RESULT: csv_bytes(table)}, force=True)


if __name__ == "__main__":
    main()
