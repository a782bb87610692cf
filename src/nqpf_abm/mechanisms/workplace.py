"""Joining and leaving a firm and its teams: the moves that hiring, layoffs, exit and entry share."""

from __future__ import annotations

from nqpf_abm.mechanisms.shock import shift
from nqpf_abm.mechanisms.spirit import drawn_trait, orientation_spread
from nqpf_abm.numerics.draws import lineage, normal, stream
from nqpf_abm.numerics.jit import routine, rule
from nqpf_abm.state.tables import N_TRAITS, TEAM_LIMIT

ANCHOR = stream("workplace.team_anchor")
TEAM = 21  # lineage tag of teams


@routine
def free_row(table, start):
    """The first row from `start` on that nobody uses, -1 if there is none."""
    for i in range(start, table.size):
        if table[i].is_alive == 0:
            return i
    return -1


@routine
def dissolve_team(s, k):
    """Take team `k` out of its firm's list and free its row."""
    team = s.teams[k]
    firm = s.firms[team.firm]
    if firm.first_team == k:
        firm.first_team = team.next_team
    else:
        before = firm.first_team
        while s.teams[before].next_team != k:
            before = s.teams[before].next_team
        s.teams[before].next_team = team.next_team
    firm.n_teams -= 1
    team.is_alive = 0
    team.next_team = -1


@routine
def leave_firm(s, j):
    """Employee `j` loses the job; an empty team is dissolved."""
    person = s.employees[j]
    k = person.team
    s.firms[person.firm].staff -= 1.0
    s.teams[k].size -= 1
    if s.teams[k].size <= 0:
        dissolve_team(s, k)
    person.firm = -1
    person.team = -1


@routine
def forget_staff(s):
    """Set staff and team sizes to zero, to be counted afresh by `count_in`."""
    for i in range(s.firms.size):
        s.firms[i].staff = 0.0
    for k in range(s.teams.size):
        s.teams[k].size = 0


@rule
def count_in(s, person):
    """Count a person who has a job among the staff of the firm and the members of the team."""
    s.firms[person.firm].staff += 1.0
    s.teams[person.team].size += 1


@routine
def dissolve_empty_teams(s):
    """Take out the teams that nobody is left in."""
    for k in range(s.teams.size):
        if s.teams[k].is_alive and s.teams[k].size == 0:
            dissolve_team(s, k)


@routine
def open_team(s, i, founder, key, q, start):
    """Person `founder` opens a team in firm `i`; return its row, -1 if the table is full. `q`: labour.

    start   no row of teams before this one is free
    """
    k = free_row(s.teams, start)
    if k >= 0:
        team = s.teams[k]
        team.is_alive = 1
        team.uid = lineage(s.employees[founder].uid, key.quarter, 0, TEAM)
        team.firm = i
        team.size = 0
        team.proactive_share = 0.0
        team.safety = 0.5
        team.autonomy = s.params[0].leadership.neutral_style
        team.motivation = s.params[0].leadership.neutral_style
        common = normal(key, team.uid, ANCHOR, N_TRAITS)
        mean = 0.5 + shift(s, s.params[0].shock.teams) * orientation_spread(q.orientation_sd, q.coherence)
        for t in range(N_TRAITS):
            own = normal(key, team.uid, ANCHOR, t)
            team.anchor[t] = drawn_trait(mean, q.orientation_sd, common, own, q.coherence)
            team.orientation[t] = team.anchor[t]
            team.member_mean[t] = team.anchor[t]
        team.next_team = s.firms[i].first_team
        s.firms[i].first_team = k
        s.firms[i].n_teams += 1
    else:
        s.world[0].is_full = 1
    return k


@routine
def smallest_team(s, i):
    """Row of the smallest team of firm `i`, -1 if it has none."""
    k = s.firms[i].first_team
    best = k
    while k >= 0:
        if s.teams[k].size < s.teams[best].size:
            best = k
        k = s.teams[k].next_team
    return best


@routine
def join_firm(s, j, i, key, start=0):
    """Employee `j` joins the smallest team of firm `i`; a new team opens when all are full.

    start   no row of teams before this one is free
    """
    firm = s.firms[i]
    k = smallest_team(s, i)
    if k < 0 or s.teams[k].size >= TEAM_LIMIT:
        opened = open_team(s, i, j, key, s.params[0].labour, start)
        if opened >= 0:
            k = opened
    if k >= 0:
        s.employees[j].firm = i
        s.employees[j].team = k
        s.teams[k].size += 1
        firm.staff += 1.0
