"""From plans of a scenario to the levers of governments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nqpf_abm.data.scenario import PolicyPlan
from nqpf_abm.errors import InputError, nearest
from nqpf_abm.state.instruments import INSTRUMENTS
from nqpf_abm.state.tables import State


def check_plans(plans: Iterable[PolicyPlan], regions: Sequence[str], echelons: Sequence[int]) -> None:
    """Raise InputError, naming what there is, for an instrument, region or echelon that is not in the model."""
    for plan in plans:
        if plan.instrument not in INSTRUMENTS:
            raise InputError(
                f"policy {plan.instrument!r} cannot be simulated yet; there are {', '.join(INSTRUMENTS)} "
                "(`nqpf list instruments`)"
            )
        for name in plan.regions:
            if name not in regions:
                raise InputError(
                    f"policy {plan.instrument}, regions: {name!r} is none of {', '.join(regions)}"
                    f"{nearest(name, list(regions))}"
                )
        for level in plan.echelons:
            if level not in echelons:
                known = ", ".join(str(e) for e in sorted(set(echelons)))
                raise InputError(f"policy {plan.instrument}, echelons: {level} is none of {known}")


def set_levers(plans: Iterable[PolicyPlan], year: int, state: State, regions: Sequence[str]) -> None:
    """Set `governments.strength` to what the plans ask for in `year`; instruments switched off stay at 0.

    Plans of the same instrument add up, to 1 at most.
    """
    strength = state.governments["strength"]
    strength[...] = 0.0
    for plan in plans:
        if not plan.start <= year <= plan.end or not state.params["on"][plan.instrument][0]:
            continue
        j = INSTRUMENTS.index(plan.instrument)
        for r, name in enumerate(regions):
            everywhere = not plan.regions and not plan.echelons
            if everywhere or name in plan.regions or int(state.provinces["echelon"][r]) in plan.echelons:
                strength[r, j] = min(strength[r, j] + plan.strength, 1.0)
