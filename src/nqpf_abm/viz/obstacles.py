"""Which indicators hold each province back?"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from . import style
from .weights import COLOURS, NAMES

WIDE, HIGH = 0.46, 0.25  # inches of a cell
GAP = 0.3  # of a cell, between dimensions


def obstacle_heat(
    obstacles: pd.DataFrame, names: Mapping[str, str] | None = None, *, caption: str = ""
) -> Figure:
    """Mean obstacle degree of each indicator in each province, as a table coloured by its numbers.

    obstacles  province, year, indicator, dimension, degree (share of the province's whole shortfall that
               year, 0 to 1; the indicators of a province and year sum to 1)
    names      what an indicator id means, where known; written after the id

    Indicators stand by dimension, the greatest obstacle first; a cell without a known degree holds a dash.

    Raises ValueError when a column is missing, no degree is known, or an indicator has two dimensions.
    """
    style.require(obstacles, ["province", "year", "indicator", "dimension", "degree"], "obstacles")
    if obstacles["degree"].isna().all():
        raise ValueError("obstacles has no degree to draw")
    groups = _by_dimension(obstacles)
    indicators = [indicator for members in groups.values() for indicator in members]
    provinces = list(dict.fromkeys(obstacles["province"]))
    means = obstacles.groupby(["province", "indicator"])["degree"].mean().unstack()
    means = 100 * means.reindex(index=provinces, columns=indicators)

    labels = [_label(indicator, names or {}) for indicator in indicators]
    across = style.text_width(labels, style.CAPTION) < WIDE - 0.05
    below = 0.2 if across else style.text_width(labels, style.CAPTION) + 0.1
    heads = _heads(groups)
    above = 0.2 * (1 + max(row for *_, row in heads))
    left = style.text_width(provinces, style.TICK) + 0.25
    wide = len(indicators) + GAP * (len(groups) - 1)
    figure = style.new_figure(
        left + 0.2 + WIDE * wide,
        0.75 + above + HIGH * len(provinces) + below + 0.55,
        f"Obstacle degree of each indicator, mean of {style.span(obstacles['year'])}, in %",
        "Share of the province's shortfall; each row sums to 100; bold: its greatest obstacle",
        caption,
    )
    figure_width = figure.get_figwidth()  # more than asked for when the heading is wider than the table
    right = max(0.2, figure_width - left - 1.6 * WIDE * wide)
    ax = style.panels(figure, left=left, right=right, top=0.75 + above, bottom=below + 0.55)[0, 0]
    _draw_cells(ax, means, groups)
    places = _places(groups)
    ax.set_xticks(
        list(places.values()), labels, fontsize=style.CAPTION, rotation=0 if across else 90, ma="right"
    )
    ax.set_yticks(np.arange(len(provinces)), map(str, provinces), fontsize=style.TICK)
    for (dimension, colour), (start, end, row) in zip(_colours(groups).items(), heads, strict=True):
        at = {"xycoords": ("data", "axes fraction"), "textcoords": "offset points", "annotation_clip": False}
        ax.plot(
            [start, end], [1.0, 1.0], transform=ax.get_xaxis_transform(), color=colour, lw=4, clip_on=False
        )
        name = NAMES.get(dimension, str(dimension))
        ax.annotate(
            name, (start, 1.0), xytext=(0, 5 + 14 * row), va="bottom", color=colour, fontsize=style.TICK, **at
        )
    return figure


def _draw_cells(ax: Axes, means: pd.DataFrame, groups: Mapping[str, list[str]]) -> None:
    norm = Normalize(0.0, max(float(np.nanmax(means.to_numpy())), 1e-12))
    places = _places(groups)
    rows = np.arange(len(means) + 1) - 0.5
    for members in groups.values():
        first = places[members[0]]
        edges = first - 0.5 + np.arange(len(members) + 1)
        cells = np.ma.masked_invalid(means[members].to_numpy())
        ax.pcolormesh(edges, rows, cells, cmap=style.PALE, norm=norm, edgecolors="white", linewidth=0.8)
    degrees = means.to_numpy()
    greatest = np.isfinite(degrees) & (degrees == np.nanmax(degrees, axis=1, keepdims=True, initial=-1.0))
    colours = style.ink(degrees, norm, style.PALE)
    fonts = [FontProperties(size=style.CAPTION, weight=weight) for weight in ("normal", "bold")]
    for (row, column), degree in np.ndenumerate(degrees):
        ax.text(
            places[means.columns[column]],
            row,
            style.number(degree, ".1f"),
            ha="center",
            va="center",
            color=colours[row, column],
            fontproperties=fonts[int(greatest[row, column])],
        )
    ax.set_xlim(-0.5, max(places.values()) + 0.5)
    ax.set_ylim(len(means) - 0.5, -0.5)
    ax.tick_params(length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)


def _by_dimension(obstacles: pd.DataFrame) -> dict[str, list[str]]:
    """Indicators of each dimension, the greatest mean obstacle first."""
    of = obstacles.drop_duplicates(["indicator", "dimension"])
    double = of.loc[of["indicator"].duplicated(), "indicator"]
    if not double.empty:
        raise ValueError(f"obstacles gives more than one dimension for {', '.join(map(str, double))}")
    mean = obstacles.groupby("indicator")["degree"].mean().sort_values(ascending=False, kind="stable")
    return {
        dimension: [indicator for indicator in mean.index if indicator in set(rows["indicator"])]
        for dimension, rows in of.groupby("dimension", sort=False)
    }


def _places(groups: Mapping[str, list[str]]) -> dict[str, float]:
    """Middle of each indicator's column, in cells; a gap between dimensions."""
    return {
        indicator: before + GAP * i
        for before, (i, indicator) in enumerate(
            (i, name) for i, g in enumerate(groups.values()) for name in g
        )
    }


def _heads(groups: Mapping[str, list[str]]) -> list[tuple[float, float, int]]:
    """Left and right edge of each dimension, and the row above the table in which its name has room."""
    places = _places(groups)
    ends: list[float] = []  # of the names so far in each row
    heads = []
    for dimension, members in groups.items():
        start, end = places[members[0]] - 0.5, places[members[-1]] + 0.5
        needed = (style.text_width([NAMES.get(dimension, str(dimension))], style.TICK) + 0.1) / WIDE
        row = next((i for i, taken in enumerate(ends) if taken <= start), len(ends))
        ends[row : row + 1] = [start + needed]
        heads.append((start, end, row))
    return heads


def _colours(groups: Mapping[str, list[str]]) -> dict[str, str]:
    return style.colours_for(groups, COLOURS)


def _label(indicator: str, names: Mapping[str, str]) -> str:
    """The id and its meaning, in at most three short lines."""
    text = f"{indicator} {names.get(indicator, '')}".strip()
    rows = textwrap.wrap(text, 30) or [text]
    if len(rows) > 3:
        rows = [*rows[:2], rows[2][:29] + "…"]
    return "\n".join(rows)
