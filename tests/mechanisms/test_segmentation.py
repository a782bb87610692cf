"""Borders between provinces."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.mechanisms.data import pool_data
from nqpf_abm.mechanisms.migration import migrate
from nqpf_abm.mechanisms.segmentation import crossing, relative_mobility

steady = settings(derandomize=True, deadline=None, max_examples=60)
unit = st.floats(0, 1)


def test_by_hand():
    assert crossing(10.0, 0.3) == pytest.approx(7.0, rel=1e-14)
    assert relative_mobility(0.2, 0.5) == pytest.approx(1.6, rel=1e-14)


@steady
@given(st.floats(0, 1e6), unit, unit)
def test_no_border_lets_all_through_and_a_closed_one_nothing(flow, a, b):
    low, high = sorted((a, b))
    assert crossing(flow, 0.0) == flow
    assert crossing(flow, 1.0) == 0.0
    assert crossing(flow, high) <= crossing(flow, low)


@pytest.mark.parametrize("g", [0.2, 0.5, 0.8])
def test_at_the_usual_barrier_people_move_at_their_rate(g):
    assert relative_mobility(g, g) == 1.0


def test_pools_of_provinces_differ_less_where_borders_are_open(acted):
    def change(state):
        state.firms["is_adopter"] = 1
        state.firms["data"] = 1.0
        state.firms["sharing"] = 0.3 * (state.firms["province"] % 2)

    spread = []
    for g in (0.8, 0.2):

        def segmented(state, g=g):
            change(state)
            state.provinces["segmentation"] = g

        pool = acted(pool_data, change=segmented).provinces["data_pool"]
        spread.append(pool.std() / pool.mean())
    assert spread[1] < spread[0]


def test_barriers_hold_up_the_top_alone(acted, setting):
    tight, open_ = (
        acted(migrate, change=setting(provinces__segmentation=g)).provinces["leavers"] for g in (1.0, 0.0)
    )
    assert tight[:, 1].sum() == 0
    assert open_[:, 1].sum() > 0
    np.testing.assert_array_equal(tight[:, 0], open_[:, 0])
