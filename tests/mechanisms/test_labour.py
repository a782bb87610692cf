"""Staff, jobs, wages and working lives."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.mechanisms.integration import matches
from nqpf_abm.mechanisms.labour import (
    desired_staff,
    live_and_learn,
    match_jobs,
    next_wage,
    plan_staff,
    set_wages,
)
from nqpf_abm.state.tables import PROACTIVENESS

steady = settings(derandomize=True, deadline=None, max_examples=60)
share = st.floats(0, 1)


def test_desired_staff_by_hand():
    assert desired_staff(100.0, 1.2, 1.0, 0.8, 0.07) == pytest.approx(107, rel=1e-14)
    assert desired_staff(100.0, 1.0, 1.0, 0.8, 0.07) == pytest.approx(100, rel=1e-12)
    assert desired_staff(100.0, 0.5, 1.0, 0.8, 0.07) == pytest.approx(93, rel=1e-14)


def test_next_wage_by_hand():
    """Output of .02 a head, half of it labour's, against 1.05 times a wage of .008: up by .15 times .19."""
    gap = 0.5 * 0.02 / (1.05 * 0.008) - 1
    assert next_wage(0.008, 0.02, 0.05, 0.05, 0.5, 1.05, 0.15, 0.05) == pytest.approx(
        0.008 * (1 + 0.15 * gap), rel=1e-14
    )


@steady
@given(st.floats(1, 1000), st.floats(0, 10), st.floats(0, 10), st.floats(0.4, 1), st.floats(0.03, 0.15))
def test_staff_changes_by_a_step_at_most_and_follows_sales(staff, a, b, response, step):
    few, many = sorted((a, b))
    low, high = (desired_staff(staff, x, 1.0, response, step) for x in (few, many))
    assert staff * (1 - step) * (1 - 1e-12) <= low <= high <= staff * (1 + step) * (1 + 1e-12)
    assert math.isfinite(desired_staff(staff, 1.0, 0.0, response, step))


@steady
@given(st.floats(0.001, 0.1), st.floats(1e-4, 1), st.floats(0, 0.99), st.floats(0.02, 0.1))
def test_wages_rest_where_labour_gets_its_share_and_as_many_as_usual_are_idle(wage, output, idle, usual):
    def after(output, idle):
        return next_wage(wage, output, idle, usual, 0.5, 1.05, 0.15, 0.05)

    assert after(1.05 * wage / 0.5, usual) == pytest.approx(wage, rel=1e-12)
    change = after(output, idle) / wage - 1
    assert -0.15 * 0.2 - 0.0025 - 1e-12 <= change <= 0.15 * 0.25 + 0.0025 + 1e-12
    assert after(output, idle) <= after(1.5 * output, idle)
    assert after(output, idle) >= after(output, idle + 0.1)


def test_a_firm_either_hires_or_lays_off(acted, setting, living):
    for expected, capacity, column in ((2.0, 1.0, "vacancies"), (0.5, 1.0, "layoffs")):
        change = setting(firms__staff=40.0, firms__expected_sales=expected, firms__capacity=capacity)
        firms = living(acted(plan_staff, change=change).firms)
        other = {"vacancies": "layoffs", "layoffs": "vacancies"}[column]
        assert (firms[other] == 0).all()
        # 7 % of 40 is 2.8: two or three, three in four cases of five
        assert set(np.unique(firms[column])) <= {2, 3}
        assert firms[column].mean() == pytest.approx(2.8, abs=4 * 0.4 / math.sqrt(firms.size))


def test_the_smallest_firms_hire_and_never_lay_off(acted, setting, living):
    change = setting(firms__staff=1.0, firms__expected_sales=0.0)
    firms = living(acted(plan_staff, change=change).firms)
    assert (firms["vacancies"] >= 1).all()
    assert (firms["layoffs"] == 0).all()


