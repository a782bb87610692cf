"""Who leads, who catches up, and which differences in rank mean something?"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from . import style
from .style import EndLabel

MOVERS = 3  # provinces coloured among those that rise, and among those that fall
ROW = 0.21  # inches per province


def rank_paths(scores: pd.DataFrame, *, caption: str = "") -> Figure:
    """Rank of every province over the years, named at both ends, the largest moves coloured.

    scores  province, year, rank (1 the best)

    Raises ValueError when a column is missing or no rank is known.
    """
    style.require(scores, ["province", "year", "rank"], "scores")
    known = scores.dropna(subset=["rank"]).sort_values("year", kind="stable")
    if known.empty:
        raise ValueError("scores has no rank to draw")
    paths = dict(list(known.groupby("province", sort=False)))
    colours = _movers(paths)
    starts, ends = [], []
    for province, rows in paths.items():
        first, last = rows.iloc[0], rows.iloc[-1]
        colour = colours.get(province, style.GREY)
        starts.append(EndLabel(first["year"], first["rank"], f"{province}  {first['rank']:.0f}", colour))
        ends.append(EndLabel(last["year"], last["rank"], f"{last['rank']:.0f}  {province}", colour))
    starts = [label for label in starts if label.x == known["year"].min()]
    several = known["year"].nunique() > 1
    room = style.label_room(label.text for label in (*starts, *ends))
    figure = style.new_figure(
        max(8.0, 2 * room + 4.5),
        style.TOP + style.BOTTOM + max(1.6, ROW * max(len(paths), known["rank"].max())),
        f"Rank of each province, {style.span(known['year'])}",
        "Blue: the largest rises; orange: the largest falls" if colours else "1: the highest score",
        caption,
    )
    ax = style.panels(figure, left=room, right=room)[0, 0]
    for province, rows in paths.items():
        moved = province in colours
        style.line(
            ax,
            rows["year"],
            rows["rank"],
            colours.get(province, "#A0A0A0"),
            marker="o",
            linewidth=2.2 if moved else 1.2,
            markersize=4 if moved else 2.5,
            zorder=3 if moved else 2,
        )
    style.dress(ax, x="year")
    style.year_axis(ax, known["year"])
    ax.set_ylim(known["rank"].max() + 0.5, 0.5)
    ax.grid(visible=False)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    if several:
        style.label_line_ends({ax: starts}, side="left")
    style.label_line_ends({ax: ends})
    return figure


def _movers(paths: dict[str, pd.DataFrame]) -> dict[str, str]:
    """Colour of the provinces whose rank changed most between their first and last year."""
    change = pd.Series({name: rows["rank"].iloc[-1] - rows["rank"].iloc[0] for name, rows in paths.items()})
    rises, falls = _largest(-change), _largest(change)
    return dict.fromkeys(rises, style.BLUE) | dict.fromkeys(falls, style.VERMILLION)


def _largest(change: pd.Series) -> list[str]:
    """The provinces with the largest positive changes: equal ones together, `MOVERS` unless more share the first."""
    chosen: list[str] = []
    for _, equal in change[change > 0].groupby(-change, sort=True):
        if chosen and len(chosen) + len(equal) > MOVERS:
            break
        chosen.extend(equal.index)
    return chosen


def echelon_dots(echelons: pd.DataFrame, *, label: str = "score (0–1)", caption: str = "") -> Figure:
    """Mean score of each province with the range of its years, in bands by echelon.

    echelons  province, mean, low, high (the lowest and the highest year), rank, echelon (1 the highest)
    label     what the score is, with its unit

    Raises ValueError when a column is missing.
    """
    style.require(echelons, ["province", "mean", "low", "high", "rank", "echelon"], "echelons")
    rows = echelons.sort_values(["echelon", "rank"], kind="stable").reset_index(drop=True)
    names = [f"{row.province}  {style.number(row.rank, '.0f')}" for row in rows.itertuples()]
    titles = {echelon: f"Echelon {echelon:.0f}" for echelon in rows["echelon"].unique()}
    left = style.text_width(names, style.TICK) + 0.25
    figure = style.new_figure(
        7.5,
        style.TOP + style.BOTTOM + max(1.0, 0.24 * len(rows)),
        "Echelons of the provinces, with their ranks",
        "Dot: mean of the years; line: from the lowest to the highest year",
        caption,
    )
    right = style.text_width(titles.values(), style.LABEL) + 0.25
    ax = style.panels(figure, left=left, right=right)[0, 0]
    colours = style.ECHELON_COLOURS
    for i, (echelon, own) in enumerate(rows.groupby("echelon")):
        colour = colours[i % len(colours)]
        places = own.index.to_numpy()
        if i % 2 == 0:
            ax.axhspan(
                places[0] - 0.5, places[-1] + 0.5, color=style.FAINT, alpha=0.35, linewidth=0, zorder=0
            )
        ax.hlines(places, own["low"], own["high"], color=colour, linewidth=2.0, alpha=0.6)
        ax.plot(own["mean"], places, "os^Dv"[i % 5], color=colour, markersize=6)
        ax.annotate(
            titles[echelon],
            (1, places.mean()),
            xycoords=("axes fraction", "data"),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            color=colour,
            fontsize=style.LABEL,
            annotation_clip=False,
        )
    style.dress(ax, x=label)
    ax.grid(visible=False)
    ax.grid(axis="x", color=style.FAINT, linewidth=0.6)
    ax.set_yticks(range(len(rows)), names, fontsize=style.TICK)
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    top = np.nanmax(rows[["mean", "high"]].to_numpy(float))
    ax.set_xlim(min(0.0, np.nanmin(rows[["mean", "low"]].to_numpy(float))), 1.05 * top if top > 0 else 1.0)
    return figure
