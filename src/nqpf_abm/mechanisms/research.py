"""What firms spend on R&D, who applies for grants, and what search finds (E6, E7; M15; M28's green direction).

Search is a lottery whose odds rise with R&D staff per employee relative to the mean of 2012, so that size
alone buys no luck. Incremental gains follow Katila-Salter style local search: a symmetric draw, kept if
positive. Radical gains are Pareto distributed and reach production slowly.
How standards of associations soften the policy lag is in institutions.py.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nqpf_abm.declare import (
    Assumed,
    Checked,
    Literature,
    Measured,
    Mechanism,
    Topic,
    collective_phase,
    param,
    row_phase,
)
from nqpf_abm.mechanisms.absorption import absorptive_capacity
from nqpf_abm.mechanisms.carbon import green_direction
from nqpf_abm.mechanisms.credit import borrowed_for_research
from nqpf_abm.mechanisms.distortion import favour, favoured_rate, misused
from nqpf_abm.mechanisms.fields import emerging_field
from nqpf_abm.mechanisms.funnel import let_through, project_cost, seen_through, spent_share
from nqpf_abm.mechanisms.institute import applied_share, basic_share
from nqpf_abm.mechanisms.patience import loan_base
from nqpf_abm.mechanisms.switching import switches
from nqpf_abm.numerics.draws import beta33, pareto, stream, uniform
from nqpf_abm.numerics.jit import routine, rule
from nqpf_abm.numerics.mathx import exp, log, logistic
from nqpf_abm.policy.compensation import in_earnest
from nqpf_abm.policy.ecology import chained
from nqpf_abm.policy.procurement import tender_pull
from nqpf_abm.policy.subsidy import support_of_paths
from nqpf_abm.policy.tax_relief import added_research
from nqpf_abm.state.instruments import M70, M83, M88
from nqpf_abm.state.paths import M59

APPLY = stream("research.apply")
INCREMENTAL = stream("research.incremental")
GAIN = stream("research.gain")
RADICAL = stream("research.radical")
PARETO = stream("research.pareto")
GREEN = stream("research.green")
FIELD = stream("research.field")
STOPPED = stream("research.stopped")


@dataclass(frozen=True, kw_only=True)
class ResearchParams(Checked):
    """Budgets and odds of search."""

    novelty_premium: float = param(
        3.0, low=1.5, high=6.0, unit="1",
        evidence=Assumed("high-technology firms spend several times the R&D share of others"),
    )  # fmt: skip
    grant_uptake: float = param(
        0.5,
        low=0.1,
        high=0.9,
        unit="probability",
        evidence=Assumed("share of firms of mean orientation that apply"),
    )
    take_up_response: float = param(
        4.0, low=0.0, high=8.0, unit="1", symbol="b₃",
        evidence=Assumed("entrepreneurs adapt to institutions (000 §2.3, 3.1); the strength is ours"),
    )  # fmt: skip
    grant_limit: float = param(0.5, low=0.1, high=1.0, unit="share of own R&D", evidence=Assumed("match cap"))
    cash_limit: float = param(
        0.5, low=0.1, high=1.0, unit="share of cash", evidence=Assumed("R&D is paid from cash")
    )
    stock_decay: float = param(
        0.0375, low=0.0, high=0.1, unit="1/quarter",
        evidence=Literature("15 % a year is the convention; estimates run from near zero to 40 %", "Hall 2007"),
    )  # fmt: skip
    stock_growth: float = param(
        0.015,
        low=0.005,
        high=0.03,
        unit="1/quarter",
        evidence=Assumed("past growth of R&D, for the first stock"),
    )
    success: float = param(
        0.08, low=0.04, high=0.2, unit="probability/quarter", symbol="ζ",
        evidence=Assumed("mean of 2012; about 1.4 % of productivity a year from search, .6 % from ideas"),
    )  # fmt: skip
    staff_exponent: float = param(
        0.5, low=0.25, high=1.0, unit="1", evidence=Assumed("diminishing returns to staff")
    )
    incremental_range: float = param(
        0.15, low=0.05, high=0.3, unit="log points",
        evidence=Literature("Beta(3,3) on ±.15, kept if positive (K+S model)", "Dosi, Fagiolo & Roventini 2010"),
    )  # fmt: skip
    radical_scale: float = param(
        0.05, low=0.01, high=0.1, unit="1", evidence=Assumed("gain ln(1+.05 Pareto)")
    )
    radical_shape: float = param(1.5, low=1.1, high=3.0, unit="1", evidence=Assumed("tail of radical value"))
    radical_cap: float = param(
        1.0, low=0.3, high=1.5, unit="log points", evidence=Assumed("one win cannot triple")
    )
    fishing_out: float = param(
        2.0, low=0.5, high=4.0, unit="1/log point", symbol="φ_f",
        evidence=Assumed("ideas get harder to find beyond the frontier; the strength is assumed", "Bloom et al. 2020"),
    )  # fmt: skip
    patenting_growth: float = param(
        0.0186, low=0.0, high=0.024, unit="1/quarter",
        evidence=Measured(
            "patents per win rise as invention patents granted per yuan of R&D (2012 prices) did in the ten eastern "
            "provinces, log-linear trend 2012-2022; a surge of propensity more than of invention (Hu, Zhang & Zhao 2017, "
            "doi:10.1016/j.jdeveco.2016.09.004)", "data/official/provinces.csv"),
    )  # fmt: skip


@rule
def rnd_budget(intensity, sales, drive, is_new, premium, mean_new):
    """R&D before grants, ``ν S drive (1 + b new)/(1 + b·mean)`` (E6), 10^6 yuan/quarter.

    mean_new is the share of new-trajectory firms of the province in 2012, so that ν is its official intensity.

    intensity  ν, share of sales;  sales  S, 10^6 yuan/quarter;  drive  from the entrepreneur, 1 is neutral

    By hand: ν=.01, S=100, drive=1, new=0, b=3, mean=.1 gives 100·.01/1.3 = .769.
    """
    return intensity * sales * drive * (1.0 + premium * is_new) / (1.0 + premium * mean_new)


@rule
def take_up_probability(orientation, usual, response):
    r"""Probability that a firm applies for a grant, :math:`σ(\mathrm{logit}(u) + b_3(\bar x - ½))`.

    orientation  x̄, mean of the leader's three traits;  usual  u, at x̄ = 1/2;  response  b₃

    By hand: u=.5, x̄=.75, b₃=4 gives σ(1) = .731. The form is our assumption.
    """
    return logistic(log(usual / (1.0 - usual)) + response * (orientation - 0.5))


@rule
def search_strength(fte_per_employee, reference, exponent, capacity):
    """Strength of a firm's search, ``(f/f̄)^φ AC``: R&D staff per employee relative to 2012, times absorption.

    By hand: f=4f̄, φ=.5, AC=.6 gives 1.2. A firm without employees or staff has none.
    """
    if fte_per_employee <= 0.0 or reference <= 0.0:
        return 0.0
    return exp(exponent * log(fte_per_employee / reference)) * capacity


@rule
def success_probability(scale, strength):
    """Probability of at least one success, ``1 - exp(-ζ x)`` (E7)."""
    return 1.0 - exp(-scale * strength)


@rule
def radical_gain(draw, scale, cap):
    """Log gain of a radical win, ``min(ln(1 + scale·X), cap)`` with X Pareto."""
    return min(log(1.0 + scale * draw), cap)


@rule
def remaining_scope(log_tfp, frontier, fishing_out):
    """Factor on the gain of a win, ``exp(-φ max(0, a - a*))``: beyond the frontier ideas get harder to find.

    log_tfp  a and frontier  a*, log productivity on the same base

    By hand: a firm .5 log points beyond the frontier, φ=2, keeps exp(-1) = .368 of a gain; one below it keeps
    all. Bloom, Jones, Van Reenen & Webb (2020) document the fall of research productivity; the form is ours.
    """
    return exp(-fishing_out * max(log_tfp - frontier, 0.0))


@row_phase("firms", writes="rnd_base is_applicant", mechanisms="M13 M15", draws="research.apply")
def plan_research(i, s, p, key):
    """Firms set their R&D budget from sales and the entrepreneur's drive, and may apply for a grant."""
    firm = s.firms[i]
    q = p.research
    firm.rnd_base = rnd_budget(
        s.provinces[firm.province].rnd_intensity,
        firm.sales,
        s.entrepreneurs[i].research_drive,
        float(firm.is_new),
        q.novelty_premium,
        s.provinces[firm.province].new_share_start,
    )
    seen = s.entrepreneurs[i].cognition
    response = q.take_up_response if p.on.M15 else 0.0
    odds = take_up_probability((seen[0] + seen[1] + seen[2]) / 3.0, q.grant_uptake, response)
    firm.is_applicant = 1 if uniform(key, firm.uid, APPLY, 0) < odds else 0


