"""Points to runs: settings and seeds in, measured numbers out, on as many processes as wanted.

A point is one run: an arm, a seed and what is measured. The same seed means the same luck for the same agent
and decision in every arm (draws are keyed), so differences between arms of one seed are paired, and a number
does not depend on how many processes there are. They are forked after the first run, so that they find the
machine code loaded, and the points need not be sent; where a system cannot fork, threads take their place.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

import numpy as np

from nqpf_abm.ecosystem import Ecosystem
from nqpf_abm.errors import InputError
from nqpf_abm.experiment.arms import Arm
from nqpf_abm.state.tables import State


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
    if isinstance(jobs, bool) or not isinstance(jobs, int) or not 1 <= jobs <= 256:
        raise InputError(f"jobs must be a whole number in [1, 256]; got {jobs!r}")
    found: list[Outcome | None] = [None] * len(points)
    if jobs == 1 or len(points) < 2:
        for k, point in enumerate(points):
            found[k] = run_point(point)
            if progress is not None:
                progress(k + 1, len(points))
        return found
    found[0] = run_point(points[0])  # alone: it loads the machine code for all
    if progress is not None:
        progress(1, len(points))
    global _under_way
    _under_way = points
    try:
        with _workers(min(jobs, len(points) - 1)) as pool:
            running = {pool.submit(_numbers_of, k): k for k in range(1, len(points))}
            try:
                for done, future in enumerate(as_completed(running), 2):
                    k = running[future]
                    try:
                        found[k] = Outcome(points[k], *future.result())
                    except BrokenExecutor:
                        found[k] = Outcome(
                            points[k], error="its process was killed, for want of memory perhaps"
                        )
                    if progress is not None:
                        progress(done, len(points))
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    finally:
        _under_way = ()
    return found


_under_way: Sequence[Point] = ()
"""The points being done, where forked workers find them: measures are functions, which cannot be sent."""


def _workers(jobs: int) -> Executor:
    if sys.platform == "linux":  # elsewhere system libraries do not survive a fork
        return ProcessPoolExecutor(jobs, mp_context=get_context("fork"))
    return ThreadPoolExecutor(jobs)


def _numbers_of(k: int) -> tuple[dict[str, Any], str]:
    """Numbers and error of point `k` of those under way."""
    outcome = run_point(_under_way[k])
    return outcome.numbers, outcome.error


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
                finished.kept[quarter] = State(*(part.copy() for part in model.state))
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
