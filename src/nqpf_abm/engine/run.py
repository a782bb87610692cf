"""Walk the schedule: one quarter of the columns engine, on one or more threads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from types import MappingProxyType

import numba
import numpy as np
from numba import types

from nqpf_abm.declare import Phase
from nqpf_abm.engine.schedule import QUARTER
from nqpf_abm.engine.walk import Step, argument_types, code_of, is_compiled, steps_of
from nqpf_abm.numerics.arrays import raw
from nqpf_abm.numerics.draws import Key
from nqpf_abm.numerics.jit import compiled, native, routine
from nqpf_abm.state.tables import State

GROWING = {"firms": 3, "entrepreneurs": 3, "teams": 12, "employees": 12, "projects": 12}
"""Tables that get larger, and which part of those in use can be new in a quarter: one in so many. Firms spring up fast."""
LINKS = {"firms": ("first_team",), "teams": ("next_team",), "employees": ("firm", "team")}

Watcher = Callable[[Phase, State, Key], None]


@dataclass(frozen=True)
class Code:
    """The machine code of a schedule.

    phases  name of a phase -> what acts it out (`code_of`), without a look at what it is given
    steps   the whole quarter in as few calls as there can be
    count   of `count_alive`
    """

    phases: Mapping[str, Callable] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    count: Callable | None = None


NO_CODE = Code()


def load_code(state: State, key: Key, schedule: tuple[Phase, ...] = QUARTER) -> Code:
    """Compile or load every phase for the types of `state`.

    Only for tables of these types: machine code does not look at what it is given, where numba's dispatcher takes
    18 us a call to do so, longer than most phases take to act. A phase in plain Python stands for itself.
    """
    asked = schedule, tuple(table.dtype for table in state)
    if asked not in _loaded:
        s, k = numba.typeof(state), numba.typeof(key)
        phases = {phase.name: _load(phase, s, k) for phase in schedule}
        count = native(count_alive, state, np.zeros(len(GROWING), np.int64))
        _loaded[asked] = Code(MappingProxyType(phases), steps_of(schedule, s, k), count)
    return _loaded[asked]


_loaded: dict[tuple, Code] = {}


def _load(phase: Phase, s: types.Type, k: types.Type) -> Callable:
    act = code_of(phase)
    return act.compile(argument_types(phase, s, k)) if is_compiled(phase) else act


def run_phase(
    phase: Phase,
    state: State,
    key: Key,
    pool: ThreadPoolExecutor | None = None,
    threads: int = 1,
    code: Code = NO_CODE,
) -> None:
    """Act out one phase on all rows. Rows are cut into slices for threads; the result is the same."""
    act = code.phases.get(phase.name) or code_of(phase)
    if phase.is_collective:
        act(state, key)
        return
    table = getattr(state, phase.kind)
    n = table.size
    if pool is None or threads < 2:
        act(table, state, key, 0, n)
        return
    cuts = [n * k // threads for k in range(threads + 1)]
    jobs = [pool.submit(act, table, state, key, lo, hi) for lo, hi in zip(cuts, cuts[1:], strict=False)]
    for job in jobs:
        job.result()


def run_quarter(
    state: State,
    key: Key,
    pool: ThreadPoolExecutor | None = None,
    threads: int = 1,
    code: Code = NO_CODE,
    act: Callable[[Phase, State, Key], bool] | None = None,
    watch: Watcher | None = None,
    schedule: Iterable[Phase] = QUARTER,
) -> None:
    """Act out a whole quarter in place.

    code   what `load_code` made of this schedule for tables of these types; without it phases find out the types
           for themselves
    act    tried first for each phase; returns True if it has acted the phase out itself (Mesa agents)
    watch  called after each phase (the audit)
    schedule  the phases in order
    """
    if code.steps and pool is None and act is None and watch is None:
        for step in code.steps:
            step(state, key)
        return
    for phase in schedule:
        if act is None or not act(phase, state, key):
            run_phase(phase, state, key, pool, threads, code)
        if watch is not None:
            watch(phase, state, key)


@routine
def in_use(table):
    """Rows of a table that are in use."""
    n = 0
    for i in range(table.size):
        n += table[i].is_alive
    return n


@compiled
def count_alive(s, out):
    """Fill `out` (5,) with the rows in use of the tables in `GROWING`."""
    out[0] = in_use(s.firms)
    out[1] = in_use(s.entrepreneurs)
    out[2] = in_use(s.teams)
    out[3] = in_use(s.employees)
    out[4] = in_use(s.projects)


def with_room(state: State, code: Code = NO_CODE) -> State:
    """The state with enough free rows for a quarter's newcomers: full tables are copied into larger ones.

    code  what `load_code` made for tables of these types
    """
    larger = {}
    in_tables = np.zeros(len(GROWING), np.int64)
    (code.count or native(count_alive, state, in_tables))(state, in_tables)
    for (name, part), alive in zip(GROWING.items(), in_tables.tolist(), strict=True):
        table = getattr(state, name)
        if table.size - alive < max(32, alive // part):
            larger[name] = _grown(state, name, table.size + max(64, table.size // 2))
    if ("firms" in larger) != ("entrepreneurs" in larger):
        size = max(larger[name].size for name in ("firms", "entrepreneurs") if name in larger)
        for name in ("firms", "entrepreneurs"):
            if larger.get(name, getattr(state, name)).size < size:
                larger[name] = _grown(state, name, size)
    return state._replace(**larger) if larger else state


def _grown(state: State, name: str, size: int) -> np.ndarray:
    """The table `name` with `size` rows; those added are free."""
    table = getattr(state, name)
    grown = np.zeros(size, table.dtype)
    raw(grown)[: table.size] = raw(table)
    for link in LINKS.get(name, ()):
        grown[link][table.size :] = -1
    return grown
