"""Governments that answer to what they have seen: the further a province is behind, the more it does.

A plan may name an indicator (`behind`). Its strength is then what a province that is far behind does; the others do less,
those at the mean of all provinces or ahead of it nothing. Governments see last year's figures, never this quarter's.
"""

from __future__ import annotations

from nqpf_abm.numerics.jit import rule
from nqpf_abm.numerics.mathx import clip01

FULL = 0.5
"""Shortfall, as a share of the mean, from which on a government does all that is planned (assumed)."""


@rule
def answer(own, mean, sign, full):
    """Share of a plan that a province carries out, ``s (m - x)/(g |m|)`` within [0, 1].

    own  x, last year's figure;  mean  m, of all provinces;  sign  s, +1 if more is better, -1 if less;  full  g

    By hand: x=.75, m=1, s=1, g=.5 give ½; ahead of the mean it is 0. Without a figure to compare with it is 0.
    """
    return clip01(sign * (mean - own) / (full * abs(mean))) if mean != 0.0 else 0.0
