"""East Data, West Computing: the West computes what can wait for the East (M89).

The instrument's money goes to operators, who build for it. The East rents what western users leave of the capacity, as
far as its own need can run late, and pays through its account. Who works with the East's tasks learns: local algorithms
improve in proportion to skill, so that without skill there is capacity and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Mechanism, Topic, param
from nqpf_abm.numerics.jit import routine, rule
from nqpf_abm.policy.costs import unit_cost
from nqpf_abm.state import accounts as book
from nqpf_abm.state.accounts import post
from nqpf_abm.state.instruments import M89


@dataclass(frozen=True, kw_only=True)
class EastWestParams(Checked):
    """Cost, the East's need, and what the West learns."""

    unit_cost: float = unit_cost(0.3)
    share: float = param(
        0.3, low=0.1, high=0.5, unit="share", evidence=Assumed("of the East's need that may run late")
    )
    need: float = param(
        2.0, low=1.0, high=4.0, unit="need of all western firms",
        evidence=Assumed("of the East, for computing power"),
    )  # fmt: skip
    spillover: float = param(
        0.1, low=0.0, high=0.3, unit="share", evidence=Assumed("by which algorithms of usual skill improve")
    )


@rule
def guests_need(share, need, west, part, strength):
    """What the East asks of a province, ``σ N W w e``; units/quarter.

    west  W, asked for by all western firms;  part  w, of the province in the West's capacity of 2012

    By hand: σ=.3, N=2, W=100, w=.1, e=1 give 6.
    """
    return share * need * west * part * strength


@rule
def built_for(money, price):
    """Capacity that public money builds, units.  By hand: 56 at a price of 8 give 7."""
    return money / price


@rule
def taught_algorithm(algorithm, spillover, skill, strength):
    """What algorithms can become where the East's tasks run, ``A (1 + b e h)``; skill h relative to the reference.

    By hand: A=2, b=.1, e=1, h=1 give 2.2; without skill it is A.
    """
    return algorithm * (1.0 + spillover * strength * skill)


@routine
def host_east(s, r, west, spare, p):
    """The East rents what it asks of province `r` as far as `spare` units go, and pays operators."""
    strength = s.governments[r].effect[M89]
    if strength <= 0.0:
        return
    province = s.provinces[r]
    q = p.east_west
    part = province.compute_start / s.provinces.compute_start.sum()
    used = min(guests_need(q.share, q.need, west, part, strength), spare)
    province.compute_used += used
    province.compute_demand += used
    post(s, r, book.REMOTE_COMPUTE_RECEIVED, p.compute.rent * province.output_per_head_start * used)


TOPIC = Topic(
    "east_west",
    EastWestParams,
    (
        Mechanism(
            "M89",
            "East Data, West Computing",
            layer="E",
            seed="002 §5.3; 003 §6.1",
            claim="capacity rises; without local skill productive forces do not",
            neutral="the East computes at home, whatever is planned",
        ),
    ),
)
