"""Panels of indicators, official or a user's own, and their scores.

A panel is a table with one row per province and year and one column per indicator. Every province has every
year. A gap stays a gap until a fill policy is chosen; the cells it filled come back in a table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from nqpf_abm.collect.companions import dagum_table
from nqpf_abm.collect.specification import FILLS, PanelChoice, Specification
from nqpf_abm.data.facts import official_wide
from nqpf_abm.data.panel_file import PanelFile, read_panel_file
from nqpf_abm.data.places import Regions, load_regions, western_echelons
from nqpf_abm.data.provinces import macro_regions
from nqpf_abm.errors import InputError, nearest
from nqpf_abm.measure import FrozenScale, entropy_topsis

GROUPINGS = ("one", "echelons", "macro-regions")
"""Groups of provinces that have a name: one for all; the three echelons of the west as the western study names
them, fixed from 2012; east, central, west and northeast."""

_SCORE_COLUMN = {"sci_tech": "scitech", "green": "green", "digital": "digital"}
_SERIES = ("province", "year")


@dataclass(frozen=True, eq=False)
class Panel:
    """Official indicators of a panel, gaps left open.

    frame          province, year and one column per indicator; NaN is a gap
    second_series  cells taken from the second official series of an indicator: province, year, indicator,
                   value, series
    """

    choice: PanelChoice
    frame: pd.DataFrame
    second_series: pd.DataFrame


@dataclass(frozen=True, eq=False)
class Scores:
    """A scored panel.

    scores         province, year, nqpf, a column per first-level index of `score_columns` (0 to 1), rank
                   (1 best, within the year); a dimension without indicators is NaN
    weights        indicator, dimension, sign, weight (sum 1), entropy
    dagum          year, gini, within, between, transvariation and their shares, between groups of provinces
    panel          the scored values: province, year, one column per indicator
    filled         cells a fill policy gave: province, year, indicator, value, method
    frozen         the scale, to score another panel with
    out_of_bounds  indicator, below, above: share of rows beyond the bad and the good bound (0 unless frozen)
    normalised     z of the scored values: province, year, one column per indicator, 0 bad to 1 good
    groups         group of each province
    left_out       indicators of the specification that the panel holds but the score does not use
    warnings       what a reader of the scores must know, one line each
    """

    scores: pd.DataFrame
    weights: pd.DataFrame
    dagum: pd.DataFrame
    panel: pd.DataFrame
    filled: pd.DataFrame
    frozen: FrozenScale
    out_of_bounds: pd.DataFrame
    normalised: pd.DataFrame
    groups: dict[str, str]
    left_out: tuple[str, ...]
    warnings: tuple[str, ...]


def official_panel(spec: Specification, panel: str | None = None, regions: Regions | None = None) -> Panel:
    """The official side of a panel of `spec` (its default panel without a name), gaps left open.

    `regions` (default: the twelve western provinces) are those that ``provinces = "all"`` means. Raises
    InputError for an unknown panel, province or variable and for indicators without an official series.
    """
    choice = spec.panel(panel)
    for indicator in choice.indicators:
        if indicator.real is None:
            raise InputError(
                f"{spec.source}, panel {choice.name!r}: indicator {indicator.id!r} has no official series "
                "(key 'real'); choose another panel or specification"
            )
    if not choice.years:
        raise InputError(f"{spec.source}, panel {choice.name!r}, key 'years': missing; give [first, last]")
    chosen = spec.select(choice.ids)
    at_hand = (load_regions() if regions is None else regions).table["region"]
    wide = official_wide(years=choice.years, provinces=choice.among(at_hand))
    return Panel(choice, chosen.evaluate("real", wide), chosen.second_series(wide))


def read_panel(
    path: str | Path,
    spec: Specification | None = None,
    *,
    panel: str | None = None,
    allow_gaps: bool = False,
    groups: str | None = None,
    ignore: bool = False,
) -> PanelFile:
    """A user's panel from a CSV, Excel or Parquet file, long or wide: `nqpf_abm.data.panel_file`.

    With `spec`, columns are named as it says, they must be its indicators, and those of the panel (default:
    its default panel) must all be there. With `allow_gaps` empty cells and absent province-years become NaN;
    otherwise they are refused. `groups` is a column that holds the group of each province. With `ignore` columns that
    `spec` does not know are left out whatever it says.

    Raises InputError naming file, line, column and value, with what is allowed and the likely repair.
    """
    if spec is None:
        return read_panel_file(path, allow_gaps=allow_gaps, groups=groups)
    return read_panel_file(
        path,
        known=spec.ids,
        required=spec.panel(panel).ids,
        allow_gaps=allow_gaps,
        columns=replace(spec.columns, ignore=True) if ignore else spec.columns,
        groups=groups,
    )


def score_columns(spec: Specification) -> dict[str, str]:
    """Column of the scores of each first-level index of `spec`, by the name of its dimension."""
    return {name: _SCORE_COLUMN.get(name, name) for name, _ in spec.dimensions}


def fill_gaps(frame: pd.DataFrame, policy: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The panel after `policy`, and the cells it filled: province, year, indicator, value, method.

    "none"    fills nothing
    "linear"  a straight line over time between the neighbours of a gap inside a series; what comes before
              the first or after the last figure of a series stays a gap
    "hold"    the same, and beyond the ends the nearest figure of the series
    "growth"  constant growth between the neighbours of a gap, and beyond the ends the mean growth rate of
              the series; InputError where a figure is not positive. A series of one figure stays as it is

    Raises InputError for another policy.
    """
    if policy not in FILLS:
        raise InputError(f"fill must be one of {', '.join(map(repr, FILLS))}, got {policy!r}")
    filled = frame.copy()
    cells = []
    ids = [column for column in frame.columns if column not in _SERIES]
    years = frame["year"].to_numpy(float)
    rows_of = frame.groupby("province", sort=False).indices if policy != "none" else {}
    for id in ids:
        series = frame[id].to_numpy(float, copy=True)
        if not np.isnan(series).any():
            continue
        for province, rows in rows_of.items():
            rows = rows[np.argsort(years[rows], kind="stable")]
            at, values = years[rows], series[rows]
            known = ~np.isnan(values)
            if known.all() or not known.any():
                continue
            drawn = _drawn(policy, at, values, known, f"{province} {id}")
            gaps = ~known & ~np.isnan(drawn)
            series[rows[gaps]] = drawn[gaps]
            for year, value in zip(at[gaps], drawn[gaps], strict=True):
                cells.append((province, int(year), id, float(value), policy))
        filled[id] = series
    return filled, pd.DataFrame(cells, columns=["province", "year", "indicator", "value", "method"])


