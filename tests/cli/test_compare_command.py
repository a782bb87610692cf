"""``nqpf compare`` as a user has it: what it prints and leaves, an interrupt, and what goes wrong."""

import json
import os
import signal
import subprocess
import sys
import time

import pandas as pd
import pytest

SMALL = [
    part
    for name in ("start.firms=96", "start.least_firms=6", "start.universities=12", "start.burn_in=4")
    for part in ("--set", name)
]
SHOCK = """
extends = "baseline"
title = "rights to data lost"
expected = "NQPF down"
[[event]]
column = "provinces.data_rights"
multiply = 0.2
at = 6
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "shock.toml").write_text(SHOCK, encoding="utf-8")
    return tmp_path


def test_a_comparison_leaves_tables_pictures_and_sentences(nqpf, folder):
    command = ["compare", "baseline", "shock.toml", *SMALL, "--until", 2014, "--seeds", 3, "--out", "o"]
    code, out, err = nqpf(*command, cwd=folder)
    assert code == 0, err
    text = " ".join(out.split())
    for words in (
        "3 seeds",
        "first difference in 2013",
        "primary: NQPF",
        "after Holm",
        "no forecast",
    ):
        assert words in text, out
    names = {p.relative_to(folder / "o").as_posix() for p in (folder / "o").rglob("*") if p.is_file()}
    pictures = {f"figures/{name}.png" for name in ("forest", "bands", "tiles-shock")}
    assert (
        names
        == {"runs.csv", "effects.csv", "index.csv", "compare.json", "manifest.json", "report.md"} | pictures
    )
    told = json.loads((folder / "o" / "compare.json").read_text(encoding="utf-8"))
    assert told["seeds"] == [1, 2, 3] and told["uncalibrated"]
    effects = (folder / "o" / "effects.csv").read_bytes()
    code, _, err = nqpf(*command, cwd=folder)
    assert code == 2 and "3 seeds done" in err and "--resume" in err
    code, out, err = nqpf(*command, "--resume", "--quiet", cwd=folder)  # nothing is left to do
    assert (code, out.strip()) == (0, "o"), err
    assert (folder / "o" / "effects.csv").read_bytes() == effects
    code, _, err = nqpf(*command, "--first-seed", 5, "--resume", cwd=folder)
    assert code == 2 and "differs in first_seed" in err


def test_regions_of_ones_own_have_effects_and_no_map(nqpf, folder):
    command = [
        "compare",
        "baseline",
        "shock.toml",
        *SMALL,
        "--until",
        2014,
        "--seeds",
        2,
        "--regions",
        "xian",
    ]
    code, out, err = nqpf(*command, "--out", "x", "--quiet", cwd=folder)
    assert code == 0, err
    assert "Xi'an" in set(pd.read_csv(folder / "x" / "effects.csv")["province"])
    assert {file.stem for file in (folder / "x" / "figures").iterdir()} == {"forest", "bands"}


def test_a_study_that_stops_early_ends_and_leaves_no_process_behind(nqpf, folder):
    command = ["compare", "baseline", "shock.toml", *SMALL, "--until", 2014, "--jobs", 2, "--out", "o"]
    code, out, err = nqpf(
        *command, "--until-ci", 0.5, "--max-seeds", 40, cwd=folder
    )  # returns when all pipes close
    assert code == 0, err
    assert "at most 0.5 wide" in " ".join(out.split())
    told = json.loads((folder / "o" / "compare.json").read_text(encoding="utf-8"))
    assert 5 <= len(told["seeds"]) < 12


INTERRUPTIBLE = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # a suite run in the background hands it on ignored
from nqpf_abm.cli.main import main
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such interrupt")
def test_an_interrupt_loses_nothing(nqpf, folder):
    command = [
        "compare",
        "baseline",
        "shock.toml",
        *SMALL,
        "--until",
        "2016",
        "--seeds",
        "60",
        "--jobs",
        "2",
        "--out",
        "o",
    ]
    running = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTIBLE, *command],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    runs = folder / "o" / "runs.csv"
    for _ in range(6000):
        if runs.is_file() and len(runs.read_text().splitlines()) > 300:
            break
        time.sleep(0.02)
    os.killpg(running.pid, signal.SIGINT)  # as a terminal does: to all at once
    _, err = running.communicate(timeout=60)
    assert running.returncode == 130, err
    assert "kept in o" in err and "--resume" in err and "Traceback" not in err
    done = pd.read_csv(runs)["seed"].nunique()
    assert 0 < done < 60
    short = [part if part != "60" else "3" for part in command]
    code, _, err = nqpf(*short, "--resume", cwd=folder)
    assert code == 2 and "differs in stopping" in err
    code, out, err = nqpf(*command, "--resume", cwd=folder)
    assert code == 0, err
    assert "of them there already" in " ".join(out.split())
    assert (pd.read_csv(folder / "o" / "effects.csv")["seeds"] == 60).all()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["baselin", "shock.toml"], "did you mean 'baseline'"),
        (["baseline"], "2 to 50 scenarios"),
        (["baseline", "gone.toml"], "gone.toml: no such file"),
        (["baseline", "T1"], "'T1' contrasts 3 arms"),
        (["baseline", "shock.toml", "--until", "2012"], "at least 2013"),
        (["baseline", "shock.toml", "--primary", "nqfp"], "did you mean 'nqpf'"),
        (["baseline", "shock.toml", "--seeds", "5", "--until-ci", ".1"], "give one of them"),
        (["baseline", "shock.toml", "--max-seeds", "5"], "belongs to --until-ci"),
        (["baseline", "shock.toml", "--jobs", "0"], "--jobs must be"),
        (["baseline", "shock.toml", "--resume", "--force"], "give one of them"),
        (["baseline", "shock.toml", "--resume", "--out", "gone"], "no study to resume"),
        (["baseline", "shock.toml", "--out", "."], "is not empty"),
        (["baseline", "shock.toml", "--regions", "xi-an"], "did you mean 'xian'"),
        (["baseline", "broken.toml"], "[[policy]] 1, key 'strength': must be a number in [0, 1]"),
    ],
)
def test_what_goes_wrong_is_one_line_and_code_2(nqpf, folder, arguments, words):
    (folder / "broken.toml").write_text('[[policy]]\ninstrument = "M72"\nstrength = 50\n', encoding="utf-8")
    code, out, err = nqpf("compare", *arguments, cwd=folder)
    assert code == 2 and words in err and len(err.strip().splitlines()) == 1, err
    assert out == ""
