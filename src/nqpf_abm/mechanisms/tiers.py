"""Three tiers of data: what cannot be given away raw may be shared as a model or as knowledge (M55).

Seed 003 §5.2 lets data circulate in three tiers: a tenth of their use as raw data, half as models trained on them,
three tenths as knowledge, at a risk that falls from tier to tier. Without tiers a firm gives all or nothing (M41). With
them it shares each tier that pays; it takes them up if more is shared so.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Mechanism, Topic, param
from nqpf_abm.mechanisms.uptake import uptake
from nqpf_abm.numerics.jit import rule

FALLING = "of the risk of giving all away; falls from tier to tier"


@dataclass(frozen=True, kw_only=True)
class TiersParams(Checked):
    """Use and risk of each tier."""

    uptake: float = uptake("tiers")
    raw: float = param(0.1, low=0.0, high=0.3, unit="share", evidence=Assumed("of data's use, as raw data"))
    model: float = param(0.5, low=0.0, high=0.7, unit="share", evidence=Assumed("of data's use, as a model"))
    knowledge: float = param(
        0.3, low=0.0, high=0.5, unit="share", evidence=Assumed("of data's use, as knowledge")
    )
    raw_risk: float = param(0.8, low=0.0, high=1.0, unit="share", evidence=Assumed(FALLING))
    model_risk: float = param(0.5, low=0.0, high=1.0, unit="share", evidence=Assumed(FALLING))
    knowledge_risk: float = param(0.2, low=0.0, high=1.0, unit="share", evidence=Assumed(FALLING))


@rule
def shared_in_tiers(raw, model, knowledge, raw_pays, model_pays, knowledge_pays):
    """Share of data's use that is given, the sum over tiers that pay, at most 1; the last three are 0 or 1.

    By hand: .1, .5, .3 where raw data do not pay and the others do give .8.
    """
    return min(raw * raw_pays + model * model_pays + knowledge * knowledge_pays, 1.0)


@rule
def worth_tiering(tiered, whole, is_adopter):
    """Whether tiers let a digital firm share more than all or nothing does: 1 or 0."""
    return 1.0 if is_adopter and tiered > whole else 0.0


TOPIC = Topic(
    "tiers",
    TiersParams,
    (
        Mechanism(
            "M55",
            "Three-tier data circulation",
            layer="D",
            seed="003 §5.2",
            claim="factors are allocated better; without the tier of models this falls most",
            neutral="firms share data as a whole or not at all",
        ),
    ),
)
