"""Regulatory sandboxes: rules follow technology sooner where law is suspended for trials (M67)."""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Checked, Mechanism, SeedClaim, Topic, param
from nqpf_abm.numerics.jit import rule
from nqpf_abm.policy.costs import unit_cost


@dataclass(frozen=True, kw_only=True)
class SandboxParams(Checked):
    """Cost, and how much sooner rules follow."""

    unit_cost: float = unit_cost(0.02)
    quicker: float = param(
        0.7, low=0.0, high=0.8, unit="share", evidence=SeedClaim("20 quarters become 6", "003 §6.2")
    )


@rule
def sandbox_lag(lag, quicker, strength):
    """Lag of the rules under a sandbox, ``L (1 - b e)``; quarters.  By hand: L=20, b=.7, e=1 give 6."""
    return lag * (1.0 - quicker * strength)


TOPIC = Topic(
    "sandbox",
    SandboxParams,
    (
        Mechanism(
            "M67",
            "Sandbox, legal suspension",
            layer="E",
            seed="003 §6.2",
            claim="the gap between technology and rules is narrower",
            neutral="law is suspended for nobody, whatever is planned",
        ),
    ),
)
