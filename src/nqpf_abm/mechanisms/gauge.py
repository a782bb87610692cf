"""How much entrepreneurship there is: an index by region, and what firms did this year (M99).

Seed 000 §5.1.1 names the measures: share of R&D, speed of new products, patents. Orientation at three levels
joins them. Nobody in the model acts on the index; it is what an observer would compute.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nqpf_abm.declare import Assumed, Checked, Mechanism, Topic, collective_phase, param
from nqpf_abm.numerics.jit import routine, rule
from nqpf_abm.state.tables import N_MEASURES, N_TRAITS


@dataclass(frozen=True, kw_only=True)
class GaugeParams(Checked):
    """How the index smooths."""

    memory: float = param(
        0.25, low=0.1, high=1.0, unit="1/quarter", evidence=Assumed("about a year of wins, which are rare")
    )


@rule
def relative_measure(value, reference):
    """A measure relative to the mean of 2012; 1 where there is no reference yet.

    By hand: .03 against .02 gives 1.5.
    """
    return value / reference if reference > 0.0 else 1.0


@collective_phase(
    mechanisms="M99",
    writes="firms.year_sales firms.year_profit firms.year_rnd firms.year_wins provinces.measures "
    "provinces.entrepreneurship world.measures_start",
)
def gauge_entrepreneurship(s, p, key):
    """Sum up each firm's year, and compute each province's index of entrepreneurship."""
    if not p.on.M99:
        return
    for i in range(s.firms.size):
        firm = s.firms[i]
        if key.quarter % 4 == 0:
            firm.year_sales, firm.year_profit, firm.year_rnd, firm.year_wins = 0.0, 0.0, 0.0, 0
        if firm.is_alive:
            firm.year_sales += firm.sales
            firm.year_profit += firm.profit
            firm.year_rnd += firm.rnd
            firm.year_wins += firm.wins
    n = s.provinces.size
    now = np.zeros((n, N_MEASURES))
    measure_provinces(s, now)
    world = s.world[0]
    anew = key.quarter == 0 or world.clock == 0.0  # at 2012Q1 wins are given their number of patents
    memory = 1.0 if anew else p.gauge.memory
    for k in range(N_MEASURES):
        mean = 0.0
        for r in range(n):
            province = s.provinces[r]
            province.measures[k] += memory * (now[r, k] - province.measures[k])
            mean += now[r, k] / n
        if 0.0 <= world.clock < 4.0:
            world.measures_start[k] += (mean - world.measures_start[k]) / (world.clock + 1.0)
    for r in range(n):
        province = s.provinces[r]
        province.entrepreneurship = 0.0
        for k in range(N_MEASURES):
            relative = relative_measure(province.measures[k], world.measures_start[k])
            province.entrepreneurship += relative / N_MEASURES


@routine
def measure_provinces(s, now):
    """R&D over sales, launched over waiting gains, patents per agent, mean orientation; into `now` (n, 4)."""
    n = s.provinces.size
    sales, waiting, staff = np.zeros(n), np.zeros(n), np.zeros(n)
    count = np.zeros((n, 3))
    orientation = np.zeros((n, 3))
    for i in range(s.firms.size):
        firm = s.firms[i]
        if firm.is_alive:
            r = firm.province
            now[r, 0] += firm.rnd
            now[r, 1] += firm.launched
            now[r, 2] += firm.wins * s.provinces[r].patents_per_win
            sales[r] += firm.sales
            waiting[r] += firm.launched + firm.launching
            staff[r] += firm.staff
            count[r, 0] += 1.0
            for t in range(N_TRAITS):
                orientation[r, 0] += s.entrepreneurs[i].orientation[t] / N_TRAITS
    for k in range(s.teams.size):
        team = s.teams[k]
        if team.is_alive:
            r = s.firms[team.firm].province
            count[r, 1] += 1.0
            for t in range(N_TRAITS):
                orientation[r, 1] += team.orientation[t] / N_TRAITS
    for j in range(s.employees.size):
        person = s.employees[j]
        if person.is_alive and person.firm >= 0:
            r = person.province
            count[r, 2] += 1.0
            for t in range(N_TRAITS):
                orientation[r, 2] += person.orientation[t] / N_TRAITS
    for r in range(n):
        now[r, 0] /= max(sales[r], 1e-12)
        now[r, 1] /= max(waiting[r], 1e-12)
        now[r, 2] /= max(staff[r], 1.0)
        for level in range(3):
            now[r, 3] += orientation[r, level] / max(count[r, level], 1.0) / 3.0


TOPIC = Topic(
    "gauge",
    GaugeParams,
    (
        Mechanism(
            "M99",
            "Entrepreneurship index",
            layer="G",
            seed="000 §5.1.1",
            claim="the regional index rises when leaders' orientation rises by one standard deviation",
            neutral="nothing is measured; nobody acts on the index in any case",
        ),
    ),
)
