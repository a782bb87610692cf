"""What is compared between scenarios: numbers taken from a finished run, beside the reference run of its seed.

The index is part of the result. Each run is scored on the frozen scale; on a scale of its own, pooled over years or
anew each year; and on the scale of the reference run, which tells a change of what agents do from a change of weights.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from nqpf_abm.collect.panels import score_panel
from nqpf_abm.collect.record import SERIES_TYPE, yearly
from nqpf_abm.collect.results import Results
from nqpf_abm.ecosystem import Ecosystem
from nqpf_abm.errors import InputError
from nqpf_abm.measure import FrozenScale, dagum_gini, entropy_topsis

DISCOUNT, WORTH = 0.03, 2026
"""Yearly rate on what policies cost, and the year it is valued in: the same in every study."""
WINDOW = 10
OWN_SCALES = ("pooled", "annual")
GINI_PARTS = {
    "gini": "Gini",
    "gini_within": "Gini within echelons",
    "gini_between": "Gini between echelons",
    "gini_overlap": "Gini from overlap",
}


class Outcome(NamedTuple):
    """Something that is compared. `per_province`: a number for each province, else one for all."""

    name: str
    title: str
    unit: str
    per_province: bool = False


OUTCOMES = (
    Outcome("nqpf", "NQPF, mean of provinces in the last year", "0 to 1"),
    Outcome("nqpf_window", f"NQPF, mean of provinces over the last {WINDOW} years", "0 to 1"),
    Outcome("gini", "Gini of NQPF between provinces", "0 to 1"),
    Outcome("gini_within", "part of the Gini within echelons", "0 to 1"),
    Outcome("gini_between", "part of the Gini between echelons", "0 to 1"),
    Outcome("gini_overlap", "part of the Gini from overlapping echelons", "0 to 1"),
    Outcome("hqd", "index of high-quality development", "0 to 1"),
    Outcome("coupling", "coupling of NQPF and development", "0 to 1"),
    Outcome("coordination", "degree of their coordination", "0 to 1"),
    Outcome("employment", "persons employed", "10^6 persons"),
    Outcome("output", "output", "10^9 yuan of 2012"),
    Outcome("score", "NQPF", "0 to 1", per_province=True),
    Outcome("rank", "rank in NQPF, 1 the best", "rank", per_province=True),
    Outcome("cost", f"what policies cost, at 3 % a year valued in {WORTH}", "10^6 yuan of 2012"),
)
"""Effects on these are tested. The last is there if the model records what policies spend."""

INDEX = (
    *(Outcome(f"nqpf_{scale}", f"NQPF on a scale of its own, {scale}", "0 to 1") for scale in OWN_SCALES),
    *(
        Outcome(f"nqpf_{scale}_kept", f"NQPF on the {scale} scale of the reference", "0 to 1")
        for scale in OWN_SCALES
    ),
    *(
        Outcome(f"{part}_{scale}", f"{title} on a scale of its own, {scale}", "0 to 1")
        for scale in OWN_SCALES
        for part, title in GINI_PARTS.items()
    ),
    *(Outcome(f"score_{scale}", f"NQPF, {scale}", "0 to 1", per_province=True) for scale in OWN_SCALES),
    Outcome("reversals", "pairs of provinces whose order the scenario turns round", "pairs"),
    Outcome("out_of_bounds", "values outside the frozen bounds", "share"),
)
"""These say how the effect hangs on the index."""


class Row(NamedTuple):
    """A number of a run. `province` is "" for all."""

    seed: int
    scenario: str
    outcome: str
    province: str
    year: int
    value: float


def own_scale(model: Ecosystem, what: str) -> FrozenScale:
    """The scale that scores of own regions are frozen on: fitted on this run alone, which is done and closed here.

    what  says which run it is

    Weights have twelve digits: the last bits of NumPy's logarithm differ between processors, and a study may use many.

    Raises InputError if the run fails.
    """
    try:
        results = model.run().results
        scored = score_panel(results.panel(results.full), results.full, groups="one")
    except (InputError, RuntimeError, ArithmeticError) as error:
        raise InputError(
            f"scores of own regions are frozen on {what}, which failed: {' '.join(str(error).split())}; begin with "
            "another seed"
        ) from error
    finally:
        model.close()
    scale = scored.frozen.to_dict()
    for name in ("weights", "entropy"):
        scale[name] = [x if x is None else float(f"{x:.12g}") for x in scale[name]]
    return FrozenScale.from_dict(scale | {"fitted_on": what})


@dataclass(eq=False)
class Scored:
    """A finished run with its scores; what is dear to compute is computed once.

    frozen  the scale of the study; None: that of the shipped regions
    """

    model: Ecosystem
    frozen: FrozenScale | None = None

    @cached_property
    def results(self) -> Results:
        return replace(self.model.results, frozen=self.frozen)

    @cached_property
    def years(self) -> list[int]:
        return self.results.years

    @cached_property
    def nqpf(self) -> np.ndarray:
        """(n_years, n_provinces) on the frozen scale."""
        table = self.results.scores.pivot(index="year", columns="province", values="nqpf")
        return table[self.results.provinces].to_numpy(float)

    @cached_property
    def groups(self) -> list[int]:
        return self.model.regions["echelon"].tolist()

    @cached_property
    def _panel(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        frame = self.results.panel(self.results.full)
        chosen = self.results.full.panel()
        kinds = np.array([indicator.sign for indicator in chosen.indicators], float)
        return frame[list(chosen.ids)].to_numpy(float), frame["year"].to_numpy(), kinds

    def own(self, scale: str) -> tuple[np.ndarray, FrozenScale]:
        """Scores of the last year on the run's own scale, "pooled" or "annual", and the scale."""
        return self._own[scale]

    @cached_property
    def _own(self) -> dict[str, tuple[np.ndarray, FrozenScale]]:
        x, years, kinds = self._panel
        found = {scale: entropy_topsis(x, years, kinds, bounds=scale, ideal=scale) for scale in OWN_SCALES}
        return {scale: (self._last(made.closeness), made.frozen) for scale, made in found.items()}

    def on(self, scale: FrozenScale) -> np.ndarray:
        """Scores of the last year on the scale of another run."""
        x, years, kinds = self._panel
        made = entropy_topsis(x, years, kinds, bounds="frozen", ideal="frozen", frozen=scale)
        return self._last(made.closeness)

    def _last(self, closeness: np.ndarray) -> np.ndarray:
        return closeness[-len(self.groups) :]

    @cached_property
    def out_of_bounds(self) -> float:
        beyond = self.results.scored_full.out_of_bounds
        return float((beyond["below"] + beyond["above"]).mean())


