"""Columns, agents, shuffled agents and threads give the same state, bit for bit, every quarter."""

import numpy as np
import pytest

from nqpf_abm import Ecosystem
from nqpf_abm.state.tables import TABLES

WAYS = {
    "agents": {"engine": "agents"},
    "shuffled": {"engine": "agents", "shuffled": True},
    "threads": {"threads": 2},
}


def differing(a, b) -> list[str]:
    """Columns that are not equal, by name."""
    found = []
    for name in TABLES:
        first, second = getattr(a.state, name), getattr(b.state, name)
        for column in first.dtype.names:
            if not np.array_equal(first[column], second[column]):
                found.append(f"{name}.{column}")
    return found


@pytest.mark.parametrize("way", WAYS)
def test_every_quarter_is_the_same(way, small):
    columns = Ecosystem(seed=11, quarters=6, set=small)
    other = Ecosystem(seed=11, quarters=6, set=small, **WAYS[way])
    for _ in range(6):
        columns.step()
        other.step()
        assert differing(columns, other) == []
        assert columns.state_hash() == other.state_hash()
    moved = columns.results.series
    assert (moved[["entries", "hires", "separations", "leavers"]].sum() > 0).all()
    np.testing.assert_array_equal(columns.results.series_array, other.results.series_array)
    np.testing.assert_array_equal(columns.results.ledger_array, other.results.ledger_array)


def test_switched_off_mechanisms_keep_the_engines_equal(small):
    off = small | dict.fromkeys(["M06", "M08", "M28", "M31", "M43"], "off")
    runs = [Ecosystem(seed=5, quarters=4, set=off, engine=engine).run() for engine in ("columns", "agents")]
    assert differing(*runs) == []


def test_the_hash_sees_a_single_bit(small):
    model = Ecosystem(seed=5, quarters=4, set=small)
    before = model.state_hash()
    model.state.firms["cash"][0] = np.nextafter(model.state.firms["cash"][0], np.inf)
    assert model.state_hash() != before


def test_other_seeds_give_other_states(small):
    assert Ecosystem(seed=1, set=small).state_hash() != Ecosystem(seed=2, set=small).state_hash()


def test_stepping_equals_running(small):
    ran = Ecosystem(seed=3, quarters=5, set=small).run()
    stepped = Ecosystem(seed=3, quarters=5, set=small)
    for _ in range(5):
        stepped.step()
    assert ran.state_hash() == stepped.state_hash()


def test_full_tables_grow_without_a_trace(small):
    from nqpf_abm.engine.run import GROWING, with_room

    model = Ecosystem(seed=3, quarters=4, set=small)
    cramped = {}
    for name in GROWING:
        table = getattr(model.state, name)
        used = int(table["is_alive"].sum())
        cramped[name] = table[: max(used, 1)].copy() if name not in ("firms", "entrepreneurs") else table
    grown = with_room(model.state._replace(**cramped))
    for name in GROWING:
        table = getattr(grown, name)
        assert table.size - table["is_alive"].sum() >= 32
        assert table["is_alive"].sum() == cramped[name]["is_alive"].sum()
    assert grown.firms.size == grown.entrepreneurs.size
    assert (grown.employees["firm"][grown.employees["is_alive"] == 0] == -1).all()
