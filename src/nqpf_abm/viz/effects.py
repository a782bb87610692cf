"""What does a policy change, how surely, and when?"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from . import style
from .space import tile_map
from .style import EndLabel

MARKERS = "osD^vP"
LEVEL = 0.05


def forest(
    effects: pd.DataFrame, titles: dict[str, str], *, reference: str, caption: str = style.UNCALIBRATED
) -> Figure:
    """Effects on the outcomes for all provinces, as shares of the reference, with 95 % intervals.

    effects  outcome, province (rows with "" are drawn), scenario, reference, difference, low, high, p_holm
    titles   of the outcomes by name, in the order they are drawn

    Parts of the Gini are shares of the whole Gini. A marker is filled where p < 0.05 after Holm's correction.

    Raises ValueError when a column is missing or nothing can be drawn.
    """
    needed = ["outcome", "province", "scenario", "reference", "difference", "low", "high", "p_holm"]
    style.require(effects, needed, "effects")
    rows = effects[(effects["province"] == "") & effects["outcome"].isin(list(titles))].copy()
    whole = rows[rows["outcome"] == "gini"].set_index("scenario")["reference"]
    is_part = rows["outcome"].str.startswith("gini_")
    rows["base"] = rows["reference"].where(~is_part, rows["scenario"].map(whole)).abs()
    rows = rows[(rows["base"] > 0) & np.isfinite(rows["difference"])]
    if rows.empty:
        raise ValueError("effects has no outcome with a reference to compare with")
    names = [name for name in titles if name in set(rows["outcome"])]
    scenarios = list(dict.fromkeys(rows["scenario"]))
    left = style.text_width([titles[name] for name in names], style.TICK) + 0.3
    several = len(scenarios) > 1
    height = max(0.32, 0.17 * len(scenarios) + 0.1)
    columns = {} if several else _column(rows, names)
    right = style.label_room(scenarios) + 0.35 if several else style.columns_room(columns) + 0.1
    figure = style.new_figure(
        left + 3.6 + right,
        style.TOP + style.BOTTOM + height * len(names) + 0.2,
        f"Effects against {reference}" if several else f"Effects of {scenarios[0]} against {reference}",
        "Line: 95 % interval; filled: beyond luck, after Holm's correction",
        caption,
    )
    ax = style.panels(figure, left=left, right=right, top=style.TOP + 0.2)[0, 0]
    colours = style.colours_for(scenarios, {})
    for k, scenario in enumerate(scenarios):
        own = rows[rows["scenario"] == scenario].set_index("outcome")
        shift = (k - (len(scenarios) - 1) / 2) * 0.7 / len(scenarios)
        for place, name in enumerate(names):
            if name not in own.index:
                continue
            row = own.loc[name]
            x, low, high = (100 * row[column] / row["base"] for column in ("difference", "low", "high"))
            if np.isfinite(low) and np.isfinite(high):
                ax.hlines(place + shift, low, high, color=colours[scenario], linewidth=2.0, alpha=0.6)
            face = colours[scenario] if row["p_holm"] < LEVEL else "white"
            ax.plot(x, place + shift, MARKERS[k % len(MARKERS)], color=colours[scenario], markerfacecolor=face,
                    markersize=6, label=scenario if place == 0 else None)  # fmt: skip
    ax.axvline(0.0, color=style.GREY, linewidth=1.0, zorder=0)
    style.dress(ax, x="difference, % of the reference (parts of the Gini: % of the Gini)")
    ax.grid(visible=False)
    ax.grid(axis="x", color=style.FAINT, linewidth=0.6)
    ax.set_yticks(range(len(names)), [titles[name] for name in names], fontsize=style.TICK)
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(len(names) - 0.5, -0.5)
    if several:
        ax.legend(
            loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False, fontsize=style.TICK, handletextpad=0.2
        )
    else:
        style.write_columns(ax, range(len(names)), columns)
    return figure


def _column(rows: pd.DataFrame, names: list[str]) -> dict[str, list[str]]:
    own = rows.set_index("outcome")
    forms = ["+.4f" if own.loc[name, "base"] < 2 else "+,.4g" for name in names]
    sizes = [style.number(own.loc[name, "difference"], form) for name, form in zip(names, forms, strict=True)]
    return {"difference": sizes, "p": [style.number(own.loc[name, "p_holm"], ".3f") for name in names]}


def effect_tiles(
    effects: pd.DataFrame,
    tiles: pd.DataFrame,
    regions: pd.DataFrame,
    scenario: str,
    *,
    reference: str,
    caption: str = style.UNCALIBRATED,
) -> Figure:
    """Mean effect of a scenario on the score of each province, on a map of equal squares.

    effects  outcome, province, scenario, difference: rows of outcome "score"
    tiles    province, abbreviation, row, column;  regions  region, echelon
    """
    style.require(effects, ["outcome", "province", "scenario", "difference"], "effects")
    own = effects[(effects["outcome"] == "score") & (effects["scenario"] == scenario)]
    values = own[["province", "difference"]].rename(columns={"difference": "value"})
    values["value"] *= 100
    values = values.merge(regions.rename(columns={"region": "province"})[["province", "echelon"]])
    return tile_map(
        values,
        tiles[tiles["province"].isin(values["province"])],
        title=f"Effect of {scenario} on each province's NQPF",
        around_zero=True,
        label=f"hundredths of the score, against {reference}",
        caption=caption,
    )


def effect_bands(
    runs: pd.DataFrame, *, reference: str, since: int | None = None, caption: str = style.UNCALIBRATED
) -> Figure:
    """NQPF over the years by scenario, and below the paired difference from the reference.

    runs   seed, scenario, outcome, province, year, value: rows of outcome "nqpf" and province ""
    since  first year in which scenarios differ

    Bands hold nine tenths of the seeds. The lower one is of differences within seeds, so it is far narrower.

    Raises ValueError when a column is missing or fewer than two scenarios are there.
    """
    style.require(runs, ["seed", "scenario", "outcome", "province", "year", "value"], "runs")
    own = runs[(runs["outcome"] == "nqpf") & (runs["province"] == "")]
    wide = own.pivot(index=["scenario", "seed"], columns="year", values="value")
    scenarios = list(dict.fromkeys(own["scenario"]))
    if reference not in scenarios or len(scenarios) < 2:
        raise ValueError(f"runs must hold {reference!r} and another scenario; got {', '.join(scenarios)}")
    years = wide.columns.to_numpy()
    colours = {reference: style.GREY} | style.colours_for([s for s in scenarios if s != reference], {})
    figure = style.new_figure(
        8.4,
        6.4,
        f"NQPF by scenario, {style.span(years)}, and the difference from {reference}",
        f"Line: mean of {own['seed'].nunique()} seeds; band: nine tenths of them. Below: differences within seeds",
        caption,
    )
    axes = style.panels(figure, 2, 1, left=0.95, right=style.label_room(scenarios), down=0.55)[:, 0]
    labels: dict = {ax: [] for ax in axes}
    for scenario in scenarios:
        level = wide.loc[scenario]
        _band(axes[0], labels, years, level, scenario, colours[scenario])
        if scenario != reference:
            gap = level - wide.loc[reference]
            _band(axes[1], labels, years, gap.dropna(how="all"), scenario, colours[scenario])
    style.dress(axes[0], y="NQPF, mean of provinces")
    style.dress(axes[1], x="year", y="difference")
    axes[1].axhline(0.0, color=style.GREY, linewidth=1.0, zorder=1)
    for ax in axes:
        style.year_axis(ax, years)
        if since is not None and since > years[0]:
            ax.axvline(since - 0.5, color=style.GREY, linewidth=0.9, linestyle="--", zorder=1)
    style.score_axis(axes[0], *(wide[year] for year in years))
    style.label_line_ends(labels)
    return figure


def _band(ax, labels: dict, years, values: pd.DataFrame, name: str, colour: str) -> None:
    low, high = values.quantile(0.05), values.quantile(0.95)
    ax.fill_between(years, low, high, color=colour, alpha=0.18, linewidth=0)
    mean = values.mean()
    style.line(ax, years, mean, colour, zorder=3)
    if point := style.last_point(years, mean):
        labels[ax].append(EndLabel(*point, name, colour))
