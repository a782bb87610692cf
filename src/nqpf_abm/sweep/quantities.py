"""What a sweep can measure of a finished run: one number for all provinces, of the last year unless it says otherwise.

A sweep does these many thousand times, so that nothing is computed that is not asked for, and scores are taken of the
last year alone: on the frozen scale a year's scores do not depend on other years.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property
from typing import NamedTuple

import numpy as np

from nqpf_abm.collect.quality import ROWS
from nqpf_abm.collect.results import Results, reference_scale
from nqpf_abm.collect.specification import simulated
from nqpf_abm.ecosystem import Ecosystem
from nqpf_abm.errors import InputError, nearest
from nqpf_abm.experiment.outcomes import GINI_PARTS, OUTCOMES, WINDOW, discounted, spending
from nqpf_abm.measure import FrozenScale, dagum_gini
from nqpf_abm.measure.entropy_topsis import frozen_closeness


class LastYear:
    """The last whole year of a finished run; what is dear to compute is computed once, and only if asked for.

    frozen  scale of the scores; None: that of the shipped regions
    """

    def __init__(self, model: Ecosystem, frozen: FrozenScale | None = None):
        self.model = model
        self.frozen = frozen
        self.results: Results = model.results if frozen is None else replace(model.results, frozen=frozen)
        self.series = self.results.series_array

    @property
    def values(self) -> Mapping[str, np.ndarray]:
        """Variables of `collect.record`, each (n_provinces,)."""
        return self.model.last_year

    @cached_property
    def indicators(self) -> dict[str, np.ndarray]:
        """The indicators that the simulation measures, each (n_provinces,): as the model noted them at the year's end."""
        return dict(zip(_measured(), self.model.state.panel.T, strict=True))

    @cached_property
    def nqpf(self) -> np.ndarray:
        """(n_provinces,) scores on the frozen scale; NaN if an indicator cannot be computed."""
        x = np.column_stack([self.indicators[id] for id in _scored()])
        return (
            frozen_closeness(x, self.frozen or _scale()) if np.isfinite(x).all() else np.full(len(x), np.nan)
        )

    @cached_property
    def gini(self) -> dict[str, float]:
        """Gini of the scores between provinces and its parts, as in `GINI_PARTS`."""
        if not np.isfinite(self.nqpf).all():
            return dict.fromkeys(GINI_PARTS, np.nan)
        parts = dagum_gini(self.nqpf, self.model.geography.columns["echelon"])
        return dict(
            zip(GINI_PARTS, (parts.gini, parts.within, parts.between, parts.transvariation), strict=True)
        )

    @cached_property
    def development(self) -> dict[str, float]:
        """Index of high-quality development, coupling and coordination, means of provinces."""
        value, _ = self.results.quality(self.nqpf[None, :], since=len(self.results.years) - 1)
        return dict(zip(ROWS, value[0].mean(axis=1), strict=True))

    @property
    def window(self) -> float:
        """Mean score of provinces over the last `WINDOW` years."""
        years = range(len(self.results.years))[-WINDOW:]
        x = np.concatenate([self.results.measured(simulated(), k) for k in years])
        scored = [_measured().index(id) for id in _scored()]
        return float(frozen_closeness(x[:, scored], self.frozen or _scale()).mean())

    @property
    def cost(self) -> float:
        """What policies cost over the horizon."""
        spent = spending(self.series)
        return discounted(spent[self.results.burn_in :].sum(axis=1), self.results.years[0])


class Quantity(NamedTuple):
    """A number taken from a finished run."""

    name: str
    title: str
    unit: str
    of: Callable[[LastYear], float]


@cache
def quantities() -> dict[str, Quantity]:
    """Everything a sweep can measure, by name: what scenarios are compared by, then the indicators."""
    of: dict[str, Callable[[LastYear], float]] = {
        "nqpf": lambda last: last.nqpf.mean(),
        "nqpf_window": lambda last: last.window,
        "hqd": lambda last: last.development["index"],
        "coupling": lambda last: last.development["coupling"],
        "coordination": lambda last: last.development["coordination"],
        "employment": lambda last: last.values["employed"].sum() / 1e6,
        "output": lambda last: last.values["gdp"].sum() / 1e3,
        "cost": lambda last: last.cost,
    } | {name: lambda last, name=name: last.gini[name] for name in GINI_PARTS}
    found = [Quantity(o.name, o.title, o.unit, of[o.name]) for o in OUTCOMES if not o.per_province]
    for i in simulated().measured("sim"):
        found.append(
            Quantity(
                i.id,
                f"{i.name}, mean of provinces",
                i.unit,
                lambda last, id=i.id: last.indicators[id].mean(),
            )
        )
    return {quantity.name: quantity for quantity in found}


def chosen(names: Sequence[str], where: str = "outcomes") -> tuple[Quantity, ...]:
    """The quantities of these names. Raises InputError for an unknown one, one named twice, and for none."""
    known = quantities()
    if not isinstance(names, list | tuple) or not names:
        raise InputError(f"{where}: must be a list of one or more of {', '.join(known)}; got {names!r}")
    for name in names:
        if not isinstance(name, str) or name not in known:
            raise InputError(
                f"{where}: must be among {', '.join(known)}; got {name!r}{nearest(str(name), known)}"
            )
    if len(set(names)) < len(names):
        raise InputError(f"{where}: names one twice, got {list(names)}")
    return tuple(known[name] for name in names)


@cache
def _measured() -> tuple[str, ...]:
    """Indicators that the simulation measures, in the order in which a model notes them."""
    return tuple(indicator.id for indicator in simulated().indicators)


@cache
def _scored() -> tuple[str, ...]:
    """Indicators that the score is made of, in the order of the scale."""
    return tuple(simulated().panel().ids)


@cache
def _scale():
    return reference_scale()
