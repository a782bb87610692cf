"""From plans of a scenario to the levers of governments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from nqpf_abm.data.places import known_regions
from nqpf_abm.data.scenario import PolicyPlan
from nqpf_abm.declare import Parameters
from nqpf_abm.errors import InputError, nearest
from nqpf_abm.policy.answer import FULL, answer
from nqpf_abm.state.instruments import INSTRUMENTS, N_INSTRUMENTS, TOPICS
from nqpf_abm.state.tables import State

BASE_YEAR = 2012
"""Of the shipped regions."""
SCORE = "nqpf"
"""What a plan calls the score that governments see, of last year."""


def check_plans(
    plans: Iterable[PolicyPlan],
    regions: Sequence[str],
    echelons: Sequence[int],
    indicators: Sequence[str] = (),
) -> None:
    """Raise InputError, naming what there is, for an instrument, region, echelon or indicator that is not in the model."""
    seen = (SCORE, *indicators)
    for plan in plans:
        if plan.instrument not in INSTRUMENTS:
            raise InputError(
                f"policy {plan.instrument!r} cannot be simulated yet; there are {', '.join(INSTRUMENTS)} "
                "(`nqpf list instruments`)"
            )
        for name in plan.regions:
            if name not in regions and not (plan.history and name in known_regions()):
                raise InputError(
                    f"policy {plan.instrument}, regions: {name!r} is none of {', '.join(regions)}"
                    f"{nearest(name, [*regions, *sorted(known_regions())] if plan.history else list(regions))}"
                )
        for level in plan.echelons:
            if level not in echelons:
                known = ", ".join(str(e) for e in sorted(set(echelons)))
                raise InputError(f"policy {plan.instrument}, echelons: {level} is none of {known}")
        if plan.behind and plan.behind not in seen:
            raise InputError(
                f"policy {plan.instrument}, behind: {plan.behind!r} is none of {', '.join(seen)}"
                f"{nearest(plan.behind, list(seen))}"
            )


def levers(
    plans: Iterable[PolicyPlan],
    year: int,
    state: State,
    regions: Sequence[str],
    indicators: Sequence[str] = (),
    score: Sequence[float] = (),
    base_year: int = BASE_YEAR,
) -> np.ndarray:
    """(n_regions, n_instruments) strength that plans ask for in `year`; see `decided`.

    `indicators` name the columns of the state's panel, last year's figures; `score` is that of last year, which the state
    itself learns only in the course of the quarter.
    """
    echelons = state.provinces["echelon"].astype(int).tolist()
    seen = {plan.behind: answers(plan.behind, state, indicators, score) for plan in plans if plan.behind}
    return decided(plans, year, state.params, regions, echelons, seen, base_year)


def answers(name: str, state: State, indicators: Sequence[str], score: Sequence[float]) -> list[float]:
    """(n_regions,) share of a plan that each province carries out, by last year's figures of an indicator or the score."""
    own, sign = np.asarray(score, float), 1.0
    if name != SCORE:
        j = list(indicators).index(name)
        own, sign = state.panel[:, j], state.panel_signs[j]
    return [answer(x, own.mean(), sign, FULL) for x in own]


def decided(
    plans: Iterable[PolicyPlan],
    year: int,
    params: np.ndarray,
    regions: Sequence[str],
    echelons: Sequence[int],
    seen: Mapping[str, Sequence[float]] = MappingProxyType({}),
    base_year: int = BASE_YEAR,
) -> np.ndarray:
    """(n_regions, n_instruments) strength that plans ask for in `year`, 0 to 1; that of instruments switched off is 0.

    Plans of the same instrument add up, to 1 at most. Of history counts what is beyond the base year's: that is in the
    statistics that a model starts from.

    seen  share carried out by each region, per indicator that plans look at; what is not there counts as 1
    """
    in_order = sorted(
        plans, key=lambda plan: (plan.instrument, plan.strength, plan.start, plan.end, plan.behind)
    )
    chosen = [plan for plan in in_order if params["on"][plan.instrument][0]]

    def summed(history: bool, of_year: int) -> np.ndarray:
        strength = np.zeros((len(regions), N_INSTRUMENTS))
        for plan in chosen:
            if plan.history != history or not plan.start <= of_year <= plan.end:
                continue
            j = INSTRUMENTS.index(plan.instrument)
            everywhere = not plan.regions and not plan.echelons
            for r, (name, echelon) in enumerate(zip(regions, echelons, strict=True)):
                if everywhere or name in plan.regions or echelon in plan.echelons:
                    strength[r, j] += plan.strength * (seen[plan.behind][r] if plan.behind in seen else 1.0)
        return strength

    beyond = summed(True, year) - summed(True, base_year)
    beyond[beyond < 1e-12] = 0.0  # .1 and .2 after .3 is nothing new
    return np.minimum(summed(False, year) + beyond, 1.0)


class Asked(NamedTuple):
    """What policies would cost a government at most: % of GDP, in which region and year, beside the budget for them."""

    cost: float
    region: str
    year: int
    budget: float


def most_asked(
    plans: Sequence[PolicyPlan],
    parameters: Parameters,
    regions: Sequence[str],
    echelons: Sequence[int],
    since: int = 0,
    base_year: int = BASE_YEAR,
) -> Asked:
    """The region and year, from `since` on, in which plans that are in force ask for the most of its budget.

    Beyond the budget every strength is cut in proportion (E17), which makes a package weaker than it looks.
    """
    params = parameters.record
    costs = np.array([params[topic]["unit_cost"][0] for topic in TOPICS])
    budget, most = float(params["govern"]["budget"][0]), Asked(0.0, "", 0, 0.0)
    for year in sorted({max(plan.start, since) for plan in plans if plan.end >= since}):
        wanted = decided(plans, year, params, regions, echelons, base_year=base_year) @ costs
        r = int(wanted.argmax())
        if wanted[r] > most.cost:
            most = Asked(float(wanted[r]), regions[r], year, budget)
    return most
