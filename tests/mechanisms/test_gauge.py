"""The index of entrepreneurship is the mean of four relative measures, and nobody acts on it."""

import numpy as np
import pytest

from nqpf_abm import Ecosystem
from nqpf_abm.mechanisms.gauge import gauge_entrepreneurship, relative_measure
from nqpf_abm.state.tables import TABLES


def test_by_hand():
    assert relative_measure(0.03, 0.02) == pytest.approx(1.5)
    assert relative_measure(0.03, 0.0) == 1.0


def test_measures_add_up_over_firms_teams_and_people(acted):
    """Without memory, each measure is the ratio of sums over the province's rows."""
    state = acted(gauge_entrepreneurship, settings={"gauge.memory": 1.0})
    firms = state.firms
    for r in range(state.provinces.size):
        of = (firms["is_alive"] == 1) & (firms["province"] == r)
        f, leaders = firms[of], state.entrepreneurs[of]
        teams = state.teams[(state.teams["is_alive"] == 1) & np.isin(state.teams["firm"], np.flatnonzero(of))]
        people = state.employees[(state.employees["is_alive"] == 1) & (state.employees["province"] == r)]
        people = people[people["firm"] >= 0]
        levels = [rows["orientation"].mean() for rows in (leaders, teams, people)]
        expected = [
            f["rnd"].sum() / f["sales"].sum(),
            f["launched"].sum() / max((f["launched"] + f["launching"]).sum(), 1e-12),
            f["wins"].sum() * state.provinces["patents_per_win"][r] / f["staff"].sum(),
            np.mean(levels),
        ]
        np.testing.assert_allclose(state.provinces["measures"][r], expected, rtol=1e-9)
    relative = state.provinces["measures"] / state.world["measures_start"][0]
    np.testing.assert_allclose(state.provinces["entrepreneurship"], relative.mean(axis=1), rtol=1e-12)


def test_M99_off_nothing_is_measured_and_nothing_else_changes(small):
    on, off = (Ecosystem(seed=3, quarters=8, set=small | {"M99": switch}).run() for switch in ("on", "off"))
    assert (on.results.series["entrepreneurship"] > 0).all()
    assert (off.results.series["entrepreneurship"] == 0).all()
    own = {
        "year_sales",
        "year_profit",
        "year_rnd",
        "year_wins",
        "measures",
        "entrepreneurship",
        "measures_start",
    }
    for name in TABLES:
        a, b = getattr(on.state, name), getattr(off.state, name)
        for column in set(a.dtype.names) - own:
            np.testing.assert_array_equal(a[column], b[column])
