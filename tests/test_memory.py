"""Many runs in one process do not make it grow, whether models are closed or left to Python."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "benchmarks" / "memory.py"
RUNS = 80
A_STATE = 400_000
"""Least bytes of the tables of one such model: what a run would leave behind whose model is still held somewhere."""

HOLD = f"""
import runpy, sys
sys.argv = ["memory.py", "--runs", "{RUNS}", "--json"]
sys.path.insert(0, {str(SCRIPT.parent)!r})
from nqpf_abm.ecosystem import Ecosystem
kept = []
Ecosystem.close = lambda self: kept.append(self)
runpy.run_path({str(SCRIPT)!r}, run_name="__main__")
"""


def growth(*command) -> float:
    """Bytes per run by which the process grew over the second half of its runs."""
    done = subprocess.run([sys.executable, *map(str, command)], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])["bytes_per_run"]


pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory held is read from /proc")


@pytest.mark.parametrize(
    ("runs", "how"), [(RUNS, ()), (RUNS, ("--leave",)), (RUNS // 2, ("--engine", "agents", "--leave"))]
)
def test_memory_does_not_grow_over_runs(runs, how):
    """Over the second half no more than four models' worth, which Python may take when it likes."""
    assert growth(SCRIPT, "--runs", runs, "--json", *how) * runs / 2 < 4 * A_STATE


def test_a_model_that_is_held_is_seen():
    assert growth("-c", HOLD) > A_STATE
