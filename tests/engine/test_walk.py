"""A quarter walked by one call from Python is the quarter phase by phase."""

import threading
from itertools import count

import numpy as np
import pytest
from numba.core.bytecode import FunctionIdentity

from nqpf_abm import Ecosystem
from nqpf_abm.declare import collective_phase, numpy_phase, row_phase
from nqpf_abm.engine.room import with_room
from nqpf_abm.engine.run import NO_CODE, load_code, run_quarter
from nqpf_abm.engine.schedule import QUARTER
from nqpf_abm.engine.walk import code_of
from nqpf_abm.state.tables import AGENT_TABLES, TABLES, State


@pytest.fixture(scope="module")
def begun(small):
    """State and key of a small model after burn-in; not to be changed by a test."""
    model = Ecosystem(seed=4, quarters=4, set=small).settle()
    return with_room(model.state), model.key


def walked(begun, schedule, code=None):
    """The state after `schedule` on a copy of what has begun."""
    state, key = begun
    state = State(*(part.copy() for part in state))
    code = load_code(state, key, schedule) if code is None else code
    run_quarter(state, key, code=code, schedule=schedule)
    return state


def test_a_walk_is_its_phases_one_after_the_other(begun):
    walk, single = walked(begun, QUARTER), walked(begun, QUARTER, NO_CODE)
    for name in TABLES:
        assert getattr(walk, name).tobytes() == getattr(single, name).tobytes(), name
    assert (walk.firms["cash"] != begun[0].firms["cash"]).any()


@pytest.mark.parametrize("kind", AGENT_TABLES)
def test_rows_of_every_kind_act(begun, kind):
    """Those in use, and no other: each gets a uid of one more."""
    scope = {}
    exec(
        f"def renew(i, s, p, key):\n    s.{kind}[i].uid += 1\n", scope
    )  # numba needs the table's name written out
    state = walked(begun, (row_phase(kind, writes="uid")(scope["renew"]),))
    before, after = getattr(begun[0], kind), getattr(state, kind)
    assert (before["is_alive"] == 1).any()
    np.testing.assert_array_equal(after["uid"] - before["uid"], before["is_alive"] == 1)


def count_up(s, p, key):
    """A phase that shows when it acts: digit by digit."""
    s.world[0].clock = 10.0 * s.world[0].clock + 1.0


def count_down(s, p, key):
    s.world[0].clock = 10.0 * s.world[0].clock + 2.0


def in_python(s, p, key):
    s.world["clock"][0] = 10.0 * s.world["clock"][0] + 3.0


def test_phases_in_python_keep_their_place_between_compiled_ones(begun):
    up, down = (collective_phase(writes="world.clock")(f) for f in (count_up, count_down))
    plain = numpy_phase(writes="world.clock")(in_python)
    schedule = (up, down, plain, down, down)
    assert len(load_code(*begun, schedule).steps) == 3
    start = begun[0].world["clock"][0]
    assert walked(begun, schedule).world["clock"][0] == 1e5 * start + 12322.0


def numbered_alike(begun, monkeypatch, *functions):
    """Phases whose machine code numba gives the same number, as it may if different processes made it."""
    phases = []
    for f in functions:
        phase = collective_phase(writes="world.clock")(f)
        monkeypatch.setattr(FunctionIdentity, "_unique_ids", count(1_000_000))
        load_code(*begun, (phase,))
        phases.append(phase)
    return tuple(phases)


def test_phases_of_one_number_are_told_apart(begun, monkeypatch):
    schedule = numbered_alike(begun, monkeypatch, count_up, count_down)
    assert walked(begun, schedule).world["clock"][0] == 100.0 * begun[0].world["clock"][0] + 12.0


def test_machine_code_of_every_phase_bears_its_name(begun):
    """What numba makes the name of beside that holds in one process only."""
    load_code(*begun, QUARTER)
    for phase in QUARTER:
        assert all(phase.name in code.fndesc.llvm_func_name for code in code_of(phase).overloads.values())


def test_phases_that_cannot_be_told_apart_are_not_walked(begun, monkeypatch):
    def count_up(s, p, key):
        s.world[0].clock += 5.0

    schedule = numbered_alike(begun, monkeypatch, count_up, globals()["count_up"])
    with pytest.raises(RuntimeError, match="of one name"):
        load_code(*begun, schedule)


def test_what_a_phase_raises_is_raised(begun):
    def refuse(i, s, p, key):
        """A firm that cannot go on."""
        if s.firms[i].is_alive == 1:
            raise ValueError("this firm is closed")

    phase = row_phase("firms", writes="age")(refuse)
    with pytest.raises(ValueError, match="this firm is closed"):
        walked(begun, (phase,))


def test_a_quarter_leaves_pythons_lock(begun):
    """Another thread goes on while a phase takes its time."""

    def take_time(s, p, key):
        total = 0.0
        for k in range(50_000_000):
            total += 1.0 / (k + total + 1.0)
        s.world[0].clock = total

    schedule = (collective_phase(writes="world.clock")(take_time),)
    load_code(*begun, schedule)
    ended, counted = threading.Event(), 0
    thread = threading.Thread(target=lambda: (walked(begun, schedule), ended.set()))
    thread.start()
    while not ended.wait(0.001):
        counted += 1
    thread.join()
    assert counted > 20
