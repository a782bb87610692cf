r"""When may an experiment stop? An interval for a mean that holds at every look, so that one may look at every seed.

Peeking with Student's interval until it says what is hoped for fails: sooner or later it does. A confidence sequence
holds at all numbers of seeds at once, :math:`P(\forall n: \mu \in C_n) \ge 1-\alpha`, so also at one chosen by looking.

Ours mixes Student likelihood ratios over effects. With right-Haar prior on the unknown variance and
:math:`\mu/\sigma \sim N(\mu_0/\sigma, g)` the Bayes factor against :math:`\mu_0`,

.. math::

    B_n(\mu_0) = (1+ng)^{-1/2} \left[\frac{1+r_n}{1+r_n/(1+ng)}\right]^{n/2}, \qquad
    r_n = \frac{n(\bar x_n-\mu_0)^2}{\sum_i (x_i-\bar x_n)^2},

is a non-negative martingale that begins at 1 if :math:`\mu_0` is the mean of normal data, and Ville's inequality says
that it ever reaches :math:`1/\alpha` with probability at most :math:`\alpha`. Lai (1976, doi:10.1214/aos/1176343406);
Gönen, Johnson, Lu & Westfall (2005, doi:10.1198/000313005X55233) give the factor; Wang & Ramdas (2025, Anytime-valid
t-tests and confidence sequences for Gaussian means with unknown variance, arXiv:2310.03722) the theory.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SPREAD = 0.5
"""g, variance of the effect in units of the standard deviation; about the narrowest for 10 to 100 seeds."""
LEAST_SEEDS = 5
"""Before so many seeds no study stops: normality of differences is all that can be said of fewer."""


def half_width(n, squares, alpha: float = 0.05, spread: float = SPREAD):
    r"""Half-width of the confidence sequence after `n` values with sum of squared deviations `squares`.

    .. math:: h_n = \sqrt{\frac{S_n}{n} \cdot \frac{(k-1)(1+ng)}{1+ng-k}}, \qquad
              k = \left(\frac{1+ng}{\alpha^2}\right)^{1/n}

    Infinite while k >= 1 + n g, when no mean can be told apart yet. Arrays are taken element by element.

    By hand: n=2, S=2, alpha=.5, g=1: k=sqrt(3/.25)=3.46 is more than 3, so infinite; with n=4, S=4, g=1, alpha=.5:
    k=20^(1/4)=2.115, h=sqrt(1.115*5/2.885)=1.390.
    """
    n, squares = np.asarray(n, float), np.asarray(squares, float)
    scale = 1.0 + n * spread
    k = (scale / alpha**2) ** (1.0 / n)
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(k < scale, (k - 1.0) * scale / (scale - k), np.inf)
        return np.where(np.isfinite(factor), np.sqrt(squares / n * factor), np.inf)


def running(values) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Number, mean and sum of squared deviations after each value; the last axis is that of the values."""
    values = np.asarray(values, float)
    n = np.arange(1, values.shape[-1] + 1, dtype=float)
    first = values[..., :1]  # the sums are of differences from it, so that a large level loses no digits
    moved = values - first
    mean = np.cumsum(moved, axis=-1) / n
    squares = np.cumsum(moved**2, axis=-1) - n * mean**2
    flat = np.maximum.accumulate(np.abs(moved), axis=-1) == 0.0
    return n, mean + first, np.where(flat, 0.0, np.maximum(squares, 0.0))


def confidence_sequence(values, alpha: float = 0.05, spread: float = SPREAD) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper end of the interval for the mean after each of `values`; the last axis is that of the values."""
    n, mean, squares = running(values)
    half = half_width(n, squares, alpha, spread)
    return mean - half, mean + half


def anytime_p(values, null: float = 0.0, spread: float = SPREAD) -> float:
    """p-value against the mean `null` that holds at any number of values: 1 over the Bayes factor, at most 1.

    It is below alpha just where the confidence sequence leaves `null` out; 1 for values that are all `null`.
    """
    n, mean, squares = (part[-1] for part in running(values))
    gap = n * (mean - null) ** 2
    if squares + gap == 0:
        return 1.0
    scale = 1.0 + n * spread
    ratio = (squares + gap) / (squares + gap / scale)  # (1 + r) / (1 + r / (1 + n g)), also where S = 0
    return float(min(1.0, np.exp(0.5 * np.log(scale) - 0.5 * n * np.log(ratio))))


@dataclass(frozen=True)
class Rule:
    """When to stop: at `seeds` seeds, or earlier once the interval of the primary outcome is as narrow as `width`.

    seeds  the number of seeds, or the most of them if there is a width
    width  from low to high, in the unit of the primary outcome; None: a fixed number of seeds
    """

    seeds: int
    width: float | None = None

    def looks_at(self, differences) -> tuple[int, str]:
        """Number of seeds to stop at, 0 to go on, and the reason in words.

        `differences` (n_scenarios, n_seeds) of the primary outcome in order of seeds, NaN where a run failed: such
        seeds count, and give nothing. With several scenarios all intervals must be narrow enough.
        """
        differences = np.atleast_2d(np.asarray(differences, float))
        n = min(differences.shape[1], self.seeds)
        if self.width is not None:
            narrow = np.all([self._narrow(row[:n]) for row in differences], axis=0)
            if narrow.any():
                return int(
                    narrow.argmax()
                ) + 1, f"the seed where every interval of the primary outcome is at most {self.width:g} wide"
        if n < self.seeds:
            return 0, ""
        if self.width is None:
            return self.seeds, f"the {self.seeds} seeds that were asked for"
        return (
            self.seeds,
            f"the most seeds allowed, {self.seeds}, before the interval was {self.width:g} wide",
        )

    def _narrow(self, values: np.ndarray) -> np.ndarray:
        """For each seed whether the interval is narrow enough there."""
        known = np.isfinite(values)
        low, high = confidence_sequence(values[known]) if known.any() else (np.zeros(0), np.zeros(0))
        enough = (high - low <= self.width) & (np.arange(1, len(low) + 1) >= LEAST_SEEDS)
        return np.append(False, enough)[np.cumsum(known)]
