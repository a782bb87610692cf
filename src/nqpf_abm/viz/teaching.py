"""One picture per lesson: what arms of an experiment look like beside each other.

All take the tidy table of a contrast: arm, seed, quarter (0 is the first of the base year), measure, value.
Lines are means over seeds; bands and bars reach from the lowest to the highest seed.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from . import style
from .style import EndLabel

COLUMNS = ("arm", "seed", "quarter", "measure", "value")
COLOURS = (style.BLUE, style.VERMILLION, style.GREEN, style.PURPLE, style.ORANGE, style.SKY)
DASHES = ("-", (0, (5, 2)), (0, (1, 1.2)), "-.", (0, (3, 1, 1, 1)), (0, (8, 2)))
LEVELS = {"leader_spirit": "Leaders", "team_spirit": "Teams", "employee_spirit": "Employees"}
LOOP = {
    "data_rights": "1. rights to data",
    "factor_efficiency": "2. factor allocation",
    "resonance": "3. resonance",
    "trust": "4. trust, and back to 1",
}
BASE_YEAR = 2012


def spirit_by_level(
    table: pd.DataFrame,
    *,
    title: str = "How far does the leaders' spirit trickle down?",
    caption: str = style.UNCALIBRATED,
    base_year: int = BASE_YEAR,
) -> Figure:
    """Mean orientation of leaders, teams and employees over time: a panel per level, a line per arm.

    Raises ValueError when a column or a level is missing.
    """
    table = _checked(table, LEVELS)
    arms = list(table["arm"].unique())
    room = style.label_room(arms)
    figure = style.new_figure(
        11.5 + room,
        4.6,
        title,
        _seen(table, "mean orientation by level"),
        caption,
    )
    axes = style.panels(figure, 1, len(LEVELS), right=room, across=0.3, sharey=True)[0]
    ends = {ax: [] for ax in axes}
    for ax, (measure, level) in zip(axes, LEVELS.items(), strict=True):
        for k, name in enumerate(arms):
            own = _by_quarter(table, measure, name)
            years = base_year + own.index.to_numpy() / 4.0
            ax.fill_between(years, own["min"], own["max"], color=_colour(k), alpha=0.15, linewidth=0)
            style.line(ax, years, own["mean"], _colour(k), linestyle=DASHES[k % len(DASHES)], linewidth=2.2)
            if ax is axes[-1]:
                ends[ax].append(EndLabel(*style.last_point(years, own["mean"]), name, _colour(k)))
        style.dress(ax, title=level, x="year", y="orientation (0–1)" if ax is axes[0] else "")
        style.year_axis(ax, [base_year, int(base_year + table["quarter"].max() // 4 + 1)], most_ticks=4)
    shown = table[table["measure"].isin(list(LEVELS))]["value"]
    margin = 0.08 * (shown.max() - shown.min()) + 0.01
    axes[0].set_ylim(shown.min() - margin, shown.max() + margin)
    style.label_line_ends(ends)
    return figure


def leader_employee_slope(table: pd.DataFrame, *, caption: str = style.UNCALIBRATED) -> Figure:
    """Employees' orientation over that of their leader at the end, by fifths: a panel per arm, and its slope.

    Raises ValueError when a column or a measure is missing.
    """
    groups = sorted(
        name
        for name in table.get("measure", pd.Series(dtype=str)).unique()
        if name.startswith("leader_spirit_")
    )
    table = _checked(table, ["slope", *(groups or ["leader_spirit_1"])])
    last = table[table["quarter"] == table["quarter"].max()]
    arms = list(table["arm"].unique())
    figure = style.new_figure(
        max(3.4 * len(arms) + 0.95, 7.5),
        4.8,
        "Does the leader's spirit show in the employees?",
        _seen(table, "employees in fifths by their leader's orientation, last quarter", "mean"),
        caption,
    )
    axes = style.panels(figure, 1, len(arms), across=0.3, sharex=True, sharey=True)[0]
    means = last.groupby(["arm", "measure"])["value"].mean()
    for k, (ax, name) in enumerate(zip(axes, arms, strict=True)):
        x = np.array([means[name, group] for group in groups])
        y = np.array([means[name, group.replace("leader", "employee", 1)] for group in groups])
        slope = means[name, "slope"]
        around = x.mean() + np.array([-0.5, 0.5]) * 1.1 * np.ptp(x)
        style.line(ax, around, around, style.GREY, linestyle=(0, (1, 2)), linewidth=1.0)
        style.line(ax, around, y.mean() + slope * (around - x.mean()), _colour(k), linewidth=2.2)
        ax.plot(x, y, "o", color=_colour(k), markersize=6)
        style.dress(
            ax,
            title=f"{name}: slope {slope:.2f}",
            x="leader's orientation (0–1)",
            y="employees' orientation (0–1)" if ax is axes[0] else "",
        )
    low, high = axes[0].get_xlim()
    axes[0].set_ylim(low, high)
    axes[0].annotate(
        "if employees\nwere like\ntheir leader", (low + 0.76 * (high - low), low + 0.86 * (high - low)), xytext=(-6, 4),
        textcoords="offset points", ha="right", va="center", fontsize=style.TICK, color=style.GREY,
    )  # fmt: skip
    return figure


def surviving_ideas(
    table: pd.DataFrame, *, caption: str = style.UNCALIBRATED, base_year: int = BASE_YEAR
) -> Figure:
    """Of a hundred ideas, how many pass every layer and after what wait; and how accepted ideas add up.

    Raises ValueError when a column or a measure is missing.
    """
    table = _checked(table, ["ideas_raised", "ideas_accepted", "idea_wait"])
    arms = list(table["arm"].unique())
    wide = table.pivot_table("value", ["arm", "seed", "quarter"], "measure").reset_index()
    totals = wide.groupby(["arm", "seed"])[["ideas_raised", "ideas_accepted"]].sum()
    share = (
        (100.0 * totals["ideas_accepted"] / totals["ideas_raised"]).groupby("arm").agg(["mean", "min", "max"])
    )
    wait = wide.groupby("arm")["idea_wait"].mean()
    room, left = style.label_room(arms), style.text_width(arms, style.LABEL) + 0.3
    figure = style.new_figure(
        left + 9.2 + room,
        2.9 + 0.55 * len(arms),
        "How many ideas of employees survive the layers above them?",
        _seen(table, "left: of 100 ideas raised"),
        caption,
    )
    axes = style.panels(figure, 1, 2, left=left, right=room, across=0.95)[0]
    bars, lines = axes
    for k, name in enumerate(arms):
        own = share.loc[name]
        bars.barh(k, own["mean"], color=_colour(k), height=0.6)
        bars.plot([own["min"], own["max"]], [k, k], color=style.BLACK, linewidth=1.2)
        bars.annotate(
            f"{own['mean']:.0f}, after {wait[name]:.1f} quarters", (own["max"], k), xytext=(6, 0),
            textcoords="offset points", va="center", fontsize=style.TICK,
        )  # fmt: skip
    style.dress(bars, title="Ideas that pass every layer, and their wait", x="of 100 ideas")
    bars.grid(visible=False)
    bars.set_yticks(range(len(arms)), arms, fontsize=style.LABEL)
    bars.set_ylim(len(arms) - 0.4, -0.6)
    bars.set_xlim(0, 100)
    ends = []
    for k, name in enumerate(arms):
        own = (
            wide[wide["arm"] == name].pivot(index="quarter", columns="seed", values="ideas_accepted").cumsum()
        )
        years = base_year + (own.index.to_numpy() + 1) / 4.0
        lines.fill_between(years, own.min(axis=1), own.max(axis=1), color=_colour(k), alpha=0.15, linewidth=0)
        style.line(
            lines, years, own.mean(axis=1), _colour(k), linestyle=DASHES[k % len(DASHES)], linewidth=2.2
        )
        ends.append(EndLabel(*style.last_point(years, own.mean(axis=1)), name, _colour(k)))
    style.dress(lines, title="Accepted ideas so far", x="year", y="per 1,000 employees")
    style.year_axis(lines, [base_year, int(base_year + (table["quarter"].max() + 1) // 4)], most_ticks=5)
    lines.set_ylim(bottom=0)
    style.label_line_ends({lines: ends})
    return figure


def resonance_by_threshold(
    table: pd.DataFrame, *, caption: str = style.UNCALIBRATED, base_year: int = BASE_YEAR
) -> Figure:
    """Resonance over the efficiency of factor allocation, by quarters of provinces; and how it comes with time.

    Raises ValueError when a column or a measure is missing.
    """
    table = _checked(table, ["threshold", "resonance", "resonance_1", "factor_efficiency_1"])
    arms = list(table["arm"].unique())
    room = style.label_room(arms)
    figure = style.new_figure(
        9.6 + room,
        4.6,
        "Which provinces are above the threshold, and what does search gain by it?",
        _seen(
            table, "left: provinces in four groups by how well data, tools and people fit, last year", "mean"
        ),
        caption,
    )
    left, right = style.panels(figure, 1, 2, right=room, across=0.8)[0]
    last = table[table["quarter"] > table["quarter"].max() - 4]
    means = last.groupby(["arm", "measure"])["value"].mean()
    names = sorted(m for m in table["measure"].unique() if m.startswith("factor_efficiency_"))
    ends = []
    for k, name in enumerate(arms):
        x = [means[name, group] for group in names]
        y = [100.0 * means[name, group.replace("factor_efficiency", "resonance")] for group in names]
        left.axvline(
            means[name, "threshold"], color=_colour(k), linestyle=DASHES[k % len(DASHES)], linewidth=1.0
        )
        style.line(left, x, y, _colour(k), linewidth=2.2, marker="o", markersize=6)
        own = 100.0 * _by_quarter(table, "resonance", name)
        years = base_year + own.index.to_numpy() / 4.0
        right.fill_between(years, own["min"], own["max"], color=_colour(k), alpha=0.15, linewidth=0)
        style.line(right, years, own["mean"], _colour(k), linestyle=DASHES[k % len(DASHES)], linewidth=2.2)
        ends.append(EndLabel(*style.last_point(years, own["mean"]), name, _colour(k)))
    style.dress(
        left,
        title="Vertical lines: the threshold of each arm",
        x="efficiency of factor allocation (0–1)",
        y="search is stronger by (%)",
    )
    style.dress(right, title="Mean of provinces", x="year", y="search is stronger by (%)")
    style.year_axis(right, [base_year, int(base_year + table["quarter"].max() // 4 + 1)], most_ticks=5)
    left.set_ylim(bottom=0)
    right.set_ylim(bottom=0)
    style.label_line_ends({right: ends})
    return figure


def imbalance_loop(
    table: pd.DataFrame, *, caption: str = style.UNCALIBRATED, base_year: int = BASE_YEAR
) -> Figure:
    """The stations of the imbalance loop over time, in the order in which each moves the next: a line per arm.

    Raises ValueError when a column or a station is missing.
    """
    table = _checked(table, LOOP)
    arms = list(table["arm"].unique())
    room = style.label_room(arms)
    figure = style.new_figure(
        11.5 + room,
        4.4,
        "Does the loss heal, or does it feed itself?",
        _seen(table, "means of provinces; each station moves the next", "mean and range"),
        caption,
    )
    axes = style.panels(figure, 1, len(LOOP), right=room, across=0.55)[0]
    ends = []
    for ax, (measure, station) in zip(axes, LOOP.items(), strict=True):
        for k, name in enumerate(arms):
            own = _by_quarter(table, measure, name)
            years = base_year + own.index.to_numpy() / 4.0
            ax.fill_between(years, own["min"], own["max"], color=_colour(k), alpha=0.12, linewidth=0)
            style.line(ax, years, own["mean"], _colour(k), linestyle=DASHES[k % len(DASHES)], linewidth=2.0)
            if ax is axes[-1]:
                ends.append(EndLabel(*style.last_point(years, own["mean"]), name, _colour(k)))
        style.dress(ax, title=station, x="year", y="0–1" if ax is axes[0] else "")
        style.year_axis(ax, [base_year, int(base_year + table["quarter"].max() // 4 + 1)], most_ticks=3)
    style.label_line_ends({axes[-1]: ends})
    return figure


FIGURES: dict[str, Callable[..., Figure]] = {
    "spirit_by_level": spirit_by_level,
    "leader_employee_slope": leader_employee_slope,
    "surviving_ideas": surviving_ideas,
    "resonance_by_threshold": resonance_by_threshold,
    "imbalance_loop": imbalance_loop,
}
"""Pictures a scenario may ask for by name."""


def _checked(table: pd.DataFrame, measures) -> pd.DataFrame:
    style.require(table, COLUMNS, "contrast")
    missing = [measure for measure in measures if not (table["measure"] == measure).any()]
    if missing:
        raise ValueError(f"contrast lacks the measure(s) {', '.join(missing)}")
    return table


def _by_quarter(table: pd.DataFrame, measure: str, name: str) -> pd.DataFrame:
    own = table[(table["measure"] == measure) & (table["arm"] == name)]
    return own.groupby("quarter")["value"].agg(["mean", "min", "max"])


def _seen(table: pd.DataFrame, what: str, shown: str = "mean and range") -> str:
    seeds = table["seed"].nunique()
    over = "one seed" if seeds == 1 else f"{shown} of {seeds} paired seeds"
    return f"{what[0].upper()}{what[1:]}; {over}"


def _colour(k: int) -> str:
    return COLOURS[k % len(COLOURS)]
