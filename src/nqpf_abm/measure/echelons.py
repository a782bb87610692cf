"""Which regions form an echelon? Natural breaks of their scores.

Fisher, W. D. (1958), On grouping for maximum homogeneity, doi:10.1080/01621459.1958.10501479; Jenks, G. F. (1967);
computed by `mapclassify` (PySAL).
"""

from __future__ import annotations

import warnings

import numpy as np

from .arrays import finite


def natural_echelons(values, k=3) -> np.ndarray:
    """Echelon of each value, 1 the highest, so that squared differences within echelons are least.

    values  (n,) any unit
    k       number of echelons, 1 to the number of distinct values (fewer values give fewer echelons)

    ValueError for empty or non-finite arrays and for k below 1.

    By hand: 1, 2, 9, 10, 30 with k=3 give 3, 3, 2, 2, 1.
    """
    from mapclassify import FisherJenks

    values = finite("values", values, ("n",))
    if k < 1:
        raise ValueError(f"k must be at least 1; got {k}")
    k = min(k, len(np.unique(values)))
    if k == 1:
        return np.ones(len(values), dtype=int)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        classes = FisherJenks(values, k=k).yb
    return k - classes.astype(int)
