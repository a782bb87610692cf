"""Who moves where (E14, M43).

Heads are counted in persons and move by a logit gravity law, province by province and tier by tier; the
agents follow their heads. Agents of different provinces stand for different numbers of persons, so no agent
carries its weight across a border: those with the strongest urge leave, newcomers arrive.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nqpf_abm.declare import (
    Assumed,
    Checked,
    Literature,
    Mechanism,
    Topic,
    collective_phase,
    param,
    row_phase,
)
from nqpf_abm.mechanisms.equity import holding, own_stake, places_of_holders
from nqpf_abm.mechanisms.labour import new_person
from nqpf_abm.mechanisms.segmentation import barrier, relative_mobility
from nqpf_abm.mechanisms.workplace import free_row, leave_firm
from nqpf_abm.numerics.draws import exponential, lineage, stream, uniform
from nqpf_abm.numerics.jit import routine, rule
from nqpf_abm.numerics.mathx import exp, log
from nqpf_abm.numerics.ordering import first_in_order, in_groups
from nqpf_abm.policy.retention import settled_in
from nqpf_abm.policy.talent_tax import places_of_talent
from nqpf_abm.state import accounts as book
from nqpf_abm.state.accounts import post
from nqpf_abm.state.instruments import M87
from nqpf_abm.state.paths import M56

URGE = stream("migration.urge")
ROUND = stream("migration.round")
AGENTS = stream("migration.agents")
ARRIVAL = 31  # lineage tag of newcomers from elsewhere


@dataclass(frozen=True, kw_only=True)
class MigrationParams(Checked):
    """What pulls, and what holds."""

    wage_pull: float = param(
        1.5, low=0.75, high=3.0, unit="elasticity", symbol="β_w",
        evidence=Literature("income elasticity of migration; recalled, to be rechecked", "Tombe & Zhu 2019"),
    )  # fmt: skip
    score_pull: float = param(
        0.5,
        low=0.0,
        high=2.0,
        unit="per unit of score",
        symbol="β_N",
        evidence=Assumed("scores pull less than wages"),
    )
    distance_cost: float = param(
        1.0,
        low=0.5,
        high=1.5,
        unit="elasticity",
        symbol="β_d",
        evidence=Assumed("gravity with unit elasticity"),
    )
    home_bias: float = param(
        9.0,
        low=8.0,
        high=11.0,
        unit="log odds",
        symbol="β₀",
        evidence=Assumed("about 1 % of heads move in a year"),
    )
    top_mobility: float = param(1.5, low=1.0, high=3.0, unit="1", evidence=Assumed("the top tier moves more"))
    east_wage_premium: float = param(
        0.25, low=0.0, high=0.6, unit="log points", evidence=Assumed("net of living costs")
    )
    east_score: float = param(0.8, low=0.5, high=1.0, unit="0 to 1", evidence=Assumed("score of the East"))
    east_distance: float = param(
        1.2, low=0.6, high=2.0, unit="mean distances", evidence=Assumed("the coast lies a little beyond")
    )
    return_share: float = param(
        0.9, low=0.7, high=1.0, unit="share", evidence=Assumed("of leavers to the East that return")
    )
    idle_urge: float = param(2.0, low=1.0, high=4.0, unit="1", evidence=Assumed("the unemployed leave first"))


@rule
def moving_utility(log_wage, score, distance, wage_pull, score_pull, distance_cost):
    """Utility of a destination, ``β_w ln w + β_N NQPF - β_d ln d``; distance in units of the mean (E14)."""
    return wage_pull * log_wage + score_pull * score - distance_cost * log(distance)


@rule
def leaving_urge(waiting, weight):
    """Waiting time of a rate-`weight` exponential race: the smallest leave first. `waiting`: at rate 1."""
    return waiting / weight


@row_phase(
    "employees", mechanisms="M43 M56", writes="urge", draws="migration.urge", lot=URGE, form=exponential
)
def weigh_leaving(i, s, p, key, waiting):
    """People weigh leaving their province; those without a job more than others."""
    person = s.employees[i]
    weight = p.migration.idle_urge if person.firm < 0 else 1.0
    if p.equity.uptake > 0.0 and person.firm >= 0 and s.firms[person.firm].paths[M56] > 0:
        weight /= holding(own_stake(s, person.firm, person.tier, p), p.migration.wage_pull)
    person.urge = leaving_urge(waiting, weight)


@collective_phase(
    mechanisms="M43 M48 M56 M69 M87",
    writes="provinces.heads provinces.leavers provinces.arrivals provinces.households provinces.unemployment "
    "provinces.separations employees.* firms.staff firms.n_teams firms.first_team teams.* ledger world.east world.is_full",
    draws="migration.round migration.agents labour.newcomer labour.newcomer_traits",
)
def migrate(s, p, key):
    """Heads move between provinces and to the East; deposits and agents go with them."""
    move_heads(s, p, key)
    fit_agents(s, key)


@routine
def move_heads(s, p, key):
    """Whole persons move; rounding is by keyed draw, so that expected flows are met and heads are conserved."""
    q = p.migration
    n = s.provinces.size
    utility = np.zeros((n, n + 1))
    log_wage = np.zeros(n)
    mean_wage = 0.0
    for r in range(n):
        mean_wage += s.provinces[r].wage / n
        log_wage[r] = log(s.provinces[r].wage * (1.0 - 0.5 * s.provinces[r].unemployment))
    for r in range(n):
        for d in range(n):
            there = s.provinces[d]
            score_pull = q.score_pull if p.on.M43 else 0.0
            utility[r, d] = moving_utility(
                log_wage[d], there.score, s.distance[r, d], q.wage_pull, score_pull, q.distance_cost
            )
            if r == d:
                utility[r, d] += settled_in(q.home_bias, p.retention.housing, s.governments[r].effect[M87])
        utility[r, n] = moving_utility(
            log(mean_wage) + q.east_wage_premium,
            q.east_score,
            q.east_distance,
            q.wage_pull,
            q.score_pull if p.on.M43 else 0.0,
            q.distance_cost,
        )
        highest = utility[r].max()
        total = 0.0
        for d in range(n + 1):
            utility[r, d] = exp(utility[r, d] - highest)
            total += utility[r, d]
        for d in range(n + 1):
            utility[r, d] /= total
    moved = np.zeros((n, 2), np.int64)
    for tier in range(2):
        places = places_of_talent(s, utility, p) if tier == 1 else utility
        places = places_of_holders(s, places, tier, p)
        mobility = np.ones(n)
        back, west = 0.0, 0.0
        for r in range(n):
            if tier == 1:
                open_ = relative_mobility(barrier(s.provinces[r], p), p.segmentation.usual)
                mobility[r] = q.top_mobility * open_
            west += float(s.provinces[r].heads[tier])
            back += q.return_share * mobility[r] * places[r, n] * float(s.provinces[r].heads[tier])
        for r in range(n):
            s.provinces[r].leavers[tier] = 0
            s.provinces[r].arrivals[tier] = 0
        for r in range(n):
            origin = s.provinces[r]
            for d in range(n + 1):
                if d == r:
                    continue
                flow = mobility[r] * places[r, d] * float(origin.heads[tier])
                there = s.provinces[d].uid if d < n else origin.uid
                persons = int(flow + uniform(key, lineage(origin.uid, 0, tier, there), ROUND, 0))
                moved[r, tier] -= persons
                origin.leavers[tier] += persons
                if d < n:
                    moved[d, tier] += persons
                    s.provinces[d].arrivals[tier] += persons
            returned = int(back * float(origin.heads[tier]) / west + uniform(key, origin.uid, ROUND, tier))
            moved[r, tier] += returned
            origin.arrivals[tier] += returned
    carry_deposits(s)
    for r in range(n):
        for tier in range(2):
            s.provinces[r].heads[tier] += moved[r, tier]


@routine
def carry_deposits(s):
    """Leavers take their province's mean deposit along; it is pooled through the East's account."""
    n = s.provinces.size
    pooled, arrivals = 0.0, 0.0
    for r in range(n):
        province = s.provinces[r]
        heads = float(province.heads[0] + province.heads[1])
        amount = province.households * float(province.leavers[0] + province.leavers[1]) / heads
        post(s, r, book.MIGRANTS_OUT, amount)
        pooled += amount
        arrivals += float(province.arrivals[0] + province.arrivals[1])
    leavers = 0.0
    for r in range(n):
        leavers += float(s.provinces[r].leavers[0] + s.provinces[r].leavers[1])
    for r in range(n):
        province = s.provinces[r]
        persons = float(province.arrivals[0] + province.arrivals[1])
        post(s, r, book.MIGRANTS_IN, pooled * persons / max(leavers, 1.0))


@routine
def fit_agents(s, key):
    """Agents follow the heads of their province and tier: the most urgent leave, newcomers arrive idle."""
    people = s.employees
    rows, urges, first, idle = by_province_and_tier(s)
    row = 0
    for r in range(s.provinces.size):
        province = s.provinces[r]
        everyone = 0.0
        for tier in range(2):
            begin, end = first[2 * r + tier], first[2 * r + tier + 1]
            room = float(province.heads[tier]) / province.weight
            wanted = int(room + uniform(key, province.uid, AGENTS, tier))
            everyone += wanted
            if end - begin > wanted:
                for k in first_in_order(urges[begin:end], end - begin - wanted):
                    leaver = rows[begin + k]
                    if people[leaver].firm >= 0:
                        leave_firm(s, leaver)
                        province.separations += 1
                    else:
                        idle[r] -= 1.0
                    people[leaver].is_alive = 0
            for k in range(wanted - (end - begin)):
                row = free_row(people, row)
                if row < 0:
                    s.world[0].is_full = 1
                    return
                person = people[row]
                person.is_alive = 1
                person.uid = lineage(province.uid, key.quarter, 2 * k + tier, ARRIVAL)
                person.province = r
                person.firm = -1
                person.team = -1
                new_person(s, person, key, s.params[0])
                person.tier = tier
                idle[r] += 1.0
        province.unemployment = idle[r] / max(everyone, 1.0)


@routine
def by_province_and_tier(s):
    """People in use by where they are, by one pass over all.

    Returns their rows, those of province r and tier t at ``rows[first[2r+t]:first[2r+t+1]]`` in row order; their urges to
    leave, alike; `first`; and how many of each province have no firm, shape (n_provinces,).
    """
    people = s.employees
    rows = np.empty(people.size, np.int64)
    groups = np.empty(people.size, np.int64)
    urges = np.empty(people.size)
    idle = np.zeros(s.provinces.size)
    n = 0
    for j in range(people.size):
        person = people[j]
        if person.is_alive:
            rows[n] = j
            groups[n] = 2 * person.province + person.tier
            urges[n] = person.urge
            n += 1
            if person.firm < 0:
                idle[person.province] += 1.0
    places, first = in_groups(groups[:n], 2 * s.provinces.size)
    return rows[places], urges[places], first, idle


TOPIC = Topic(
    "migration",
    MigrationParams,
    (
        Mechanism(
            "M43",
            "Brain drain and short-termist training",
            layer="C",
            seed="000 §4.1; 001 §3.3; 002 §4",
            claim="without the pull of the score, outflow of the top tier falls; training follows the leader's horizon",
            neutral="people look at wages and distance only, and every entrepreneur trains as much as usual",
        ),
    ),
)
