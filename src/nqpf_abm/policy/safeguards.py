"""Legal safeguards: what somebody has found is taken away less often (M79).

They do for the hazard of expropriation (M49) what better institutions would, and so for the worth of a radical win
to those who decide on search (000 §4.2.2).
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Mechanism, Topic, param
from nqpf_abm.numerics.jit import rule
from nqpf_abm.policy.costs import unit_cost


@dataclass(frozen=True, kw_only=True)
class SafeguardsParams(Checked):
    """Cost and protection."""

    unit_cost: float = unit_cost(0.02)
    protection: float = param(
        0.5, low=0.0, high=0.9, unit="share", evidence=Assumed("of the hazard of expropriation that goes")
    )


@rule
def protection_level(institutions, protection, strength):
    """Quality of institutions as to property, ``Z + b e (1 - Z)``: leaves ``1 - b e`` of the hazard ``2 h (1 - Z)``.

    By hand: Z=.4, b=.5, e=1 give .7.
    """
    return institutions + protection * strength * (1.0 - institutions)


TOPIC = Topic(
    "safeguards",
    SafeguardsParams,
    (
        Mechanism(
            "M79",
            "Legal safeguards",
            layer="E",
            seed="000 §4.2.2",
            claim="radical wins rise, incremental ones hardly change",
            neutral="property is as safe as institutions make it, whatever is planned",
        ),
    ),
)
