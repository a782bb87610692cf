"""Tax relief for top talent: a province that takes less of their income attracts and keeps them (M69).

Only the top tier of people is meant. The relief enters the choice of a place beside pay, score and distance (E14), for
those at home as for those elsewhere: in all provinces at once it mostly cancels out, but for moves to the East.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Mechanism, Topic, param
from nqpf_abm.numerics.jit import routine, rule
from nqpf_abm.numerics.mathx import exp
from nqpf_abm.policy.costs import unit_cost
from nqpf_abm.policy.retention import drawn
from nqpf_abm.state.instruments import M69, M87


@dataclass(frozen=True, kw_only=True)
class TalentTaxParams(Checked):
    """Cost, what is saved, and what it is worth."""

    unit_cost: float = unit_cost(0.1)
    saving: float = param(
        0.2, low=0.05, high=0.3, unit="share of income", evidence=Assumed("of the top tier, at full strength")
    )
    pull: float = param(
        0.5, low=0.0, high=2.0, unit="per share of income", symbol="β_p",
        evidence=Assumed("in the choice of a place; pay itself has an elasticity of 1.5"),
    )  # fmt: skip


@rule
def relief_pull(saving, pull, strength):
    """Factor on the odds of a place for the top tier, ``exp(β_p a e)``.

    By hand: saving a=.2, β_p=.5, e=1 give exp(.1) = 1.105.
    """
    return exp(pull * saving * strength)


@routine
def places_of_talent(s, places, p):
    """Probabilities of the top tier's places, given those of all people; both (n_provinces, n_provinces + 1).

    A row is where people of a province go, the East last; it sums to 1.
    """
    n = s.provinces.size
    if s.governments.effect[:, M69].max() <= 0.0 and s.governments.effect[:, M87].max() <= 0.0:
        return places
    chosen = places.copy()
    for r in range(n):
        for d in range(n):
            effect = s.governments[d].effect
            chosen[r, d] *= relief_pull(p.talent_tax.saving, p.talent_tax.pull, effect[M69])
            if d != r:
                chosen[r, d] *= drawn(p.retention.attract, effect[M87])
        chosen[r] /= chosen[r].sum()
    return chosen


TOPIC = Topic(
    "talent_tax",
    TalentTaxParams,
    (
        Mechanism(
            "M69",
            "Talent tax relief",
            layer="E",
            seed="003 §6.2",
            claim="more top talent arrives, and arrivals of all rise by less than a fifth of that",
            neutral="taxes are the same everywhere, whatever is planned",
        ),
    ),
)
