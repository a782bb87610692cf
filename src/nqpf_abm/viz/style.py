"""What every picture shares: colours all can tell apart, readable type, labels that do not collide."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from io import BytesIO
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import Colormap, ListedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ticker import MaxNLocator

# Okabe & Ito (2008): distinguishable with the common forms of colour blindness.
BLUE, VERMILLION, GREEN = "#0072B2", "#D55E00", "#009E73"
ORANGE, SKY, BLACK = "#E69F00", "#56B4E9", "#000000"
PURPLE = "#882E72"  # Tol (2021) in place of their pale purple, which is hard to read as text
GREY, FAINT = "#595959", "#D0D0D0"
PALETTE = (BLUE, GREEN, PURPLE, VERMILLION, ORANGE, SKY, BLACK)

ECHELON_COLOURS = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY)
DIMENSIONS = {  # score column -> (label, colour)
    "scitech": ("science and technology", BLUE),
    "green": ("green", GREEN),
    "digital": ("digital", PURPLE),
}

HEAT: Colormap = colormaps[
    "viridis_r"
]  # even steps to readers with and without colour blindness; dark is much
DIVERGING: Colormap = colormaps["PuOr"]  # orange below zero, purple above; white is nothing
PALE: Colormap = ListedColormap(0.4 + 0.6 * HEAT(np.arange(HEAT.N)), name="pale")  # behind small numbers

TITLE, LABEL, TICK, CAPTION = 12, 10, 9, 8  # points
LINE_HEIGHT = 1.18  # of a name among names, in type sizes
TOP, BOTTOM = 0.9, 0.8  # inches kept for the title, and for the x axis and the caption

UNCALIBRATED = "Source: simulation with nqpf_abm, uncalibrated: most parameters are assumed. Not a forecast."


class EndLabel(NamedTuple):
    """The name of a line, to be written beside its last point."""

    x: float
    y: float
    text: str
    colour: str


def png(figure: Figure, dpi: int = 120) -> bytes:
    """The figure as a PNG file: the same bytes for the same figure and versions of the libraries."""
    file = BytesIO()
    figure.savefig(file, format="png", dpi=dpi, metadata={"Software": None})
    return file.getvalue()


def require(table: pd.DataFrame, columns: Iterable[str], name: str) -> pd.DataFrame:
    """Return `table` if it has rows and every column, else raise `ValueError` naming what is missing."""
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise ValueError(
            f"{name} lacks the column(s) {', '.join(missing)}; it has {', '.join(table.columns)}"
        )
    if table.empty:
        raise ValueError(f"{name} has no rows to draw")
    return table


def new_figure(width: float, height: float, title: str, seen: str, caption: str) -> Figure:
    """An empty figure, size in inches, with a title, a line that says what is seen, and its source.

    It belongs to no window and no global state: ``figure.savefig(path)`` is all it needs. It is wider if
    the heading needs it, and higher if the source needs more than two lines.
    """
    heading = f"{title}\n{seen}" if seen else title
    width = max(width, 1.03 * text_width([heading], TITLE) + 0.24)  # letters are wider at few dots per inch
    caption = wrapped(caption, width - 0.24, CAPTION)
    height += _more_source(caption)
    figure = Figure(figsize=(width, height))
    figure.suptitle(heading, x=0.12 / width, y=1 - 0.1 / height, ha="left", va="top", fontsize=TITLE)
    at = {"x": 0.12 / width, "y": 0.1 / height, "ha": "left", "va": "bottom"}
    figure.supxlabel(caption, fontsize=CAPTION, color=GREY, **at)
    return figure


def _more_source(caption: str) -> float:
    """Inches that the lines of a source after the second need."""
    return max(0, caption.count("\n") - 1) * 0.15


def panels(
    figure: Figure,
    rows: int = 1,
    columns: int = 1,
    *,
    left: float = 0.75,
    right: float = 0.2,
    across: float = 0.2,
    down: float = 0.75,
    top: float = TOP,
    bottom: float = BOTTOM,
    **shared,
) -> np.ndarray:
    """Axes (rows, columns) at places given in inches: margins on four sides, gaps across and down.

    Fixed places draw in half the time of a solved layout, and the caller knows how long its labels are
    (`text_width`).
    """
    width, height = figure.get_size_inches()
    bottom += _more_source(figure.get_supxlabel())
    ax_width = (width - left - right - across * (columns - 1)) / columns
    ax_height = (height - top - bottom - down * (rows - 1)) / rows
    grid = {
        "left": left / width,
        "right": 1 - right / width,
        "top": 1 - top / height,
        "bottom": bottom / height,
        "wspace": across / ax_width,
        "hspace": down / ax_height,
    }
    return figure.subplots(rows, columns, squeeze=False, gridspec_kw=grid, **shared)


def text_width(texts: Iterable[str], size: float, *, weight: str = "normal") -> float:
    """Width in inches of the longest of some texts set in `size` points, line by line."""
    renderer = FigureCanvasAgg(Figure()).get_renderer()
    font = FontProperties(size=size, weight=weight)
    rows = {row for text in texts for row in str(text).split("\n")}
    widths = [renderer.get_text_width_height_descent(row, font, ismath=False)[0] for row in rows]
    return max(widths, default=0.0) / renderer.dpi


def wrapped(text: str, width: float, size: float) -> str:
    """`text` with line breaks so that, set in `size` points, it stays within `width` inches."""
    if text_width([text], size) <= width:
        return text
    rows = [""]
    for word in text.split():
        longer = f"{rows[-1]} {word}".strip()
        if rows[-1] and text_width([longer], size) > width:
            rows.append(word)
        else:
            rows[-1] = longer
    return "\n".join(rows)


def label_room(texts: Iterable[str], size: float = TICK) -> float:
    """Inches to keep free on the right of axes for the names at the line ends."""
    return text_width(texts, size) + 0.27


def colours_for(names: Iterable[Hashable], known: Mapping[Hashable, str]) -> dict[Hashable, str]:
    """A colour for each name: its own where `known`, else the next of the palette that no other has."""
    names = list(dict.fromkeys(names))
    taken = {known[name] for name in names if name in known}
    free = [colour for colour in PALETTE if colour not in taken] or list(PALETTE)
    others = [name for name in names if name not in known]
    drawn = {name: free[i % len(free)] for i, name in enumerate(others)}
    return {name: known[name] if name in known else drawn[name] for name in names}


def ink(values: float | np.ndarray, norm: Normalize, colours: Colormap) -> np.ndarray:
    """Black or white for each value, whichever reads better on its colour; grey where there is none."""
    known = np.isfinite(values)
    channels = np.asarray(colours(norm(np.where(known, values, norm.vmin))))[..., :3]
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    luminance = linear @ (0.2126, 0.7152, 0.0722)
    readable = np.where(luminance < 0.179, "white", BLACK)  # equal contrast with both by WCAG 2.2
    return np.where(known, readable, GREY)


def dress(ax: Axes, *, title: str = "", x: str = "", y: str = "") -> None:
    """Titles, axis labels with units, light horizontal grid, no box."""
    ax.set_title(title, fontsize=LABEL, loc="left", y=1.0)  # a given place need not be searched for
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


def first_point(x: Sequence[float], y: Sequence[float]) -> tuple[float, float] | None:
    """The first point of a line that has a value, or None."""
    return last_point(np.asarray(x)[::-1], np.asarray(y)[::-1])


def last_point(x: Sequence[float], y: Sequence[float]) -> tuple[float, float] | None:
    """The last point of a line that has a value, or None."""
    x, y = np.asarray(x, float), np.asarray(y, float)
    known = np.flatnonzero(np.isfinite(y))
    return None if known.size == 0 else (float(x[known[-1]]), float(y[known[-1]]))


def label_line_ends(
    labels: Mapping[Axes, Sequence[EndLabel]],
    *,
    size: float = TICK,
    side: Literal["right", "left"] = "right",
) -> None:
    """Write the names of lines beside their ends, moved apart as little as needed, smaller if many.

    Call it when the axis limits are set. A name moved by more than half its height is tied to its line by
    a thin leader. A line that ends before the others has its name above its last point. With `side`
    "left" the labels hold first points and the names stand to their left.
    """
    for ax, ends in labels.items():
        if not ends:
            continue
        points = 72.0 / ax.get_figure(root=True).dpi
        outer = (max if side == "right" else min)(label.x for label in ends)
        early = [label for label in ends if label.x != outer]
        heights = [(ax.transData.transform(end[:2])[1] * points, end) for end in ends if end.x == outer]
        heights.sort(key=lambda pair: pair[0])  # as drawn: an axis may point down
        at, ends = zip(*heights, strict=True)
        box = ax.get_window_extent()
        fitting = min(size, (box.y1 - box.y0) * points / (LINE_HEIGHT * len(ends)))
        wanted = spread(at, LINE_HEIGHT * fitting, low=box.y0 * points, high=box.y1 * points)
        for label, here, there in zip(ends, at, wanted, strict=True):
            _write_end(ax, label, there - here, fitting, side)
        for label in early:
            _write_above(ax, label, size)


def _write_end(ax: Axes, label: EndLabel, up: float, size: float, side: str) -> None:
    leader = {
        "arrowstyle": "-",
        "color": label.colour,
        "linewidth": 0.5,
        "shrinkA": 0,
        "shrinkB": 2,
        "relpos": (0, 0.5) if side == "right" else (1, 0.5),
    }
    ax.annotate(
        label.text,
        xy=(label.x, label.y),
        xytext=(12 if side == "right" else -12, up),
        textcoords="offset points",
        fontsize=size,
        color=label.colour,
        ha="left" if side == "right" else "right",
        va="center",
        annotation_clip=False,
        arrowprops=leader if abs(up) > 0.5 * size else None,
    )


def _write_above(ax: Axes, label: EndLabel, size: float) -> None:
    ax.annotate(
        label.text,
        xy=(label.x, label.y),
        xytext=(0, 7),
        textcoords="offset points",
        fontsize=size,
        color=label.colour,
        ha="center",
        va="bottom",
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


def columns_room(columns: Mapping[str, Sequence[str]], size: float = TICK) -> float:
    """Inches to keep free on the right of axes for `write_columns`."""
    return sum(_column_widths(columns, size)) + 0.1


def write_columns(
    ax: Axes, places: Sequence[float], columns: Mapping[str, Sequence[str]], *, size: float = TICK
) -> None:
    """Columns of text to the right of axes: a heading each, and a cell at each of the heights `places`."""
    right = 0.0
    for (heading, cells), width in zip(columns.items(), _column_widths(columns, size), strict=True):
        right += width
        how = {"fontsize": size, "textcoords": "offset points", "ha": "right", "annotation_clip": False}
        how["xytext"] = (72 * right, 0)
        for place, cell in zip(places, cells, strict=True):
            ax.annotate(cell, (1, place), xycoords=("axes fraction", "data"), va="center", **how)
        how["xytext"] = (72 * right, 5)
        ax.annotate(heading, (1, 1), xycoords="axes fraction", va="bottom", color=GREY, **how)


def _column_widths(columns: Mapping[str, Sequence[str]], size: float) -> list[float]:
    return [text_width([heading, *cells], size) + 0.18 for heading, cells in columns.items()]


def number(value: float, form: str) -> str:
    """`value` in a format such as ``".3f"``, with a true minus; an en dash where there is none."""
    return f"{value:{form}}".replace("-", "−") if np.isfinite(value) else "–"
