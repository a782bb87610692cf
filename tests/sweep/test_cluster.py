"""Sweeps on a cluster: the same bytes as serial runs, whatever becomes of workers; what is amiss in one line."""

import json
import logging
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import ill_luck
import pytest
import typer
from tiny import TINY

from nqpf_abm import InputError
from nqpf_abm.cli.main import app
from nqpf_abm.sweep import Study, execution, load_tables
from nqpf_abm.sweep import cluster as module
from nqpf_abm.sweep.execution import run_study
from nqpf_abm.sweep.merge import merge
from nqpf_abm.sweep.store import Store

distributed = pytest.importorskip("distributed")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")


def contents(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*.parquet"))}


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """A study of some thirty runs and the folder in which it was run, one run after the other."""
    folder = tmp_path_factory.mktemp("serial")
    (folder / "study.toml").write_text(TINY.replace("replicates = 2", "replicates = 8"), encoding="utf-8")
    study = Study.load(folder / "study.toml")
    return study, run_study(study, folder / "alone")


def started(**options):
    """A cluster on this machine, without a dashboard; workers have one thread unless they are given more."""
    usual = {
        "threads_per_worker": 1,
        "dashboard_address": None,
        "scheduler_kwargs": {"dashboard_address": "127.0.0.1:0"},
        "silence_logs": logging.CRITICAL,
    }
    return distributed.LocalCluster(**usual | options)


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """A cluster of two processes on which ill luck can strike."""
    path = tmp_path_factory.mktemp("luck") / "luck.json"
    path.write_text("{}", encoding="utf-8")
    os.environ["ILL_LUCK"] = str(path)
    with started(n_workers=2, processes=True, preload=["ill_luck"]) as cluster:
        yield cluster
    del os.environ["ILL_LUCK"]


@pytest.fixture
def luck(two):
    """Function: what is to happen from now on to the end of the test."""
    path = Path(os.environ["ILL_LUCK"])
    yield lambda **what: path.write_text(json.dumps(what), encoding="utf-8")
    path.write_text("{}", encoding="utf-8")


@pytest.fixture
def threads():
    """A cluster of one worker, a thread of this process."""
    with started(n_workers=1, processes=False, protocol="tcp://") as cluster:
        yield cluster


def pids(cluster):
    with distributed.Client(cluster, set_as_default=False) as client:
        return sorted(client.run(os.getpid).values())


def test_models_in_threads_of_one_worker_do_not_disturb_each_other(done, tmp_path):
    study, alone = done
    with started(n_workers=1, threads_per_worker=3, processes=True) as cluster:
        run_study(study, tmp_path, cluster=cluster.scheduler_address)
    assert contents(tmp_path) == contents(alone)


def test_a_worker_killed_half_way_loses_nothing_and_doubles_nothing(done, two, tmp_path, monkeypatch):
    study, alone = done
    victim, told, added, add = pids(two)[0], [], [], Store.add

    def watch(progress):
        told.append(progress.done)
        if progress.done == 12:
            os.kill(victim, signal.SIGKILL)

    monkeypatch.setattr(Store, "add", lambda self, record: (added.append(record.run), add(self, record)))
    tables = study.run(tmp_path, cluster=two.scheduler_address, progress=watch)
    assert told == list(range(1, len(study.plan().distinct) + 1))
    assert sorted(added) == study.plan().distinct.tolist()
    assert len(tables.outcomes) == study.plan().n_runs and tables.failed.empty
    assert contents(tmp_path) == contents(alone)
    assert victim not in pids(two)


def test_runs_that_fail_are_recorded_as_in_serial(done, two, luck, tmp_path, monkeypatch):
    study, alone = done
    broken = study.plan().distinct[[0, 7]].tolist()
    luck(broken=broken)
    monkeypatch.setattr(execution, "LastYear", ill_luck.last_year)
    monkeypatch.setattr(execution, "run_at", ill_luck.run_at)
    run_study(study, tmp_path / "serial")
    folder = run_study(study, tmp_path / "cluster", cluster=two.scheduler_address)
    with Store.open(folder) as store:
        failed = {record.run: record for record in store.records() if record.error}
    assert list(failed) == broken
    assert failed[broken[1]].error == "ArithmeticError: no luck"
    assert "raise ArithmeticError" in failed[broken[1]].traceback
    assert contents(folder) == contents(tmp_path / "serial")
    luck()
    run_study(study, folder, cluster=two.scheduler_address, retry=True)
    assert contents(folder) == contents(alone)


def test_a_run_that_kills_its_workers_fails_alone(done, two, luck, tmp_path, monkeypatch):
    study, alone = done
    killer = int(study.plan().distinct[5])
    luck(kill=[killer])
    monkeypatch.setattr(
        two.scheduler, "allowed_failures", 0
    )  # so that what waits behind it is suspected, too
    tables = study.run(tmp_path, cluster=two.scheduler_address)
    assert "process was killed" in tables.failed["error"].iloc[0]
    with Store.open(tmp_path) as store:
        assert [record.run for record in store.records() if record.error] == [killer]
        assert store.done[study.plan().distinct].all()
    luck()
    run_study(study, tmp_path, cluster=two.scheduler_address, retry=True)
    assert contents(tmp_path) == contents(alone)


def test_shares_and_what_is_there_already(done, two, tmp_path):
    study, alone = done
    run_study(study, tmp_path / "s1", shard=(1, 2), cluster=two.scheduler_address)
    run_study(study, tmp_path / "s2", shard=(2, 2))
    merge([tmp_path / "s2", tmp_path / "s1"], tmp_path / "merged")
    run_study(study, tmp_path / "s1", cluster=two)  # the rest, on a cluster of Dask's own kind
    assert contents(tmp_path / "merged") == contents(tmp_path / "s1") == contents(alone)
    run_study(study, tmp_path / "s1", cluster="127.0.0.1:1")  # nothing to do: no cluster is looked for


def test_no_more_is_sent_than_twice_what_workers_do_at_a_time(done, threads, tmp_path, monkeypatch):
    """Whether a run is quick or slow: a bundle of runs counts once."""
    study, _ = done
    sent, submit, runs = [], distributed.Client.submit, study.plan().distinct[:12].tolist()

    def watched(client, function, *args, **options):
        sent.append(set(args[2]))
        return submit(client, function, *args, **options)

    monkeypatch.setattr(distributed.Client, "submit", watched)
    monkeypatch.setattr(
        "nqpf_abm.experiment.execute.BUNDLE", 600.0
    )  # the workers are threads of this process
    for next_bundle, is_bundled in ((lambda number, taken: 1, False), (lambda number, taken: 3, True)):
        sent.clear()
        monkeypatch.setattr(module, "next_bundle", next_bundle)
        back = set()
        for k, (record, _) in module.each_on(threads.scheduler_address, study, study.plan(), runs, 1, 5):
            assert record.run == runs[k]
            assert sum(not bundle <= back for bundle in sent) <= 2
            back.add(record.run)
        assert back == set(runs) == set().union(*sent)
        assert len(sent) == (2 + 10 // 3 + 1 if is_bundled else 12)


def test_an_interrupt_keeps_what_was_run_and_the_same_command_goes_on(done, two, luck, tmp_path, monkeypatch):
    study, alone = done
    luck(slow=True)
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from nqpf_abm.cli.main import main; main()"
    )
    command = ["sweep", str(study.path), "--out", "o", "--cluster", two.scheduler_address]
    process = subprocess.Popen(
        [sys.executable, "-c", code, *command], cwd=tmp_path, stderr=subprocess.PIPE, text=True
    )
    begun = Path(os.environ["ILL_LUCK"]).with_name(ill_luck.BEGUN)
    assert _within(
        60, lambda: begun.exists() and begun.read_text().count("\n") >= 10
    )  # all but four are back
    os.kill(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "kept in o; the same command goes on" in err and "Traceback" not in err
    with Store.open(tmp_path / "o") as store:
        assert 0 < store.done.sum() < len(study.plan().distinct)
    luck()
    monkeypatch.chdir(tmp_path)
    assert not typer.main.get_command(app).main([*command, "--resume", "--quiet"], standalone_mode=False)
    assert contents(tmp_path / "o") == contents(alone)


def test_a_connection_that_we_close_is_no_news():
    """The event loop may still listen on it, and would log a traceback among our messages."""

    def told(error):
        record = logging.LogRecord(
            "tornado.application", logging.ERROR, "", 0, "", (), (type(error), error, None)
        )
        return module._is_news(record)

    assert not told(distributed.comm.CommClosedError("Stream is closed"))
    assert told(ValueError("something else"))


def _within(seconds, is_so):
    end = time.monotonic() + seconds
    while not is_so() and time.monotonic() < end:
        time.sleep(0.02)
    return is_so()


def test_workers_of_our_own(nqpf, done, tmp_path):
    study, alone = done
    code, out, err = nqpf(
        "sweep", study.path, "--cluster", "local", "--workers", 1, "--out", "o", "--quiet", cwd=tmp_path
    )
    assert (code, out, err) == (0, "o\n", "")
    assert contents(tmp_path / "o") == contents(alone)


def test_a_worker_of_other_versions_is_named(done, two, luck, tmp_path):
    luck(strange=True)
    with pytest.raises(
        InputError, match=r"worker tcp://\S+ has numpy 1\.0 there, \S+ here; numbers could differ"
    ):
        run_study(done[0], tmp_path, cluster=two.scheduler_address)
    luck()
    run_study(done[0], tmp_path, cluster=two.scheduler_address)
    assert contents(tmp_path) == contents(done[1])


def test_a_worker_that_cannot_do_our_runs_is_told(done, threads, tmp_path, monkeypatch):
    def without(*_):
        raise ModuleNotFoundError("No module named 'nqpf_abm'")

    monkeypatch.setattr(module, "run_at", without)
    with pytest.raises(
        InputError, match=r"cannot do our runs \(ModuleNotFoundError: No module.*install the same"
    ):
        run_study(done[0], tmp_path, cluster=threads.scheduler_address)


def test_workers_or_scheduler_that_leave_are_told_and_what_ended_is_kept(done, tmp_path, threads):
    study, alone = done

    def at(n, act):
        return lambda progress: progress.done == n and act()

    with pytest.raises(InputError, match=r"no worker of the cluster tcp://\S+ turned up in 1 s"):
        run_study(
            study,
            tmp_path,
            cluster=threads.scheduler_address,
            patience=1,
            progress=at(3, lambda: threads.scale(0)),
        )
    threads.scale(1)
    with pytest.raises(
        InputError, match=r"the scheduler of the cluster went away; every run that ended is kept"
    ):
        run_study(study, tmp_path, cluster=threads.scheduler_address, progress=at(6, threads.close))
    assert 6 <= len(load_tables(tmp_path).outcomes) < study.plan().n_runs
    run_study(study, tmp_path)
    assert contents(tmp_path) == contents(alone)


def test_nobody_there_is_told(done, tmp_path, monkeypatch):
    study, _ = done
    monkeypatch.setattr(module, "CONNECTING", 1)
    for address, words in {
        "tcp://127.0.0.1:1": r"--cluster tcp://127\.0\.0\.1:1: no scheduler reached \(OSError: Timed out",
        "nonsense": "no scheduler reached .*missing port number.*give the address that `dask scheduler` prints",
        "tls://127.0.0.1:1": "no certificate for TLS",
        "pigeon://hill:1": "unknown address scheme 'pigeon'",
    }.items():
        with pytest.raises(InputError, match=words):
            run_study(study, tmp_path, cluster=address)
    with started(n_workers=0, processes=False) as empty:
        with pytest.raises(
            InputError, match=r"no worker .* turned up in 0\.2 s; start some .* --wait SECONDS"
        ):
            run_study(study, tmp_path, cluster=empty, patience=0.2)


def test_without_dask_its_name_is_told(done, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(
        InputError, match=r"Dask, which is not installed: .*pip install \"nqpf_abm\[cluster\]\""
    ):
        run_study(done[0], tmp_path, cluster="local")
