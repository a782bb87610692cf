"""The notebooks run from top to bottom; their last cell checks what their answer key says."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).resolve().parents[1] / "notebooks").glob("*.py"))


def test_there_are_notebooks():
    assert [path.name for path in NOTEBOOKS] == [
        "01_trickle_down.py",
        "03_policy_experiment.py",
        "04_sensitivity.py",
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_in_two_minutes_and_leaves_nothing(path, tmp_path):
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, str(path)],
        cwd=tmp_path,
        env=os.environ | {"MPLBACKEND": "Agg"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert time.perf_counter() - start < 120
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_exercise_has_its_answer(path):
    text = path.read_text(encoding="utf-8")
    lesson, key = text.split("## Answer key")
    asked = lesson.count("**Exercise ")
    assert asked >= 5
    assert [f"# {k}. " in key for k in range(1, asked + 1)] == [True] * asked
