"""Bootcamps and seed funds: more people found, they know more, and a public fund adds to their cash (M78).

The instrument's money goes to investors of the province, and from them as equity to founders: each gets the part of one
among as many as are expected, so that over the years the money is paid out and not more. Who leaves a firm to found
another has none of it. The catalogue would have first cash half as large again; what the money of a usual cost is
enough for is less, and the money decides.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Mechanism, Topic, param
from nqpf_abm.numerics.jit import rule
from nqpf_abm.policy.costs import unit_cost


@dataclass(frozen=True, kw_only=True)
class BootcampParams(Checked):
    """Cost, and what a bootcamp teaches and encourages; the seed money follows from the cost."""

    unit_cost: float = unit_cost(0.1)
    taught: float = param(
        0.05, low=0.0, high=0.1, unit="log points", evidence=Assumed("of productivity, that founders learn")
    )
    founders: float = param(
        0.1, low=0.0, high=0.3, unit="share", evidence=Assumed("of founders, more at full strength")
    )


@rule
def encouraged(founders, strength):
    """Entry relative to usual, ``1 + b e``.  By hand: b=.1, e=½ give 1.05."""
    return 1.0 + founders * strength


@rule
def seed_money(money, founders, weight):
    """Equity for a founder, ``M / (w n)``, at the firm's own scale; 10^6 yuan.

    money     M, of the province's instrument this quarter, 10^6 yuan
    founders  n, agents expected to found a firm this quarter, >= 0;  weight  w, firms an agent stands for

    By hand: 600 among 3 firms of weight 100 give 2. Among none it is 0.
    """
    return money / (weight * founders) if founders > 0.0 else 0.0


TOPIC = Topic(
    "bootcamp",
    BootcampParams,
    (
        Mechanism(
            "M78",
            "Bootcamp and seed fund",
            layer="E",
            seed="000 §5.2.1",
            claim="more firms are founded, and more of them survive",
            neutral="founders are taught and given nothing, whatever is planned",
        ),
    ),
)