def _drawn(policy: str, at, values, known, where: str):
    """The series with gaps filled by `policy`, NaN where it leaves them."""
    inside = (at >= at[known][0]) & (at <= at[known][-1])
    if policy != "growth":
        drawn = np.interp(at, at[known], values[known])
        return np.where(inside | (policy == "hold"), drawn, np.nan)
    if not (values[known] > 0).all():
        raise InputError(
            f"fill='growth' needs figures above zero; {where} holds {values[known].min():g}; choose 'hold'"
        )
    if known.sum() < 2:
        return values
    logs, first, last = np.log(values[known]), at[known][0], at[known][-1]
    rate = (logs[-1] - logs[0]) / (last - first)
    drawn = np.interp(at, at[known], logs)
    drawn = np.where(at < first, logs[0] + rate * (at - first), drawn)
    return np.exp(np.where(at > last, logs[-1] + rate * (at - last), drawn))


def score_panel(
    frame: pd.DataFrame,
    spec: Specification,
    *,
    panel: str | None = None,
    groups: Mapping[str, object] | str | None = None,
    fill: str | None = None,
    bounds: str = "pooled",
    ideal: str = "pooled",
    shift: float = 0.0,
    distance: str = "euclidean",
    frozen: FrozenScale | None = None,
) -> Scores:
    """Entropy-weight TOPSIS of a panel, ranks within each year, and the Dagum decomposition of each year.

    frame   province, year and the indicators of `panel` (default: the default panel of `spec`); others are
            left out and named in the result
    groups  group of each province for the decomposition, or one of `GROUPINGS`; default: the echelons if all
            are western provinces, the macro-regions for other provinces of China, one (with a warning) for
            regions elsewhere
    fill    one of `fill_gaps`; default: the choice of `spec`
    The other options are those of `nqpf_abm.measure.entropy_topsis`.

    Raises InputError for a missing indicator, province-year or cell, a province without group, and options
    the kernel refuses. A constant indicator gets weight 0 and a warning.
    """
    choice = spec.panel(panel)
    ids = list(choice.ids)
    absent = [id for id in ids if id not in frame.columns]
    if absent:
        raise InputError(
            f"the panel has no column {absent[0]!r} ({spec[absent[0]].name}), which panel {choice.name!r} of "
            f"{spec.name!r} needs; add it, or leave it out by name: spec.select([...])"
        )
    left_out = tuple(id for id in spec.ids if id in frame.columns and id not in ids)
    frame = _typed(frame, ids)
    _check_balance(frame)
    frame, filled = fill_gaps(frame, spec.fill if fill is None else fill)
    _refuse_gaps(frame, ids)
    groups, grouping = groups_of(list(frame["province"].unique()), groups)
    x = frame[ids].to_numpy(float)
    kinds = [indicator.sign for indicator in choice.indicators]
    dimensions = [indicator.dimension for indicator in choice.indicators]
    try:
        result = entropy_topsis(
            x, frame["year"].to_numpy(), kinds, dimensions,
            bounds=bounds, ideal=ideal, shift=shift, distance=distance, frozen=frozen,
        )  # fmt: skip
    except ValueError as error:
        raise InputError(f"the panel cannot be scored: {error}") from None
    if np.isnan(result.weights).all():
        raise InputError("no indicator of the panel varies, so there is nothing to score; check the values")
    scale = result.frozen
    if frozen is None:
        years, provinces = frame["year"], frame["province"].nunique()
        label = spec.name if choice.name == spec.name else f"{spec.name} {choice.name}"
        fitted_on = f"{label}: {provinces} provinces, {years.min()}-{years.max()}"
        scale = replace(scale, fitted_on=fitted_on)
    scores = frame[["province", "year"]].assign(nqpf=result.closeness)
    for dimension, column in score_columns(spec).items():
        scores[column] = result.dimensions.get(dimension, np.nan)
    ranks = scores.groupby("year")["nqpf"].rank(method="min", ascending=False)
    scores["rank"] = ranks.astype("Int64")
    weights = pd.DataFrame({"indicator": ids, "dimension": dimensions, "sign": kinds})
    weights = weights.assign(weight=result.weights, entropy=result.entropy)
    beyond = pd.DataFrame(
        {
            "indicator": ids,
            "below": (result.normalised < 0).mean(axis=0),
            "above": (result.normalised > 1).mean(axis=0),
        }
    )
    return Scores(
        scores=scores,
        weights=weights,
        dagum=dagum_table(scores, groups),
        panel=frame,
        filled=filled,
        frozen=scale,
        out_of_bounds=beyond,
        normalised=pd.concat(
            [frame[list(_SERIES)], pd.DataFrame(result.normalised, columns=ids)], axis="columns"
        ),
        groups=groups,
        left_out=left_out,
        warnings=(*grouping, *_warnings(choice, weights, scores, beyond)),
    )


