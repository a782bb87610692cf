"""Which factors matter, how surely, and were there enough rows?"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from . import style
from .style import EndLabel

MOST = 20
DUMMY = "(dummy)"
COLOURS = (style.BLUE, style.ORANGE)
NAMES = {"mu_star": "µ*", "sigma": "σ", "pawn_median": "PAWN median", "pawn_max": "PAWN greatest"}


def morris_plane(
    indices: pd.DataFrame, *, outcome: str, unit: str = "", most_names: int = 10, caption=style.UNCALIBRATED
) -> Figure:
    """Morris' µ* against σ of one outcome: far right matters, high up acts by curvature or interaction.

    indices  index, factor, value, low, high: rows "mu_star" and "sigma" of one outcome and target

    Raises ValueError when a column is missing or no factor has both.
    """
    wide = _wide(indices, ("mu_star", "sigma"))
    order = wide["mu_star", "value"].sort_values(ascending=False, kind="stable").index
    named = list(order[:most_names])
    figure = style.new_figure(
        8.4,
        5.6,
        f"Effects of factors on {outcome}",
        "Line: 95 % interval of µ*; above the dashed line effects change with place more than they weigh",
        caption,
    )
    ax = style.panels(figure, left=0.95, right=style.label_room(named))[0, 0]
    x, y = wide["mu_star", "value"], wide["sigma", "value"]
    ax.hlines(y, wide["mu_star", "low"], wide["mu_star", "high"], color=style.FAINT, linewidth=2.0)
    ax.plot(x, y, "o", color=style.BLUE, markersize=5)
    right = 1.05 * np.nanmax([x.max(), wide["mu_star", "high"].max()]) or 1.0
    top = 1.08 * y.max() or 1.0
    ends = min(right, top)
    ax.plot([0, ends], [0, ends], "--", color=style.GREY, linewidth=0.9, zorder=1)
    ax.set_xlim(0, right)
    ax.set_ylim(0, top)
    suffix = f", {unit} per range" if unit else ", per range"
    style.dress(ax, x=f"µ*, mean size of effects{suffix}", y=f"σ of effects{suffix}")
    labels = [EndLabel(right, float(y[name]), name, style.BLUE) for name in named]
    style.label_line_ends({ax: labels}, size=style.CAPTION)
    for name in named:
        ax.plot([x[name], right], [y[name], y[name]], ":", color=style.FAINT, linewidth=0.8, zorder=0)
    return figure


def index_bars(
    indices: pd.DataFrame, kinds: tuple[str, ...], *, outcome: str, caption=style.UNCALIBRATED
) -> Figure:
    """Indices of one outcome as bars with 95 % intervals, the greatest first, at most 20 factors.

    indices  index, factor, value, low, high: of one outcome and target;  kinds  one or two of its indices, e.g. S1, ST

    A dashed line marks what a dummy factor reads, where there is one. Raises ValueError when nothing can be drawn.
    """
    wide = _wide(indices, kinds)
    dummy = wide.loc[DUMMY] if DUMMY in wide.index else None
    wide = wide.drop(index=DUMMY, errors="ignore")
    if wide.empty:
        raise ValueError("indices has no factor to draw")
    order = wide[kinds[-1], "value"].abs().sort_values(ascending=False, kind="stable").index
    wide = wide.loc[order[:MOST]]
    left = style.text_width(wide.index, style.TICK) + 0.3
    words = [NAMES.get(kind, kind) for kind in kinds]
    seen = "Line: 95 % interval" + (
        "; dashed: what a factor without effect reads" if dummy is not None else ""
    )
    if len(order) > MOST:
        seen += f"; the first {MOST} of {len(order)} factors"
    figure = style.new_figure(
        left + 6.0,
        style.TOP + style.BOTTOM + 0.36 * len(wide) + 0.3,
        f"{' and '.join(words)} of factors for {outcome}",
        seen,
        caption,
    )
    ax = style.panels(figure, left=left, right=0.9)[0, 0]
    high = 0.8 / len(kinds)
    for k, (kind, word) in enumerate(zip(kinds, words, strict=True)):
        at = np.arange(len(wide)) + (k - (len(kinds) - 1) / 2) * high
        ax.barh(at, wide[kind, "value"], height=0.9 * high, color=COLOURS[k], label=word)
        ax.hlines(at, wide[kind, "low"], wide[kind, "high"], color=style.BLACK, linewidth=1.2)
    if dummy is not None and np.isfinite(dummy[kinds[-1], "value"]):
        ax.axvline(dummy[kinds[-1], "value"], color=style.GREY, linestyle="--", linewidth=1.0)
    ax.axvline(0.0, color=style.GREY, linewidth=1.0)
    style.dress(ax, x=", ".join(words))
    ax.grid(visible=False)
    ax.grid(axis="x", color=style.FAINT, linewidth=0.6)
    ax.set_yticks(range(len(wide)), wide.index, fontsize=style.TICK)
    ax.set_ylim(len(wide) - 0.5, -0.5)
    if len(kinds) > 1:
        ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False, fontsize=style.TICK)
    return figure


def tornado(swings: pd.DataFrame, *, outcome: str, unit: str = "", caption=style.UNCALIBRATED) -> Figure:
    """Mean outcome where each factor is near the ends of its range, the widest swing first, at most 20 factors.

    swings  factor, low, high: of one outcome

    Raises ValueError when a column is missing or no factor has both ends.
    """
    style.require(swings, ["factor", "low", "high"], "swings")
    ends = swings.dropna(subset=["low", "high"]).set_index("factor")[["low", "high"]]
    if ends.empty:
        raise ValueError("swings has no factor with runs at both ends of its range")
    order = (ends["high"] - ends["low"]).abs().sort_values(ascending=False, kind="stable").index
    ends = ends.loc[order[:MOST]]
    left = style.text_width(ends.index, style.TICK) + 0.3
    seen = "Mean over the runs with the factor in that fifth of its range, the others as the design has them"
    if len(order) > MOST:
        seen += f"; the first {MOST} of {len(order)} factors"
    figure = style.new_figure(
        max(left + 6.0, 9.0),
        style.TOP + style.BOTTOM + 0.36 * len(ends) + 0.3,
        f"{outcome} at either end of each factor",
        seen,
        caption,
    )
    ax = style.panels(figure, left=left, right=1.3)[0, 0]
    at, middle = np.arange(len(ends)), float(ends.to_numpy().mean())
    for end, colour, word in (("low", COLOURS[0], "lowest fifth"), ("high", COLOURS[1], "highest fifth")):
        ax.barh(at, ends[end] - middle, left=middle, height=0.6, color=colour, label=word, alpha=0.85)
    ax.axvline(middle, color=style.GREY, linewidth=1.0)
    style.dress(ax, x=f"{outcome}, {unit}" if unit else outcome)
    ax.grid(visible=False)
    ax.grid(axis="x", color=style.FAINT, linewidth=0.6)
    ax.set_yticks(at, ends.index, fontsize=style.TICK)
    ax.set_ylim(len(ends) - 0.5, -0.5)
    ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False, fontsize=style.TICK)
    return figure


def convergence_curves(
    convergence: pd.DataFrame, *, outcome: str, most: int = 6, caption=style.UNCALIBRATED
) -> Figure:
    """The main index of one outcome by number of rows, with 95 % bands: flat and narrow is settled.

    convergence  index, factor, n, value, low, high: of one outcome

    Raises ValueError when a column is missing or there is no row.
    """
    style.require(convergence, ["index", "factor", "n", "value", "low", "high"], "convergence")
    last = convergence[convergence["n"] == convergence["n"].max()].set_index("factor")["value"].abs()
    names = list(last.drop(DUMMY, errors="ignore").sort_values(ascending=False, kind="stable").index[:most])
    kind = convergence["index"].iloc[0]
    word = NAMES.get(kind, kind)
    figure = style.new_figure(
        8.4, 4.8, f"{word} of factors for {outcome} by number of rows", "Band: 95 % interval", caption
    )
    ax = style.panels(figure, left=0.95, right=style.label_room(names))[0, 0]
    labels = []
    for name, colour in style.colours_for(names, {}).items():
        own = convergence[convergence["factor"] == name].sort_values("n")
        ax.fill_between(own["n"], own["low"], own["high"], color=colour, alpha=0.15, linewidth=0)
        style.line(ax, own["n"], own["value"], colour, marker="o", markersize=3)
        if point := style.last_point(own["n"], own["value"]):
            labels.append(EndLabel(*point, name, colour))
    style.dress(ax, x="rows of the design", y=word)
    ax.set_xlim(0, 1.02 * convergence["n"].max())
    style.label_line_ends({ax: labels})
    return figure


def factor_heat(indices: pd.DataFrame, kind: str, *, caption=style.UNCALIBRATED) -> Figure:
    """An index of every factor for every outcome, as a share of the largest of the outcome; at most 20 factors.

    indices  outcome, index, factor, value: of one target

    Raises ValueError when a column is missing or nothing is known.
    """
    style.require(indices, ["outcome", "index", "factor", "value"], "indices")
    own = indices[(indices["index"] == kind) & (indices["factor"] != DUMMY)]
    table = own.pivot(index="factor", columns="outcome", values="value").abs()
    table = table[list(dict.fromkeys(own["outcome"]))].dropna(axis=1, how="all")
    if table.empty:
        raise ValueError(f"indices has no value of {kind} to draw")
    table = table / table.max().where(table.max() > 0, 1.0)
    order = table.max(axis=1).sort_values(ascending=False, kind="stable").index
    order = table.mean(axis=1).loc[order[:MOST]].sort_values(ascending=False, kind="stable").index
    return _cells(
        table.loc[order],
        f"{NAMES.get(kind, kind)} of factors by outcome",
        "Share of the largest of each outcome",
        caption,
    )


def pair_heat(indices: pd.DataFrame, *, outcome: str, caption=style.UNCALIBRATED) -> Figure:
    """S2 of pairs of factors for one outcome.

    indices  index, factor, other, value: rows "S2" of one outcome and target. Raises ValueError when there are none.
    """
    style.require(indices, ["index", "factor", "other", "value"], "indices")
    own = indices[indices["index"] == "S2"]
    if own["value"].isna().all():
        raise ValueError("indices has no S2 to draw")
    table = own.pivot(index="factor", columns="other", values="value")
    rows, columns = list(dict.fromkeys(own["factor"])), list(dict.fromkeys(own["other"]))
    return _cells(
        table.loc[rows, columns],
        f"Second-order indices for {outcome}",
        "Share of variance of a pair beyond both factors alone; below zero is error",
        caption,
    )


def _cells(table: pd.DataFrame, title: str, seen: str, caption: str) -> Figure:
    left = style.text_width(table.index, style.TICK) + 0.25
    below = style.text_width(table.columns, style.CAPTION) + 0.15
    wide, high = max(0.55, 3.0 / table.shape[1]), 0.3
    figure = style.new_figure(
        left + wide * table.shape[1] + 0.3, 0.85 + high * len(table) + below + 0.55, title, seen, caption
    )
    right = max(0.3, figure.get_figwidth() - left - 1.4 * wide * table.shape[1])
    ax = style.panels(figure, left=left, right=right, top=0.85, bottom=below + 0.55)[0, 0]
    values = table.to_numpy(float)
    norm = Normalize(0.0, max(float(np.nanmax(values)), 1e-12), clip=True)
    ax.pcolormesh(
        np.arange(table.shape[1] + 1) - 0.5, np.arange(len(table) + 1) - 0.5, np.ma.masked_invalid(values),
        cmap=style.PALE, norm=norm, edgecolors="white", linewidth=0.8,
    )  # fmt: skip
    inks = style.ink(values, norm, style.PALE)
    for (i, j), value in np.ndenumerate(values):
        if np.isfinite(value):
            ax.text(j, i, style.number(value, ".2f"), ha="center", va="center", color=inks[i, j], fontsize=8)
    ax.set_xticks(range(table.shape[1]), table.columns, fontsize=style.CAPTION, rotation=90)
    ax.set_yticks(range(len(table)), table.index, fontsize=style.TICK)
    ax.set_ylim(len(table) - 0.5, -0.5)
    ax.tick_params(length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)
    return figure


def _wide(indices: pd.DataFrame, kinds: tuple[str, ...]) -> pd.DataFrame:
    """Factor by (index, value/low/high), of factors that have the last index."""
    style.require(indices, ["index", "factor", "value", "low", "high"], "indices")
    own = indices[indices["index"].isin(kinds)]
    parts = {
        (kind, column): own[own["index"] == kind].set_index("factor")[column]
        for kind in kinds
        for column in ("value", "low", "high")
    }
    wide = pd.DataFrame(parts).dropna(subset=[(kinds[-1], "value")])
    if wide.empty:
        raise ValueError(f"indices has no value of {kinds[-1]} to draw")
    return wide
