"""How far does a naive regression overstate what entrepreneurship does for NQPF? (RQ4)

    python experiments/naive_regression.py [--seeds 50] [--first-seed 1] [--jobs 2]

Truth: leaders' orientation is raised and lowered by half a standard deviation in 2012Q1 in every province; the slope is what
that moves mean NQPF of 2013-2022 by, over what it moves mean orientation of leaders by, on the same seeds. Beside it stand
what an analyst would estimate on the panel of one undisturbed run, twelve provinces in eleven years, NQPF on leaders' mean
orientation: least squares with effects of years; with effects of provinces and years; the latter with orientation of two
years before; and with orientation in the cross-section of means instrumented by endowment with resources (log energy per
output of 2012), after Glaeser, Kerr & Kerr (2015). All that with and without entry that follows the score (M12) and path
dependence of heavy industry (M38), through which endowment acts on its own. Prediction of the catalogue: overstated
with M12, not without.

A panel of so few provinces is noisy, so that single estimates prove nothing: the table has the median bias over seeds with
its 95 % interval (of order statistics: an instrument that is weak has no mean), where single estimates lie, the share of
them above the truth, and the median F of the first stage (10 is what is asked of an instrument); the picture every one.
Nothing is calibrated. A minute on two cores; results go to experiments/results/naive_regression.{csv,png}, both or none.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from scipy.stats import quantile_test
from statsmodels.regression.linear_model import OLS
from statsmodels.sandbox.regression.gmm import IV2SLS
from statsmodels.tools import add_constant

from nqpf_abm.collect.folder import csv_bytes, write_files
from nqpf_abm.experiment.arm_tables import arm_tables
from nqpf_abm.experiment.arms import YEARS, arm
from nqpf_abm.experiment.execute import Finished, Measure
from nqpf_abm.viz import style

RESULTS = Path(__file__).resolve().parent / "results"
STEP, LAG = 0.5, 2
"""Size of the intervention either way (sd), and years that orientation goes before."""
WORLDS = {
    "default": {},
    "entry does not follow the score (M12 off)": {"M12": "off"},
    "no path dependence (M38 off)": {"M38": "off"},
    "neither": {"M12": "off", "M38": "off"},
}


# ------------------------------------------------------------------------------------------ what is measured
def panel(finished: Finished) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """NQPF and leaders' mean orientation, (n_years, n_provinces) each, and log energy per output, (n_provinces,)."""
    results, regions = finished.model.results, finished.model.regions
    scores = results.scores.pivot(index="year", columns="province", values="nqpf")[
        results.provinces
    ].to_numpy()
    quarters = results.series_array["leader_orientation"][results.burn_in :]
    orientation = quarters.reshape(len(scores), 4, -1).mean(axis=1)
    return scores, orientation, np.log(regions["energy"] / regions["gdp"]).to_numpy(float)


def least_squares(y: np.ndarray, x: np.ndarray) -> float:
    """Slope of y on x, both (n_years, n_provinces), with an effect of every year."""
    y, x = (a - a.mean(axis=1, keepdims=True) for a in (y, x))
    return float(OLS(y.ravel(), x.ravel()).fit().params[0])


def fixed_effects(y: np.ndarray, x: np.ndarray) -> float:
    """The same with an effect of every province as well (the within transformation)."""
    return least_squares(y - y.mean(axis=0), x - x.mean(axis=0))


def instrumented(y: np.ndarray, x: np.ndarray, z: np.ndarray) -> float:
    """Slope of mean y on mean x over provinces by two-stage least squares with the instrument z (n_provinces,)."""
    fit = IV2SLS(y.mean(axis=0), add_constant(x.mean(axis=0)), add_constant(z)).fit()
    return float(fit.params[1])


def first_stage_f(x: np.ndarray, z: np.ndarray) -> float:
    """F of the instrument in the regression of mean x on it."""
    return float(OLS(x.mean(axis=0), add_constant(z)).fit().fvalue)


INSTRUMENTED = "instrumented by endowment"
ESTIMATES = {
    "least squares, effects of years": lambda y, x, z: least_squares(y, x),
    "effects of provinces and years": lambda y, x, z: fixed_effects(y, x),
    f"the same, orientation {LAG} years before": lambda y, x, z: fixed_effects(y[LAG:], x[:-LAG]),
    INSTRUMENTED: instrumented,
}
NQPF, ORIENTATION, FIRST_STAGE = "NQPF", "orientation", "F of the first stage"
MEASURES = (
    Measure(NQPF, "0 to 1", lambda run: float(panel(run)[0][1:].mean())),
    Measure(ORIENTATION, "0 to 1", lambda run: float(panel(run)[1][1:].mean())),
    *(
        Measure(name, "NQPF per orientation", lambda run, of=of: of(*panel(run)))
        for name, of in ESTIMATES.items()
    ),
    Measure(FIRST_STAGE, "1", lambda run: first_stage_f(*panel(run)[1:])),
)


