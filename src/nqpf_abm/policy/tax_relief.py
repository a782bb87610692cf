"""R&D tax relief: money for reported R&D, part of which is only reported, part of which firms would have spent (M83).

Chen, Liu, Suarez Serrato and Xu (2021) find that 24.2 % of the rise in reported R&D of Chinese firms under a tax
incentive is relabelled spending; Boeing (2016) finds that subsidies crowd out half of firms' own R&D, not in high
technology. Firms that apply (M15) share what the government gives in proportion to their R&D.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Checked, Literature, Mechanism, Topic, param
from nqpf_abm.numerics.jit import rule
from nqpf_abm.policy.costs import unit_cost


@dataclass(frozen=True, kw_only=True)
class TaxReliefParams(Checked):
    """Cost, relabelling and crowding out."""

    unit_cost: float = unit_cost(0.1)
    relabelled: float = param(
        0.242, low=0.0, high=0.5, unit="share of reported increase",
        evidence=Literature("of the rise in reported R&D", "Chen, Liu, Suarez Serrato & Xu 2021"),
    )  # fmt: skip
    crowd_out: float = param(
        0.5, low=0.0, high=1.0, unit="share",
        evidence=Literature("of firms on the old trajectory; none in high technology", "Boeing 2016"),
    )  # fmt: skip


@rule
def added_research(relief, relabelled, crowd_out, is_new):
    """Real R&D that a relief brings, ``g (1 - l)(1 - o (1 - new))``; 10^6 yuan.

    relief  g;  relabelled  l;  crowd_out  o, of firms on the old trajectory

    By hand: g=10, l=.2, o=.5 give 4 on the old trajectory and 8 on the new one.
    """
    return relief * (1.0 - relabelled) * (1.0 - crowd_out * (1.0 - is_new))


TOPIC = Topic(
    "tax_relief",
    TaxReliefParams,
    (
        Mechanism(
            "M83",
            "R&D tax relief",
            layer="E",
            seed="003 §6.3; 000 §5.2.2",
            claim="reported R&D rises by more than real R&D",
            neutral="there is no such relief, whatever is planned",
        ),
    ),
)
