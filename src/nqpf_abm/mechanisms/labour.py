"""Staff, jobs, wages and working lives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nqpf_abm.declare import Assumed, Checked, Topic, collective_phase, param, row_phase
from nqpf_abm.mechanisms.integration import matches, reach, search_time
from nqpf_abm.mechanisms.shock import shift
from nqpf_abm.mechanisms.skills import aged_skill, fit, next_bid, training_effort
from nqpf_abm.mechanisms.spirit import drawn_trait, orientation_spread
from nqpf_abm.mechanisms.workplace import (
    count_in,
    dissolve_empty_teams,
    forget_staff,
    join_firm,
    leave_firm,
)
from nqpf_abm.numerics.draws import lineage, normal, stream, uniform
from nqpf_abm.numerics.jit import routine, rule
from nqpf_abm.numerics.mathx import clip, clip01, power
from nqpf_abm.numerics.ordering import in_groups, in_order
from nqpf_abm.policy.retention import schooled
from nqpf_abm.policy.training import learnt, reached
from nqpf_abm.state.instruments import M77, M87
from nqpf_abm.state.tables import N_TRAITS, PROACTIVENESS

STAFF = stream("labour.staff")
RETIRE = stream("labour.retire")
JOB = stream("labour.job")
VACANCY = stream("labour.vacancy")
MATCH = stream("labour.match")
FIT = stream("labour.fit")
NEWCOMER = stream("labour.newcomer")
NEWCOMER_TRAITS = stream("labour.newcomer_traits")
BORN = 11  # lineage tag of newcomers to working life


@dataclass(frozen=True, kw_only=True)
class LabourParams(Checked):
    """Staffing, wages, skill and turnover of generations."""

    staff_response: float = param(
        0.8, low=0.4, high=1.0, unit="elasticity", evidence=Assumed("of staff in planned use")
    )
    staff_step: float = param(
        0.07, low=0.03, high=0.15, unit="share/quarter", evidence=Assumed("fastest change of staff")
    )
    wage_speed: float = param(
        0.15, low=0.05, high=0.3, unit="1/quarter", evidence=Assumed("wages follow productivity")
    )
    wage_scarcity: float = param(0.05, low=0.0, high=0.1, unit="1/quarter", evidence=Assumed("and scarcity"))
    wage_share: float = param(
        0.5, low=0.4, high=0.6, unit="share of output", evidence=Assumed("labour share aimed at")
    )
    retirement: float = param(
        1 / 140, low=0.004, high=0.01, unit="1/quarter", evidence=Assumed("working life of 35 years")
    )
    top_share: float = param(
        0.05, low=0.02, high=0.1, unit="share", evidence=Assumed("of newcomers in the top tier")
    )
    orientation_sd: float = param(
        0.15, low=0.05, high=0.25, unit="0 to 1", evidence=Assumed("spread of convictions")
    )
    coherence: float = param(
        0.5, low=0.0, high=0.9, unit="correlation", symbol="c",
        evidence=Assumed("of a person's three dimensions, as among founders"),
    )  # fmt: skip
    skill_low: float = param(
        0.35, low=0.1, high=0.5, unit="0 to 1", evidence=Assumed("newcomers' skill, lower end")
    )
    skill_high: float = param(
        0.6, low=0.4, high=0.8, unit="0 to 1", evidence=Assumed("newcomers' skill, upper end")
    )
    skill_decay: float = param(
        0.005, low=0.0, high=0.02, unit="1/quarter", evidence=Assumed("skill of new technology ages")
    )
    skill_gain: float = param(
        0.008, low=0.0, high=0.02, unit="1/quarter", evidence=Assumed("learnt on the job in digital firms")
    )


@rule
def desired_staff(staff, planned_output, capacity, response, step):
    """Staff wanted: it follows planned use of capacity, by at most `step` a quarter.

    By hand: 100 staff, planned use above 1.1 and step .07 gives 107.
    """
    use = planned_output / max(capacity, 1e-9)
    return staff * clip(power(use, response), 1.0 - step, 1.0 + step)


@rule
def next_wage(wage, output_per_worker, unemployment, usual, share, factor, speed, scarcity):
    """Wage after a quarter: it follows output per worker and scarcity of labour.

    output_per_worker  10^6 yuan/quarter;  unemployment, usual  share
    """
    gap = clip(share * output_per_worker / (factor * wage), 0.8, 1.2) - 1.0
    return wage * (1.0 + speed * gap + scarcity * clip(usual - unemployment, -0.05, 0.05))


@row_phase("firms", mechanisms="M42", writes="vacancies layoffs bid", draws="labour.staff")
def plan_staff(i, s, p, key):
    """Firms decide what to pay, and how many to hire or to lay off."""
    firm = s.firms[i]
    q = p.labour
    unfilled = firm.unfilled / max(firm.vacancies, 1)
    firm.bid = next_bid(firm.bid, unfilled, p.skills.bid if p.on.M42 else 0.0, p.skills.bid_speed)
    wanted = desired_staff(
        firm.staff, p.market.markup_plan * firm.expected_sales, firm.capacity, q.staff_response, q.staff_step
    )
    u = uniform(key, firm.uid, STAFF, 0)
    firm.layoffs = int(max(firm.staff - wanted + u, 0.0)) if wanted < firm.staff else 0
    firm.vacancies = int(max(wanted - firm.staff + u, 0.0)) if wanted > firm.staff else 0
    if firm.staff < 2.0:
        firm.vacancies = max(firm.vacancies, 1)
        firm.layoffs = 0


@row_phase(
    "employees",
    mechanisms="M42 M43 M77 M87",
    writes="uid orientation anchor threshold tier skill old_skill is_proactive urge firm team",
    draws="labour.retire labour.newcomer labour.newcomer_traits",
    lot=RETIRE,
)
def live_and_learn(i, s, p, key, u):
    """People learn on the job, and retire; a newcomer without a job takes the place of each retired one."""
    person = s.employees[i]
    q = p.labour
    if u < q.retirement:
        person.uid = lineage(person.uid, key.quarter, 0, BORN)
        person.firm = -1
        person.team = -1
        tier = person.tier
        new_person(s, person, key, p)
        person.tier = tier  # heads are counted by tier, and births balance retirements in each
        return
    learning = 0.0
    is_old_used = False
    if person.firm >= 0:
        firm = s.firms[person.firm]
        is_old_used = firm.is_adopter == 0 and firm.is_new == 0
        if firm.is_adopter:
            learning = q.skill_gain
            if p.on.M43:
                learning *= training_effort(s.entrepreneurs[person.firm].horizon, p.skills.horizon_usual)
        t = p.training
        learning = learnt(
            learning, t.taught, reached(firm.staff, t.most_staff, s.governments[person.province].effect[M77])
        )
    person.old_skill = aged_skill(person.old_skill, is_old_used, p.skills.old_decay)
    person.skill = clip01(person.skill * (1.0 - q.skill_decay) + learning)


@routine
def new_person(s, person, key, p):
    """Give a newcomer to working life conviction, threshold, tier and skill from their own draws."""
    q = p.labour
    common = normal(key, person.uid, NEWCOMER_TRAITS, N_TRAITS + 1)
    mean = 0.5 + shift(s, p.shock.employees) * orientation_spread(q.orientation_sd, q.coherence)
    for k in range(N_TRAITS):
        own = normal(key, person.uid, NEWCOMER_TRAITS, k)
        person.anchor[k] = drawn_trait(mean, q.orientation_sd, common, own, q.coherence)
        person.orientation[k] = person.anchor[k]
    person.threshold = p.proactivity.threshold_mean + p.proactivity.threshold_sd * normal(
        key, person.uid, NEWCOMER_TRAITS, N_TRAITS
    )
    person.tier = 1 if uniform(key, person.uid, NEWCOMER, 0) < q.top_share else 0
    drawn = q.skill_low + (q.skill_high - q.skill_low) * uniform(key, person.uid, NEWCOMER, 1)
    person.skill = schooled(drawn, p.retention.curriculum, s.governments[person.province].effect[M87])
    person.old_skill = p.skills.old_low + (p.skills.old_high - p.skills.old_low) * uniform(
        key, person.uid, NEWCOMER, 3
    )
    person.is_proactive = 0
    person.urge = 1.0


@collective_phase(
    mechanisms="M14 M42",
    writes="employees.firm employees.team firms.staff firms.layoffs firms.unfilled firms.n_teams firms.first_team teams.* "
    "provinces.hires provinces.separations provinces.unemployment provinces.vacancies provinces.matches world.is_full",
    draws="labour.job labour.vacancy labour.match labour.fit workplace.team_anchor",
)
def match_jobs(s, p, key):
    """Layoffs, then hiring: vacancies and the idle meet within the province in keyed order; some do not fit."""
    firms, people = s.firms, s.employees
    n = s.provinces.size
    for i in range(firms.size):
        if firms[i].is_alive:
            s.provinces[firms[i].province].separations += int(firms[i].staff)
    forget_staff(s)
    order, idle, everyone = job_queue(s, key)
    dissolve_empty_teams(s)
    for i in range(firms.size):
        if firms[i].is_alive:
            s.provinces[firms[i].province].separations -= int(firms[i].staff)
    for k in range(order.size):
        person = people[order[k]]
        if person.firm >= 0:
            firm = firms[person.firm]
            if firm.layoffs > 0:
                firm.layoffs -= 1
                s.provinces[person.province].separations += 1
                idle[person.province] += 1.0
                leave_firm(s, order[k])
    strength = p.integration.proactiveness if p.on.M14 else 0.0
    efficiency = np.zeros(n)
    total = 0
    for r in range(n):
        s.provinces[r].vacancies = 0
    for i in range(firms.size):
        if firms[i].is_alive:
            total += firms[i].vacancies
            firms[i].unfilled = firms[i].vacancies
            s.provinces[firms[i].province].vacancies += firms[i].vacancies
            able = reach(s.entrepreneurs[i].cognition[PROACTIVENESS], strength)
            efficiency[firms[i].province] += able * firms[i].vacancies
    for r in range(n):
        province = s.provinces[r]
        openings = float(province.vacancies)
        mean = p.integration.matching * efficiency[r] / max(openings, 1.0)
        province.matches = int(matches(mean, idle[r], openings) + uniform(key, province.uid, MATCH, 0))
    wanted = np.empty(total, np.int64)
    priority = np.empty(total)
    k = 0
    for i in range(firms.size):
        firm = firms[i]
        if firm.is_alive:
            able = reach(s.entrepreneurs[i].cognition[PROACTIVENESS], strength)
            for v in range(firm.vacancies):
                wanted[k] = i
                priority[k] = search_time(uniform(key, firm.uid, VACANCY, v), able * firm.bid)
                k += 1
    openings, next_opening = by_province(wanted[in_order(priority)], firms, n)
    seekers, first = by_province(order[people["firm"][order] < 0], people, n)
    for r in range(n):
        left = s.provinces[r].matches
        found = 0
        for j in seekers[first[r] : first[r + 1]]:
            if next_opening[r] == next_opening[r + 1] or left == 0:
                break
            i = openings[next_opening[r]]
            if not p.on.M42 or uniform(key, people[j].uid, FIT, 0) < fit(people[j], firms[i], p.skills):
                join_firm(s, j, i, key)
                firms[i].unfilled -= 1
                s.provinces[r].hires += 1
                found += 1
                if people[j].firm >= 0:  # still without a job if there was no room for a team
                    idle[r] -= 1.0
            next_opening[r] += 1
            left -= 1
        s.provinces[r].matches = found  # who meets but does not fit goes on searching next quarter
        s.provinces[r].unemployment = idle[r] / max(everyone[r], 1.0)


@routine
def by_province(rows, table, n):
    """`rows` of `table` province after province, else in the order given; and where each of the n begins, shape (n + 1,)."""
    places, first = in_groups(table["province"][rows], n)
    return rows[places], first


@routine
def job_queue(s, key):
    """Who is to be matched with jobs, by one pass over all people that counts staff and members of teams on its way.

    Returns rows of those whose job is at stake, without one or in a firm that lays off, in keyed order, shape (n,);
    and the agents without a firm and all agents of each province, shape (n_provinces,) each.
    """
    people = s.employees
    rows = np.empty(people.size, np.int64)
    lots = np.empty(people.size)
    idle, everyone = np.zeros(s.provinces.size), np.zeros(s.provinces.size)
    n = 0
    for j in range(people.size):
        person = people[j]
        if person.is_alive:
            everyone[person.province] += 1.0
            if person.firm < 0:
                idle[person.province] += 1.0
            else:
                count_in(s, person)
            if person.firm < 0 or s.firms[person.firm].layoffs > 0:
                rows[n] = j
                lots[n] = uniform(key, person.uid, JOB, 0)
                n += 1
    return rows[:n][in_order(lots[:n])], idle, everyone


@routine
def count_unemployed(s):
    """Set each province's unemployment, the share of its agents without a firm."""
    idle, everyone = np.zeros(s.provinces.size), np.zeros(s.provinces.size)
    for j in range(s.employees.size):
        person = s.employees[j]
        if person.is_alive:
            everyone[person.province] += 1.0
            if person.firm < 0:
                idle[person.province] += 1.0
    for r in range(s.provinces.size):
        s.provinces[r].unemployment = idle[r] / max(everyone[r], 1.0)


@collective_phase(writes="provinces.wage world.wage_index")
def set_wages(s, p, key):
    """Provincial wages follow output per worker and scarcity."""
    q = p.labour
    index = 0.0
    n = s.provinces.size
    for r in range(n):
        province = s.provinces[r]
        heads = float(province.heads[0] + province.heads[1])
        province.wage = next_wage(
            province.wage,
            province.gdp / heads / (1.0 - province.unemployment),
            province.unemployment,
            p.start.unemployment,
            q.wage_share,
            p.finance.payroll_factor,
            q.wage_speed,
            q.wage_scarcity,
        )
        index += province.wage / province.wage_start / n
    s.world[0].wage_index = index


TOPIC = Topic("labour", LabourParams)
