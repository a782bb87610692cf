"""Points to runs: settings and seeds in, measured numbers out, on as many processes as wanted.

A point is one run: an arm, a seed and what is measured. The same seed means the same luck for the same agent
and decision in every arm (draws are keyed), so differences between arms of one seed are paired, and a number
does not depend on how many processes there are. They are forked after the first run, so that they find the
machine code loaded, and the points need not be sent; where a system cannot fork, threads take their place.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import get_context
from typing import Any

import numpy as np

from nqpf_abm.ecosystem import Ecosystem
from nqpf_abm.errors import InputError
from nqpf_abm.experiment.arms import Arm
from nqpf_abm.numerics.arrays import copied
from nqpf_abm.state.tables import State

BUNDLE = 0.05
"""Seconds of work that a process does before it sends what came of it: a hundred times what it takes to send that."""
KILLED = "its process was killed, for want of memory perhaps"


@dataclass(frozen=True, eq=False)
class Finished:
    """A run that has reached its horizon.

    model   the ecosystem: state at the end, results, regions; gone once everything is measured
    kept    copies of the state at the end of the quarters that measures asked for, by quarter
    traced  what each trace returned at the end of every quarter, by name of the trace
    """

    model: Ecosystem
    kept: dict[int, State]
    traced: dict[str, list[Any]]


@dataclass(frozen=True)
class Measure:
    """A number taken from a finished run.

    of     function of `Finished`; returns a float, NaN where there is nothing to measure
    unit   of the number
    keeps  quarters of the horizon (0 the first of the base year) whose final state it looks at
    trace  function of the model, called at the end of every quarter; `of` finds the list of what it
           returned in ``finished.traced[name]``
    """

    name: str
    unit: str
    of: Callable[[Finished], float]
    keeps: tuple[int, ...] = ()
    trace: Callable[[Ecosystem], Any] | None = None


@dataclass(frozen=True)
class Point:
    """One run to be done: an arm, a seed, what is measured of it."""

    arm: Arm
    seed: int
    measures: tuple[Measure, ...]


@dataclass(frozen=True)
class Outcome:
    """What came of a point: numbers by name of the measure, and an error in words ("" if none)."""

    point: Point
    numbers: dict[str, Any] = field(default_factory=dict)
    error: str = ""


def execute(
    points: Sequence[Point],
    *,
    jobs: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> list[Outcome]:
    """Do every run, `jobs` at a time; outcomes are in the order of `points`.

    A run or measure that fails is an outcome with an error; the others go on. `progress` is called with
    (runs done, runs in all). An interrupt stops after the runs under way.

    Raises InputError if `jobs` is not a whole number in [1, 256].
    """
    found: list[Outcome | None] = [None] * len(points)

    def work(k: int) -> tuple[dict[str, Any], str]:
        outcome = run_point(points[k])
        return outcome.numbers, outcome.error

    for done, (k, (told, error)) in enumerate(each(work, len(points), jobs), 1):
        found[k] = Outcome(points[k], *(told or ({}, error)))
        if progress is not None:
            progress(done, len(points))
    return found


def each(work: Callable[[int], Any], n: int, jobs: int = 1) -> Iterator[tuple[int, tuple[Any, str]]]:
    """``work(k)`` for k in 0 to n - 1, `jobs` at a time: yields k and (what it returned, "") as each is done.

    If a process dies, what was under way is done again, one by one: the k whose process dies again comes with (None,
    what happened), all others as if nothing had been. What is quick is done in bundles of `BUNDLE` seconds at most, for
    to send it takes time too. No more than twice `jobs` bundles are under way or waiting, so that memory does not grow
    with n. Closing the iterator, and an interrupt, stop after what is under way. What `work` returns is sent between
    processes; `work` itself need not be.

    Raises InputError if `jobs` is not a whole number in [1, 256], and whatever `work` raises.
    """
    if isinstance(jobs, bool) or not isinstance(jobs, int) or not 1 <= jobs <= 256:
        raise InputError(f"jobs must be a whole number in [1, 256]; got {jobs!r}")
    if jobs == 1 or n < 2:
        for k in range(n):
            yield k, (work(k), "")
        return
    yield 0, (work(0), "")  # alone: it loads the machine code for all
    global _under_way
    _under_way = work
    try:
        waiting = Waiting(range(1, n))
        while suspects := (yield from _in_pool(waiting, min(jobs, n - 1))):
            again = Waiting(suspects)
            while killed := (yield from _in_pool(again, 1, alone=True)):
                yield killed[0], (None, KILLED)
    finally:
        _under_way = None


class Waiting:
    """Numbers that wait for a process, in bundles; what came back undone is the first to be sent again."""

    def __init__(self, numbers: Iterable[int]):
        self._back: list[int] = []
        self._left = iter(numbers)

    def take(self, number: int) -> list[int]:
        """The next bundle of at most so many, [] if none are left."""
        bundle = self._back[:number]
        del self._back[:number]
        return bundle + list(islice(self._left, number - len(bundle)))

    def give_back(self, bundle: list[int]) -> None:
        self._back[:0] = bundle


def _in_pool(waiting: Waiting, jobs: int, *, alone: bool = False) -> Iterator[tuple[int, tuple[Any, str]]]:
    """Yield what comes of the k that wait; return those under way when a process died, [] if none did.

    alone  one k at a time, so that it is known which one is to blame
    """
    pool = _workers(jobs)
    running: dict[Future, list[int]] = {}

    def submit(number: int) -> None:
        bundle = waiting.take(1 if alone else number)
        if bundle:
            running[_submitted(pool, bundle)] = bundle

    try:
        for _ in range(1 if alone else 2 * jobs):
            submit(1)
        while running:
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in sorted(done, key=running.get):
                if isinstance(future.exception(), BrokenExecutor):
                    continue
                bundle = running.pop(future)
                found, taken = future.result()
                waiting.give_back(bundle[len(found) :])
                submit(next_bundle(len(found), taken))
                for k, result in zip(bundle, found, strict=False):
                    yield k, (result, "")
            if any(isinstance(future.exception(), BrokenExecutor) for future in running if future.done()):
                return sorted(k for bundle in running.values() for k in bundle)
        return []
    finally:
        pool.shutdown(cancel_futures=True)  # waits: whoever exits at once would leave processes behind


def next_bundle(number: int, taken: float) -> int:
    """How many pieces of work to send at once, after as many as `number` took so many seconds; at most twice as many."""
    return int(min(max(BUNDLE * number / max(taken, 1e-9), 1), 2 * number))


def _submitted(pool: Executor, bundle: list[int]) -> Future:
    """The future of ``work(k)`` for each k of the bundle; a failed one if the pool has lost a process meanwhile."""
    try:
        return pool.submit(_work_of, bundle)
    except BrokenExecutor as error:
        lost: Future = Future()
        lost.set_exception(error)
        return lost


_under_way: Callable[[int], Any] | None = None
"""The work being done, where forked workers find it: measures are functions, which cannot be sent."""


def _workers(jobs: int) -> Executor:
    if sys.platform == "linux":  # elsewhere system libraries do not survive a fork
        return ProcessPoolExecutor(
            jobs, mp_context=get_context("fork"), initializer=_as_worker, initargs=(os.getpid(),)
        )
    return ThreadPoolExecutor(jobs)


def _as_worker(parent: int) -> None:
    """Leave interrupts to the first process, which decides while the others end what they do; end when it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


