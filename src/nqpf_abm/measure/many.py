"""The same scores for a thousand panels at once: simulated ensembles, bootstrap samples, sweeps.

Panels share their rows (regions and years) and indicators and differ in their values. They are worked on a few
at a time, so that what is alive fits the cache, and never one by one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .arrays import coded, finite, non_negative, one_of
from .entropy_topsis import closeness, entropy_weights, extremes, members, normalise
from .frozen_scale import FrozenScale, directions
from .gini import ROUNDING

_CELLS_AT_ONCE = 2**19


@dataclass(frozen=True, eq=False, kw_only=True)
class ManyScores:
    """Scores of `n_panels` panels; a panel in which nothing varies has NaN."""

    weights: np.ndarray
    """(n_panels, n_indicators)."""
    closeness: np.ndarray
    """(n_panels, n_rows), 0 to 1."""
    dimensions: dict[str, np.ndarray]
    """First-level indices, each (n_panels, n_rows)."""


@dataclass(frozen=True, eq=False, kw_only=True)
class ManyDagum:
    """Gini coefficient and its three parts, each (n_panels, n_years); NaN where the mean is zero."""

    years: np.ndarray
    """(n_years,) in order of first appearance."""
    gini: np.ndarray
    within: np.ndarray
    between: np.ndarray
    transvariation: np.ndarray


def entropy_topsis_many(
    x, years, kinds, dims=None, *, bounds="pooled", ideal="pooled", frozen=None
) -> ManyScores:
    """Entropy-weight TOPSIS of many panels, each scored by itself exactly as `entropy_topsis` scores it.

    x       (n_panels, n_rows, n_indicators) any unit
    years   (n_rows,), kinds (n_indicators,), dims (n_indicators,) or None: as in `entropy_topsis`
    bounds  "pooled" over the rows of a panel, "annual", or "frozen": all panels on the one scale `frozen`, which
            must not be a scale by year
    ideal   "pooled", "annual" or "absolute"; with frozen bounds "pooled" is the ideal of the scale

    ValueError for wrong shapes, cells that are not finite, unknown options.
    """
    one_of("bounds", bounds, ("pooled", "annual", "frozen"))
    one_of("ideal", ideal, ("pooled", "annual", "absolute"))
    x = finite("x", x, ("n_panels", "n_rows", "n_indicators"))
    n_panels, n_rows, m = x.shape
    code, _ = coded("years", years, n_rows)
    kinds = directions("kinds", kinds, m)
    columns = members(dims, m)
    if (bounds == "frozen") != isinstance(frozen, FrozenScale):
        raise ValueError("frozen must be a FrozenScale if, and only if, bounds='frozen'")
    if frozen is not None and (frozen.years is not None or not np.array_equal(frozen.kinds, kinds)):
        raise ValueError(
            "frozen must hold the indicators of x, with the same kinds, on a scale for all years"
        )
    everyone = np.zeros(n_rows, dtype=np.intp)

    weights = np.empty((n_panels, m))
    scores = np.empty((n_panels, n_rows))
    indices = {name: np.empty((n_panels, n_rows)) for name in columns}
    step = max(1, _CELLS_AT_ONCE // (n_rows * m))
    for start in range(0, n_panels, step):
        few = slice(start, start + step)
        if bounds == "frozen":
            z = normalise(x[few], frozen.low, frozen.high, kinds)
            weights[few] = frozen.weights
        else:
            z = normalise(x[few], *extremes(x[few], code if bounds == "annual" else everyone), kinds)
            weights[few] = entropy_weights(z)[1]
        if ideal == "absolute":
            worst, best = np.zeros(1), np.ones(1)
        elif bounds == "frozen" and ideal == "pooled":
            worst, best = frozen.worst, frozen.best
        else:
            worst, best = extremes(z, code if ideal == "annual" else everyone)
        worst, best = np.broadcast_to(worst, z.shape), np.broadcast_to(best, z.shape)
        scores[few] = closeness(z, worst, best, weights[few])
        for name, of in columns.items():
            indices[name][few] = closeness(z[..., of], worst[..., of], best[..., of], weights[few][:, of])
    return ManyScores(weights=weights, closeness=scores, dimensions=indices)


def dagum_many(values, years, groups) -> ManyDagum:
    """Dagum's decomposition of many panels in every year, each exactly as `dagum_gini` gives it.

    values  (n_panels, n_rows) >= 0;  years (n_rows,);  groups (n_rows,) of each row

    For the few dozen regions of a panel: its work grows with the square of their number. ValueError as in
    `dagum_gini`.
    """
    values = non_negative("values", finite("values", values, ("n_panels", "n_rows")))
    n_panels, n_rows = values.shape
    code, labels = coded("years", years, n_rows)
    group, _ = coded("groups", groups, n_rows)
    parts = np.empty((3, n_panels, len(labels)))
    for year in range(len(labels)):
        rows = np.flatnonzero(code == year)
        present, of = np.unique(group[rows], return_inverse=True)
        member = (of[:, None] == np.arange(len(present))).astype(float)
        member /= member.sum(axis=0)
        share = np.bincount(of) / len(rows)
        pairs = np.triu(np.outer(share, share), 1)
        step = max(1, _CELLS_AT_ONCE // len(rows) ** 2)
        for start in range(0, n_panels, step):
            few = slice(start, start + step)
            x = values[few][:, rows]
            mean = x.mean(axis=1)
            excess = np.maximum(x[:, None, :] - x[:, :, None], 0.0)  # of column over row
            gain = np.einsum("aj,pab,bk->pjk", member, excess, member, optimize=True)  # of k over j
            other = gain.transpose(0, 2, 1)
            net = np.abs(gain - other)
            net[net <= ROUNDING * (gain + other)] = 0.0
            overlap = 2 * np.minimum(gain, other)
            own = np.einsum("pjj,j->p", gain, share**2)
            with np.errstate(divide="ignore", invalid="ignore"):
                for part, total in enumerate((own, (pairs * net).sum((1, 2)), (pairs * overlap).sum((1, 2)))):
                    parts[part, few, year] = np.where(mean > 0, total / mean, np.nan)
    within, between, transvariation = parts
    return ManyDagum(
        years=labels,
        gini=within + between + transvariation,
        within=within,
        between=between,
        transvariation=transvariation,
    )
