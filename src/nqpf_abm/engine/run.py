"""Walk the schedule: one quarter of the columns engine, on one or more threads."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

import numba
import numpy as np

from nqpf_abm.declare import Phase
from nqpf_abm.engine.schedule import QUARTER
from nqpf_abm.numerics.draws import Key
from nqpf_abm.state.tables import State

GROWING = ("firms", "entrepreneurs", "teams", "employees", "projects")
LINKS = {"firms": ("first_team",), "teams": ("next_team",), "employees": ("firm", "team")}

Watcher = Callable[[Phase, State, Key], None]


def run_phase(
    phase: Phase, state: State, key: Key, pool: ThreadPoolExecutor | None = None, threads: int = 1
) -> None:
    """Act out one phase on all rows. Rows are cut into slices for threads; the result is the same."""
    if phase.loop is None:
        phase.act(state, key)
        return
    table = getattr(state, phase.kind)
    n = table.size
    if pool is None or threads < 2:
        phase.loop(table, state, key, 0, n)
        return
    cuts = [n * k // threads for k in range(threads + 1)]
    jobs = [
        pool.submit(phase.loop, table, state, key, lo, hi) for lo, hi in zip(cuts, cuts[1:], strict=False)
    ]
    for job in jobs:
        job.result()


def run_quarter(
    state: State,
    key: Key,
    pool: ThreadPoolExecutor | None = None,
    threads: int = 1,
    act: Callable[[Phase, State, Key], bool] | None = None,
    watch: Watcher | None = None,
    schedule: Iterable[Phase] | None = None,
) -> None:
    """Act out a whole quarter in place.

    act    tried first for each phase; returns True if it has acted the phase out itself (Mesa agents)
    watch  called after each phase (the audit)
    schedule  the phases in order, `QUARTER` without it
    """
    for phase in QUARTER if schedule is None else schedule:
        if act is None or not act(phase, state, key):
            run_phase(phase, state, key, pool, threads)
        if watch is not None:
            watch(phase, state, key)


def load_code(state: State, key: Key, schedule: Iterable[Phase] | None = None) -> None:
    """Compile or load every phase for the types of `state` at once.

    numba would find out the types of the whole state anew for each phase: a quarter of a second in all.
    """
    s, k = numba.typeof(state), numba.typeof(key)
    for phase in QUARTER if schedule is None else schedule:
        if not phase.is_compiled:
            continue
        if phase.loop is None:
            phase.act.compile((s, k))
        else:
            table = s.types[State._fields.index(phase.kind)]
            phase.loop.compile((table, s, k, numba.int64, numba.int64))


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
