"""Free rows for newcomers: tables grow between quarters, what is in free rows decides nothing, a full table is told."""

import numpy as np
import pytest

from nqpf_abm import Ecosystem
from nqpf_abm.declare import collective_phase
from nqpf_abm.engine.room import GROWING, check_room, short_of_room, with_room
from nqpf_abm.state.tables import AGENT_TABLES

SMALL = {"start.firms": 96, "start.least_firms": 6, "start.universities": 12, "start.burn_in": 4}


def cramped(state, *names):
    """The state with no row after the last one in use in the tables of these names."""
    parts = {name: getattr(state, name) for name in names}
    last = {name: int(np.flatnonzero(table["is_alive"])[-1]) for name, table in parts.items()}
    return state._replace(**{name: table[: last[name] + 1].copy() for name, table in parts.items()})


def garbled(table, rng):
    """Fill the free rows of a table with whatever memory might hold."""
    free = np.flatnonzero(table["is_alive"] == 0)
    rows = table.view(np.uint8).reshape(table.size, -1)
    rows[free] = rng.integers(0, 256, (free.size, rows.shape[1]), dtype=np.uint8)
    table["is_alive"][free] = 0


@pytest.mark.parametrize("name", GROWING)
def test_a_table_without_free_rows_is_short_alone(name):
    state = with_room(Ecosystem(seed=3, set=SMALL).state)
    which = np.zeros(len(GROWING), np.int64)
    assert short_of_room(state, which) == 0
    assert short_of_room(cramped(state, name), which) == 1
    assert [other for other, is_short in zip(GROWING, which, strict=True) if is_short] == [name]
    assert with_room(state) is state


def test_a_run_goes_on_as_before_when_tables_grow():
    """They are full as every quarter begins: the call finds no room, and acts when it was made."""
    plain, narrow = (Ecosystem(seed=3, quarters=8, set=SMALL) for _ in range(2))
    for _ in range(8):
        plain.step()
        narrow.settle()
        narrow.state = cramped(narrow.state, "teams", "employees", "projects")
        sizes = narrow.state.employees.size
        narrow.step()
        assert narrow.state.employees.size > sizes
        assert plain.results.series_array.tobytes() == narrow.results.series_array.tobytes()


@pytest.mark.parametrize("engine", ["columns", "agents"])
def test_what_free_rows_were_left_with_decides_nothing(engine):
    plain, dirty = (Ecosystem(seed=5, engine=engine, quarters=8, set=SMALL) for _ in range(2))
    rng = np.random.default_rng(1)
    for _ in range(8):
        plain.step()
        dirty.step()
        assert plain.state_hash() == dirty.state_hash()
        for name in AGENT_TABLES:
            garbled(getattr(dirty.state, name), rng)
        assert plain.state_hash() == dirty.state_hash()
    assert plain.results.series["entries"].sum() > 0


@pytest.mark.parametrize("name", GROWING)
def test_a_full_table_is_named(name):
    state = Ecosystem(seed=3, set=SMALL).state
    table = getattr(state, name).copy()
    table["is_alive"] = 1
    full = state._replace(**{name: table})
    check_room(full, 7)
    state.world["is_full"] = 1
    with pytest.raises(RuntimeError, match=f"quarter 7: a newcomer found no free row in {name}:"):
        check_room(full, 7)


def overflow(s, p, key):
    """As if somebody had found no free row in 2012Q3."""
    s.world[0].is_full = 1 if key.quarter == 6 else 0


@pytest.mark.parametrize("shape", [{}, {"audit": True}, {"engine": "agents"}])
def test_a_quarter_in_which_a_table_was_full_is_not_recorded(shape):
    phase = collective_phase(writes="world.is_full")(overflow).after("found_firms")
    model = Ecosystem(seed=3, quarters=8, set=SMALL, phases=[phase], **shape)
    with pytest.raises(RuntimeError, match="quarter 6: a newcomer found no free row"):
        model.run()
    assert model.quarters_done == 2
    assert len(model.results.series_array) == len(model.results.ledger_array) == 6
    with pytest.raises(RuntimeError, match="quarter 6 was begun and not ended"):
        model.run()
    with pytest.raises(RuntimeError, match="quarter 6 was begun and not ended"):
        model.branch("S11")
