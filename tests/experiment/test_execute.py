"""Many runs: the same numbers on any number of processes, failures recorded, nothing left behind."""

import gc
import os
import signal
import subprocess
import sys
import time
import weakref

import mesa
import numpy as np
import pytest

from nqpf_abm import Ecosystem, InputError
from nqpf_abm.data.scenario_file import Event
from nqpf_abm.experiment import execute as execution
from nqpf_abm.experiment.arms import Arm, arm
from nqpf_abm.experiment.execute import Measure, Point, distinct, execute
from nqpf_abm.state.events import apply_events

GDP = Measure("gdp", "10^6 yuan", lambda finished: float(finished.model.state.world["gdp"][0]))
LEADERS = Measure(
    "leaders",
    "0 to 1",
    lambda f: float(
        f.model.state.entrepreneurs["orientation"][f.model.state.entrepreneurs["is_alive"] == 1].mean()
    ),
)


def short(small, events=(), **settings) -> Arm:
    return arm(small | settings, events, quarters=4)


def test_outcomes_do_not_depend_on_the_number_of_processes(small):
    points = [Point(short(small, M06=switch), seed, (GDP,)) for seed in (1, 2) for switch in ("on", "off")]
    told = []
    alone = execute(points)
    together = execute(points, jobs=3, progress=lambda done, total: told.append((done, total)))
    assert [outcome.numbers for outcome in alone] == [outcome.numbers for outcome in together]
    assert [outcome.point for outcome in together] == points
    assert told == [(k, 4) for k in range(1, 5)]
    assert len({outcome.numbers["gdp"] for outcome in alone}) == 4


def test_a_run_is_what_the_ecosystem_gives(small):
    (outcome,) = execute([Point(short(small), 3, (GDP,))])
    assert outcome.numbers["gdp"] == Ecosystem(seed=3, quarters=4, set=small).run().state.world["gdp"][0]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_failure_is_recorded_and_the_rest_goes_on(small, jobs):
    def broken(finished):
        raise ArithmeticError("no\nluck")

    points = [
        Point(short(small), seed, (measure,))
        for seed, measure in ((1, GDP), (2, Measure("b", "1", broken)), (3, GDP))
    ]
    first, second, third = execute(points, jobs=jobs)
    assert second.error == "ArithmeticError: no luck"
    assert second.numbers == {}
    assert first.error == third.error == ""
    assert first.numbers["gdp"] > 0 and third.numbers["gdp"] > 0


@pytest.mark.skipif(sys.platform != "linux", reason="threads elsewhere, which nobody can kill")
def test_a_killed_process_is_recorded(small):
    def killed(finished):
        os.kill(os.getpid(), signal.SIGKILL)

    points = [Point(short(small), 1, (GDP,)), Point(short(small), 2, (Measure("k", "1", killed),))]
    first, second = execute(points, jobs=2)
    assert first.numbers["gdp"] > 0
    assert "killed" in second.error


@pytest.mark.skipif(sys.platform != "linux", reason="threads elsewhere, which nobody can kill")
def test_a_killed_process_takes_no_other_run_with_it():
    def work(k):
        if k in (3, 11):
            os.kill(os.getpid(), signal.SIGKILL)
        return k * k

    told = dict(execution.each(work, 20, jobs=3))
    assert {k for k, (_, error) in told.items() if error} == {3, 11}
    assert {k: value for k, (value, error) in told.items() if not error} == {
        k: k * k for k in range(20) if k not in (3, 11)
    }


@pytest.mark.skipif(sys.platform != "linux", reason="threads elsewhere, which nobody can kill")
def test_a_process_killed_once_leaves_no_trace(tmp_path):
    def work(k):
        if k == 5 and not (tmp_path / "killed").exists():
            (tmp_path / "killed").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return k

    assert dict(execution.each(work, 12, jobs=2)) == {k: (k, "") for k in range(12)}


@pytest.mark.skipif(sys.platform != "linux", reason="threads elsewhere, which nobody can kill")
def test_a_process_killed_in_the_midst_of_quick_work_costs_little(monkeypatch):
    """All that was in its bundles is done again, one by one, by one process; another is made when that dies as well."""
    pools, workers = [], execution._workers

    def watched(jobs):
        pools.append(jobs)
        return workers(jobs)

    def work(k):
        if k == 700:
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(0.001)
        return -k

    monkeypatch.setattr(execution, "_workers", watched)
    told = list(execution.each(work, 1000, jobs=2))
    assert sorted(k for k, _ in told) == list(range(1000))
    found = dict(told)
    assert found.pop(700) == (None, execution.KILLED)
    assert found == {k: (-k, "") for k in range(1000) if k != 700}
    assert pools == [2, 1, 1, 2]