def _typed(frame: pd.DataFrame, ids: list[str]) -> pd.DataFrame:
    kinds = {"province": str, "year": int, **dict.fromkeys(ids, float)}
    if frame["province"].isna().any():
        raise InputError("the panel has a row without province; name it")
    try:
        typed = frame[list(kinds)].astype(kinds).reset_index(drop=True)
        years_kept = (typed["year"].to_numpy() == frame["year"].to_numpy(float)).all()
    except (ValueError, TypeError) as error:
        raise InputError(f"the panel needs whole years and numbers in every indicator: {error}") from None
    if not years_kept:
        raise InputError("the panel needs whole years; a year has a fraction")
    return typed


def _check_balance(frame: pd.DataFrame) -> None:
    """Every province once in every year, at least two of each."""
    double = frame[frame.duplicated(["province", "year"])]
    if len(double):
        province, year = double.iloc[0][["province", "year"]]
        raise InputError(f"the panel gives {province} {year} twice; keep one")
    for column in ("province", "year"):
        if frame[column].nunique() < 2:
            raise InputError(f"the panel has fewer than 2 {column}s; scores compare provinces over years")
    held = pd.MultiIndex.from_frame(frame[["province", "year"]])
    absent = pd.MultiIndex.from_product([frame["province"].unique(), frame["year"].unique()]).difference(held)
    if len(absent):
        province, year = absent[0]
        raise InputError(f"the panel has no row for {province} {year}; every province needs every year")


