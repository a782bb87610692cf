"""Data, algorithms and computing power as one factor of production (M26; N of E9).

The three complement each other: the weakest holds up the others. Algorithms improve with the data they learn
from, at a falling rate as in the learning curves of Hestness et al. (2017, arXiv:1712.00409), and with the skill of
those who apply them. Computing power is rented from what is installed in the province, so that a small
firm needs no machines of its own (DeStefano, Kneller & Timmis find that the cloud lets young firms grow); what is
missing is sought in other provinces, as far as borders allow. Operators build for what was asked of them last
quarter, and for what they hope to win from other provinces (duplication.py). One unit is the use of a fresh adopter
of 2012 per employee and quarter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nqpf_abm.declare import Assumed, Checked, Mechanism, Topic, collective_phase, param, row_phase
from nqpf_abm.mechanisms.data import usable_data
from nqpf_abm.mechanisms.duplication import hosting_hoped
from nqpf_abm.mechanisms.finance import desired_investment
from nqpf_abm.mechanisms.segmentation import barrier, crossing
from nqpf_abm.numerics.jit import routine, rule
from nqpf_abm.numerics.mathx import exp, log, power, sqrt
from nqpf_abm.policy.east_west import built_for, host_east, taught_algorithm
from nqpf_abm.policy.infrastructure import lowered, opened_up
from nqpf_abm.state import accounts as book
from nqpf_abm.state.accounts import post
from nqpf_abm.state.instruments import M64, M89

LEAST = 1e-9  # of a factor; below it a firm has none


@dataclass(frozen=True, kw_only=True)
class ComputeParams(Checked):
    """The digital factor, algorithms and the market for computing power."""

    complementarity: float = param(
        -1.0, low=-3.0, high=0.5, unit="1", symbol="r",
        evidence=Assumed("exponent of the CES: 1 substitutes, 0 Cobb-Douglas, -∞ the weakest alone counts"),
    )  # fmt: skip
    data_weight: float = param(
        1 / 3, low=0.2, high=0.5, unit="share", symbol="α_D", evidence=Assumed("the three count alike")
    )
    algorithm_weight: float = param(
        1 / 3, low=0.2, high=0.5, unit="share", symbol="α_A", evidence=Assumed("the three count alike")
    )
    learning: float = param(
        0.2, low=0.05, high=0.5, unit="elasticity",
        evidence=Assumed("of algorithms in data; errors fall with an exponent of .07 to .35",
                         "Hestness et al. 2017, arXiv:1712.00409"),
    )  # fmt: skip
    skill_effect: float = param(
        0.2, low=0.0, high=1.0, unit="elasticity", evidence=Assumed("of algorithms in skill")
    )
    learning_speed: float = param(
        0.1, low=0.02, high=0.3, unit="1/quarter", evidence=Assumed("algorithms follow within some years")
    )
    rentable: float = param(
        0.8, low=0.0, high=1.0, unit="share", evidence=Assumed("of computing power that can be rented")
    )
    machine_size: float = param(
        10.0, low=3.0, high=30.0, unit="employees",
        evidence=Assumed("a firm of this size can fill half of the machines it would have to own"),
    )  # fmt: skip
    headroom: float = param(
        1.3, low=0.5, high=2.0, unit="1", evidence=Assumed("capacity operators aim at, over demand")
    )
    build_speed: float = param(
        0.25, low=0.05, high=0.5, unit="1/quarter", evidence=Assumed("gap closed a quarter")
    )
    wear: float = param(
        0.05, low=0.03, high=0.1, unit="1/quarter", evidence=Assumed("machines last five years")
    )
    rent: float = param(
        0.004,
        low=0.001,
        high=0.01,
        unit="share of 2012 output",
        evidence=Assumed("price of a unit a quarter"),
    )
    unit_cost: float = param(
        8.0, low=4.0, high=16.0, unit="quarters of rent", evidence=Assumed("of a unit of capacity")
    )


@rule
def digital_factor(data, algorithm, compute, data_weight, algorithm_weight, r):
    r"""Digital factor :math:`(α_D D^r + α_A A^r + α_C C^r)^{1/r}` of an adopter, a fresh one of 2012 is 1 (E9).

    data  D, algorithm  A, compute  C, each relative to a fresh adopter;  α_C = 1 - α_D - α_A

    By hand: D=3, A=C=1, equal weights, r=-1 gives 3/(1/3+1+1) = 1.286; r=1 gives 5/3. r=0 is Cobb-Douglas.
    """
    d, a, c = max(data, LEAST), max(algorithm, LEAST), max(compute, LEAST)
    rest = 1.0 - data_weight - algorithm_weight
    if abs(r) < 1e-6:
        return exp(data_weight * log(d) + algorithm_weight * log(a) + rest * log(c))
    inner = data_weight * power(d, r) + algorithm_weight * power(a, r) + rest * power(c, r)
    return power(inner, 1.0 / r)


@rule
def learnt_algorithm(data, skill, learning, skill_effect):
    """Algorithm that data and skill allow for, ``D^ε h^κ``, relative to a fresh adopter.

    data  D usable;  skill  h over the reference;  learning  ε;  skill_effect  κ

    By hand: D=4, h=1, ε=.5 gives 2.
    """
    return power(max(data, LEAST), learning) * power(max(skill, LEAST), skill_effect)


@rule
def access(staff, typical, rentable, machine_size):
    """Computing power within a firm's means relative to a firm of typical size.

    What can be rented is within anyone's; machines of one's own are a fixed cost that ``n/(n + n₀)`` can bear.

    By hand: rentable .5, n₀=10, staff 10, typical 30 gives (.5+.25)/(.5+.375) = .857. All rentable: 1.
    """
    own = rentable + (1.0 - rentable) * staff / (staff + machine_size)
    return own / (rentable + (1.0 - rentable) * typical / (typical + machine_size))


@row_phase("firms", mechanisms="M26 M64 M89", writes="algorithm compute_wanted")
def train_algorithms(i, s, p, key):
    """Adopters' algorithms learn from data; what they and the data need of computing power is asked for."""
    firm = s.firms[i]
    province = s.provinces[firm.province]
    q = p.compute
    effect = s.governments[firm.province].effect
    firm.compute_wanted = 0.0
    if firm.is_adopter == 0:
        return
    if firm.algorithm == 0.0:
        firm.algorithm = 1.0
    data = usable_data(firm.data, firm.sharing, province.data_pool, p.data.fit, s.world[0].data_reference)
    if s.world[0].is_burn_in == 0:
        skill = firm.skill / p.absorption.skill_reference
        target = learnt_algorithm(data, skill, q.learning, q.skill_effect)
        target = taught_algorithm(target, p.east_west.spillover, skill, effect[M89])
        firm.algorithm += q.learning_speed * (target - firm.algorithm)
    rentable = opened_up(q.rentable, p.infrastructure.reach, effect[M64])
    within = access(max(firm.staff, 1.0), province.mean_staff, rentable, q.machine_size)
    firm.compute_wanted = within * sqrt(data * firm.algorithm)


