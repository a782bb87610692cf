"""What the store promises: each promise is broken here on purpose."""

import errno
import os
import resource
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from plans import PART, fill, plan, record

from nqpf_abm import InputError
from nqpf_abm.collect import folder as folder_module
from nqpf_abm.sweep import load_tables
from nqpf_abm.sweep.store import Store

WRITER = Path(__file__).with_name("plans.py")


def contents(folder: Path) -> dict[str, bytes]:
    """Bytes of every result file."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*.parquet"))}


def test_parts_are_the_same_bytes_in_whatever_order_runs_end(tmp_path):
    fill(tmp_path / "a")
    backwards = plan().distinct[::-1]
    fill(tmp_path / "b", backwards[:17])
    fill(tmp_path / "b", backwards[17:])
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert len(contents(tmp_path / "a")) == 1 + -(-60 // PART)
    assert [path.name for path in (tmp_path / "a").iterdir() if "journal" in path.name] == ["journal.sqlite"]


def test_tables_hold_rows_and_replicates_and_failures_apart(tmp_path):
    fill(tmp_path / "o")
    tables = load_tables(tmp_path / "o")
    assert tables.method == "lhs" and tables.settings == {} and tables.groups == ("x", "g")
    assert tables.names == ("a", "b") and tables.units == {"a": "1", "b": "m"}
    assert (tables.outcomes["seed"] == 1 + tables.outcomes["replicate"]).all()
    assert tables.outcomes[["row", "replicate"]].apply(tuple, axis=1).is_monotonic_increasing
    assert len(tables.outcomes) + len(tables.failed) == 60
    for line in tables.outcomes.itertuples():
        first = line.row if line.row < 29 else 0  # the last row repeats the first
        expected = record(2 * first + line.replicate)
        np.testing.assert_array_equal([line.a, line.b], expected.numbers)
    assert tables.failed["error"].tolist() == [f"ValueError: {run}" for run in (5, 18, 31, 44, 57)]
    np.testing.assert_array_equal(tables.values.to_numpy(), tables.unit * 10)


def test_failures_keep_their_traceback_and_can_be_tried_again(tmp_path):
    fill(tmp_path)
    part = pq.read_table(tmp_path / "parts" / "runs-00000.parquet").to_pandas()
    assert part.loc[part["run"] == 5, "traceback"].item() == "Traceback\nof 5"
    before = contents(tmp_path)
    with Store.begin(tmp_path, plan(), PART) as store:
        assert store.n_failed == 5
        assert store.forget_failures() == 5
        assert store.n_failed == 0
        assert np.flatnonzero(~store.done)[:3].tolist() == [5, 18, 31]
    fill(tmp_path)
    assert contents(tmp_path) == before


def test_an_unfinished_sweep_can_be_read(tmp_path):
    fill(tmp_path, [0, 1, 3, 9])
    tables = load_tables(tmp_path)
    assert list(zip(tables.outcomes["row"], tables.outcomes["replicate"], strict=True)) == [
        (0, 0), (0, 1), (1, 1), (4, 1), (29, 0), (29, 1),
    ]  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_kill_9_at_any_moment_loses_no_run_that_was_kept(tmp_path):
    kept, chance = set(), np.random.default_rng(3)
    for _ in range(8):
        process = subprocess.Popen(
            [sys.executable, WRITER, tmp_path / "o"], stdout=subprocess.PIPE, text=True
        )
        told = []
        for line in process.stdout:
            told.append(int(line))
            if len(told) == chance.integers(1, 60):
                break
        process.send_signal(signal.SIGKILL)
        told += [int(line) for line in process.stdout.read().split()]
        process.wait()
        assert not kept & set(told)  # nothing twice
        kept |= set(told)
        with Store.open(tmp_path / "o") as store:
            stored = {r.run: r for r in store.records()}
        assert kept <= set(stored) and len(stored) <= len(kept) + 1
        kept = set(stored)
    assert len(kept) > 8
    fill(tmp_path / "o", of=plan(300))
    fill(tmp_path / "p", of=plan(300))
    assert contents(tmp_path / "o") == contents(tmp_path / "p")


@pytest.mark.parametrize("killed_at", ["before the part", "after the part"])
def test_killed_while_a_part_is_written(tmp_path, monkeypatch, killed_at):
    from nqpf_abm.sweep import store as module

    whole = module.write_part

    def killed(*args):
        if killed_at == "after the part":
            whole(*args)
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "write_part", killed)
    with pytest.raises(KeyboardInterrupt):
        fill(tmp_path / "o", range(PART))
    monkeypatch.undo()
    fill(tmp_path / "o")
    fill(tmp_path / "p")
    assert contents(tmp_path / "o") == contents(tmp_path / "p")


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits of file size")
@pytest.mark.parametrize("limit", [40_000, 60_000, 100_000])
def test_a_full_disk_is_told_and_nothing_kept_is_lost(tmp_path, limit):
    def small_disk():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # writes fail, as on a full disk
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    done = subprocess.run(
        [sys.executable, WRITER, tmp_path / "o"],
        capture_output=True,
        text=True,
        preexec_fn=small_disk,
        check=False,
    )
    told = {int(line) for line in done.stdout.split()}
    assert "InputError: " in done.stderr
    assert "Free some space" in done.stderr
    if (tmp_path / "o" / "journal.sqlite").exists() and told:
        with Store.open(tmp_path / "o") as store:
            assert told <= {r.run for r in store.records()}
    fill(tmp_path / "o", of=plan(300))
    fill(tmp_path / "p", of=plan(300))
    assert contents(tmp_path / "o") == contents(tmp_path / "p")


def test_no_space_for_a_part_leaves_its_runs_in_the_journal(tmp_path, monkeypatch):
    def full(*args):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with Store.begin(tmp_path / "o", plan(), PART) as store:
        monkeypatch.setattr(folder_module, "_write", full)
        for run in range(PART - 1):
            store.add(record(run))
        with pytest.raises(InputError, match="No space left.*8 runs are kept"):
            store.add(record(PART - 1))
    monkeypatch.undo()
    fill(tmp_path / "o")
    fill(tmp_path / "p")
    assert contents(tmp_path / "o") == contents(tmp_path / "p")


def test_a_second_process_is_refused_while_the_first_writes(tmp_path):
    with Store.begin(tmp_path, plan(), PART) as store:
        store.add(record(0))
        code = (
            "import sys; from nqpf_abm.sweep import load_tables; from nqpf_abm import InputError\n"
            "try: load_tables(sys.argv[1])\n"
            "except InputError as error: print(error)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=True
        )
        assert "in use by another process" in done.stdout
        done = subprocess.run([sys.executable, WRITER, tmp_path], capture_output=True, text=True, check=False)
        assert "in use by another process" in done.stderr and not done.stdout
    assert len(load_tables(tmp_path).outcomes) == 2


@pytest.mark.parametrize("damage", ["a byte", "cut", "gone"])
def test_a_damaged_part_is_told_and_its_runs_alone_are_done_again(tmp_path, damage):
    fill(tmp_path)
    before = contents(tmp_path)
    path = tmp_path / "parts" / "runs-00002.parquet"
    content = bytearray(path.read_bytes())
    if damage == "gone":
        path.unlink()
    else:
        content[len(content) // 2] ^= 1
        path.write_bytes(content if damage == "a byte" else content[:-9])
    for _ in range(2):  # to read changes nothing: it is as damaged the second time
        with pytest.raises(InputError, match=r"runs-00002.parquet is missing or not as it was written"):
            load_tables(tmp_path)
    with Store.begin(tmp_path, plan(), PART) as store:
        assert [run for run in store.plan.distinct if not store.done[run]] == list(range(16, 24))
    fill(tmp_path)
    assert contents(tmp_path) == before


def test_a_part_set_aside_is_told_until_its_runs_are_there(tmp_path):
    fill(tmp_path)
    (tmp_path / "parts" / "runs-00002.parquet").write_bytes(b"nothing")
    with Store.begin(tmp_path, plan(), PART) as store:
        assert "not as it was written" in store.notes[0]
    for _ in range(2):
        with Store.begin(tmp_path, plan(), PART) as store:
            (note,) = store.notes
        assert "runs-00002.damaged was set aside" in note
    fill(tmp_path)
    with Store.open(tmp_path) as store:
        assert store.notes == []


def test_a_number_changed_in_the_journal_is_found_and_its_run_done_again(tmp_path):
    fill(tmp_path, range(4))
    fill(tmp_path / "sound")
    with sqlite3.connect(tmp_path / "journal.sqlite") as journal:
        journal.execute("UPDATE runs SET numbers = ? WHERE run = 2", (np.zeros(2).tobytes(),))
    journal.close()
    with pytest.raises(InputError, match="run 2 is not as it was written"):
        load_tables(tmp_path)
    with Store.begin(tmp_path, plan(), PART) as store:
        assert [run for run in range(4) if store.done[run]] == [0, 1, 3]
        assert "run 2 is not as it was written" in store.notes[0]
    fill(tmp_path)
    pd.testing.assert_frame_equal(load_tables(tmp_path).outcomes, load_tables(tmp_path / "sound").outcomes)


def test_a_damaged_design_is_mended_by_running(tmp_path):
    fill(tmp_path)
    before = contents(tmp_path)
    (tmp_path / "design.parquet").write_bytes(b"nothing")
    with pytest.raises(InputError, match="design.parquet"):
        load_tables(tmp_path)
    fill(tmp_path)
    assert contents(tmp_path) == before


def _overwritten(content: bytes) -> bytes:
    return b"x" * 5000


def _scrambled_behind_the_first_page(content: bytes) -> bytes:
    return content[:4096] + bytes(255 - byte for byte in content[4096:])


def _emptied(content: bytes) -> bytes:
    return b""


@pytest.mark.parametrize("damage", [_overwritten, _scrambled_behind_the_first_page, _emptied])
def test_a_damaged_journal_is_refused(tmp_path, damage):
    fill(tmp_path)
    journal = tmp_path / "journal.sqlite"
    journal.write_bytes(damage(journal.read_bytes()))
    for access in (load_tables, fill):
        with pytest.raises(InputError, match="journal.sqlite is damaged"):
            access(tmp_path)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"model": {"outcomes": ["a", "b"], "source": "t", "set": {}}}, "other code or data of the model"),
        ({"model": {"outcomes": ["a", "b"], "source": "s", "set": {"q": 1}}}, r"differs in model\.set"),
        ({"seed": 2}, "differs in seed"),
        ({"replicates": 3, "units": {}}, "differs in replicates, units"),
    ],
)
def test_another_study_or_other_code_is_refused(tmp_path, changed, words):
    fill(tmp_path, [0])
    with pytest.raises(InputError, match=words):
        Store.begin(tmp_path, plan(**changed), PART)
    with Store.begin(tmp_path, plan(title="renamed"), PART) as store:
        assert store.done.sum() == 1


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("x")
    with pytest.raises(InputError, match="not empty and holds no sweep"):
        Store.begin(tmp_path, plan())
    with pytest.raises(InputError, match="holds no sweep"):
        load_tables(tmp_path)
    with pytest.raises(InputError, match="is a file"):
        Store.begin(tmp_path / "thesis.txt", plan())
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_stopped_between_creation_and_the_first_run(tmp_path):
    sqlite3.connect(tmp_path / "journal.sqlite").close()
    with pytest.raises(InputError, match="stopped before it began"):
        load_tables(tmp_path)
    fill(tmp_path, [3])
    assert len(load_tables(tmp_path).outcomes) == 1
