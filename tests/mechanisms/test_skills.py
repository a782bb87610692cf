"""Skills that fit or do not, that age, and that are taught."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.mechanisms.finance import pay
from nqpf_abm.mechanisms.labour import live_and_learn, match_jobs, plan_staff
from nqpf_abm.mechanisms.skills import (
    aged_skill,
    demanded_share,
    next_bid,
    skill_fit,
    training_effort,
)
from nqpf_abm.mechanisms.survey import gather_teams, survey_provinces

steady = settings(derandomize=True, deadline=None, max_examples=60)
share = st.floats(0, 1)


def test_by_hand():
    assert demanded_share(1, 0, 0.3, 0.3) == pytest.approx(0.6, abs=1e-15)
    assert skill_fit(0.6, 0.8, 0.5) == pytest.approx(1.4 / math.sqrt(2), rel=1e-14)
    assert skill_fit(1.0, 0.0, 1.0) == 0.0
    assert skill_fit(0.0, 0.0, 0.5) == 0.0
    assert aged_skill(0.5, False, 0.02) == pytest.approx(0.49, abs=1e-15)
    assert next_bid(1.0, 1.0, 0.2, 0.25) == pytest.approx(1.05, abs=1e-15)
    assert training_effort(10.0, 20.0) == 0.5


@steady
@given(st.floats(0.01, 1), st.floats(0.01, 1), share, st.floats(0.1, 10))
def test_fit_is_a_cosine(old, new, demanded, scale):
    fit = skill_fit(old, new, demanded)
    assert 0.0 <= fit <= 1.0
    assert skill_fit(scale * old, scale * new, demanded) == pytest.approx(fit, rel=1e-9)
    assert skill_fit(old, new, new / (old + new)) == pytest.approx(1.0, rel=1e-12)


@steady
@given(st.floats(1, 1.4), share, share, st.floats(0, 0.4), st.floats(0.05, 0.5))
def test_bids_rise_with_open_vacancies_and_never_beyond_the_premium(bid, few, many, response, speed):
    few, many = sorted((few, many))
    low, high = (next_bid(bid, u, response, speed) for u in (few, many))
    assert 1.0 - 1e-12 <= low <= high <= max(bid, 1.0 + response) + 1e-12


@pytest.mark.parametrize("uses", ["both", "neither"])
def test_old_skill_fades_where_it_is_not_used(acted, setting, uses):
    change = setting(firms__is_adopter=0, firms__is_new=int(uses == "neither"), employees__old_skill=0.5)
    before, after = acted(change=change).employees, acted(live_and_learn, change=change).employees
    stayed = (before["is_alive"] == 1) & (before["uid"] == after["uid"])
    working, idle = stayed & (before["firm"] >= 0), stayed & (before["firm"] < 0)
    np.testing.assert_allclose(after["old_skill"][idle], 0.5 * 0.98)
    np.testing.assert_allclose(after["old_skill"][working], 0.5 if uses == "both" else 0.5 * 0.98)


@pytest.mark.parametrize("switch", ["on", "off"])
def test_M43_off_all_entrepreneurs_train_alike(acted, setting, switch):
    skill = {}
    for horizon in (10.5, 42.0):
        change = setting(employees__skill=0.5, firms__is_adopter=1, entrepreneurs__horizon=horizon)
        before = acted(change=change).employees
        people = acted(live_and_learn, change=change, settings={"M43": switch}).employees
        stayed = (before["is_alive"] == 1) & (before["uid"] == people["uid"]) & (before["firm"] >= 0)
        skill[horizon] = people["skill"][stayed] - 0.5 * 0.995
    short, long = (0.5, 2.0) if switch == "on" else (1.0, 1.0)
    np.testing.assert_allclose(skill[10.5], short * 0.008, rtol=1e-9)
    np.testing.assert_allclose(skill[42.0], long * 0.008, rtol=1e-9)


@pytest.mark.parametrize("switch", ["on", "off"])
def test_M42_off_every_skill_fits(acted, living, switch):
    def hungry(state):
        state.firms["layoffs"] = 0
        state.firms["vacancies"] = 2
        state.firms["is_adopter"] = state.firms["is_new"] = 1
        state.employees["skill"] = 0.0  # of what these firms need, .9 is new skill

    state = acted(match_jobs, gather_teams, survey_provinces, change=hungry, settings={"M42": switch})
    firms = living(state.firms)
    wanted, found = state.provinces["vacancies"].sum(), state.provinces["matches"].sum()
    assert wanted - found == firms["unfilled"].sum()
    if switch == "off":
        assert found > 0.3 * wanted
        assert (firms["skill_match"] == 1.0).all()
        np.testing.assert_allclose(state.provinces["skill_match"], 1.0)
    else:
        fit = skill_fit(1.0, 0.0, 0.9)
        full = acted(match_jobs, change=hungry, settings={"M42": "off"}).provinces["matches"].sum()
        assert found == pytest.approx(fit * full, abs=4 * math.sqrt(fit * full))
        staffed = firms["staff"] > 0
        np.testing.assert_allclose(firms["skill_match"][staffed], fit)
        np.testing.assert_allclose(state.provinces["skill_match"], fit)


@pytest.mark.parametrize("switch", ["on", "off"])
def test_M42_off_nobody_bids(acted, setting, living, switch):
    change = setting(firms__bid=1.0, firms__vacancies=4, firms__unfilled=4)
    firms = living(acted(plan_staff, change=change, settings={"M42": switch}).firms)
    np.testing.assert_allclose(firms["bid"], 1.0 + 0.2 * 0.15 if switch == "on" else 1.0)


def test_who_bids_more_pays_more(acted, setting, living):
    usual, high = (
        living(acted(pay, change=setting(firms__bid=bid, firms__flow=0.0)).firms)["flow"][:, 0]
        for bid in (1.0, 1.1)
    )
    np.testing.assert_allclose(high, 1.1 * usual)