def test_retired_people_are_replaced_one_for_one(acted, living):
    before, after = acted().employees, acted(live_and_learn, settings={"labour.retirement": 0.01}).employees
    np.testing.assert_array_equal(before["is_alive"], after["is_alive"])
    new = (before["uid"] != after["uid"]) & (before["is_alive"] == 1)
    n = living(before).size
    assert new.sum() == pytest.approx(0.01 * n, abs=4 * math.sqrt(0.01 * n))
    assert (after["firm"][new] == -1).all()
    assert (after["team"][new] == -1).all()
    assert np.isin(after["tier"][new], (0, 1)).all()
    assert ((after["skill"][new] >= 0.35) & (after["skill"][new] <= 0.6)).all()
    np.testing.assert_array_equal(after["orientation"][new], after["anchor"][new])


def test_skill_ages_and_digital_firms_teach(acted, setting):
    people = {}
    for adopter in (0, 1):
        change = setting(employees__skill=0.5, firms__is_adopter=adopter, entrepreneurs__horizon=21.0)
        people[adopter] = acted(live_and_learn, change=change).employees
    stayed = (people[0]["is_alive"] == 1) & (people[0]["uid"] == acted().employees["uid"])
    stayed &= people[0]["firm"] >= 0
    assert people[0]["skill"][stayed] == pytest.approx(0.5 * 0.995)
    assert people[1]["skill"][stayed] == pytest.approx(0.5 * 0.995 + 0.008)


def test_vacancies_find_the_idle_of_the_province_as_the_matching_law_says(acted):
    def hungry(state):
        state.firms["layoffs"] = 0
        state.firms["vacancies"] = 1

    before, after = acted(change=hungry), acted(match_jobs, change=hungry, settings={"M42": "off"})
    for r in range(after.provinces.size):
        mine = (before.employees["is_alive"] == 1) & (before.employees["province"] == r)
        idle = (mine & (before.employees["firm"] < 0)).sum()
        wanted = ((before.firms["province"] == r) & (before.firms["is_alive"] == 1)).sum()
        hired = after.provinces["hires"][r] - before.provinces["hires"][r]
        of = (before.firms["province"] == r) & (before.firms["is_alive"] == 1)
        drive = before.entrepreneurs["cognition"][of, PROACTIVENESS]
        expected = matches(0.6 * float(np.mean(1 + 0.5 * drive)), float(idle), float(wanted))
        assert hired == after.provinces["matches"][r]
        assert after.provinces["vacancies"][r] == wanted
        assert int(expected) <= hired <= min(expected + 1, idle, wanted)
    hired = (before.employees["firm"] < 0) & (after.employees["firm"] >= 0)
    assert (
        after.firms["province"][after.employees["firm"][hired]] == after.employees["province"][hired]
    ).all()


def test_layoffs_are_carried_out_and_books_of_staff_agree(acted, living):
    def shrinking(state):
        state.firms["layoffs"] = np.where(state.firms["staff"] >= 4, 2, 0)
        state.firms["vacancies"] = 0

    before, after = acted(change=shrinking), acted(match_jobs, change=shrinking)
    lost = before.firms["staff"] - after.firms["staff"]
    np.testing.assert_array_equal(lost, before.firms["layoffs"] * before.firms["is_alive"])
    people = living(after.employees)
    count = np.bincount(people["firm"][people["firm"] >= 0], minlength=after.firms.size)
    np.testing.assert_array_equal(
        after.firms["staff"][after.firms["is_alive"] == 1], count[after.firms["is_alive"] == 1]
    )
    np.testing.assert_allclose(
        after.provinces["unemployment"],
        np.bincount(people["province"][people["firm"] < 0], minlength=12)
        / np.bincount(people["province"], minlength=12),
    )


def test_the_wage_index_is_the_mean_rise_since_2012(acted):
    state = acted(set_wages)
    rise = state.provinces["wage"] / state.provinces["wage_start"]
    assert state.world["wage_index"][0] == pytest.approx(rise.mean(), rel=1e-12)
