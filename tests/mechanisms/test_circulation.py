"""The circuit is a geometric mean: one stage blocked blocks the whole, and households notice."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.mechanisms.circulation import circuit, circulate, digital_consumption, passed
from nqpf_abm.mechanisms.market import set_demand

steady = settings(derandomize=True, deadline=None, max_examples=60)
share = st.floats(0, 1)


def test_by_hand():
    assert passed(0.7, 1.1, 1.0, 1.0) == pytest.approx(0.77, rel=1e-12)
    assert digital_consumption(0.7, 0.5, 0.0) == pytest.approx(0.85, rel=1e-12)
    assert circuit(0.7, 0.7, 0.7, 0.35) == pytest.approx(0.7 * 0.5**0.25, rel=1e-12)


@steady
@given(share, share, share, share)
def test_one_blocked_stage_blocks_all_and_blocks_multiply(a, b, c, d):
    whole = circuit(a, b, c, d)
    assert 0.0 <= whole <= max(a, b, c, d) + 1e-12
    assert circuit(a, b, c, 0.0) == 0.0
    assert circuit(a, b, 0.5 * c, 0.5 * d) == pytest.approx(0.5**0.5 * whole, rel=1e-9, abs=1e-12)


def circulating(acted, stages, switch="on"):
    def change(state):
        state.provinces["stages"] = stages

    return acted(circulate, change=change, settings={"M95": switch}).provinces


def test_halving_a_stage_costs_a_sixth_whichever_it_is(acted):
    free = circulating(acted, 1.0)["circulation"]
    for k in range(4):
        stages = np.ones(4)
        stages[k] = 0.5
        np.testing.assert_allclose(circulating(acted, stages)["circulation"], free * 0.5**0.25, rtol=1e-12)


def test_households_spend_less_where_the_circuit_is_blocked(acted):
    def consumption(stages, switch):
        def change(state):
            state.provinces["stages"] = stages

        return acted(circulate, set_demand, change=change, settings={"M95": switch}).provinces["consumption"]

    np.testing.assert_allclose(consumption(0.5, "on"), 0.5 * consumption(1.0, "on"), rtol=1e-9)
    np.testing.assert_array_equal(consumption(0.5, "off"), consumption(1.0, "off"))