@collective_phase(
    mechanisms="M26 M48 M64 M89 M91",
    writes="provinces.hosting_seen provinces.compute_installed provinces.compute_used provinces.compute_demand "
    "provinces.compute_investment firms.compute firms.compute_rent ledger provinces.fund world.east",
)
def allocate_compute(s, p, key):
    """Capacity installed serves the province first, then others; each is served in proportion to what it asks.

    Remote use debits the province that hosts it, and pays it through the East's account.
    """
    n = s.provinces.size
    build_compute(s, p)
    asked, remote, spare = np.zeros(n), np.zeros(n), np.zeros(n)
    for i in range(s.firms.size):
        firm = s.firms[i]
        if firm.is_alive:
            asked[firm.province] += s.provinces[firm.province].weight * firm.compute_wanted * firm.staff
    wanted, offered = 0.0, 0.0
    for r in range(n):
        province = s.provinces[r]
        province.compute_used = min(asked[r], province.compute_installed)
        spare[r] = province.compute_installed - province.compute_used
        remote[r] = crossing(asked[r] - province.compute_used, barrier(province, p))
        wanted += remote[r]
        offered += spare[r]
    let = min(wanted, offered)
    served = np.zeros(n)
    paid = 0.0
    for r in range(n):
        province = s.provinces[r]
        remote[r] *= let / max(wanted, 1e-300)
        served[r] = (province.compute_used + remote[r]) / max(asked[r], 1e-300)
        amount = rent(s, r, p) * remote[r]
        post(s, r, book.REMOTE_COMPUTE_PAID, amount)
        paid += amount
    for r in range(n):
        part = spare[r] / max(offered, 1e-300)
        s.provinces[r].compute_used += part * let
        s.provinces[r].compute_demand = asked[r] + part * let
        post(s, r, book.REMOTE_COMPUTE_RECEIVED, part * paid)
        host_east(s, r, asked.sum(), spare[r] - part * let, p)
    for i in range(s.firms.size):
        firm = s.firms[i]
        firm.compute = 0.0
        firm.compute_rent = 0.0
        if firm.is_alive:
            firm.compute = firm.compute_wanted * min(served[firm.province], 1.0)
            firm.compute_rent = rent(s, firm.province, p) * firm.compute * firm.staff


@routine
def rent(s, r, p):
    """Price of a unit of computing power for the firms of province `r`, here or elsewhere, 10^6 yuan a quarter."""
    usual = p.compute.rent * s.provinces[r].output_per_head_start
    return lowered(usual, p.infrastructure.cheaper, s.governments[r].effect[M64])


@routine
def build_compute(s, p):
    """Operators build for the demand of last quarter; the first capacity is kept up whatever the demand."""
    q = p.compute
    own = np.empty(s.provinces.size)
    for r in range(own.size):
        own[r] = max(s.provinces[r].compute_demand, s.provinces[r].compute_start / q.headroom)
    hoped = hosting_hoped(s, own, p)
    for r in range(own.size):
        province = s.provinces[r]
        demand = own[r] + hoped[r]
        price = q.unit_cost * rent(s, r, p)
        units = desired_investment(province.compute_installed, demand, q.wear, q.headroom, q.build_speed)
        units += built_for(s.governments[r].delivered[M89], price)
        province.compute_installed += units - q.wear * province.compute_installed
        province.compute_investment = units * price


@row_phase("firms", mechanisms="M26", writes="digital_input")
def join_factors(i, s, p, key):
    """Data, algorithm and computing power make the digital input of a firm, at least that of a non-adopter."""
    firm = s.firms[i]
    firm.digital_input = 1.0
    if firm.is_adopter:
        province = s.provinces[firm.province]
        q = p.compute
        data = usable_data(firm.data, firm.sharing, province.data_pool, p.data.fit, s.world[0].data_reference)
        r = q.complementarity if p.on.M26 else 1.0
        joint = digital_factor(data, firm.algorithm, firm.compute, q.data_weight, q.algorithm_weight, r)
        firm.digital_input = max(joint / p.production.non_adopter_input, 1.0)


TOPIC = Topic(
    "compute",
    ComputeParams,
    (
        Mechanism(
            "M26",
            "Data, algorithm and computing power",
            layer="B",
            seed="003 §1.2, 3.2",
            claim="as substitutes, the three factors have no bottleneck in the weakest",
            neutral="the three are perfect substitutes (r = 1): their mean counts",
        ),
    ),
)
