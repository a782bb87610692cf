"""Three efficiencies: parts within 0 and 1, one missing part spoils the whole, and they are what agents did."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.mechanisms.data import pool_data
from nqpf_abm.mechanisms.efficiency import (
    factor_efficiency,
    mean_efficiency,
    measure_efficiency,
    next_lessons,
    radical_part,
    timeliness,
    transition_speed,
)

steady = settings(derandomize=True, deadline=None, max_examples=60)
share = st.floats(0, 1)
FLOOR = 0.02


def test_by_hand():
    assert mean_efficiency(0.5, 0.4, 0.3, FLOOR) == pytest.approx(0.06 ** (1 / 3), rel=1e-12)
    assert radical_part(0.1, 0.1) == 0.5
    assert timeliness(8.0, 8.0) == pytest.approx(np.exp(-1), rel=1e-12)
    assert next_lessons(0.0, 1.0, 0.3, 0.125) == pytest.approx(0.0375, rel=1e-12)
    assert factor_efficiency(0.25, 0.25, 0.75, FLOOR) == pytest.approx(0.046875 ** (1 / 3), rel=1e-12)
    assert transition_speed(40.0, 20.0) == 0.5
    assert transition_speed(10.0, 20.0) == 1.0


@steady
@given(share, share, share)
def test_efficiency_lies_between_its_least_and_its_largest_part_and_never_below_the_floor(a, b, c):
    mean = mean_efficiency(a, b, c, FLOOR)
    assert FLOOR <= mean <= 1.0 + 1e-12
    assert mean <= max(a, b, c, FLOOR) + 1e-12
    assert mean >= min(a, b, c) - 1e-12
    assert mean_efficiency(0.0, b, c, FLOOR) == FLOOR


@steady
@given(share, share)
def test_more_radical_wins_and_less_lag_count_more(low, high):
    low, high = sorted((low, high))
    assert radical_part(low, 0.1) <= radical_part(high, 0.1) < 1.0
    assert timeliness(high, 0.5) <= timeliness(low, 0.5) <= 1.0


def measured(acted, change=None, **switches):
    return acted(measure_efficiency, change=change, settings=switches).provinces


def test_every_efficiency_lies_within_its_bounds(acted):
    e = measured(acted)["efficiency"]
    assert ((e >= FLOOR) & (e <= 1.0)).all()
    assert (np.ptp(e, axis=0) > 0.01).all()


def test_without_liquidity_factor_allocation_falls_to_the_floor_and_the_others_stay(acted, setting):
    before, after = measured(acted), measured(acted, setting(provinces__data_liquidity=0.0))
    np.testing.assert_array_equal(after["efficiency"][:, 1], FLOOR)
    np.testing.assert_array_equal(after["efficiency"][:, [0, 2]], before["efficiency"][:, [0, 2]])


def test_liquidity_is_bounded_by_institutions_where_it_depends_on_them(acted, setting):
    change = setting(firms__sharing=1.0, firms__data=50.0, firms__is_adopter=1, provinces__institutions=0.3)
    bound, free = (
        acted(pool_data, change=change, settings={"M23": switch}).provinces["data_liquidity"]
        for switch in ("on", "off")
    )
    np.testing.assert_array_equal(bound, 0.3)
    assert (free > 0.9).all()


def test_firms_without_lessons_lower_the_first_efficiency_alone(acted, setting):
    change = setting(firms__lessons=0.0, firms__failures=0)
    before, after = measured(acted), measured(acted, change)
    assert (after["efficiency"][:, 0] < before["efficiency"][:, 0]).all()
    np.testing.assert_array_equal(after["efficiency"][:, 2], before["efficiency"][:, 2])


def test_green_wins_make_industry_more_sustainable(acted):
    def change(state):
        state.firms["wins"] = state.firms["green_wins"] = 1

    before, after = measured(acted), measured(acted, change)
    assert (after["sustainability"] > before["sustainability"]).all()


def test_wins_in_every_field_are_as_broad_as_can_be(acted):
    def change(state):
        state.provinces["field_wins"] = 0.01
        state.firms["wins"] = 0

    np.testing.assert_allclose(measured(acted, change)["breadth"], 1.0, rtol=1e-12)


@pytest.mark.parametrize("mechanism, k", [("M18", 0), ("M19", 1), ("M20", 2)])
def test_switched_off_an_efficiency_is_the_same_everywhere(acted, mechanism, k):
    e = measured(acted, **{mechanism: "off"})["efficiency"]
    np.testing.assert_array_equal(e[:, k], 0.5)
    assert all(np.ptp(e[:, other]) > 0.01 for other in range(3) if other != k)
