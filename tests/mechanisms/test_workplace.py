"""Joining and leaving keep firms, teams and people in agreement."""

import numpy as np
import pytest

from nqpf_abm.mechanisms.workplace import (
    TEAM_LIMIT,
    count_in,
    dissolve_empty_teams,
    forget_staff,
    free_row,
    join_firm,
    leave_firm,
)


def recount(state):
    """Count staff and members of teams afresh, after people left by themselves."""
    forget_staff(state)
    for person in state.employees:
        if person["is_alive"] and person["firm"] >= 0:
            count_in(state, person)
    dissolve_empty_teams(state)


def teams_of(state, i):
    listed, k = [], int(state.firms["first_team"][i])
    while k >= 0:
        listed.append(k)
        k = int(state.teams["next_team"][k])
    return listed


def agree(state):
    """Jobs, team sizes and the lists of teams tell the same story."""
    people = state.employees[state.employees["is_alive"] == 1]
    at_work = people[people["firm"] >= 0]
    alive = state.firms["is_alive"] == 1
    staff = np.bincount(at_work["firm"], minlength=state.firms.size)
    np.testing.assert_array_equal(state.firms["staff"][alive], staff[alive])
    size = np.bincount(at_work["team"], minlength=state.teams.size)
    used = state.teams["is_alive"] == 1
    np.testing.assert_array_equal(state.teams["size"][used], size[used])
    assert (size[~used] == 0).all()
    assert (state.teams["size"][used] > 0).all()
    for i in np.flatnonzero(alive):
        teams = teams_of(state, i)
        assert len(teams) == state.firms["n_teams"][i]
        assert (state.teams["firm"][teams] == i).all()
        assert (state.teams["is_alive"][teams] == 1).all()


def largest(state):
    return int(np.argmax(state.firms["staff"] * state.firms["is_alive"]))


def idle(state):
    return np.flatnonzero((state.employees["is_alive"] == 1) & (state.employees["firm"] < 0))


@pytest.fixture
def state(acted):
    state = acted()
    recount(state)
    return state


def test_hired_people_join_the_smallest_team(state, grown):
    i, j = largest(state), idle(state)[0]
    sizes = {k: int(state.teams["size"][k]) for k in teams_of(state, i)}
    join_firm(state, j, i, grown.key)
    chosen = int(state.employees["team"][j])
    assert sizes[chosen] == min(sizes.values())
    agree(state)


def test_a_new_team_opens_when_all_are_full(state, grown):
    i = int(np.argmin(np.where(state.firms["is_alive"] == 1, state.firms["staff"], np.inf)))
    before = teams_of(state, i)
    for j in idle(state)[: 2 * TEAM_LIMIT]:
        join_firm(state, j, i, grown.key)
    after = teams_of(state, i)
    assert len(after) > len(before)
    assert state.teams["size"][after].max() <= TEAM_LIMIT
    new = [k for k in after if k not in before]
    assert np.unique(state.teams["uid"][state.teams["is_alive"] == 1]).size == (state.teams["is_alive"].sum())
    assert ((state.teams["anchor"][new] >= 0) & (state.teams["anchor"][new] <= 1)).all()
    agree(state)


def test_no_row_for_a_new_team_is_told(state, grown):
    """Who finds no team with a place joins a full one; the run ends at the quarter's end (`engine.room.check_room`)."""
    i, (first, *others) = largest(state), idle(state)
    state.teams["is_alive"] = 1
    join_firm(state, first, i, grown.key)
    assert state.world["is_full"][0] == (state.teams["size"][teams_of(state, i)].max() > TEAM_LIMIT)
    for j in others[: TEAM_LIMIT * len(teams_of(state, i))]:
        join_firm(state, j, i, grown.key)
    assert state.world["is_full"][0] == 1


def test_a_team_that_everybody_left_is_dissolved_wherever_it_stands(state):
    i = largest(state)
    teams = teams_of(state, i)
    assert len(teams) >= 3
    for k in (teams[1], teams[0], teams[-1]):  # middle, head and end of the list
        for j in np.flatnonzero((state.employees["is_alive"] == 1) & (state.employees["team"] == k)):
            leave_firm(state, j)
        assert state.teams["is_alive"][k] == 0
        agree(state)
    assert teams_of(state, i) == teams[2:-1]


def test_recounting_sees_those_who_left_by_themselves(state):
    i = largest(state)
    k = teams_of(state, i)[0]
    gone = np.flatnonzero((state.employees["is_alive"] == 1) & (state.employees["team"] == k))
    state.employees["firm"][gone] = -1
    state.employees["team"][gone] = -1
    recount(state)
    assert state.teams["is_alive"][k] == 0
    agree(state)


def test_free_rows_are_found_from_the_start_on(state):
    used = state.employees["is_alive"] == 1
    first = int(np.flatnonzero(~used)[0])
    assert free_row(state.employees, 0) == first
    assert free_row(state.employees, first + 1) > first
    state.employees["is_alive"] = 1
    assert free_row(state.employees, 0) == -1
