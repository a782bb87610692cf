"""Who moves where: the gravity law, the race of urges, and heads that are conserved."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.mechanisms.migration import leaving_urge, migrate, moving_utility, weigh_leaving
from nqpf_abm.numerics.draws import exponential

steady = settings(derandomize=True, deadline=None, max_examples=60)


def test_by_hand():
    assert moving_utility(-5.0, 0.4, 2.0, 1.5, 0.5, 1.0) == pytest.approx(-7.5 + 0.2 - math.log(2), rel=1e-14)
    assert leaving_urge(3.0, 2.0) == pytest.approx(1.5, rel=1e-12)


@steady
@given(st.floats(-6, -3), st.floats(0, 1), st.floats(0.05, 5), st.floats(0.75, 3), st.floats(0, 2))
def test_wages_and_scores_pull_and_distance_holds(log_wage, score, distance, pull, beta):
    utility = moving_utility(log_wage, score, distance, pull, beta, 1.0)
    assert utility < moving_utility(log_wage + 0.1, score, distance, pull, beta, 1.0)
    assert utility <= moving_utility(log_wage, score + 0.1, distance, pull, beta, 1.0)
    assert utility > moving_utility(log_wage, score, 1.1 * distance, pull, beta, 1.0)
    assert moving_utility(log_wage, score, 1.0, pull, 0.0, 1.0) == pull * log_wage  # at home ln d is 0


def test_odds_of_two_destinations_do_not_depend_on_a_third():
    """The logit's independence: doubling a wage multiplies the odds by 2 to the elasticity."""
    near = moving_utility(math.log(2e-2), 0.3, 0.5, 1.5, 0.5, 1.0)
    far = moving_utility(math.log(1e-2), 0.3, 0.5, 1.5, 0.5, 1.0)
    assert math.exp(near - far) == pytest.approx(2**1.5, rel=1e-12)


@steady
@given(st.floats(1e-9, 40), st.floats(1, 4))
def test_a_heavier_urge_comes_sooner(waiting, weight):
    assert leaving_urge(waiting, weight) == pytest.approx(leaving_urge(waiting, 1.0) / weight, rel=1e-12)
    assert leaving_urge(waiting, weight) > 0.0


def test_urges_are_an_exponential_race():
    """Of one person with weight 2 and one with weight 1, the first is first in two cases of three."""
    u = (np.arange(400) + 0.5) / 400
    first = np.array([leaving_urge(exponential(float(x)), 2.0) for x in u])
    second = np.array([leaving_urge(exponential(float(x)), 1.0) for x in u])
    assert (first[:, None] < second[None, :]).mean() == pytest.approx(2 / 3, abs=0.005)
    assert first.mean() == pytest.approx(0.5, abs=0.01)


def test_the_idle_weigh_leaving_double(acted):
    one, two = (
        acted(weigh_leaving, settings={"migration.idle_urge": weight}).employees for weight in (1.0, 2.0)
    )
    idle = (one["is_alive"] == 1) & (one["firm"] < 0)
    working = (one["is_alive"] == 1) & (one["firm"] >= 0)
    np.testing.assert_allclose(one["urge"][idle], 2 * two["urge"][idle], rtol=1e-12)
    np.testing.assert_array_equal(one["urge"][working], two["urge"][working])


def test_heads_are_conserved_person_by_person(acted):
    before, after = acted().provinces, acted(migrate).provinces
    np.testing.assert_array_equal(after["heads"], before["heads"] - after["leavers"] + after["arrivals"])
    assert (after["leavers"] > 0).all()
    # All but a tenth of those who left for the East come back, so the West loses little.
    lost = before["heads"].sum() - after["heads"].sum()
    assert 0 <= lost < 0.2 * after["leavers"].sum()


def test_nobody_is_lost_when_all_return(acted):
    before = acted().provinces["heads"].sum()
    after = acted(migrate, settings={"migration.return_share": 1.0}).provinces["heads"].sum()
    assert abs(before - after) <= 24  # rounding by draw, province by province and tier by tier


def test_about_one_per_cent_of_heads_move_in_a_year(acted):
    provinces = acted(migrate).provinces
    rate = provinces["leavers"].sum() / provinces["heads"].sum()
    assert 0.0015 < rate < 0.004


def test_the_top_tier_moves_more_in_proportion_to_its_mobility(acted):
    still, lively = (
        acted(migrate, settings={"migration.top_mobility": mobility}).provinces["leavers"]
        for mobility in (1.0, 3.0)
    )
    np.testing.assert_allclose(lively[:, 1], 3 * still[:, 1], atol=3 * 13)
    np.testing.assert_array_equal(lively[:, 0], still[:, 0])


def test_a_higher_wage_elsewhere_draws_people(acted):
    def rich_sichuan(state):
        state.provinces["wage"][1] *= 3.0

    before, after = acted(migrate).provinces, acted(migrate, change=rich_sichuan).provinces
    assert after["arrivals"][1].sum() > 3 * before["arrivals"][1].sum()
    assert after["leavers"][1].sum() < before["leavers"][1].sum()


def test_deposits_go_with_people(acted):
    """What provinces lose in deposits is what the East has received."""
    before, after = acted(), acted(migrate)
    lost = before.provinces["households"].sum() - after.provinces["households"].sum()
    east = after.world["east"][0] - before.world["east"][0]
    assert east == pytest.approx(lost, rel=1e-6)
    leavers = after.provinces["leavers"].sum(axis=1) / before.provinces["heads"].sum(axis=1)
    assert lost <= (before.provinces["households"] * leavers).sum()


def test_agents_follow_their_heads(acted, living):
    state = acted(migrate)
    people = living(state.employees)
    for r in range(state.provinces.size):
        for tier in range(2):
            agents = ((people["province"] == r) & (people["tier"] == tier)).sum()
            assert abs(agents - state.provinces["heads"][r, tier] / state.provinces["weight"][r]) <= 1


def test_those_with_the_strongest_urge_leave_first(acted):
    def half_empty(state):
        state.provinces["heads"][0, 0] //= 2

    before, after = acted(change=half_empty).employees, acted(migrate, change=half_empty).employees
    mine = (before["is_alive"] == 1) & (before["province"] == 0) & (before["tier"] == 0)
    gone = mine & (after["uid"] == before["uid"]) & (after["is_alive"] == 0)
    stayed = mine & (after["is_alive"] == 1) & (after["uid"] == before["uid"])
    assert gone.sum() > 20
    assert before["urge"][gone].max() <= before["urge"][stayed].min()
