"""A result folder is whole or not there, whatever happens while it is written."""

import errno
import hashlib
import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.figure import Figure

from nqpf_abm.collect import folder
from nqpf_abm.collect.folder import check_target, csv_bytes, holds_run, recover, write_files, write_folder
from nqpf_abm.errors import InputError

SCORES = pd.DataFrame(
    {"province": ["Xizang", "青海"], "year": [2012, 2012], "nqpf": [0.1 + 0.2, float("nan")]}
)
LATER = SCORES.assign(nqpf=[0.5, 0.25])


def picture() -> Figure:
    figure = Figure(figsize=(1, 1))
    figure.subplots().plot([0, 1])
    return figure


def write(out: Path, table=SCORES, **how) -> Path:
    how = {"figures": {"one": picture, "two": picture}, "texts": {"report.md": "# Result\n"}} | how
    return write_folder(out, {"scores": table, "dagum": table}, {"seed": 7}, **how)


def content(out: Path) -> dict[str, bytes]:
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file()}


def hidden(where: Path) -> list[str]:
    return [p.name for p in where.rglob(".nqpf-*")]


# ----------------------------------------------------------------------------------------- what is written


def test_files_and_their_hashes(tmp_path):
    out = write(tmp_path / "deep" / "run")
    held = content(out)
    names = {"scores.csv", "dagum.csv", "report.md", "figures/one.png", "figures/two.png", "manifest.json"}
    assert set(held) == names
    manifest = json.loads(held["manifest.json"])
    assert manifest["seed"] == 7
    assert manifest["outputs"] == {
        name: hashlib.sha256(held[name]).hexdigest() for name in names - {"manifest.json"}
    }
    assert hidden(tmp_path) == []


def test_same_tables_same_bytes(tmp_path):
    assert content(write(tmp_path / "a")) == content(write(tmp_path / "b"))


def test_csv_reads_back_exactly(tmp_path):
    held = csv_bytes(SCORES)
    assert held == "province,year,nqpf\nXizang,2012,0.30000000000000004\n青海,2012,\n".encode()
    rows = (write(tmp_path / "a") / "scores.csv").read_text(encoding="utf-8").splitlines()
    assert float(rows[1].split(",")[2]) == SCORES["nqpf"][0]


def test_pictures_carry_no_software_or_time(tmp_path):
    png = (write(tmp_path / "a") / "figures" / "one.png").read_bytes()
    assert png.startswith(b"\x89PNG") and b"tEXt" not in png and b"tIME" not in png


# ------------------------------------------------------------------------------------------ what is refused


def test_a_folder_with_anything_in_it_needs_force(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="not empty.*--force"):
        write(tmp_path)
    assert content(tmp_path) == {"notes.txt": b"mine"}


def test_an_empty_folder_is_filled_in_place(tmp_path):
    before = tmp_path.stat().st_ino
    write(tmp_path)
    assert holds_run(tmp_path)
    assert tmp_path.stat().st_ino == before, "a shell standing in the folder must stay in it"


@pytest.mark.parametrize("where", ["file", "file/below"])
def test_a_file_in_the_way_is_named(tmp_path, where):
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="file"):
        check_target(tmp_path / where, force=True)


