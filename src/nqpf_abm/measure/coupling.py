"""Do several subsystems develop together, and how far have they come?

C measures how even the subsystems are, T how developed, D = sqrt(C T) both at once. Which C is meant must be
said with every result: Wang et al. (2021, doi:10.31497/zrzyxb.20210319) list the misuses and modify C;
Fan et al. (2024, doi:10.13546/j.cnki.tjyjc.2024.22.007) modify it in another way.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .arrays import finite, non_negative, one_of

VARIANTS = ("standard", "wang", "fan")


class Coupling(NamedTuple):
    """Three arrays (n_rows,), each 0 to 1."""

    coupling: np.ndarray
    """C: NaN where every subsystem is zero."""
    coordination: np.ndarray
    """T, the weighted mean of the subsystems."""
    degree: np.ndarray
    """D = sqrt(C T), the coupling coordination degree; 0 where every subsystem is zero."""


def coupling_coordination(u, *, weights=None, variant="standard") -> Coupling:
    r"""Coupling C, coordination T and coupling coordination degree D of n subsystems, row by row.

    .. math::

        \text{standard}\quad C &= n \Bigl(\prod_i U_i\Bigr)^{1/n} \Big/ \sum_i U_i \\
        \text{wang}\quad C &= \sqrt{\Bigl[1-\overline{|U_i-U_j|}_{i<j}\Bigr]
                              \Bigl(\prod_i U_i/\max U\Bigr)^{1/(n-1)}} \\
        \text{fan}\quad C &= 1 - 2\,\mathrm{sd}(U), \qquad T = \sum_i \alpha_i U_i, \qquad D = \sqrt{C\,T}

    u        (n_rows, n_systems), 0 to 1, at least two systems
    weights  alpha (n_systems,) >= 0, divided by their sum; default equal. They enter T, never C.
    variant  "standard", the commonest; "wang" (Wang et al. 2021), which spreads C over all of 0 to 1;
             "fan" (Fan et al. 2024), with the population standard deviation

    A subsystem at zero gives C = 0 in the first two; a published small positive C there is a floor that
    software put under the zero. ValueError for values outside 0 to 1 or not finite, fewer than two
    systems, bad weights, an unknown variant.

    By hand: U = (0.2, 0.8) gives C = 0.8, T = 0.5, D = 0.632.
    """
    one_of("variant", variant, VARIANTS)
    u = finite("u", u, ("n_rows", "n_systems"))
    n_systems = u.shape[1]
    if n_systems < 2:
        raise ValueError("u must have at least 2 columns, one per subsystem; got 1")
    outside = np.argwhere((u < 0) | (u > 1))
    if outside.size:
        row, column = outside[0]
        raise ValueError(f"u must lie in [0, 1]: row {row}, column {column} holds {u[row, column]}")
    alpha = np.ones(n_systems)
    if weights is not None:
        alpha = non_negative("weights", finite("weights", weights, (n_systems,)))
        if alpha.sum() == 0:
            raise ValueError("weights must not all be zero")

    coordination = (u * (alpha / alpha.sum())).sum(axis=1)
    coupling = _COUPLING[variant](u)
    coupling[~u.any(axis=1)] = np.nan
    degree = np.where(np.isnan(coupling), 0.0, np.sqrt(coupling * coordination))
    return Coupling(coupling, coordination, degree)


def _standard(u):
    relative = _relative_to_best(u)  # C does not depend on scale, and small products would underflow
    product = relative.prod(axis=1) ** (1 / u.shape[1])
    return np.minimum(u.shape[1] * product / relative.sum(axis=1), 1.0)


def _wang(u):
    i, j = np.triu_indices(u.shape[1], k=1)
    spread = np.abs(u[:, i] - u[:, j]).mean(axis=1)
    evenness = _relative_to_best(u).prod(axis=1) ** (1 / (u.shape[1] - 1))
    return np.sqrt((1 - spread) * evenness)


def _fan(u):
    return np.maximum(1 - 2 * u.std(axis=1), 0.0)


def _relative_to_best(u):
    best = u.max(axis=1, keepdims=True)
    return np.divide(u, best, out=np.ones_like(u), where=best > 0)


_COUPLING = {"standard": _standard, "wang": _wang, "fan": _fan}