def test_slow_work_behind_quick_work_is_told_as_it_ends(monkeypatch):
    """How quick work is can only be known of what was done: a bundle ends when its time is up, whatever is left of it."""
    done, submitted = [], execution._submitted

    def watched(pool, bundle):
        future = submitted(pool, bundle)
        future.add_done_callback(lambda ended: done.append(ended.result()))
        return future

    def work(k):
        time.sleep(0.0 if k < 300 else 0.8 * execution.BUNDLE)
        return k

    monkeypatch.setattr(execution, "_submitted", watched)
    assert dict(execution.each(work, 330, jobs=2)) == {k: (k, "") for k in range(330)}
    assert max(len(found) for found, _ in done) > 8
    assert max(sum(k >= 300 for k in found) for found, _ in done) <= 2
    assert sorted(k for found, _ in done for k in found) == list(range(1, 330))


def test_what_fails_behind_quick_work_loses_none_of_it(monkeypatch):
    """What was done before it in its bundle comes first; then it is tried again, and what it raises is raised."""
    sent, submitted = [], execution._submitted

    def watched(pool, bundle):
        sent.append(list(bundle))
        return submitted(pool, bundle)

    def work(k):
        if k == 500:
            raise ArithmeticError("no luck")
        return k

    monkeypatch.setattr(execution, "_submitted", watched)
    back = []
    with pytest.raises(ArithmeticError, match="no luck"):
        for k, _ in execution.each(work, 1000, jobs=2):
            back.append(k)
    bundle = next(bundle for bundle in sent if 500 in bundle)
    assert {k for k in bundle if k < 500} <= set(back)


@pytest.mark.parametrize(("seconds", "is_bundled"), [(0.0, True), (1.5 * execution.BUNDLE, False)])
def test_quick_work_is_sent_in_bundles(seconds, is_bundled, monkeypatch):
    """Never more than twice as many at once as the bundle before had: the first tell how quick the work is."""
    sent, submitted = [], execution._submitted

    def watched(pool, bundle):
        sent.append(list(bundle))
        return submitted(pool, bundle)

    def work(k):
        time.sleep(seconds)
        return -k

    monkeypatch.setattr(execution, "_submitted", watched)
    n = 400 if is_bundled else 8
    assert dict(execution.each(work, n, jobs=2)) == {k: (-k, "") for k in range(n)}
    assert sorted(k for bundle in sent for k in bundle) == list(range(1, n))
    assert (max(map(len, sent)) > 8) == is_bundled
    assert is_bundled or {len(bundle) for bundle in sent} == {1}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there are no worker processes")
