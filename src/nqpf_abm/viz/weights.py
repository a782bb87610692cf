"""Which indicators carry the score?"""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from . import style

COLOURS = {"sci_tech": style.BLUE, "green": style.GREEN, "digital": style.PURPLE}
NAMES = {"sci_tech": "science and technology", "green": "green", "digital": "digital"}


def weights_bars(
    weights: pd.DataFrame, names: Mapping[str, str] | None = None, *, caption: str = style.UNCALIBRATED
) -> Figure:
    """Entropy weight of each indicator as bars, one panel per specification, coloured by dimension.

    weights  specification, indicator, dimension, sign, weight
    names    what an indicator id means, where known; written after the id

    Raises ValueError when a column is missing or there are no rows.
    """
    style.require(weights, ["specification", "indicator", "dimension", "sign", "weight"], "weights")
    panels = dict(list(weights.groupby("specification", sort=False)))
    most = max(len(rows) for rows in panels.values())
    labels = {name: [_label(row, names or {}) for row in rows.itertuples()] for name, rows in panels.items()}
    room = style.text_width(itertools.chain(*labels.values()), style.TICK) + 0.25
    figure = style.new_figure(
        max(9.5, (room + 3.2) * len(panels)),
        2.2 + 0.28 * most,
        "Entropy weights of the indicators",
        "An indicator weighs more the more unequal it is over provinces and years; (−): less is better",
        caption,
    )
    axes = style.panels(figure, 1, len(panels), left=room, across=room + 0.25)[0]
    for ax, (specification, rows) in zip(axes, panels.items(), strict=True):
        colours = [COLOURS.get(dimension, style.GREY) for dimension in rows["dimension"]]
        places = range(len(rows))
        ax.barh(places, rows["weight"], color=colours, height=0.72)
        for place, weight in zip(places, rows["weight"], strict=True):
            ax.annotate(
                f"{weight:.3f}",
                (weight, place),
                xytext=(3, 0),
                textcoords="offset points",
                va="center",
                fontsize=style.TICK,
            )
        style.dress(ax, title=f"specification “{specification}”", x="weight (all sum to 1)")
        ax.grid(visible=False)
        ax.set_yticks(places, labels[specification], fontsize=style.TICK)
        ax.set_ylim(most - 0.4, -0.6)  # first on top, bars as thick in every panel
        ax.set_xlim(0.0, 1.18 * rows["weight"].max() or 1.0)
    present = [dimension for dimension in COLOURS if (weights["dimension"] == dimension).any()]
    figure.legend(
        handles=[Patch(color=COLOURS[dimension], label=NAMES[dimension]) for dimension in present],
        loc="upper right",
        ncols=len(present),
        frameon=False,
        fontsize=style.TICK,
    )
    return figure


def _label(row, names: Mapping[str, str]) -> str:
    name = names.get(row.indicator, "")
    return f"{row.indicator} {name}".strip() + (" (−)" if row.sign < 0 else "")
