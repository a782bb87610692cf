"""Sweeps of the model: the same bytes however they are run; failures kept; stored runs come out again."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from tiny import TINY

from nqpf_abm import Ecosystem, InputError
from nqpf_abm.sweep import Study, execution, load_tables
from nqpf_abm.sweep.execution import default_folder, estimate, run_study, share_of
from nqpf_abm.sweep.merge import merge
from nqpf_abm.sweep.parts import Record
from nqpf_abm.sweep.replay import replay
from nqpf_abm.sweep.store import Store

RUN = (
    "import sys; from nqpf_abm.sweep import Study\n"
    "Study.load(sys.argv[1]).run(sys.argv[2], jobs=2, progress=lambda told: print(told.done, flush=True))"
)


def contents(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*.parquet"))}


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """A study and the folder in which it was run, one run after the other."""
    folder = tmp_path_factory.mktemp("sweep")
    (folder / "study.toml").write_text(TINY, encoding="utf-8")
    study = Study.load(folder / "study.toml")
    return study, run_study(study, folder / "alone")


def test_numbers_are_those_of_the_model(done):
    study, folder = done
    tables = load_tables(folder)
    assert len(tables.outcomes) == 16 and tables.failed.empty
    for line in tables.outcomes.iloc[[0, 5, 11]].itertuples():
        row = dict(zip(tables.factors, study.values[line.row], strict=True))
        row["M06"] = bool(row["M06"])
        model = Ecosystem(line.seed, until=2013, set={**study.changes, **row}).run()
        last = model.results.scores[model.results.scores["year"] == 2013]
        assert line.nqpf == pytest.approx(last["nqpf"].mean(), rel=1e-14)
        assert line.seed == 3 + line.replicate


def test_processes_and_shares_give_the_same_bytes(done, tmp_path):
    study, alone = done
    told = []
    run_study(study, tmp_path / "two", jobs=2, progress=told.append)
    assert [p.done for p in told] == list(range(1, len(study.plan().distinct) + 1))
    assert told[-1].total == told[-1].done and told[-1].failed == 0
    for i in (1, 2, 3):
        run_study(study, tmp_path / f"s{i}", shard=(i, 3))
    merge([tmp_path / "s3", tmp_path / "s1", tmp_path / "s2"], tmp_path / "merged")
    assert contents(tmp_path / "two") == contents(tmp_path / "merged") == contents(alone)


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_killed_and_resumed_gives_the_same_bytes_and_repeats_what_was_under_way_at_most(
    done, tmp_path, monkeypatch
):
    study, alone = done
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, study.path, tmp_path / "o"], stdout=subprocess.PIPE, text=True
    )
    for _ in range(3):
        assert process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.wait()
    with Store.open(tmp_path / "o") as store:
        kept = int(store.done.sum())
    assert 3 <= kept < len(study.plan().distinct)
    repeated = []
    once = execution.run_one
    monkeypatch.setattr(execution, "run_one", lambda s, p, run: (repeated.append(run), once(s, p, run))[1])
    run_study(study, tmp_path / "o")
    assert len(repeated) == len(study.plan().distinct) - kept
    run_study(study, tmp_path / "o")
    assert len(repeated) == len(study.plan().distinct) - kept
    assert contents(tmp_path / "o") == contents(alone)


@pytest.mark.parametrize("jobs", [1, 2])
def test_failures_are_kept_and_stop_nothing(done, tmp_path, monkeypatch, jobs):
    study, alone = done
    plan = study.plan()
    broken, killed = int(plan.distinct[2]), int(plan.distinct[4])
    first, own = os.getpid(), execution.LastYear

    class Unlucky(own):
        def __init__(self, model, frozen):
            super().__init__(model, frozen)
            seed = model.seed_number
            values = [model.parameters.values[name] for name in plan.factors]
            is_run = {
                run: seed == plan.place(run)[2] and np.array_equal(values, plan.values[plan.place(run)[0]])
                for run in (broken, killed)
            }
            if is_run[broken]:
                raise ArithmeticError("no\nluck")
            if is_run[killed] and os.getpid() != first:
                os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(execution, "LastYear", Unlucky)
    folder = run_study(study, tmp_path, jobs=jobs)
    tables = load_tables(folder)
    errors = {(line.row, line.replicate): line.error for line in tables.failed.itertuples()}
    assert errors[plan.place(broken)[:2]] == "ArithmeticError: no luck"
    assert ("killed" in errors.get(plan.place(killed)[:2], "")) == (jobs == 2)
    with Store.open(folder) as store:
        kept = {record.run: record for record in store.records()}
    assert "raise ArithmeticError" in kept[broken].traceback
    monkeypatch.undo()
    run_study(study, tmp_path, retry=True)
    assert contents(tmp_path) == contents(alone)


def test_a_stored_run_comes_out_again(done, tmp_path):
    study, folder = done
    plan = study.plan()
    run = int(plan.distinct[3])
    told = replay(folder, run)
    row, replicate, seed = plan.place(run)
    assert told["same"] and (told["row"], told["replicate"], told["seed"]) == (row, replicate, seed)
    assert told["address"] == study.address(plan.values[row], seed)
    assert replay(folder, told["address"][:12])["run"] == run
    with pytest.raises(InputError, match="no stored run '999'"):
        replay(folder, 999)


def test_a_run_that_was_tampered_with_does_not(done, tmp_path):
    study, folder = done
    plan = study.plan()
    run = int(plan.distinct[1])
    with Store.open(folder) as store, Store.begin(tmp_path, plan) as other:
        record = next(r for r in store.records() if r.run == run)
        other.add(record._replace(numbers=record.numbers * 1.0000001))
    assert replay(tmp_path, run)["same"] is False


def test_code_that_changed_is_told(done, monkeypatch):
    from nqpf_abm.sweep import study as module

    study, folder = done
    monkeypatch.setattr(module, "source_hash", lambda *_: "other")
    with pytest.raises(InputError, match="other code or data"):
        replay(folder, 0)
    with pytest.raises(InputError, match="other code or data"):
        run_study(Study.load(study.path), folder)


def test_shares_are_disjoint_and_whole(done):
    plan = done[0].plan()
    shares = [share_of(plan, (i, 5)) for i in range(1, 6)]
    np.testing.assert_array_equal(np.concatenate(shares), plan.distinct)
    for wrong in ((0, 3), (4, 3), (1, 0)):
        with pytest.raises(InputError, match=r"i in \[1, n\]"):
            share_of(plan, wrong)


def test_an_estimate_counts_distinct_runs(done):
    study, _ = done
    told = estimate(study, done=3, jobs=2)
    assert told.runs == len(study.plan().distinct) < study.plan().n_runs
    assert told.left == told.runs - 3
    assert told.seconds == pytest.approx(told.each * told.left / 2)
    assert 0 < told.megabytes < 1


def test_an_estimate_looks_at_both_ends_and_the_middle(done, monkeypatch):
    """Where some rows take longer than others, the first alone tells little; some may fail, as they may in the sweep."""
    study, _ = done
    tried, runs = [], study.plan().distinct

    def run_one(study, plan, run):
        tried.append(run)
        time.sleep(0.3 if run == runs[-1] else 0.0)
        return Record(run, "", np.zeros(2), error="no luck" if run in failing else "")

    monkeypatch.setattr(execution, "run_one", run_one)
    failing = {runs[0]}
    assert 0.1 <= estimate(study).each < 0.3
    assert tried == [runs[0], runs[0], runs[len(runs) // 2], runs[-1]]
    failing = set(runs)
    with pytest.raises(InputError, match="fail: no luck"):
        estimate(study)


def test_folders_are_named_for_study_and_share(done):
    assert str(default_folder(done[0])) == "results/sweep-study"
    assert str(default_folder(done[0], (2, 3))) == "results/sweep-study-shard-2-of-3"
