"""Arrows point one way: who may import whom."""

import ast
import subprocess
import sys
from pathlib import Path

import nqpf_abm

PACKAGE = Path(nqpf_abm.__file__).parent
LOW = {"errors", "numerics"}
ALLOWED = {
    "errors": set(),
    "numerics": set(),
    "declare": LOW,
    "data": {"errors"},
    "measure": set(),
    "viz": set(),
    "state": LOW | {"declare", "data"},
    "mechanisms": LOW | {"declare", "data", "state", "policy"},
    "policy": LOW | {"declare", "data", "state"},
    "engine": LOW | {"declare", "data", "state", "mechanisms", "policy"},
    "agents": LOW | {"declare", "data", "state", "mechanisms", "engine"},
    "collect": LOW | {"declare", "data", "state", "measure"},
    "ecosystem": LOW | {"declare", "data", "state", "mechanisms", "policy", "engine", "agents", "collect"},
    "experiment": LOW
    | {
        "declare",
        "data",
        "measure",
        "state",
        "mechanisms",
        "policy",
        "engine",
        "agents",
        "collect",
        "ecosystem",
    },
    "sweep": LOW
    | {
        "declare",
        "data",
        "measure",
        "state",
        "mechanisms",
        "policy",
        "engine",
        "collect",
        "ecosystem",
        "experiment",
    },
    "describe": LOW | {"declare", "data", "state", "mechanisms", "engine", "collect", "experiment"},
}
MESA = {"agents", "ecosystem", "app"}


def imports(path: Path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level < 2, f"{path}: a relative import that leaves its folder"
            if node.level == 1:
                continue
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def test_arrows_point_one_way():
    wrong = []
    for path in PACKAGE.rglob("*.py"):
        here = room(path)
        for name in imports(path):
            parts = name.split(".")
            if parts[0] == "mesa" and here not in MESA:
                wrong.append(f"{path.name} imports mesa")
            if parts[0] != "nqpf_abm" or here in ("cli", "__init__") or len(parts) < 2:
                continue
            there = parts[1]
            if there not in (here, "FOLDER") and there not in ALLOWED[here]:
                wrong.append(f"{here}/{path.name} imports {there}")
    assert wrong == []


def test_importing_the_package_loads_nothing_heavy():
    code = (
        "import sys, nqpf_abm, nqpf_abm.cli.main\n"
        "heavy = {'numpy', 'pandas', 'numba', 'mesa', 'matplotlib', 'scipy'} & set(sys.modules)\n"
        "sys.exit(', '.join(sorted(heavy)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
