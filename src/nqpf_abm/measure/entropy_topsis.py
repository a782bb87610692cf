r"""How well does each region do in each year, on many indicators at once? Entropy-weight TOPSIS.

The weights come from the data: an indicator in which regions and years differ more carries more information
(Shannon 1948, doi:10.1002/j.1538-7305.1948.tb01338.x). The score is the closeness to the best values seen
(TOPSIS; Hwang & Yoon 1981, doi:10.1007/978-3-642-48318-9, for both).

The steps `normalise`, `entropy_weights` and `closeness` take further leading axes, so that a stack of
simulated panels (n_panels, n_rows, n_indicators) passes through each of them in one call.
"""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real

import numpy as np

from .arrays import coded, finite, one_of
from .frozen_scale import FrozenScale, directions

BOUNDS = ("pooled", "annual", "frozen")
IDEALS = ("pooled", "annual", "absolute", "frozen")
DISTANCES = ("euclidean", "weighted_square")

_ROUNDING = 4 * np.finfo(float).eps  # two bounds closer than this, relative to their size, are one number


@dataclass(frozen=True, eq=False, kw_only=True)
class EntropyTopsis:
    """Scores of a panel, and the scale they were made on."""

    weights: np.ndarray
    """(n_indicators,) summing to one; 0 for a constant indicator, NaN if none varies."""
    entropy: np.ndarray
    """(n_indicators,) 0 to 1; 1 for a constant indicator."""
    closeness: np.ndarray
    """(n_rows,) the score, 0 (worst) to 1 (best)."""
    dimensions: dict[str, np.ndarray]
    """First-level indices: closeness (n_rows,) on the indicators of each dimension alone."""
    normalised: np.ndarray
    """(n_rows, n_indicators) values between the bounds, 1 the good end; beyond [0, 1] only when frozen."""
    out_of_bounds: float
    """Share of the values that lie outside the bounds: 0 unless frozen."""
    frozen: FrozenScale
    """The scale, to score other panels with."""


