"""Which indicators hold a region back? Obstacle degrees.

The usual diagnosis beside an entropy-weighted index: the weight of an indicator times its distance from the best,
as a share of the region's whole distance.
"""

from __future__ import annotations

import numpy as np

from .arrays import finite, non_negative


def obstacle_degrees(z, weights) -> np.ndarray:
    r"""Share of each indicator in what a row lacks, :math:`O_{ij} = w_j(1-z_{ij}) / \sum_k w_k(1-z_{ik})`.

    z        (n_rows, n_indicators), 0 at the bad bound and 1 at the good one; beyond the good one nothing lacks
    weights  (n_indicators,) >= 0

    Returns (n_rows, n_indicators), rows summing to one; NaN for a row that lacks nothing. ValueError for wrong
    shapes, cells that are not finite, negative weights.

    By hand: z = (0.5, 0.75) with weights (0.5, 0.5) gives (2/3, 1/3).
    """
    z = finite("z", z, ("n_rows", "n_indicators"))
    weights = non_negative("weights", finite("weights", weights, (z.shape[1],)))
    lacking = weights * np.maximum(1.0 - z, 0.0)
    total = lacking.sum(axis=1, keepdims=True)
    return np.divide(lacking, total, out=np.full_like(lacking, np.nan), where=total > 0)
