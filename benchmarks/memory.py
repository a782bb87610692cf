"""Does memory grow over many runs in one process? What the process holds after every twentieth of the runs.

python benchmarks/memory.py [--runs 1000] [--engine agents] [--leave] [--json]

--leave   leave every model to Python instead of closing it
"""

from __future__ import annotations

import argparse
import gc
import json
import re
from pathlib import Path

import numpy as np

from nqpf_abm.ecosystem import Ecosystem

STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
TINY = {"start.firms": 96, "start.least_firms": 6, "start.universities": 12, "start.burn_in": 4}
PARTS = 20


def held_memory(name: str = "VmRSS") -> float:
    """Memory of this process in bytes, by Linux's own account: "VmRSS" held now, "VmHWM" the most since the last reset.

    Not `resource`'s figure: it is never less than what the parent held when it started this process, and keeps the
    peak of loading the code. NaN where the system keeps no such account.
    """
    if not STATUS.is_file():
        return float("nan")
    return 1024.0 * int(re.search(rf"{name}:\s+(\d+)", STATUS.read_text())[1])


def reset_peak() -> None:
    """Let "VmHWM" start again from what is held now."""
    if CLEAR.is_file():
        CLEAR.write_text("5")


def held_over_runs(runs: int, engine: str, leave: bool) -> list[float]:
    """Bytes held after each of `PARTS` equal parts of `runs` runs, each with its own seed and scored."""
    held = []
    for k in range(1, runs + 1):
        model = Ecosystem(seed=k, engine=engine, quarters=8, set=TINY).run()
        assert np.isfinite(model.results.scores["nqpf"]).all()
        if not leave:
            model.close()
        del model
        if k % (runs // PARTS) == 0:
            gc.collect()
            held.append(held_memory())
    return held


def bytes_per_run(held: list[float], runs: int) -> float:
    """Slope of what is held over the second half of the runs: by then allocators and caches have what they want."""
    later = held[len(held) // 2 :]
    return float(np.polyfit(np.arange(len(later)) * (runs // PARTS), later, 1)[0])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--engine", default="columns")
    parser.add_argument("--leave", action="store_true")
    parser.add_argument("--json", action="store_true", help="print figures for another program")
    a = parser.parse_args()
    held = held_over_runs(a.runs, a.engine, a.leave)
    growth = bytes_per_run(held, a.runs)
    if a.json:
        print(json.dumps({"held": held, "bytes_per_run": growth}))
        return
    print("held after each twentieth, MB:", " ".join(f"{x / 1e6:.1f}" for x in held))
    print(f"growth over the second half: {growth:,.0f} bytes per run")


if __name__ == "__main__":
    main()
