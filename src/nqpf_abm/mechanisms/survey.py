"""What the world knows of itself: new books, last year's scores, means by team, firm and province."""

from __future__ import annotations

import numpy as np

from nqpf_abm.declare import collective_phase
from nqpf_abm.mechanisms.skills import fit
from nqpf_abm.numerics.jit import routine
from nqpf_abm.numerics.mathx import exp, log, sqrt
from nqpf_abm.state.accounts import N_ROWS
from nqpf_abm.state.tables import N_TRAITS, SCORE_LAGS


@collective_phase(
    writes="ledger firms.flow firms.opening_cash provinces.hires provinces.separations world.clock "
    "world.is_burn_in world.frontier world.east_demand world.carbon_ceiling world.patenting"
)
def open_books(s, p, key):
    """A new quarter: empty books, and the exogenous paths of frontier, East demand, patenting and carbon ceiling."""
    for row in range(N_ROWS):
        for r in range(s.provinces.size):
            s.ledger[row, r] = 0.0
    for i in range(s.firms.size):
        firm = s.firms[i]
        firm.opening_cash = firm.cash
        for row in range(N_ROWS):
            firm.flow[row] = 0.0
    for r in range(s.provinces.size):
        s.provinces[r].hires = 0
        s.provinces[r].separations = 0
    world = s.world[0]
    world.clock = float(key.quarter) - p.start.burn_in
    world.is_burn_in = 1 if world.clock < 0.0 else 0
    elapsed = max(world.clock, 0.0)
    world.frontier = p.absorption.frontier_start + p.absorption.frontier_growth * elapsed
    world.east_demand = (
        p.market.east_demand * world.gdp_start * exp(elapsed * log(1.0 + p.market.east_growth))
    )
    world.patenting = exp(p.research.patenting_growth * elapsed)
    world.carbon_ceiling = p.carbon.ceiling_start * exp(0.25 * elapsed * log(1.0 - p.carbon.ceiling_fall))


@routine
def annual_closeness(x, signs, closeness):
    """Entropy-weight TOPSIS of one year's panel under bounds and ideals of that year.

    x          (n, m) indicators;  signs (m,) +1 benefit, -1 cost;  closeness (n,) receives the result

    The same formula as the measurement kernel with ``bounds="annual", ideal="annual"``, for the score in
    the loop. A constant column weighs nothing; without any varying column closeness is 0.
    """
    n, m = x.shape
    z = np.zeros((n, m))
    weights = np.zeros(m)
    total = 0.0
    for j in range(m):
        low, high = x[0, j], x[0, j]
        for i in range(n):
            low = min(low, x[i, j])
            high = max(high, x[i, j])
        if not high > low:
            continue
        column = 0.0
        for i in range(n):
            z[i, j] = (x[i, j] - low) / (high - low) if signs[j] > 0 else (high - x[i, j]) / (high - low)
            column += z[i, j]
        for i in range(n):
            if z[i, j] > 0.0:
                share = z[i, j] / column
                weights[j] += share * log(n * share) / log(float(n))
        total += weights[j]
    for i in range(n):
        above, below = 0.0, 0.0
        for j in range(m):
            v = weights[j] / total if total > 0.0 else 0.0
            above += v * v * z[i, j] * z[i, j]
            below += v * v * (1.0 - z[i, j]) * (1.0 - z[i, j])
        above, below = sqrt(above), sqrt(below)
        closeness[i] = above / (above + below) if above + below > 0.0 else 0.0


@collective_phase(writes="provinces.score provinces.score_z")
def take_stock(s, p, key):
    """Once a year, everyone learns last year's score; its standardised value ages through the lags of entry."""
    n = s.provinces.size
    if key.quarter % 4 == 0 and key.quarter >= 4:
        closeness = np.zeros(n)
        annual_closeness(s.panel, s.panel_signs, closeness)
        for r in range(n):
            s.provinces[r].score = closeness[r]
    mean, square = 0.0, 0.0
    for r in range(n):
        mean += s.provinces[r].score / n
    for r in range(n):
        square += (s.provinces[r].score - mean) * (s.provinces[r].score - mean) / n
    for r in range(n):
        province = s.provinces[r]
        for k in range(SCORE_LAGS - 1, 0, -1):
            province.score_z[k] = province.score_z[k - 1]
        province.score_z[0] = (province.score - mean) / sqrt(square) if square > 0.0 else 0.0


