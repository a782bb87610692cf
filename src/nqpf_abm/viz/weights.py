"""Which indicators carry the score?"""

from __future__ import annotations

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
    figure = style.new_figure(
        5.5 * len(panels) + (1.5 if names else 0.0),
        1.9 + 0.3 * most,
        "Entropy weights of the indicators",
        "An indicator weighs more the more unequally it is spread over provinces and years; (−): less is better",
        caption,
    )
    axes = figure.subplots(1, len(panels), squeeze=False)[0]
    for ax, (specification, rows) in zip(axes, panels.items(), strict=True):
        labels = [_label(row, names or {}) for row in rows.itertuples()]
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
        ax.set_yticks(places, labels, fontsize=style.TICK)
        ax.invert_yaxis()
        ax.set_xlim(0.0, 1.18 * rows["weight"].max() or 1.0)
    present = [dimension for dimension in COLOURS if (weights["dimension"] == dimension).any()]
    figure.legend(
        handles=[Patch(color=COLOURS[dimension], label=NAMES[dimension]) for dimension in present],
        loc="outside upper right",
        ncols=len(present),
        frameon=False,
        fontsize=style.TICK,
    )
    return figure


def _label(row, names: Mapping[str, str]) -> str:
    name = names.get(row.indicator, "")
    return f"{row.indicator} {name}".strip() + (" (−)" if row.sign < 0 else "")
