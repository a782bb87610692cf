"""Runs of a study that are not stored yet: on one machine as many at a time as wanted, on a cluster, or a share of them.

Replicate r of every row has the same seed, hence the same luck, so that differences between rows are paired. What is
stored does not depend on how many processes there are, where they are, nor on shards.
"""

from __future__ import annotations

import math
import re
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from nqpf_abm.ecosystem import Ecosystem
from nqpf_abm.errors import InputError
from nqpf_abm.experiment.execute import each
from nqpf_abm.sweep.factors import settings_of
from nqpf_abm.sweep.parts import Record
from nqpf_abm.sweep.plan import Plan
from nqpf_abm.sweep.quantities import LastYear
from nqpf_abm.sweep.store import Store
from nqpf_abm.sweep.study import Study

PATIENCE = 60.0
"""Seconds to wait for a worker of a cluster."""


class Progress(NamedTuple):
    """How far a sweep is: runs done, in all (of this share), and failed."""

    done: int
    total: int
    failed: int


def run_study(
    study: Study,
    folder: str | Path | None = None,
    *,
    jobs: int = 1,
    shard: tuple[int, int] = (1, 1),
    retry: bool = False,
    cluster: Any = None,
    patience: float = PATIENCE,
    progress: Callable[[Progress], None] | None = None,
    note: Callable[[str], None] | None = None,
) -> Path:
    """Do the runs of a study that its folder does not hold yet, and return the folder.

    folder    default: ``results/sweep-NAME``, with the shard
    jobs      runs at a time
    shard     (i, n): the i-th of n shares only; `merge` puts them together
    retry     do runs again that failed
    cluster   address of a Dask scheduler, whose workers do the runs; "local" for `jobs` workers here; None for neither
    patience  seconds to wait for a worker of the cluster
    progress  called after every run;  note  called with what was found amiss and mended

    Raises InputError if the folder holds something else or is in use, the disk is full, or the cluster is not there or
    has workers of other sources.
    """
    if jobs < 1 or jobs > 256:
        raise InputError(f"--workers must be a whole number in [1, 256]; got {jobs}")
    folder = default_folder(study, shard) if folder is None else Path(folder)
    with Store.begin(folder, study.plan()) as store:
        for text in store.notes:
            if note is not None:
                note(text)
        if retry:
            store.forget_failures()
        share = share_of(store.plan, shard)
        todo = share[~store.done[share]]
        before = len(share) - len(todo)
        for done, record in enumerate(records(study, store.plan, todo, jobs, cluster, patience), 1):
            store.add(record)
            if progress is not None:
                progress(Progress(before + done, len(share), store.n_failed))
    return folder


def records(
    study: Study,
    plan: Plan,
    todo: Sequence[int],
    jobs: int,
    cluster: Any = None,
    patience: float = PATIENCE,
) -> Iterator[Record]:
    """Do these runs, by number; yields a `Record` as each is done."""

    def work(k: int) -> Record:
        return run_one(study, plan, int(todo[k]))

    if cluster is None:
        running = each(work, len(todo), jobs)
    else:
        from nqpf_abm.sweep.cluster import each_on

        running = each_on(cluster, study, plan, todo, jobs, patience)
    try:
        for k, (record, error) in running:
            if record is None:
                row, _, seed = plan.place(todo[k])
                record = _failed(study, int(todo[k]), plan.values[row], seed, error, error)
            yield record
    finally:
        running.close()


def run_one(study: Study, plan: Plan, run: int) -> Record:
    """Do one run of a plan and measure it; whatever goes wrong is told in the record."""
    row, _, seed = plan.place(run)
    return run_at(study, run, plan.values[row], seed)


def run_at(study: Study, run: int, values: np.ndarray, seed: int) -> Record:
    """Do the run of this number: these values of the study's factors (n_factors,), this seed."""
    model = None
    try:
        changes, plans = settings_of(study.factors, values)
        scenario = study.scenario.with_policies(plans)
        model = Ecosystem(
            seed,
            scenario,
            until=study.until,
            scale=study.scale,
            set={**study.changes, **changes},
            regions=study.regions,
        )
        last = LastYear(model.run(), study.frozen)
        with np.errstate(divide="ignore", invalid="ignore"):
            numbers = np.array([quantity.of(last) for quantity in study.quantities], float)
        return Record(run, study.address(values, seed), numbers, model.state_hash())
    except Exception as error:  # recorded, so that the other runs go on
        told = f"{type(error).__name__}: {' '.join(str(error).split())}"
        return _failed(study, run, values, seed, told, traceback.format_exc())
    finally:
        if model is not None:
            model.close()


def _failed(study: Study, run: int, values: np.ndarray, seed: int, error: str, told: str) -> Record:
    nothing = np.full(len(study.quantities), math.nan)
    return Record(run, study.address(values, seed), nothing, "", error, told)


def share_of(plan: Plan, shard: tuple[int, int]) -> np.ndarray:
    """Numbers of the runs of the i-th of n shares, which are stretches of about equal length.

    Raises InputError if not 1 <= i <= n.
    """
    i, n = shard
    if not 1 <= i <= n:
        raise InputError(f"--shard i/n must have i in [1, n], e.g. 2/8; got {i}/{n}")
    runs = plan.distinct
    return runs[len(runs) * (i - 1) // n : len(runs) * i // n]


def default_folder(study: Study, shard: tuple[int, int] = (1, 1)) -> Path:
    """``results/sweep-NAME``, with ``-shard-i-of-n`` for a share of the runs."""
    name = study.path.stem if study.path else re.sub(r"\W+", "-", study.title)
    return Path("results") / (f"sweep-{name}" + (f"-shard-{shard[0]}-of-{shard[1]}" if shard[1] > 1 else ""))


class Estimate(NamedTuple):
    """What a study takes: runs in all and those not done, seconds of one run and of all not done, megabytes of disk."""

    runs: int
    left: int
    each: float
    seconds: float
    megabytes: float


def estimate(study: Study, done: int = 0, jobs: int = 1, shard: tuple[int, int] = (1, 1)) -> Estimate:
    """Time and disk of a study, judged by its first, middle and last run; the first is done twice, for it loads code.

    Raises InputError if all of them fail.
    """
    plan = study.plan()
    runs = share_of(plan, shard)
    tried = sorted({int(runs[place]) for place in (0, len(runs) // 2, -1)})
    run_one(study, plan, tried[0])
    start = time.perf_counter()
    records = [run_one(study, plan, run) for run in tried]
    taken = (time.perf_counter() - start) / len(tried)
    if all(record.error for record in records):
        raise InputError(f"the first run, one in the middle and the last fail: {records[0].error}")
    left = max(len(runs) - done, 0)
    bytes_ = len(runs) * (190 + 8 * len(study.quantities)) + plan.values.nbytes * 2
    return Estimate(len(runs), left, taken, taken * left / min(jobs, max(left, 1)), bytes_ / 1e6)
