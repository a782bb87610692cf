"""Who affects whom: mechanisms at the left, stocks in the middle, indicators at the right."""

from __future__ import annotations

from itertools import cycle

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from . import style

_COLOURS = (style.BLUE, style.VERMILLION, style.GREEN, style.PURPLE, style.ORANGE, style.SKY, style.BLACK)
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def mechanism_map(nodes: pd.DataFrame, edges: pd.DataFrame) -> Figure:
    """Lines from each mechanism to the stocks it acts on, and from each stock to the indicators it makes up.

    nodes  kind (mechanism, stock, indicator), id, name, group: heading over mechanisms and indicators
    edges  source, target, kind: "acts on" and "looks at" (mechanism, stock), "measured by" (indicator, stock)

    What a mechanism looks at stands before its name, as letters of stocks. Raises ValueError when a column is missing
    or a table has no rows.
    """
    style.require(nodes, ["kind", "id", "name", "group"], "nodes")
    style.require(edges, ["source", "target", "kind"], "edges")
    stocks = list(nodes.loc[nodes["kind"] == "stock", "id"])
    letters = dict(zip(stocks, _LETTERS, strict=False))
    places = _places(nodes, edges)
    lowest = min(places["at"])
    figure = style.new_figure(
        15.5,
        1.9 - 0.215 * lowest,
        "Who affects whom in the model",
        "Left: what can be switched off, and before it the stocks it looks at. Coloured lines: the stocks it acts on. "
        "Right: the indicators each stock enters",
        "Source: declarations and code of nqpf_abm; docs/mechanism-map.csv. Mechanisms of one phase share its lines.",
    )
    (ax,) = style.panels(figure, left=0.1, right=0.1, top=0.85, bottom=0.35).ravel()
    ax.axis("off")
    width = figure.get_size_inches()[0] - 0.2
    looks = edges[edges["kind"] == "looks at"].groupby("source")["target"].agg(list)
    reads = {
        source: " ".join(sorted(letters[stock] for stock in targets if stock in letters))
        for source, targets in looks.items()
    }
    names = nodes.loc[nodes["kind"] == "mechanism"]
    labels = [f"{_tag(row)}{row.name_}" for row in names.rename(columns={"name": "name_"}).itertuples()]
    left = style.text_width(reads.values(), style.CAPTION) + style.text_width(labels, style.TICK) + 0.3
    ends = nodes.loc[nodes["kind"] == "indicator"]
    right = style.text_width(ends["id"] + "  " + ends["name"], style.TICK) + 0.3
    half = style.text_width([f"{letters[s]}  {s}" for s in stocks], style.TICK) / 2 + 0.08
    middle = left + 0.57 * (width - left - right)
    ax.set_xlim(0, width)
    ax.set_ylim(lowest - 0.8, 1.2)
    colours = _colours(nodes)
    at = places.set_index("id")["at"]
    for edge in edges.itertuples():
        if edge.kind == "acts on":
            colour = colours[edge.source]
            strong = colour != style.GREY
            _line(
                ax, left, at[edge.source], middle - half, at[edge.target], colour, 0.6 if strong else 0.45,
                1.0 if strong else 0.8, "-" if strong else (0, (3, 2)),
            )  # fmt: skip
        elif edge.kind == "measured by":
            _line(
                ax, middle + half, at[edge.target], width - right, at[edge.source], colours[edge.source], 0.6,
                1.0, "-",
            )  # fmt: skip
    for row in places.itertuples():
        if row.kind == "heading":
            x, align = (left, "right") if row.side == "mechanism" else (width - right, "left")
            ax.text(
                x, row.at, row.label, ha=align, va="center", fontsize=style.TICK, weight="bold", color=row.colour
            )  # fmt: skip
        elif row.kind == "mechanism":
            ax.text(left - 0.06, row.at, row.label, ha="right", va="center", fontsize=style.TICK)
            ax.text(
                0.0, row.at, reads.get(row.id, ""), ha="left", va="center", fontsize=style.CAPTION, color=style.GREY
            )  # fmt: skip
        elif row.kind == "indicator":
            ax.text(width - right + 0.06, row.at, row.label, ha="left", va="center", fontsize=style.TICK)
        else:
            ax.add_patch(
                Rectangle(
                    (middle - half, row.at - 0.6), 2 * half, 1.2, facecolor="#F2F2F2", edgecolor=style.FAINT
                )
            )
            ax.text(
                middle - half + 0.08, row.at, f"{letters[row.id]}  {row.label}", ha="left", va="center",
                fontsize=style.TICK,
            )  # fmt: skip
    ax.text(0.0, 0.6, "looks at", ha="left", va="center", fontsize=style.CAPTION, color=style.GREY)
    return figure


