"""How does the whole distribution of the scores move, its middle, its width and its peaks?"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from . import style

MOST = 11  # ridges that can be told apart
TALLEST = 2.2  # rows that the highest peak covers


def density_ridges(
    density: pd.DataFrame, scores: pd.DataFrame | None = None, *, column: str = "nqpf", caption: str = ""
) -> Figure:
    """Kernel density of the scores of a year as a ridge; of many years eleven, evenly, with both ends.

    density  year, x (score), density (1/score), bandwidth (score); a year whose density is NaN (all provinces
             alike) is left out
    scores   province, year and `column`: marks the mean of each year

    Raises ValueError when a column is missing or no year has a density.
    """
    style.require(density, ["year", "x", "density", "bandwidth"], "density")
    known = density.dropna(subset=["x", "density"]).sort_values(["year", "x"])
    if known.empty:
        raise ValueError("density has no year with a density")
    means = pd.Series(dtype=float)
    if scores is not None:
        means = style.require(scores, ["province", "year", column], "scores").groupby("year")[column].mean()
    ridges = dict(list(known.groupby("year")))
    drawn = _evenly(list(ridges))
    bandwidth = known.groupby("year")["bandwidth"].first()
    seen = f"Same height scale in every year; bandwidth {style.change(bandwidth, 3)}"
    figure = style.new_figure(
        8.0,
        style.TOP + style.BOTTOM + max(1.6, 0.36 * (len(drawn) + TALLEST)),
        f"Distribution of the scores among provinces, {style.span(known['year'])}",
        seen + ("; dot: mean of the year" if len(means) else ""),
        caption,
    )
    ax = style.panels(figure)[0, 0]
    peak = max(ridges[year]["density"].max() for year in drawn) or 1.0
    for row, year in enumerate(drawn):
        x = ridges[year]["x"].to_numpy(float)
        height = TALLEST * ridges[year]["density"].to_numpy(float) / peak
        ax.fill_between(x, row - height, row, color=style.SKY, alpha=0.75, linewidth=0, zorder=2 * row + 2)
        ax.plot(x, row - height, color=style.BLUE, linewidth=1.2, zorder=2 * row + 3)
        mean = means.get(year, np.nan)
        if np.isfinite(mean):
            look = {"color": style.VERMILLION, "markersize": 6, "markeredgecolor": "white"}
            ax.plot([mean], [row], "o", zorder=2 * len(drawn) + 4, **look)
    style.dress(ax, x="score (0–1)")
    ax.set_yticks(range(len(drawn)), [f"{year:.0f}" for year in drawn], fontsize=style.TICK)
    ax.set_ylim(len(drawn) - 0.8, -TALLEST - 0.1)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    return figure


def _evenly(years: list) -> list:
    """At most `MOST` of the years, evenly, with the first and the last."""
    if len(years) <= MOST:
        return years
    return [years[i] for i in np.linspace(0, len(years) - 1, MOST).round().astype(int)]