@collective_phase(mechanisms="M83 M93", writes="provinces.grant_rate provinces.relief_rate")
def award_grants(s, p, key):
    """The province's grant pool, and its tax relief, are shared among applicants in proportion to their own R&D.

    In a favoured field a yuan of it counts for more in the grants.
    """
    for r in range(s.provinces.size):
        s.provinces[r].grant_rate = 0.0
        s.provinces[r].relief_rate = 0.0
    for i in range(s.firms.size):
        firm = s.firms[i]
        if firm.is_alive and firm.is_applicant:
            province = s.provinces[firm.province]
            province.grant_rate += province.weight * firm.rnd_base * favoured(firm, p)
            province.relief_rate += province.weight * firm.rnd_base
    for r in range(s.provinces.size):
        wanted = s.provinces[r].grant_rate
        base = s.provinces[r].relief_rate
        pool = max(s.governments[r].grant_pool, 0.0)
        relief = s.governments[r].delivered[M83]
        s.provinces[r].grant_rate = min(pool / wanted, p.research.grant_limit) if wanted > 0.0 else 0.0
        s.provinces[r].relief_rate = min(relief / base, p.research.grant_limit) if base > 0.0 else 0.0


@routine
def favoured(firm, p):
    """Weight of a firm's own research in the grants of its province (M93)."""
    return favour(firm.field, p.distortion.field, p.distortion.premium) if p.on.M93 else 1.0


