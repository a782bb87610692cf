"""What every picture shares: colours all readers can tell apart, readable type, labels that do not collide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

# Okabe & Ito (2008): distinguishable with the common forms of colour blindness.
BLUE, VERMILLION, GREEN = "#0072B2", "#D55E00", "#009E73"
PURPLE, ORANGE, SKY, YELLOW, BLACK = "#CC79A7", "#E69F00", "#56B4E9", "#F0E442", "#000000"
GREY, FAINT = "#595959", "#D0D0D0"

ECHELON_COLOURS = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY)
DIMENSIONS = {  # score column -> (label, colour)
    "scitech": ("science and technology", BLUE),
    "green": ("green", GREEN),
    "digital": ("digital", PURPLE),
}

TITLE, LABEL, TICK, CAPTION = 12, 10, 9, 8  # points

UNCALIBRATED = "Source: simulation with nqpf_abm, uncalibrated: most parameters are assumed. Not a forecast."


class EndLabel(NamedTuple):
    """The name of a line, to be written beside its last point."""

    x: float
    y: float
    text: str
    colour: str


def require(table: pd.DataFrame, columns: Iterable[str], name: str) -> pd.DataFrame:
    """Return `table` if it has rows and every column, else raise `ValueError` naming what is missing."""
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise ValueError(f"{name} lacks the column(s) {', '.join(missing)}; it has {', '.join(table.columns)}")
    if table.empty:
        raise ValueError(f"{name} has no rows to draw")
    return table


def new_figure(width: float, height: float, title: str, seen: str, caption: str) -> Figure:
    """An empty figure, size in inches, with a title, a line that says what is seen, and its source.

    It belongs to no window and no global state: ``figure.savefig(path)`` is all it needs.
    """
    figure = Figure(figsize=(width, height), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.08, h_pad=0.08, wspace=0.03, hspace=0.04)
    figure.suptitle(f"{title}\n{seen}" if seen else title, x=0.01, ha="left", fontsize=TITLE)
    # supxlabel rather than free text: the layout keeps room for it
    figure.supxlabel(caption, x=0.01, ha="left", fontsize=CAPTION, color=GREY)
    return figure


def dress(ax: Axes, *, title: str = "", x: str = "", y: str = "") -> None:
    """Titles, axis labels with units, light horizontal grid, no box."""
    ax.set_title(title, fontsize=LABEL, loc="left")
    ax.set_xlabel(x, fontsize=LABEL)
    ax.set_ylabel(y, fontsize=LABEL)
    ax.tick_params(labelsize=TICK)
    ax.grid(axis="y", color=FAINT, linewidth=0.6)
    ax.set_axisbelow(True)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)


def year_axis(ax: Axes, years: Sequence[int], *, most_ticks: int = 6) -> None:
    """Whole years on the x axis; a single year stands in the middle."""
    first, last = min(years), max(years)
    margin = 0.5 if first == last else 0.02 * (last - first)
    ax.set_xlim(first - margin, last + margin)
    if last - first < most_ticks:
        ax.set_xticks(range(int(first), int(last) + 1))
    else:
        ax.xaxis.set_major_locator(MaxNLocator(most_ticks, integer=True, steps=[1, 2, 5, 10]))


def score_axis(ax: Axes, *tables: pd.Series) -> None:
    """From zero to a little above the largest score, so that heights can be compared."""
    values = np.concatenate([np.asarray(column, float).ravel() for column in tables])
    finite = values[np.isfinite(values)]
    ax.set_ylim(0.0, 1.06 * finite.max() if finite.size and finite.max() > 0 else 1.0)


def span(years: Iterable[int]) -> str:
    """``"2012–2022"``, or ``"2012"`` for one year."""
    first, last = int(min(years)), int(max(years))
    return f"{first}" if first == last else f"{first}–{last}"


def change(values: pd.Series, digits: int = 2) -> str:
    """``"0.12 → 0.34"`` from the first to the last value of a series; one value alone if there is one."""
    values = values.dropna()
    if values.empty:
        return "no value"
    if len(values) == 1:
        return f"{values.iloc[0]:.{digits}f}"
    return f"{values.iloc[0]:.{digits}f} → {values.iloc[-1]:.{digits}f}"


def line(ax: Axes, x: Sequence[float], y: Sequence[float], colour: str, **how) -> None:
    """A line; a year alone, which would draw nothing, gets a dot."""
    if np.isfinite(np.asarray(y, float)).sum() < 2:
        how.setdefault("marker", "o")
    ax.plot(x, y, color=colour, **({"linewidth": 1.8, "markersize": 4} | how))


def last_point(x: Sequence[float], y: Sequence[float]) -> tuple[float, float] | None:
    """The last point of a line that has a value, or None."""
    x, y = np.asarray(x, float), np.asarray(y, float)
    known = np.flatnonzero(np.isfinite(y))
    return None if known.size == 0 else (float(x[known[-1]]), float(y[known[-1]]))


def label_line_ends(ax: Axes, labels: Sequence[EndLabel], *, size: float = TICK) -> None:
    """Write the names of lines to the right of their ends, moved apart as little as needed.

    Call it once the axis limits are set. A displaced name is tied to its line by a thin leader.
    """
    if not labels:
        return
    figure = ax.get_figure(root=True)
    figure.draw_without_rendering()  # the layout must be known before points can be counted
    points = 72.0 / figure.dpi
    gap = 1.18 * size
    labels = sorted(labels, key=lambda label: label.y)
    at = [ax.transData.transform((label.x, label.y))[1] * points for label in labels]
    box = ax.get_window_extent()
    wanted = spread(at, gap, low=box.y0 * points, high=box.y1 * points)
    right = max(label.x for label in labels)
    for label, here, there in zip(labels, at, wanted, strict=True):
        along = (ax.transData.transform((right, 0))[0] - ax.transData.transform((label.x, 0))[0]) * points
        ax.annotate(
            label.text,
            xy=(label.x, label.y),
            xytext=(along + 12, there - here),
            textcoords="offset points",
            fontsize=size,
            color=label.colour,
            va="center",
            annotation_clip=False,
            arrowprops={
                "arrowstyle": "-",
                "color": label.colour,
                "linewidth": 0.5,
                "shrinkA": 0,
                "shrinkB": 2,
                "relpos": (0, 0.5),
            },
        )


def spread(at: Sequence[float], gap: float, *, low: float, high: float) -> np.ndarray:
    """Sorted positions moved by the least sum of squares so that neighbours are at least `gap` apart.

    With z = position − gap·rank the wish becomes "z does not fall": isotonic regression by pooling
    adjacent violators. The result stays in [low, high] where there is room for all.
    """
    z = np.asarray(at, float) - gap * np.arange(len(at))
    blocks: list[list[float]] = []  # mean, size
    for value in z:
        blocks.append([value, 1.0])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            mean, size = blocks.pop()
            before, count = blocks[-1]
            blocks[-1] = [(before * count + mean * size) / (count + size), count + size]
    moved = np.concatenate([np.full(int(size), mean) for mean, size in blocks])
    ceiling = max(low, high - gap * (len(at) - 1))
    return np.clip(moved, low, ceiling) + gap * np.arange(len(at))
