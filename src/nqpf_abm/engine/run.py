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
from nqpf_abm.engine.walk import Quarter, Step, argument_types, code_of, is_compiled, quarter_of, steps_of
from nqpf_abm.numerics.draws import Key
from nqpf_abm.state.tables import State

Watcher = Callable[[Phase, State, Key], None]
Recording = tuple[Callable[[State, np.ndarray], None], np.ndarray]


@dataclass(frozen=True)
class Code:
    """The machine code of a schedule.

    phases   name of a phase -> what acts it out (`code_of`), without a look at what it is given
    steps    the whole quarter in as few calls as there can be
    quarter  the whole quarter and its record in one call (`walk.quarter_of`); None if a phase is not compiled, or nothing
             is to be recorded
    """

    phases: Mapping[str, Callable] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    quarter: Quarter | None = None


NO_CODE = Code()


def load_code(
    state: State, key: Key, schedule: tuple[Phase, ...] = QUARTER, record: Recording | None = None
) -> Code:
    """Compile or load every phase for the types of `state`.

    record  a compiled function of the state and a row, which it fills as the quarter ends, and such a row

    Only for tables of these types: machine code does not look at what it is given, where numba's dispatcher takes
    18 us a call to do so, longer than most phases take to act. A phase in plain Python stands for itself.
    """
    asked = schedule, tuple(table.dtype for table in state), record and record[0]
    if asked not in _loaded:
        s, k = numba.typeof(state), numba.typeof(key)
        phases = {phase.name: _load(phase, s, k) for phase in schedule}
        quarter = quarter_of(schedule, s, k, *record) if record else None
        _loaded[asked] = Code(MappingProxyType(phases), steps_of(schedule, s, k), quarter)
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