# -------------------------------------------------------------------------------------------- what it comes to
def truth(low: pd.DataFrame, high: pd.DataFrame) -> pd.Series:
    """Slope of each seed between orientation lowered and raised."""
    return (high[NQPF] - low[NQPF]) / (high[ORIENTATION] - low[ORIENTATION])


def biases(world: str, free: pd.DataFrame, true: pd.Series) -> pd.DataFrame:
    """A row per estimator. `free`: what undisturbed runs came to, a row per seed as in `true`."""
    rows = []
    for name in ESTIMATES:
        bias = free[name] - true
        interval = quantile_test(bias, p=0.5).confidence_interval()
        rows.append(
            (world, name, true.mean(), bias.median(), interval.low, interval.high,
             *free[name].quantile([0.0, 0.25, 0.75, 1.0]), float((bias > 0).mean()),
             free[FIRST_STAGE].median() if name == INSTRUMENTED else np.nan, len(bias))
        )  # fmt: skip
    columns = (
        "world estimate truth median_bias low high lowest quartile_1 quartile_3 highest share_above first_stage_f seeds"
    ).split()
    return pd.DataFrame(rows, columns=columns)


def run(seeds: range, jobs: int, quarters: int = 4 * YEARS) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """The biases in every world, and per world the estimates and the truth of every seed."""
    arms = {
        (world, step): arm({**changes, **({"shock.leaders": step} if step else {})}, quarters=quarters)
        for world, changes in WORLDS.items()
        for step in (-STEP, 0.0, STEP)
    }
    tables = arm_tables(arms, seeds, MEASURES, jobs=jobs)
    found, single = [], {}
    for world in WORLDS:
        true, free = truth(tables[world, -STEP], tables[world, STEP]), tables[world, 0.0]
        found.append(biases(world, free, true))
        single[world] = free[list(ESTIMATES)].assign(truth=true)
    return pd.concat(found, ignore_index=True), single


def figure(single: dict[str, pd.DataFrame]) -> Figure:
    """A panel per world: every estimate of every seed beside the truth. Estimates far out stand at the edge."""
    left = style.text_width(list(ESTIMATES), style.TICK) + 0.3
    made = style.new_figure(
        left + 7.4,
        style.TOP + style.BOTTOM + 4.0,
        "What a regression says of entrepreneurship, and what an intervention does",
        "Dot: the panel of one run, at the edge if beyond it; bar: median of runs; green: the intervention, 95 % of seeds",
        style.UNCALIBRATED,
    )
    axes = style.panels(made, 2, 2, left=left, right=0.3, across=0.3, sharex=True, sharey=True)
    jitter = np.random.default_rng(1)
    low, high = np.percentile(pd.concat(single.values())[list(ESTIMATES)[:-1]].to_numpy(), [1, 99])
    for ax, (world, table) in zip(axes.ravel(), single.items(), strict=True):
        for place, name in enumerate(ESTIMATES):
            at = place + jitter.uniform(-0.25, 0.25, len(table))
            ax.plot(table[name].clip(low, high), at, "o", markersize=3, alpha=0.5, color=style.BLUE)
            ax.vlines(table[name].median(), place - 0.38, place + 0.38, color=style.BLACK, linewidth=2.0)
        true = table["truth"]
        ax.axvspan(true.quantile(0.025), true.quantile(0.975), color=style.GREEN, alpha=0.3, linewidth=0)
        ax.axvline(true.mean(), color=style.GREEN)
        ax.axvline(0.0, color=style.GREY, linewidth=1.0, zorder=0)
        last = ax in axes[-1]
        style.dress(ax, title=world, x="NQPF per unit of leaders' orientation" if last else "")
        ax.grid(visible=False)
        ax.grid(axis="x", color=style.FAINT, linewidth=0.6)
        ax.set_yticks(range(len(ESTIMATES)), list(ESTIMATES), fontsize=style.TICK)
        ax.tick_params(axis="y", length=0)
    axes[0, 0].set_ylim(len(ESTIMATES) - 0.5, -0.5)
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=50)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    table, single = run(range(options.first_seed, options.first_seed + options.seeds), options.jobs)
    print(table.to_string(index=False, float_format=lambda x: f"{x:.3f}"))
    write_files(
        {
            RESULTS / "naive_regression.csv": csv_bytes(table),
            RESULTS / "naive_regression.png": style.png(figure(single)),
        },
        force=True,
    )


if __name__ == "__main__":
    main()
