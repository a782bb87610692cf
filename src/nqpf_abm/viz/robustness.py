"""Which conclusions survive another way of making the score?"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from . import style

COLUMNS = ["variant", "kind", "spearman", "reversals", "largest_rank_change", "mean_change", "gini_last"]
ROW = 0.22  # inches


def robustness_dots(robustness: pd.DataFrame, *, caption: str = "") -> Figure:
    """Rank correlation of each variant of the score with the main one, and what the variant would report.

    robustness  variant, kind (what is varied: rows are grouped by it), spearman (-1 to 1), reversals (pairs of
                provinces in the other order), largest_rank_change (places), mean_change (of the mean score from
                the first to the last year), gini_last (Gini of the last year, 0 to 1)

    A variant without a correlation (NaN) has its row and no dot.

    Raises ValueError when a column is missing.
    """
    robustness = style.require(robustness, COLUMNS, "robustness").reset_index(drop=True)
    places, heads, order = [], {}, []
    at = 0.0
    for kind, rows in robustness.groupby("kind", sort=False):
        heads[str(kind)] = at
        places += [at + 1.0 + i for i in range(len(rows))]
        order += list(rows.index)
        at = places[-1] + 1.3
    rows = robustness.loc[order]
    names = [style.wrapped(str(variant), 4.5, style.TICK) for variant in rows["variant"]]
    columns = {
        "Spearman": [style.number(value, ".3f") for value in rows["spearman"]],
        "rank\nreversals": [style.number(value, ".0f") for value in rows["reversals"]],
        "largest\nrank change": [style.number(value, ".0f") for value in rows["largest_rank_change"]],
        "growth of\nmean score": [style.number(value, "+.3f") for value in rows["mean_change"]],
        "Gini,\nlast year": [style.number(value, ".3f") for value in rows["gini_last"]],
    }
    room = style.text_width(names, style.TICK)
    left = max(room, style.text_width(heads, style.TICK, weight="bold")) + 0.25
    right = style.columns_room(columns) + 0.1
    figure = style.new_figure(
        left + 3.2 + right,
        style.TOP + style.BOTTOM + max(1.0, ROW * (places[-1] + 1.0)),
        "Robustness of the score",
        f"Dot: rank correlation of a variant with the main score, {len(rows)} variants",
        caption,
    )
    ax = style.panels(figure, left=left, right=right)[0, 0]
    known = rows["spearman"].to_numpy(float)
    low = min(np.nanmin(known, initial=1.0), 0.9)
    low -= 0.06 * (1.0 - low)
    ax.hlines(places, low, 1.0, color=style.FAINT, linewidth=0.6)
    ax.axvline(1.0, color=style.GREY, linewidth=0.9)
    ax.plot(known, places, "o", color=style.BLUE, markersize=6, clip_on=False)
    style.dress(ax, x="Spearman rank correlation")
    ax.grid(visible=False)
    ax.set_xlim(low, 1.0)
    ax.locator_params(axis="x", nbins=5)
    ax.set_yticks(places, names, fontsize=style.TICK)
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(places[-1] + 0.6, -0.5)
    for kind, place in heads.items():
        ax.annotate(
            kind,
            (0, place),
            xycoords=("axes fraction", "data"),
            xytext=(-72 * (left - 0.12), 0),
            textcoords="offset points",
            va="center",
            weight="bold",
            fontsize=style.TICK,
            annotation_clip=False,
        )
    style.write_columns(ax, places, columns)
    return figure