@collective_phase(
    mechanisms="M42",
    writes="firms.n_proactive firms.skill firms.skill_match firms.team_mean firms.proactive_mean teams.proactive_share "
    "teams.member_mean",
)
def gather_teams(s, p, key):
    """Means and acting shares of teams, and means of firms, as the quarter begins."""
    for k in range(s.teams.size):
        team = s.teams[k]
        team.proactive_share = 0.0
        for t in range(N_TRAITS):
            team.member_mean[t] = 0.0
    for i in range(s.firms.size):
        firm = s.firms[i]
        firm.n_proactive = 0.0
        firm.skill = 0.0
        firm.skill_match = 0.0 if p.on.M42 and firm.staff > 0.0 else 1.0
        for t in range(N_TRAITS):
            firm.team_mean[t] = 0.0
            firm.proactive_mean[t] = 0.0
    for j in range(s.employees.size):
        person = s.employees[j]
        if person.is_alive and person.firm >= 0:
            team = s.teams[person.team]
            team.proactive_share += person.is_proactive / float(team.size)
            for t in range(N_TRAITS):
                team.member_mean[t] += person.orientation[t] / float(team.size)
            firm = s.firms[person.firm]
            firm.n_proactive += person.is_proactive
            firm.skill += person.skill / firm.staff
            if p.on.M42:
                firm.skill_match += fit(person, firm, p.skills) / firm.staff
            for t in range(N_TRAITS):
                firm.proactive_mean[t] += person.is_proactive * person.orientation[t]
    for i in range(s.firms.size):
        firm = s.firms[i]
        for t in range(N_TRAITS):
            firm.proactive_mean[t] /= max(firm.n_proactive, 1.0)
    for k in range(s.teams.size):
        team = s.teams[k]
        if team.is_alive:
            firm = s.firms[team.firm]
            for t in range(N_TRAITS):
                firm.team_mean[t] += team.orientation[t] / float(firm.n_teams)


@collective_phase(
    writes="provinces.n_firms provinces.adopter_share provinces.new_share provinces.neighbour_rnd "
    "provinces.mean_log_tfp provinces.mean_sales provinces.mean_staff provinces.absorptive_capacity "
    "provinces.skill_match provinces.mean_energy_intensity provinces.mean_waste provinces.mean_reuse "
    "provinces.digital_input world.adopter_share"
)
def survey_provinces(s, p, key):
    """Means over each province's firms, as the quarter begins."""
    for r in range(s.provinces.size):
        clear_means(s.provinces[r])
    for i in range(s.firms.size):
        if s.firms[i].is_alive:
            s.provinces[s.firms[i].province].n_firms += 1.0
    for i in range(s.firms.size):
        firm = s.firms[i]
        if firm.is_alive:
            province = s.provinces[firm.province]
            part = 1.0 / province.n_firms
            province.adopter_share += part * firm.is_adopter
            province.new_share += part * firm.is_new
            province.neighbour_rnd += part * firm.rnd / max(firm.sales, 1e-9)
            province.mean_log_tfp += part * firm.log_tfp
            province.mean_sales += part * firm.sales
            province.mean_staff += part * firm.staff
            province.absorptive_capacity += part * firm.absorptive_capacity
            province.skill_match += part * firm.skill_match
            province.mean_energy_intensity += part * firm.energy_intensity
            province.mean_waste += part * firm.waste_intensity
            province.mean_reuse += part * firm.reuse
            province.digital_input += part * firm.digital_input
    adopters, firms = 0.0, 0.0
    for r in range(s.provinces.size):
        adopters += s.provinces[r].adopter_share * s.provinces[r].n_firms
        firms += s.provinces[r].n_firms
    s.world[0].adopter_share = adopters / firms


@routine
def clear_means(province):
    """Set a province's means to zero before they are summed up."""
    province.n_firms = 0.0
    province.adopter_share = 0.0
    province.new_share = 0.0
    province.neighbour_rnd = 0.0
    province.mean_log_tfp = 0.0
    province.mean_sales = 0.0
    province.mean_staff = 0.0
    province.absorptive_capacity = 0.0
    province.skill_match = 0.0
    province.mean_energy_intensity = 0.0
    province.mean_waste = 0.0
    province.mean_reuse = 0.0
    province.digital_input = 0.0
