"""Institutions move slowly, and technology runs ahead of rules (E11; M35, M15's association standards).

Seed 003 §2.4, 4.3: technology changes faster than rules, standards and licences; what the rules have no place for
earns less. Technology's vintage advances with radical wins, that of the rules follows at a distance; only the gap
between them matters. Where it is wide, fewer radical finds come to anything. Standards that entrepreneurial firms set
in their associations take part of the gap's bite (000 §2.3, 3.1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nqpf_abm.declare import Assumed, Checked, Mechanism, Topic, collective_phase, param
from nqpf_abm.mechanisms.efficiency import RADICAL_WINS
from nqpf_abm.numerics.jit import rule
from nqpf_abm.numerics.mathx import clip, exp
from nqpf_abm.policy.sandbox import sandbox_lag
from nqpf_abm.state.instruments import M67
from nqpf_abm.state.tables import N_TRAITS


@dataclass(frozen=True, kw_only=True)
class InstitutionsParams(Checked):
    """Speed of institutions, cost of the gap."""

    lag: float = param(
        12.0, low=4.0, high=24.0, unit="quarters", symbol="L_Z",
        evidence=Assumed("rules are revised every three to five years (003)"),
    )  # fmt: skip
    gap_cost: float = param(
        0.1, low=0.0, high=0.3, unit="1/quarter", symbol="δ_s",
        evidence=Assumed("a year of gap costs a third of the returns"),
    )  # fmt: skip
    usual_gap: float = param(
        12.0, low=4.0, high=24.0, unit="quarters",
        evidence=Assumed("the gap of 2012, to which returns are relative: the lag at usual advance"),
    )  # fmt: skip
    standards: float = param(
        0.5, low=0.0, high=1.0, unit="1",
        evidence=Assumed("how far associations' standards cut the cost of the gap (M15)"),
    )  # fmt: skip
    responsibility: float = param(
        0.02, low=0.0, high=0.1, unit="0 to 1",
        evidence=Assumed("institutions gained in the end where firms are as responsible as usual (M16)"),
    )  # fmt: skip
    trust: float = param(
        0.1, low=0.0, high=0.3, unit="0 to 1", evidence=Assumed("institutions follow trust in policy (M47)")
    )


@rule
def next_institutions(institutions, target, lag):
    """Institutions after a quarter, ``Z + (Z_target - Z)/L_Z`` (E11); 0 to 1.

    By hand: Z=.4, target .52, L_Z=12 give .41.
    """
    return institutions + (target - institutions) / lag


@rule
def next_gap(gap, advance, lag):
    """Technology's vintage less the rules' after a quarter, ``max(0, g + a - g/L_Z)``; quarters.

    advance  a, what technology gained: 1 in a usual quarter.  It settles at ``L_Z a``.

    By hand: g=12, a=2, L_Z=12 give 13.
    """
    return max(0.0, gap + advance - gap / lag)


@rule
def new_returns(gap, usual, cost, standards, entrepreneurial):
    """Returns to new technology relative to usual, ``exp(-δ (1 - b(e - ½)) g + δ g₀)``, within [.2, 5] (E11).

    gap  g and usual  g₀, quarters;  cost  δ;  standards  b;  entrepreneurial  e, share of such firms

    By hand: δ=.1, g=g₀-4, e=½ give exp(.4) = 1.49.
    """
    return clip(exp(cost * (usual - (1.0 - standards * (entrepreneurial - 0.5)) * gap)), 0.2, 5.0)


@collective_phase(
    mechanisms="M15 M16 M35 M47 M67",
    writes="provinces.institutions provinces.institutional_gap provinces.new_returns world.radical_reference",
)
def reform(s, p, key):
    """Institutions move towards what society carries; rules follow technology."""
    q = p.institutions
    world = s.world[0]
    n = s.provinces.size
    share = np.zeros(n)
    for i in range(s.entrepreneurs.size):
        leader = s.entrepreneurs[i]
        if leader.is_alive:
            province = s.provinces[s.firms[leader.firm].province]
            seen = 0.0
            for k in range(N_TRAITS):
                seen += leader.cognition[k] / N_TRAITS
            if seen > 0.5:
                share[s.firms[leader.firm].province] += 1.0 / province.n_firms
    if world.is_burn_in or key.quarter == 0:
        world.radical_reference = 0.0
        for r in range(n):
            world.radical_reference += s.provinces[r].search_rates[RADICAL_WINS] / n
    for r in range(n):
        province = s.provinces[r]
        if not p.on.M35:
            province.new_returns = 1.0
            continue
        target = province.institutions_start
        if world.is_burn_in == 0:
            target += q.responsibility * province.responsibility
            target += q.trust * (province.trust - p.trust.start)
            target = clip(target, 0.05, 0.95)
        province.institutions = next_institutions(province.institutions, target, q.lag)
        advance = province.search_rates[RADICAL_WINS] / max(world.radical_reference, 1e-12)
        lag = sandbox_lag(q.lag, p.sandbox.quicker, s.governments[r].effect[M67])
        province.institutional_gap = next_gap(province.institutional_gap, advance, lag)
        province.new_returns = new_returns(
            province.institutional_gap, q.usual_gap, q.gap_cost, q.standards if p.on.M15 else 0.0, share[r]
        )


TOPIC = Topic(
    "institutions",
    InstitutionsParams,
    (
        Mechanism(
            "M35",
            "System distance and policy lag",
            layer="C",
            seed="003 §2.4, 4.3",
            claim="with rules that follow within a year more wins are radical, and incremental ones stay",
            neutral="institutions stay as in 2012, and no gap to the rules lowers returns",
        ),
    ),
)