def test_an_unwritable_place_is_named_before_anything_is_done(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(folder.tempfile, "TemporaryFile", refuse)
    with pytest.raises(InputError, match="cannot write to .*run: Permission denied; choose another --out"):
        check_target(tmp_path / "run", force=False)


# ------------------------------------------------------------------------------------- replacing with force


def test_force_replaces_results_and_keeps_what_others_put_there(tmp_path):
    out = write(tmp_path / "run")
    (out / "notes.txt").write_text("mine")
    (out / "figures" / "mine.png").write_text("mine")
    write(out, LATER, figures={"two": picture}, force=True)
    held = content(out)
    assert held["scores.csv"] == csv_bytes(LATER)
    assert held["notes.txt"] == held["figures/mine.png"] == b"mine"
    assert "figures/one.png" not in held, "a picture of the older run must not pass for one of the newer"
    assert hidden(tmp_path) == []


def test_force_into_a_folder_nqpf_did_not_write(tmp_path):
    (tmp_path / "manifest.json").write_text("not ours, not even JSON")
    (tmp_path / "notes.txt").write_text("mine")
    write(tmp_path, force=True)
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert json.loads((tmp_path / "manifest.json").read_text())["seed"] == 7


def test_a_manifest_cannot_make_us_remove_files_elsewhere(tmp_path):
    out = write(tmp_path / "run")
    (tmp_path / "precious.txt").write_text("mine")
    (out / "manifest.json").write_text(
        json.dumps({"outputs": {"../precious.txt": "", str(tmp_path / "precious.txt"): ""}})
    )
    write(out, force=True)
    assert (tmp_path / "precious.txt").read_text() == "mine"


# --------------------------------------------------------------------------------------------- what goes wrong


def full_disk_after(n: int, monkeypatch, call: str):
    """Make the nth and later calls of a function of the folder module fail as on a full disk."""
    whole, count = getattr(folder, call), iter(range(10_000))

    def fail(*args):
        if next(count) >= n:
            raise OSError(errno.ENOSPC, "No space left on device")
        return whole(*args)

    monkeypatch.setattr(folder, call, fail)


@pytest.mark.parametrize("n", range(4))
def test_a_full_disk_leaves_no_half_folder(tmp_path, monkeypatch, n):
    full_disk_after(n, monkeypatch, "_write")
    with pytest.raises(InputError, match="No space left on device; nothing was changed.*another --out"):
        write(tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("call", "n"), [("_write", 0), ("_write", 3), ("_move", 0), ("_move", 3), ("_move", 7)]
)
def test_a_failure_leaves_older_results_untouched(tmp_path, monkeypatch, call, n):
    out = write(tmp_path / "run")
    (out / "notes.txt").write_text("mine")
    before = content(out)
    with monkeypatch.context() as patch:
        moves = {"n": 0}
        whole = folder._move

        def fail_once(*args):
            moves["n"] += 1
            if moves["n"] == n + 1:
                raise OSError(errno.EIO, "Input/output error")
            return whole(*args)

        if call == "_write":
            full_disk_after(n, patch, "_write")
        else:
            patch.setattr(folder, "_move", fail_once)
        with pytest.raises(InputError, match="nothing was changed"):
            write(out, LATER, force=True)
    assert content(out) == before
    assert hidden(tmp_path) == []


def test_a_picture_that_fails_is_not_swallowed(tmp_path):
    def broken():
        raise ValueError("scores has no rows to draw")

    for name in ("one", "two"):  # drawn in this process or in a second one
        with pytest.raises(ValueError, match="no rows"):
            write(tmp_path / "run", figures={"one": picture, "two": picture} | {name: broken})
    assert list(tmp_path.iterdir()) == []


KILLED = textwrap.dedent(
    """
    import os, sys
    from pathlib import Path
    import pandas as pd
    from nqpf_abm.collect import folder

    out, call, n = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    whole, count = getattr(folder, call), iter(range(100))

    def dies(*args):
        if next(count) == n:
            os._exit(9)  # as by kill -9: no exception, no clean-up
        return whole(*args)

    setattr(folder, call, dies)
    table = pd.DataFrame({"nqpf": [9.0]})
    texts = {"report.md": "newer", "extra.md": "newer"}
    folder.write_folder(out, {"scores": table}, {"seed": 8}, texts=texts, force=True)
    """
)


def killed_run(out: Path, call: str, n: int) -> None:
    code = subprocess.run([sys.executable, "-c", KILLED, str(out), call, str(n)], check=False).returncode
    assert code == 9


@pytest.mark.parametrize("n", [0, 2])
def test_a_killed_first_run_leaves_nothing_and_the_next_one_cleans_up(tmp_path, n):
    out = tmp_path / "run"
    killed_run(out, "_write", n)
    assert not out.exists()
    assert len(hidden(tmp_path)) == 1
    write(out)
    assert hidden(tmp_path) == []


@pytest.mark.parametrize(
    ("call", "n"), [("_write", 1), ("_write", 4), ("_move", 0), ("_move", 2), ("_move", 5)]
)
def test_results_survive_a_kill_while_they_are_replaced(tmp_path, call, n):
    out = write(tmp_path / "run")
    (out / "notes.txt").write_text("mine")
    before = content(out)
    killed_run(out, call, n)
    assert holds_run(out)
    assert {name: held for name, held in content(out).items() if ".nqpf-" not in name} == before
    write(out, LATER, force=True)
    assert content(out)["scores.csv"] == csv_bytes(LATER)
    assert hidden(tmp_path) == []


def test_a_kill_after_the_last_move_keeps_the_new_results(tmp_path):
    out = write(tmp_path / "run")
    killed_run(out, "_sync", 2)  # the unfinished folder, what is set aside, then the finished folder
    assert json.loads((out / "manifest.json").read_text())["seed"] == 8
    recover(out)
    assert (out / "extra.md").read_text() == "newer"


def test_a_kill_in_a_folder_without_a_run_takes_back_what_was_moved_in(tmp_path):
    (tmp_path / "scores.csv").write_text("mine")
    killed_run(tmp_path, "_move", 3)
    recover(tmp_path)
    assert {name: held for name, held in content(tmp_path).items() if ".nqpf-" not in name} == {
        "scores.csv": b"mine"
    }


def test_the_unfinished_folder_of_a_run_going_on_is_left_alone(tmp_path):
    alive = tmp_path / f".nqpf-unfinished-{folder.socket.gethostname()}-{os.getpid()}-0123abcd"
    elsewhere = tmp_path / ".nqpf-unfinished-another-host-1-0123abcd"
    alive.mkdir()
    elsewhere.mkdir()
    write(tmp_path / "run")
    assert alive.exists() and elsewhere.exists()
    os.utime(elsewhere, (0, 0))
    write(tmp_path / "next")
    assert not elsewhere.exists()


# ------------------------------------------------------------------------------------------ single files


def test_single_files_are_all_written_or_none(tmp_path, monkeypatch):
    a, b = tmp_path / "a.csv", tmp_path / "sub" / "b.md"
    folder.write_files({a: b"one", b: b"two"})
    assert (a.read_bytes(), b.read_bytes()) == (b"one", b"two")
    write = folder._write

    def full(path, content):
        if content == b"four":
            raise OSError(28, "No space left on device")
        write(path, content)

    monkeypatch.setattr(folder, "_write", full)
    with pytest.raises(InputError, match="No space left"):
        folder.write_files({a: b"three", b: b"four"}, force=True)
    assert (a.read_bytes(), b.read_bytes()) == (b"one", b"two")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.csv", "b.md", "sub"]


def test_single_files_that_exist_are_replaced_only_on_demand(tmp_path):

    (tmp_path / "a.csv").write_text("precious")
    with pytest.raises(InputError, match="a.csv exists.*--force"):
        write_files({tmp_path / "new.md": b"x", tmp_path / "a.csv": b"y"})
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
    with pytest.raises(InputError, match="is a folder"):
        write_files({tmp_path: b"x"}, force=True)
