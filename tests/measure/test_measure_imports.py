"""The kernels stand alone: they need NumPy and nothing heavier."""

import subprocess
import sys

HEAVY = ("pandas", "scipy", "numba", "mesa", "matplotlib", "rich", "typer")


def test_measuring_loads_numpy_only():
    code = (
        "import sys, nqpf_abm.measure as measure; measure.dagum_gini([1, 2], [1, 2]); "
        f"print(*[name for name in {HEAVY} if name in sys.modules])"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.split() == []
