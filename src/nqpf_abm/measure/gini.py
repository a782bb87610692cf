r"""How unequally is something shared? The Gini coefficient, free of cancellation.

Half the relative mean difference, :math:`G = E|X-Y| / 2\mu` (Gini 1912; Yitzhaki & Schechtman 2013,
doi:10.1007/978-1-4614-4720-7), is summed over the gaps between neighbouring values,
:math:`E|X-Y|/2 = \sum_i (x_{(i+1)}-x_{(i)}) F_i (1-F_i)`. Every term is non-negative, so nothing cancels.
The common rank formula :math:`\sum_i (2i-n-1) x_{(i)}` loses eight digits if the values share a large offset.
"""

from __future__ import annotations

import math

import numpy as np

from .arrays import finite, non_negative

ROUNDING = 8 * np.finfo(float).eps  # relative to the terms of a sum, what cannot be told from zero


def gini(values, *, weights=None) -> float:
    """Gini coefficient of non-negative values, 0 (all equal) to below 1.

    values   (n,) any unit, >= 0
    weights  (n,) >= 0, how often each value counts (default once); weight zero means absent

    NaN if the mean is zero. ValueError for an empty or non-finite array, negative values or weights, or
    weights that are all zero.

    By hand: 1, 2, 3, 4 gives 0.25.
    """
    values, weights, _ = population(values, weights)
    order = np.argsort(values)
    values, weights = values[order], weights[order]
    below = np.cumsum(weights)
    total = below[-1]
    mean = mean_or_zero(values, weights / total)
    if mean == 0:
        return float("nan")
    below, above = below[:-1] / total, (total - below[:-1]) / total
    return float(np.sum(np.diff(values) * below * above) / mean)


def population(values, weights, *, allow_negative=False):
    """Checked and scaled values and weights of those who count, and which rows (n,) these are.

    A row of weight zero counts as absent. Both arrays are scaled by powers of two to at most one, which
    changes no digit of a ratio and keeps huge and tiny units clear of overflow and underflow.
    """
    values = finite("values", values, ("n",))
    if not allow_negative:
        non_negative("values", values)
    if weights is None:
        return _scaled(values), np.ones(len(values)), np.ones(len(values), dtype=bool)
    weights = non_negative("weights", finite("weights", weights, (len(values),)))
    counts = weights > 0
    if not counts.any():
        raise ValueError("weights must not all be zero")
    return _scaled(values[counts]), _scaled(weights[counts]), counts


def mean_or_zero(values, shares):
    """Mean under `shares` (summing to one); exactly 0 if it cannot be told from the rounding of its terms."""
    mean = (values * shares).sum()
    return 0.0 if abs(mean) <= ROUNDING * (np.abs(values) * shares).sum() else mean


def _scaled(array):
    return np.ldexp(array, -math.frexp(np.abs(array).max())[1])
