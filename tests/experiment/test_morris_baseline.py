"""The screening of the baseline: effects are those of SALib, failed runs are left out by name, a small one runs."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from SALib.analyze import morris

from nqpf_abm.sweep import SweepTables
from nqpf_abm.sweep.design import Method, salib_problem, unit_design
from nqpf_abm.sweep.factors import Factor

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "experiments"))
import morris_baseline  # noqa: E402

FACTORS = tuple(Factor(name, "parameter", 0.0, 1.0, "1") for name in "abc")


def tables(unit, y) -> SweepTables:
    rows = np.arange(len(unit))
    outcomes = pd.DataFrame({"row": rows, "replicate": 0, "seed": 1, "y": y})
    names = tuple(factor.name for factor in FACTORS)
    return SweepTables(
        "t", "morris", {"levels": 4}, names, names, unit, pd.DataFrame(unit), {"y": "1"}, outcomes
    )


def test_effects_are_those_of_salib():
    unit = unit_design(Method("morris", 20, {"levels": 4}), FACTORS, 0)
    y = 3 * unit[:, 0] + unit[:, 1] * unit[:, 2]
    ours = morris_baseline.effects(tables(unit, y)).set_index("factor")
    theirs = morris.analyze(salib_problem(FACTORS), unit, y, num_levels=4, seed=1)
    for name, key in (("mu_star", "mu_star"), ("mu", "mu"), ("sigma", "sigma")):
        np.testing.assert_allclose(ours.loc[list("abc"), name], np.asarray(theirs[key], float), atol=1e-12)
    assert ours["rank"].idxmin() == "a" and ours.loc["a", "mu_star"] == pytest.approx(3)


def test_steps_of_failed_runs_are_left_out_and_counted():
    unit = unit_design(Method("morris", 5, {"levels": 4}), FACTORS, 0)
    y = 3 * unit[:, 0]
    found = tables(unit, y)
    lame = tables(unit, y)
    object.__setattr__(
        lame, "outcomes", found.outcomes.drop(index=[1])
    )  # the second row of a trajectory: two steps
    table = morris_baseline.effects(lame)
    assert table["left_out"].sum() == 2 and table["steps"].sum() == 13
    assert table.set_index("factor").loc["a", "mu"] == pytest.approx(3)


def test_a_small_screening_leaves_table_and_picture(tmp_path):
    arguments = "--trajectories 2 --until 2013 --scale 0.25 --only charisma --jobs 1".split()
    morris_baseline.main([*arguments, "--folder", str(tmp_path / "s"), "--out", str(tmp_path)])
    table = pd.read_csv(tmp_path / "morris_baseline.csv")
    assert len(table) == 3 * 4 and (table["steps"] == 2).all()
    assert set(table["factor"]) == {
        f"charisma.{name}" for name in ("low", "high", "dependence", "internalisation")
    }
    assert (table["mu_star"] > 0).any()
    assert (tmp_path / "morris_baseline.png").stat().st_size > 10_000
