"""Where are the high scores, and do neighbours resemble each other?"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Colormap, Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from . import style
from .style import EndLabel

TILE = 0.78  # inches
LEVEL = 0.05  # of significance


def moran_lines(moran: pd.DataFrame, *, caption: str = "") -> Figure:
    """Moran's I of the scores over the years, beside its expectation without spatial order.

    moran  year, moran, expected, p; a marker is filled where p < 0.05, open otherwise

    Raises ValueError when a column is missing or no year has a Moran's I.
    """
    style.require(moran, ["year", "moran", "expected", "p"], "moran")
    known = moran.dropna(subset=["moran"]).sort_values("year")
    if known.empty:
        raise ValueError("moran has no year with a Moran's I")
    figure = style.new_figure(
        8.0,
        4.4,
        f"Moran's I of the scores of the provinces, {style.span(known['year'])}",
        f"Filled: p < {LEVEL:.2f}, in {(known['p'] < LEVEL).sum()} of {len(known)} years; open: not. "
        "Above the dashed line: neighbours are alike",
        caption,
    )
    names = ("Moran's I", "expected")
    ax = style.panels(figure, left=0.85, right=style.label_room(names, style.LABEL))[0, 0]
    ax.plot(known["year"], known["moran"], color=style.BLUE, linewidth=1.8, zorder=2)
    filled = known["p"] < LEVEL
    for rows, face in ((known[filled], style.BLUE), (known[~filled], "white")):
        look = {
            "markerfacecolor": face,
            "markeredgecolor": style.BLUE,
            "markersize": 7,
            "markeredgewidth": 1.4,
        }
        ax.plot(rows["year"], rows["moran"], "o", zorder=3, **look)
    style.line(ax, known["year"], known["expected"], style.GREY, linestyle="--", linewidth=1.2)
    style.dress(ax, x="year", y="Moran's I")
    style.year_axis(ax, known["year"])
    drawn = np.concatenate([[0.0], known["moran"], known["expected"]])
    low, high = np.nanmin(drawn), np.nanmax(drawn)
    margin = 0.12 * (high - low) or 0.1
    ax.set_ylim(low - margin, high + margin)
    ends = (("moran", names[0], style.BLUE), ("expected", names[1], style.GREY))
    points = [(style.last_point(known["year"], known[column]), name, hue) for column, name, hue in ends]
    labels = [EndLabel(*point, name, hue) for point, name, hue in points if point]
    style.label_line_ends({ax: labels}, size=style.LABEL)
    return figure


def tile_map(
    values: pd.DataFrame,
    tiles: pd.DataFrame,
    *,
    title: str = "Score of each province",
    label: str = "score (0–1)",
    digits: int = 2,
    around_zero: bool = False,
    caption: str = "",
) -> Figure:
    """A number per province on a map of equal squares, so that small provinces count as much as large ones.

    values  province, value; with a column echelon its number stands in the tile's corner
    tiles   province, abbreviation, row (from the north), column (from the west)
    label   what the number is, with its unit;  digits  after the decimal point
    around_zero  the numbers are changes: zero is white, and a sign stands before each

    A province without a value is a hollow grey tile.

    Raises ValueError when a column is missing, no value is known, or a province has two values or no tile.
    """
    style.require(values, ["province", "value"], "values")
    style.require(tiles, ["province", "abbreviation", "row", "column"], "tiles")
    strangers = [str(name) for name in values["province"] if name not in set(tiles["province"])]
    if strangers:
        raise ValueError(f"tiles has no tile for {', '.join(strangers)}")
    if values["province"].duplicated().any():
        raise ValueError(
            f"values has two rows for {values.loc[values['province'].duplicated(), 'province'].iloc[0]}"
        )
    if values["value"].isna().all():
        raise ValueError("values has no value to draw")
    n_rows = int(tiles["row"].max() - tiles["row"].min()) + 1
    n_columns = int(tiles["column"].max() - tiles["column"].min()) + 1
    empty = " Grey frame: no value." if values["value"].notna().sum() < len(tiles) else ""
    corner = " Corner: echelon." if "echelon" in values else ""
    figure = style.new_figure(
        0.2 + TILE * n_columns + 1.2,
        0.8 + TILE * n_rows + 0.45,
        title,
        f"Each square a province, roughly where it lies.{corner}{empty}",
        caption,
    )
    right = figure.get_figwidth() - 0.2 - TILE * n_columns
    ax = style.panels(figure, left=0.2, right=right, top=0.8, bottom=0.45)[0, 0]
    low, high = values["value"].min(), values["value"].max()
    norm = Normalize(low, high if high > low else low + max(abs(low), 1.0))
    colours, form = style.HEAT, f".{digits}f"
    if around_zero:
        most = float(values["value"].abs().max()) or 1.0
        norm, colours, form = Normalize(-most, most), style.DIVERGING, f"+.{digits}f"
    known = values.set_index("province")
    for tile in tiles.itertuples():
        row = known.loc[tile.province] if tile.province in known.index else None
        _draw_tile(ax, tile, row, norm, colours, form)
    ax.set_xlim(tiles["column"].min() - 0.5, tiles["column"].max() + 0.5)
    ax.set_ylim(tiles["row"].max() + 0.5, tiles["row"].min() - 0.5)
    ax.set_axis_off()
    width, height = figure.get_size_inches()
    place = ax.get_position()
    beside = place.x1 + 0.15 / width
    bar_ax = figure.add_axes((beside, place.y0, 0.16 / width, min(2.6 / height, place.height)))
    bar = figure.colorbar(ScalarMappable(norm, colours), cax=bar_ax)
    bar.set_label(label, fontsize=style.TICK)
    bar.ax.tick_params(labelsize=style.CAPTION)
    bar.ax.locator_params(axis="y", nbins=5)
    bar.outline.set_visible(False)
    return figure


def _draw_tile(ax, tile, row: pd.Series | None, norm: Normalize, colours: Colormap, form: str) -> None:
    value = np.nan if row is None else float(row["value"])
    known = np.isfinite(value)
    corner = (tile.column - 0.46, tile.row - 0.46)
    face = colours(norm(value)) if known else "none"
    ax.add_patch(
        Rectangle(corner, 0.92, 0.92, facecolor=face, edgecolor="none" if known else style.FAINT, lw=1.2)
    )
    colour = str(style.ink(value, norm, colours))
    at = {"color": colour, "fontsize": style.CAPTION}
    ax.text(tile.column - 0.4, tile.row - 0.4, tile.abbreviation, ha="left", va="top", **at)
    if known:
        ax.text(
            tile.column,
            tile.row + 0.12,
            style.number(value, form),
            ha="center",
            va="center",
            color=colour,
            fontsize=style.TITLE,
        )
    if row is not None and pd.notna(row.get("echelon")):
        ax.text(tile.column + 0.4, tile.row - 0.4, f"{row['echelon']:.0f}", ha="right", va="top", **at)
