"""Attract, nurture and retain talent (M87).

Three parts of one instrument. Attract: places with it draw the top tier of people from elsewhere. Nurture: who begins
working life there, or comes to it, is taught more of the new technology. Retain: housing keeps people of every tier at
home. Who is only attracted is as free to leave again.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Mechanism, Topic, param
from nqpf_abm.numerics.jit import rule
from nqpf_abm.numerics.mathx import clip01, exp
from nqpf_abm.policy.costs import unit_cost


@dataclass(frozen=True, kw_only=True)
class RetentionParams(Checked):
    """Cost, and the three parts at full strength."""

    unit_cost: float = unit_cost(0.1)
    attract: float = param(
        0.2,
        low=0.0,
        high=0.5,
        unit="log odds",
        symbol="β_p",
        evidence=Assumed("of the place, for the top tier elsewhere"),
    )
    curriculum: float = param(
        0.1,
        low=0.0,
        high=0.2,
        unit="0 to 1",
        evidence=Assumed("added to the skill of new technology of who begins work there or arrives"),
    )
    housing: float = param(
        0.2, low=0.0, high=0.5, unit="log odds", symbol="Δβ₀", evidence=Assumed("of staying, for all people")
    )


@rule
def drawn(attract, strength):
    """Factor on the odds of a place for the top tier of other places, ``exp(β_p e)``.  By hand: β_p=.2, e=½ give 1.105."""
    return exp(attract * strength)


@rule
def schooled(skill, curriculum, strength):
    """A newcomer's skill of new technology, ``min(h + c e, 1)``.  By hand: h=.5, c=.1, e=½ give .55."""
    return clip01(skill + curriculum * strength)


@rule
def settled_in(home_bias, housing, strength):
    """Log odds of staying at home, ``β₀ + Δβ₀ e``.  By hand: β₀=9, Δβ₀=.2, e=½ give 9.1."""
    return home_bias + housing * strength


TOPIC = Topic(
    "retention",
    RetentionParams,
    (
        Mechanism(
            "M87",
            "Attract, nurture, retain",
            layer="E",
            seed="001 §4.3",
            claim="where talent is only attracted, more comes and more leaves again",
            neutral="nobody is attracted, taught or housed beyond what is usual, whatever is planned",
        ),
    ),
)
