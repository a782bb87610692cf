"""Do two systems, such as innovation and green transition, advance together in each province?"""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from . import style
from .style import EndLabel

NAMED = 3  # provinces named at the top, and as many at the bottom


def coupling_lines(coupling: pd.DataFrame, *, caption: str = "") -> Figure:
    """Degree of coupling coordination of every province over the years, their mean bold, a panel per pair.

    coupling  province, year, systems (what is coupled: a panel each), degree (0 to 1); the columns coupling
              and coordination, from which the degree is made, may be there and are not drawn

    The three highest and the three lowest provinces of the last year are named, all of them up to six.

    Raises ValueError when a column is missing or no degree is known.
    """
    style.require(coupling, ["province", "year", "systems", "degree"], "coupling")
    if coupling["degree"].isna().all():
        raise ValueError("coupling has no degree to draw")
    coupling = coupling.sort_values("year", kind="stable")
    pairs = dict(list(coupling.groupby("systems", sort=False)))
    n_rows = math.ceil(len(pairs) / 2)
    n_columns = math.ceil(len(pairs) / n_rows)
    room = style.label_room([*map(str, coupling["province"].unique()), "mean"])
    mean = coupling.groupby("year")["degree"].mean()
    figure = style.new_figure(
        max(8.0, 0.75 + n_columns * (room + (3.4 if len(pairs) > 1 else 5.5))),
        style.TOP + style.BOTTOM + 3.1 * n_rows + 0.75 * (n_rows - 1),
        f"Coupling coordination in each province, {style.span(coupling['year'])}",
        "Grey: provinces, the highest and the lowest named; blue: their mean"
        + (f" {style.change(mean)}" if len(pairs) == 1 else ""),
        caption,
    )
    axes = style.panels(figure, n_rows, n_columns, right=room, across=room + 0.1, sharey=True).ravel()
    labels = {}
    for i, (ax, (systems, rows)) in enumerate(zip(axes, pairs.items(), strict=False)):
        labels[ax] = _draw_degrees(ax, rows)
        y = "degree of coupling coordination (0–1)" if i % n_columns == 0 else ""
        style.dress(ax, title=str(systems), x="year", y=y)
        style.year_axis(ax, coupling["year"], most_ticks=4 if len(pairs) > 1 else 6)
        style.score_axis(ax, coupling["degree"])
    for ax in axes[len(pairs) :]:
        ax.remove()
    style.label_line_ends(labels)
    return figure


def _draw_degrees(ax: Axes, rows: pd.DataFrame) -> list[EndLabel]:
    last = rows.dropna(subset=["degree"]).drop_duplicates("province", keep="last")
    order = last.sort_values("degree", ascending=False)["province"].tolist()
    named = set(order[:NAMED] + order[-NAMED:])
    labels = []
    for province, own in rows.groupby("province", sort=False):
        colour = style.GREY if province in named else style.FAINT
        style.line(
            ax, own["year"], own["degree"], colour, linewidth=0.9, zorder=2 if province in named else 1
        )
        end = style.last_point(own["year"], own["degree"])
        if end and province in named:
            labels.append(EndLabel(*end, str(province), style.GREY))
    mean = rows.groupby("year")["degree"].mean()
    style.line(ax, mean.index, mean, style.BLUE, linewidth=2.6, zorder=3)
    end = style.last_point(mean.index, mean)
    return [*labels, EndLabel(*end, "mean", style.BLUE)] if end else labels
