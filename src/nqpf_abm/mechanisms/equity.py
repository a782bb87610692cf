"""Staff with a share in profit: they act beyond the job, and stay (M56).

Seed 003 §5.2 has flexible teams that hold a pool of the value their projects make. A firm on this path pays a share of
its net profit to staff, before owners are paid. Who has something at stake acts sooner beyond the job (M08), and gives
it up by leaving, so that the pool holds people as higher pay would (E14), the top tier more than others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nqpf_abm.declare import Assumed, Checked, Mechanism, Topic, param
from nqpf_abm.mechanisms.uptake import uptake
from nqpf_abm.numerics.jit import routine, rule
from nqpf_abm.numerics.mathx import clip01, power
from nqpf_abm.state.paths import M56


@dataclass(frozen=True, kw_only=True)
class EquityParams(Checked):
    """The pool, who holds it, and what that does."""

    uptake: float = uptake("a pool")
    share: float = param(
        0.1, low=0.0, high=0.3, unit="share", evidence=Assumed("of net profit, paid to staff")
    )
    effort: float = param(
        1.0, low=0.0, high=3.0, unit="1",
        evidence=Assumed("threshold of acting beyond the job, lowered per part of pay that is at stake"),
    )  # fmt: skip
    tilt: float = param(
        3.0, low=1.0, high=6.0, unit="1", evidence=Assumed("stake of the top tier over the mean of staff")
    )


@rule
def staff_pool(net_profit, share):
    """What staff gets of a quarter's profit after tax; 10^6 yuan.  By hand: profit 10, share .1 give 1; a loss 0."""
    return share * max(net_profit, 0.0)


@rule
def stake(pool, pay):
    """Part of pay that hangs on the pool, at most 1.  By hand: pool 1, pay 20 give .05."""
    return min(pool / pay, 1.0) if pay > 0.0 else 0.0


@rule
def stake_in_tier(mean, tier, tilt, top_share):
    """Stake of a person: the top tier's is `tilt` times the mean, the others' what is left of the pool.

    By hand: mean .04, tilt 3, a top twentieth: .12 at the top, .04·(1 - .15)/.95 = .0358 below.
    """
    return mean * tilt if tier == 1 else mean * (1.0 - top_share * tilt) / (1.0 - top_share)


@rule
def holding(stake, wage_pull):
    """Factor on the odds of staying: a stake holds as pay higher by as much would, ``(1 + σ)^β_w``.

    By hand: σ=.1, β_w=1.5 give 1.1537.
    """
    return power(1.0 + stake, wage_pull)


@rule
def willing_to_share(empowering):
    """What a pool would bring, 0 to 1, in the eyes of a leader of this empowering style."""
    return clip01(empowering)


@routine
def mean_stake(firm, province):
    """Stake of a firm's mean member of staff by what the pool last paid; 0 off the path."""
    return stake(firm.pool, province.wage * firm.staff) if firm.paths[M56] > 0 else 0.0


@routine
def own_stake(s, i, tier, p):
    """Stake of a person of this tier in firm `i`."""
    firm = s.firms[i]
    mean = mean_stake(firm, s.provinces[firm.province])
    return stake_in_tier(mean, tier, p.equity.tilt, p.labour.top_share)


@routine
def places_of_holders(s, places, tier, p):
    """Probabilities of where people of a tier live, given those without any stake; both (n, n + 1), rows sum to 1."""
    if p.on.M56 == 0 or p.equity.uptake <= 0.0:
        return places
    n = s.provinces.size
    held, people = np.zeros(n), np.zeros(n)
    for j in range(s.employees.size):
        person = s.employees[j]
        if person.is_alive and person.tier == tier:
            people[person.province] += 1.0
            if person.firm >= 0:
                held[person.province] += own_stake(s, person.firm, tier, p)
    chosen = places.copy()
    for r in range(n):
        chosen[r, r] *= holding(held[r] / max(people[r], 1.0), p.migration.wage_pull)
        chosen[r] /= chosen[r].sum()
    return chosen


TOPIC = Topic(
    "equity",
    EquityParams,
    (
        Mechanism(
            "M56",
            "Flexible teams, equity pool",
            layer="D",
            seed="003 §5.2",
            claim="fewer of the top tier leave",
            neutral="no firm shares profit with its staff",
        ),
    ),
)
