"""What a favoured field takes from the others: firms, grants, and research that is only on paper (M93).

Seed paper 003 (§6.4, after Chen et al. 2022) warns of industries that are treated abnormally well: capital rushes in and
other innovations are neglected. One field is favoured. A firm is that much likelier to go there, and an applicant there
gets that much more of the province's grants per yuan of its own research; the pool is what it was. Of what the favour
adds, a part is not spent on research: Boeing & Peters (Misappropriation of R&D subsidies, ZEW 21-081) find that 42 % of
Chinese grantees, with 53 % of the subsidies, misused theirs. It is reported as research all the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Literature, Mechanism, Topic, param
from nqpf_abm.numerics.jit import rule
from nqpf_abm.numerics.mathx import log


@dataclass(frozen=True, kw_only=True)
class DistortionParams(Checked):
    """The favoured field and how far it is favoured."""

    premium: float = param(
        1.0, low=1.0, high=5.0, unit="1",
        evidence=Assumed("weight of the favoured field in grants and odds of choice; 1 favours none"),
    )  # fmt: skip
    field: float = param(
        3.0, low=2.0, high=9.0, unit="row of FIELDS",
        evidence=Assumed("electronics and chips, for one; its whole part counts"),
    )  # fmt: skip
    misuse: float = param(
        0.53, low=0.0, high=0.8, unit="share",
        evidence=Literature("of R&D subsidies, China 2001-2011; here of what the favour adds", "Boeing & Peters 2021"),
    )  # fmt: skip


@rule
def favour(field, favoured, premium):
    """Weight of a firm of this field: the premium if it is the favoured one, else 1."""
    return premium if field == int(favoured) else 1.0


@rule
def pull_of_favour(weight, scale):
    """Attraction that makes a field `weight` times as likely in a logit with this scale, ``ln w / s``."""
    return log(weight) / scale


@rule
def favoured_rate(rate, weight, limit):
    """Grant per yuan of own research in a field of this weight, ``min(w ρ, l)``: no field is paid above the limit.

    By hand: ρ=.1, w=5, l=.4 give .4.
    """
    return min(weight * rate, limit)


@rule
def misused(granted, rate, own, share):
    """Part of a grant that is not spent on research: a share of what the favour added, ``μ (g - ρ) b``; 10^6 yuan.

    granted  g, rate of the firm's field and  rate  ρ, of a field without favour, per yuan of its own research
    own      b, its own research, 10^6 yuan

    By hand: g=.5, ρ=.1, b=20, μ=.5 give 4; without favour nothing.
    """
    return share * (granted - rate) * own


TOPIC = Topic(
    "distortion",
    DistortionParams,
    (
        Mechanism(
            "M93",
            "Distortion",
            layer="F",
            seed="003 §6.4",
            claim="where one field is favoured five times, the others win less",
            neutral="no field is favoured",
        ),
    ),
)
