"""The scale a score was made on, kept so that other panels can be scored on the very same one."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from .arrays import coded, finite, non_negative


@dataclass(frozen=True, eq=False, kw_only=True)
class FrozenScale:
    """Bounds, weights and ideals of an entropy-weight TOPSIS score.

    `entropy_topsis(..., bounds="frozen", frozen=scale)` scores a scenario or a projection on it, so that a
    number means the same in both. One may also be written by hand, e.g. with equal weights.

    m is the number of indicators. A scale fitted with annual bounds or ideals has one row per entry of
    `years` in `low`, `high`, `best` and `worst`, shape (n_years, m), and can score those years only. Any
    other scale has shape (m,) there and scores every year.
    """

    kinds: np.ndarray
    """(m,) +1 where more is better, -1 where less is."""
    low: np.ndarray
    high: np.ndarray
    """Bounds, in the unit of each indicator; equal where the fitted panel did not vary."""
    weights: np.ndarray
    """(m,) summing to one; all NaN if no indicator varied."""
    best: np.ndarray
    worst: np.ndarray
    """Ideal and anti-ideal on the normalised scale; weighted, they are the ideals of TOPSIS."""
    entropy: np.ndarray | None = None
    """(m,) entropy the weights came from; NaN if they came from elsewhere."""
    years: tuple | None = None
    fitted_on: str = ""
    """What the scale was fitted on, in words."""

    def __post_init__(self):
        m = len(np.atleast_1d(self.kinds))
        if self.years is not None:
            plain = isinstance(self.years, list | tuple) and all(
                isinstance(y, int | float | str) for y in self.years
            )
            if not plain or not 0 < len(self.years) == len(set(self.years)):
                raise ValueError(f"FrozenScale.years must name each year once; got {self.years!r}")
            object.__setattr__(self, "years", tuple(self.years))
        rows = (m,) if self.years is None else (len(self.years), m)
        for name in ("low", "high", "best", "worst"):
            self._keep(name, finite(f"FrozenScale.{name}", getattr(self, name), rows))
        self._keep("kinds", directions("FrozenScale.kinds", self.kinds, m))
        for lower, upper in (("low", "high"), ("worst", "best")):
            if np.any(getattr(self, lower) > getattr(self, upper)):
                raise ValueError(f"FrozenScale.{lower} must not exceed FrozenScale.{upper}")
        weights = non_negative(
            "FrozenScale.weights", finite("FrozenScale.weights", self.weights, (m,), or_nan=True)
        )
        if not (np.isnan(weights).all() or abs(weights.sum() - 1) <= 1e-9):
            raise ValueError(f"FrozenScale.weights must sum to one, or all be NaN; got {weights}")
        self._keep("weights", weights)
        entropy = np.full(m, np.nan) if self.entropy is None else self.entropy
        self._keep("entropy", finite("FrozenScale.entropy", entropy, (m,), or_nan=True))

    def _keep(self, name, array):
        array = np.array(array)
        array.setflags(write=False)
        object.__setattr__(self, name, array)

    def rows(self, years):
        """Row of the scale for each of `years` (n_rows,); ValueError for a year it does not know."""
        codes, labels = coded("years", years, len(years))
        if self.years is None:
            return np.zeros(len(codes), dtype=np.intp)
        place = {year: row for row, year in enumerate(self.years)}
        unknown = [year for year in labels.tolist() if year not in place]
        if unknown:
            raise ValueError(
                f"frozen was fitted year by year on {self.years[0]!r} to {self.years[-1]!r} and cannot score "
                f"{unknown[0]!r}; fit it with pooled bounds and ideals to score other years"
            )
        return np.array([place[year] for year in labels.tolist()])[codes]

    def to_dict(self) -> dict:
        """The scale as numbers, lists and strings, ready for JSON; NaN becomes None."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}

    @classmethod
    def from_dict(cls, data) -> FrozenScale:
        """The scale that `to_dict` wrote; ValueError names what is missing, unknown or out of range."""
        if not isinstance(data, dict):
            raise ValueError(f"a frozen scale must be a table of named arrays; got {type(data).__name__}")
        known = {field.name for field in fields(cls)}
        missing = known - {"entropy", "years", "fitted_on"} - set(data)
        if missing or set(data) - known:
            what = f"lacks {sorted(missing)}" if missing else f"does not know {sorted(set(data) - known)}"
            raise ValueError(f"a frozen scale {what}")
        return cls(**data)


def directions(name, kinds, m):
    """`kinds` (m,) as +1 and -1; ValueError for anything else."""
    kinds = finite(name, kinds, (m,))
    wrong = np.flatnonzero(np.abs(kinds) != 1)
    if wrong.size:
        raise ValueError(
            f"{name} must be +1 (more is better) or -1 (less is): column {wrong[0]} holds {kinds[wrong[0]]:g}"
        )
    return kinds.astype(int)


def _plain(value):
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return [_plain(entry) for entry in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if value != value else value
