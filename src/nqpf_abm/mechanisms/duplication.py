"""Why provinces build the same twelve times: each counts on what all would bring to it alone (M91).

Seed papers 002 (§4.1: blind layout, redundant construction) and 003 (§6.4: in 2022 35 % of the nation's data
centres stood empty) describe it. Beyond what their own firms ask for, operators who imitate build for a share of
what all other provinces ask for: the share they would have with those that were seen to host already, 1/(1 + n).
What is seen is old when the machines run. So many enter at once, and the return that drew them is gone: a cobweb
(Ezekiel 1938, doi:10.2307/1881734). As the elasticity of 1/(1 + n) stays below one, its swings die out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nqpf_abm.declare import Assumed, Checked, Mechanism, Topic, param
from nqpf_abm.numerics.jit import routine, rule
from nqpf_abm.numerics.mathx import clip01


@dataclass(frozen=True, kw_only=True)
class DuplicationParams(Checked):
    """How far operators follow what others seem to earn."""

    imitation: float = param(
        0.5, low=0.0, high=1.0, unit="share",
        evidence=Assumed("of others' demand that operators build for; empties 45 % in 2022, of the nation 35 % stood empty"),
    )  # fmt: skip
    signal_speed: float = param(
        0.25, low=0.1, high=1.0, unit="1/quarter",
        evidence=Assumed("who hosts already is known, and acted on, after about a year"),
    )  # fmt: skip


@rule
def hosting_expected(own, elsewhere, rivals, imitation):
    """Demand of other provinces that operators build for, ``ι E / (1 + n)``; units/quarter.

    own        D, asked for in the province itself
    elsewhere  E, asked for in all others
    rivals     D n, asked for in those of them that were seen to host; n counts them in provinces of this size
    imitation  ι

    By hand: eleven others as large, E=11, ten of them hosts, ι=.5 gives .5; nobody hosts yet: 5.5.
    """
    return imitation * elsewhere * own / max(own + rivals, 1e-9)


@rule
def hosting(installed, demand, headroom):
    """How far a province is a host of others, 0 to 1: capacity beyond its own need, over its own demand.

    By hand: installed 1.8, demand 1, headroom 1.3 gives .5.
    """
    return clip01((installed - headroom * demand) / max(demand, 1e-9))


@rule
def next_signal(seen, now, speed):
    """What is known of a province's hosting, 0 to 1: it follows what it is."""
    return seen + speed * (now - seen)


@routine
def hosting_hoped(s, own, p):
    """Demand that each province's operators hope to win from others, units/quarter; `own`, hoped shape (n,).

    Moves what has been seen of everyone's hosting by a quarter.
    """
    hosts = np.empty(own.size)
    for r in range(own.size):
        province = s.provinces[r]
        now = hosting(province.compute_installed, own[r], p.compute.headroom)
        province.hosting_seen = next_signal(province.hosting_seen, now, p.duplication.signal_speed)
        hosts[r] = province.hosting_seen * own[r]
    imitation = p.duplication.imitation if p.on.M91 else 0.0
    hoped = np.empty(own.size)
    for r in range(own.size):
        hoped[r] = hosting_expected(own[r], own.sum() - own[r], hosts.sum() - hosts[r], imitation)
    return hoped


TOPIC = Topic(
    "duplication",
    DuplicationParams,
    (
        Mechanism(
            "M91",
            "Duplication, overheating, vacancy",
            layer="F",
            seed="003 §6.4; 002 §4.1",
            claim="without imitation less than 15 % of computing capacity stands empty",
            neutral="operators build for what their province's firms and guests asked for alone",
        ),
    ),
)
