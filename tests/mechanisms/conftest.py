"""A small world two years after burn-in, and how to act out single phases on a copy of it."""

import numpy as np
import pytest

from nqpf_abm import Ecosystem
from nqpf_abm.declare import Parameters
from nqpf_abm.engine.run import run_phase
from nqpf_abm.mechanisms import topics
from nqpf_abm.state.tables import State


@pytest.fixture(scope="session")
def grown(small):
    """A run of eight quarters; not to be changed by a test."""
    return Ecosystem(seed=3, quarters=8, set=small).run()


@pytest.fixture(scope="session")
def acted(grown, small):
    """Function: the state after `phases`, acted out on a copy of the grown state.

    change    function of the copy, applied before the first phase
    settings  parameters and switches by name; those of the small world otherwise
    """

    def act(*phases, change=None, settings=None):
        state = State(*(part.copy() for part in grown.state))
        state = state._replace(params=Parameters(topics(), small | (settings or {})).record)
        if change is not None:
            change(state)
        for phase in phases:
            run_phase(phase, state, grown.key)
        return state

    return act


@pytest.fixture(scope="session")
def setting():
    """Function: a change that sets columns, named table__column, to values."""

    def build(**columns):
        def change(state):
            for name, value in columns.items():
                table, column = name.split("__")
                getattr(state, table)[column] = value

        return change

    return build


@pytest.fixture(scope="session")
def living():
    """Function: the rows of a table that are in use."""

    def rows(table: np.ndarray) -> np.ndarray:
        return table[table["is_alive"] == 1]

    return rows


@pytest.fixture(scope="session")
def by_province():
    """Function: weighted sums over firms in use, per province."""

    def total(state, values) -> np.ndarray:
        firms, provinces = state.firms, state.provinces
        alive = firms["is_alive"] == 1
        home = firms["province"]
        return np.bincount(
            home[alive], weights=(values * provinces["weight"][home])[alive], minlength=provinces.size
        )

    return total
