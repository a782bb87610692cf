"""Does entrepreneurial spirit make a difference? Answers with intervals, on the same draws.

    python experiments/central_claim.py [--seeds 50] [--first-seed 1] [--correlation-seeds 20]

1. Correlation of leaders' orientation with firms' performance in the default run (F10: .20 to .28 after Rauch et al.
   2009), with its interval over seeds; performance is defined in `nqpf_abm.collect.entrepreneurship.performance`,
   windows 2014-2018 and 2018-2022 are averaged.
2. Which laws carry it: the same with one of them switched off at a time, paired by seed.
3. What +1 SD of orientation, and +1 SD of team-empowering leadership, from 2012Q1 on does to the mean NQPF of regions
   in 2022 (and to output), paired by seed, when spirit stops at the leader (M06 and M07 off), when it also reaches
   teams (M07 off), and when it reaches employees (all on). For orientation also: convictions of teams and of
   employees raised as well.

Intervals are 95 % over seeds (t distribution). Results go to experiments/results/central_claim_*.csv.
"""

from __future__ import annotations

import argparse
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import t as student

from nqpf_abm import Ecosystem
from nqpf_abm.collect.entrepreneurship import orientation_performance
from nqpf_abm.experiment.arms import UNDATED

RESULTS = Path(__file__).resolve().parent / "results"
WINDOWS = ((2014, 2018), (2018, 2022))
OUTCOMES = ("performance", "growth", "margin", "tfp_growth")
LAWS = {
    "default": {},
    "M01 orientation off": {"M01": "off"},
    "M03 alertness off": {"M03": "off"},
    "M05 styles off": {"M05": "off"},
    "M06 leader to team off": {"M06": "off"},
    "M07 team to employee off": {"M07": "off"},
    "M08 contagion off": {"M08": "off"},
    "M09 emergence off": {"M09": "off"},
    "M06-M09 trickle-down off": {"M06": "off", "M07": "off", "M08": "off", "M09": "off"},
    "M13 innovation off": {"M13": "off"},
    "M14 resources off": {"M14": "off"},
    "M15 institutions off": {"M15": "off"},
    "M98 credit off": {"M98": "off"},
    "M101 layers off": {"M101": "off"},
    "M01 M03 off": {"M01": "off", "M03": "off"},
    "all of these off": dict.fromkeys("M01 M03 M06 M07 M08 M09 M13 M14 M15 M98 M101".split(), "off"),
}
LAYERS = {
    "leader only": {"M06": "off", "M07": "off"},
    "with team": {"M07": "off"},
    "with employees": {},
}
SHOCKS = {
    "orientation": {"shock.leaders": 1.0},
    "orientation of all levels": {"shock.leaders": 1.0, "shock.teams": 1.0, "shock.employees": 1.0},
    "empowering leadership": {"shock.styles": 1.0},
}


def interval(values: np.ndarray) -> tuple[float, float, float]:
    """Mean and the ends of its 95 % interval."""
    values = np.asarray(values, float)
    half = student.ppf(0.975, values.size - 1) * values.std(ddof=1) / np.sqrt(values.size)
    return values.mean(), values.mean() - half, values.mean() + half


def correlations(changes: dict, seed: int) -> dict[str, float]:
    firms = Ecosystem(seed=seed, scenario=UNDATED, set=changes).run().results.firm_rows
    return {
        name: float(np.mean([orientation_performance(firms, *window, name) for window in WINDOWS]))
        for name in OUTCOMES
    }


def region(changes: dict, seed: int) -> dict[str, float]:
    results = Ecosystem(seed=seed, scenario=UNDATED, set=changes).run().results
    last = results.series[results.series["year"] == 2022]
    gdp = results.series.groupby("year")["gdp"].sum()
    return {
        "nqpf 2022": results.scores.query("year == 2022")["nqpf"].mean(),
        "output 2022 over 2012, log": float(np.log(gdp[2022] / gdp[2012])),
        "entrepreneurship index 2022": last["entrepreneurship"].mean(),
        "acting share 2022": last["proactive_share"].mean(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=50, help="paired seeds of the shocks")
    parser.add_argument("--correlation-seeds", type=int, default=20, help="seeds of the correlations")
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    RESULTS.mkdir(exist_ok=True)
    first = options.first_seed
    with ProcessPoolExecutor(options.workers) as pool:

        def over_seeds(measure, changes, n):
            return pd.DataFrame(list(pool.map(partial(measure, changes), range(first, first + n))))

        rows, base = [], None
        for name, changes in LAWS.items():
            table = over_seeds(correlations, changes, options.correlation_seeds)
            base = table if base is None else base
            mean, low, high = interval(table["performance"])
            change = (
                interval(table["performance"] - base["performance"]) if name != "default" else (0.0, 0.0, 0.0)
            )
            rows.append(
                {"law": name, "correlation": mean, "low": low, "high": high}
                | dict(zip(("change", "change_low", "change_high"), change, strict=True))
                | {f"with_{outcome}": table[outcome].mean() for outcome in OUTCOMES[1:]}
            )
        by_law = pd.DataFrame(rows)
        print(f"correlation of orientation with performance, {options.correlation_seeds} seeds from {first}")
        print(by_law.round(3).to_string(index=False))
        by_law.to_csv(RESULTS / "central_claim_correlation.csv", index=False, float_format="%.5f")

        rows = []
        for layer, switches in LAYERS.items():
            plain = over_seeds(region, switches, options.seeds)
            for shock, shift in SHOCKS.items():
                shifted = over_seeds(region, switches | shift, options.seeds)
                for outcome in plain:
                    mean, low, high = interval(shifted[outcome] - plain[outcome])
                    rows.append(
                        {"shock": f"+1 SD {shock}", "layer": layer, "outcome": outcome}
                        | {"without": plain[outcome].mean(), "effect": mean, "low": low, "high": high}
                    )
        effects = pd.DataFrame(rows).sort_values(["outcome", "shock"], kind="stable")
        print(f"effects on the mean of regions, {options.seeds} paired seeds from {first}")
        print(effects.round(4).to_string(index=False))
        effects.to_csv(RESULTS / "central_claim_effects.csv", index=False, float_format="%.6f")


if __name__ == "__main__":
    main()
