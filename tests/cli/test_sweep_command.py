"""``nqpf sweep`` as a user has it: studies, shares, replays, tables, interrupts, and what goes wrong."""

import os
import signal
import subprocess
import sys
import time

import pandas as pd
import pytest
import typer

from nqpf_abm.cli.main import app
from nqpf_abm.sweep import Study

STUDY = """
title = "tiny"
until = 2013
outcomes = ["nqpf", "output"]
replicates = 2

[set]
"start.firms" = 96
"start.least_firms" = 6
"start.universities" = 12
"start.burn_in" = 4

[method]
name = "lhs"
size = 6

[[factor]]
parameter = "leadership.openness"

[[factor]]
switch = "M06"
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "s.toml").write_text(STUDY, encoding="utf-8")
    return tmp_path


def contents(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*.parquet"))}


def test_a_study_is_run_once_replayed_and_exported(nqpf, folder):
    code, out, err = nqpf("sweep", "s.toml", "--dry-run", cwd=folder)
    assert code == 0 and "6 rows of 2 factors, 2 runs each; 12 different runs" in " ".join(out.split()), (
        out + err
    )
    assert not (folder / "results").exists()
    code, out, err = nqpf("sweep", "s.toml", "--workers", 2, cwd=folder)
    assert code == 0 and "12 runs are in results/sweep-s, 0 of them failed" in out, out + err
    code, out, _ = nqpf("sweep", "s.toml", "--dry-run", cwd=folder)
    assert "12 different runs here, 0 to do" in " ".join(out.split())
    code, out, _ = nqpf("sweep", "s.toml", "--resume", "--quiet", cwd=folder)
    assert (code, out.strip()) == (0, "results/sweep-s")
    code, out, _ = nqpf("replay", "results/sweep-s", 7, cwd=folder)
    assert code == 0 and "row 3, replicate 1, seed 2" in out and "The same, bit for bit" in out
    code, out, _ = nqpf("export", "results/sweep-s", cwd=folder)
    runs, outcomes = (pd.read_csv(folder / line) for line in out.split())  # six rows are too few for indices
    assert runs.shape == (12, 3 + 2 + 2 + 1) and outcomes.shape == (24, 6)
    assert runs["nqpf"].tolist() == outcomes.loc[outcomes["outcome"] == "nqpf", "value"].tolist()
    code, out, _ = nqpf("export", "results/sweep-s", "--to", "parquet", cwd=folder)
    again = pd.read_parquet(folder / out.split()[0])
    pd.testing.assert_frame_equal(again.drop(columns="error"), runs.drop(columns="error"))


def test_shares_are_merged_into_the_whole(nqpf, folder):
    for i in (1, 2):
        code, out, _ = nqpf("sweep", "s.toml", "--shard", f"{i}/2", cwd=folder)
        assert code == 0 and "6 of 12 of the whole study" in out
    shares = [f"results/sweep-s-shard-{i}-of-2" for i in (1, 2)]
    code, out, _ = nqpf("merge", shares[0], "--out", "whole", cwd=folder)
    assert code == 0 and "6 of 12 runs are in whole; the rest" in out
    code, out, _ = nqpf("merge", *shares, "--out", "whole", cwd=folder)
    assert code == 0 and "12 of 12 runs are in whole" in out
    nqpf("sweep", "s.toml", "--out", "alone", cwd=folder)
    assert contents(folder / "whole") == contents(folder / "alone")


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGINT")
def test_an_interrupt_keeps_what_was_run(nqpf, folder):
    (folder / "s.toml").write_text(STUDY.replace("size = 6", "size = 600"), encoding="utf-8")
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from nqpf_abm.cli.main import main; main()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, "sweep", "s.toml", "--workers", "2", "--out", "o"],
        cwd=folder, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    log = folder / "o" / "journal.sqlite-wal"
    assert _within(120, log.exists)
    begun = log.stat().st_size
    assert _within(120, lambda: log.stat().st_size > begun + 60_000)  # the log grows with every run
    os.kill(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "kept in o; the same command goes on" in err and "Traceback" not in err
    _, out, _ = nqpf("sweep", "s.toml", "--out", "o", "--dry-run", cwd=folder)
    left = int(" ".join(out.split()).split(" to do")[0].rsplit(" ", 1)[1])
    assert 0 < left < 1200


def _within(seconds, is_so):
    end = time.monotonic() + seconds
    while not is_so() and time.monotonic() < end:
        time.sleep(0.05)
    return is_so()


@pytest.mark.parametrize("name", ["morris", "sobol", "lhs"])
def test_examples_are_studies_of_about_a_minute(capsys, tmp_path, name):
    assert not here("sweep", "--example", name)
    out = capsys.readouterr().out
    (tmp_path / "example.toml").write_text(out, encoding="utf-8")
    study = Study.load(tmp_path / "example.toml")
    assert study.method.name == name
    assert 80 <= len(study.plan().distinct) <= 240  # of a third of a second each


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.toml"], "nowhere.toml: no such file"),
        (["s.toml", "--shard", "3/2"], r"--shard must be i/n with i in [1, n], e.g. 2/8; got '3/2'"),
        (["s.toml", "--shard", "half"], "got 'half'"),
        (["s.toml", "--workers", "0"], "[1, 256]; got 0"),
        (["s.toml", "--resume"], "holds no sweep to resume"),
        (["--example", "morriss"], "one of morris, sobol, lhs; got 'morriss'; did you mean 'morris'"),
        ([], "name the file of a study"),
        (["s.toml", "--out", "."], "not empty and holds no sweep"),
    ],
)
def test_what_cannot_be_used_is_one_line_and_exit_code_2(capsys, monkeypatch, folder, arguments, words):
    monkeypatch.chdir(folder)
    assert here("sweep", *arguments) == 2
    err = capsys.readouterr().err
    assert words in err and err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["merge", "a", "--out", "b"], "a holds no sweep"),
        (["replay", ".", "0"], "holds no sweep"),
        (["export", ".", "--to", "xlsx"], "one of csv, parquet; got 'xlsx'"),
    ],
)
def test_folders_without_a_sweep_are_one_line_and_exit_code_2(capsys, monkeypatch, folder, arguments, words):
    monkeypatch.chdir(folder)
    assert here(*arguments) == 2
    err = capsys.readouterr().err
    assert words in err and err.count("\n") == 1


def here(*arguments):
    """Run the command in this process; returns its exit code."""
    return typer.main.get_command(app).main(list(arguments), standalone_mode=False)