def test_workers_end_with_the_process_that_started_them(tmp_path):
    code = (
        "import os, sys, time, pathlib\n"
        "from nqpf_abm.experiment.execute import each\n"
        "def work(k):\n"
        "    pathlib.Path(sys.argv[1], f'{os.getpid()}').touch()\n"
        "    time.sleep(0 if k == 0 else 600)\n"
        "list(each(work, 9, jobs=2))\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)])
    try:
        assert _within(60, lambda: len(list(tmp_path.iterdir())) == 3)
    finally:
        parent.kill()
        parent.wait()
    workers = {int(path.name) for path in tmp_path.iterdir()} - {parent.pid}
    assert _within(10, lambda: not any(_is_running(pid) for pid in workers))


def _is_running(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _within(seconds: float, is_so) -> bool:
    end = time.monotonic() + seconds
    while not is_so() and time.monotonic() < end:
        time.sleep(0.05)
    return is_so()


def test_states_are_kept_and_traces_taken_when_asked_for(small):
    clock = Measure(
        "clock",
        "quarters",
        lambda f: [*(f.kept[q].world["clock"][0] for q in (0, 2)), *f.traced["clock"]],
        keeps=(0, 2),
        trace=lambda model: float(model.state.world["clock"][0]),
    )
    (outcome,) = execute([Point(short(small), 1, (clock,))])
    assert outcome.numbers["clock"] == [0.0, 2.0, 0.0, 1.0, 2.0, 3.0]


def test_nothing_of_a_model_is_left_behind(small, monkeypatch):
    seen = []

    class Watched(Ecosystem):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            seen.append(weakref.ref(self))

    def with_agents(finished):
        return float(len(finished.model.agents))

    monkeypatch.setattr(execution, "Ecosystem", Watched)
    before = len(getattr(mesa.Agent, "_ids", ()))
    gc.disable()
    try:
        (outcome,) = execute([Point(short(small), 1, (Measure("agents", "1", with_agents),))])
        assert outcome.error == ""
        assert outcome.numbers["agents"] > 1000
        assert seen[0]() is None  # gone at once, without a search for circles
    finally:
        gc.enable()
    assert len(getattr(mesa.Agent, "_ids", ())) == before


def test_points_that_are_the_same_run_are_done_once(small):
    a, b = arm(small | {"M06": "on"}), arm(small | {"M06": True, "M07": 1})
    assert a == b
    merged = distinct([Point(a, 1, (GDP,)), Point(b, 1, (GDP, LEADERS)), Point(a, 2, (GDP,))])
    assert [(point.seed, len(point.measures)) for point in merged] == [(1, 2), (2, 1)]
    with pytest.raises(ValueError, match="'gdp'"):
        distinct([Point(a, 1, (GDP,)), Point(a, 1, (Measure("gdp", "1", lambda f: 0.0),))])


@pytest.mark.parametrize("jobs", [0, 1.5, True, 300])
def test_jobs_out_of_range_are_refused(jobs):
    with pytest.raises(InputError, match=r"jobs.*\[1, 256\]"):
        execute([], jobs=jobs)


# ------------------------------------------------------------------------------------------------- events


def test_an_event_changes_every_leader_once_and_keeps_degrees_within_bounds(small):
    state = Ecosystem(seed=1, quarters=4, set=small).state
    before = state.entrepreneurs["orientation"].copy()
    apply_events([Event("entrepreneurs.orientation", "add", 0.15, quarter=2)], 1, state)
    np.testing.assert_array_equal(state.entrepreneurs["orientation"], before)
    apply_events([Event("entrepreneurs.orientation", "add", 0.15, quarter=2)], 2, state)
    alive = state.entrepreneurs["is_alive"] == 1
    np.testing.assert_allclose(
        state.entrepreneurs["orientation"][alive], np.minimum(before[alive] + 0.15, 1.0)
    )
    np.testing.assert_array_equal(state.entrepreneurs["orientation"][~alive], before[~alive])


def test_an_event_can_set_some_components_in_every_quarter(small):
    lasting = Event("entrepreneurs.style", "set", 0.0, quarter=0, lasting=True, index=(1, 3))
    styles = Measure(
        "styles",
        "0 to 1",
        lambda f: f.model.state.entrepreneurs["style"][f.model.state.entrepreneurs["is_alive"] == 1],
    )
    entry = {"demography.entry": 0.016, "start.firms": 240}
    once = Event("entrepreneurs.style", "set", 0.0, quarter=0, index=(1, 3))
    rows = {}
    for name, event in (("lasting", lasting), ("once", once)):
        (outcome,) = execute([Point(arm(small | entry, [event], quarters=12), 1, (styles,))])
        rows[name] = outcome.numbers["styles"]
    newcomers = (rows["once"][:, 1] > 0).sum()
    assert newcomers > 0
    # founders of the last quarter alone were not met by the event
    assert (rows["lasting"][:, 1] > 0).sum() < newcomers
    assert (rows["lasting"][:, 0] > 0).all()


def test_an_event_moves_what_it_says_and_only_from_then_on(small):
    raised = Event("entrepreneurs.orientation", "add", 0.2, quarter=2)
    series = Measure(
        "x", "0 to 1", lambda f: f.model.results.series["leader_orientation"].to_numpy().reshape(4, -1)
    )
    plain, moved = (
        outcome.numbers["x"]
        for outcome in execute([Point(short(small, e), 1, (series,)) for e in ((), (raised,))])
    )
    np.testing.assert_array_equal(plain[:2], moved[:2])
    assert (moved[2:].mean() - plain[2:].mean()) == pytest.approx(0.2, abs=0.01)


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (Event("leaders.orientation", "add", 0.1), "entrepreneurs"),
        (Event("entrepreneurs.orientatoin", "add", 0.1), "unknown.*did you mean 'orientation'"),
        (Event("firms.cash", "add", 1.0), "ledger"),
        (Event("teams.firm", "set", 1.0), "row reference"),
        (Event("firms.uid", "set", 1.0), "cannot be changed"),
        (Event("firms.layers", "set", 1.5), "whole numbers; got 1.5"),
        (Event("entrepreneurs.style", "set", 0.0, index=(4,)), r"\[0, 3\]; got \[4\]"),
    ],
)
def test_what_cannot_be_changed_from_outside_is_refused(event, words):
    with pytest.raises(InputError, match=words):
        arm(events=[event])


def test_an_arm_checks_its_settings():
    with pytest.raises(InputError, match="did you mean 'leadership.adjustment'"):
        arm({"leadership.adjustmnt": 0.1})
