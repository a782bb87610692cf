"""The commands, used as a user uses them."""

import hashlib
import json
import shutil

import pandas as pd
import pytest
from cli_runs import nqpf

FAST = [
    "--set",
    "start.firms=96",
    "--set",
    "start.least_firms=6",
    "--set",
    "start.burn_in=4",
    "--quarters",
    "8",
]


def test_run_leaves_what_it_promises(tmp_path):
    code, out, err = nqpf("run", "--seed", 3, *FAST, cwd=tmp_path)
    assert code == 0, err
    assert "Chongqing" in out
    assert "Gini" in out
    (folder,) = (tmp_path / "results").iterdir()
    assert folder.name.startswith("baseline-seed3-")  # settings of one's own have a folder of their own
    names = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    from nqpf_abm.collect.results import TABLES as tables

    figures = ["headline", "nqpf", "echelons", "dimensions", "simulated_beside_official", "dagum", "weights"]
    assert names >= {f"{t}.csv" for t in tables} | {f"figures/{f}.png" for f in figures} | {
        "report.md",
        "manifest.json",
    }
    manifest = json.loads((folder / "manifest.json").read_text())
    for name, digest in manifest["outputs"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert set(pd.read_csv(folder / "scores.csv")["year"]) == {2012, 2013}
    code, _, err = nqpf("run", "--seed", 3, *FAST, cwd=tmp_path)
    assert code == 0, err  # the same command again renews its folder
    code, _, err = nqpf("run", "--seed", 3, *FAST, "--set", "M06=off", "--quiet", cwd=tmp_path)
    assert code == 0, err
    assert len(list((tmp_path / "results").iterdir())) == 2
    assert "M06" not in json.loads((folder / "manifest.json").read_text())["changes"]


def test_same_seed_same_bytes_in_either_engine_and_on_two_threads(tmp_path):
    for name, extra in (("a", []), ("b", ["--engine", "agents"]), ("c", ["--threads", "2"])):
        code, out, err = nqpf("run", *FAST, *extra, "--quiet", "--out", tmp_path / name)
        assert code == 0, err
        assert out.strip() == str(tmp_path / name)
    tables = sorted(p.name for p in (tmp_path / "a").glob("*.csv"))
    assert len(tables) == 11
    for table in tables:
        first = (tmp_path / "a" / table).read_bytes()
        assert first == (tmp_path / "b" / table).read_bytes() == (tmp_path / "c" / table).read_bytes(), table


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "baselin"], ["baselin", "did you mean 'baseline'"]),
        (["run", "--seed", "-1"], ["seed", "-1"]),
        (["run", "--quarters", "-4"], ["quarters", "-4"]),
        (["run", "--quarters", "7"], ["quarters", "8", "7"]),
        (["run", "--until", "1999"], ["until", "1999"]),
        (["run", "--scale", "0"], ["scale"]),
        (["run", "--set", "M06"], ["name=value", "M06"]),
        (["run", "--set", "leadership.adjustmnt=0.1"], ["did you mean 'leadership.adjustment'"]),
        (["run", "--set", "leadership.adjustment=nan"], ["[0.05, 0.3]", "nan"]),
        (["run", "--set", "leadership.adjustment=15"], ["[0.05, 0.3]", "15", "percentage"]),
        (["run", "--engine", "colums"], ["columns"]),
        (["run", "--regions", "no.toml"], ["no.toml"]),
        (["measure", "no.csv"], ["no.csv"]),
        (["measure", "--panel", "P9"], ["P9"]),
        (["measure", "--indicators", "cor"], ["core"]),
        (["measure", "--bounds", "pold"], ["pooled", "pold"]),
        (["list", "nothing"], ["nothing"]),
        (["run", "--no-such-option"], ["no-such-option"]),
    ],
)
def test_bad_input_is_one_clear_line_and_exit_code_2(tmp_path, arguments, words):
    code, out, err = nqpf(*arguments, cwd=tmp_path)
    assert code == 2
    assert "Traceback" not in err + out
    for word in words:
        assert word in err, err
    assert list(tmp_path.iterdir()) == []


