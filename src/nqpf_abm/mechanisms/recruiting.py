"""Who goes into a new firm: idle people of its province, or whoever had the idea. Lined up once for a whole phase.

A phase that opens many firms would else look through all employees for each, at a cost that grows with the square of
the model's size.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from nqpf_abm.mechanisms.workplace import free_row, join_firm, leave_firm
from nqpf_abm.numerics.draws import stream, uniform
from nqpf_abm.numerics.jit import routine
from nqpf_abm.numerics.ordering import in_groups, in_order

HIRE = stream("demography.hire")
INVENTOR = stream("demography.inventor")


class Idle(NamedTuple):
    """People who had no job as the phase began: rows of employees, province after province, each in keyed order.

    rows       (n_idle,)
    at, end    (n_provinces,) places in `rows`: the next of a province, and one beyond its last
    free_team  (1,) no row of teams before this one is free
    """

    rows: np.ndarray
    at: np.ndarray
    end: np.ndarray
    free_team: np.ndarray


@routine
def line_up_idle(s, key):
    """The idle of every province, in keyed order."""
    people = s.employees
    rows = np.empty(people.size, np.int64)
    lots = np.empty(people.size)
    n = 0
    for j in range(people.size):
        person = people[j]
        if person.is_alive and person.firm < 0:
            rows[n] = j
            lots[n] = uniform(key, person.uid, HIRE, 0)
            n += 1
    rows = rows[in_order(lots[:n])]
    places, begins = in_groups(people["province"][rows], s.provinces.size)
    return Idle(rows[places], begins[:-1].copy(), begins[1:].copy(), np.zeros(1, np.int64))


@routine
def employ(s, j, i, idle, key):
    """Employee `j` joins firm `i`; True unless there is no room for another team."""
    free = free_row(s.teams, idle.free_team[0])
    idle.free_team[0] = free if free >= 0 else s.teams.size
    join_firm(s, j, i, key, idle.free_team[0])
    return s.employees[j].firm == i


@routine
def let_go(s, j, idle):
    """Employee `j` leaves the firm, whose team may be dissolved."""
    idle.free_team[0] = min(idle.free_team[0], s.employees[j].team)
    leave_firm(s, j)


@routine
def hire_idle(s, i, wanted, idle, key):
    """Idle people of the province join firm `i` in keyed order until its staff is `wanted`."""
    firm = s.firms[i]
    r = firm.province
    while idle.at[r] < idle.end[r] and firm.staff < wanted:
        j = idle.rows[idle.at[r]]
        if s.employees[j].firm < 0:
            if not employ(s, j, i, idle, key):
                return
            s.provinces[r].hires += 1
        idle.at[r] += 1


@routine
def line_up_proactive(s):
    """Proactive employees by firm: (rows of employees, firm after firm), and (n_firms + 1,) where each firm's begin."""
    people = s.employees
    rows = np.empty(people.size, np.int64)
    n = 0
    for j in range(people.size):
        if people[j].is_alive and people[j].firm >= 0 and people[j].is_proactive:
            rows[n] = j
            n += 1
    places, start = in_groups(people["firm"][rows[:n]], s.firms.size)
    return rows[places], start


@routine
def inventor(s, i, k, proactive, key):
    """The proactive employee of firm `i` whose idea number `k` was accepted, first in keyed order; -1 if none."""
    rows, start = proactive
    best, first = -1, 2.0
    for n in range(start[i], start[i + 1]):
        j = rows[n]
        if s.employees[j].firm == i:  # has not left in this phase
            u = uniform(key, s.employees[j].uid, INVENTOR, k)
            if u < first:
                best, first = j, u
    return best
