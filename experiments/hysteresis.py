"""Is there a tipping point, and a way back? Ramps a lever up and down and follows what resonates (RQ5).

    python experiments/hysteresis.py [--seeds 4] [--ramp 80] [--hold 72]

Two levers, each ramped from low to high and back over `ramp` quarters each way, after the years 2012-2022:

rights        what policy offers as rights to data (provinces.data_rights_start), .02 to 1
institutions  what institutions move to (provinces.institutions_start), .1 to .9

Followed are the efficiency of factor allocation E_F, institutions Z, resonance Ω, odds of search and output, means of
provinces. A lever ramped at finite speed always leaves a gap between the way up and the way down, because what
follows it lags, and a growing economy does not come back to where it was. So each value of the lever is compared with
runs in which the lever was brought there at once from the lowest and from the highest value and then held as long:
where these end apart, history matters at that value. The reference without M47 (the loop) tells what the loop adds.

Found with 4 seeds, values held for 18 years: a threshold, and hardly any loop that stays. E_F and Ω rise steeply while
institutions pass Z*. With the loop (M47) one of the twelve gaps of E_F and Ω is told from zero, Ω .018 [.006, .029] at
institutions .22; without it four are, none above .011. Trust that forgets slowly, or that stays: 18 years cannot tell.
Most of the gap between the way up and the way down of a ramp is lag and growth. No dated policies disturb the ramps.

Tables and the figure go to experiments/results/hysteresis*.
"""

from __future__ import annotations

import argparse
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from scipy.stats import t as student

from nqpf_abm import Ecosystem
from nqpf_abm.experiment.arms import UNDATED
from nqpf_abm.viz import style

RESULTS = Path(__file__).resolve().parent / "results"
LEVERS = {"rights": ("data_rights_start", 0.02, 1.0), "institutions": ("institutions_start", 0.1, 0.9)}
FOLLOWED = ("efficiency_factors", "institutions", "resonance", "success_probability", "gdp")
START = 44  # quarters before the ramp
SWITCHES = {"with the loop (M47)": {}, "without": {"M47": "off"}}
HELD = (0.15, 0.4, 0.75)  # of the way from low to high


def run(path: np.ndarray, column: str, switches: dict, seed: int) -> pd.DataFrame:
    """Means of provinces by quarter of a run whose lever follows `path`, one value a quarter."""
    model = Ecosystem(seed=seed, scenario=UNDATED, quarters=len(path), set=switches)
    model.settle()
    for value in path:
        if np.isfinite(value):
            model.state.provinces[column] = value
        model.step()
    series = model.results.series_array[model.burn_in :]
    return pd.DataFrame({name: series[name].mean(axis=1) for name in FOLLOWED} | {"lever": path})


def ramp(low: float, high: float, quarters: int) -> np.ndarray:
    up = np.linspace(low, high, quarters)
    return np.concatenate([np.full(START, np.nan), up, up[::-1]])


def held(low: float, high: float, share: float, first: float, quarters: int) -> np.ndarray:
    """Eight years at the value `first`, then held at `share` of the way."""
    value = low + share * (high - low)
    return np.concatenate([np.full(START, np.nan), np.full(32, first), np.full(quarters, value)])


def interval(values: np.ndarray) -> tuple[float, float, float]:
    """Mean and the ends of its 95 % interval."""
    half = student.ppf(0.975, values.size - 1) * values.std(ddof=1) / np.sqrt(values.size)
    return values.mean(), values.mean() - half, values.mean() + half


def figure(ramps: pd.DataFrame) -> Figure:
    names = {"efficiency_factors": "efficiency of factor allocation", "resonance": "resonance Ω"}
    made = style.new_figure(
        11.0,
        7.2,
        "Does the way down differ from the way up?",
        "Lever raised (solid) and lowered (dashed), 20 years each way. What of the gap is lag: see runs held at a value "
        "from below and from above (hysteresis_gaps.csv)",
        style.UNCALIBRATED,
    )
    axes = style.panels(made, 2, 2, across=0.8, down=0.9)
    own = ramps[ramps["loop"] == "with the loop (M47)"]
    for row, lever in zip(axes, LEVERS, strict=True):
        for ax, (column, label) in zip(row, names.items(), strict=True):
            for way, dash in (("up", "-"), ("down", (0, (5, 2)))):
                rows = own[(own["lever_name"] == lever) & (own["way"] == way)]
                style.line(
                    ax,
                    rows["lever"],
                    rows[column],
                    style.BLUE if way == "up" else style.VERMILLION,
                    linestyle=dash,
                )
            style.dress(
                ax,
                title=label,
                x=f"lever: {lever} (0–1)",
                y="0–1" if column != "resonance" else "factor on search",
            )
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--ramp", type=int, default=80, help="quarters each way")
    parser.add_argument("--hold", type=int, default=72, help="quarters at a held value")
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    RESULTS.mkdir(exist_ok=True)
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    blocks, rows = [], []
    with ProcessPoolExecutor(options.workers) as pool:
        for lever, (column, low, high) in LEVERS.items():
            for loop, switches in SWITCHES.items():
                path = ramp(low, high, options.ramp)
                runs = list(pool.map(partial(run, path, column, switches), seeds))
                mean = sum(runs) / len(runs)
                mean = mean.iloc[START:].assign(lever_name=lever, loop=loop, quarter=range(2 * options.ramp))
                blocks.append(mean.assign(way=np.where(mean["quarter"] < options.ramp, "up", "down")))
            for loop, switches in SWITCHES.items():
                for share in HELD:
                    ends = {}
                    for first, name in ((low, "from low"), (high, "from high")):
                        path = held(low, high, share, first, options.hold)
                        runs = pool.map(partial(run, path, column, switches), seeds)
                        ends[name] = pd.DataFrame([one.iloc[-4:].mean() for one in runs])
                    for followed in FOLLOWED:
                        high_end, low_end = ends["from high"][followed], ends["from low"][followed]
                        gap, least, most = interval((high_end - low_end).to_numpy())
                        value = low + share * (high - low)
                        rows.append(
                            {"lever": lever, "value": value, "loop": loop, "followed": followed}
                            | {"from_low": low_end.mean(), "from_high": high_end.mean()}
                            | {"gap": gap, "low": least, "high": most}
                        )
    ramps = pd.concat(blocks, ignore_index=True)
    ramps.to_csv(RESULTS / "hysteresis_ramps.csv", index=False, float_format="%.5f")
    gaps = pd.DataFrame(rows)
    gaps.to_csv(RESULTS / "hysteresis_gaps.csv", index=False, float_format="%.5f")
    print(gaps[gaps["followed"].isin(["efficiency_factors", "resonance"])].round(4).to_string(index=False))
    figure(ramps).savefig(RESULTS / "hysteresis.png", dpi=120)


if __name__ == "__main__":
    main()
