"""Green procurement: public orders that only clean suppliers can win (M72).

Part of public purchases, and the money of the instrument, goes in lots of equal size to the province's firms
below a mark of energy intensity. A lot is much for a small firm and little for a large one, and firms turn
their search towards green as far as such a lot would count among their sales: Krieger and Zipperer (2022) find more
green products in small and medium firms only.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Literature, Mechanism, Topic, param
from nqpf_abm.numerics.jit import rule
from nqpf_abm.policy.costs import unit_cost


@dataclass(frozen=True, kw_only=True)
class ProcurementParams(Checked):
    """Cost, quota, and what it does to search."""

    unit_cost: float = unit_cost(0.3)
    quota: float = param(
        0.1,
        low=0.0,
        high=0.3,
        unit="share of public purchases",
        evidence=Assumed("reserved for clean suppliers"),
    )
    mark: float = param(
        0.8,
        low=0.5,
        high=1.0,
        unit="share of the market's ceiling",
        evidence=Assumed("energy intensity to win"),
    )
    pull: float = param(
        0.3, low=0.0, high=0.6, unit="share of search",
        evidence=Literature(
            "about 20 points more green products in small and medium firms; the ceiling of the response is ours",
            "Krieger & Zipperer 2022"),
    )  # fmt: skip
    half: float = param(
        0.05, low=0.01, high=0.2, unit="share of sales", evidence=Assumed("a lot that turns search half way")
    )


@rule
def reserved_orders(quota, strength, purchases, extra, orders):
    """Orders for clean suppliers, ``q e P + money``, at most half of all; 10^6 yuan/quarter.

    By hand: quota .1, strength 1, purchases 100, money 5 and orders 1000 give 15.
    """
    return min(quota * strength * purchases + extra, 0.5 * orders)


@rule
def tender_pull(lot, sales, pull, half):
    """Share of search that a public lot turns green, ``b w/(w + h)`` with w the lot over the firm's sales.

    By hand: a lot of 5 % of sales, h=.05, b=.3 give .15; sales ten times as large give .027.
    """
    if lot <= 0.0:
        return 0.0
    weight = lot / max(sales, 1e-9)
    return pull * weight / (weight + half)


TOPIC = Topic(
    "procurement",
    ProcurementParams,
    (
        Mechanism(
            "M72",
            "Green procurement",
            layer="E",
            seed="003 §6.2",
            claim="small and medium firms search more for green, large ones hardly",
            neutral="public orders ask for nothing green, whatever is planned",
        ),
    ),
)