def rows_of(run: Scored, reference: Scored, seed: int, scenario: str) -> Iterator[Row]:
    """Every number of a run, the same ones in the same order for every scenario and seed."""
    last, provinces = run.years[-1], run.results.provinces
    for k, year in enumerate(run.years):
        yield Row(seed, scenario, "nqpf", "", year, float(run.nqpf[k].mean()))
    for name, value in _overall(run, reference).items():
        yield Row(seed, scenario, name, "", last, float(value))
    ranks = 1 + (run.nqpf[-1][:, None] < run.nqpf[-1][None, :]).sum(axis=1)
    per_province = {"score": run.nqpf[-1], "rank": ranks}
    per_province |= {f"score_{scale}": run.own(scale)[0] for scale in OWN_SCALES}
    for name, values in per_province.items():
        for province, value in zip(provinces, values, strict=True):
            yield Row(seed, scenario, name, province, last, float(value))


def _overall(run: Scored, reference: Scored) -> dict[str, float]:
    series, burn_in = run.results.series_array, run.results.burn_in
    values = yearly(series, burn_in + 4 * len(run.years) - 1)
    hqd = run.results.hqd
    hqd = hqd[hqd["year"] == run.years[-1]].groupby("component")["value"].mean()
    found = {
        "nqpf_window": run.nqpf[-WINDOW:].mean(),
        **_gini(run.nqpf[-1], run.groups),
        "hqd": hqd["index"],
        "coupling": hqd["coupling"],
        "coordination": hqd["coordination"],
        "employment": values["employed"].sum() / 1e6,
        "output": values["gdp"].sum() / 1e3,
        "reversals": reversals(reference.nqpf[-1], run.nqpf[-1]),
        "out_of_bounds": run.out_of_bounds,
    }
    for scale in OWN_SCALES:
        scores, _ = run.own(scale)
        found[f"nqpf_{scale}"] = scores.mean()
        found[f"nqpf_{scale}_kept"] = run.on(reference.own(scale)[1]).mean()
        found |= {f"{name}_{scale}": value for name, value in _gini(scores, run.groups).items()}
    spent = spending(series)
    if spent is not None:
        found["cost"] = discounted(spent[burn_in:].sum(axis=1), run.years[0])
    return found


def _gini(scores: np.ndarray, groups: list[int]) -> dict[str, float]:
    """Gini and its three parts, named as in `GINI_PARTS`."""
    parts = dagum_gini(scores, groups)
    return dict(zip(GINI_PARTS, (parts.gini, parts.within, parts.between, parts.transvariation), strict=True))


def reversals(one: np.ndarray, other: np.ndarray) -> int:
    """Pairs whose order differs: Kendall's distance.

    By hand: 1, 2, 3 and 2, 1, 3 differ in one pair.
    """
    a, b = (np.sign(values[:, None] - values[None, :]) for values in (one, other))
    return int((a * b < 0).sum() // 2)


def spending(series: np.ndarray) -> np.ndarray | None:
    """What policies cost per quarter and province (10^6 yuan), None if the model does not record it."""
    names = [name for name in SERIES_TYPE.names if name.startswith("policy_spend")]
    if "policy_spend" in names:
        names = ["policy_spend"]
    return sum(series[name] for name in names) if names else None


def discounted(quarters: np.ndarray, base_year: int, worth: int = WORTH) -> float:
    """Sum of quarterly amounts from `base_year` on, at the yearly rate in values of the year `worth`.

    By hand: 1 in each quarter of 2026 and 2027, valued in 2026: 4 + 4 / 1.03.
    """
    years = base_year + np.arange(len(quarters)) // 4
    return float((quarters * (1 + DISCOUNT) ** -(years - float(worth))).sum())


def measured() -> tuple[tuple[Outcome, ...], dict[str, str]]:
    """The outcomes of this model, and those that are absent with the reason."""
    if spending(np.zeros((1, 1), SERIES_TYPE)) is not None:
        return OUTCOMES, {}
    why = "the model does not record what policies spend (series policy_spend)"
    return OUTCOMES[:-1], {"cost": why, "cost_per_point": why}
