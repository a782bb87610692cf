"""How much does a sweep cost beyond its bare runs, and how much can its store take?

    python benchmarks/sweep.py [--runs 60] [--jobs 2] [--rounds 3] [--stored 100000]

runs/s of bare runs (`Ecosystem(...).run()`, nothing measured, nothing kept) and of the same runs as a sweep (measured,
stored), for the default model, a small and a tiny one; both by the same number of processes, in turns, best of the
rounds. Beside it the processor time of a run, all processes together, which other load on the machine moves less.
Threads instead of processes for comparison. Then the store alone: runs/s kept, seconds to read them as tables, and the
most memory the process ever had (Linux).
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from nqpf_abm import Ecosystem
from nqpf_abm.experiment.execute import each
from nqpf_abm.sweep import Study, load_tables
from nqpf_abm.sweep.execution import run_one, run_study
from nqpf_abm.sweep.parts import Record
from nqpf_abm.sweep.plan import Plan, design_hash
from nqpf_abm.sweep.store import Store

STUDY = """
title = "benchmark"
outcomes = ["nqpf", "gini", "output"]
{size}
[method]
name = "lhs"
size = {runs}
[[factor]]
parameter = "leadership.openness"
[[factor]]
parameter = "proactivity.contagion"
"""
SMALL = '"start.firms" = 60, "start.least_firms" = 4, "start.universities" = 12, "start.burn_in" = 4'
LEAST = '"start.size_log_mean" = 1.5, "start.size_high" = 60, "pipeline.per_quarter" = 30, "pipeline.least_per_quarter" = 2'
SIZES = {
    "default": "until = 2022",
    "small": f"until = 2013\nset = {{ {SMALL} }}",
    "tiny": f"until = 2013\nscale = 0.5\nset = {{ {SMALL}, {LEAST} }}",
}
"""Small: few firms and universities. Tiny: few projects and small firms too, the least declared, and half of that."""
TIMES = {"default": 1, "small": 4, "tiny": 20}
"""Runs for one of the default model: what a sweep takes to begin and to end counts less in a long one."""


def rates(size: str, runs: int, jobs: int, rounds: int) -> dict[str, tuple[float, float]]:
    """Runs per second and processor time of one, bare and as a sweep by processes, and as threads; best of the rounds."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "study.toml"
        path.write_text(STUDY.format(size=SIZES[size], runs=runs), encoding="utf-8")
        study = Study.load(path)
        plan = study.plan()

        def bare(run: int) -> None:
            row = dict(zip(plan.factors, plan.values[run], strict=True))
            changes = {**study.changes, **row}
            Ecosystem(study.seed, until=study.until, scale=study.scale, set=changes).run().close()

        def threads() -> None:
            with ThreadPoolExecutor(jobs) as pool:
                list(pool.map(lambda run: run_one(study, plan, run), range(runs)))

        bare(0)
        best = {name: (0.0, float("inf")) for name in ("bare", "sweep", "threads")}
        for k in range(rounds):
            for name, act in (
                ("bare", lambda: list(each(bare, runs, jobs))),
                ("sweep", lambda k=k: run_study(study, Path(folder) / f"{k}", jobs=jobs)),
                ("threads", threads),
            ):
                before = processor_time()
                rate = runs / seconds(act)
                cost = (processor_time() - before) / runs
                best[name] = max(best[name][0], rate), min(best[name][1], cost)
    return best


def agents(size: str) -> str:
    """How many agents a run has at its end, and how long it is, in words."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "study.toml"
        path.write_text(STUDY.format(size=SIZES[size], runs=2), encoding="utf-8")
        study = Study.load(path)
    model = Ecosystem(study.seed, until=study.until, scale=study.scale, set=study.changes).run()
    tables = ("firms", "teams", "employees", "universities", "projects")
    alive = {name: int((getattr(model.state, name)["is_alive"] == 1).sum()) for name in tables}
    told = ", ".join(f"{n} {name}" for name, n in alive.items())
    return f"{sum(alive.values())} agents ({told}), {model.burn_in + model.horizon} quarters"


def processor_time() -> float:
    """Seconds that this process and its finished children have computed."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def peak_memory() -> float:
    """The most memory this process ever had, in MB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return float(status.split("VmHWM:")[1].split()[0]) / 1024


def seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def store_alone(runs: int) -> dict[str, float]:
    """The store without a model: 10 factors, 10 outcomes, one replicate."""
    unit = np.random.default_rng(0).random((runs, 10))
    names = [f"o{k}" for k in range(10)]
    identity = {
        "title": "store",
        "model": {"outcomes": names, "source": ""},
        "method": {"name": "lhs", "size": runs},
        "factors": [{"name": f"f{k}", "group": ""} for k in range(10)],
        "replicates": 1,
        "seed": 0,
        "units": dict.fromkeys(names, "1"),
        "design": design_hash(unit, unit),
    }
    with tempfile.TemporaryDirectory() as folder:
        with Store.begin(Path(folder) / "o", Plan(identity, unit, unit)) as store:
            numbers = np.arange(10.0)
            start = time.perf_counter()
            for run in range(runs):
                store.add(Record(run, f"{run:032x}", numbers + run, f"{run:064x}"))
            kept = time.perf_counter() - start
        read = seconds(lambda: load_tables(Path(folder) / "o"))
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
    return {"kept/s": runs / kept, "read (s)": read, "disk (MB)": size / 1e6, "peak (MB)": peak_memory()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=60)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--stored", type=int, default=100_000)
    parser.add_argument("--store-only", action="store_true", help="the store alone, in this process")
    asked = parser.parse_args()
    if asked.store_only:
        print(
            f"store of {asked.stored} runs: ", *(f"{k} {v:.1f}" for k, v in store_alone(asked.stored).items())
        )
        return
    for size in SIZES:
        print(f"{size}: {agents(size)}", flush=True)
        found = rates(size, TIMES[size] * asked.runs, asked.jobs, asked.rounds)
        (bare, least), (sweep, cost), (threads, _) = found.values()
        print(
            f"{size}, {asked.jobs} processes: bare {bare:.2f} runs/s, sweep {sweep:.2f} ({100 * sweep / bare:.0f} %), "
            f"{asked.jobs} threads {threads:.2f}; processor time of a run: bare {1000 * least:.0f} ms, sweep "
            f"{1000 * cost:.0f} ms ({100 * least / cost:.0f} %)",
            flush=True,
        )
    command = [sys.executable, __file__, "--store-only", "--stored", str(asked.stored)]
    subprocess.run(command, check=True)  # in a process of its own: its memory is to be measured


if __name__ == "__main__":
    main()
