"""What firms learn from others (E8; M30, M31).

Absorptive capacity follows Cohen & Levinthal (1990): own R&D and skill decide how much outside knowledge is
taken in. The catching-up term follows Verspagen (1991): a gap helps those who can absorb, and turns into a
trap for those who cannot.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Mechanism, Topic, param, row_phase
from nqpf_abm.mechanisms.responsibility import raised_spillover
from nqpf_abm.numerics.jit import rule
from nqpf_abm.numerics.mathx import exp
from nqpf_abm.policy.chains import chain_links
from nqpf_abm.policy.cooperation import linked
from nqpf_abm.state.instruments import M75, M86

SIZE = "form from the literature, size ours"


@dataclass(frozen=True, kw_only=True)
class AbsorptionParams(Checked):
    """Absorption, spillovers and catching up."""

    rnd_effect: float = param(
        0.5, low=0.2, high=2.0, unit="1", symbol="a₁", evidence=Assumed(SIZE, "Cohen & Levinthal 1990")
    )
    skill_effect: float = param(
        0.5, low=0.2, high=2.0, unit="1", symbol="a₂", evidence=Assumed(SIZE, "Cohen & Levinthal 1990")
    )
    skill_reference: float = param(
        0.35,
        low=0.2,
        high=0.5,
        unit="0 to 1",
        evidence=Assumed("mean skill at the start, to which skill is relative"),
    )
    spillover: float = param(
        0.1, low=0.05, high=0.2, unit="log points", symbol="θ_s", evidence=Assumed(SIZE, "Nooteboom 2000")
    )
    cognitive_distance: float = param(
        0.4, low=0.1, high=0.9, unit="0 to 1", symbol="d",
        evidence=Assumed("one distance for all pairs until firms carry knowledge profiles"),
    )  # fmt: skip
    catch_up: float = param(
        0.006, low=0.003, high=0.024, unit="1/quarter", symbol="a₃",
        evidence=Assumed(SIZE + "; half of the .012 that fitted a model without ideas and niches", "Verspagen 1991"),
    )  # fmt: skip
    gap_tolerance: float = param(
        1.0, low=0.3, high=3.0, unit="log points", symbol="δ_G", evidence=Assumed(SIZE, "Verspagen 1991")
    )
    frontier_start: float = param(
        0.37, low=0.2, high=0.6, unit="log points",
        evidence=Assumed("(1-α) times the log ratio of output per head, East to West, official 2012 figures"),
    )  # fmt: skip
    frontier_growth: float = param(
        0.005, low=0.0, high=0.015, unit="1/quarter", evidence=Assumed("productivity growth of the East")
    )


@rule
def absorptive_capacity(rnd, skill, rnd_effect, skill_effect):
    """Share of outside knowledge a firm can take in, ``1 - exp(-a₁ k - a₂ h)`` (E8).

    rnd    k, R&D stock per employee relative to the mean of 2012, wages allowed for
    skill  h, relative to the mean of 2012

    By hand: k=h=1, a₁=a₂=.5 gives 1 - exp(-1) = .632.
    """
    return 1.0 - exp(-rnd_effect * rnd - skill_effect * skill)


@rule
def spillover_inflow(capacity, neighbour_rnd, spillover, distance):
    """Log productivity from other firms of the province, ``AC θ RD 4d(1-d)`` (E8; Nooteboom 2000).

    By hand: AC=.5, RD=.01, θ=.1, d=.5 gives .0005.
    """
    return capacity * spillover * neighbour_rnd * 4.0 * distance * (1.0 - distance)


@rule
def university_inflow(capacity, public):
    """Log productivity from converted research of the province's universities, ``AC univ`` (E8).

    By hand: AC=.5, univ=.0005 gives .00025.
    """
    return capacity * public


@rule
def catching_up(gap, capacity, rate, tolerance):
    """Log productivity from the gap to the frontier, ``a₃ G exp(-G/(δ AC))`` (E8; Verspagen 1991).

    gap  G, log points, counted from 0;  tolerance  δ; 0 stands for infinity (the neutral form)

    By hand: G=1, AC=1, a₃=.012, δ=1 gives .00441.
    """
    g = max(gap, 0.0)
    if tolerance <= 0.0:
        return rate * g
    return rate * g * exp(-g / (tolerance * max(capacity, 1e-6)))


@row_phase("firms", mechanisms="M16 M30 M31 M75 M86", writes="absorptive_capacity neighbour_gain log_tfp")
def absorb_knowledge(i, s, p, key):
    """Firms learn from neighbours, universities and the frontier, as far as they can absorb."""
    firm = s.firms[i]
    province = s.provinces[firm.province]
    world = s.world[0]
    q = p.absorption
    firm.absorptive_capacity = 1.0
    if p.on.M30:
        firm.absorptive_capacity = absorptive_capacity(
            firm.rnd_stock / max(firm.staff, 0.5) / world.wage_index / world.rnd_reference,
            firm.skill / q.skill_reference,
            q.rnd_effect,
            q.skill_effect,
        )
    gap = world.frontier - (province.log_tfp_level + firm.log_tfp)
    spillover = raised_spillover(
        q.spillover, province.responsibility, p.responsibility.spillover if p.on.M16 else 0.0
    )
    governed = s.governments[firm.province].effect
    t = p.chains
    spillover *= chain_links(t.links, province.institutions, t.threshold, governed[M75])
    able = firm.absorptive_capacity
    rate = linked(q.catch_up, p.cooperation.links, able, s.governments[firm.province].effect[M86])
    firm.neighbour_gain = spillover_inflow(able, province.neighbour_rnd, spillover, q.cognitive_distance)
    firm.log_tfp += (
        firm.neighbour_gain
        + university_inflow(able, province.public_knowledge)
        + catching_up(gap, able, rate, q.gap_tolerance if p.on.M31 else 0.0)
    )


TOPIC = Topic(
    "absorption",
    AbsorptionParams,
    (
        Mechanism(
            "M30",
            "Absorptive capacity",
            layer="B",
            seed="000 §1",
            claim="with full absorption everywhere the gap between small and large firms closes",
            neutral="every firm absorbs everything",
        ),
        Mechanism(
            "M31",
            "Gap spillover: Matthew effect and clubs",
            layer="B",
            seed="002 §3",
            claim="with unlimited tolerance the Gini of productivity falls",
            neutral="a gap helps in proportion, whatever the capacity",
        ),
    ),
)
