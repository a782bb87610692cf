"""Opening of scenes of use: new technology is tried in public services, so that late stages pass sooner (M71)."""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Checked, Mechanism, SeedClaim, Topic, param
from nqpf_abm.numerics.jit import rule
from nqpf_abm.policy.costs import unit_cost


@dataclass(frozen=True, kw_only=True)
class ScenariosParams(Checked):
    """Cost, and how much sooner late stages pass."""

    unit_cost: float = unit_cost(0.1)
    late: float = param(
        1.0,
        low=0.0,
        high=2.0,
        unit="share",
        evidence=SeedClaim("the hazard at TRL 7 to 9 doubles", "003 §6.2"),
    )


@rule
def opened(level, late, strength):
    """Factor on the hazard of advance, ``1 + b e`` from TRL 7 on.  By hand: b=1, e=½ give 1.5 at TRL 8, 1 at TRL 5."""
    return 1.0 + late * strength if level >= 7 else 1.0


TOPIC = Topic(
    "scenarios",
    ScenariosParams,
    (
        Mechanism(
            "M71",
            "Scenario opening",
            layer="E",
            seed="003 §6.2",
            claim="projects that reach use do so at a younger age",
            neutral="no scene of use is opened, whatever is planned",
        ),
    ),
)
