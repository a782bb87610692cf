"""How much of inequality lies within groups, between them, and where they overlap?

Dagum, C. (1997), A new approach to the decomposition of the Gini income inequality ratio, Empirical
Economics 22, 515-531, doi:10.1007/BF01205777.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .arrays import coded
from .gini import ROUNDING, mean_or_zero, population

_CELLS_AT_ONCE = 2**18  # of the (groups x values) table alive at a time: 2 MB, so that it stays in cache


@dataclass(frozen=True, eq=False, kw_only=True)
class DagumDecomposition:
    """The three parts of a Gini coefficient, and how each pair of groups stands to each other."""

    gini: float
    """The whole, `within` + `between` + `transvariation`."""
    within: float
    r"""Inside groups, :math:`G_w = \sum_j G_{jj} p_j s_j`."""
    between: float
    r"""Net between groups, :math:`G_{nb} = \sum_{j>h} G_{jh} (p_j s_h + p_h s_j) D_{jh}`."""
    transvariation: float
    r"""From overlapping groups, :math:`G_t`: the same sum with :math:`1 - D_{jh}`."""
    share_within: float
    share_between: float
    share_transvariation: float
    labels: np.ndarray
    """(k,) groups in order of first appearance; the arrays below follow it."""
    group_gini: np.ndarray
    """(k,) Gini coefficient inside each group."""
    pair_gini: np.ndarray
    """(k, k) extended Gini of two groups, symmetric, with `group_gini` on the diagonal."""
    affluence: np.ndarray
    """(k, k) relative economic affluence D of the richer over the poorer group, 0 to 1, symmetric."""


def dagum_gini(values, groups, *, weights=None, allow_negative=False) -> DagumDecomposition:
    r"""Gini coefficient of a population split by Dagum into within, between and transvariation.

    .. math::

        G_{jh} = \frac{E|X_j-X_h|}{\mu_j+\mu_h}, \qquad D_{jh} = \frac{d_{jh}-p_{jh}}{d_{jh}+p_{jh}}, \qquad
        d_{jh} = E(X_j-X_h)_+,\; p_{jh} = E(X_h-X_j)_+ \text{ with } \mu_j \ge \mu_h

    values   (n,) any unit, >= 0 unless `allow_negative`
    groups   (n,) label of each value: numbers, words or dates
    weights  (n,) >= 0, how often each value counts (default once); weight zero means absent

    One-member and all-zero groups have Gini 0; two groups alike in every member, or in their means, have
    affluence 0, so that all their difference is transvariation. If everybody is equal the shares are NaN; if
    the mean is zero everything is. Negative values (`allow_negative`) can push parts beyond one.

    A panel is decomposed year by year and then averaged; pooling the years would count growth as inequality.
    ValueError for empty, non-finite or unequally long arrays, negative values or weights, missing labels.

    By hand: values 1, 2, 3, 4 in groups a, b, b, a give 0.25 = 0.10 within + 0 between + 0.15 transvariation.
    """
    values, weights, counts = population(values, weights, allow_negative=allow_negative)
    codes, labels = coded("groups", groups, len(counts))
    if not counts.all():
        present = np.bincount(codes[counts], minlength=len(labels)) > 0
        codes, labels = (np.cumsum(present) - 1)[codes[counts]], labels[present]
    k = len(labels)

    order = np.argsort(values)
    values, weights, codes = values[order], weights[order], codes[order]
    group_weight = np.bincount(codes, weights, minlength=k)
    p = group_weight / group_weight.sum()
    group_mean = np.bincount(codes, weights * values, minlength=k) / group_weight
    mean = mean_or_zero(values, weights / group_weight.sum())
    if mean == 0:
        return _undefined(labels)

    gain = _mean_gains(values, weights, codes, group_weight)
    difference = gain + gain.T  # E|X_j - X_h|
    net = np.abs(gain - gain.T)  # |mu_j - mu_h|, without the offset the means share
    net[net <= ROUNDING * difference] = 0.0  # equal means are equal
    overlap = 2 * np.minimum(gain, gain.T)  # what the poorer group gains over the richer, both ways

    pairs = p[:, None] * p * (np.arange(k)[:, None] < np.arange(k))  # each once
    within = float((p**2 * gain.diagonal()).sum() / mean)
    between = float((pairs * net).sum() / mean)
    transvariation = float((pairs * overlap).sum() / mean)
    total = within + between + transvariation

    means = group_mean[:, None] + group_mean[None, :]
    with np.errstate(divide="ignore", invalid="ignore"):
        pair_gini = np.where(difference == 0, 0.0, np.where(means == 0, np.nan, difference / means))
        affluence = np.where(difference == 0, 0.0, net / difference)
    return DagumDecomposition(
        gini=total,
        within=within,
        between=between,
        transvariation=transvariation,
        share_within=_share(within, total),
        share_between=_share(between, total),
        share_transvariation=_share(transvariation, total),
        labels=labels,
        group_gini=pair_gini.diagonal().copy(),
        pair_gini=pair_gini,
        affluence=affluence,
    )


def _mean_gains(values, weights, codes, group_weight):
    """Mean gain (k, k) of column over row, E(X_j - X_h)+, from values sorted upwards.

    The gain of j over h passes each gap between neighbouring values as often as h lies below and j above it:
    the sum of gap * F_h * (1 - F_j), non-negative term by term. All pairs are one matrix product.
    """
    k, n = len(group_weight), len(values)
    gaps = np.zeros(n)
    gaps[:-1] = values[1:] - values[:-1]
    gain = np.zeros((k, k))
    below = np.zeros(k)
    step = max(1, _CELLS_AT_ONCE // k)
    for start in range(0, n, step):
        part = slice(start, start + step)
        code = codes[part]
        cdf = np.zeros((k, len(code)))
        cdf[code, np.arange(len(code))] = weights[part]
        cdf[:, 0] += below
        cdf.cumsum(axis=1, out=cdf)
        below = cdf[:, -1].copy()
        # Summed in the same order as group_weight: the difference is exactly 0 once a group is exhausted.
        above = (group_weight[:, None] - cdf) / group_weight[:, None]
        cdf /= group_weight[:, None]
        cdf *= gaps[part]
        gain += cdf @ above.T
    return gain


def _share(part, total):
    return part / total if total != 0 else float("nan")


def _undefined(labels):
    k = len(labels)
    parts = ("gini", "within", "between", "transvariation")
    shares = tuple(f"share_{part}" for part in parts[1:])
    return DagumDecomposition(
        **dict.fromkeys(parts + shares, float("nan")),
        labels=labels,
        group_gini=np.full(k, np.nan),
        pair_gini=np.full((k, k), np.nan),
        affluence=np.full((k, k), np.nan),
    )
