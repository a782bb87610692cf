"""The three-dimension imbalance loop: data, capital and institutions pull each other down, or up (M47).

Seed 003 §4.4: where data does not circulate, artificial intelligence wins little; trust in the policy falls, and with
it the rights that make data circulate. Capital takes flight, what is new takes longer to mature, and pays back late.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nqpf_abm.declare import Assumed, Checked, Mechanism, Topic, collective_phase, param
from nqpf_abm.numerics.jit import rule
from nqpf_abm.numerics.mathx import clip, clip01, power


@dataclass(frozen=True, kw_only=True)
class TrustParams(Checked):
    """How trust moves, and what follows it."""

    start: float = param(0.6, low=0.3, high=0.9, unit="0 to 1", evidence=Assumed("trust in policy, 2012"))
    gain: float = param(
        0.1, low=0.0, high=0.3, unit="1/quarter",
        evidence=Assumed("trust gained where many digital firms' odds are twice what is expected"),
    )  # fmt: skip
    expectation: float = param(
        0.025, low=0.01, high=0.1, unit="1/quarter", evidence=Assumed("expectations adapt over ten years")
    )
    cases: float = param(
        3.0, low=1.0, high=10.0, unit="firms",
        evidence=Assumed("digital firms whose odds count one half: what a few show convinces nobody"),
    )  # fmt: skip
    rights_speed: float = param(
        0.125, low=0.05, high=0.5, unit="1/quarter", evidence=Assumed("rights are revised over two years")
    )
    flight: float = param(
        0.5, low=0.0, high=1.0, unit="elasticity",
        evidence=Assumed("of the speed at which new products mature in trust: capital takes flight"),
    )  # fmt: skip


@rule
def next_trust(trust, odds, expected, cases, half, gain):
    """Trust in policy after a quarter, ``T + 4 T (1 - T) g n/(n+h) (o/o_e - 1)``, with o/o_e within ½ and 2.

    The factor 4 T (1 - T) makes it logistic: the undecided are moved most, and it nears 0 and 1 without reaching
    either, so that it can always be lost and won (the form is our assumption).

    odds  o, of digital firms' search, and expected  o_e;  cases  n, such firms, and half  h;  gain  g, < 1

    By hand: T=.6, odds 10 % short, n=h, g=.1 give .6 - .96·.1·.5·.1 = .5952.
    """
    surprise = clip(odds / expected, 0.5, 2.0) - 1.0
    return clip01(trust + 4.0 * trust * (1.0 - trust) * gain * cases / (cases + half) * surprise)


@rule
def next_rights(rights, start, trust, usual, speed):
    """Data rights after a quarter, moving at `speed` to ``start · T/T₀``, within [0, 1].

    By hand: rights .3 = start, T half of usual, speed .125 give .28125.
    """
    return clip01(rights + speed * (start * trust / usual - rights))


@rule
def patience(trust, usual, elasticity):
    """Factor on the speed at which new products mature, ``(T/T₀)^e`` within [.3, 1.5]."""
    return clip(power(max(trust, 1e-6) / usual, elasticity), 0.3, 1.5)


@collective_phase(
    mechanisms="M47",
    writes="provinces.trust provinces.digital_odds provinces.expected_odds provinces.data_rights provinces.patience",
)
def weigh_policy(s, p, key):
    """Provinces judge policy by how digital firms fare; data rights and the patience of capital follow."""
    q = p.trust
    world = s.world[0]
    n = s.provinces.size
    odds, adopters = np.zeros(n), np.zeros(n)
    for i in range(s.firms.size):
        firm = s.firms[i]
        if firm.is_alive and firm.is_adopter and firm.age > 0:
            odds[firm.province] += firm.success_probability
            adopters[firm.province] += 1.0
    for r in range(n):
        province = s.provinces[r]
        if adopters[r] > 0.0:
            province.digital_odds = odds[r] / adopters[r]
        known = province.expected_odds > 0.0 and province.digital_odds > 0.0
        if not known or world.is_burn_in or world.clock == 0.0:
            province.expected_odds = province.digital_odds
        elif p.on.M47:
            province.trust = next_trust(
                province.trust, province.digital_odds, province.expected_odds, adopters[r], q.cases, q.gain
            )
            province.expected_odds += q.expectation * (province.digital_odds - province.expected_odds)
        province.data_rights = next_rights(
            province.data_rights, province.data_rights_start, province.trust, q.start, q.rights_speed
        )
        province.patience = patience(province.trust, q.start, q.flight if p.on.M47 else 0.0)


TOPIC = Topic(
    "trust",
    TrustParams,
    (
        Mechanism(
            "M47",
            "Three-dimension imbalance loop",
            layer="C",
            seed="003 §4.4",
            claim="the loss from a shock to data grows with the loop and decays without it",
            neutral="trust stays, and with it data rights and the patience of capital",
        ),
    ),
)
