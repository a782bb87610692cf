"""Walk the schedule: one quarter of the columns engine, on one or more threads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType

import numba
import numpy as np
from numba.core.dispatcher import Dispatcher

from nqpf_abm.declare import Phase
from nqpf_abm.engine.schedule import QUARTER
from nqpf_abm.numerics.draws import Key
from nqpf_abm.state.tables import State

GROWING = ("firms", "entrepreneurs", "teams", "employees", "projects")
LINKS = {"firms": ("first_team",), "teams": ("next_team",), "employees": ("firm", "team")}

Watcher = Callable[[Phase, State, Key], None]


def load_code(state: State, key: Key, schedule: tuple[Phase, ...] = QUARTER) -> Mapping[str, Callable]:
    """Compile or load every phase for the types of `state`: name of the phase -> its machine code.

    Only for tables of these types: machine code does not look at what it is given, where numba's dispatcher takes
    18 us a call to do so, longer than most phases take to act. A phase in plain Python stands for itself.
    """
    asked = schedule, tuple(table.dtype for table in state)
    if asked not in _loaded:
        _loaded[asked] = MappingProxyType(_load(state, key, schedule))
    return _loaded[asked]


_loaded: dict[tuple, Mapping[str, Callable]] = {}


def _load(state: State, key: Key, schedule: tuple[Phase, ...]) -> dict[str, Callable]:
    s, k = numba.typeof(state), numba.typeof(key)
    code = {}
    for phase in schedule:
        act, types = phase.act, (s, k)
        if not phase.is_collective:
            act, types = (
                phase.loop,
                (s.types[State._fields.index(phase.kind)], s, k, numba.int64, numba.int64),
            )
        code[phase.name] = act.compile(types) if isinstance(act, Dispatcher) else act
    return code


def run_phase(
    phase: Phase,
    state: State,
    key: Key,
    pool: ThreadPoolExecutor | None = None,
    threads: int = 1,
    code: Mapping[str, Callable] = MappingProxyType({}),
) -> None:
    """Act out one phase on all rows. Rows are cut into slices for threads; the result is the same."""
    act = code.get(phase.name) or phase.loop or phase.act
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
    code: Mapping[str, Callable] = MappingProxyType({}),
    act: Callable[[Phase, State, Key], bool] | None = None,
    watch: Watcher | None = None,
    schedule: Iterable[Phase] = QUARTER,
) -> None:
    """Act out a whole quarter in place.

    code   what `load_code` made for tables of these types; phases it lacks find out the types for themselves
    act    tried first for each phase; returns True if it has acted the phase out itself (Mesa agents)
    watch  called after each phase (the audit)
    schedule  the phases in order
    """
    for phase in schedule:
        if act is None or not act(phase, state, key):
            run_phase(phase, state, key, pool, threads, code)
        if watch is not None:
            watch(phase, state, key)


def with_room(state: State) -> State:
    """The state with enough free rows for a quarter's newcomers: full tables are copied into larger ones."""
    larger = {}
    for name in GROWING:
        table = getattr(state, name)
        alive = int(table["is_alive"].sum())
        if table.size - alive < max(32, alive // 12):
            grown = np.zeros(table.size + max(64, table.size // 2), table.dtype)
            grown[: table.size] = table
            for link in LINKS.get(name, ()):
                grown[link][table.size :] = -1
            larger[name] = grown
    if ("firms" in larger) != ("entrepreneurs" in larger):
        size = max(t.size for t in (larger.get("firms"), larger.get("entrepreneurs")) if t is not None)
        for name in ("firms", "entrepreneurs"):
            table = larger.get(name, getattr(state, name))
            if table.size < size:
                grown = np.zeros(size, table.dtype)
                grown[: table.size] = table
                for link in LINKS.get(name, ()):
                    grown[link][table.size :] = -1
                larger[name] = grown
    return state._replace(**larger) if larger else state
