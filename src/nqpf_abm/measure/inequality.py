"""How much of inequality lies between groups, by the measure that splits without a remainder? Theil.

Theil, H. (1967), Economics and Information Theory. Computed by `inequality` (PySAL); Dagum's split of the Gini
(`dagum_gini`) has a third part for groups that overlap, Theil's has not.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .arrays import coded, finite, non_negative


class TheilDecomposition(NamedTuple):
    """`theil` = `within` + `between`; NaN where the mean is zero."""

    theil: float
    within: float
    between: float


def theil(values, groups) -> TheilDecomposition:
    r"""Theil's T, :math:`\sum_i s_i \ln(n s_i)` with shares s of the total, and its parts within and between groups.

    values  (n,) any unit, >= 0; a zero adds nothing (0 ln 0 = 0)
    groups  (n,) label of each value

    ValueError for empty, non-finite or unequally long arrays, negative values, missing labels.

    By hand: values 1, 3 in two groups give ln(2) - 0.5623 = 0.1308, all of it between.
    """
    from inequality.theil import TheilD

    values = non_negative("values", finite("values", values, ("n",)))
    codes, _ = coded("groups", groups, len(values))
    if values.sum() == 0:
        return TheilDecomposition(np.nan, np.nan, np.nan)
    parts = TheilD((values / values.max())[:, None], codes)
    total, between = float(parts.T[0]), float(parts.bg[0])
    return TheilDecomposition(total, max(total - between, 0.0), between)
