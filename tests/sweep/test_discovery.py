"""Scenario discovery finds a box that was put there, and refuses what it cannot answer."""

import sys
from dataclasses import replace

import numpy as np
import pytest
from invented_sweeps import NAMES, linear, sweep

from nqpf_abm.errors import InputError
from nqpf_abm.sweep.discovery import discover, parse_condition, peel

try:
    from ema_workbench.analysis import prim  # noqa: F401
except ImportError:
    HAS_PRIM = False  # it needs Python 3.12
else:
    HAS_PRIM = True
with_prim = pytest.mark.skipif(not HAS_PRIM, reason="needs the EMA Workbench")


def boxed(unit):
    return ((unit[:, 0] > 0.6) & (unit[:, 1] < 0.5)).astype(float) + 0.01 * unit[:, 2]


@with_prim
def test_the_box_that_was_put_there_is_found_in_natural_units():
    found = discover(sweep("lhs", boxed, size=1000), "y >= 0.5")
    chosen = found.path.iloc[found.step]
    assert chosen["coverage"] > 0.9 and chosen["density"] > 0.9
    box = found.box.set_index("factor")
    assert box.loc["a", "low"] == pytest.approx(6.0, abs=0.4) and np.isnan(box.loc["a", "high"])
    assert box.loc["b", "high"] == pytest.approx(5.0, abs=0.4) and np.isnan(box.loc["b", "low"])
    assert (box.loc[["a", "b"], "p"] < 1e-6).all()
    assert found.leaves.iloc[0]["density"] > 0.95 and "c" not in found.leaves.iloc[0]["rule"].split()
    assert found.leaves["rows"].sum() == found.rows == 1000 and found.leaves["cases"].sum() == found.cases


@with_prim
def test_a_discrete_factor_is_peeled_whole():
    x = np.column_stack([np.repeat([0.25, 0.75], 100), np.tile(np.linspace(0, 1, 100), 2)])
    path, step, box = peel(x, x[:, 0] > 0.5, ("switch", "other"))
    assert path.iloc[step][["coverage", "density"]].tolist() == [1.0, 1.0]
    assert box["factor"].tolist() == ["switch"] and box.loc[0, "low"] == 0.75 and np.isnan(box.loc[0, "high"])


def test_without_the_workbench_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "ema_workbench.analysis", None)
    with pytest.raises(InputError, match=r"nqpf_abm\[discovery\]"):
        discover(sweep("lhs", boxed, size=100), "y > 0.5")


@with_prim
def test_rows_that_lack_a_run_take_no_part():
    tables = sweep("lhs", boxed, size=300)
    runs = tables.outcomes.copy()
    runs.loc[:9, "y"] = np.nan
    assert discover(replace(tables, outcomes=runs), "y > 0.5").rows == 290


@pytest.mark.parametrize(
    "text, words",
    [
        ("y", "OUTCOME > NUMBER"),
        ("y = 3", "OUTCOME > NUMBER"),
        ("0.4 < y", "must name an outcome"),
        ("Y > 0.4", "did you mean 'y'"),
        ("y > much", "finite number"),
        ("y > nan", "finite number"),
    ],
)
def test_conditions_that_cannot_be_read_are_refused(text, words):
    with pytest.raises(InputError, match=words):
        parse_condition(text, ("y",))
    assert parse_condition("y<=-1e-3", ("y",)) == ("y", "<=", -0.001)


def test_a_threshold_that_divides_nothing_is_refused():
    with pytest.raises(InputError, match="move the threshold"):
        discover(sweep("lhs", linear, size=100), "y > 7")
    assert len(NAMES) == 3
