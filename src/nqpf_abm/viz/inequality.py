"""How unequal are the provinces, and which part of it lies between groups of them?"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from . import style
from .style import EndLabel

LOOKS = {  # column of a decomposition -> (colour, hatch: the parts are told apart in print as well)
    "within": (style.SKY, ""),
    "between": (style.BLUE, ""),
    "transvariation": (style.ORANGE, "///"),
}


def _parts(groups: str, *columns: str) -> dict[str, tuple[str, str, str]]:
    """Column -> (label, colour, hatch) where the parts are those of `groups`."""
    words = {"within": f"within {groups}", "between": f"between {groups}"}
    words["transvariation"] = "transvariation (overlap)"
    return {column: (words[column], *LOOKS[column]) for column in columns}


PARTS = _parts("echelons", *LOOKS)


def dagum_stack(
    dagum: pd.DataFrame,
    *,
    groups: str = "echelons",
    scores: str = "NQPF scores",
    caption: str = style.UNCALIBRATED,
) -> Figure:
    """Gini of the scores per year as a stack of Dagum's three parts.

    dagum   year, gini, within, between, transvariation; the parts add up to gini
    groups  what the provinces are grouped into, and `scores`, what is unequal, in words for the labels

    Raises ValueError when a column is missing or no year has a Gini.
    """
    parts = _parts(groups, *LOOKS)
    known = _known(dagum, "gini", parts, "dagum", "a Gini")
    title = f"Inequality of the {scores} among provinces, {style.span(known['year'])}"
    seen = f"Gini {style.change(known['gini'], 3)} and its three parts (Dagum 1997)"
    return _stack(known, "gini", parts, "Gini (0–1)", title, seen, caption)


def theil_stack(
    theil: pd.DataFrame, *, groups: str = "echelons", scores: str = "scores", caption: str = ""
) -> Figure:
    """Theil index of the scores per year as a stack of its parts within and between groups.

    theil   year, theil, within, between; the parts add up to theil
    groups  what the provinces are grouped into, and `scores`, what is unequal, in words for the labels

    Raises ValueError when a column is missing or no year has a Theil index.
    """
    parts = _parts(groups, "within", "between")
    known = _known(theil, "theil", parts, "theil", "a Theil index")
    share = known["between"] / known["theil"].where(known["theil"] > 0)
    title = f"Inequality of the {scores} among provinces, {style.span(known['year'])}"
    seen = f"Theil index {style.change(known['theil'], 3)}; share between {groups} {style.change(share)}"
    return _stack(known, "theil", parts, "Theil index (0: equal)", title, seen, caption)


def _known(table: pd.DataFrame, total: str, parts: Iterable[str], name: str, what: str) -> pd.DataFrame:
    """The years of a decomposition that have a total, in order."""
    style.require(table, ["year", total, *parts], name)
    known = table.dropna(subset=[total]).sort_values("year")
    if known.empty:
        raise ValueError(f"{name} has no year with {what}")
    return known


def _stack(
    known: pd.DataFrame, total: str, parts: dict, y: str, title: str, seen: str, caption: str
) -> Figure:
    figure = style.new_figure(8.5, 4.8, title, seen, caption)
    room = style.label_room((name for name, *_ in parts.values()), style.LABEL)
    ax = style.panels(figure, right=room)[0, 0]
    style.label_line_ends({ax: _draw_stack(ax, known, total, parts, y)}, size=style.LABEL)
    return figure


def draw_dagum(ax: Axes, dagum: pd.DataFrame, *, title: str = "") -> list[EndLabel]:
    """A stacked bar per year with its Gini on top; returns the names of the parts beside the last bar."""
    known = dagum.dropna(subset=["gini"]).sort_values("year")
    return _draw_stack(ax, known, "gini", PARTS, "Gini (0–1)", title)


def _draw_stack(
    ax: Axes, known: pd.DataFrame, total: str, parts: dict, y: str, title: str = ""
) -> list[EndLabel]:
    years = known["year"].to_numpy(int)
    bottom = pd.Series(0.0, index=known.index)
    labels = []
    for column, (name, colour, hatch) in parts.items():
        ax.bar(years, known[column], bottom=bottom, width=0.75, color=colour, hatch=hatch, edgecolor="white")
        middle = float(bottom.iloc[-1] + known[column].iloc[-1] / 2)
        labels.append(EndLabel(years[-1] + 0.38, middle, name, style.BLACK))
        bottom = bottom + known[column]
    # beyond a dozen years the numbers would touch: the first and the last remain
    many = len(known) > 12
    marked = known.iloc[[0, -1]] if many else known
    for year, height in zip(marked["year"], marked[total], strict=True):
        ax.annotate(
            f"{height:.2f}" if known[total].max() >= 0.1 else f"{height:.3f}",
            (year - 0.375 * (many and year == years[0]), height),
            xytext=(0, 2),
            textcoords="offset points",
            ha="left" if many and year == years[0] else "center",
            va="bottom",
            fontsize=style.TICK,
        )
    style.dress(ax, title=title, x="year", y=y)
    style.year_axis(ax, years)
    ax.set_xlim(years[0] - 0.6, years[-1] + 0.6)
    ax.set_ylim(0.0, 1.12 * known[total].max() or 1.0)
    return labels