def _tag(row) -> str:
    return f"{row.id}  " if row.id[0] == "M" and row.id[1:].isdigit() else ""


def _colours(nodes: pd.DataFrame) -> dict[str, str]:
    """Colour of each mechanism by its group, of each indicator by its group; the last group of mechanisms is grey."""
    found = {}
    for kind in ("mechanism", "indicator"):
        part = nodes[nodes["kind"] == kind]
        groups = list(dict.fromkeys(part["group"]))
        colours = dict(zip(groups, cycle(_COLOURS), strict=False))
        if kind == "mechanism" and groups[-1:] == ["No mechanism"]:
            colours["No mechanism"] = style.GREY
        if kind == "indicator":
            colours = {name: colour for name, colour in style.DIMENSIONS.values()} | {
                name: colours[name] for name in groups if name not in dict(style.DIMENSIONS.values())
            }
        found |= {row.id: colours[row.group] for row in part.itertuples()}
    return found


def _places(nodes: pd.DataFrame, edges: pd.DataFrame) -> pd.DataFrame:
    """Height of every name: mechanisms line by line under headings, the two other columns spread over as much."""
    colours = _colours(nodes)
    rank = {stock: k for k, stock in enumerate(nodes.loc[nodes["kind"] == "stock", "id"])}
    acts = edges[edges["kind"] == "acts on"]
    wanted = acts["target"].map(rank).groupby(acts["source"]).mean()
    rows, y = [], 0.0
    part = nodes[nodes["kind"] == "mechanism"]
    for group in dict.fromkeys(part["group"]):
        members = part[part["group"] == group]
        members = members.iloc[np.argsort(wanted.reindex(members["id"]).fillna(99.0), kind="stable")]
        first = members["id"].iloc[0]
        rows.append(("heading", "", group, y, "mechanism", colours[first]))
        for row in members.rename(columns={"name": "name_"}).itertuples():
            y -= 1.0
            rows.append(("mechanism", row.id, f"{_tag(row)}{row.name_}", y, "mechanism", ""))
        y -= 1.4
    bottom = y + 1.4
    n = len(rank)
    for stock, k in rank.items():
        rows.append(("stock", stock, stock, bottom * (k + 0.5) / n, "stock", ""))
    part = nodes[nodes["kind"] == "indicator"]
    groups = list(dict.fromkeys(part["group"]))
    step = bottom / (len(part) + 1.2 * len(groups))
    y = 0.2 * step
    for group in groups:
        members = part[part["group"] == group]
        y += 1.0 * step
        rows.append(("heading", "", group.capitalize(), y, "indicator", colours[members["id"].iloc[0]]))
        for row in members.rename(columns={"name": "name_"}).itertuples():
            y += step
            rows.append(("indicator", row.id, f"{row.id}  {row.name_}", y, "indicator", ""))
        y += 0.2 * step
    return pd.DataFrame(rows, columns=["kind", "id", "label", "at", "side", "colour"])


def _line(ax: Axes, x0, y0, x1, y1, colour, alpha, width, dash) -> None:
    bend = 0.5 * (x1 - x0)
    path = Path([(x0, y0), (x0 + bend, y0), (x1 - bend, y1), (x1, y1)], [1, 4, 4, 4])
    ax.add_patch(
        PathPatch(path, facecolor="none", edgecolor=colour, alpha=alpha, linewidth=width, linestyle=dash)
    )
