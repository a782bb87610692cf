"""Cooperation with the East and along the Belt and Road: more links to the frontier, for those who can absorb (M86)."""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Mechanism, Topic, param
from nqpf_abm.numerics.jit import rule
from nqpf_abm.policy.costs import unit_cost


@dataclass(frozen=True, kw_only=True)
class CooperationParams(Checked):
    """Cost, and how many links it adds."""

    unit_cost: float = unit_cost(0.1)
    links: float = param(
        0.2,
        low=0.0,
        high=0.5,
        unit="share",
        evidence=Assumed("more links, for a firm that absorbs everything"),
    )


@rule
def linked(rate, links, capacity, strength):
    """Rate of catching up with links added, ``a (1 + b e AC)``: a link without a partner who understands is idle.

    rate  a, 1/quarter;  capacity  AC, 0 to 1

    By hand: a=.006, b=.2, AC=½, e=1 give .0066.
    """
    return rate * (1.0 + links * strength * capacity)


TOPIC = Topic(
    "cooperation",
    CooperationParams,
    (
        Mechanism(
            "M86",
            "East-west cooperation",
            layer="E",
            seed="002 §5.2; 001 §4.2",
            claim="productivity rises, and by less than half as much where little can be absorbed",
            neutral="there are no links but the usual ones, whatever is planned",
        ),
    ),
)
