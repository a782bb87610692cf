"""How commands end: exit codes, one line for the user's mistakes, a traceback for ours."""

import subprocess
import sys

import pandas as pd
import pytest
import typer
from typer.testing import CliRunner

from nqpf_abm.cli.main import app
from nqpf_abm.cli.settings import number, parse_settings, whole_number
from nqpf_abm.errors import InputError


def nqpf(*arguments):
    return CliRunner().invoke(app, list(arguments))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "--quarters", "abc"], ["--quarters", "whole number", "'abc'"]),
        (["run", "--seed", "1.5"], ["--seed", "whole number", "'1.5'"]),
        (["run", "--scale", "big"], ["--scale", "a number", "'big'"]),
        (["run", "--sed", "3"], ["--sed", "--seed"]),
        (["run", "--seed"], ["--seed"]),
        (["run", "one", "two"], ["two"]),
        (["run", "--set", "novalue"], ["name=value", "'novalue'"]),
        (["measur"], ["measur", "'measure'"]),
        (["list"], ["scenarios", "parameters"]),
        (["list", "nothing"], ["'nothing'", "'scenarios'"]),
        (["--nothing"], ["--nothing"]),
    ],
)
def test_a_mistake_on_the_command_line_is_one_line(arguments, words):
    result = nqpf(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    line = result.stderr
    assert line.startswith("nqpf: ") and line.count("\n") == 1
    for word in words:
        assert word in line


def test_alone_it_shows_the_commands():
    result = nqpf()
    assert result.exit_code == 0
    for command in ("run", "measure", "list", "warm"):
        assert command in result.stdout


def fail_with(error, monkeypatch):
    def ecosystem(*_, **__):
        raise error

    monkeypatch.setattr("nqpf_abm.ecosystem.Ecosystem", ecosystem)


def test_input_error_of_the_model_keeps_to_one_line(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    fail_with(InputError("regions.csv, row 3:\n  a name is missing"), monkeypatch)
    result = nqpf("run", "--quiet")
    assert result.exit_code == 2
    assert result.stderr == "nqpf: regions.csv, row 3: a name is missing\n"
    assert list(tmp_path.iterdir()) == []


def test_interrupt_is_130_and_a_line(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    fail_with(KeyboardInterrupt(), monkeypatch)
    result = nqpf("run", "--quiet")
    assert (result.exit_code, result.stderr) == (130, "nqpf: interrupted\n")


def test_our_own_mistakes_keep_their_traceback(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    fail_with(ZeroDivisionError("a bug"), monkeypatch)
    result = nqpf("run", "--quiet")
    assert isinstance(result.exception, ZeroDivisionError)
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("run", "Last year of the horizon. [default: 2022]"),
        ("compare", "Seeds at a time. [default: one per core]"),
        ("sweep", "Runs at a time. [default: one per core]"),
        ("measure", "[default: as the bounds]"),
        ("odd", "[default: print it]"),
    ],
)
def test_help_shows_what_stands_in_square_brackets(command, words):
    assert words in " ".join(nqpf(command, "--help").output.split())


def test_help_imports_nothing_heavy():
    code = (
        "import sys\n"
        "from nqpf_abm.cli.main import app\n"
        "app(['run', '--help'], standalone_mode=False)\n"
        "heavy = {'numpy', 'pandas', 'numba', 'mesa', 'matplotlib', 'scipy'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "--quarters" in done.stdout


def test_a_reader_that_leaves_early_is_no_mistake():
    code = "from nqpf_abm.cli.main import main; main()"
    writer = subprocess.Popen(
        [sys.executable, "-c", code, "list", "mechanisms", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    writer.stdout.close()
    _, err = writer.communicate()
    assert "Traceback" not in err


def test_settings():
    assert parse_settings(["a.b = 0.2", "M06=off"]) == {"a.b": "0.2", "M06": "off"}
    assert parse_settings(["a.b=1", "a.b=1"]) == {"a.b": "1"}
    for bad in ("a.b", "=3", "a.b=", ""):
        with pytest.raises(InputError, match="name=value"):
            parse_settings([bad])
    with pytest.raises(InputError, match="given twice, as 1 and as 2"):
        parse_settings(["a.b=1", "a.b=2"])


def test_numbers():
    assert whole_number("12") == 12
    assert number("0.5") == 0.5
    with pytest.raises(typer.BadParameter, match="got '1e3'"):
        whole_number("1e3")
    with pytest.raises(typer.BadParameter, match="got 'half'"):
        number("half")


def test_the_result_table_fits_eighty_columns(baseline, tmp_path, monkeypatch, capsys):
    from nqpf_abm.cli.output import print_run

    monkeypatch.setenv("COLUMNS", "80")
    results = baseline.results
    print_run(results, tmp_path / "[bold]run", 1.0, 2.0)
    text = capsys.readouterr().out
    assert "…" not in text
    assert "[bold]run" in text.replace("\n", ""), "names are printed as they are"
    scores = results.scores.set_index(["province", "year"])["nqpf"]
    for province in results.provinces:
        line = next(line for line in text.splitlines() if line.startswith(f"│ {province} "))
        for year in (results.years[0], results.years[-1]):
            assert f"{scores[province, year]:.3f}" in line
    for row in results.dagum.itertuples(index=False):
        assert any(f"│ {row.year} │ {row.gini:.3f} │" in line for line in text.splitlines())


FAST = [
    "--quarters",
    "8",
    "--set",
    "start.firms=96",
    "--set",
    "start.least_firms=6",
    "--set",
    "start.burn_in=4",
]


def test_a_run_into_the_folder_one_stands_in(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    result = nqpf("run", *FAST, "--out", ".", "--quiet")
    assert result.exit_code == 0, result.stderr
    assert result.stdout == ".\n"
    assert set(pd.read_csv(tmp_path / "scores.csv")["year"]) == {2012, 2013}


def test_the_default_folder_is_renewed_and_keeps_the_users_files(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert nqpf("run", *FAST, "--quiet").exit_code == 0
    (folder,) = (tmp_path / "results").iterdir()
    (folder / "notes.txt").write_text("mine")
    (folder / "scores.csv").write_text("spoilt")
    assert nqpf("run", *FAST, "--quiet").exit_code == 0
    assert (folder / "notes.txt").read_text() == "mine"
    assert (folder / "scores.csv").read_text() != "spoilt"


def test_a_full_disk_is_told_and_leaves_results_alone(monkeypatch, tmp_path):
    from nqpf_abm.collect import folder

    out = tmp_path / "run"
    assert nqpf("run", *FAST, "--quiet", "--out", str(out)).exit_code == 0
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folder, "_write", full)
    result = nqpf("run", *FAST, "--seed", "8", "--quiet", "--out", str(out), "--force")
    assert result.exit_code == 2
    assert "No space left on device" in result.stderr and result.stderr.count("\n") == 1
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before


def test_the_command_in_the_report_repeats_the_run(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert nqpf("run", *FAST, "--seed", "11", "--set", "M31=off", "--quiet", "--out", "first").exit_code == 0
    report = (tmp_path / "first" / "report.md").read_text(encoding="utf-8")
    command = next(line.strip() for line in report.splitlines() if line.startswith("    nqpf run"))
    assert nqpf(*command.split()[1:], "--quiet", "--out", "second").exit_code == 0
    for table in (tmp_path / "first").glob("*.csv"):
        assert table.read_bytes() == (tmp_path / "second" / table.name).read_bytes(), table.name
