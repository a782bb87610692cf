"""Absorptive capacity, spillovers and catching up."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.mechanisms.absorption import (
    absorb_knowledge,
    absorptive_capacity,
    catching_up,
    spillover_inflow,
    university_inflow,
)
from nqpf_abm.mechanisms.responsibility import raised_spillover

steady = settings(derandomize=True, deadline=None, max_examples=60)
share = st.floats(0, 1)
effect = st.floats(0.2, 2)
stock = st.floats(0, 20)


def test_by_hand():
    assert absorptive_capacity(1.0, 1.0, 0.5, 0.5) == pytest.approx(1 - math.exp(-1), rel=1e-14)
    assert spillover_inflow(0.5, 0.01, 0.1, 0.5) == pytest.approx(0.0005, rel=1e-14)
    assert university_inflow(0.5, 0.0005) == 0.00025
    assert catching_up(1.0, 1.0, 0.012, 1.0) == pytest.approx(0.012 / math.e, rel=1e-14)


@steady
@given(stock, stock, effect, effect)
def test_capacity_is_a_share_that_rises_with_knowledge_and_skill(rnd, skill, a1, a2):
    capacity = absorptive_capacity(rnd, skill, a1, a2)
    assert 0.0 <= capacity <= 1.0
    assert capacity <= absorptive_capacity(rnd + 1, skill, a1, a2)
    assert capacity <= absorptive_capacity(rnd, skill + 1, a1, a2)
    assert absorptive_capacity(0.0, 0.0, a1, a2) == 0.0
    assert absorptive_capacity(1e4, skill, a1, a2) == pytest.approx(1, abs=1e-12)


@steady
@given(share, st.floats(0, 0.1), st.floats(0.05, 0.2), share)
def test_spillovers_are_largest_at_middle_distance(capacity, rnd, theta, distance):
    """Nooteboom: partners alike teach nothing, partners too far apart do not understand each other."""
    inflow = spillover_inflow(capacity, rnd, theta, distance)
    assert inflow == pytest.approx(spillover_inflow(capacity, rnd, theta, 1 - distance), abs=1e-15)
    assert inflow <= spillover_inflow(capacity, rnd, theta, 0.5) + 1e-18
    assert spillover_inflow(capacity, rnd, theta, 0.0) == 0.0
    assert spillover_inflow(0.0, rnd, theta, distance) == 0.0


@steady
@given(st.floats(0.05, 1), st.floats(0.006, 0.024), st.floats(0.3, 3))
def test_catching_up_is_largest_where_the_gap_is_what_one_can_absorb(capacity, rate, tolerance):
    """Verspagen: G exp(-G / (d AC)) has its top at G = d AC; beyond lies the trap."""
    top = tolerance * capacity
    most = catching_up(top, capacity, rate, tolerance)
    assert most == pytest.approx(rate * top / math.e, rel=1e-12)
    for factor in (0.5, 0.9, 1.1, 2.0):
        assert catching_up(factor * top, capacity, rate, tolerance) < most


@steady
@given(st.floats(-3, 0), st.floats(0, 3), share, st.floats(0.006, 0.024))
def test_limits_of_catching_up(ahead, gap, capacity, rate):
    assert catching_up(ahead, capacity, rate, 1.0) == 0.0
    assert catching_up(gap, capacity, rate, 0.0) == rate * gap  # the neutral form: no trap
    assert catching_up(gap, max(capacity, 0.01), rate, 1e12) == pytest.approx(rate * gap, rel=1e-9)
    assert 0.0 <= catching_up(gap, capacity, rate, 1.0) <= rate * gap


def test_capacity_is_relative_to_2012_with_wages_allowed_for(acted, living):
    """The mean stock and skill of 2012 give capacity 1 - exp(-1), whatever wages have done since."""
    for index in (1.0, 2.0):

        def mean_firm(state, index=index):
            state.world["wage_index"] = index
            state.firms["staff"] = 10.0
            state.firms["rnd_stock"] = 10.0 * index * state.world["rnd_reference"][0]
            state.firms["skill"] = 0.35

        firms = living(acted(absorb_knowledge, change=mean_firm).firms)
        assert firms["absorptive_capacity"] == pytest.approx(1 - math.exp(-1), rel=1e-12)


def test_firms_at_the_frontier_learn_from_neighbours_alone(acted, living):
    def ahead(state):
        state.world["frontier"] = -10.0

    before, after = living(acted(change=ahead).firms), living(acted(absorb_knowledge, change=ahead).firms)
    provinces = acted().provinces[after["province"]]
    neighbours = [
        spillover_inflow(float(c), float(n), raised_spillover(0.1, float(r), 0.1), 0.4)
        for c, n, r in zip(
            after["absorptive_capacity"], provinces["neighbour_rnd"], provinces["responsibility"], strict=True
        )
    ]
    universities = after["absorptive_capacity"] * provinces["public_knowledge"]
    np.testing.assert_array_equal(after["neighbour_gain"], neighbours)
    np.testing.assert_allclose(after["log_tfp"] - before["log_tfp"], neighbours + universities, atol=1e-15)
    assert max(neighbours) > 0.0 and universities.max() > 0.0
