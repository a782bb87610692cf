"""How many layers an idea must climb, and who takes layers out (M101; M45 in proactivity.py).

Firms that outgrow the span of control add layers; innovative and proactive entrepreneurs take them out.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Mechanism, Topic, param, row_phase
from nqpf_abm.numerics.draws import stream, uniform
from nqpf_abm.numerics.jit import rule
from nqpf_abm.numerics.mathx import power
from nqpf_abm.state.tables import INNOVATIVENESS, MOST_LAYERS, PROACTIVENESS

CUT = stream("hierarchy.cut")
ADD = stream("hierarchy.add")


@dataclass(frozen=True, kw_only=True)
class HierarchyParams(Checked):
    """Speed at which layers come and go."""

    cutting: float = param(
        0.05, low=0.0, high=0.2, unit="1/quarter", symbol="b",
        evidence=Assumed("entrepreneurs reduce managerial layers (000 §2.1); the speed is ours"),
    )  # fmt: skip
    span: float = param(
        4.0, low=2.0, high=8.0, unit="agents", evidence=Assumed("of control, per layer: 64 agents need three")
    )
    adding: float = param(
        0.05, low=0.0, high=0.2, unit="1/quarter", evidence=Assumed("firms that outgrow their layers")
    )


@rule
def cutting_hazard(innovativeness, proactiveness, strength):
    """Quarterly hazard of taking a layer out, ``b (I + P - 1)⁺``.

    innovativeness  I, proactiveness  P, 0 to 1;  strength  b, 1/quarter

    By hand: I=.8, P=.7, b=.05 gives .025; nobody below average in both cuts. The form is our assumption.
    """
    return strength * max(innovativeness + proactiveness - 1.0, 0.0)


@rule
def outgrown(staff, layers, span):
    """Whether staff is more than its layers can lead, ``staff > span^ℓ``: 1 or 0.

    By hand: span 4, two layers lead 16.
    """
    return 1 if staff > power(span, layers) else 0


@row_phase("firms", mechanisms="M101", writes="layers layers_cut", draws="hierarchy.cut hierarchy.add")
def restructure(i, s, p, key):
    """Entrepreneurs take a layer out, or a firm that outgrew its layers adds one."""
    firm = s.firms[i]
    leader = s.entrepreneurs[i]
    q = p.hierarchy
    firm.layers_cut = 0
    hazard = 0.0
    if p.on.M101:
        hazard = cutting_hazard(leader.cognition[INNOVATIVENESS], leader.cognition[PROACTIVENESS], q.cutting)
    if firm.layers > 1 and uniform(key, firm.uid, CUT, 0) < hazard:
        firm.layers_cut = 1
    elif firm.layers < MOST_LAYERS and outgrown(firm.staff, float(firm.layers), q.span):
        if uniform(key, firm.uid, ADD, 0) < q.adding:
            firm.layers_cut = -1
    firm.layers -= firm.layers_cut


TOPIC = Topic(
    "hierarchy",
    HierarchyParams,
    (
        Mechanism(
            "M101",
            "Entrepreneurs cut layers",
            layer="G",
            seed="000 §2.1, 2.3",
            claim="off, layers are uncorrelated with orientation",
            neutral="entrepreneurs take out no layers; firms still add them as they grow",
        ),
    ),
)
