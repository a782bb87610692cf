"""Do the provinces grow alike?"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from . import style
from .style import EndLabel

SPREADS = {  # column -> (label, colour, marker)
    "cv": ("coefficient of variation", style.BLUE, "o"),
    "sd_log": ("sd of logs", style.VERMILLION, "s"),
}
NORMAL_95 = 1.96  # standard errors on each side of a 95 % interval


def convergence_lines(sigma: pd.DataFrame, beta: pd.DataFrame, *, caption: str = "") -> Figure:
    """σ over the years beside the β coefficients with their 95 % intervals (± 1.96 standard errors).

    sigma  year, cv, sd_log; a measure without any value (logs of zero scores) is left out
    beta   model, coefficient, se, p, speed (1/year), half_life (years), n; one row per model; a number that
           does not exist, as the half-life where scores diverge, is NaN

    Raises ValueError when a column is missing or neither measure of spread has a value.
    """
    style.require(sigma, ["year", *SPREADS], "sigma")
    style.require(beta, ["model", "coefficient", "se", "p", "speed", "half_life", "n"], "beta")
    sigma = sigma.sort_values("year")
    known = [column for column in SPREADS if sigma[column].notna().any()]
    if not known:
        raise ValueError("sigma has no spread to draw: cv and sd_log are empty")
    columns = _columns(beta)
    models = [style.wrapped(str(model), 1.7, style.TICK) for model in beta["model"]]
    room = style.label_room((SPREADS[column][0] for column in known), style.TICK)
    between = room + style.text_width(models, style.TICK) + 0.3
    right = style.columns_room(columns) + 0.1
    figure = style.new_figure(
        0.75 + 2 * 2.9 + between + right,
        max(4.4, style.TOP + style.BOTTOM + 0.42 * len(beta)),
        f"Convergence of the scores of the provinces, {style.span(sigma['year'])}",
        "; ".join(f"{SPREADS[column][0]} {style.change(sigma[column])}" for column in known)
        + "; β below 0: who starts lower grows faster",
        caption,
    )
    left_ax, right_ax = style.panels(figure, 1, 2, across=between, right=right)[0]
    style.label_line_ends({left_ax: _draw_sigma(left_ax, sigma, known)})
    _draw_beta(right_ax, beta, models)
    style.write_columns(right_ax, range(len(beta)), columns)
    return figure


def _draw_sigma(ax: Axes, sigma: pd.DataFrame, known: list[str]) -> list[EndLabel]:
    labels = []
    for column in known:
        name, colour, marker = SPREADS[column]
        style.line(ax, sigma["year"], sigma[column], colour, marker=marker)
        labels.append(EndLabel(*style.last_point(sigma["year"], sigma[column]), name, colour))
    style.dress(ax, title="σ: spread among provinces", x="year", y="spread (no unit)")
    style.year_axis(ax, sigma["year"], most_ticks=4)
    style.score_axis(ax, *(sigma[column] for column in known))
    return labels


def _draw_beta(ax: Axes, beta: pd.DataFrame, models: list[str]) -> None:
    places = np.arange(len(beta))
    half = (NORMAL_95 * beta["se"]).fillna(0.0)
    ax.axvline(0.0, color=style.GREY, linewidth=0.9)
    ax.hlines(places, beta["coefficient"] - half, beta["coefficient"] + half, color=style.BLUE, linewidth=1.8)
    ax.plot(beta["coefficient"], places, "o", color=style.BLUE, markersize=6)
    style.dress(ax, title="β: coefficient and 95 % interval", x="β, on the log of the earlier score")
    ax.grid(visible=False)
    ax.grid(axis="x", color=style.FAINT, linewidth=0.6)
    ax.set_yticks(places, models, fontsize=style.TICK)
    ax.set_ylim(len(beta) - 0.5, -0.5)
    ends = np.concatenate([[0.0], beta["coefficient"] - half, beta["coefficient"] + half])
    low, high = np.nanmin(ends), np.nanmax(ends)
    margin = 0.08 * (high - low) or 0.1
    ax.set_xlim(low - margin, high + margin)
    ax.locator_params(axis="x", nbins=4)


def _columns(beta: pd.DataFrame) -> dict[str, list[str]]:
    return {
        "β (s.e.)": [
            f"{style.number(b, '.3f')} ({style.number(se, '.3f')})"
            for b, se in zip(beta["coefficient"], beta["se"], strict=True)
        ],
        "p": ["< 0.001" if p < 0.001 else style.number(p, ".3f") for p in beta["p"]],
        "speed\n(1/year)": [style.number(speed, ".3f") for speed in beta["speed"]],
        "half-life\n(years)": [style.number(years, ".1f") for years in beta["half_life"]],
        "n": [style.number(n, ".0f") for n in beta["n"]],
    }
