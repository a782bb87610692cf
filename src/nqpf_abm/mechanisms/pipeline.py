"""From university achievement to local use: the valley of death (E12, M39)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nqpf_abm.declare import (
    Assumed,
    Checked,
    Literature,
    Mechanism,
    Topic,
    collective_phase,
    param,
    row_phase,
)
from nqpf_abm.mechanisms.alignment import alignment, engineering_need, expected_papers
from nqpf_abm.mechanisms.proving import proving_factor
from nqpf_abm.mechanisms.workplace import free_row
from nqpf_abm.numerics.draws import lineage, poisson, stream, uniform
from nqpf_abm.numerics.jit import routine, rule
from nqpf_abm.numerics.mathx import exp
from nqpf_abm.policy.platform import bridged, relayed_stall
from nqpf_abm.policy.reforms import inventors_effort
from nqpf_abm.policy.scenarios import opened
from nqpf_abm.state.instruments import M71, M73, M74
from nqpf_abm.state.tables import FIRST_TRL, LAST_TRL

CREATE = stream("pipeline.create")
PAPERS = stream("pipeline.papers")
ADVANCE = stream("pipeline.advance")
LOCAL = stream("pipeline.local")
PROJECT = 41  # lineage tag of achievements
UNDER_WAY, ADVANCED, STALLED = range(3)


@dataclass(frozen=True, kw_only=True)
class PipelineParams(Checked):
    """Hazards between technology readiness levels, and what a conversion is worth."""

    advance: float = param(
        0.5,
        low=0.25,
        high=1.0,
        unit="1/quarter",
        symbol="h₀",
        evidence=Assumed("before mismatch and the valley"),
    )
    stall: float = param(
        0.05, low=0.025, high=0.1, unit="1/quarter", symbol="δ_U", evidence=Assumed("given up")
    )
    valley: float = param(
        0.5, low=0.2, high=1.0, unit="1",
        evidence=Literature("a dip between laboratory and product; its depth is assumed", "Markham et al. 2010"),
    )  # fmt: skip
    per_quarter: float = param(
        60.0, low=30.0, high=120.0, unit="achievements/quarter", evidence=Assumed("default size")
    )
    least_per_quarter: float = param(
        4.0, low=2.0, high=8.0, unit="achievements/quarter",
        evidence=Assumed("simulated in the smallest region, so that its conversion rate is a rate"),
    )  # fmt: skip
    inflow: float = param(
        0.0005, low=0.0, high=0.001, unit="log points/quarter",
        evidence=Assumed("productivity from public research where it is .5 % of output and converts as in 2012"),
    )  # fmt: skip
    effort_reference: float = param(
        0.005,
        low=0.002,
        high=0.01,
        unit="share of output",
        evidence=Assumed("public R&D of a mean region, 2012"),
    )
    licence: float = param(
        0.1,
        low=0.0,
        high=0.4,
        unit="share",
        evidence=Assumed("of what an achievement cost, paid for its use"),
    )
    memory: float = param(
        0.125, low=0.05, high=0.5, unit="1/quarter", evidence=Assumed("knowledge spreads over two years")
    )


@rule
def advance_hazard(level, base, match, valley):
    """Quarterly hazard of moving up one level, ``h₀ m``, lower by the factor `valley` at TRL 4 to 6 (E12).

    By hand: level 5, h₀=.5, m=.5, valley=.5 gives .125.
    """
    hazard = base * match
    if 4 <= level <= 6:
        hazard *= valley
    return hazard


@rule
def conversion_share(base, match, valley, stall):
    """Share of achievements that reach the last level, each level advanced before it stalls: ``Π h/(h + δ)``.

    By hand: h₀=.5, m=1, valley=1, δ=.05 give (.5/.55)⁶ = .564.
    """
    share = 1.0
    for level in range(FIRST_TRL, LAST_TRL):
        hazard = advance_hazard(level, base, match, valley)
        share *= hazard / (hazard + stall)
    return share


@rule
def fate(u, advance, stall):
    """What becomes of a project this quarter with competing hazards: 0 stays, 1 advances, 2 stalls."""
    if u > advance + stall + 1e-12:
        return (
            UNDER_WAY  # the probability to leave is no larger, so that most are told without an exponential
        )
    leaves = 1.0 - exp(-(advance + stall))
    if u >= leaves:
        return UNDER_WAY
    return ADVANCED if u < leaves * advance / (advance + stall) else STALLED


@rule
def usual_inflow(effort, inflow, reference):
    """Log productivity a quarter from public research that converts as in 2012, ``u min(e/e*, 3)``.

    effort  e, public R&D over output in 2012;  reference  e*;  inflow  u, at e = e*

    By hand: e = 2e* and u = .0005 give .001.
    """
    return inflow * min(effort / reference, 3.0)


@rule
def licence_fees(conversions, public_rnd, usual_created, share):
    """Fees of a quarter, ``φ R/c`` for each local conversion; 10^6 yuan.

    conversions  in the province;  public_rnd  R, 10^6 yuan;  usual_created  c, achievements;  share  φ

    By hand: 2 conversions, R=100, c=10, φ=.1 give 2.
    """
    return share * public_rnd / usual_created * conversions if usual_created > 0.0 else 0.0


@row_phase(
    "universities", mechanisms="M46 M51", writes="created papers", draws="pipeline.create pipeline.papers"
)
def create_achievements(i, s, p, key):
    """Universities create achievements in proportion to public R&D at constant wages, and write papers."""
    u = s.universities[i]
    government = s.governments[u.province]
    real = 0.0  # without public research there are no achievements
    if government.public_rnd_start > 0.0:
        real = government.public_rnd / government.public_rnd_start / s.world[0].wage_index
    if u.centre > 0:
        real *= 1.0 - p.proving.cost
    u.created = poisson(u.mean_created * real, uniform(key, u.uid, CREATE, 0))
    papers = expected_papers(u.mean_created * real, oriented(s, i, p), p.alignment.papers)
    u.papers = poisson(papers, uniform(key, u.uid, PAPERS, 0))


@row_phase("universities", mechanisms="M46 M73 M74", writes="match effort")
def align(i, s, p, key):
    """Find what all projects of a university have in common: how near they are to the need, and inventors' effort."""
    u = s.universities[i]
    effect = s.governments[u.province].effect
    tolerance = bridged(p.alignment.tolerance, p.platform.width, effect[M74])
    u.match = matched(s, i, oriented(s, i, p), tolerance, p)
    q = p.reforms
    u.effort = inventors_effort(effect[M73], q.share, q.share_reformed, q.elasticity)