def test_broken_toml_is_located(tmp_path):
    (tmp_path / "mine.toml").write_text('name = "mine"\n[set]\nM06 = = 1\n')
    code, _, err = nqpf("run", "mine.toml", cwd=tmp_path)
    assert code == 2
    assert "mine.toml" in err
    assert "line 3" in err


def test_a_scenario_file_of_ones_own(tmp_path):
    (tmp_path / "mine.toml").write_text(
        'name = "mine"\ntitle = "No trickle-down"\n[set]\nM06 = false\nM07 = "off"\n'
    )
    code, _, err = nqpf("run", "mine.toml", *FAST, "--quiet", cwd=tmp_path)
    assert code == 0, err
    (folder,) = (tmp_path / "results").iterdir()
    assert folder.name.startswith("mine-seed7")
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["changes"]["M06"] is False
    assert manifest["scenario"]["title"] == "No trickle-down"


def test_existing_folders_are_left_alone(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("precious")
    code, _, err = nqpf("run", *FAST, "--out", tmp_path / "mine")
    assert code == 2
    assert "not empty" in err
    assert [p.name for p in (tmp_path / "mine").iterdir()] == ["thesis.txt"]
    code, _, err = nqpf("run", *FAST, "--out", tmp_path / "mine", "--force", "--quiet")
    assert code == 0, err
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "precious"


@pytest.mark.parametrize("what", ["scenarios", "parameters", "mechanisms", "indicators"])
def test_lists_are_complete_as_text_and_json(what):
    code, out, err = nqpf("list", what, "--json")
    assert code == 0, err
    rows = json.loads(out)
    assert rows
    key = "id" if "id" in rows[0] else "name"
    assert len({row[key] for row in rows}) == len(rows)
    code, text, _ = nqpf("list", what)
    assert code == 0
    assert str(rows[0][key])[:8] in text


def test_warm_leaves_nothing_to_compile(tmp_path, monkeypatch):
    """From a copy of the machine code some that every run needs is taken; `warm` makes it again, and runs make no more."""
    from nqpf_abm.ecosystem import Ecosystem
    from nqpf_abm.numerics import code_folder

    Ecosystem(quarters=4, scale=0.25, set={"start.burn_in": 4}).run()  # the machine code is on disk
    full = code_folder.cache_folder()
    copy = tmp_path / full.name
    shutil.copytree(full, copy)
    monkeypatch.setenv("NQPF_CACHE_DIR", str(tmp_path))
    needed = ("arrays.uniforms", "arrays._uids", "declare.nqpf_abm.mechanisms.demography.judge_survival.loop")
    for name in needed:
        for entry in copy.glob(f"{name}-*.nbc"):
            entry.unlink()
    code, out, err = nqpf("warm")
    assert code == 0, err
    assert "Ready after" in out and str(copy) in "".join(out.split())
    held = {entry.name for entry in copy.glob("*.nbc")}
    for engine in ("columns", "agents"):
        code, _, err = nqpf("run", *FAST, "--engine", engine, "--quiet", "--out", tmp_path / engine)
        assert code == 0, err
    assert {entry.name for entry in copy.glob("*.nbc")} == held
    assert all(any(entry.startswith(f"{name}-") for entry in held) for name in needed)


def test_the_line_while_compiling_appears_once(tmp_path, monkeypatch):
    from nqpf_abm.cli import output
    from nqpf_abm.numerics import code_folder

    shown = []
    monkeypatch.setattr(
        output, "console", lambda: type("Screen", (), {"print": lambda self, text: shown.append(text)})()
    )
    monkeypatch.setattr(code_folder, "is_warm", lambda: False)
    output.announce_compilation(quiet=False)
    output.announce_compilation(quiet=True)
    monkeypatch.setattr(code_folder, "is_warm", lambda: True)
    output.announce_compilation(quiet=False)
    assert len(shown) == 1
    assert "Compiling" in shown[0]
