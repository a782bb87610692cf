"""Lined up once for a phase, people come in the order in which looking through all of them would find them."""

import numpy as np

from nqpf_abm.mechanisms.recruiting import (
    HIRE,
    INVENTOR,
    employ,
    hire_idle,
    inventor,
    let_go,
    line_up_idle,
    line_up_proactive,
)
from nqpf_abm.numerics.draws import uniform


def in_keyed_order(state, key, province):
    """Rows of the idle of a province, by looking at everybody."""
    people = state.employees
    rows = np.flatnonzero((people["is_alive"] == 1) & (people["firm"] < 0) & (people["province"] == province))
    return sorted(rows, key=lambda j: (uniform(key, people["uid"][j], HIRE, 0), j))


def test_the_idle_of_every_province_stand_in_keyed_order(acted, grown):
    state = acted()
    idle = line_up_idle(state, grown.key)
    assert idle.rows.size > 50
    for r in range(state.provinces.size):
        assert idle.rows[idle.at[r] : idle.end[r]].tolist() == in_keyed_order(state, grown.key, r)


def test_firms_hire_the_first_who_are_still_idle(acted, grown):
    state = acted()
    idle = line_up_idle(state, grown.key)
    r = int(np.argmax(idle.end - idle.at))
    first, second, third, fourth = in_keyed_order(state, grown.key, r)[:4]
    firms = np.flatnonzero((state.firms["is_alive"] == 1) & (state.firms["province"] == r))[:2]
    staff = state.firms["staff"][firms].copy()
    assert employ(state, second, firms[0], idle, grown.key)
    hired = state.provinces["hires"][r]
    hire_idle(state, firms[0], staff[0] + 2.0, idle, grown.key)
    hire_idle(state, firms[1], staff[1] + 2.0, idle, grown.key)
    assert state.employees["firm"][[first, second, third, fourth]].tolist() == [
        *firms[[0, 0]],
        *firms[[1, 1]],
    ]
    assert state.provinces["hires"][r] == hired + 3


def test_a_new_team_takes_the_first_free_row_also_after_one_was_dissolved(acted, grown):
    state = acted()
    idle = line_up_idle(state, grown.key)
    state.teams["size"][state.teams["is_alive"] == 1] = 10**6  # all are full: whoever comes opens a team
    a, b, c = idle.rows[:3]
    firm = int(np.flatnonzero(state.firms["is_alive"] == 1)[0])
    free = np.flatnonzero(state.teams["is_alive"] == 0)[:3]
    assert employ(state, a, firm, idle, grown.key) and employ(state, b, firm, idle, grown.key)
    assert state.employees["team"][a] == free[0]
    state.teams["size"][free[0]] = 1
    let_go(state, a, idle)  # its team is dissolved
    assert employ(state, c, firm, idle, grown.key)
    assert state.employees["team"][c] == free[0]


def test_the_inventor_is_the_first_of_the_proactive_who_are_still_there(acted, grown):
    state = acted()
    people = state.employees
    people["is_proactive"] = people["firm"] >= 0
    proactive = line_up_proactive(state)
    firm = int(np.argmax(np.where(state.firms["is_alive"] == 1, state.firms["staff"], 0)))
    staff = np.flatnonzero((people["is_alive"] == 1) & (people["firm"] == firm))
    assert staff.size > 3
    for k in range(4):
        order = sorted(staff, key=lambda j: (uniform(grown.key, people["uid"][j], INVENTOR, k), j))
        assert inventor(state, firm, k, proactive, grown.key) == order[0]
    let_go(state, order[0], line_up_idle(state, grown.key))
    assert inventor(state, firm, 3, proactive, grown.key) == order[1]
    people["is_proactive"] = 0
    assert inventor(state, firm, 0, line_up_proactive(state), grown.key) == -1
