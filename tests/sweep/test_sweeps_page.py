"""The study and the code that docs/sweeps.md shows do work, and its lists are whole."""

import re
from pathlib import Path

import pytest

from nqpf_abm.sweep import Study, load_tables
from nqpf_abm.sweep.design import METHODS
from nqpf_abm.sweep.quantities import quantities

PAGE = (Path(__file__).parents[2] / "docs" / "sweeps.md").read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (text,) = re.findall(r"```toml\n(.*?)```", PAGE, re.S)
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_study_of_the_page_runs(folder, capsys):
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.S)
    exec(code, {"__name__": "docs"})
    assert capsys.readouterr().out == "morris ('nqpf', 'gini', 'N5') (20, 6) 0\n"
    tables = load_tables("sweep")
    assert tables.groups == ("leadership.openness", "proactivity", "proactivity", "M06", "policy.M72")
    assert len(Study.load("study.toml").plan().distinct) <= 20


def test_the_lists_of_the_page_are_whole():
    designs = PAGE.split("## Designs")[1].split("##")[0]
    assert set(METHODS) <= set(re.findall(r"`(\w+)`", designs))
    outcomes = PAGE.split("## Outcomes")[1].split("##")[0]
    named = set(re.findall(r"`(\w+)`", outcomes)) | {f"N{k}" for k in range(1, 19)}
    assert named == set(quantities())
