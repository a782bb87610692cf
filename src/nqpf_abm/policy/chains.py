"""Officials who lead a chain of industry bring its firms together (M75).

In Shaanxi a leading official and a leading firm are named for each chain (000 §1). Firms learn more from
each other, but only where the market lets them: Mu and Tan (2026) find that marketisation moderates the effect.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Literature, Mechanism, Topic, param
from nqpf_abm.numerics.jit import rule
from nqpf_abm.numerics.mathx import hill
from nqpf_abm.policy.costs import unit_cost

STEEPNESS = 4.0  # of the dependence on institutions, as in E10


@dataclass(frozen=True, kw_only=True)
class ChainsParams(Checked):
    """Cost, links, and what they need of institutions."""

    unit_cost: float = unit_cost(0.1)
    links: float = param(
        0.5, low=0.0, high=1.0, unit="share", evidence=Assumed("of what firms learn from each other, on top")
    )
    threshold: float = param(
        0.45, low=0.2, high=0.6, unit="0 to 1", symbol="Z*",
        evidence=Literature("that marketisation moderates; half of the effect at the second echelon is ours",
                            "Mu & Tan 2026"),
    )  # fmt: skip


@rule
def chain_links(links, institutions, threshold, strength):
    """Learning between firms relative to usual, ``1 + b e H(Z; Z*, 4)``.

    By hand: b=.5, e=1 and Z=Z* give 1.25; Z=½Z* gives 1.029.
    """
    return 1.0 + links * strength * hill(institutions, threshold, STEEPNESS)


TOPIC = Topic(
    "chains",
    ChainsParams,
    (
        Mechanism(
            "M75",
            "Chain leaders",
            layer="E",
            seed="000 §1",
            claim="firms learn more from each other; the third echelon gains less than half as much as the first",
            neutral="chains have no leaders, whatever is planned",
        ),
    ),
)
