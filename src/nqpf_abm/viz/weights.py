"""Which indicators carry the score?"""

from __future__ import annotations

import itertools
import math
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

    A dimension other than those of `NAMES` is called by its own name and takes a further colour.

    Raises ValueError when a column is missing or there are no rows.
    """
    style.require(weights, ["specification", "indicator", "dimension", "sign", "weight"], "weights")
    panels = dict(list(weights.groupby("specification", sort=False)))
    most = max(len(rows) for rows in panels.values())
    labels = {name: [_label(row, names or {}) for row in rows.itertuples()] for name, rows in panels.items()}
    room = style.text_width(itertools.chain(*labels.values()), style.TICK) + 0.25
    colour_of = style.colours_for(_dimensions(weights), COLOURS)
    width = max(9.5, (room + 3.2) * len(panels))
    keys = [(NAMES.get(dimension, str(dimension)), colour) for dimension, colour in colour_of.items()]
    beside, below = _legend_place(keys, width)
    figure = style.new_figure(
        width,
        2.2 + 0.28 * most + below,
        "Entropy weights of the indicators",
        "An indicator weighs more the more unequal it is over provinces and years; (−): less is better",
        caption,
    )
    axes = style.panels(figure, 1, len(panels), left=room, across=room + 0.25, top=style.TOP + below)[0]
    for ax, (specification, rows) in zip(axes, panels.items(), strict=True):
        colours = [colour_of[dimension] for dimension in rows["dimension"]]
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
    height = figure.get_figheight()
    figure.legend(
        handles=[Patch(color=colour, label=name) for name, colour in keys],
        loc="upper right" if below == 0 else "upper left",
        bbox_to_anchor=(1.0, 1.0) if below == 0 else (0.0, 1 - 0.55 / height),
        ncols=beside,
        frameon=False,
        fontsize=style.TICK,
    )
    return figure


def _dimensions(weights: pd.DataFrame) -> list:
    """The dimensions present: those we know in their usual order, then the others as they come."""
    present = list(dict.fromkeys(weights["dimension"]))
    return [name for name in COLOURS if name in present] + [name for name in present if name not in COLOURS]


def _legend_place(keys: list[tuple[str, str]], width: float) -> tuple[int, float]:
    """Entries of the legend side by side, and inches below the heading if there is no room beside it."""
    one = style.text_width((name for name, _ in keys), style.TICK) + 0.65
    if one * len(keys) <= width - 3.4:
        return len(keys), 0.0
    beside = max(1, min(len(keys), int((width - 0.3) / one)))
    return beside, 0.1 + 0.2 * math.ceil(len(keys) / beside)


def _label(row, names: Mapping[str, str]) -> str:
    name = names.get(row.indicator, "")
    return f"{row.indicator} {name}".strip() + (" (−)" if row.sign < 0 else "")
