"""How do the scores of the provinces move over the years?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from . import style
from .style import EndLabel

SCORE = "score (0–1)"
NAME = 8  # points left for each name at the line ends in the fullest panel


def nqpf_trajectories(
    scores: pd.DataFrame, regions: pd.DataFrame | None = None, *, caption: str = style.UNCALIBRATED
) -> Figure:
    """NQPF score of every province over the years, named at the line's end.

    scores   province, year, nqpf
    regions  region, echelon: one panel per echelon; without it one panel for all

    Raises ValueError when a column is missing or there are no rows.
    """
    style.require(scores, ["province", "year", "nqpf"], "scores")
    by_echelon = _by_echelon(scores, regions)
    return _trajectories(
        scores,
        "nqpf",
        "NQPF score",
        {_echelon_title(echelon): provinces for echelon, provinces in by_echelon.items()},
        echelon_colours(scores, regions),
        (", by echelon", "; grey: the other echelons"),
        caption,
    )


def score_lines(
    scores: pd.DataFrame,
    column: str = "nqpf",
    groups: Mapping[str, str] | None = None,
    *,
    label: str | None = None,
    caption: str = "",
) -> Figure:
    """One score of every province over the years, named at the line's end, in a panel per group.

    scores  province, year and the column named by `column`
    groups  province -> name of its group: panels in the order the groups are first named; without it one
            panel for all
    label   what the score is called; by default "NQPF score" or the name of the column

    Raises ValueError when a column is missing, no score is known, or a province has no group.
    """
    style.require(scores, ["province", "year", column], "scores")
    if scores[column].isna().all():
        raise ValueError(f"scores has no value of {column} to draw")
    members: dict[str, list[str]] = {}
    for province in dict.fromkeys(scores["province"]):
        if groups is not None and province not in groups:
            raise ValueError(f"groups names no group for {province}")
        members.setdefault("" if groups is None else str(groups[province]), []).append(province)
    order = [""] if groups is None else list(dict.fromkeys(map(str, groups.values())))
    members = {name: members[name] for name in order if name in members}
    scores = scores.sort_values("year", kind="stable")
    if len(members) > 1:
        turns = {province: i for i, names in enumerate(members.values()) for province in names}
    else:  # in one crowded panel lines that end side by side differ in colour
        ends = scores.dropna(subset=[column]).groupby("province")[column].last()
        turns = {province: i for i, province in enumerate(ends.sort_values().index)}
    colours = style.ECHELON_COLOURS
    return _trajectories(
        scores,
        column,
        label or ("NQPF score" if column == "nqpf" else column),
        members,
        {province: colours[i % len(colours)] for province, i in turns.items()},
        (", by group", "; grey: the other groups"),
        caption,
    )


def _trajectories(
    scores: pd.DataFrame,
    column: str,
    label: str,
    groups: Mapping[str, Sequence[str]],
    colours: Mapping[str, str],
    grouped: tuple[str, str],
    caption: str,
) -> Figure:
    """A panel per group (name -> provinces), its provinces in their colours and named, the others faint."""
    mean = scores.groupby("year")[column].mean()
    by_group, the_others = grouped if len(groups) > 1 else ("", "")
    n_rows = math.ceil(len(groups) / 3)
    n_columns = math.ceil(len(groups) / n_rows)
    most = max(map(len, groups.values()))
    room = style.label_room(scores["province"].unique())
    height = max(3.3 if n_rows == 1 else 2.6, most * style.LINE_HEIGHT * NAME / 72)
    figure = style.new_figure(
        max(0.75 + n_columns * (room + (2.7 if len(groups) > 1 else 5.5)), 8.0),
        style.TOP + style.BOTTOM + n_rows * height + 0.75 * (n_rows - 1),
        f"{label} of each province, {style.span(scores['year'])}{by_group}",
        f"Mean of the provinces {style.change(mean)}{the_others}",
        caption,
    )
    axes = style.panels(figure, n_rows, n_columns, right=room, across=room + 0.1, sharey=True).ravel()
    labels = {}
    lines = dict(list(scores.groupby("province", sort=False)))
    for i, (ax, (group, provinces)) in enumerate(zip(axes, groups.items(), strict=False)):
        for province, rows in lines.items():
            if province not in provinces:
                style.line(ax, rows["year"], rows[column], style.FAINT, linewidth=0.8, zorder=1)
        own = scores[scores["province"].isin(provinces)]
        labels[ax] = draw_provinces(ax, own, colours, column)
        style.dress(ax, title=group, x="year", y=f"{label} (0–1)" if i % n_columns == 0 else "")
        style.year_axis(ax, scores["year"], most_ticks=4 if len(groups) > 1 else 6)
        style.score_axis(ax, scores[column])
    for ax in axes[len(groups) :]:
        ax.remove()
    style.label_line_ends(labels)
    return figure


def draw_provinces(
    ax: Axes, scores: pd.DataFrame, colours: Mapping[str, str], column: str = "nqpf"
) -> list[EndLabel]:
    """One line per province of `scores` (province, year, column); returns the names for the line ends."""
    labels = []
    for province, rows in scores.groupby("province", sort=False):
        colour = colours.get(province, style.GREY)
        style.line(ax, rows["year"], rows[column], colour, linewidth=1.6)
        end = style.last_point(rows["year"], rows[column])
        if end:
            labels.append(EndLabel(*end, str(province), colour))
    return labels


def simulated_beside_official(
    scores_core: pd.DataFrame,
    *,
    caption: str = "Source: official statistics of the provinces; simulation with nqpf_abm, uncalibrated. "
    "Likeness is largely inherited from the 2012 starting values and validates nothing.",
) -> Figure:
    """Core score of each province, simulated and official, in small panels with the same axes.

    scores_core  province, year, nqpf, source in {"simulated", "official"}

    Raises ValueError when a column or one of the two sources is missing.
    """
    style.require(scores_core, ["province", "year", "nqpf", "source"], "scores_core")
    for source in ("simulated", "official"):
        if not (scores_core["source"] == source).any():
            raise ValueError(f"scores_core has no {source} rows; the comparison needs both sources")
    provinces = list(dict.fromkeys(scores_core["province"]))
    columns = min(4, len(provinces))
    rows = math.ceil(len(provinces) / columns)
    official = scores_core[scores_core["source"] == "official"]
    figure = style.new_figure(
        max(9.5, 2.55 * columns),
        1.9 + 1.8 * rows,
        f"Core NQPF score (science and technology indicators), {style.span(scores_core['year'])}",
        f"Simulated (blue, solid) beside official {style.span(official['year'])} (black, dashed with dots)",
        caption,
    )
    axes = style.panels(figure, rows, columns, down=0.45, sharex=True, sharey=True).ravel()
    for i, (ax, province) in enumerate(zip(axes, provinces, strict=False)):
        own = scores_core[scores_core["province"] == province]
        draw_pair(ax, own)
        below = i + columns >= len(provinces)
        left = i % columns == 0
        style.dress(ax, title=str(province), x="year" if below else "", y=SCORE if left else "")
        style.year_axis(ax, scores_core["year"], most_ticks=3)
        style.score_axis(ax, scores_core["nqpf"])
        ax.tick_params(labelbottom=below)
    for ax in axes[len(provinces) :]:
        ax.remove()
    return figure


def draw_pair(ax: Axes, scores: pd.DataFrame) -> list[EndLabel]:
    """A line per source of `scores` (year, nqpf, source); returns the names for the line ends."""
    labels = []
    looks = {
        "official": {
            "colour": style.BLACK,
            "linestyle": "--",
            "marker": "o",
            "markersize": 2.5,
            "linewidth": 1.2,
        },
        "simulated": {"colour": style.BLUE},
    }
    for source, look in looks.items():
        rows = scores[scores["source"] == source]
        style.line(ax, rows["year"], rows["nqpf"], **look)
        end = style.last_point(rows["year"], rows["nqpf"])
        if end:
            labels.append(EndLabel(*end, source, look["colour"]))
    return labels


def dimension_means(scores: pd.DataFrame, *, caption: str = style.UNCALIBRATED) -> Figure:
    """Mean over provinces of the sci-tech, green and digital indices, year by year.

    scores  province, year, scitech, green, digital; an index without any value is left out

    Raises ValueError when a column is missing or no index has a value.
    """
    return dimension_lines(
        scores, {column: name for column, (name, _) in style.DIMENSIONS.items()}, caption=caption
    )


def dimension_lines(scores: pd.DataFrame, dimensions: Mapping[str, str], *, caption: str = "") -> Figure:
    """Mean over provinces of any first-level indices, year by year.

    scores      province, year and a column per index; an index without any value is left out
    dimensions  column -> name of the index

    Raises ValueError when a column is missing or no index has a value.
    """
    style.require(scores, ["province", "year", *dimensions], "scores")
    known = {column: str(name) for column, name in dimensions.items() if scores[column].notna().any()}
    if not known:
        raise ValueError(f"none of the first-level indices ({', '.join(dimensions)}) has a value")
    means = scores.groupby("year")[list(known)].mean()
    changes = [f"{name} {style.change(means[column])}" for column, name in known.items()]
    title = f"First-level indices, mean of the provinces, {style.span(scores['year'])}"
    room = style.label_room(known.values(), style.LABEL)
    width = max(8.0, 5.0 + room)
    seen = "; ".join(changes)
    if style.text_width([seen], style.TITLE) > width - 0.3:  # beyond three or so the changes have no room
        seen = "Each index as the mean over the provinces with a value"
    figure = style.new_figure(width, 4.6, title, seen, caption)
    ax = style.panels(figure, right=room)[0, 0]
    style.label_line_ends({ax: draw_dimensions(ax, scores, dimensions=known)}, size=style.LABEL)
    return figure


def draw_dimensions(
    ax: Axes, scores: pd.DataFrame, *, title: str = "", dimensions: Mapping[str, str] | None = None
) -> list[EndLabel]:
    """A line per first-level index that has values; returns the names for the line ends."""
    names = dimensions or {column: name for column, (name, _) in style.DIMENSIONS.items()}
    colours = style.colours_for(names, {column: colour for column, (_, colour) in style.DIMENSIONS.items()})
    means = scores.groupby("year")[list(names)].mean()
    labels = []
    for column, name in names.items():
        end = style.last_point(means.index, means[column])
        if end:
            style.line(ax, means.index, means[column], colours[column], marker="o")
            labels.append(EndLabel(*end, name, colours[column]))
    style.dress(ax, title=title, x="year", y="index (0–1), mean of provinces")
    style.year_axis(ax, means.index)
    style.score_axis(ax, means)
    return labels


def echelon_bands(
    scores: pd.DataFrame, regions: pd.DataFrame, *, caption: str = style.UNCALIBRATED
) -> Figure:
    """Mean NQPF score of each echelon over the years, with the band from its lowest to its highest province.

    scores   province, year, nqpf
    regions  region, echelon

    Raises ValueError when a column is missing or a scored province has no echelon.
    """
    style.require(scores, ["province", "year", "nqpf"], "scores")
    groups = _by_echelon(scores, style.require(regions, ["region", "echelon"], "regions"))
    figure = style.new_figure(
        8.0,
        4.8,
        f"NQPF score by echelon, {style.span(scores['year'])}",
        "Line: mean of the echelon's provinces; band: from the lowest to the highest of them",
        caption,
    )
    ax = style.panels(figure, right=style.label_room(map(_echelon_title, groups), style.LABEL))[0, 0]
    labels = []
    for echelon, provinces in groups.items():
        by_year = scores[scores["province"].isin(provinces)].groupby("year")["nqpf"]
        mean, low, high = by_year.mean(), by_year.min(), by_year.max()
        colour = _colour(echelon)
        ax.fill_between(mean.index, low, high, color=colour, alpha=0.18, linewidth=0)
        style.line(ax, mean.index, mean, colour, marker="os^Dv"[(int(echelon) - 1) % 5])
        end = style.last_point(mean.index, mean)
        if end:
            labels.append(EndLabel(*end, _echelon_title(echelon), colour))
    style.dress(ax, x="year", y="NQPF " + SCORE)
    style.year_axis(ax, scores["year"])
    style.score_axis(ax, scores["nqpf"])
    style.label_line_ends({ax: labels}, size=style.LABEL)
    return figure


def echelon_colours(scores: pd.DataFrame, regions: pd.DataFrame | None) -> dict[str, str]:
    """Colour of each scored province: that of its echelon, grey without `regions`."""
    groups = _by_echelon(scores, regions)
    return {province: _colour(echelon) for echelon, provinces in groups.items() for province in provinces}


def echelon_legend(ax: Axes, scores: pd.DataFrame, regions: pd.DataFrame) -> None:
    """Say which colour is which echelon, in the corner where rising lines leave room."""
    echelons = _by_echelon(scores, regions)
    ax.legend(
        handles=[
            Line2D([], [], color=_colour(echelon), label=_echelon_title(echelon)) for echelon in echelons
        ],
        loc="upper left",
        frameon=False,
        fontsize=style.TICK,
    )


def _by_echelon(scores: pd.DataFrame, regions: pd.DataFrame | None) -> dict[int | None, list[str]]:
    """Scored provinces by echelon, in the order of `regions`; everything under None without it."""
    scored = list(dict.fromkeys(scores["province"]))
    if regions is None:
        return {None: scored}
    echelon = dict(zip(regions["region"], regions["echelon"], strict=True))
    unknown = [province for province in scored if province not in echelon]
    if unknown:
        raise ValueError(f"regions gives no echelon for {', '.join(map(str, unknown))}")
    groups: dict[int | None, list[str]] = {}
    for province in sorted(scored, key=lambda name: echelon[name]):
        groups.setdefault(int(echelon[province]), []).append(province)
    return groups


def _colour(echelon: int | None) -> str:
    if echelon is None:
        return style.BLUE
    return style.ECHELON_COLOURS[(echelon - 1) % len(style.ECHELON_COLOURS)]


def _echelon_title(echelon: int | None) -> str:
    return "" if echelon is None else f"Echelon {echelon}"