def entropy_topsis(
    x,
    years,
    kinds,
    dims=None,
    *,
    bounds="pooled",
    ideal="pooled",
    shift=0.0,
    distance="euclidean",
    frozen=None,
) -> EntropyTopsis:
    r"""Entropy weights and TOPSIS scores of a panel of regions over years.

    .. math::

        z = \frac{x-\min}{\max-\min} \text{ or } \frac{\max-x}{\max-\min}, \quad p = \frac{z}{\sum z}, \quad
        1-e_j = \sum p \ln(Np) / \ln N, \quad w_j = \frac{1-e_j}{\sum(1-e)}, \quad
        C = \frac{D^-}{D^++D^-}

    x         (n_rows, n_indicators) one region in one year per row, any unit
    years     (n_rows,) year of each row
    kinds     (n_indicators,) +1 where more is better, -1 where less is
    dims      (n_indicators,) name of the dimension of each indicator, or None for no first-level indices;
              a dimension is scored on its own indicators with the weights of the whole
    bounds    min and max from all rows ("pooled"), from the rows of the same year ("annual": scores rank
              regions within a year and show no growth), or from `frozen` ("frozen", with its weights)
    ideal     best and worst z of all rows ("pooled"), of the same year ("annual"), 1 and 0 ("absolute"), or
              those of `frozen` ("frozen")
    shift     added to z where the entropy is taken, so that it moves weights only; the literature has 0, 1e-4
              and 1e-3
    distance  D is Euclidean on w z ("euclidean"), or has w instead of its square inside the root
              ("weighted_square"), which is another score
    frozen    the `.frozen` of another result, or a `FrozenScale` of one's own; exactly if bounds="frozen"

    Whatever the bounds, p runs over all rows: one weight per indicator, not one per year.

    With frozen bounds the weights are frozen too and `shift` has nothing left to act on; "pooled" then means
    the pool the scale was fitted on, hence the same as "frozen", while "annual" takes the best of each year
    of the panel at hand. Values may leave the bounds, so only shortfall from the ideal counts in :math:`D^+`
    and only excess over the anti-ideal in :math:`D^-`: a better value never lowers a score, and one beyond
    the ideal is not punished. A frozen ideal needs the frozen bounds it is measured on.

    A constant indicator (to rounding) has z = 0 and w = 0. If none varies, weights and scores are NaN; a
    dimension without information is NaN alone. With annual ideals so is a year in which nothing varies.

    ValueError, naming the argument, for wrong shapes, kinds or options and for cells that are not finite.
    """
    one_of("bounds", bounds, BOUNDS)
    one_of("ideal", ideal, IDEALS)
    one_of("distance", distance, DISTANCES)
    x = finite("x", x, ("n_rows", "n_indicators"))
    n_rows, m = x.shape
    year_of_row, years_found = coded("years", years, n_rows)
    kinds = directions("kinds", kinds, m)
    columns = members(dims, m)
    if not (isinstance(shift, Real) and 0 <= shift < np.inf):
        raise ValueError(f"shift must be a number >= 0; got {shift!r}")
    if bounds == "frozen":
        _check_frozen(frozen, kinds)
    elif frozen is not None:
        raise ValueError(f"frozen is used with bounds='frozen' only; got bounds={bounds!r}")
    elif ideal == "frozen":
        raise ValueError(f"ideal='frozen' is measured on frozen bounds and needs them; got bounds={bounds!r}")

    all_rows = np.zeros(n_rows, dtype=np.intp)
    if bounds == "frozen":
        scale_row = frozen.rows(years)
        low, high = np.atleast_2d(frozen.low)[scale_row], np.atleast_2d(frozen.high)[scale_row]
    else:
        low, high = extremes(x, year_of_row if bounds == "annual" else all_rows)
    z = normalise(x, low, high, kinds)

    if bounds == "frozen":
        entropy, weights = frozen.entropy, frozen.weights
    else:
        entropy, weights = entropy_weights(z, shift)

    if ideal == "absolute":
        worst, best = np.zeros_like(z), np.ones_like(z)
    elif bounds == "frozen" and ideal != "annual":
        worst, best = np.atleast_2d(frozen.worst)[scale_row], np.atleast_2d(frozen.best)[scale_row]
    else:
        worst, best = extremes(z, year_of_row if ideal == "annual" else all_rows)

    fitted_by_year = "annual" in (bounds, ideal) or (bounds == "frozen" and frozen.years is not None)
    keep = np.unique(year_of_row, return_index=True)[1] if fitted_by_year else 0
    return EntropyTopsis(
        weights=weights.copy(),
        entropy=entropy.copy(),
        closeness=closeness(z, worst, best, weights, distance),
        dimensions={
            name: closeness(z[:, of], worst[:, of], best[:, of], weights[of], distance)
            for name, of in columns.items()
        },
        normalised=z,
        out_of_bounds=float(np.mean((x < low) | (x > high))),
        frozen=FrozenScale(
            kinds=kinds,
            low=low[keep],
            high=high[keep],
            weights=weights,
            best=best[keep],
            worst=worst[keep],
            entropy=entropy,
            years=tuple(years_found.tolist()) if fitted_by_year else None,
            fitted_on=frozen.fitted_on if bounds == "frozen" else "",
        ),
    )


def frozen_closeness(x, scale):
    """Closeness (n_rows,) of `x` (n_rows, n_indicators) on a `FrozenScale` without years, and nothing else.

    What `entropy_topsis` gives with both bounds and ideal frozen, for those who score thousands of panels that they have
    checked: the numbers must be finite and in the order of the scale.
    """
    return closeness(normalise(x, scale.low, scale.high, scale.kinds), scale.worst, scale.best, scale.weights)


