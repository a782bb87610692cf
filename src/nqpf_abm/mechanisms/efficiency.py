"""Three efficiencies of a province's innovation, measured from what agents did (M18, M19, M20).

Seed 003 §1.2.2 names them: of technological revolution (breakthrough, timeliness, knowledge kept from failures),
of factor allocation (liquidity of data, new factors, fit of people and tools) and of industrial transition (speed
from laboratory to product, breadth across fields, green orientation). Each is the geometric mean of its three parts,
every part within 0 and 1, so that one missing part spoils the whole. What each does is in resonance.py.

Wins are rare in a province of a few dozen firms, so flows are remembered over some quarters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nqpf_abm.declare import Assumed, Checked, Mechanism, Topic, collective_phase, param
from nqpf_abm.numerics.jit import routine, rule
from nqpf_abm.numerics.mathx import exp, hill, log, power
from nqpf_abm.state.tables import N_EFFICIENCIES, N_EMERGING, N_TRADITIONAL

REVOLUTION, FACTORS, TRANSITION = range(N_EFFICIENCIES)
ALL_WINS, RADICAL_WINS, GREEN_WINS, FAILURES = range(4)  # columns of provinces.search_rates
N_FIELDS = N_TRADITIONAL + N_EMERGING


@dataclass(frozen=True, kw_only=True)
class EfficiencyParams(Checked):
    """What the parts are measured against."""

    memory: float = param(
        0.125, low=0.05, high=0.5, unit="1/quarter", evidence=Assumed("two years of wins, which are rare")
    )
    radical_half: float = param(
        0.1, low=0.02, high=0.3, unit="share",
        evidence=Assumed("radical share of wins that counts one half: the base share of radical search"),
    )  # fmt: skip
    lag_unit: float = param(
        8.0, low=4.0, high=16.0, unit="quarters",
        evidence=Assumed("one unit of lag: the usual time from a radical win to output"),
    )  # fmt: skip
    retention: float = param(
        0.3, low=0.0, high=0.8, unit="share", evidence=Assumed("of what a failed search taught, kept")
    )
    frontier_input: float = param(
        5.0, low=3.0, high=10.0, unit="relative to a non-adopter",
        evidence=Assumed("digital input at the frontier: every firm a fresh adopter"),
    )  # fmt: skip
    speed_benchmark: float = param(
        20.0, low=12.0, high=40.0, unit="quarters",
        evidence=Assumed("from TRL 3 to 9 without loss of time (catalogue)"),
    )  # fmt: skip
    green_half: float = param(
        0.2, low=0.05, high=0.5, unit="share", evidence=Assumed("green share of wins that counts one half")
    )
    green_steepness: float = param(
        2.0, low=1.0, high=6.0, unit="1", evidence=Assumed("gentle: greening has no threshold of its own")
    )
    floor: float = param(
        0.02, low=0.005, high=0.1, unit="0 to 1", evidence=Assumed("no efficiency is lower (catalogue)")
    )
    usual: float = param(
        0.5,
        low=0.3,
        high=0.9,
        unit="0 to 1",
        evidence=Assumed("of every province, where one is switched off"),
    )


@rule
def mean_efficiency(first, second, third, floor):
    """Geometric mean of three parts, each 0 to 1, and at least `floor`.

    By hand: .5, .4, .3 give .06^(1/3) = .391; with one part 0, the floor.
    """
    product = first * second * third
    return max(power(product, 1.0 / 3.0), floor) if product > 0.0 else floor


@rule
def radical_part(share, half):
    """What the radical share of wins counts, ``s/(s + h)``: half at h, never more than 1."""
    return share / (share + half)


@rule
def timeliness(lag, unit):
    """What the lag from a radical win to output counts, ``exp(-lag/unit)``; quarters.

    By hand: 8 quarters with a unit of 8 count .368.
    """
    return exp(-lag / unit)


@rule
def next_lessons(lessons, failed, retention, memory):
    """A firm's knowledge from failures after a quarter, moving with weight `memory` to ``r`` times what failed.

    By hand: 0 before, one failure, r=.3, memory .125 gives .0375.
    """
    return lessons + memory * (retention * failed - lessons)


@rule
def factor_efficiency(liquidity, relative_input, skill_match, floor):
    """E_F of data liquidity, digital input over that of the frontier, and fit of skills and tools.

    By hand: .25, .25 and .75 give .0469^(1/3) = .361.
    """
    return mean_efficiency(liquidity, min(relative_input, 1.0), skill_match, floor)


@rule
def transition_speed(age, benchmark):
    """What the time from TRL 3 to 9 counts, benchmark over `age` (quarters), at most 1."""
    return min(benchmark / max(age, 1e-9), 1.0)


@collective_phase(
    mechanisms="M18 M19 M20",
    writes="firms.lessons provinces.search_rates provinces.field_wins provinces.radical_flow "
    "provinces.retained provinces.breadth provinces.sustainability provinces.efficiency",
)
def measure_efficiency(s, p, key):
    """Provinces' three efficiencies from last quarter's wins, failures, launches, factors and achievements."""
    if key.quarter == 0:
        return
    q = p.efficiency
    remember_search(s, p)
    for r in range(s.provinces.size):
        province = s.provinces[r]
        wins = max(province.search_rates[ALL_WINS], 1e-12)
        lag = province.radical_flow[0] / max(province.radical_flow[1], 1e-12)
        revolution = mean_efficiency(
            radical_part(province.search_rates[RADICAL_WINS] / wins, q.radical_half),
            timeliness(lag, q.lag_unit),
            province.retained,
            q.floor,
        )
        factors = factor_efficiency(
            province.data_liquidity, province.digital_input / q.frontier_input, province.skill_match, q.floor
        )
        province.breadth = q.usual
        province.sustainability = q.usual
        if p.on.M20:
            province.breadth = evenness(province.field_wins)
            green = province.search_rates[GREEN_WINS] / wins
            province.sustainability = hill(green, q.green_half, q.green_steepness)
        transition = mean_efficiency(
            transition_speed(province.conversion_age, q.speed_benchmark),
            province.breadth,
            province.sustainability,
            q.floor,
        )
        province.efficiency[REVOLUTION] = revolution if p.on.M18 else q.usual
        province.efficiency[FACTORS] = factors if p.on.M19 else q.usual
        province.efficiency[TRANSITION] = transition if p.on.M20 else q.usual


@routine
def evenness(wins):
    """Entropy of wins over fields, relative to its largest value; 0 to 1."""
    total, entropy = 0.0, 0.0
    for k in range(N_FIELDS):
        total += wins[k]
    for k in range(N_FIELDS):
        if wins[k] > 0.0:
            entropy -= wins[k] / total * log(wins[k] / total)
    return entropy / log(float(N_FIELDS))


@routine
def remember_search(s, p):
    """Smoothed wins and failures per firm, wins by field, radical gains waiting and launched, lessons kept."""
    q = p.efficiency
    n = s.provinces.size
    rates = np.zeros((n, 4))
    fields = np.zeros((n, N_FIELDS))
    flow = np.zeros((n, 2))
    lessons = np.zeros(n)
    count = np.zeros(n)
    for i in range(s.firms.size):
        firm = s.firms[i]
        if firm.is_alive:
            r = firm.province
            firm.lessons = next_lessons(firm.lessons, float(firm.failures), q.retention, q.memory)
            count[r] += 1.0
            lessons[r] += firm.lessons
            rates[r, ALL_WINS] += firm.wins
            rates[r, RADICAL_WINS] += firm.radical_wins
            rates[r, GREEN_WINS] += firm.green_wins
            rates[r, FAILURES] += firm.failures
            fields[r, firm.field] += firm.wins
            flow[r, 0] += firm.launching + firm.launched
            flow[r, 1] += firm.launched
    for r in range(n):
        province = s.provinces[r]
        firms = max(count[r], 1.0)
        for k in range(4):
            province.search_rates[k] += q.memory * (rates[r, k] / firms - province.search_rates[k])
        for k in range(N_FIELDS):
            province.field_wins[k] += q.memory * (fields[r, k] / firms - province.field_wins[k])
        for k in range(2):
            province.radical_flow[k] += q.memory * (flow[r, k] / firms - province.radical_flow[k])
        province.retained = min(lessons[r] / firms / max(province.search_rates[FAILURES], 1e-12), 1.0)


TOPIC = Topic(
    "efficiency",
    EfficiencyParams,
    (
        Mechanism(
            "M18",
            "Efficiency of technological revolution",
            layer="B",
            seed="003 §1.2.2",
            claim="without knowledge kept from failures it falls, and that of industrial transition does not",
            neutral="the same efficiency in every province",
        ),
        Mechanism(
            "M19",
            "Efficiency of factor allocation",
            layer="B",
            seed="003 §1.2.2; 001 §2.3",
            claim="without liquidity of data it falls to its floor, and resonance ends",
            neutral="the same efficiency in every province",
        ),
        Mechanism(
            "M20",
            "Efficiency of industrial transition",
            layer="B",
            seed="003 §1.2.2; 001 §2.1",
            claim="without the carbon standard breadth rises and sustainability falls",
            neutral="the same efficiency in every province",
        ),
    ),
)
