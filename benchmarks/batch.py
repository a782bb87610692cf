"""How do sweeps compare with Mesa's own batch runner, and what do they leave of the bare runs?

    python benchmarks/batch.py [--runs 60] [--jobs 2] [--rounds 3]

The same design and outcomes, for the default model, a small and a tiny one, in turns: bare runs (nothing measured or
kept), a sweep (measured, stored), `mesa.batch_run` (measured by a DataCollector, kept in memory alone), and a sweep on a
cluster of Dask's whose processes run already. Runs/s are medians of the rounds, ratios medians of the ratios within a round.
Processor time, all processes together, is moved less by other load on the machine; that of a cluster is not known here.
Mesa starts its processes anew (spawn), which counts: seconds for a sweep of no more runs than processes tell how much.
All are first checked to give the same numbers.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import mesa
import numpy as np

from nqpf_abm import Ecosystem
from nqpf_abm.experiment.execute import each
from nqpf_abm.sweep import Study, load_tables
from nqpf_abm.sweep.execution import run_study
from nqpf_abm.sweep.quantities import LastYear, chosen
from sweep import SIZES, STUDY, TIMES, processor_time, seconds

OUTCOMES = ("nqpf", "gini", "output")
FACTORS = ("leadership.openness", "proactivity.contagion")


class Reported(Ecosystem):
    """The model as `mesa.batch_run` wants it: stops by itself, reports by a DataCollector.

    point  value of each factor;  changes  what all runs set
    """

    def __init__(self, point: tuple[float, ...], seed: int, until: int, scale: float, changes: tuple):
        changes = dict(changes) | dict(zip(FACTORS, point, strict=True))
        super().__init__(seed, until=until, scale=scale, set=changes)
        self.reported = None
        reporters = {q.name: lambda model, q=q: model.report(q) for q in chosen(OUTCOMES)}
        self.datacollector = mesa.DataCollector(model_reporters=reporters)

    def report(self, quantity) -> float:
        """Of the last year; nothing is measured before, though Mesa wants a value for every step."""
        if self.running:
            return float("nan")
        if self.reported is None:
            self.reported = LastYear(self)
        return quantity.of(self.reported)

    def step(self) -> None:
        super().step()
        self.running = self.quarters_done < self.horizon
        self.datacollector.collect(self)


def compare(size: str, runs: int, jobs: int, rounds: int, cluster) -> str:
    """One size, all ways in turns; in words."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "study.toml"
        path.write_text(STUDY.format(size=SIZES[size], runs=runs), encoding="utf-8")
        study = Study.load(path)
        plan = study.plan()
        numbers = iter(range(10**6))

        def bare(run: int) -> None:
            row = dict(zip(plan.factors, plan.values[run], strict=True))
            changes = {**study.changes, **row}
            Ecosystem(study.seed, until=study.until, scale=study.scale, set=changes).run().close()

        def sweep(**where) -> Path:
            return run_study(study, Path(folder) / f"{next(numbers)}", jobs=jobs, **where)

        def in_mesa(n: int = runs) -> list[dict]:
            parameters = {
                "point": [tuple(row) for row in plan.values[:n].tolist()],
                "seed": study.seed,
                "until": study.until,
                "scale": study.scale,
                "changes": [tuple(study.changes.items())],
            }
            return mesa.batch_run(Reported, parameters, number_processes=jobs, display_progress=False)

        bare(0)
        ways: dict[str, Callable[[], object]] = {
            "bare": lambda: list(each(bare, runs, jobs)),
            "sweep": sweep,
            "mesa": in_mesa,
        }
        if cluster is not None:
            ways["cluster"] = lambda: sweep(cluster=cluster)
            check(load_tables(ways["cluster"]()), in_mesa())
        check(load_tables(sweep()), in_mesa())
        time = {way: [] for way in ways}
        cost = {way: [] for way in ways}
        for _ in range(rounds):
            for way, act in ways.items():
                before = processor_time()
                time[way].append(seconds(act) / runs)
                cost[way].append((processor_time() - before) / runs)
        start = seconds(lambda: in_mesa(jobs))

    def ratio(of: dict, a: str, b: str) -> float:
        return median(x / y for x, y in zip(of[a], of[b], strict=True))

    rates = ", ".join(f"{way} {1 / median(found):.2f}" for way, found in time.items())
    told = (
        f"{size}, {runs} runs, {jobs} processes, runs/s: {rates}\n"
        f"  sweep of bare: {100 * ratio(time, 'bare', 'sweep'):.0f} % by time, "
        f"{100 * ratio(cost, 'bare', 'sweep'):.0f} % by processor time\n"
        f"  mesa.batch_run over sweep: {ratio(time, 'mesa', 'sweep'):.2f} by time, "
        f"{ratio(cost, 'mesa', 'sweep'):.2f} by processor time; {jobs} runs take it {start:.1f} s"
    )
    if cluster is not None:
        told += f"\n  sweep on a cluster over sweep: {ratio(time, 'cluster', 'sweep'):.2f} by time"
    return told


def check(tables, rows: list[dict]) -> None:
    """Raise AssertionError unless Mesa's runs came out as ours did."""
    ours = tables.outcomes[list(OUTCOMES)].to_numpy()
    theirs = np.array([[row[name] for name in OUTCOMES] for row in sorted(rows, key=lambda r: r["RunId"])])
    np.testing.assert_array_equal(ours, theirs)


@contextmanager
def a_cluster(jobs: int) -> Iterator[str | None]:
    """Address of a cluster in a process of its own, which has no forks to disturb; None if Dask is not installed."""
    if not importlib.util.find_spec("distributed"):
        print("distributed is not installed: left out")
        yield None
        return
    code = (
        "import logging; from distributed import LocalCluster\n"
        f"cluster = LocalCluster(n_workers={jobs}, threads_per_worker=1, dashboard_address=None, "
        "scheduler_kwargs={'dashboard_address': '127.0.0.1:0'}, silence_logs=logging.CRITICAL)\n"
        "print(cluster.scheduler_address, flush=True); input(); cluster.close()"
    )
    pipe = subprocess.PIPE
    process = subprocess.Popen([sys.executable, "-c", code], stdin=pipe, stdout=pipe, text=True)
    try:
        yield process.stdout.readline().strip()
    finally:
        process.communicate("\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=60)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    busy = "{:.1f}, {:.1f}".format(*os.getloadavg()[:2]) if hasattr(os, "getloadavg") else "unknown"
    print(f"load of the machine at the start (1 and 5 minutes): {busy}", flush=True)
    with a_cluster(asked.jobs) as cluster:
        for size in SIZES:
            print(compare(size, TIMES[size] * asked.runs, asked.jobs, asked.rounds, cluster), flush=True)


if __name__ == "__main__":
    main()