def normalise(x, low, high, kinds):
    """z (..., n_rows, n_indicators): 0 at the bad bound, 1 at the good one; 0 where the bounds coincide.

    `low` and `high` have the shape of `x` or broadcast to it. Scaling by a power of two first changes no
    digit and keeps the difference of huge bounds finite.
    """
    size = -np.frexp(np.maximum(np.abs(low), np.abs(high)))[1]
    x, low, high = np.ldexp(x, size), np.ldexp(low, size), np.ldexp(high, size)
    span = np.broadcast_to(high - low, x.shape)
    return np.divide(
        np.where(kinds > 0, x - low, high - x), span, out=np.zeros_like(x), where=span > _ROUNDING
    )


def entropy_weights(z, shift=0.0):
    """Entropy and weights, both (..., n_indicators), of non-negative z (..., n_rows, n_indicators).

    1 - e is summed as p ln(N p), without the difference of two numbers close to one. 0 ln 0 = 0.
    """
    n_rows = z.shape[-2]
    shares = z + shift
    varies = shares.max(axis=-2) > shares.min(axis=-2)
    shares = np.divide(
        shares, shares.sum(axis=-2, keepdims=True), out=np.zeros_like(shares), where=varies[..., None, :]
    )
    logs = np.log(n_rows * shares, out=np.zeros_like(shares), where=shares > 0)
    information = np.maximum((shares * logs).sum(axis=-2) / np.log(max(n_rows, 2)), 0.0)
    with np.errstate(invalid="ignore"):
        weights = information / information.sum(axis=-1, keepdims=True)
    return 1 - information, weights


def closeness(z, worst, best, weights, distance="euclidean"):
    """TOPSIS closeness (..., n_rows) of z (..., n_rows, n_indicators); NaN where best and worst are one.

    Distances are one-sided. Between the ideals that changes nothing; beyond them it keeps the score rising.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        # Closeness ignores the scale of the weights, and squares of tiny ones would vanish.
        relative = weights / np.max(weights, axis=-1, keepdims=True)
        inside = relative**2 if distance == "euclidean" else relative
        inside = np.expand_dims(inside, -2)
        to_best = np.sqrt((inside * np.maximum(best - z, 0) ** 2).sum(axis=-1))
        to_worst = np.sqrt((inside * np.maximum(z - worst, 0) ** 2).sum(axis=-1))
        return to_worst / (to_best + to_worst)


def extremes(values, code):
    """Smallest and largest value of each column (..., n_rows, m) among the rows that share a row's code."""
    order = np.argsort(code, kind="stable")
    start = np.flatnonzero(np.diff(code[order], prepend=-1))
    ordered = values[..., order, :]
    return (
        np.minimum.reduceat(ordered, start, axis=-2)[..., code, :],
        np.maximum.reduceat(ordered, start, axis=-2)[..., code, :],
    )


def members(dims, m):
    """Columns of each dimension, dimensions in order of first appearance."""
    if dims is None:
        return {}
    dims = list(dims)
    if len(dims) != m:
        raise ValueError(f"dims must name a dimension for each of the {m} columns of x; got {len(dims)}")
    for column, name in enumerate(dims):
        if not (name is None or isinstance(name, str)):
            raise ValueError(f"dims must be names or None: column {column} holds {name!r}")
    return {
        str(name): np.array([j for j in range(m) if dims[j] == name])
        for name in dict.fromkeys(dims)
        if name is not None
    }


def _check_frozen(frozen, kinds):
    if not isinstance(frozen, FrozenScale):
        raise ValueError(
            "frozen must be a FrozenScale (the .frozen of a result) if bounds='frozen'; "
            f"got {type(frozen).__name__}"
        )
    if len(frozen.kinds) != len(kinds):
        raise ValueError(f"frozen must hold the {len(kinds)} indicators of x; got {len(frozen.kinds)}")
    differ = np.flatnonzero(frozen.kinds != kinds)
    if differ.size:
        raise ValueError(
            f"kinds must be those of frozen: column {differ[0]} was {frozen.kinds[differ[0]]:+d}, "
            f"is {kinds[differ[0]]:+d}"
        )
