"""How fast are the phases and whole runs? Every comparison is a ratio within one interleaved run.

python benchmarks/run.py [--quick] [--json FILE]

1. Six phases at 1e4, 1e5 and 1e6 employees against plain Mesa, NumPy, polars and C, all checked to say the same.
2. Whole runs: columns on one thread, two runs in two threads, the agents engine.
3. Cost of an agent and quarter, and memory, as the model grows.
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import json
import platform
import subprocess
import sys
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from statistics import median

import pandas as pd
from agreement import Columns, compare, settled
from in_c import FLAGS, InC, compiler
from in_c import PHASES as PHASES_IN_C
from memory import held_memory, reset_peak
from plain_mesa import PHASES, Employee, PlainMesa
from vectorised import Vectorised

from nqpf_abm.ecosystem import Ecosystem
from nqpf_abm.state.tables import AGENT_TABLES, DTYPES

BATCH = 0.02
"""Seconds of repeated calls that make one measurement, if a single call takes less."""


def clock(act) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


# ------------------------------------------------------------------------------------------------ phases
def peers() -> list[tuple[type, tuple[str, ...]]]:
    """The other ways of writing the phases that this machine can run, with the phases each has."""
    found: list[tuple[type, tuple[str, ...]]] = [(PlainMesa, PHASES), (Vectorised, PHASES)]
    if importlib.util.find_spec("polars"):
        from in_polars import PHASES as PHASES_IN_POLARS
        from in_polars import InPolars

        found.append((InPolars, PHASES_IN_POLARS))
    else:
        print("polars is not installed: left out")
    if compiler():
        found.append((InC, PHASES_IN_C))
    else:
        print("no C compiler: left out")
    return found


def per_call(make, phase: str, calls: int) -> float:
    """Seconds a call, from `calls` calls in a row on a fresh or lasting copy of the state."""
    actor = make()
    actor.act(phase)  # warms the caches alike for all
    return clock(lambda: [actor.act(phase) for _ in range(calls)]) / calls


def time_phases(employees: float, rounds: int) -> list[dict]:
    state, p = settled(employees)
    n = {"entrepreneurs": 0, "teams": 0, "employees": 0}
    n = {kind: int(getattr(state, kind)["is_alive"].sum()) for kind in n}
    kind_of = {"lead": "entrepreneurs", "follow_leader": "teams"}
    mesa_model = PlainMesa(state, p)  # too slow to make anew for each round
    rows = []
    for phase in PHASES:
        makers = {"nqpf_abm": lambda: Columns(state)}
        agreement = {}
        for peer, phases in peers():
            if phase in phases:
                agreement[peer.name] = compare(phase, Columns(state), peer(state, p))
                makers[peer.name] = (lambda: mesa_model) if peer is PlainMesa else lambda q=peer: q(state, p)
        once = {who: per_call(make, phase, 1) for who, make in makers.items()}
        calls = {who: max(1, min(200, int(BATCH / t))) for who, t in once.items()}
        found: dict[str, list[float]] = {who: [] for who in makers}
        for _ in range(rounds):
            for who, make in makers.items():
                found[who].append(per_call(make, phase, calls[who]))
        acting = n[kind_of.get(phase, "employees")]
        for who, times in found.items():
            ratios = [t / ours for t, ours in zip(times, found["nqpf_abm"], strict=True)]
            kind, worst = agreement.get(who, ("", 0.0))
            rows.append(
                {
                    "phase": phase, "rows": acting, "by": who,
                    "ns_per_row": 1e9 * min(times) / acting,
                    "ratio": median(ratios), "ratio_of_minima": min(times) / min(found["nqpf_abm"]),
                    "agreement": kind, "difference": worst,
                }
            )  # fmt: skip
    return rows


# ------------------------------------------------------------------------------------------------- runs
def whole_run(seed: int, engine: str = "columns", quarters: int = 44) -> None:
    model = Ecosystem(seed=seed, engine=engine, quarters=quarters)
    model.run()
    model.close()


def time_runs(rounds: int, few_quarters: int) -> dict[str, float]:
    whole_run(1)
    many, burn_in = 4, 20
    found: dict[str, list[float]] = {"one": [], "two": [], "short": [], "agents": []}
    with ThreadPoolExecutor(2) as pool:
        for k in range(rounds):
            found["one"].append(clock(lambda: [whole_run(s) for s in range(many)]) / many)
            found["two"].append(clock(lambda: list(pool.map(whole_run, range(2 * many)))) / (2 * many))
            found["short"].append(clock(lambda k=k: whole_run(k, quarters=few_quarters)))
            found["agents"].append(clock(lambda k=k: whole_run(k, "agents", few_quarters)))
    ratio = median(b / a for a, b in zip(found["short"], found["agents"], strict=True))
    return {
        "runs per second, one thread": 1 / median(found["one"]),
        "seconds per run, one thread (least)": min(found["one"]),
        "runs per second, two runs in two threads": 1 / median(found["two"]),
        "two threads over one": median(a / b for a, b in zip(found["one"], found["two"], strict=True)),
        "quarters of the engines' comparison": burn_in + few_quarters,
        "agents engine, seconds per quarter": median(found["agents"]) / (burn_in + few_quarters),
        "agents engine over columns, time": ratio,
    }


# --------------------------------------------------------------------------------------------- growth
def grow(employees: float, quarters: int) -> dict[str, float]:
    """Cost and memory of one size; run in a process of its own, so that memory is its own."""
    Ecosystem(seed=2, scale=0.25, quarters=1).run()  # loads the code
    gc.collect()
    reset_peak()
    before = held_memory()
    model = Ecosystem(seed=1, scale=employees / 7038, set={"start.burn_in": 4}).settle()
    alive = {kind: int(getattr(model.state, kind)["is_alive"].sum()) for kind in AGENT_TABLES}
    times = [clock(model.step) for _ in range(quarters)]
    after = held_memory("VmHWM")
    held = sum(getattr(model.state, kind).nbytes for kind in AGENT_TABLES)
    agents = sum(alive.values())
    return {
        "employees": alive["employees"],
        "agents": agents,
        "ns per agent and quarter": 1e9 * median(times) / agents,
        "seconds per quarter": median(times),
        "bytes per employee row": DTYPES["employees"].itemsize,
        "employees' table, bytes per living employee": model.state.employees.nbytes / alive["employees"],
        "all tables, bytes per agent": held / agents,
        "peak memory gained, bytes per agent": (after - before) / agents,
    }


def time_growth(sizes: list[float], quarters: int) -> list[dict]:
    found = []
    for size in sizes:
        command = [sys.executable, __file__, "--grow", str(size), "--quarters", str(quarters)]
        found.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    return found


def plain_mesa_bytes() -> float:
    """Memory of one plain Mesa employee, from the allocations made for a whole model."""
    state, p = settled(2000)
    PlainMesa(state, p)
    tracemalloc.start()
    model = PlainMesa(state, p)
    used = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return used / len(model.agents_by_type[Employee])


# ---------------------------------------------------------------------------------------------- report
def machine() -> dict[str, str | int]:
    cpu = platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        names = [line.split(":")[1].strip() for line in info.read_text().splitlines() if "model name" in line]
        cpu, count = (names[0], len(names)) if names else (cpu, 0)
    else:
        count = 0
    found: dict[str, str | int] = {"processor": cpu, "cores": count, "system": platform.system()}
    found["python"] = platform.python_version()
    for name in ("numba", "numpy", "mesa", "polars"):
        if importlib.util.find_spec(name):
            found[name] = version(name)
    if compiler():
        said = subprocess.run([compiler(), "--version"], capture_output=True, text=True).stdout
        found["C"] = said.splitlines()[0] + " " + " ".join(FLAGS[:2])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="smaller and fewer, to see that it works")
    parser.add_argument("--json", type=Path, help="file for the results")
    parser.add_argument("--grow", type=float, help=argparse.SUPPRESS)
    parser.add_argument("--quarters", type=int, default=8, help=argparse.SUPPRESS)
    a = parser.parse_args()
    if a.grow:
        print(json.dumps(grow(a.grow, a.quarters)))
        return
    sizes = {2e3: 3} if a.quick else {1e4: 7, 1e5: 5, 1e6: 3}
    results = {"machine": machine()}
    print(pd.Series(results["machine"]).to_string(), "\n")
    results["phases"] = [row for n, rounds in sizes.items() for row in time_phases(n, rounds)]
    print(tidy(results["phases"]), "\n")
    results["runs"] = time_runs(2 if a.quick else 5, 4)
    print(pd.Series(results["runs"]).map("{:.3f}".format).to_string(), "\n")
    results["growth"] = time_growth([2e3, 1e4] if a.quick else [1e4, 1e5, 1e6], 8)
    print(pd.DataFrame(results["growth"]).T.map("{:,.4g}".format).to_string(header=False), "\n")
    results["plain Mesa, bytes per employee"] = plain_mesa_bytes()
    print(f"plain Mesa, bytes per employee with its share of teams, leaders, firms: "
          f"{results['plain Mesa, bytes per employee']:.0f}")  # fmt: skip
    if a.json:
        a.json.write_text(json.dumps(results, indent=1, default=float) + "\n")


def tidy(rows: list[dict]) -> str:
    """Time per row of ours, and of the others as multiples of it, one line for each phase and size."""
    frame = pd.DataFrame(rows)
    wide = frame.pivot(index=["rows", "phase"], columns="by", values="ratio")
    wide.insert(
        0, "ours, ns/row", frame[frame["by"] == "nqpf_abm"].set_index(["rows", "phase"])["ns_per_row"]
    )
    shown = [c for c in ("plain Mesa", "NumPy", "polars", "C") if c in wide]
    wide = wide[["ours, ns/row", *shown]].sort_index()
    return wide.round(2).to_string(na_rep="-")


if __name__ == "__main__":
    main()
