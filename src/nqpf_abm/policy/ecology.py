"""Ecological compensation, and the chain of industry around clean energy (M88).

The money of all provinces' instruments is paid at one price for ecology, here the clean energy that a province's output
would run on at the energy intensity of 2012, to the households of those who supply it: pay of green jobs. What that does
to green technology is disputed: Pan et al. find 3.9 % less green growth, Yang et al. 4.4 % more output. So the effect on
search is a number of either sign.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nqpf_abm.declare import Assumed, Checked, Mechanism, Topic, param
from nqpf_abm.numerics.jit import routine, rule
from nqpf_abm.numerics.mathx import clip
from nqpf_abm.policy.costs import unit_cost
from nqpf_abm.state.instruments import M88


@dataclass(frozen=True, kw_only=True)
class EcologyParams(Checked):
    """Cost, and the disputed effect."""

    unit_cost: float = unit_cost(0.1)
    chain: float = param(
        0.044, low=-0.1, high=0.1, unit="share",
        evidence=Assumed("of search that is green, more at full strength; sign disputed: -.039 and +.044 in the catalogue"),
    )  # fmt: skip


@rule
def clean_energy(fossil_share, energy_per_output, output):
    """Clean energy of output at the intensity of 2012, ``(1 - f) ε Y``; 10^4 tce/quarter.

    By hand: f=.8, ε=.01, Y=1000 give 2.
    """
    return (1.0 - fossil_share) * energy_per_output * output


@rule
def chained(share, chain, strength):
    """Share of search that is green beside a clean-energy chain, ``g (1 + c e)`` within [0, .9].

    By hand: g=.2, c=.05, e=1 give .21; c=-.05 gives .19.
    """
    return clip(share * (1.0 + chain * strength), 0.0, 0.9)


@routine
def compensate(s):
    """Pay out the instrument's money of all provinces in proportion to their clean energy; pay is moved, not made."""
    n = s.provinces.size
    pool, ecology = 0.0, 0.0
    supplied = np.zeros(n)
    for r in range(n):
        province = s.provinces[r]
        pool += s.governments[r].delivered[M88]
        supplied[r] = clean_energy(province.fossil_share, province.energy_per_output, province.gdp)
        ecology += supplied[r]
    if pool <= 0.0 or ecology <= 0.0:
        return
    for r in range(n):
        s.governments[r].policy_pay += pool * supplied[r] / ecology - s.governments[r].delivered[M88]


TOPIC = Topic(
    "ecology",
    EcologyParams,
    (
        Mechanism(
            "M88",
            "Ecological compensation, clean-energy chain",
            layer="E",
            seed="002 §4, 5.4",
            claim="green wins follow the sign of the disputed effect",
            neutral="nobody is paid for ecology, whatever is planned",
        ),
    ),
)
