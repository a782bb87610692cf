"""Runs of a sweep on a Dask cluster: sent by number, told as they end, written by the one process that asked.

A worker makes the study anew from its identity, so that nothing but plain data travels, and computes the address of every
run from its own sources: a worker with another version of the model is found out. Whose worker dies is run elsewhere by
the scheduler; a run that kills worker after worker is recorded as failed.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from nqpf_abm.errors import InputError
from nqpf_abm.experiment.compare import source_hash
from nqpf_abm.sweep.parts import Record
from nqpf_abm.sweep.plan import Plan
from nqpf_abm.sweep.study import FREE, NUMBERS, Study, restored

if TYPE_CHECKING:
    from distributed import Client

LOCAL = "local"
PATIENCE = 60.0
"""Seconds to wait for the scheduler, and for a first worker."""
RECOUNT = 20
"""After so many runs the threads are counted again: workers come and go."""


@contextmanager
def cluster_of(address: str, jobs: int, patience: float = PATIENCE) -> Iterator[Client]:
    """A client of the scheduler at `address`, or of a cluster of `jobs` processes of this machine if that is "local".

    Raises InputError if Dask is not installed, the address is none, nobody answers, no worker comes, or a worker has
    another version of the model.
    """
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise InputError('--cluster needs Dask: python -m pip install "nqpf_abm[cluster]"') from None
    if address != LOCAL and not re.fullmatch(r"(\w+://)?[^\s/]+:\d+", address):
        raise InputError(
            f"--cluster must be local or a scheduler's address, e.g. tcp://10.0.0.1:8786; got {address!r}"
        )
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters of it is told in our words
    local = None
    if address == LOCAL:
        local = LocalCluster(
            jobs, threads_per_worker=1, dashboard_address=":0", silence_logs=logging.CRITICAL
        )
    try:
        try:
            client = Client(local or address, timeout=patience, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            told = " ".join(str(error).split()) or type(error).__name__
            raise InputError(
                f"no scheduler answers at {address} ({told}); start one with `dask scheduler`"
            ) from None
        with client:
            _check_workers(client, address, patience)
            yield client
    finally:
        if local is not None:
            local.close()


def threads_of(client: Client) -> int:
    """Threads of all workers that are there now."""
    return sum(client.nthreads().values())


def _check_workers(client: Client, address: str, patience: float) -> None:
    try:
        client.wait_for_workers(1, timeout=patience)
    except TimeoutError:
        raise InputError(
            f"no worker has come to {address} within {patience:g} s; start some with `dask worker {address}`"
        ) from None
    ours = source_hash(FREE, NUMBERS)
    for worker, theirs in client.run(_sources, on_error="return").items():
        if isinstance(theirs, BaseException):
            raise InputError(
                f"worker {worker} cannot run the model: {type(theirs).__name__}: {theirs}; install it there"
            )
        if theirs != ours:
            raise InputError(
                f"worker {worker} has another version of the model; install the same one everywhere"
            )


def _sources() -> str:
    return source_hash(FREE, NUMBERS)


def records_of(
    client: Client,
    study: Study,
    plan: Plan,
    todo: Sequence[int],
    failed: Callable[[int, str], Record],
) -> Iterator[Record]:
    """Do these runs, by number, on the cluster; yields a `Record` as each is done.

    As many are sent as the cluster has threads: memory does not grow with their number, and none shares a worker with a
    run that kills it.

    failed  makes the record of a run that nobody could do, of its number and the reason

    Raises InputError if the scheduler is lost, or a worker that came later has another version of the model.
    """
    from distributed import as_completed

    identity = json.dumps(plan.identity)
    left = iter(int(run) for run in todo)
    sent: dict[Any, int] = {}

    def send(number: int) -> list[Any]:
        new = []
        for run in islice(left, max(number, 0)):
            row, _, seed = plan.place(run)
            future = client.submit(_run, identity, run, plan.values[row].tolist(), seed, pure=False)
            sent[future] = run
            new.append(future)
        return new

    try:
        threads = threads_of(client)
        under_way = as_completed(send(threads), loop=client.loop)
        for count, future in enumerate(under_way, 1):
            run = sent.pop(future)
            yield _checked(future, run, study, plan, failed)
            future.release()
            if count % RECOUNT == 0:
                threads = threads_of(client)
            for new in send(max(threads, 1) - len(sent)):
                under_way.add(new)
    except (OSError, TimeoutError) as error:
        told = " ".join(str(error).split()) or type(error).__name__
        raise InputError(
            f"the scheduler is lost ({told}); every run that ended is kept, the same command goes on"
        ) from None
    finally:
        if sent and client.status == "running":
            client.cancel(list(sent))


def _checked(future: Any, run: int, study: Study, plan: Plan, failed: Callable[[int, str], Record]) -> Record:
    """The record of a future that is done."""
    from distributed import KilledWorker

    if future.status == "cancelled":
        raise InputError(
            "the scheduler is lost or gave runs up; every run that ended is kept, the same command goes on"
        )
    if future.status == "error":
        error = future.exception()
        if isinstance(error, KilledWorker):
            return failed(run, "its worker was killed, and others after it, for want of memory perhaps")
        raise InputError(
            f"a worker cannot do run {run}: {type(error).__name__}: {' '.join(str(error).split())}"
        )
    record = future.result()
    if isinstance(record, str):
        raise InputError(
            f"a worker cannot do run {run}: {record}; install the same version of the model everywhere"
        )
    row, _, seed = plan.place(run)
    if record.address != study.address(plan.values[row], seed):
        raise InputError(
            "a worker that came later has another version of the model; install the same one everywhere"
        )
    return record


def _run(identity: str, run: int, values: list[float], seed: int) -> Record | str:
    """On a worker: do one run; what the worker lacks for it is told in words, for not every exception can be sent."""
    try:
        from nqpf_abm.sweep.execution import run_at

        return run_at(_study(identity), run, values, seed)
    except Exception as error:
        return f"{type(error).__name__}: {' '.join(str(error).split())}"


@lru_cache(maxsize=4)
def _study(identity: str) -> Study:
    return restored(json.loads(identity))
