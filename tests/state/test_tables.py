"""Every column is documented, and stored as documented."""

import keyword

import numba
import numpy as np
import pytest

from nqpf_abm.state.accounts import N_ROWS
from nqpf_abm.state.tables import AGENT_TABLES, COMMON, DTYPES, SCORE_LAGS, TABLES, State, dtype_of

COLUMNS = [(table, *column) for table, columns in TABLES.items() for column in columns]


@pytest.mark.parametrize("column", COLUMNS, ids=lambda c: f"{c[0]}.{c[1]}")
def test_every_column_is_documented(column):
    table, name, kind, unit, meaning = column
    assert name.isidentifier()
    assert not keyword.iskeyword(name)
    assert name == name.lower()
    assert isinstance(unit, str)
    assert isinstance(meaning, str)
    assert unit or meaning, "say what it is or in what it is counted"
    if name.startswith("is_"):
        assert kind == "i8"
        assert meaning, "say when it is true"
    stored = DTYPES[table].fields[name][0]
    scalar, shape = (kind, ()) if isinstance(kind, str) else kind
    assert stored.base == np.dtype(scalar)
    assert stored.shape == shape


@pytest.mark.parametrize("table", TABLES)
def test_tables_begin_with_identity_and_life(table):
    names = DTYPES[table].names
    assert names[:2] == tuple(name for name, *_ in COMMON) == ("uid", "is_alive")
    assert len(names) == len(TABLES[table]) + 2 == len(set(names))
    assert DTYPES[table] == dtype_of(table)
    assert DTYPES[table].isalignedstruct


def test_identity_is_wide_enough_for_every_draw():
    for dtype in DTYPES.values():
        assert dtype["uid"] == np.uint64
        assert dtype["is_alive"] == np.int64


def test_the_state_holds_every_table():
    assert set(TABLES) <= set(State._fields)
    assert set(AGENT_TABLES) < set(TABLES)
    assert {"world", "provinces"} == set(TABLES) - set(AGENT_TABLES)


@pytest.mark.parametrize(
    ("table", "column", "shape"), [("firms", "flow", (N_ROWS,)), ("provinces", "score_z", (SCORE_LAGS,))]
)
def test_shapes_follow_the_declared_sizes(table, column, shape):
    assert DTYPES[table][column].shape == shape


def test_an_unknown_table_is_refused():
    with pytest.raises(KeyError):
        dtype_of("planets")


def test_an_employee_takes_at_most_250_bytes():
    """A 1:1 city has millions of them; their row, and free rows beside it for newcomers."""
    assert DTYPES["employees"].itemsize <= 250


def test_the_compiled_name_of_the_state_is_short_and_tells_its_columns():
    """It is written into all machine code; two states of other columns must not share code."""
    tables = [np.zeros(1, [("uid", "u8")]) for _ in State._fields]
    names = {numba.typeof(State(*tables)).name for _ in range(2)}
    wider = State(np.zeros(1, [("uid", "u8"), ("cash", "f8")]), *tables[1:])
    names.add(numba.typeof(wider).name)
    assert len(names) == 2
    assert all(len(name) < 40 for name in names)