_PR_SET_PDEATHSIG = 1
"""Of Linux' prctl: a worker whose parent is gone would wait for work forever."""


def _work_of(bundle: list[int]) -> tuple[list[Any], float]:
    return in_time(_under_way, bundle)


def in_time(work: Callable[[Any], Any], bundle: Sequence[Any]) -> tuple[list[Any], float]:
    """What `work` returns for the first of a bundle, for as many as begin within `BUNDLE` seconds; and the seconds taken.

    Raises what `work` raises for the very first; another that it fails for is left undone, with those behind it.
    """
    start, found = time.perf_counter(), []
    for one in bundle:
        try:
            found.append(work(one))
        except Exception:
            if not found:
                raise
            break
        if time.perf_counter() - start > BUNDLE:
            break
    return found, time.perf_counter() - start


def run_point(point: Point) -> Outcome:
    """Do one run and measure it; whatever goes wrong becomes the outcome's error."""
    model = None
    try:
        arm = point.arm
        model = Ecosystem(
            seed=point.seed,
            scenario=arm.scenario,
            set=dict(arm.changes),
            quarters=arm.quarters,
            scale=arm.scale,
        ).settle()
        keeps = {quarter for measure in point.measures for quarter in measure.keeps}
        traces = {measure.name: measure.trace for measure in point.measures if measure.trace is not None}
        finished = Finished(model, {}, {name: [] for name in traces})
        for quarter in range(model.horizon):
            model.step()
            if quarter in keeps:
                finished.kept[quarter] = State(*(copied(part) for part in model.state))
            for name, trace in traces.items():
                finished.traced[name].append(trace(model))
        with np.errstate(divide="ignore", invalid="ignore"):
            return Outcome(point, {measure.name: measure.of(finished) for measure in point.measures})
    except Exception as error:  # recorded, so that the other runs go on
        return Outcome(point, error=f"{type(error).__name__}: {' '.join(str(error).split())}")
    finally:
        if model is not None:
            model.close()


def distinct(points: Iterable[Point]) -> list[Point]:
    """One point per arm and seed, with every measure any of them asks for, in the order they first come."""
    merged: dict[tuple[Arm, int], dict[str, Measure]] = {}
    for point in points:
        known = merged.setdefault((point.arm, point.seed), {})
        for measure in point.measures:
            if known.setdefault(measure.name, measure) != measure:
                raise ValueError(f"two measures are called {measure.name!r}")
    return [Point(arm, seed, tuple(measures.values())) for (arm, seed), measures in merged.items()]
