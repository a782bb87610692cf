"""Instruments of policy: one file each, with its numbers, its cost and its law.

A government sets levers (`plan.py`); the phase `govern` finds what comes of them (E17) and who is paid; mechanisms
read `governments.effect`, never a plan, and no instrument edits a parameter.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from nqpf_abm.state.instruments import INSTRUMENTS, PAID, TOPICS


def topics() -> tuple:
    """Numbers and mechanisms of `govern` and of every instrument, in the order of the levers."""
    return tuple(import_module(f"{__name__}.{name}").TOPIC for name in ("govern", *TOPICS))


def instruments() -> list[dict[str, Any]]:
    """One row per instrument: id, name, unit cost in % of GDP at strength 1, kind, who is paid, what it does."""
    from nqpf_abm.declare import Parameters
    from nqpf_abm.state.accounts import SECTORS

    numbers = Parameters(topics()).values
    rows = []
    for id_, topic, paid in zip(INSTRUMENTS, TOPICS, PAID, strict=True):
        mechanism = next(m for m in import_module(f"{__name__}.{topic}").TOPIC.mechanisms if m.id == id_)
        cost = float(numbers[f"{topic}.unit_cost"])
        rows.append(
            {
                "id": id_,
                "name": mechanism.name,
                "cost": cost,
                "kind": "capital" if cost >= 0.3 else "rule" if cost <= 0.02 else "other",
                "paid": SECTORS[paid],
                "source": mechanism.seed,
                "claim": mechanism.claim,
            }
        )
    return rows
