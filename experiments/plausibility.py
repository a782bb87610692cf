"""Set the simulated indicators beside the official ones, 2012-2022, as they are: nothing is tuned to them.

    python experiments/plausibility.py [--seeds 8] [--first-seed 1]

Every indicator of the specification `core` that both sides have, per province and year. Some official series are proxies
and some levels of 2012 are inputs of the simulation, so growth says more than level; the notes under the figures say so.

experiments/results/plausibility.csv     indicator, province, year, official, simulated mean, low and high over seeds
experiments/results/plausibility_N1.png  and so on, one figure per indicator
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from nqpf_abm import Ecosystem
from nqpf_abm.collect.specification import Indicator, Specification, load_specification
from nqpf_abm.data.facts import official_wide
from nqpf_abm.viz import style

RESULTS = Path(__file__).resolve().parent / "results"


def both_sides(spec: Specification) -> Specification:
    """The specification without indicators that one side lacks."""
    return spec.select(i.id for i in spec.indicators if i.sim is not None and i.real is not None)


def simulated(spec: Specification, seeds: range) -> pd.DataFrame:
    """seed, province, year, one column per indicator."""
    blocks = []
    for seed in seeds:
        model = Ecosystem(seed=seed).run()
        blocks.append(model.results.panel(spec).assign(seed=seed))
        model.close()
    return pd.concat(blocks, ignore_index=True)


def beside(spec: Specification, runs: pd.DataFrame) -> pd.DataFrame:
    """indicator, province, year, official, simulated, low, high: mean and range over seeds; gaps are NaN."""
    provinces = list(dict.fromkeys(runs["province"]))
    years = sorted(runs["year"].unique())
    official = spec.evaluate("real", official_wide(years=years, provinces=provinces))
    keys = ["province", "year"]
    grouped = runs.groupby(keys, sort=False)[list(spec.ids)]
    parts = []
    for name in spec.ids:
        table = official[[*keys, name]].rename(columns={name: "official"})
        for column, values in (
            ("simulated", grouped.mean()),
            ("low", grouped.min()),
            ("high", grouped.max()),
        ):
            table = table.merge(values[name].rename(column).reset_index(), on=keys)
        parts.append(table.assign(indicator=name))
    return pd.concat(parts, ignore_index=True)[
        ["indicator", *keys, "official", "simulated", "low", "high"]
    ]  # fmt: skip


def growth(table: pd.DataFrame) -> pd.DataFrame:
    """first, last (year), official and simulated growth factor of each province between its official figures."""
    rows = {}
    for province, part in table.dropna(subset="official").groupby("province", sort=False):
        part = part.sort_values("year")
        ends = part.iloc[[0, -1]]
        factors = ends.iloc[1][["official", "simulated"]] / ends.iloc[0][["official", "simulated"]]
        rows[province] = {"first": ends["year"].iloc[0], "last": ends["year"].iloc[1], **factors}
    return pd.DataFrame(rows).T


def figure(indicator: Indicator, table: pd.DataFrame, seeds: int) -> Figure:
    """Twelve provinces, official beside simulated, each axis from zero."""
    factors = growth(table)
    first, last = int(factors["first"].mode()[0]), int(factors["last"].mode()[0])
    whole = factors[(factors["first"] == first) & (factors["last"] == last)].index
    mean = table[table["province"].isin(whole)].groupby("year")[["official", "simulated"]].mean()
    total = mean.loc[last] / mean.loc[first]
    level = mean.loc[last, "simulated"] / mean.loc[last, "official"]
    note = f"Official: {indicator.real.text}" + (f" ({indicator.real_note})" if indicator.real_note else "")
    if "deflator" in indicator.real.text:
        (assumed,) = load_specification("core").assumptions
        note += f", {assumed.name} {100 * assumed.annual_rate:.0f} % a year, assumed"
    made = style.new_figure(
        12.5,
        8.2,
        f"{indicator.name}: official ×{total['official']:.2f}, simulated ×{total['simulated']:.2f}, {first}–{last}",
        f"Mean of {len(whole)} provinces, {indicator.unit}; simulated level {last} is {level:.2f} of the official. "
        f"Band: lowest to highest of {seeds} seeds. Over the panels: growth official, simulated",
        f"{note}. Black: official statistics; blue: {style.UNCALIBRATED.removeprefix('Source: ')}",
    )
    provinces = list(dict.fromkeys(table["province"]))
    n = -(-len(provinces) // 4)
    axes = style.panels(made, n, 4, across=0.6, down=0.62, top=1.1, bottom=0.7).ravel()
    for ax in axes[len(provinces) :]:
        ax.set_visible(False)
    for ax, province in zip(axes, provinces, strict=False):
        part = table[table["province"] == province].sort_values("year")
        ax.fill_between(part["year"], part["low"], part["high"], color=style.BLUE, alpha=0.2, linewidth=0)
        style.line(ax, part["year"], part["simulated"], style.BLUE)
        known = part.dropna(subset="official")
        style.line(
            ax, known["year"], known["official"], style.BLACK, linestyle="--", marker="o", markersize=3
        )
        told = "no official figure"
        if province in factors.index:
            told = ", ".join(_times(factors.loc[province, side]) for side in ("official", "simulated"))
        style.dress(ax, title=f"{province}  {told}")
        style.year_axis(ax, part["year"], most_ticks=4)
        ax.set_ylim(0, 1.08 * np.nanmax(part[["official", "high"]].to_numpy()) or 1.0)
    return made


def _times(factor: float) -> str:
    return f"×{factor:.2f}" if np.isfinite(factor) else "from 0"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--first-seed", type=int, default=1)
    options = parser.parse_args()
    spec = both_sides(load_specification("core"))
    table = beside(spec, simulated(spec, range(options.first_seed, options.first_seed + options.seeds)))
    RESULTS.mkdir(exist_ok=True)
    table.to_csv(RESULTS / "plausibility.csv", index=False, float_format="%.6g", lineterminator="\n")
    for indicator in spec.indicators:
        part = table[table["indicator"] == indicator.id]
        made = figure(indicator, part, options.seeds)
        made.savefig(RESULTS / f"plausibility_{indicator.id}.png", dpi=90)
        print(made.get_suptitle())


if __name__ == "__main__":
    main()
