"""What paired runs say: the mean difference with its interval, what pairing saved, cost per unit of effect."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from nqpf_abm.experiment.stopping import anytime_p, confidence_sequence


class Paired(NamedTuple):
    """A mean difference between two scenarios over the same seeds; NaN where there is nothing to say.

    variance_reduction  1 - var(difference) / (var(a) + var(b)): what the shared luck takes off
    runs_saved          runs that two independent samples would need more for the same standard error
    """

    seeds: int
    reference: float
    difference: float
    low: float
    high: float
    p: float
    variance_reduction: float
    runs_saved: float


def paired(reference, other, *, anytime: bool = False, alpha: float = 0.05) -> Paired:
    """Mean of `other` less `reference`, seed by seed; pairs with a missing value are left out.

    The interval and p-value are Student's for a number of seeds fixed beforehand, or with `anytime` those of a
    confidence sequence, which hold however the number of seeds came about.

    By hand: reference 1, 2, 3 and other 2, 4, 3 differ by 1, 2, 0: mean 1, standard error .577, t(.975, 2) = 4.303,
    so -1.48 to 3.48; variances 1, 1 and 1, so reduction .5, and 2 * (3 * 2 - 3) = 6 runs saved.
    """
    a, b = np.asarray(reference, float), np.asarray(other, float)
    kept = np.isfinite(a) & np.isfinite(b)
    a, b = a[kept], b[kept]
    gap = b - a
    n = len(gap)
    if n == 0:
        return Paired(0, *[math.nan] * 7)
    mean, low, high, p = float(gap.mean()), math.nan, math.nan, math.nan
    reduction = saved = math.nan
    if n > 1:
        apart, together = float(a.var(ddof=1) + b.var(ddof=1)), float(gap.var(ddof=1))
        if np.ptp(gap) == 0:
            mean, together = float(gap[0]), 0.0
        if apart > 0:
            reduction = 1.0 - together / apart
        if together > 0:
            saved = 2.0 * (n * apart / together - n)
        if together == 0 or not anytime:  # equal differences tell nothing of luck
            low, high, p = _student(mean, together, n, alpha)
        else:
            ends = confidence_sequence(gap, alpha)
            low, high, p = float(ends[0][-1]), float(ends[1][-1]), anytime_p(gap)
    return Paired(n, float(a.mean()), mean, low, high, p, reduction, saved)


def _student(mean: float, variance: float, n: int, alpha: float) -> tuple[float, float, float]:
    from scipy.stats import t

    error = math.sqrt(variance / n)
    half = float(t.ppf(1 - alpha / 2, n - 1)) * error
    if error == 0:
        return (0.0, 0.0, 1.0) if mean == 0 else (math.nan, math.nan, math.nan)
    return mean - half, mean + half, float(2 * t.sf(abs(mean) / error, n - 1))


def holm(p) -> np.ndarray:
    """p-values adjusted for looking at all of them (Holm 1979); NaN stays and does not count.

    By hand: .01, .04, .03 give .03, .06, .06.
    """
    p = np.asarray(p, float)
    adjusted = np.full(p.shape, np.nan)
    known = np.flatnonzero(np.isfinite(p))
    order = known[np.argsort(p[known], kind="stable")]
    factors = np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(p[order] * factors), 1.0)
    return adjusted


class Ratio(NamedTuple):
    """A ratio of means with Fieller's interval.

    kind  "interval" from low to high; "outside": all but the numbers between low and high; "all": every number
    """

    value: float
    low: float
    high: float
    kind: str


def fieller(numerator, denominator, *, alpha: float = 0.05) -> Ratio:
    """Ratio of two paired means, e.g. cost per point: Fieller (1954, doi:10.1111/j.2517-6161.1954.tb00159.x).

    The interval holds the ratios r for which the mean of ``numerator - r * denominator`` does not differ from zero. If
    the denominator itself may be zero, they are all but an interval, or all.

    By hand: numerator 2, 4, 6, denominator twice 2 and once 2 (no luck): 2, and 2 +- 4.303 * (2 / sqrt 3) / 2.
    """
    from scipy.stats import t

    y, x = np.asarray(numerator, float), np.asarray(denominator, float)
    kept = np.isfinite(y) & np.isfinite(x)
    y, x = y[kept], x[kept]
    n = len(y)
    if n < 2 or not x.mean():
        return Ratio(math.nan, math.nan, math.nan, "all")
    q = float(t.ppf(1 - alpha / 2, n - 1)) ** 2 / n
    cov = np.cov(np.vstack([y, x]))
    a, b, c = (
        x.mean() ** 2 - q * cov[1, 1],
        y.mean() * x.mean() - q * cov[0, 1],
        y.mean() ** 2 - q * cov[0, 0],
    )
    value, root = float(y.mean() / x.mean()), b * b - a * c
    if a == 0 or (a < 0 and root <= 0):
        return Ratio(value, -math.inf, math.inf, "all")
    ends = sorted((b + sign * math.sqrt(max(root, 0.0))) / a for sign in (-1, 1))
    return Ratio(value, float(ends[0]), float(ends[1]), "interval" if a > 0 else "outside")
