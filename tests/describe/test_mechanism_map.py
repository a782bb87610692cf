"""Who affects whom is read off the declarations: complete, and the table in docs."""

from pathlib import Path

import pandas as pd
import pytest

from nqpf_abm.describe.mechanism_map import (
    ACTS,
    ECONOMY,
    LOOKS,
    MEASURED,
    columns_read,
    edges,
    nodes,
    stock_of,
)
from nqpf_abm.engine.schedule import QUARTER
from nqpf_abm.state.tables import TABLES

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(scope="module")
def table():
    return edges()


def test_the_table_in_docs_is_what_the_declarations_give(table):
    shipped = pd.read_csv(DOCS / "mechanism-map.csv")
    pd.testing.assert_frame_equal(
        shipped, table.reset_index(drop=True)
    )  # repeat: python experiments/mechanism_map.py


def test_every_mechanism_acts_on_a_stock_and_every_indicator_comes_from_one(table):
    listed = nodes()
    for kind, relation in (("mechanism", ACTS), ("indicator", MEASURED)):
        known = set(table.loc[table["kind"] == relation, "source"])
        assert set(listed.loc[listed["kind"] == kind, "id"]) == known
    assert set(table["target"]) == set(listed.loc[listed["kind"] == "stock", "id"])


def test_known_edges_are_there(table):
    found = {tuple(row) for row in table[["source", "target", "kind"]].to_numpy()}
    assert ("M08", "spirit of teams and employees", ACTS) in found
    assert ("M103", "energy, carbon and waste", ACTS) in found
    assert ("M32", "digital adoption", LOOKS) in found
    assert ("N1", "finds of search", MEASURED) in found
    assert (ECONOMY, "goods and markets", ACTS) in found
    assert ("N1", "energy, carbon and waste", MEASURED) not in found


def test_reading_follows_calls_and_leaves_out_what_is_only_written():
    phase = next(phase for phase in QUARTER if phase.name == "renew_energy_use")
    read = columns_read(phase.function, phase.kind)
    assert {"firms.energy_intensity", "firms.investment", "firms.capital"} <= read
    phase = next(phase for phase in QUARTER if phase.name == "compete")
    assert "firms.fitness" not in columns_read(phase.function, phase.kind)
    phase = next(phase for phase in QUARTER if phase.name == "found_firms")
    assert "employees.province" in columns_read(
        phase.function, phase.kind
    )  # as a whole column, in a function it calls


def test_a_stock_of_a_column():
    assert stock_of("firms.rnd_stock") == "research and development"
    assert stock_of("firms.*") == "firms that open and close"
    assert stock_of("provinces.wage_start") == stock_of("firms.uid") == ""
    columns = {f"{table}.{name}" for table in TABLES for name, *_ in TABLES[table]}
    assert {stock_of(column) for column in columns} == {"", *nodes().query("kind == 'stock'")["id"]}