def _refuse_gaps(frame: pd.DataFrame, ids: list[str]) -> None:
    cells = frame[ids].to_numpy(float)
    bad = np.argwhere(~np.isfinite(cells))
    if len(bad):
        row, column = bad[0]
        found = "no value" if np.isnan(cells[row, column]) else f"value {cells[row, column]}"
        raise InputError(
            f"the panel has {found} for {frame.loc[row, 'province']} {frame.loc[row, 'year']} {ids[column]} "
            f"(cells without a finite number: {len(bad)}); enter it, choose fill='linear' for gaps inside a "
            "series, or leave the province, year or indicator out"
        )


def groups_of(
    provinces: list[str], groups: Mapping[str, object] | str | None
) -> tuple[dict[str, str], list[str]]:
    """Group of every province of the panel, and a warning if the choice was ours."""
    warnings = []
    if groups is None:
        groups = "echelons" if set(provinces) <= set(western_echelons()) else "macro-regions"
        if not set(provinces) & set(macro_regions()):
            groups = "one"
            warnings.append("no groups are known for these provinces: the Gini is taken over one group")
    if isinstance(groups, str):
        if groups not in GROUPINGS:
            listed = ", ".join(map(repr, GROUPINGS))
            raise InputError(
                f"groups must name a group for each province or be one of {listed}, got {groups!r}"
                f"{nearest(groups, GROUPINGS)}"
            )
        groups = _named_groups(groups, provinces)
    for province in provinces:
        if province not in groups or pd.isna(groups[province]):
            hint = nearest(province, map(str, groups))
            raise InputError(
                f"no group is known for province {province!r}{hint}; rename it, or name groups: 'one', or a column"
            )
    return {province: str(groups[province]) for province in provinces}, warnings


def _named_groups(name: str, provinces: list[str]) -> dict[str, str]:
    if name == "one":
        return dict.fromkeys(provinces, "all")
    if name == "echelons":
        return {province: f"study echelon {level}" for province, level in western_echelons().items()}
    return macro_regions()


def _warnings(choice: PanelChoice, weights: pd.DataFrame, scores: pd.DataFrame, beyond: pd.DataFrame):
    for indicator, weight in zip(choice.indicators, weights["weight"], strict=True):
        if weight == 0:
            yield f"{indicator.id} ({indicator.name}) does not vary: weight 0"
    unscored = scores.loc[scores["nqpf"].isna(), "year"].unique()
    if len(unscored):
        yield f"no score in {', '.join(map(str, unscored))}: no indicator varies in that year"
    outside = beyond[(beyond["below"] > 0) | (beyond["above"] > 0)]
    for row in outside.itertuples():
        yield f"{row.indicator}: {row.below + row.above:.1%} of the values lie outside the frozen bounds"
