"""A fund that compensates for risk (M70).

Seed 003 §6.2 has a fund bear the bulk of what failed basic R&D costs, so that firms dare more. Firms of the model
borrow for R&D and do not insure single projects: what failure costs others are the loans that closed firms leave.
The government pays the province's guidance fund, which bears more of them, as far as its deposits go; banks lend more
readily; and a firm feels only the part of its earnings' pressure that the fund does not bear. Where next to nothing
is left at stake, a part of radical search is no longer in earnest.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Mechanism, SeedClaim, Topic, param
from nqpf_abm.numerics.jit import rule
from nqpf_abm.numerics.mathx import clip01
from nqpf_abm.policy.costs import unit_cost

SOUND = 0.8  # share borne beyond which hazard begins (catalogue, M70)


@dataclass(frozen=True, kw_only=True)
class CompensationParams(Checked):
    """Cost, what the fund bears, and what that spoils."""

    unit_cost: float = unit_cost(0.1)
    bears: float = param(
        0.6, low=0.3, high=1.0, unit="share of losses",
        evidence=SeedClaim("the bulk of the cost; 30 to 80 % in the catalogue, all of it is the soft budget of S46",
                           "003 §6.2"),
    )  # fmt: skip
    hazard: float = param(
        0.5, low=0.0, high=1.0, unit="share of radical search",
        evidence=Assumed("not in earnest where a fund bears everything"),
    )  # fmt: skip


@rule
def borne_share(usual, bears, strength):
    """Share of lost loans that the fund bears, ``s + e max(b - s, 0)``.  By hand: s=.3, b=.6, e=½ give .45."""
    return usual + strength * max(bears - usual, 0.0)


@rule
def felt_pressure(pressure, bears, strength):
    """Pressure of earnings that is left to a firm, ``P (1 - b e)``.  By hand: P=.5, b=.6, e=1 give .2."""
    return pressure * (1.0 - bears * strength)


@rule
def in_earnest(hazard, bears, strength):
    """Share of radical search that is in earnest, ``1 - m (b e - .8)/.2`` beyond 80 %, else 1.

    By hand: m=.5 and all borne give .5; 90 % borne give .75.
    """
    return 1.0 - hazard * clip01((bears * strength - SOUND) / (1.0 - SOUND))


TOPIC = Topic(
    "compensation",
    CompensationParams,
    (
        Mechanism(
            "M70",
            "Risk-compensation fund",
            layer="E",
            seed="003 §6.2",
            claim="tolerance of failure and radical wins rise; at 100 % fewer radical wins than at 60 %",
            neutral="no fund bears more than usual, whatever is planned",
        ),
    ),
)
