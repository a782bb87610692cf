"""Waste per output falls with equipment and green wins; reuse rises."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm import Ecosystem
from nqpf_abm.mechanisms.waste import next_reuse, renew_waste, waste_made

steady = settings(derandomize=True, deadline=None, max_examples=60)
share = st.floats(0, 1)


def test_by_hand():
    assert waste_made(10.0, 0.8, 1, 0.5) == pytest.approx(4.0, abs=1e-15)
    assert waste_made(10.0, 0.8, 0, 0.5) == pytest.approx(8.0, abs=1e-15)
    assert next_reuse(0.5, 1, 0.5, 0.1, 0.02) == pytest.approx(0.555, abs=1e-15)


@steady
@given(share, st.integers(0, 4), share, st.floats(0, 0.3), st.floats(0, 0.02))
def test_reuse_rises_and_never_beyond_all(reuse, wins, institutions, by_green, by_rules):
    after = next_reuse(reuse, wins, institutions, by_green, by_rules)
    assert reuse <= after <= 1.0 + 1e-12
    assert after <= next_reuse(reuse, wins + 1, institutions, by_green, by_rules) + 1e-12


def test_green_wins_and_equipment_cut_waste(acted, living):
    def change(wins, investment):
        def of(state):
            state.firms["green_wins"] = wins
            state.firms["investment"] = investment * state.firms["capital"]

        return of

    idle, green, renewed = (
        living(acted(renew_waste, change=change(*x)).firms) for x in ((0, 0.0), (1, 0.0), (0, 0.04))
    )
    np.testing.assert_allclose(green["waste_intensity"], idle["waste_intensity"] * np.exp(-0.04))
    np.testing.assert_allclose(renewed["waste_intensity"], idle["waste_intensity"] * np.exp(-0.01))
    assert (green["reuse"] > idle["reuse"]).all()


def test_every_province_starts_at_one(small):
    model = Ecosystem(seed=3, quarters=4, set=small)
    model.step()
    row = model.results.series_array[-1]
    np.testing.assert_allclose(row["waste"] / row["gdp"], 1.0, atol=0.1)
    reused = row["waste_reused"] / row["waste"]
    assert ((reused >= 0.6) & (reused < 0.65)).all()
    model.run()
    later = model.results.series_array[-1]
    assert later["waste"].sum() / later["gdp"].sum() < row["waste"].sum() / row["gdp"].sum()
