"""From win to output: what is lost on the way (M34, M37, M49).

A win is not yet output. A sector digests only so many wins a quarter (the efficiency paradox, 003 §3.4). A
radical win breaks the line it replaces before the new one has ramped up (the breaking paradox, 003 §2.4). And
until a radical win is launched it may be taken away where property is weakly protected (000 §4.1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nqpf_abm.declare import (
    Assumed,
    Calibrated,
    Checked,
    Mechanism,
    Topic,
    collective_phase,
    param,
    row_phase,
)
from nqpf_abm.numerics.draws import stream, uniform
from nqpf_abm.numerics.jit import routine, rule
from nqpf_abm.numerics.mathx import power
from nqpf_abm.policy.safeguards import protection_level
from nqpf_abm.state.instruments import M79

SEIZED = stream("launching.seized")
SECTOR = 20.0  # firms to which the digestion rate refers: the default world's firms over provinces and trajectories


@dataclass(frozen=True, kw_only=True)
class LaunchingParams(Checked):
    """Digestion, disruption and expropriation."""

    digestion: float = param(
        2.0, low=1.0, high=4.0, unit="wins/quarter",
        evidence=Assumed("of a sector of up to twenty firms; larger ones digest in proportion"),
    )  # fmt: skip
    usual_digested: float = param(
        0.86, low=0.5, high=1.0, unit="share",
        evidence=Calibrated(
            "of the wins of 2012-13 at the defaults, so that the mean win keeps its worth", "this model, seeds 1-12"
        ),
    )  # fmt: skip
    broken: float = param(
        0.07, low=0.0, high=0.4, unit="share", evidence=Assumed("of output lost at a radical win, at first")
    )
    ramp: float = param(
        8.0, low=0.0, high=16.0, unit="quarters", symbol="L_b",
        evidence=Assumed("mean time until what was broken is made good; 0 is at once"),
    )  # fmt: skip
    hazard: float = param(
        0.02, low=0.0, high=0.05, unit="1/quarter", symbol="h",
        evidence=Assumed("expropriation of what is not launched yet, where institutions are half as good as can be"),
    )  # fmt: skip
    usual_hazard: float = param(
        0.02, low=0.0, high=0.05, unit="1/quarter",
        evidence=Assumed("the hazard of 2012, at which the radical share is the declared one"),
    )  # fmt: skip
    caution: float = param(
        1.0, low=0.0, high=3.0, unit="elasticity",
        evidence=Assumed("of the radical share in what is kept of a radical win"),
    )  # fmt: skip


@rule
def digested_share(wins, firms, rate, sector):
    """Share of a sector's wins that yields output, ``min(1, d max(1, n/n₀) / wins)``.

    wins  of the quarter;  firms  n, of the sector;  rate  d, wins/quarter of a sector of up to n₀ firms

    By hand: 6 wins, 40 firms, d=2, n₀=20 gives 4/6; 2 wins of 5 firms are all digested.
    """
    limit = rate * max(1.0, firms / sector)
    return 1.0 if wins <= limit else limit / wins


@rule
def disrupted(disruption, is_radical, broken, ramp):
    """Share of output lost after a quarter: the loss fades by ``1/L_b``, a radical win breaks part of what runs.

    By hand: .2 lost, L_b=8, no win gives .175; a win that breaks .2 of what runs then gives 1 - .825·.8 = .34.
    """
    if ramp <= 0.0:
        return 0.0
    left = disruption * max(1.0 - 1.0 / ramp, 0.0)
    return 1.0 - (1.0 - left) * (1.0 - broken) if is_radical else left


@rule
def expropriation_hazard(hazard, institutions):
    """Hazard that an unlaunched win is taken away, ``2 h (1 - Z)``: h at Z = ½, none where Z = 1."""
    return 2.0 * hazard * (1.0 - institutions)


@rule
def kept_value(launch_rate, hazard):
    """Share of a radical gain that its finder lives to launch, ``v / (v + h)`` (continuous time).

    By hand: v=.125, h=.02 gives .862.
    """
    return launch_rate / (launch_rate + hazard) if launch_rate > 0.0 else 0.0


@routine
def radical_worth(launch_rate, institutions, p):
    """Factor on the radical share: the value kept of a radical win relative to that at the usual hazard."""
    if p.on.M49 == 0 or p.launching.caution == 0.0:
        return 1.0
    q = p.launching
    kept = kept_value(launch_rate, expropriation_hazard(q.hazard, institutions))
    usual = kept_value(launch_rate, q.usual_hazard)
    return power(kept / usual, q.caution)


@collective_phase(mechanisms="M37", writes="firms.digested")
def digest(s, p, key):
    """Sectors (firms of a province on one trajectory) digest the quarter's wins as far as they can."""
    n = s.provinces.size
    wins, firms = np.zeros((n, 2)), np.zeros((n, 2))
    for i in range(s.firms.size):
        firm = s.firms[i]
        if firm.is_alive:
            wins[firm.province, firm.is_new] += firm.wins
            firms[firm.province, firm.is_new] += 1.0
    for i in range(s.firms.size):
        firm = s.firms[i]
        if firm.is_alive:
            r, k = firm.province, firm.is_new
            firm.digested = 1.0
            if p.on.M37:
                firm.digested = digested_share(wins[r, k], firms[r, k], p.launching.digestion, SECTOR)


@row_phase(
    "firms",
    mechanisms="M34 M37 M47 M49 M79",
    writes="launching launched search_gain log_tfp disruption",
    draws="launching.seized",
)
def launch(i, s, p, key):
    """Incremental wins reach production at once, radical ones bit by bit, unless they are taken away before."""
    firm = s.firms[i]
    q = p.launching
    if p.on.M49:
        r = firm.province
        safe = protection_level(
            s.provinces[r].institutions, p.safeguards.protection, s.governments[r].effect[M79]
        )
        hazard = expropriation_hazard(q.hazard, safe)
        if uniform(key, firm.uid, SEIZED, 0) < hazard:
            firm.launching = 0.0
    worth = firm.digested / q.usual_digested if p.on.M37 else 1.0
    firm.launching += worth * firm.found_radical
    rate = min(s.entrepreneurs[i].launch_rate * s.provinces[firm.province].patience, 1.0)
    firm.launched = rate * firm.launching
    firm.launching -= firm.launched
    firm.search_gain = worth * firm.found + firm.launched
    firm.log_tfp += firm.search_gain
    firm.disruption = disrupted(firm.disruption, firm.radical_wins, q.broken, q.ramp) if p.on.M34 else 0.0


TOPIC = Topic(
    "launching",
    LaunchingParams,
    (
        Mechanism(
            "M34",
            "Breaking paradox",
            layer="C",
            seed="003 §2.4",
            claim="productivity dips after a radical win, and does not if the old line is made good at once",
            neutral="a radical win costs no output",
        ),
        Mechanism(
            "M37",
            "Efficiency paradox",
            layer="C",
            seed="003 §3.4",
            claim="twice the success of search raises wins, and productivity by less than half of that",
            neutral="every win yields output",
        ),
        Mechanism(
            "M49",
            "Weak protection of intellectual property",
            layer="C",
            seed="000 §4.1",
            claim="without the hazard of expropriation the horizon of R&D lengthens",
            neutral="nothing is taken away, and nobody allows for it",
        ),
    ),
)
