"""Arms and seeds to tables."""

import math

import pytest

from nqpf_abm.experiment.arm_tables import arm_tables
from nqpf_abm.experiment.arms import arm
from nqpf_abm.experiment.execute import Measure

OUTPUT = Measure("output", "10^6 yuan/quarter", lambda finished: float(finished.model.state.world["gdp"][0]))
SEED = Measure("seed", "1", lambda finished: float(finished.model.seed_number))


def test_a_row_per_seed_and_a_column_per_measure(small):
    arms = {"a": arm(small, quarters=1), ("b", 2): arm({**small, "M06": "off"}, quarters=1)}
    found = arm_tables(arms, range(3, 5), (OUTPUT, SEED))
    assert list(found) == ["a", ("b", 2)]
    for table in found.values():
        assert table.columns.tolist() == ["output", "seed"]
        assert table["seed"].to_dict() == {3: 3.0, 4: 4.0}
        assert (table["output"] > 0).all()


def test_equal_arms_are_run_once(small):
    told = []
    arms = {"a": arm(small, quarters=1), "b": arm(dict(small), quarters=1)}
    found = arm_tables(arms, [1], (OUTPUT,), progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 1)]
    assert found["a"].equals(found["b"])


def test_a_run_that_fails_is_named(small):
    broken = Measure("broken", "", lambda finished: math.sqrt(-1))
    with pytest.raises(RuntimeError, match="2 runs failed: ValueError"):
        arm_tables({"": arm(small, quarters=1)}, [1, 2], (broken,))
