"""Columns, agents, shuffled agents and threads give the same state, bit for bit, every quarter."""

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nqpf_abm import Ecosystem
from nqpf_abm.declare import Parameters
from nqpf_abm.mechanisms import topics
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
    from nqpf_abm.engine.room import GROWING, with_room

    model = Ecosystem(seed=3, quarters=4, set=small)
    cramped = {}
    for name in GROWING:
        table = getattr(model.state, name)
        used = int(table["is_alive"].sum())
        cramped[name] = table[: max(used, 1)].copy() if name not in ("firms", "entrepreneurs") else table
    grown = with_room(model.state._replace(**cramped))
    for name, part in GROWING.items():
        table = getattr(grown, name)
        used = table["is_alive"].sum()
        assert used == cramped[name]["is_alive"].sum()
        assert table.size - used >= max(32, used // part)
    assert grown.firms.size == grown.entrepreneurs.size
    assert (grown.employees["firm"][grown.employees["is_alive"] == 0] == -1).all()


QUICK = {
    "proactivity.contagion": 2 / 3, "proactivity.threshold_mean": 0.6, "proactivity.autonomy_effect": 0.0,
    "proactivity.ideas_per_act": 0.2, "proactivity.screen_pass": 0.9, "integration.matching": 0.3, "labour.coherence": 0.9,
    "demography.entry": 0.0118, "demography.spin_off": 0.04, "demography.layers_start": 2.67, "start.size_log_mean": 3.0,
}  # fmt: skip


def test_a_world_where_firms_spring_up_has_room_for_them():
    """A tenth more firms in a quarter, from spin-offs: a twelfth was all there was room for, and the run failed."""
    model = Ecosystem(seed=1, until=2013, set=QUICK)
    alive = []
    for _ in range(6):
        model._quarter()
        alive.append(int(model.state.firms["is_alive"].sum()))
    assert max(after / before for before, after in zip(alive, alive[1:], strict=False)) > 1.1


DECLARED = {
    name: field.metadata
    for name, field in Parameters(topics())._declared.items()
    if not name.startswith("start.")
}
SWITCHES = sorted(Parameters(topics())._mechanisms)


HAPPENING = ("entries", "exits", "leavers", "arrivals", "hires", "separations")


@settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    seed=st.integers(0, 2**64 - 1),
    places=st.dictionaries(st.sampled_from(sorted(DECLARED)), st.floats(0.0, 1.0), max_size=12),
    off=st.sets(st.sampled_from(SWITCHES), max_size=8),
)
def test_any_parameters_and_switches_keep_the_engines_equal(small, seed, places, off):
    """Parameters anywhere within their ranges, any mechanisms off: every column, every quarter of two years.

    In all that is compared firms open and close, and people move, within the quarters compared.
    """
    drawn = {
        name: DECLARED[name]["low"] + u * (DECLARED[name]["high"] - DECLARED[name]["low"])
        for name, u in places.items()
    }
    changes = small | {"start.burn_in": 4} | drawn | dict.fromkeys(off, "off")
    columns = Ecosystem(seed=seed, quarters=8, set=changes).settle()
    others = [Ecosystem(seed=seed, quarters=8, set=changes, **way) for way in WAYS.values()]
    for _ in range(8):
        columns.step()
        for other in others:
            other.step()
            assert differing(columns, other) == []
    moved = columns.results.series
    for name in HAPPENING:
        assert moved[name].sum() > 0, f"no {name}: this example compares too little"


FOUNDED, BECAME = "ac08ce070d7472c9", "565e508c9eda0a44"
"""Hash of the founded world, and of its state after every quarter: the same on every processor. They move when a law,
a number or the schedule does: say in the commit why."""

HASH_OF_A_TRAJECTORY = """
import hashlib
from nqpf_abm import Ecosystem
model = Ecosystem(seed=11, quarters=4, set={"start.firms": 96, "start.least_firms": 6, "start.universities": 12,
                                            "start.burn_in": 8})
print(model.state_hash()[:16])
digest = hashlib.sha256()
for _ in range(4):
    model.step()
    digest.update(model.state_hash().encode())
print(digest.hexdigest()[:16])
"""


def trajectory(**setting) -> list[str]:
    """Hash of the founded world and of what became of it, from a process of its own."""
    command = [sys.executable, "-c", HASH_OF_A_TRAJECTORY]
    done = subprocess.run(command, env=os.environ | setting, capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_the_trajectory_is_the_one_on_record_and_the_same_on_any_processor(tmp_path):
    """On this machine's own instructions, and on the least that any x86-64 or arm64 has, compiled apart."""
    assert trajectory() == [FOUNDED, BECAME]
    assert trajectory(NUMBA_CPU_NAME="generic", NQPF_CACHE_DIR=str(tmp_path)) == [FOUNDED, BECAME]


def test_a_world_is_founded_alike_whatever_instructions_numpy_uses():
    """NumPy chooses its loops by processor; here it is held to those that any x86-64 has."""
    assert trajectory(NPY_DISABLE_CPU_FEATURES="X86_V3 X86_V4") == [FOUNDED, BECAME]
