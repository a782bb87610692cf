"""Do provinces keep their class from one year to the next, and do their neighbours matter?"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from . import style

CELL = 0.6  # inches


def transition_matrices(transitions: pd.DataFrame, *, caption: str = "") -> Figure:
    """Markov transition matrices of score classes: all provinces, then by the class of their neighbours.

    transitions  kind (a panel each, such as "all" and "neighbours in class 1"), origin, target (class this
                 year and the next, 1 the lowest), count (cases), probability (0 to 1; NaN in a row without
                 cases)

    Raises ValueError when a column is missing or a transition is given twice.
    """
    style.require(transitions, ["kind", "origin", "target", "count", "probability"], "transitions")
    double = transitions.duplicated(["kind", "origin", "target"])
    if double.any():
        kind, origin, target = transitions.loc[double, ["kind", "origin", "target"]].iloc[0]
        raise ValueError(f"transitions gives {kind}, {origin} to {target} more than once")
    kinds = dict(list(transitions.groupby("kind", sort=False)))
    classes = sorted(set(transitions["origin"]) | set(transitions["target"]))
    n_rows = math.ceil(len(kinds) / 3)
    n_columns = math.ceil(len(kinds) / n_rows)
    side, across, down = CELL * len(classes), 0.75, 0.95
    figure = style.new_figure(
        0.85 + n_columns * side + across * (n_columns - 1),
        style.TOP + style.BOTTOM + n_rows * side + down * (n_rows - 1),
        "Transitions between classes of the score",
        "Probability of each class in the next year; n: cases",
        caption,
    )
    right = figure.get_figwidth() - 0.65 - n_columns * side - across * (n_columns - 1)
    axes = style.panels(figure, n_rows, n_columns, left=0.65, right=right, across=across, down=down).ravel()
    for i, (ax, (kind, rows)) in enumerate(zip(axes, kinds.items(), strict=False)):
        _draw_matrix(ax, rows, classes)
        left = i % n_columns == 0
        style.dress(ax, title=str(kind), x="class in the next year", y="class" if left else "")
        ax.grid(visible=False)
    for ax in axes[len(kinds) :]:
        ax.remove()
    return figure


def _draw_matrix(ax: Axes, rows: pd.DataFrame, classes: list) -> None:
    norm = Normalize(0.0, 1.0)
    table = rows.set_index(["origin", "target"])
    shape = {"index": classes, "columns": classes}
    probability = table["probability"].unstack().reindex(**shape).to_numpy(float)
    count = table["count"].unstack().reindex(**shape).fillna(0).to_numpy(int)
    edges = np.arange(len(classes) + 1) - 0.5
    cells = np.ma.masked_invalid(probability)
    ax.pcolormesh(edges, edges, cells, cmap=style.PALE, norm=norm, edgecolors="white", linewidth=0.8)
    colours = style.ink(probability, norm, style.PALE)
    how = {"ha": "center", "va": "center", "fontsize": style.TICK}
    for i in range(len(classes)):
        if np.isnan(probability[i]).all():
            ax.text((len(classes) - 1) / 2, i, "no case", color=style.GREY, **how)
            continue
        for j, p in enumerate(probability[i]):
            ax.text(j, i, f"{style.number(p, '.2f')}\nn={count[i, j]}", color=colours[i, j], **how)
    names = [f"{name:g}" if isinstance(name, float) else str(name) for name in classes]
    ax.set_xticks(range(len(classes)), names)
    ax.set_yticks(range(len(classes)), names)
    ax.set_xlim(edges[0], edges[-1])
    ax.set_ylim(edges[-1], edges[0])
    ax.tick_params(length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)
