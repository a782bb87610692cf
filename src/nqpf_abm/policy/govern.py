"""What becomes of a policy before it reaches anybody: lag, budget, friction and match (E17; M92, M94).

Money for instruments comes on top of the provinces' budgets, by the central transfer (matrix row 11), and is
charged to the centre: a fiscal expansion, the same for all instruments of the same cost. Of what is spent, the
part that friction or a wrong moment takes is pay of the offices concerned; the rest reaches those whom the
instrument is for. Firms are paid what they take up.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Mechanism, Topic, collective_phase, param
from nqpf_abm.numerics.jit import rule
from nqpf_abm.numerics.mathx import clip, exp, power
from nqpf_abm.policy.ecology import compensate
from nqpf_abm.state.accounts import FUND, GOODS, HOUSEHOLDS, UNIVERSITIES
from nqpf_abm.state.instruments import N_INSTRUMENTS, PAID

_TIMING = "well timed unless a scenario says otherwise"


@dataclass(frozen=True, kw_only=True)
class GovernParams(Checked):
    """Budget, lag, friction and match of all instruments."""

    budget: float = param(
        1.0, low=0.1, high=5.0, unit="% of GDP", symbol="G",
        evidence=Assumed("what instruments may cost together; beyond it all are scaled down"),
    )  # fmt: skip
    lag: float = param(
        4.0, low=1.0, high=12.0, unit="quarters", evidence=Assumed("from decision to full strength, and back")
    )
    friction: float = param(
        0.05, low=0.0, high=0.2, unit="share", symbol="φ", evidence=Assumed("lost at each agency (M92)")
    )
    agencies: float = param(
        3.0, low=1.0, high=10.0, unit="agencies", evidence=Assumed("that a policy passes through")
    )
    match_width: float = param(
        4.0, low=2.0, high=8.0, unit="quarters", symbol="s",
        evidence=Assumed("by how much a policy may come at the wrong time (M94)"),
    )  # fmt: skip
    technology_off: float = param(
        0.0, low=-16.0, high=16.0, unit="quarters", symbol="Δ₁",
        evidence=Assumed(f"distance from the generation of technology: {_TIMING}"),
    )  # fmt: skip
    factors_off: float = param(
        0.0, low=-16.0, high=16.0, unit="quarters", symbol="Δ₂",
        evidence=Assumed(f"distance from the stage of factors: {_TIMING}"),
    )  # fmt: skip
    industry_off: float = param(
        0.0, low=-16.0, high=16.0, unit="quarters", symbol="Δ₃",
        evidence=Assumed(f"distance from the rhythm of industry: {_TIMING}"),
    )  # fmt: skip


@rule
def policy_match(technology, factors, industry, width):
    """How far a policy meets its moment, ``exp(-(Δ₁² + Δ₂² + Δ₃²)/2s²)`` (M94); 0 to 1.

    By hand: one match off by 8 quarters and s=4 give exp(-2) = .135.
    """
    distance = technology * technology + factors * factors + industry * industry
    return exp(-0.5 * distance / (width * width))


@rule
def passed_on(friction, agencies):
    """Share of a policy that is left after so many agencies, ``(1 - φ)^a`` (M92).

    By hand: φ=.05 and 3 agencies leave .857.
    """
    return power(1.0 - friction, agencies)


@rule
def affordable(wanted, budget):
    """Factor on all strengths so that what they cost together stays within the budget, ``min(1, G/Σ c p)``.

    By hand: 2 % of GDP wanted and a budget of 1 % give ½.
    """
    return min(1.0, budget / wanted) if wanted > 0.0 else 1.0


@rule
def enacted_strength(enacted, decided, lag):
    """Strength in force a quarter later: it moves towards what is decided by 1/lag at most.

    By hand: 0 in force, 1 decided, lag 4 give ¼; after four quarters it is 1.
    """
    return enacted + clip(decided - enacted, -1.0 / lag, 1.0 / lag)


@collective_phase(
    mechanisms="M88 M92 M94",
    writes="governments.enacted governments.effect governments.delivered governments.policy_pay "
    "governments.policy_goods governments.policy_universities governments.policy_fund",
)
def govern(s, p, key):
    """Decided policies come into force as budget, friction and match allow; money is set aside for them."""
    q = p.govern
    kept = passed_on(q.friction, q.agencies) if p.on.M92 else 1.0
    if p.on.M94:
        kept *= policy_match(q.technology_off, q.factors_off, q.industry_off, q.match_width)
    for r in range(s.governments.size):
        g = s.governments[r]
        wanted = 0.0
        for j in range(N_INSTRUMENTS):
            g.enacted[j] = enacted_strength(g.enacted[j], g.strength[j], q.lag)
            wanted += g.unit_cost[j] * g.enacted[j]
        scale = affordable(wanted, q.budget)
        g.policy_pay = 0.0
        g.policy_goods = 0.0
        g.policy_universities = 0.0
        g.policy_fund = 0.0
        for j in range(N_INSTRUMENTS):
            g.effect[j] = scale * g.enacted[j] * kept
            spent = 0.01 * g.unit_cost[j] * scale * g.enacted[j] * s.provinces[r].gdp
            g.delivered[j] = kept * spent
            g.policy_pay += spent - g.delivered[j]
            if PAID[j] == HOUSEHOLDS:
                g.policy_pay += g.delivered[j]
            elif PAID[j] == GOODS:
                g.policy_goods += g.delivered[j]
            elif PAID[j] == UNIVERSITIES:
                g.policy_universities += g.delivered[j]
            elif PAID[j] == FUND:
                g.policy_fund += g.delivered[j]
    compensate(s)


TOPIC = Topic(
    "govern",
    GovernParams,
    (
        Mechanism(
            "M92",
            "Friction costs",
            layer="F",
            seed="003 §6.4",
            claim="without friction the same budget brings more R&D",
            neutral="no agency takes anything",
        ),
        Mechanism(
            "M94",
            "Three matches",
            layer="F",
            seed="003 §6.4",
            claim="a policy that comes eight quarters off loses at least half of what it brings",
            neutral="every policy comes at the right time",
        ),
    ),
)
