"""How strongly does growth depend on what the East is assumed to buy?

    python experiments/closure.py [--seeds 4] [--first-seed 1] [--jobs 1]

The accounts are closed by a demand of the East that the model does not explain (mechanisms/market.py): its growth, its
size, and how far a province's share of it follows productivity and answers unemployment, at once and slowly, are
assumptions. Each is moved over its declared range, five points, the others at their default; at last all together from
their least to their most. Seeds are the same at every point.

experiments/results/closure.csv  parameter, value, seed, growth (output 2022 over 2012), unemployment 2022
experiments/results/closure.png
"""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from nqpf_abm.experiment.arm_tables import arm_tables
from nqpf_abm.experiment.arms import YEARS, arm
from nqpf_abm.experiment.execute import Finished, Measure
from nqpf_abm.mechanisms.market import MarketParams
from nqpf_abm.viz import style

RESULTS = Path(__file__).resolve().parent / "results"
SWEPT = {
    "east_growth": "growth of the East's demand",
    "east_demand": "size of the East's demand, 2012",
    "export_tfp": "exports follow productivity",
    "export_slack": "exports answer slack at once",
    "drift_speed": "exports answer slack slowly",
}
ALL = "all"
UNITS = {
    "east_growth": "1/quarter",
    "east_demand": "western GDP",
    "export_tfp": "elasticity",
    "export_slack": "1",
}
UNITS |= {"drift_speed": "1/quarter", ALL: "share of each range"}
FOLLOWED = {"growth": "output 2022 over 2012", "unemployment": "unemployment 2022, share"}


def _series(finished: Finished) -> np.ndarray:
    return finished.model.results.series_array[finished.model.burn_in :]


def _growth(finished: Finished) -> float:
    gdp = _series(finished)["gdp"].sum(axis=1)
    return float(gdp[-4:].sum() / gdp[:4].sum())


def _unemployment(finished: Finished) -> float:
    last = _series(finished)[-4:]
    return float((last["unemployment_rate"] * last["heads"]).sum() / last["heads"].sum())


MEASURES = (Measure("growth", "1", _growth), Measure("unemployment", "share", _unemployment))


def declared(name: str) -> tuple[float, float, float]:
    """Default, low and high of a parameter of the market."""
    field = next(field for field in dataclasses.fields(MarketParams) if field.name == name)
    return field.default, field.metadata["low"], field.metadata["high"]


def sweep(seeds: range, jobs: int, points: int = 5, quarters: int = 4 * YEARS) -> pd.DataFrame:
    """parameter, value, seed, growth, unemployment; the default among them, with an empty parameter."""
    arms = {("", np.nan): arm(quarters=quarters)}
    for name in SWEPT:
        _, low, high = declared(name)
        for value in np.linspace(low, high, points):
            arms[name, float(value)] = arm({f"market.{name}": value}, quarters=quarters)
    for share in np.linspace(0, 1, points):
        ends = {f"market.{name}": declared(name)[1:] for name in SWEPT}
        changes = {name: low + share * (high - low) for name, (low, high) in ends.items()}
        arms[ALL, float(share)] = arm(changes, quarters=quarters)
    tables = arm_tables(arms, seeds, MEASURES, jobs=jobs)
    rows = [
        table.rename_axis("seed").reset_index().assign(parameter=name, value=value)
        for (name, value), table in tables.items()
    ]
    columns = ["parameter", "value", "seed", *(measure.name for measure in MEASURES)]
    return pd.concat(rows, ignore_index=True)[columns]


def sentence(table: pd.DataFrame) -> str:
    """How far growth moves over the declared range of each assumption, and of all, beside how seeds differ."""
    default = table.loc[table["parameter"] == "", "growth"]
    means = table[table["parameter"] != ""].groupby(["parameter", "value"])["growth"].mean()
    ends = {name: f"×{means[name].iloc[0]:.2f} to ×{means[name].iloc[-1]:.2f}" for name in (*SWEPT, ALL)}
    alone = ", ".join(f"{ends[name]} ({name})" for name in SWEPT)
    return (
        f"Output 2012-2022 grows ×{default.mean():.2f} at the default (seeds ×{default.min():.2f} to "
        f"×{default.max():.2f}); from the least to the most of one assumption on what the East buys it moves {alone}, "
        f"and with all at once {ends[ALL]}."
    )


def figure(table: pd.DataFrame) -> Figure:
    """Growth above, unemployment below; a column per assumption."""
    swept = table[table["parameter"] != ""]
    default = table[table["parameter"] == ""]
    ends = swept[swept["parameter"] == ALL].groupby("value")["growth"].mean()
    made = style.new_figure(
        17.0,
        7.0,
        f"Growth and the closure: all assumptions on what the East buys at their least, output grows ×{ends.iloc[0]:.2f}; "
        f"at their most, ×{ends.iloc[-1]:.2f}",
        f"Each over its declared range, the others at their default; last, all together. Dots: "
        f"{table['seed'].nunique()} seeds, line: their mean; dashed: the default",
        style.UNCALIBRATED,
    )
    titles = SWEPT | {ALL: "all together"}
    axes = style.panels(made, len(FOLLOWED), len(titles), across=0.35, down=0.75, left=0.85, sharey="row")
    for row, (column, label) in zip(axes, FOLLOWED.items(), strict=True):
        for ax, (name, title) in zip(row, titles.items(), strict=True):
            part = swept[swept["parameter"] == name]
            mean = part.groupby("value")[column].mean()
            style.line(ax, mean.index, mean, style.BLUE)
            ax.plot(part["value"], part[column], "o", color=style.BLUE, alpha=0.5, markersize=4)
            ax.axhline(default[column].mean(), color=style.GREY, linewidth=1.0, linestyle=(0, (4, 3)))
            if name != ALL:
                ax.axvline(declared(name)[0], color=style.GREY, linewidth=1.0, linestyle=(0, (4, 3)))
            ax.set_xticks(mean.index, [f"{value:g}" for value in mean.index])
            style.dress(ax, title=title if row is axes[0] else "", x=f"{name}, {UNITS[name]}")
        row[0].set_ylabel(label, fontsize=style.LABEL)
        row[0].set_ylim(bottom=0)
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    table = sweep(range(options.first_seed, options.first_seed + options.seeds), options.jobs)
    RESULTS.mkdir(exist_ok=True)
    table.to_csv(RESULTS / "closure.csv", index=False, float_format="%.6g", lineterminator="\n")
    figure(table).savefig(RESULTS / "closure.png", dpi=100)
    print(table.groupby(["parameter", "value"], dropna=False)[list(FOLLOWED)].mean().round(4).to_string())
    print(sentence(table))


if __name__ == "__main__":
    main()
