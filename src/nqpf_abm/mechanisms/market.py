"""Who buys how much, and from whom (E15, the closure of the accounts; M28's penalty).

One price level, so value is volume. Orders come from lagged income, quantities adjust, prices never clear.
The East sells without limit and buys a growing amount: a boundary, not a budget.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nqpf_abm.declare import Assumed, Checked, Literature, Topic, collective_phase, param, row_phase
from nqpf_abm.mechanisms.alertness import conquered
from nqpf_abm.mechanisms.carbon import breach_penalty
from nqpf_abm.numerics.jit import rule
from nqpf_abm.numerics.mathx import clip, exp, log
from nqpf_abm.policy.procurement import reserved_orders
from nqpf_abm.state.instruments import M72


@dataclass(frozen=True, kw_only=True)
class MarketParams(Checked):
    """Spending, trade and selection."""

    consume_income: float = param(
        0.82, low=0.6, high=0.95, unit="share", evidence=Assumed("propensity out of income")
    )
    consume_wealth: float = param(
        0.03, low=0.01, high=0.06, unit="share/quarter", evidence=Assumed("propensity out of deposits")
    )
    import_floor: float = param(
        0.35, low=0.2, high=0.6, unit="share", evidence=Assumed("least share bought outside")
    )
    home_reach: float = param(
        0.75,
        low=0.5,
        high=0.9,
        unit="share",
        evidence=Assumed("of output sold at home, where imports are above their floor"),
    )
    east_demand: float = param(
        2.0,
        low=1.0,
        high=3.0,
        unit="western GDP",
        evidence=Assumed("what the East and the world might buy, 2012"),
    )
    east_growth: float = param(
        0.015, low=0.0, high=0.02, unit="1/quarter", evidence=Assumed("growth of that demand")
    )
    export_tfp: float = param(
        0.8, low=0.0, high=1.6, unit="elasticity", evidence=Assumed("exports follow productivity")
    )
    export_wage: float = param(
        0.48, low=0.0, high=1.0, unit="elasticity", evidence=Assumed("and shun high wages")
    )
    export_slack: float = param(
        3.0, low=0.0, high=6.0, unit="1", evidence=Assumed("and answer unemployment at once")
    )
    drift_speed: float = param(0.1, low=0.0, high=0.2, unit="1/quarter", evidence=Assumed("slowly as well"))
    selection: float = param(
        0.03, low=0.01, high=0.06, unit="1/quarter", symbol="χ",
        evidence=Assumed("replicator speed; at 1 nearly all firms are gone after six years"),
    )  # fmt: skip
    novelty_appeal: float = param(
        0.05, low=0.0, high=0.1, unit="share", evidence=Assumed("new-trajectory goods sell better")
    )
    served_elsewhere: float = param(
        0.5,
        low=0.2,
        high=0.8,
        unit="share",
        evidence=Assumed("of unmet orders go to slack firms of the province"),
    )
    markup_plan: float = param(
        1.05, low=1.0, high=1.2, unit="1", evidence=Assumed("output planned over expected sales")
    )
    inventory_loss: float = param(
        0.02, low=0.005, high=0.05, unit="1/quarter", evidence=Assumed("spoilage and obsolescence of stocks")
    )
    expectation_speed: float = param(
        0.3, low=0.1, high=0.6, unit="1/quarter",
        evidence=Literature("adaptive expectations as in K+S models; the speed is assumed", "Dosi et al. 2010"),
    )  # fmt: skip


@rule
def desired_consumption(income, deposits, from_income, from_wealth):
    """What households want to spend, at most nine tenths of their deposits; 10^6 yuan/quarter."""
    return min(from_income * income + from_wealth * deposits, 0.9 * max(deposits, 0.0))


@rule
def export_share(start, tfp_gain, wage_gain, tfp_elasticity, wage_elasticity, drift, slack_answer):
    """Share of the export pool a province wins: competitiveness relative to 2012Q1.

    start  share of 2012Q1;  tfp_gain, wage_gain  log changes since;  drift, slack_answer  log points
    """
    return start * exp(tfp_elasticity * tfp_gain - wage_elasticity * wage_gain + drift + slack_answer)


@rule
def market_fitness(log_tfp, is_new, appeal, penalty):
    """What selection looks at: productivity, novelty and the carbon penalty."""
    return exp(clip(log_tfp, -5.0, 5.0)) * (1.0 + appeal * is_new) * penalty


@rule
def replicated_share(share, fitness, mean, speed):
    """Market share after one quarter of replicator dynamics, ``s (1 + χ (f/f̄ - 1))``, before normalising.

    By hand: s=.1, f=2f̄, χ=.03 gives .103.
    """
    return share * (1.0 + speed * clip(fitness / mean - 1.0, -0.9, 5.0))


@collective_phase(
    mechanisms="M95",
    writes="provinces.log_tfp provinces.sales_per_head provinces.log_tfp_start provinces.wage_start provinces.consumption "
    "provinces.absorption provinces.import_share provinces.export_share_start provinces.orders "
    "provinces.export_drift provinces.unemployment_start world.export_pool",
)
def set_demand(s, p, key):
    """Households, firms, governments and universities decide what to buy; exports follow competitiveness.

    In burn-in, and once more at 2012Q1, trade shares are set so that orders sustain the official output.
    """
    q = p.market
    world = s.world[0]
    n = s.provinces.size
    staff = np.zeros(n)
    anchoring = world.is_burn_in == 1 or world.clock == 0.0
    for r in range(n):
        province = s.provinces[r]
        government = s.governments[r]
        province.consumption = desired_consumption(
            province.income,
            province.households,
            q.consume_income * province.circulation_ratio,
            q.consume_wealth * province.circulation_ratio,
        )
        province.absorption = (
            province.consumption
            + government.purchases
            + province.compute_investment
            + p.government.university_purchases * government.public_rnd
            + government.policy_goods
        )
        province.log_tfp = 0.0
        province.sales_per_head = 0.0
        staff[r] = 0.0
    for i in range(s.firms.size):
        firm = s.firms[i]
        if firm.is_alive:
            province = s.provinces[firm.province]
            weight = province.weight
            province.absorption += weight * (firm.investment + p.finance.materials_share * firm.rnd)
            province.log_tfp += firm.log_tfp * firm.sales
            province.sales_per_head += firm.sales
            staff[firm.province] += firm.staff
    pool = world.east_demand
    for r in range(n):
        province = s.provinces[r]
        province.log_tfp /= max(province.sales_per_head, 1e-12)
        province.sales_per_head /= max(staff[r], 1.0)
        if anchoring:
            province.import_share = max(
                q.import_floor, 1.0 - q.home_reach * province.gdp_start / province.absorption
            )
        pool += province.import_share * province.absorption
    world.export_pool = pool
    total = 0.0
    for r in range(n):
        province = s.provinces[r]
        if anchoring:
            home = (1.0 - province.import_share) * province.absorption
            province.export_share_start = max(0.99 * province.gdp_start - home, 0.0) / pool
            province.log_tfp_start = province.log_tfp
            province.wage_start = province.wage
            province.export_drift = 0.0
        if anchoring:
            province.unemployment_start = province.unemployment
        slack = province.unemployment - province.unemployment_start
        if world.is_burn_in == 0:
            province.export_drift += q.drift_speed * clip(slack, -0.1, 0.2)
        province.orders = export_share(
            province.export_share_start,
            province.log_tfp - province.log_tfp_start,
            log(province.wage / province.wage_start),
            q.export_tfp,
            q.export_wage,
            province.export_drift,
            q.export_slack * slack,
        )
        total += province.orders
    scale = 1.0 / max(1.0, total / 0.9)
    for r in range(n):
        province = s.provinces[r]
        province.orders = (1.0 - province.import_share) * province.absorption + province.orders * scale * pool


@row_phase("firms", mechanisms="M28", writes="fitness")
def compete(i, s, p, key):
    """The market weighs each firm's productivity, novelty and carbon."""
    firm = s.firms[i]
    penalty = 1.0
    if p.on.M28:
        penalty = breach_penalty(firm.energy_intensity / s.world[0].carbon_ceiling, p.carbon.breach_cost)
    firm.fitness = market_fitness(firm.log_tfp, firm.is_new, p.market.novelty_appeal, penalty)


