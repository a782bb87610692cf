"""Which pathway carries what more entrepreneurial leaders do to NQPF? Shapley shares of M13, M14 and M15 (RQ2).

    python experiments/pathways.py [--seeds 30] [--first-seed 1] [--jobs 2]

For each of the eight sets of pathways switched on, the effect of +1 SD of leaders' orientation from 2012Q1 on, on NQPF
in 2022: mean of all provinces and of each echelon, paired by seed. Shares add up to the effect with all three on less
the effect with none, which other ways of orientation (trickle-down, entry, alertness) carry: the row "other ways".
Intervals are 95 % over seeds, each left out in turn. Results go to experiments/results/pathways.csv.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import t as student

from nqpf_abm.experiment.arm_tables import arm_tables
from nqpf_abm.experiment.arms import arm
from nqpf_abm.experiment.execute import Finished, Measure
from nqpf_abm.experiment.shapley import coalitions, shapley
from nqpf_abm.experiment.verify import jackknife

RESULT = Path(__file__).resolve().parent / "results" / "pathways.csv"
PATHWAYS = {"M13": "innovation", "M14": "resources", "M15": "institutions"}
GROUPS = ("all", "echelon 1", "echelon 2", "echelon 3")


def _nqpf_of(group: str):
    def of(finished: Finished) -> float:
        results = finished.model.results
        last = results.scores[results.scores["year"] == results.scores["year"].max()].set_index("province")
        echelon = results.regions.table.set_index("region")["echelon"]
        chosen = last["nqpf"] if group == "all" else last["nqpf"][echelon == int(group[-1])]
        return float(chosen.mean())

    return of


MEASURES = tuple(Measure(f"NQPF 2022, {group}", "0 to 1", _nqpf_of(group)) for group in GROUPS)


def settings(on: frozenset[str], raised: bool) -> dict:
    return {name: "off" for name in PATHWAYS if name not in on} | ({"shock.leaders": 1.0} if raised else {})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=30)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    arms = {
        (on, raised): arm(settings(on, raised)) for on in coalitions(PATHWAYS) for raised in (False, True)
    }
    tables = arm_tables(arms, seeds, MEASURES, jobs=options.jobs)
    by_seed = [{name: table.loc[seed].to_dict() for name, table in tables.items()} for seed in seeds]
    rows = []
    for group, measure in zip(GROUPS, MEASURES, strict=True):

        def effect(means, on, measure=measure):
            return means[on, True][measure.name] - means[on, False][measure.name]

        def part(player, effect=effect):
            return lambda means: shapley({on: effect(means, on) for on in coalitions(PATHWAYS)})[player]

        parts = {f"{PATHWAYS[name]} ({name})": part(name) for name in PATHWAYS}
        parts["other ways"] = lambda means, effect=effect: effect(means, frozenset())
        parts["all"] = lambda means, effect=effect: effect(means, frozenset(PATHWAYS))
        for name, of in parts.items():
            mean, error, n = jackknife(of, by_seed)
            half = student.ppf(0.975, n - 1) * error
            rows.append(
                {"group": group, "pathway": name, "effect": mean, "low": mean - half, "high": mean + half}
            )
    table = pd.DataFrame(rows)
    total = table[table["pathway"] == "all"].set_index("group")["effect"]
    table["share"] = table["effect"] / table["group"].map(total)
    print(
        f"effect of +1 SD of leaders' orientation on NQPF 2022, {len(seeds)} seeds from {options.first_seed}"
    )
    print(table.round(4).to_string(index=False))
    if not np.isfinite(table["effect"]).all():
        raise SystemExit("an effect is not a number; nothing is written")
    RESULT.parent.mkdir(exist_ok=True)
    table.to_csv(RESULT, index=False, float_format="%.6f")


if __name__ == "__main__":
    main()
