"""How are regions distributed, in one cluster or in several? Gaussian kernel densities."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .arrays import finite


class Density(NamedTuple):
    """A density on a grid."""

    x: np.ndarray
    density: np.ndarray
    bandwidth: float
    """NaN if all values are equal: there is no density then."""


def silverman_bandwidth(values) -> float:
    r"""Silverman's rule of thumb, :math:`0.9 \min(s, \mathrm{IQR}/1.34) n^{-1/5}` (1986, eq. 3.31).

    s is the sample standard deviation; where the quartiles coincide, s alone. 0 if all values are equal.
    SciPy's "silverman" is another bandwidth, (4/3)^(1/5) s n^(-1/5).

    By hand: 1, 2, 3, 4, 5 have s = 1.581 and IQR/1.34 = 1.493, hence 0.974.
    """
    values = finite("values", values, ("n",))
    if len(values) < 2:
        return 0.0
    spread = values.std(ddof=1)
    quartiles = (np.quantile(values, 0.75) - np.quantile(values, 0.25)) / 1.34
    if quartiles > 1e-12 * spread:  # else they coincide but for rounding
        spread = min(spread, quartiles)
    return float(0.9 * spread * len(values) ** -0.2)


def kernel_density(values, grid=None, *, bandwidth=None) -> Density:
    """Gaussian kernel density of `values` (n,), by `scipy.stats.gaussian_kde`.

    grid       where it is evaluated (n_points,); default: 200 points, three bandwidths beyond the values
    bandwidth  of the kernel in the unit of the values; default: `silverman_bandwidth`

    The mass beyond bounds of the values (scores end at 0 and 1) is not folded back. All values equal: density
    NaN. ValueError for empty or non-finite arrays, a bandwidth that is not positive.
    """
    from scipy.stats import gaussian_kde

    values = finite("values", values, ("n",))
    width = silverman_bandwidth(values) if bandwidth is None else float(bandwidth)
    if bandwidth is not None and not width > 0:
        raise ValueError(f"bandwidth must be positive; got {bandwidth!r}")
    if grid is None:
        grid = np.linspace(values.min() - 3 * width, values.max() + 3 * width, 200)
    grid = finite("grid", grid, ("n_points",))
    spread = values.std(ddof=1) if len(values) > 1 else 0.0
    if not spread > 0 or not width > 0:
        return Density(grid, np.full(len(grid), np.nan), np.nan)
    return Density(grid, gaussian_kde(values, bw_method=width / spread)(grid), width)
