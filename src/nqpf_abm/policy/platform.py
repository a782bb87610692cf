"""An innovation platform with relay finance, as the Qinchuangyuan of Shaanxi (M74).

Scientists and engineers in one team bridge a wider distance between university and firm; finance that is linked to
stages keeps projects from being given up (000 §1, 3.1, 3.2). The width of the bridge is the tolerance of M46.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Mechanism, Topic, param
from nqpf_abm.numerics.jit import rule
from nqpf_abm.policy.costs import unit_cost


@dataclass(frozen=True, kw_only=True)
class PlatformParams(Checked):
    """Cost, width of the bridge, staying power."""

    unit_cost: float = unit_cost(0.1)
    width: float = param(
        0.5, low=0.0, high=1.0, unit="share", evidence=Assumed("added to the distance that can be bridged")
    )
    relay: float = param(
        0.3,
        low=0.0,
        high=0.6,
        unit="share",
        evidence=Assumed("of projects given up that relay finance saves"),
    )


@rule
def bridged(tolerance, width, strength):
    """Distance that can be bridged, ``s (1 + b e)``.  By hand: s=.25, b=.5, e=1 give .375."""
    return tolerance * (1.0 + width * strength)


@rule
def relayed_stall(stall, relay, strength):
    """Hazard of being given up, ``δ (1 - a e)``.  By hand: δ=.05, a=.3, e=1 give .035."""
    return stall * (1.0 - relay * strength)


TOPIC = Topic(
    "platform",
    PlatformParams,
    (
        Mechanism(
            "M74",
            "Platform with relay finance",
            layer="E",
            seed="000 §1, 3.1, 3.2",
            claim="without it local conversion in a platform city is lower by a third or more",
            neutral="there is no platform, whatever is planned",
        ),
    ),
)
