"""How entrepreneurs bring factors together (M14): talent, capital and partners for data.

A matching function with constant returns (Petrongolo & Pissarides 2001) says how many of the vacancies and of
the people without a job find each other in a quarter; proactive entrepreneurs find more, and first.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Literature, Mechanism, Topic, param
from nqpf_abm.numerics.draws import exponential
from nqpf_abm.numerics.jit import rule
from nqpf_abm.numerics.mathx import sqrt


@dataclass(frozen=True, kw_only=True)
class IntegrationParams(Checked):
    """Efficiency of matching."""

    matching: float = param(
        0.6, low=0.3, high=1.2, unit="1/quarter", symbol="μ",
        evidence=Literature(
            "a Cobb-Douglas form with constant returns fits several countries; exponents of one half and "
            "the efficiency are assumed", "Petrongolo & Pissarides 2001, doi:10.1257/jel.39.2.390"),
    )  # fmt: skip
    proactiveness: float = param(
        0.5, low=0.0, high=1.0, unit="1", symbol="b₂",
        evidence=Assumed("entrepreneurs integrate resources (000 §2.3, 3.1); the strength is ours"),
    )  # fmt: skip


@rule
def reach(proactiveness, strength):
    """Factor on matching, ``1 + b₂ P``.

    proactiveness  P, 0 to 1;  strength  b₂

    By hand: P=.5, b₂=.5 gives 1.25.
    """
    return 1.0 + strength * proactiveness


@rule
def matches(efficiency, idle, vacancies):
    """Expected matches of a quarter, ``μ U^½ V^½``, never more than there are of either.

    efficiency  μ times the mean reach of those who search;  idle  U, vacancies  V, agents

    By hand: μ=.5, U=400, V=100 gives 100. Twice as many of both give twice as many.
    """
    return min(efficiency * sqrt(idle * vacancies), min(idle, vacancies))


@rule
def search_time(u, weight):
    """Waiting time of a vacancy in an exponential race at rate `weight`: the shortest is filled first."""
    return exponential(u) / weight


TOPIC = Topic(
    "integration",
    IntegrationParams,
    (
        Mechanism(
            "M14",
            "Resource-integration pathway",
            layer="A",
            seed="000 §2.3, 3.1",
            claim="off, vacancies stay open longer",
            neutral="matching of talent, capital and data does not look at entrepreneurs",
        ),
    ),
)
