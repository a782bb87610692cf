"""What does one run say, in one picture?"""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from . import style
from .inequality import PARTS, draw_dagum
from .trajectories import draw_dimensions, draw_provinces, echelon_colours, echelon_legend


def headline(
    scores: pd.DataFrame,
    scores_core: pd.DataFrame,
    dagum: pd.DataFrame,
    regions: pd.DataFrame | None = None,
    *,
    caption: str = style.UNCALIBRATED,
) -> Figure:
    """Provinces, first-level indices, simulated beside official, and inequality: four panels.

    scores       province, year, nqpf, scitech, green, digital
    scores_core  province, year, nqpf, source; official rows may be absent
    dagum        year, gini, within, between, transvariation
    regions      region, echelon: colours the provinces by echelon

    Raises ValueError when a column is missing or a table has no rows.
    """
    style.require(scores, ["province", "year", "nqpf", *style.DIMENSIONS], "scores")
    style.require(scores_core, ["province", "year", "nqpf", "source"], "scores_core")
    style.require(dagum, ["year", "gini", *PARTS], "dagum")
    if (scores_core["source"] == "official").any():
        caption += " Official: statistics of the provinces."
    mean = scores.groupby("year")["nqpf"].mean()
    figure = style.new_figure(
        12.5,
        8.6,
        f"New quality productive forces of {scores['province'].nunique()} provinces, simulated, "
        f"{style.span(scores['year'])}",
        f"Mean score {style.change(mean)}; Gini {style.change(dagum.sort_values('year')['gini'])}",
        caption,
    )
    names = [name for name, *_ in (*style.DIMENSIONS.values(), *PARTS.values())]
    room = style.label_room([*scores["province"].unique(), *names])
    axes = style.panels(figure, 2, 2, right=room, across=room + 0.8, down=0.95)
    (top_left, top_right), (low_left, low_right) = axes
    colours = echelon_colours(scores, regions)
    labels = {top_left: draw_provinces(top_left, scores, colours)}
    style.dress(
        top_left,
        title="NQPF score of each province" + (", coloured by echelon" if regions is not None else ""),
        x="year",
        y="score (0–1)",
    )
    style.year_axis(top_left, scores["year"])
    style.score_axis(top_left, scores["nqpf"])
    if regions is not None:
        echelon_legend(top_left, scores, regions)
    labels[top_right] = draw_dimensions(top_right, scores, title="First-level indices")
    labels[low_left] = _draw_means(low_left, scores_core)
    labels[low_right] = draw_dagum(low_right, dagum, title="Gini among provinces and its parts (Dagum)")
    style.label_line_ends(labels)
    return figure


def _draw_means(ax: Axes, scores_core: pd.DataFrame) -> list[style.EndLabel]:
    """Mean core score per source with the band from the lowest to the highest province."""
    looks = {"official": (style.BLACK, {"linestyle": "--", "marker": "o"}), "simulated": (style.BLUE, {})}
    labels = []
    for source, (colour, look) in looks.items():
        by_year = scores_core[scores_core["source"] == source].groupby("year")["nqpf"]
        mean = by_year.mean()
        end = style.last_point(mean.index, mean)
        if end is None:
            continue
        ax.fill_between(mean.index, by_year.min(), by_year.max(), color=colour, alpha=0.12, linewidth=0)
        style.line(ax, mean.index, mean, colour, **look)
        labels.append(style.EndLabel(*end, source, colour))
    beside = " beside official" if (scores_core["source"] == "official").any() else ""
    style.dress(
        ax,
        title=f"Core score (sci-tech), simulated{beside}: mean, lowest to highest",
        x="year",
        y="score (0–1)",
    )
    style.year_axis(ax, scores_core["year"])
    style.score_axis(ax, scores_core["nqpf"])
    return labels
