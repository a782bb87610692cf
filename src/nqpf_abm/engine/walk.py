"""Many compiled phases by one call from Python.

To hand the state from Python to machine code takes as long as a light phase takes to act. `walk` is handed it once and
passes it from phase to phase by their addresses, which are known when they have been compiled or loaded. So a quarter
also leaves Python's lock to other threads from its first phase to its last.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import groupby

import numpy as np
from numba import typeof, types
from numba.core.dispatcher import Dispatcher
from numba.extending import intrinsic

from nqpf_abm.declare import Phase
from nqpf_abm.engine.room import short_of_room
from nqpf_abm.numerics.draws import Key
from nqpf_abm.numerics.jit import compiled
from nqpf_abm.state.tables import AGENT_TABLES, State

KINDS = {name: k for k, name in enumerate(("", *AGENT_TABLES))}
COLLECTIVE = KINDS[""]
GOVERNMENTS, UNIVERSITIES, PROJECTS = KINDS["governments"], KINDS["universities"], KINDS["projects"]
FIRMS, ENTREPRENEURS, TEAMS, EMPLOYEES = (
    KINDS[name] for name in ("firms", "entrepreneurs", "teams", "employees")
)

Step = Callable[[State, Key], None]
Quarter = Callable[[State, Key, np.ndarray, np.ndarray], bool]


def code_of(phase: Phase) -> Callable:
    """What acts the phase out: the loop of a row phase over rows of its table, or a collective phase itself."""
    return phase.act if phase.is_collective else phase.loop


def is_compiled(phase: Phase) -> bool:
    """False of a phase in plain Python (and of all while numba is switched off)."""
    return isinstance(code_of(phase), Dispatcher)


def argument_types(phase: Phase, s: types.Type, k: types.Type) -> tuple[types.Type, ...]:
    """numba's types of what the phase's machine code takes; `s` and `k`: those of the state and the key."""
    if phase.is_collective:
        return s, k
    return s.types[State._fields.index(phase.kind)], s, k, types.int64, types.int64


def steps_of(schedule: Sequence[Phase], s: types.Type, k: types.Type) -> tuple[Step, ...]:
    """The quarter in as few calls as there can be: compiled phases that follow each other are one.

    The phases must have been compiled or loaded for a state and a key of these types.
    """
    steps: list[Step] = []
    for native, group in groupby(schedule, is_compiled):
        phases = tuple(group)
        steps += [_stretch(phases, s, k)] if native else [_in_python(phase) for phase in phases]
    return tuple(steps)


def _in_python(phase: Phase) -> Step:
    if phase.is_collective:
        return phase.act

    def act(state: State, key: Key) -> None:
        table = getattr(state, phase.kind)
        phase.loop(table, state, key, 0, table.size)

    return act


def _stretch(phases: tuple[Phase, ...], s: types.Type, k: types.Type) -> Step:
    code = walk.compile((types.int64[::1], types.int64[::1], s, k))
    return partial(code, *_places(phases, s, k))


def quarter_of(
    schedule: Sequence[Phase], s: types.Type, k: types.Type, record: Callable, row: np.ndarray
) -> Quarter | None:
    """The quarter and its record in one call, see `walk_and_record`; None if a phase or the record is not compiled.

    The phases must have been compiled or loaded for a state and a key of these types.
    """
    if not (isinstance(record, Dispatcher) and all(map(is_compiled, schedule))):
        return None
    taken = s, typeof(row)
    record.compile(taken)
    addresses, kinds = _places(tuple(schedule), s, k)
    last = _address(record.overloads[taken])
    numbers = types.int64[::1]
    code = walk_and_record.compile((numbers, numbers, types.int64, s, k, typeof(row), types.float64[:, ::1]))
    return partial(code, addresses, kinds, last)


def _places(phases: tuple[Phase, ...], s: types.Type, k: types.Type) -> tuple[np.ndarray, np.ndarray]:
    """Addresses of the phases' machine code, and whose rows act: both (n_phases,)."""
    made = [code_of(phase).overloads[argument_types(phase, s, k)] for phase in phases]
    names = {code.fndesc.llvm_func_name for code in made}
    if len(names) < len({id(code) for code in made}):
        # the address of a name is that of whichever code was loaded last
        raise RuntimeError(f"two phases have machine code of one name: {sorted(names)}")
    return np.array([_address(code) for code in made]), np.array([KINDS[phase.kind] for phase in phases])


def _address(code) -> int:
    return code.library.get_pointer_to_function(code.fndesc.llvm_func_name)


@intrinsic
def act_all(typing, address, s, key):
    """Call the collective phase at `address`."""
    return types.none(types.int64, s, key), _call


@intrinsic
def act_rows(typing, address, table, s, key, low, high):
    """Call the row phase at `address` on rows `low` to `high` - 1 of its table."""
    return types.none(types.int64, table, s, key, types.int64, types.int64), _call


@intrinsic
def act_record(typing, address, s, row):
    """Call the record at `address`, which fills `row`."""
    return types.none(types.int64, s, row), _call


def _call(context, builder, signature, values):
    """LLVM's call of the function at the first argument with the others; an exception of its goes on to the caller."""
    taken = signature.args[1:]
    kind = context.call_conv.get_function_type(signature.return_type, taken)
    function = builder.inttoptr(values[0], kind.as_pointer())
    status, _ = context.call_conv.call_function(builder, function, signature.return_type, taken, values[1:])
    with builder.if_then(status.is_error, likely=False):
        context.call_conv.return_status_propagate(builder, status)
    return context.get_dummy_value()


@compiled
def walk(addresses, kinds, s, key):
    """Act out the phases at `addresses` (n,) one after the other; `kinds` (n,) says whose rows act, or all at once."""
    for k in range(addresses.size):
        address, kind = addresses[k], kinds[k]
        if kind == COLLECTIVE:
            act_all(address, s, key)
        elif kind == FIRMS:
            act_rows(address, s.firms, s, key, 0, s.firms.size)
        elif kind == EMPLOYEES:
            act_rows(address, s.employees, s, key, 0, s.employees.size)
        elif kind == ENTREPRENEURS:
            act_rows(address, s.entrepreneurs, s, key, 0, s.entrepreneurs.size)
        elif kind == TEAMS:
            act_rows(address, s.teams, s, key, 0, s.teams.size)
        elif kind == PROJECTS:
            act_rows(address, s.projects, s, key, 0, s.projects.size)
        elif kind == UNIVERSITIES:
            act_rows(address, s.universities, s, key, 0, s.universities.size)
        elif kind == GOVERNMENTS:
            act_rows(address, s.governments, s, key, 0, s.governments.size)


@compiled
def walk_and_record(addresses, kinds, record, s, key, row, ledger):
    """Act out the phases as `walk` does, then let the function at `record` fill `row`, and copy the ledger.

    Returns False, and does nothing, if a table is short of room. Nothing is recorded of a quarter in which a newcomer
    found no free row.
    """
    if short_of_room(s, np.zeros(5, np.int64)) > 0:
        return False
    walk(addresses, kinds, s, key)
    if s.world[0].is_full == 0:
        act_record(record, s, row)
        ledger[:] = s.ledger
    return True
