"""Three reforms of universities: inventors' share, evaluation, freed funds (M73).

Achievements are carved out of state assets, so that inventors hold more of them; evaluation looks at use, so that
universities turn towards engineering (000 §1). How inventors answer to their share is from Hvide and Jones (2016):
when Norwegian professors' share fell from all to a third, start-ups and patents halved, an elasticity of .63.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Literature, Mechanism, SeedClaim, Topic, param
from nqpf_abm.numerics.jit import rule
from nqpf_abm.numerics.mathx import power
from nqpf_abm.policy.costs import unit_cost


@dataclass(frozen=True, kw_only=True)
class ReformsParams(Checked):
    """Cost, shares, and how universities and inventors answer."""

    unit_cost: float = unit_cost(0.02)
    share: float = param(
        0.3,
        low=0.1,
        high=0.5,
        unit="share",
        evidence=Assumed("of an achievement's returns, for its inventors"),
    )
    share_reformed: float = param(
        0.8, low=0.5, high=0.95, unit="share", evidence=SeedClaim("at full strength", "000 §1")
    )
    elasticity: float = param(
        0.63, low=0.0, high=1.0, unit="elasticity",
        evidence=Literature(
            "of start-ups and patents in the inventors' share, derived: ln ½ / ln ⅓", "Hvide & Jones 2016"),
    )  # fmt: skip
    orientation: float = param(
        0.1, low=0.0, high=0.3, unit="0 paper, 1 engineering", evidence=Assumed("by which universities move")
    )
    spin_off: float = param(
        0.1, low=0.0, high=0.3, unit="share of entry", symbol="π",
        evidence=Assumed("founded by inventors, before any reform"),
    )  # fmt: skip


@rule
def inventors_effort(strength, share, reformed, elasticity):
    """Inventors' effort relative to usual, ``((s + e (s' - s))/s)^ε``.

    By hand: share .3, reformed .8, ε=.63 give 1.855 at strength 1 and 1 at strength 0.
    """
    if strength <= 0.0:
        return 1.0
    return power((share + strength * (reformed - share)) / share, elasticity)


@rule
def relative_entry(spin_offs, effort):
    """Entry relative to usual where the part that inventors found follows their effort, ``1 + π (effort - 1)``.

    By hand: a tenth of entrants founded by inventors and an effort of 1.8 give 1.08.
    """
    return 1.0 + spin_offs * (effort - 1.0)


TOPIC = Topic(
    "reforms",
    ReformsParams,
    (
        Mechanism(
            "M73",
            "Three reforms",
            layer="E",
            seed="000 §1",
            claim="more achievements are converted and more firms are founded",
            neutral="inventors' share and universities' orientation stay, whatever is planned",
        ),
    ),
)
