"""How long from the start of a process to the first simulated quarter of `nqpf run`, with compiled code on disk?

python benchmarks/startup.py [--rounds 7]

The bound is measured in the same run: a bare process that imports what the model stands on and then makes numba ready
for its first compiled function, neither of which we can shorten.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from statistics import median

IMPORTS = "import mesa, numba, pandas"
READY = IMPORTS + "; from numba.core.registry import cpu_target; cpu_target.target_context.refresh()"
FIRST_QUARTER = """
import gc, os, sys
from nqpf_abm.cli.start import OBJECTS_IMPORTED, main
gc.set_threshold(OBJECTS_IMPORTED)  # main would do so first
from nqpf_abm.ecosystem import Ecosystem

def quarter_and_out(self, quarter=Ecosystem._quarter):
    quarter(self)
    os._exit(0)

Ecosystem._quarter = quarter_and_out
sys.argv = ["nqpf", "run", "--quiet"]
main()
"""
PROCESSES = {
    "imports mesa, numba, pandas": IMPORTS,
    "and numba is ready (the bound)": READY,
    "nqpf run, first quarter": FIRST_QUARTER,
}


def run_process(code: str, folder: str) -> tuple[float, float]:
    """Wall and processor seconds of a new process that runs `code`; Python's own bytecode is kept in `folder`."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = folder
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    code += "\nimport os; os._exit(0)"  # what it costs to end is not asked
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, cwd=folder)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(rounds: int) -> dict[str, list[tuple[float, float]]]:
    """Wall and processor seconds of every process, `rounds` times in turn, after one round that warms the disk."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in PROCESSES}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds + 1):
            for name, code in PROCESSES.items():
                found[name].append(run_process(code, folder))
    return {name: times[1:] for name, times in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    found = measure(parser.parse_args().rounds)
    bound = found["and numba is ready (the bound)"]
    print(f"{'':32} {'least s':>8} {'median s':>9} {'processor s':>12} {'over the bound':>15}")
    for name, times in found.items():
        walls, cpus = zip(*times, strict=True)
        ratio = median(a / b for (_, a), (_, b) in zip(times, bound, strict=True))
        print(f"{name:32} {min(walls):8.2f} {median(walls):9.2f} {median(cpus):12.2f} {ratio:15.2f}")


if __name__ == "__main__":
    main()
