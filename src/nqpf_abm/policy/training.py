"""Training of small firms, and study tours of their leaders (M77).

People of small firms learn the new technology at work where else only firms with digital equipment teach it; their leaders
lead better, and look out for chances more actively, than they did. What that is worth to the firms follows from the model;
the review of McKenzie (2021) finds profits 5 to 10 % higher.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Mechanism, Topic, param
from nqpf_abm.numerics.jit import rule
from nqpf_abm.numerics.mathx import clip01
from nqpf_abm.policy.costs import unit_cost


@dataclass(frozen=True, kw_only=True)
class TrainingParams(Checked):
    """Cost, who is trained, and what is learnt at full strength."""

    unit_cost: float = unit_cost(0.1)
    most_staff: float = param(
        12.0,
        low=4.0,
        high=20.0,
        unit="agents",
        evidence=Assumed("a small firm has so many employees at most: the median"),
    )
    taught: float = param(
        0.004,
        low=0.0,
        high=0.008,
        unit="1/quarter",
        evidence=Assumed("skill; half of what digital firms teach at work"),
    )
    leading: float = param(
        0.05, low=0.0, high=0.2, unit="0 to 1", evidence=Assumed("added to team-empowering leadership")
    )
    looking: float = param(
        0.05, low=0.0, high=0.2, unit="0 to 1", evidence=Assumed("added to the proactiveness leaders act on")
    )


@rule
def reached(staff, most_staff, strength):
    """Strength of training in a firm: as enacted where it is small, else 0.  By hand: 8 of at most 12, ½ give ½."""
    return strength if staff <= most_staff else 0.0


@rule
def learnt(usual, taught, strength):
    """Skill gained at work in a quarter, ``g + t e``: what digital firms teach and training add up.

    By hand: g=.008, t=.004, e=1 give .012; without digital equipment it is .004.
    """
    return usual + taught * strength


@rule
def raised(level, gain, strength):
    """A level of leadership or proactiveness after training, ``min(x + b e, 1)``.  By hand: .6, b=.05, e=1 give .65."""
    return clip01(level + gain * strength)


TOPIC = Topic(
    "training",
    TrainingParams,
    (
        Mechanism(
            "M77",
            "SME training; leader study tours",
            layer="E",
            seed="000 §5.2.1",
            claim="profits of small firms rise by 5 to 10 %",
            neutral="nobody is trained, whatever is planned",
        ),
    ),
)
