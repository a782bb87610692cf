"""Runs of a study on a Dask cluster: sent to workers as plain data, their records sent home as they end.

Workers write nothing. They may come and go: what a lost one had under way is given to another. A run that is not of the
same sources and libraries as here is not taken, since then its numbers could differ.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from importlib.metadata import version
from platform import python_version
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from nqpf_abm.errors import InputError
from nqpf_abm.experiment.execute import KILLED, Waiting, in_time, next_bundle
from nqpf_abm.experiment.study import source_hash
from nqpf_abm.sweep.execution import run_at
from nqpf_abm.sweep.parts import Record
from nqpf_abm.sweep.plan import Plan
from nqpf_abm.sweep.study import FREE, NUMBERS, Study, restored

if TYPE_CHECKING:
    from distributed import Client

LOCAL = "local"
"""Instead of an address: workers of this process, as long as it needs them."""
CONNECTING = 10.0
"""Seconds to reach a scheduler."""
LOOK = 2.0
"""Seconds between looks at how many workers there are."""
GONE = (
    "the scheduler of the cluster went away; every run that ended is kept: start it and its workers again, and give the "
    "same command"
)
LIBRARIES = ("numpy", "numba", "pandas", "scipy")
"""Those whose versions show in numbers."""


class Stranger(NamedTuple):
    """What a worker answers that is not made of what we are made of."""

    worker: str
    made_of: Mapping[str, str]


@contextmanager
def connected(cluster: Any, jobs: int, patience: float) -> Iterator[Client]:
    """A client of a cluster that has a worker at least.

    cluster   address of a scheduler, "local" for `jobs` workers of our own, or a cluster of Dask's
    patience  seconds to wait for the first worker

    Raises InputError if Dask is not installed, nothing answers at the address, or no worker turns up.
    """
    try:
        from distributed import Client
    except ImportError:
        raise InputError(
            'sweeps on a cluster need Dask, which is not installed: python -m pip install "nqpf_abm[cluster]"'
        ) from None
    own = _workers_of_our_own(jobs) if cluster == LOCAL else None
    # for good: the event loop may log after we are gone from here
    logging.getLogger("tornado.application").addFilter(_is_news)
    try:
        try:
            if isinstance(cluster, str) and own is None:
                _check_address(cluster)
            client = Client(cluster if own is None else own, timeout=CONNECTING, set_as_default=False)
        except (OSError, ValueError, ImportError) as error:
            raise InputError(
                f"--cluster {cluster}: no scheduler reached ({_line(error)}); give the address that `dask scheduler` "
                "prints, e.g. tcp://10.0.0.1:8786, or local"
            ) from None
        try:
            try:
                client.wait_for_workers(1, timeout=patience)
            except TimeoutError:
                raise InputError(_deserted(cluster, patience)) from None
            yield client
        finally:
            client.close()
    finally:
        if own is not None:
            own.close()


def _is_news(record: logging.LogRecord) -> bool:
    """False for what the event loop logs, with a traceback, when we close a connection on which it still listens."""
    from distributed.comm import CommClosedError

    return not (record.exc_info and isinstance(record.exc_info[1], CommClosedError))


def n_threads(client: Client) -> int:
    """Runs that the workers do at a time, 0 if there are none. Raises InputError if the scheduler went away."""
    try:
        return sum(client.nthreads().values())
    except OSError:
        raise InputError(GONE) from None


def each_on(
    cluster: Any, study: Study, plan: Plan, todo: Sequence[int], jobs: int, patience: float
) -> Iterator[tuple[int, tuple[Record | None, str]]]:
    """What `execute.each` yields for these runs, done by the workers of a cluster.

    Runs are sent as `execute.each` does, quick ones in bundles; no more than twice as many bundles as workers have
    threads are sent and not back. A run whose workers died as often as the scheduler allows is tried again alone, for
    those that wait behind it on a worker are suspected with it; if its workers die again it comes with (None, what
    happened).

    Raises InputError as `connected` does, also if workers stay away later; if the scheduler goes away; and if a worker
    has other sources or libraries.
    """
    if not len(todo):
        return
    identity, ours = json.dumps(plan.identity), made_of()
    restored(plan.identity)  # here, where it is told at once if the study cannot be sent
    with connected(cluster, min(jobs, len(todo)), patience) as client:

        def send(bundle: list[int]):
            runs = [int(todo[k]) for k in bundle]
            values = [plan.values[plan.place(run)[0]].tolist() for run in runs]
            return client.submit(runs_sent, ours, identity, runs, values, pure=False)

        suspects = yield from _together(client, send, Waiting(range(len(todo))), patience)
        for k in suspects:
            if (yield from _together(client, send, Waiting([k]), patience)):
                yield k, (None, KILLED)


def runs_sent(
    ours: Mapping[str, str], identity: str, runs: Sequence[int], values: Sequence[Sequence[float]]
) -> tuple[list[Record], float] | Stranger:
    """Do runs of a study on a worker; returns what came of the first (see `execute.in_time`) and the seconds they took.

    Returns a `Stranger` if the worker is not made of `ours`.
    """
    if made_of() != ours:
        from distributed import get_worker

        return Stranger(get_worker().address, made_of())
    study = _restored(identity)

    def work(sent: tuple[int, Sequence[float]]) -> Record:
        run, row = sent
        return run_at(study, run, np.array(row), study.seed + run % study.replicates)

    return in_time(work, list(zip(runs, values, strict=True)))


@lru_cache(maxsize=4)
def _restored(identity: str) -> Study:
    return restored(json.loads(identity))


@cache
def made_of() -> Mapping[str, str]:
    """Versions of what decides the numbers of a run, and a hash of our sources as they were when first asked."""
    sources = source_hash(tuple(folder for folder in FREE if folder != "sweep/"), NUMBERS)
    return {
        "nqpf_abm": f"{version('nqpf_abm')} with sources {sources[:12]}",
        "Python": python_version().rpartition(".")[0],
        **{name: version(name) for name in LIBRARIES},
    }


def _together(
    client: Client, send: Callable[[list[int]], Any], waiting: Waiting, patience: float
) -> Iterator[tuple[int, tuple[Record, str]]]:
    """Yield what comes of the k that wait; return those whose workers died too often, rising."""
    from distributed import as_completed
    from distributed.scheduler import KilledWorker

    def look():
        """What comes home of what is under way, for a while."""
        futures = [future for future, _ in under_way.values()]
        return as_completed(futures, loop=client.loop, with_results=True, raise_errors=False, timeout=LOOK)

    under_way: dict[str, tuple[Any, list[int]]] = {}
    suspects, number = [], 1
    threads, coming, met = n_threads(client), look(), time.monotonic()
    while True:
        while len(under_way) < 2 * max(threads, 1) and (bundle := waiting.take(number)):
            future = send(bundle)
            under_way[future.key] = future, bundle
            coming.add(future)
        if not under_way:
            return sorted(suspects)
        try:
            future, result = next(coming)
        except TimeoutError:
            threads, coming, now = n_threads(client), look(), time.monotonic()
            met = now if threads else met
            if now - met > patience:
                raise InputError(_deserted(client.scheduler.address, patience)) from None
            continue
        _, bundle = under_way.pop(future.key)
        if future.status == "finished" and not isinstance(result, Stranger):
            done, taken = result
            waiting.give_back(bundle[len(done) :])
            number = next_bundle(len(done), taken)
            for k, record in zip(bundle, done, strict=False):
                yield k, (record, "")
        elif future.status == "finished":
            raise InputError(_unlike(result))
        elif future.status != "error":
            raise InputError(GONE)
        elif isinstance(future.exception(), KilledWorker):
            suspects += bundle
        else:
            raise InputError(
                f"a worker cannot do our runs ({_line(future.exception())}); install the same nqpf_abm on all machines"
            )


def _check_address(address: str) -> None:
    """Raise ValueError for what is no address: a client that was given one is slow to end."""
    from distributed import Security
    from distributed.comm import get_address_host_port

    get_address_host_port(address)
    if (
        address.startswith(("tls://", "wss://"))
        and not Security().get_connection_args("client")["ssl_context"]
    ):
        raise ValueError("Dask's settings name no certificate for TLS")


def _workers_of_our_own(jobs: int):
    """Processes on this machine that do one run at a time, and leave interrupts to this one, which then ends them."""
    from distributed import LocalCluster

    try:
        return LocalCluster(
            n_workers=jobs,
            threads_per_worker=1,
            processes=True,
            memory_limit=None,
            dashboard_address=None,
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},  # none, but its port is taken all the same
            silence_logs=logging.CRITICAL,
            preload=["import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"],
        )
    except RuntimeError as error:
        raise InputError(
            f"workers could not be started ({_line(error)}); they read a script from its beginning: what it does must be "
            'under `if __name__ == "__main__":`'
        ) from None


def _deserted(cluster: Any, patience: float) -> str:
    return (
        f"no worker of the cluster {cluster} turned up in {patience:g} s; start some (`dask worker ADDRESS`) and give the "
        "same command again, or wait longer: --wait SECONDS"
    )


def _unlike(stranger: Stranger) -> str:
    ours = made_of()
    names = [name for name in {**ours, **stranger.made_of} if ours.get(name) != stranger.made_of.get(name)]
    told = ", ".join(f"{name} {stranger.made_of.get(name)} there, {ours.get(name)} here" for name in names)
    return (
        f"worker {stranger.worker} has {told}; numbers could differ: install the same on all machines, and start the "
        "workers again"
    )


def _line(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"
