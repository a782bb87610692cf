"""How unequal are the provinces, and which part of it lies between the echelons?"""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from . import style
from .style import EndLabel

PARTS = {  # column of the decomposition -> (label, colour, hatch: the parts are told apart in print as well)
    "within": ("within echelons", style.SKY, ""),
    "between": ("between echelons", style.BLUE, ""),
    "transvariation": ("transvariation (overlap)", style.ORANGE, "///"),
}


def dagum_stack(dagum: pd.DataFrame, *, caption: str = style.UNCALIBRATED) -> Figure:
    """Gini of the NQPF scores per year as a stack of Dagum's three parts.

    dagum  year, gini, within, between, transvariation; the parts add up to gini

    Raises ValueError when a column is missing or no year has a Gini.
    """
    style.require(dagum, ["year", "gini", *PARTS], "dagum")
    known = dagum.dropna(subset=["gini"]).sort_values("year")
    if known.empty:
        raise ValueError("dagum has no year with a Gini")
    figure = style.new_figure(
        8.5,
        4.8,
        f"Inequality of the NQPF scores among provinces, {style.span(known['year'])}",
        f"Gini {style.change(known['gini'], 3)} and its three parts (Dagum 1997)",
        caption,
    )
    room = style.label_room((name for name, *_ in PARTS.values()), style.LABEL)
    ax = style.panels(figure, right=room)[0, 0]
    style.label_line_ends({ax: draw_dagum(ax, dagum)}, size=style.LABEL)
    return figure


def draw_dagum(ax: Axes, dagum: pd.DataFrame, *, title: str = "") -> list[EndLabel]:
    """A stacked bar per year with its Gini on top; returns the names of the parts beside the last bar."""
    known = dagum.dropna(subset=["gini"]).sort_values("year")
    years = known["year"].to_numpy(int)
    bottom = pd.Series(0.0, index=known.index)
    labels = []
    for column, (name, colour, hatch) in PARTS.items():
        ax.bar(years, known[column], bottom=bottom, width=0.75, color=colour, hatch=hatch, edgecolor="white")
        middle = float(bottom.iloc[-1] + known[column].iloc[-1] / 2)
        labels.append(EndLabel(years[-1] + 0.38, middle, name, style.BLACK))
        bottom = bottom + known[column]
    # beyond a dozen years the numbers would touch: the first and the last remain
    many = len(known) > 12
    marked = known.iloc[[0, -1]] if many else known
    for year, gini in zip(marked["year"], marked["gini"], strict=True):
        ax.annotate(
            f"{gini:.2f}",
            (year - 0.375 * (many and year == years[0]), gini),
            xytext=(0, 2),
            textcoords="offset points",
            ha="left" if many and year == years[0] else "center",
            va="bottom",
            fontsize=style.TICK,
        )
    style.dress(ax, title=title, x="year", y="Gini (0–1)")
    style.year_axis(ax, years)
    ax.set_xlim(years[0] - 0.6, years[-1] + 0.6)
    ax.set_ylim(0.0, 1.12 * known["gini"].max() or 1.0)
    return labels