@row_phase(
    "firms",
    mechanisms="M44 M59 M83 M93 M98 M105",
    writes="grant support rnd_relabelled rnd rnd_loan rnd_stock fte",
    draws="patience.value",
)
def spend_on_research(i, s, p, key):
    """Firms spend on R&D what cash, credit and grant allow; staff follows spending and wages."""
    firm = s.firms[i]
    q = p.research
    usual = s.provinces[firm.province].grant_rate if firm.is_applicant else 0.0
    granted = favoured_rate(usual, favoured(firm, p), q.grant_limit)
    firm.grant = granted * firm.rnd_base
    kept = misused(granted, usual, firm.rnd_base, p.distortion.misuse)
    own = min(firm.rnd_base, q.cash_limit * max(firm.cash, 0.0))
    base = loan_base(firm, s.entrepreneurs[i].radical_share, p, key)
    firm.rnd_loan = borrowed_for_research(base, own, firm.credit_line)
    relief = firm.rnd_base * s.provinces[firm.province].relief_rate if firm.is_applicant else 0.0
    t = p.tax_relief
    firm.support = relief + support_of_paths(s, firm)
    firm.rnd_relabelled = t.relabelled * relief + kept
    firm.rnd = firm.grant - kept + own + firm.rnd_loan
    firm.rnd += added_research(relief, t.relabelled, t.crowd_out, float(firm.is_new))
    if firm.paths[M59] > 0:
        firm.rnd *= spent_share(project_cost(firm, p), p.funnel.reinvested)
    firm.rnd_stock = (1.0 - q.stock_decay) * firm.rnd_stock + firm.rnd
    if key.quarter == 0:
        firm.rnd_stock = firm.rnd / (q.stock_decay + q.stock_growth)
    province = s.provinces[firm.province]
    firm.fte = 4.0 * firm.rnd * s.world[0].fte_per_yuan * province.wage_start / province.wage


@collective_phase(writes="world.fte_reference world.rnd_reference world.search_scale")
def anchor_research(s, p, key):
    """In the first quarter, fix the means of 2012 that R&D is measured against, and the scale of search.

    The scale makes the mean success probability of firms equal to the declared one (bisection).
    """
    if key.quarter > 0:
        return
    n, fte, stock = 0, 0.0, 0.0
    for i in range(s.firms.size):
        firm = s.firms[i]
        if firm.is_alive:
            n += 1
            fte += firm.fte / max(firm.staff, 0.5)
            stock += firm.rnd_stock / max(firm.staff, 0.5)
    world = s.world[0]
    world.fte_reference = fte / n
    world.rnd_reference = stock / n
    strengths = relative_strengths(s, p)
    low, high = -10.0, 10.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        mean = 0.0
        for strength in strengths:
            mean += success_probability(exp(middle), strength) / n
        if mean < p.research.success:
            low = middle
        else:
            high = middle
    world.search_scale = exp(0.5 * (low + high))