@routine
def oriented(s, i, p):
    """Orientation of university `i`: its own, or what the firms of its province need without M46."""
    q = p.alignment
    u = s.universities[i]
    if p.on.M46:
        return min(u.orientation + p.reforms.orientation * s.governments[u.province].effect[M73], 1.0)
    return engineering_need(s.provinces[u.province].new_share, q.need_old, q.need_new)


@routine
def matched(s, i, orientation, tolerance, p):
    """How near an orientation is to what the firms around university `i` need, 0 to 1."""
    a = p.alignment
    need = engineering_need(s.provinces[s.universities[i].province].new_share, a.need_old, a.need_new)
    return alignment(orientation, need, tolerance)


@row_phase(
    "projects",
    mechanisms="M39 M46 M51 M66 M71 M73 M74",
    writes="level age tested outcome",
    draws="pipeline.advance",
    lot=ADVANCE,
)
def advance(i, s, p, key, lot):
    """Projects climb the technology readiness levels, or stall."""
    project = s.projects[i]
    q = p.pipeline
    u = s.universities[project.university]
    effect = s.governments[project.province].effect
    match = 1.0 if project.grant > 0.0 else u.match  # with a grant, a firm has named the need
    hazard = advance_hazard(project.level, q.advance, match, q.valley if p.on.M39 else 1.0)
    hazard *= u.effort
    hazard *= opened(project.level, p.scenarios.late, effect[M71])
    if u.centre > 0:
        hazard *= proving_factor(project.level, float(project.tested), p.proving.gain, p.proving.cap)
        project.tested += 1 if 4 <= project.level <= 6 else 0
    stall = relayed_stall(q.stall, p.platform.relay, effect[M74])
    project.outcome = fate(lot, hazard, stall)
    project.age += 1
    if project.outcome == ADVANCED:
        project.level += 1


