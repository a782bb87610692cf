"""Are neighbours alike? Moran's I, and neighbours as arrays.

Moran, P. A. P. (1950), Notes on continuous stochastic phenomena, doi:10.2307/2332142; computed by `esda` (PySAL).
"""

from __future__ import annotations

import warnings
from typing import NamedTuple

import numpy as np

from .arrays import finite

PERMUTATIONS = 999
_SEED = 19500601


class Moran(NamedTuple):
    """Global Moran's I of one map."""

    i: float
    expected: float
    """Under no association, -1 / (n - 1)."""
    z: float
    """Standard score under randomisation."""
    p: float
    """Two-sided, from 999 permutations with a fixed seed: the same map gives the same number."""


def morans_i(values, neighbours) -> Moran:
    r"""Moran's :math:`I = \sum_{ij} w_{ij}(x_i-\bar x)(x_j-\bar x) / \sum_i (x_i-\bar x)^2`, w row-standardised.

    values      (n,) any unit, n >= 4
    neighbours  (n, n) truths, symmetric, False on the diagonal; every region needs a neighbour

    NaN if all values are equal. ValueError for wrong shapes, a region without neighbour, an asymmetric matrix.
    """
    from esda.moran import Moran as EsdaMoran

    values = finite("values", values, ("n",))
    w = weights_of(neighbours, len(values))
    expected = -1.0 / (len(values) - 1)
    if np.ptp(values) == 0:
        return Moran(np.nan, expected, np.nan, np.nan)
    result = EsdaMoran(values, w, permutations=0)
    centred = values - values.mean()
    shuffled = np.random.default_rng(_SEED).permuted(np.tile(centred, (PERMUTATIONS, 1)), axis=1)
    by_chance = (shuffled * (shuffled @ w.full()[0].T)).sum(axis=1) / (centred * centred).sum()
    # on a few regions many permutations give the very same I: equal to rounding is as extreme
    beyond = np.abs(by_chance - expected) >= abs(result.I - expected) * (1 - 1e-9)
    p = (beyond.sum() + 1) / (PERMUTATIONS + 1)
    return Moran(float(result.I), float(result.EI), float(result.z_rand), float(p))


def weights_of(neighbours, n):
    """Row-standardised `libpysal.weights.W` of a matrix of truths (n, n)."""
    from libpysal.weights import W

    matrix = np.asarray(neighbours)
    if matrix.shape != (n, n):
        raise ValueError(f"neighbours must have shape ({n}, {n}); got {matrix.shape}")
    matrix = matrix.astype(bool)
    if n < 4:
        raise ValueError(f"neighbours must relate at least 4 regions; got {n}")
    if (matrix != matrix.T).any() or matrix.diagonal().any():
        raise ValueError("neighbours must be symmetric, and nobody a neighbour of its own")
    alone = np.flatnonzero(~matrix.any(axis=1))
    if alone.size:
        raise ValueError(f"neighbours must give every region one: row {alone[0]} has none")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # several islands of regions are fine
        w = W({i: np.flatnonzero(row).tolist() for i, row in enumerate(matrix)}, silence_warnings=True)
    w.transform = "r"
    return w
