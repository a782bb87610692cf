"""Do regions move between classes, and do their neighbours matter? Markov and spatial Markov chains.

Quah, D. (1993), doi:10.1007/BF01205411 for the chain; Rey, S. J. (2001), doi:10.1111/j.1538-4632.2001.tb00444.x
for the spatial one. Computed by `giddy` (PySAL).
"""

from __future__ import annotations

import warnings
from typing import NamedTuple

import numpy as np

from .arrays import finite
from .space import weights_of

N_CLASSES = 4


class Chain(NamedTuple):
    """Transitions between k classes, 0 the lowest."""

    upper: np.ndarray
    """(k,) upper bound of each class; a value on a bound belongs to the lower class."""
    classes: np.ndarray
    """(n_regions, n_years)."""
    counts: np.ndarray
    """(k, k) from row to column, one step of the panel apart."""
    probabilities: np.ndarray
    """(k, k); NaN in the row of a class nobody leaves from."""


class SpatialChain(NamedTuple):
    """Transitions apart by the class of the neighbours' mean at the start of the step."""

    lag_upper: np.ndarray
    """(k,) upper bounds of the classes of neighbours' means: quartiles of those means."""
    counts: np.ndarray
    """(k, k, k): class of the neighbours, from, to."""
    probabilities: np.ndarray
    lr: float
    """Likelihood-ratio statistic of "neighbours do not matter"."""
    df: int
    p: float
    """Of `lr`; NaN where no degree of freedom is left."""


def quartile_classes(values) -> tuple[np.ndarray, np.ndarray]:
    """Classes (same shape, 0 to 3) and upper bounds (4,) by the quartiles of all values pooled, right-closed.

    Ties may leave a class empty. ValueError for non-finite values.
    """
    from mapclassify import UserDefined

    values = finite("values", values, ("n_regions", "n_years"))
    upper = np.quantile(values, np.arange(1, N_CLASSES + 1) / N_CLASSES)
    upper[-1] = values.max()  # a quantile may fall short of the maximum by rounding
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # empty classes are told by the counts
        found = UserDefined(values.ravel(), np.unique(upper)).yb
    # classes of distinct bounds, renumbered so that a bound shared by two quartiles is the lower one
    first = np.array([int(np.flatnonzero(upper == bound)[0]) for bound in np.unique(upper)])
    return first[found].reshape(values.shape), upper


def markov_chain(values) -> Chain:
    """Transitions of `values` (n_regions, n_years) between pooled quartiles, by `giddy.markov.Markov`.

    ValueError for a wrong shape, non-finite values, fewer than two years.
    """
    from giddy.markov import Markov

    classes, upper = quartile_classes(values)
    if classes.shape[1] < 2:
        raise ValueError(f"values must have at least 2 years; got {classes.shape[1]}")
    chain = Markov(classes, classes=np.arange(N_CLASSES), summary=False, fill_empty_classes=True)
    counts = np.asarray(chain.transitions, dtype=float)
    return Chain(upper, classes, counts.astype(int), _probabilities(counts))


def spatial_markov_chain(values, neighbours) -> SpatialChain:
    """Transitions apart by the quartile of the neighbours' mean, by `giddy.markov.Spatial_Markov`.

    values      (n_regions, n_years)
    neighbours  (n_regions, n_regions) truths, as in `morans_i`

    The statistic tests whether the chains apart by neighbours differ from the pooled one (Bickenbach & Bode
    2003, doi:10.1177/0160017603253789), over transitions that occur. ValueError as in `morans_i`.
    """
    from giddy.markov import Spatial_Markov
    from libpysal.weights import lag_spatial
    from scipy.stats import chi2

    values = finite("values", values, ("n_regions", "n_years"))
    w = weights_of(neighbours, len(values))
    _, upper = quartile_classes(values)
    lag_classes, lag_upper = quartile_classes(lag_spatial(w, values))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        chain = Spatial_Markov(
            values, w, cutoffs=upper[:-1], lag_cutoffs=lag_upper[:-1], fixed=True, fill_empty_classes=True
        )
    counts = np.asarray(chain.T, dtype=float)
    pooled = _probabilities(counts.sum(axis=0))
    own = np.array([_probabilities(part) for part in counts])
    with np.errstate(divide="ignore", invalid="ignore"):
        lr = float(2 * np.nansum(np.where(counts > 0, counts * np.log(own / pooled), 0.0)))
    # free cells of each row that occurs, less those of the pooled chain
    reached = counts.sum(axis=0) > 0
    free = np.maximum(reached.sum(axis=1) - 1, 0)
    starts = (counts.sum(axis=2) > 0).sum(axis=0)
    df = int((free * np.maximum(starts - 1, 0)).sum())
    p = float(chi2.sf(lr, df)) if df > 0 else np.nan
    return SpatialChain(lag_upper, counts.astype(int), own, lr, df, p)


def _probabilities(counts):
    total = counts.sum(axis=-1, keepdims=True)
    return np.divide(counts, total, out=np.full(counts.shape, np.nan), where=total > 0)