@collective_phase(
    mechanisms="M39 M46 M51 M66",
    writes="projects.* provinces.reward_repaid provinces.created provinces.proven provinces.converted "
    "provinces.converted_locally provinces.stalled "
    "provinces.expected_conversions provinces.public_knowledge provinces.conversion_age provinces.licences "
    "world.is_full",
    draws="pipeline.local",
)
def transfer_technology(s, p, key):
    """Finished projects are adopted locally as far as firms can absorb them; new achievements enter at TRL 3."""
    ages = np.zeros(s.provinces.size)
    usual = np.zeros(s.provinces.size)
    for r in range(s.provinces.size):
        province = s.provinces[r]
        province.created = 0
        province.converted = 0
        province.converted_locally = 0
        province.stalled = 0
        province.reward_repaid = 0.0
        province.proven = 0
    for i in range(s.projects.size):
        project = s.projects[i]
        if project.is_alive == 0:
            continue
        province = s.provinces[project.province]
        if project.outcome == STALLED:
            province.stalled += 1
            project.is_alive = 0
        elif project.level >= LAST_TRL:
            province.converted += 1
            ages[project.province] += float(project.age)
            project.is_alive = 0
            if project.grant > 0.0 or uniform(key, project.uid, LOCAL, 0) < province.absorptive_capacity:
                province.converted_locally += 1
                province.proven += 1 if project.tested > 0 else 0
            province.reward_repaid += p.reward.repaid * project.grant
    row = 0
    for i in range(s.universities.size):
        u = s.universities[i]
        if u.is_alive == 0:
            continue
        usual[u.province] += u.mean_created
        for k in range(u.created):
            row = free_row(s.projects, row)
            if row < 0:
                s.world[0].is_full = 1
                break
            project = s.projects[row]
            project.is_alive = 1
            project.uid = lineage(u.uid, key.quarter, k, PROJECT)
            project.province = u.province
            project.university = i
            project.level = FIRST_TRL
            project.age = 0
            project.grant = 0.0
            project.tested = 0
            project.outcome = UNDER_WAY
            s.provinces[u.province].created += 1
    for r in range(s.provinces.size):
        province = s.provinces[r]
        if province.converted > 0:
            mean = ages[r] / float(province.converted)
            province.conversion_age += p.pipeline.memory * (mean - province.conversion_age)
        province.licences = licence_fees(
            float(province.converted_locally), s.governments[r].public_rnd, usual[r], p.pipeline.licence
        )
    spread_knowledge(s, p)


@routine
def spread_knowledge(s, p):
    """Public knowledge follows local conversions relative to those usual in the last burn-in years.

    What is usual is with the valley (M39) and misalignment (M46): where one is off, what more is converted counts.
    """
    q = p.pipeline
    n = s.provinces.size
    usual, own = np.zeros(n), np.zeros(n)
    for i in range(s.universities.size):
        u = s.universities[i]
        if u.is_alive:
            near = matched(s, i, u.orientation, p.alignment.tolerance, p)
            met = near if p.on.M46 else 1.0
            valley = q.valley if p.on.M39 else 1.0
            usual[u.province] += u.mean_created * conversion_share(q.advance, near, q.valley, q.stall)
            own[u.province] += u.mean_created * conversion_share(q.advance, met, valley, q.stall)
    for r in range(n):
        province = s.provinces[r]
        now = float(province.converted_locally)
        if s.world[0].is_burn_in:
            province.expected_conversions += q.memory * (now - province.expected_conversions)
            continue
        government = s.governments[r]
        level = usual_inflow(government.public_rnd_start / province.gdp_start, q.inflow, q.effort_reference)
        reference = max(province.expected_conversions * usual[r] / max(own[r], 1e-300), 0.5)
        province.public_knowledge += q.memory * (level * now / reference - province.public_knowledge)


TOPIC = Topic(
    "pipeline",
    PipelineParams,
    (
        Mechanism(
            "M39",
            "Valley of death",
            layer="C",
            seed="003 §4.1; 000 §4.1",
            claim="without the dip at TRL 4 to 6 conversion is at least 1.5 times as high",
            neutral="the hazard is the same at every level",
        ),
    ),
)
