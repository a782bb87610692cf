"""A funnel of three stages: weak projects are stopped before they are dear (M59).

Seed 003 §5.3 describes a firm whose projects pass three reviews and whose hit rate rises from 8 to 35 %. With 90 % of
good projects let through at each stage this implies that 49 % of bad ones are. The reviews also stop good projects:
27 % of what would have succeeded is lost, unless what is saved on stopped projects begins others. More projects at once
have diminishing returns, as more staff has (E7).
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Mechanism, SeedClaim, Topic, param
from nqpf_abm.mechanisms.uptake import uptake
from nqpf_abm.numerics.jit import routine, rule
from nqpf_abm.state.paths import M59

HIT_RATES = "implied by a hit rate that rises from 8 to 35 %"


@dataclass(frozen=True, kw_only=True)
class FunnelParams(Checked):
    """The reviews, what stages cost, and what becomes of savings."""

    uptake: float = uptake("the funnel")
    sensitivity: float = param(
        0.9, low=0.7, high=1.0, unit="probability",
        evidence=Assumed("that a project which would succeed passes a review"),
    )  # fmt: skip
    false_pass: float = param(
        0.49, low=0.2, high=0.8, unit="probability",
        evidence=SeedClaim("that one which would not passes a review, " + HIT_RATES, "003 §5.3"),
    )  # fmt: skip
    first_cost: float = param(
        0.1, low=0.02, high=0.3, unit="share", evidence=Assumed("of a project's cost, until the first review")
    )
    second_cost: float = param(
        0.3, low=0.1, high=0.5, unit="share", evidence=Assumed("between the first and the second; the rest is development")
    )  # fmt: skip
    reinvested: float = param(
        1.0, low=0.0, high=1.0, unit="share",
        evidence=Assumed("of savings, in more projects: budgets follow sales, so that what is saved is spent"),
    )  # fmt: skip
    half: float = param(
        20.0, low=5.0, high=60.0, unit="agents",
        evidence=Assumed("staff of a firm to which reviews are worth half of what they can be: few have little to compare"),
    )  # fmt: skip


@rule
def pass_rate(hit_rate, sensitivity, false_pass):
    """Share of projects that pass a review, ``p s + (1 - p) f``.  By hand: p=.08, s=.9, f=.49 give .5228."""
    return hit_rate * sensitivity + (1.0 - hit_rate) * false_pass


@rule
def hit_rate_behind(hit_rate, sensitivity, false_pass):
    """Hit rate of projects that passed all three reviews, ``p s³ / (p s³ + (1 - p) f³)``.

    By hand: p=.08, s=.9, f=.49 give .0583/(.0583 + .1082) = .35.
    """
    good = hit_rate * sensitivity * sensitivity * sensitivity
    return good / (good + (1.0 - hit_rate) * false_pass * false_pass * false_pass)


@rule
def expected_cost(hit_rate, sensitivity, false_pass, first, second):
    """Expected cost of a project that begins, over that of one seen through, ``c₁ + c₂ P₁ + (1 - c₁ - c₂) P₂``.

    P₁, P₂  shares that pass the first review, and the first two

    By hand: p=.08, s=.9, f=.49, c₁=.1, c₂=.3 give .1 + .3·.5228 + .6·.2857 = .428.
    """
    passed = pass_rate(hit_rate, sensitivity, false_pass)
    both = pass_rate(hit_rate, sensitivity * sensitivity, false_pass * false_pass)
    return first + second * passed + (1.0 - first - second) * both


@rule
def spent_share(cost, reinvested):
    """Share of a budget that is spent where a part of what is saved begins other projects, ``c + r (1 - c)``.

    By hand: c=.4 gives .4 if nothing is reinvested, .7 if half is.
    """
    return cost + reinvested * (1.0 - cost)


@rule
def worth_sieving(staff, half):
    """What reviews would bring a firm, ``n/(n + n₀)``: few projects leave little to choose.  By hand: n = n₀ gives ½."""
    return staff / (staff + half)


@routine
def project_cost(firm, p):
    """Expected cost of a project that begins over that of one seen through; 1 without a funnel."""
    if firm.paths[M59] == 0:
        return 1.0
    q = p.funnel
    return expected_cost(p.research.success, q.sensitivity, q.false_pass, q.first_cost, q.second_cost)


@routine
def let_through(firm, p):
    """Share of what would succeed that passes all reviews; 1 without a funnel."""
    return p.funnel.sensitivity * p.funnel.sensitivity * p.funnel.sensitivity if firm.paths[M59] > 0 else 1.0


@routine
def seen_through(firm, p):
    """Failed projects of a quarter that were seen through to the end, expected: those begun that pass all reviews."""
    if firm.paths[M59] == 0:
        return 1.0
    q = p.funnel
    cost = project_cost(firm, p)
    begun = spent_share(cost, q.reinvested) / cost
    return min(begun * q.false_pass * q.false_pass * q.false_pass, 1.0)


TOPIC = Topic(
    "funnel",
    FunnelParams,
    (
        Mechanism(
            "M59",
            "Three-stage funnel",
            layer="D",
            seed="003 §5.3",
            claim="the hit rate rises from 8 to 35 %, yet wins fall by 27 % unless what is saved begins other projects",
            neutral="no firm reviews projects on their way",
        ),
    ),
)