@collective_phase(
    mechanisms="M03 M72",
    writes="provinces.fitness_mean provinces.unmet_share provinces.green_orders provinces.green_lot firms.share firms.order",
)
def clear_goods(s, p, key):
    """Shares move with fitness and niches won, orders are handed out, slack firms serve part of what is unmet."""
    q = p.market
    n = s.provinces.size
    mean = np.zeros(n)
    total = np.zeros(n)
    slack = np.zeros(n)
    unmet = np.zeros(n)
    clean = np.zeros(n)
    limit = p.procurement.mark * s.world[0].carbon_ceiling
    for i in range(s.firms.size):
        firm = s.firms[i]
        if firm.is_alive:
            mean[firm.province] += firm.share * firm.fitness
            total[firm.province] += firm.share
    for r in range(n):
        province = s.provinces[r]
        government = s.governments[r]
        province.fitness_mean = mean[r] / max(total[r], 1e-300)
        total[r] = 0.0
        province.green_orders = reserved_orders(
            p.procurement.quota,
            government.effect[M72],
            government.purchases,
            government.delivered[M72],
            province.orders,
        )
    for i in range(s.firms.size):
        firm = s.firms[i]
        if firm.is_alive:
            firm.share = replicated_share(
                firm.share, firm.fitness, s.provinces[firm.province].fitness_mean, q.selection
            )
            firm.share += conquered(firm.niche, p.alertness.speed)
            total[firm.province] += firm.share
            clean[firm.province] += 1.0 if firm.energy_intensity <= limit else 0.0
    for r in range(n):
        province = s.provinces[r]
        if clean[r] == 0.0:
            province.green_orders = 0.0  # nobody can tender: the orders are like all others
        province.green_lot = province.green_orders / province.weight / max(clean[r], 1.0)
    for i in range(s.firms.size):
        firm = s.firms[i]
        if firm.is_alive:
            r = firm.province
            firm.share /= max(total[r], 1e-300)
            firm.order = (
                firm.share * (s.provinces[r].orders - s.provinces[r].green_orders) / s.provinces[r].weight
            )
            if firm.energy_intensity <= limit:
                firm.order += s.provinces[r].green_lot
            room = firm.capacity + firm.inventory
            slack[r] += max(room - firm.order, 0.0)
            unmet[r] += max(firm.order - room, 0.0)
    for r in range(n):
        served = min(unmet[r] / slack[r], 1.0) if slack[r] > 0.0 else 0.0
        s.provinces[r].unmet_share = q.served_elsewhere * served


@row_phase("firms", writes="sales output inventory expected_sales")
def sell_and_produce(i, s, p, key):
    """Firms sell what is ordered as far as capacity and stocks go, and produce towards expected sales."""
    firm = s.firms[i]
    q = p.market
    room = firm.capacity + firm.inventory
    own = min(firm.order, room)
    firm.sales = own + (room - own) * s.provinces[firm.province].unmet_share
    plan = q.markup_plan * 0.5 * (firm.expected_sales + firm.order) - 0.5 * firm.inventory
    plan = clip(plan, 0.3 * firm.capacity, firm.capacity)
    firm.output = min(max(plan, firm.sales - firm.inventory), firm.capacity)
    firm.inventory = max(firm.inventory + firm.output - firm.sales, 0.0) * (1.0 - q.inventory_loss)
    firm.expected_sales += q.expectation_speed * (firm.order - firm.expected_sales)


TOPIC = Topic("market", MarketParams)
