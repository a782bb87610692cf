"""Production, distribution, exchange, consumption: one stage blocked blocks the circuit (E16, M95).

Seed 004, 000 §4.2. Each stage passes a share of what reaches it: production as capacity is used, distribution as
income goes to wages, exchange as markets are open to each other (1 - g of M48, which stays as it is until policy moves
it), consumption as digital channels spread (Bass). The circuit is their geometric mean. Relative to 2012 it scales
households' propensity to consume.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Mechanism, Topic, collective_phase, param
from nqpf_abm.numerics.jit import rule
from nqpf_abm.numerics.mathx import clip01, power
from nqpf_abm.state import accounts as book
from nqpf_abm.state.tables import N_STAGES

PRODUCTION, DISTRIBUTION, EXCHANGE, CONSUMPTION = range(N_STAGES)
START = Assumed("of the circuit in 2012 (catalogue)")


@dataclass(frozen=True, kw_only=True)
class CirculationParams(Checked):
    """The four stages in 2012."""

    production: float = param(0.7, low=0.5, high=0.9, unit="share", evidence=START)
    distribution: float = param(0.7, low=0.5, high=0.9, unit="share", evidence=START)
    exchange: float = param(0.7, low=0.5, high=0.9, unit="share", evidence=START)
    consumption: float = param(0.7, low=0.5, high=0.9, unit="share", evidence=START)
    memory: float = param(
        0.25, low=0.1, high=0.5, unit="1/quarter", evidence=Assumed("households notice within a year")
    )


@rule
def passed(start, now, before, open_share):
    """Share a stage passes, its share of 2012 times ``now/before``, at most 1, times what is not blocked.

    By hand: .7, a tenth more than in 2012, nothing blocked give .77.
    """
    return open_share * clip01(start * now / before) if before > 0.0 else open_share * start


@rule
def digital_consumption(start, adopters, before):
    """Share the stage of consumption passes as digital channels spread, ``c₀ + (1-c₀)(a - a₀)/(1 - a₀)``.

    By hand: c₀=.7, a from 0 to .5 give .85.
    """
    return start + (1.0 - start) * (adopters - before) / max(1.0 - before, 1e-9)


@rule
def circuit(production, distribution, exchange, consumption):
    """Geometric mean of the four stages (E16): blocking one blocks the whole.

    By hand: .7, .7, .7 and half of .7 give .7·.5^¼ = .5886.
    """
    return power(max(production * distribution * exchange * consumption, 0.0), 0.25)


@collective_phase(
    mechanisms="M95",
    writes="provinces.circulation provinces.circulation_ratio provinces.stage_now provinces.stage_start",
)
def circulate(s, p, key):
    """How freely value circulates in each province, relative to 2012."""
    q = p.circulation
    world = s.world[0]
    anew = world.is_burn_in == 1 or world.clock == 0.0
    start = circuit(q.production, q.distribution, q.exchange, q.consumption)
    for r in range(s.provinces.size):
        province = s.provinces[r]
        wages = s.ledger[book.WAGES, r] + s.ledger[book.RND_WAGES, r]
        now = province.stage_now
        memory = 1.0 if key.quarter == 0 else q.memory
        now[PRODUCTION] += memory * (province.utilisation - now[PRODUCTION])
        now[DISTRIBUTION] += memory * (wages / max(province.sold, 1e-12) - now[DISTRIBUTION])
        now[EXCHANGE] = 1.0 - province.segmentation
        now[CONSUMPTION] = province.adopter_share
        if anew:
            for k in range(N_STAGES):
                province.stage_start[k] = now[k]
        before = province.stage_start
        opened = province.stages
        province.circulation = circuit(
            passed(q.production, now[PRODUCTION], before[PRODUCTION], opened[PRODUCTION]),
            passed(q.distribution, now[DISTRIBUTION], before[DISTRIBUTION], opened[DISTRIBUTION]),
            passed(q.exchange, now[EXCHANGE], before[EXCHANGE], opened[EXCHANGE]),
            opened[CONSUMPTION] * digital_consumption(q.consumption, now[CONSUMPTION], before[CONSUMPTION]),
        )
        province.circulation_ratio = province.circulation / start if p.on.M95 and not anew else 1.0


TOPIC = Topic(
    "circulation",
    CirculationParams,
    (
        Mechanism(
            "M95",
            "Production, distribution, exchange, consumption",
            layer="F",
            seed="004; 000 §4.2",
            claim="blocking one of four stages costs more than the quarter an additive circuit would lose",
            neutral="the propensity to consume stays as in 2012",
        ),
    ),
)
