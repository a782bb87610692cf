"""Burn-in: micro distributions settle while levels are held, then 2012Q1 is set to the official figures.

Re-anchoring is a reset of stocks outside the ledger; the identities hold before and after it.
"""

from __future__ import annotations

import numpy as np

from nqpf_abm.declare import collective_phase
from nqpf_abm.mechanisms.labour import count_unemployed
from nqpf_abm.mechanisms.pipeline import usual_inflow
from nqpf_abm.mechanisms.production import capacity_of
from nqpf_abm.mechanisms.waste import waste_made
from nqpf_abm.mechanisms.workplace import join_firm, leave_firm
from nqpf_abm.numerics.draws import stream, uniform
from nqpf_abm.numerics.jit import routine
from nqpf_abm.numerics.ordering import in_groups, in_order

PLACE = stream("anchoring.place")
LEAVE = stream("anchoring.leave")
SETTLING = 0.125  # weight of the newest burn-in quarter in the expected wins


@collective_phase(writes="firms.log_tfp provinces.expected_wins")
def hold_levels(s, p, key):
    """In burn-in, keep each province's sales-weighted log productivity at zero and note expected wins."""
    if s.world[0].is_burn_in == 0:
        return
    for r in range(s.provinces.size):
        province = s.provinces[r]
        mean, sales, wins = 0.0, 0.0, 0.0
        for i in range(s.firms.size):
            firm = s.firms[i]
            if firm.is_alive and firm.province == r:
                mean += firm.log_tfp * firm.sales
                sales += firm.sales
                wins += province.weight * firm.success_probability
        for i in range(s.firms.size):
            firm = s.firms[i]
            if firm.is_alive and firm.province == r:
                firm.log_tfp -= mean / max(sales, 1e-12)
        speed = SETTLING if key.quarter > 0 else 1.0
        province.expected_wins += speed * (wins - province.expected_wins)


@collective_phase(
    writes="firms.* teams.* employees.firm employees.team provinces.* governments.universities world.banks "
    "world.loans world.gdp world.is_full",
    draws="anchoring.place anchoring.leave workplace.team_anchor",
)
def re_anchor(s, p, key):
    """Fix technology in the first quarter; at 2012Q1, scale every stock so that output is the official one."""
    if key.quarter == 0:
        for r in range(s.provinces.size):
            anchor_technology(s, p, r)
    if s.world[0].clock != 0.0:
        return
    place_idle(s, p, key)
    world = s.world[0]
    world.loans = 0.0
    world.gdp = 0.0
    for r in range(s.provinces.size):
        scale_province(s, p, r)
        world.gdp += s.provinces[r].gdp
    balance_banks(s)


@routine
def place_idle(s, p, key):
    """People without a job beyond the usual rate join firms, with odds in proportion to their staff.

    Where fewer than usual are without a job, the first in keyed order leave theirs.
    """
    people, firms = s.employees, s.firms
    rows, lots = np.flatnonzero(people["is_alive"]), np.empty(people.size)
    for k in range(rows.size):
        lots[k] = uniform(key, people[rows[k]].uid, LEAVE, 0)
    order = rows[in_order(lots[: rows.size])]
    places, first = in_groups(people["province"][order], s.provinces.size)
    for r in range(s.provinces.size):
        queue = order[places[first[r] : first[r + 1]]]
        idle, staff = 0, 0.0
        for j in queue:
            idle += 1 if people[j].firm < 0 else 0
        for i in range(firms.size):
            if firms[i].is_alive and firms[i].province == r:
                staff += firms[i].staff
        spare = idle - int(p.start.unemployment * queue.size)
        for j in queue:
            if spare < 0 and people[j].firm >= 0 and firms[people[j].firm].staff > 1.0:
                leave_firm(s, j)
                spare += 1
        for j in queue:
            if spare > 0 and people[j].firm < 0:
                target = uniform(key, people[j].uid, PLACE, 0) * staff
                chosen = -1
                for i in range(firms.size):
                    if firms[i].is_alive and firms[i].province == r and target >= 0.0:
                        chosen = i
                        target -= firms[i].staff
                if chosen >= 0:
                    join_firm(s, j, chosen, key)
                    staff += 1.0
                spare -= 1
    count_unemployed(s)


@routine
def anchor_technology(s, p, r):
    """Scale the technology of a province so that capacity at its usual use gives the official output."""
    province = s.provinces[r]
    capacity = 0.0
    for i in range(s.firms.size):
        firm = s.firms[i]
        if firm.is_alive and firm.province == r:
            capacity += province.weight * capacity_of(firm, province, p)
    province.output_scale *= province.gdp_start / max(capacity * province.utilisation, 1e-12)
    for i in range(s.firms.size):
        firm = s.firms[i]
        if firm.is_alive and firm.province == r:
            firm.capacity = capacity_of(firm, province, p)


@routine
def scale_province(s, p, r):
    """Scale stocks, income, technology and energy of one province to its official figures, and waste to 1."""
    province = s.provinces[r]
    factor = province.gdp_start / max(province.gdp, 1e-12)
    province.households *= factor
    province.fund *= factor
    province.income *= factor
    s.governments[r].universities *= factor
    for i in range(s.firms.size):
        firm = s.firms[i]
        if firm.is_alive and firm.province == r:
            firm.capital *= factor
            firm.cash *= factor
            firm.opening_cash = firm.cash
            firm.loan *= factor
            firm.inventory *= factor
            firm.sales *= factor
            firm.expected_sales *= factor
            firm.rnd_stock *= factor
            s.world[0].loans += province.weight * firm.loan
    anchor_technology(s, p, r)
    energy, output, waste = 0.0, 0.0, 0.0
    for i in range(s.firms.size):
        firm = s.firms[i]
        if firm.is_alive and firm.province == r:
            energy += firm.energy_intensity * firm.capacity
            output += firm.capacity
            waste += waste_made(firm.capacity, firm.waste_intensity, firm.is_new, p.waste.new_fields)
    for i in range(s.firms.size):
        firm = s.firms[i]
        if firm.is_alive and firm.province == r:
            firm.energy_intensity *= output / max(energy, 1e-12)
            firm.waste_intensity *= output / max(waste, 1e-12)
    province.gdp = province.gdp_start
    province.patents_per_win = province.patents_official / (4.0 * max(province.expected_wins, 1e-12))
    province.heads_start = float(province.heads[0] + province.heads[1])
    government = s.governments[r]
    effort = government.public_rnd_start / province.gdp_start
    province.public_knowledge = usual_inflow(effort, p.pipeline.inflow, p.pipeline.effort_reference)


@routine
def balance_banks(s):
    """Banks owe what all others hold: set their balance so that the balances of all sectors sum to zero."""
    world = s.world[0]
    world.banks = -(world.centre + world.east + world.goods)
    for r in range(s.provinces.size):
        province = s.provinces[r]
        world.banks -= province.households + province.fund
        world.banks -= s.governments[r].balance + s.governments[r].universities
    for i in range(s.firms.size):
        firm = s.firms[i]
        if firm.is_alive:
            world.banks -= s.provinces[firm.province].weight * firm.cash
