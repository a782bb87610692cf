"""Sweeps by a Dask scheduler and its workers, each a process of its own: the same bytes as alone, whoever dies."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from tiny import TINY

from nqpf_abm import InputError
from nqpf_abm.sweep import Study, cluster, load_tables
from nqpf_abm.sweep.cluster import cluster_of
from nqpf_abm.sweep.execution import run_study
from nqpf_abm.sweep.store import Store

pytest.importorskip("distributed")

SUICIDE = """
import os, signal
from nqpf_abm.sweep import execution
usual = getattr(execution, "usual", execution.run_at)  # a worker loads this twice
execution.usual = usual
def run_at(study, run, values, seed):
    if run == {run}:
        os.kill(os.getpid(), signal.SIGKILL)
    return usual(study, run, values, seed)
execution.run_at = run_at
"""
INTERRUPTED = (
    "import sys; from nqpf_abm.sweep import Study\n"
    "Study.load(sys.argv[1]).run(sys.argv[2], cluster=sys.argv[3], progress=lambda told: print(told.done, flush=True))"
)


def contents(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*.parquet"))}


class Running:
    """A scheduler of Dask and workers without guardians, which stay dead when they are killed."""

    def __init__(self, folder, preload=(), deaths=3):
        self.folder, self.preload, self.deaths = folder, preload, deaths
        self.processes = [
            self._start("scheduler", "--port", "0", "--host", "127.0.0.1", "--no-dashboard", "--no-show")
        ]
        until = time.monotonic() + 60
        while not (folder / "s.json").exists() or not (folder / "s.json").read_text():
            assert time.monotonic() < until
            time.sleep(0.05)
        self.address = json.loads((folder / "s.json").read_text())["address"]

    def _start(self, what, *options):
        command = [
            sys.executable,
            "-m",
            "dask",
            what,
            "--scheduler-file",
            str(self.folder / "s.json"),
            *options,
        ]
        environment = os.environ | {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": str(self.deaths)}
        return subprocess.Popen(
            command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=environment
        )

    def worker(self):
        options = [word for file in self.preload for word in ("--preload", str(file))]
        process = self._start(
            "worker",
            "--no-nanny",
            "--nthreads",
            "1",
            "--no-dashboard",
            "--local-directory",
            str(self.folder),
            *options,
        )
        self.processes.append(process)
        return process


@contextmanager
def running(folder, workers=2, preload=(), deaths=3):
    folder.mkdir()
    found = Running(folder, preload, deaths)
    try:
        for _ in range(workers):
            found.worker()
        yield found
    finally:
        for process in found.processes:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """A study and the folder in which it was run, one run after the other."""
    folder = tmp_path_factory.mktemp("sweep")
    (folder / "study.toml").write_text(TINY, encoding="utf-8")
    study = Study.load(folder / "study.toml")
    return study, run_study(study, folder / "alone")


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_one_of_two_workers_killed_half_way_leaves_the_same_bytes(done, tmp_path):
    study, alone = done
    told = []

    with running(tmp_path / "d", workers=1) as dask:
        victim = dask.processes[-1]

        def watch(progress):
            told.append(progress.done)
            if progress.done == 2:
                dask.worker()  # a second one comes,
            if progress.done == 3:
                victim.send_signal(signal.SIGKILL)  # and the first is gone with what it had

        run_study(study, tmp_path / "o", cluster=dask.address, progress=watch)
        victim.wait()
    assert told == list(range(1, len(study.plan().distinct) + 1))
    assert contents(tmp_path / "o") == contents(alone)
    with Store.open(tmp_path / "o") as store:
        runs = [record.run for record in store.records()]
    assert sorted(runs) == study.plan().distinct.tolist()


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_run_that_kills_its_worker_fails_and_the_others_go_on(done, tmp_path):
    study, alone = done
    run = int(study.plan().distinct[2])
    (tmp_path / "deadly.py").write_text(SUICIDE.format(run=run), encoding="utf-8")
    with running(tmp_path / "d", preload=[tmp_path / "deadly.py"], deaths=0) as dask:
        run_study(study, tmp_path / "o", cluster=dask.address)
    tables = load_tables(tmp_path / "o")
    assert "its worker was killed" in tables.failed["error"].iloc[0]
    assert run in [study.replicates * line.row + line.replicate for line in tables.failed.itertuples()]
    run_study(study, tmp_path / "o", retry=True)
    assert contents(tmp_path / "o") == contents(alone)


def test_an_interrupt_keeps_what_is_done_and_the_same_command_goes_on(done, tmp_path):
    study, alone = done
    with running(tmp_path / "d", workers=1) as dask:
        process = subprocess.Popen(
            [sys.executable, "-c", INTERRUPTED, study.path, tmp_path / "o", dask.address],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for _ in range(3):
            assert process.stdout.readline()
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
        with Store.open(tmp_path / "o") as store:
            assert 3 <= store.done.sum() < len(study.plan().distinct)
        command = [sys.executable, "-c", "from nqpf_abm.cli.main import main; main()", "sweep", study.path]
        command += ["--out", tmp_path / "o", "--cluster", dask.address, "--resume"]
        told = subprocess.run(command, capture_output=True, text=True, check=True)
    assert contents(tmp_path / "o") == contents(alone)
    assert "8 runs are in" in told.stdout


def test_processes_of_this_machine_by_way_of_a_scheduler(done, tmp_path):
    study, alone = done
    assert len(study.run(tmp_path / "o", jobs=2, cluster="local", shard=(2, 2)).outcomes) < 16
    study.run(tmp_path / "o", jobs=2, cluster="local")
    assert contents(tmp_path / "o") == contents(alone)


def test_whoever_has_another_version_of_the_model_is_refused(done, tmp_path, monkeypatch):
    study, _ = done
    with running(tmp_path / "d", workers=1) as dask:
        with monkeypatch.context() as patched:
            patched.setattr(cluster, "source_hash", lambda *_: "other")
            with pytest.raises(InputError, match="has another version of the model"):
                run_study(study, tmp_path / "o", cluster=dask.address)
        monkeypatch.setattr(cluster, "_check_workers", lambda *_: None)  # one that comes later is not asked
        monkeypatch.setattr(Study, "address", lambda *_: "0" * 32)
        with pytest.raises(InputError, match="came later has another version"):
            run_study(study, tmp_path / "p", cluster=dask.address)


def test_a_cluster_that_cannot_be_used(tmp_path, monkeypatch):
    def refused(address, match):
        with pytest.raises(InputError, match=match), cluster_of(address, 1, patience=0.5):
            pass

    refused("nonsense", "must be local or a scheduler's address")
    refused("tcp://127.0.0.1:1", "no scheduler answers at tcp://127.0.0.1:1")
    with running(tmp_path / "d", workers=0) as dask:
        refused(dask.address, "no worker has come to .* `dask worker")
    monkeypatch.setitem(sys.modules, "distributed", None)
    refused("local", r"pip install \"nqpf_abm\[cluster\]\"")