@routine
def relative_strengths(s, p):
    """What a firm's search strength is before the common scale; shape (n_firms in use,), in row order."""
    world = s.world[0]
    strengths = np.empty(s.firms.size)
    n = 0
    for i in range(s.firms.size):
        firm = s.firms[i]
        if firm.is_alive:
            staff = max(firm.staff, 0.5)
            capacity = 1.0
            if p.on.M30:
                capacity = absorptive_capacity(
                    firm.rnd_stock / staff / world.rnd_reference,
                    firm.skill / p.absorption.skill_reference,
                    p.absorption.rnd_effect,
                    p.absorption.skill_effect,
                )
            strength = search_strength(
                firm.fte / staff, world.fte_reference, p.research.staff_exponent, capacity
            )
            strengths[n] = strength * (s.provinces[firm.province].resonance / world.resonance_start)
            n += 1
    return strengths[:n]


@row_phase(
    "firms",
    mechanisms="M13 M21 M28 M33 M35 M38 M52 M59 M60 M70 M72 M88 M103",
    writes="success_probability wins radical_wins green_wins failures found found_radical is_new field",
    draws="research.incremental research.gain research.radical research.pareto research.green research.field "
    "research.stopped",
)
def search(i, s, p, key):
    """Firms search for incremental and radical improvements; some wins are green, some open a new field (E7).

    What the rules have no place for comes to nothing: radical odds follow the returns under the institutional gap.
    """
    firm = s.firms[i]
    leader = s.entrepreneurs[i]
    province = s.provinces[firm.province]
    world = s.world[0]
    q = p.research
    begun = firm.fte / project_cost(firm, p)  # staff that as many projects, all seen through, would take
    strength = search_strength(
        begun / max(firm.staff, 0.5), world.fte_reference, q.staff_exponent, firm.absorptive_capacity
    )
    strength *= let_through(firm, p)
    strength *= province.resonance / world.resonance_start
    applied = applied_share(firm, p)
    radical_share = applied * leader.radical_share * leader.winnable + basic_share(firm, p)
    odds_incremental = success_probability(
        world.search_scale, strength * applied * (1.0 - leader.radical_share)
    )
    odds_radical = success_probability(world.search_scale, strength * radical_share * province.new_returns)
    t = p.compensation
    odds_radical *= in_earnest(t.hazard, t.bears, s.governments[firm.province].effect[M70])
    firm.success_probability = odds_incremental + odds_radical
    incremental = uniform(key, firm.uid, INCREMENTAL, 0) < odds_incremental
    radical = uniform(key, firm.uid, RADICAL, 0) < odds_radical
    level = province.log_tfp_level + firm.log_tfp
    scope = remaining_scope(level, world.frontier, q.fishing_out)
    firm.found = 0.0
    if incremental:
        firm.found = scope * max(q.incremental_range * (2.0 * beta33(key, firm.uid, GAIN, 0) - 1.0), 0.0)
    firm.found_radical = 0.0
    if radical:
        draw = pareto(uniform(key, firm.uid, PARETO, 0), q.radical_shape)
        firm.found_radical = scope * radical_gain(draw, q.radical_scale, q.radical_cap)
        if world.is_burn_in == 0 and firm.is_new == 0 and switches(firm, firm.found_radical, p):
            firm.field = emerging_field(s.provinces[firm.province], uniform(key, firm.uid, FIELD, 0), p)
            firm.is_new = 1
    firm.radical_wins = 1 if radical else 0
    firm.wins = firm.radical_wins + (1 if incremental else 0)
    firm.failures = 1 if strength > 0.0 and firm.wins == 0 else 0
    if firm.paths[M59] > 0 and uniform(key, firm.uid, STOPPED, 0) >= seen_through(firm, p):
        firm.failures = 0  # stopped on the way
    relative = firm.energy_intensity / world.carbon_ceiling
    share = green_direction(relative, p.carbon.green_base, p.carbon.green_pull if p.on.M28 else 0.0)
    share = min(
        share + tender_pull(province.green_lot, firm.sales, p.procurement.pull, p.procurement.half), 0.9
    )
    share = chained(share, p.ecology.chain, s.governments[firm.province].effect[M88])
    firm.green_wins = 0
    for k in range(firm.wins):
        if uniform(key, firm.uid, GREEN, k) < share:
            firm.green_wins += 1


TOPIC = Topic(
    "research",
    ResearchParams,
    (
        Mechanism(
            "M15",
            "Institutional-adaptation pathway",
            layer="A",
            seed="000 §2.3, 3.1",
            claim="off, take-up of grants is uncorrelated with orientation",
            neutral="all firms are as likely to apply for a grant",
        ),
    ),
)
