"""The quarter with phases of the user's: in place of ours, or inserted."""

from __future__ import annotations

from collections.abc import Iterable

from nqpf_abm.declare import Phase
from nqpf_abm.engine.schedule import QUARTER
from nqpf_abm.errors import InputError, nearest
from nqpf_abm.state.tables import AGENT_TABLES, DTYPES


def schedule_with(phases: Iterable[Phase]) -> tuple[Phase, ...]:
    """The quarter in which each of `phases` replaces the phase of its name, or is inserted at its `place`.

    They are placed one after the other, so that a phase may be placed next to one that was inserted before.
    Raises InputError naming what is unknown and what is near.
    """
    quarter = list(QUARTER)
    given: set[str] = set()
    for phase in _several(phases):
        _check(phase)
        if phase.name in given:
            raise InputError(f"phases gives {phase.name!r} twice; names of phases must differ")
        given.add(phase.name)
        names = [other.name for other in quarter]
        side, name = phase.place or ("instead of", phase.name)
        if name not in names:
            repair = "" if phase.place else f"; to insert it, write {phase.name}.after(...) or .before(...)"
            raise InputError(f"there is no phase {name!r} in the quarter{nearest(name, names)}{repair}")
        if phase.place and phase.name in names:
            raise InputError(
                f"{phase.name!r} is to be inserted, but the quarter has a phase of that name; rename it, or give it "
                "without a place to replace the other"
            )
        k = names.index(name)
        if phase.place:
            quarter.insert(k + (side == "after"), phase)
        else:
            quarter[k] = phase
    return tuple(quarter)


def _several(phases: Iterable[Phase]) -> list[Phase]:
    if isinstance(phases, Phase) or not isinstance(phases, Iterable):
        raise InputError(f"phases must be a list of phases; got {phases!r:.60}")
    return list(phases)


def _check(phase: Phase) -> None:
    if not isinstance(phase, Phase):
        raise InputError(
            f"phases must hold functions declared with @row_phase, @collective_phase or @numpy_phase; got {phase!r:.60}"
        )
    if not phase.is_collective and phase.kind not in AGENT_TABLES:
        raise InputError(
            f"phase {phase.name!r}: rows of {phase.kind!r} do not act{nearest(phase.kind, AGENT_TABLES)}; those of "
            f"{', '.join(AGENT_TABLES)} do; use @collective_phase or @numpy_phase for other tables"
        )
    columns = [f"{table}.{column}" for table, dtype in DTYPES.items() for column in (*dtype.names, "*")]
    for name in phase.writes:
        if name not in (*columns, "ledger"):
            raise InputError(
                f"phase {phase.name!r} writes {name!r}, which is no column{nearest(name, columns)}"
            )
