"""Demands put to everybody, with the value split 50/30/20 between firm, team and university (M61).

Seed 003 §5.4 describes a platform on which firms post what they need; a team of their own staff and a university answer
together. A consortium forms if to each of the three its share of the value is worth its own part of the work. How hard
the two that invent work follows their share: when Norwegian professors' share fell from all to a third, start-ups and
patents halved (Hvide and Jones 2016), an elasticity of .63. A solution raises the firm's productivity at once; a year's
value of it is split, and the firm pays team and university their shares.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Literature, Mechanism, SeedClaim, Topic, param, row_phase
from nqpf_abm.mechanisms.alignment import alignment
from nqpf_abm.mechanisms.research import remaining_scope
from nqpf_abm.mechanisms.uptake import uptake
from nqpf_abm.numerics.draws import pareto, stream, uniform
from nqpf_abm.numerics.jit import routine, rule
from nqpf_abm.numerics.mathx import power
from nqpf_abm.state.paths import M61

DEMAND = stream("crowdsourcing.demand")
POSTED, VALUE, SOLVED = range(3)  # ordinals of draws


@dataclass(frozen=True, kw_only=True)
class CrowdsourcingParams(Checked):
    """Demands, who does what for which share, and what a solution is worth."""

    uptake: float = uptake("the platform")
    posted: float = param(
        0.25, low=0.05, high=1.0, unit="probability/quarter", evidence=Assumed("a demand a year")
    )
    firm_share: float = param(
        0.5, low=0.2, high=0.9, unit="share", evidence=SeedClaim("of the value, to the firm", "003 §5.4")
    )
    team_part: float = param(
        0.6, low=0.2, high=0.8, unit="share", evidence=SeedClaim("of the rest, to the team: 30 of 50", "003 §5.4")
    )  # fmt: skip
    firm_cost: float = param(
        0.5, low=0.2, high=0.8, unit="share", evidence=Assumed("of the work, the firm's")
    )
    team_cost: float = param(
        0.6, low=0.2, high=0.8, unit="share",
        evidence=Assumed("of the rest of the work, the team's; the university's grows as it is out of line with the firm"),
    )  # fmt: skip
    value_shape: float = param(
        1.5, low=1.1, high=3.0, unit="1", evidence=Assumed("tail of solutions' value over cost, that of radical gains")
    )  # fmt: skip
    solved: float = param(
        0.2, low=0.05, high=0.5, unit="probability", evidence=Assumed("by a consortium with half of the value for inventors")
    )  # fmt: skip
    elasticity: float = param(
        0.63, low=0.0, high=1.0, unit="elasticity",
        evidence=Literature("of start-ups and patents in the inventors' share, derived: ln ½ / ln ⅓", "Hvide & Jones 2016"),
    )  # fmt: skip
    gain: float = param(
        0.02, low=0.005, high=0.05, unit="log points",
        evidence=Assumed("productivity from a solution that is worth what it costs"),
    )  # fmt: skip
    payback: float = param(
        4.0, low=1.0, high=12.0, unit="quarters", evidence=Assumed("of the solution's value that are split")
    )
    half: float = param(
        20.0, low=5.0, high=60.0, unit="agents",
        evidence=Assumed("staff of a firm to which others' answers are worth half of what they can be: the large know more"),
    )  # fmt: skip


USUAL_INVENTORS = 0.5  # share of the value at which `solved` is declared


@rule
def least_value(firm, team, university, firm_cost, team_cost, university_cost):
    """Value over cost from which on all three gain, ``max_j c_j/s_j``: of shares s of the value and c of the cost.

    By hand: 50/30/20 of both give 1; for 80/10/10 of the value it is .3/.1 = 3.
    """
    return max(firm_cost / firm, team_cost / team, university_cost / university)


@rule
def forming_share(least, shape):
    """Share of demands that a consortium forms for, of a value over cost that is Pareto from 1 on, ``min(1, m^-k)``.

    By hand: m=3, k=1.5 give .192.
    """
    return power(least, -shape) if least > 1.0 else 1.0


@rule
def solving_probability(usual, inventors, usual_inventors, elasticity):
    """Probability that a consortium finds a solution, ``π (i/½)^ε`` at most 1; i is the inventors' share of the value.

    By hand: π=.2, i=.25, ε=1 give .1.
    """
    return min(usual * power(inventors / usual_inventors, elasticity), 1.0)


@rule
def solution_gain(value, gain, most):
    """Log productivity of a solution whose value is V times its cost, ``min(g V, most)``.  By hand: V=3, g=.02: .06."""
    return min(gain * value, most)


@rule
def worth_asking(staff, half):
    """What others' answers would bring a firm, ``n₀/(n + n₀)``: the large have more of their own."""
    return half / (staff + half)


@routine
def best_alignment(firm, s, p):
    """How near the nearest university of the province is to what a firm needs, 0 to 1; 0 if there is none."""
    a = p.alignment
    need = a.need_new if firm.is_new else a.need_old
    best = 0.0
    for k in range(s.universities.size):
        u = s.universities[k]
        if u.is_alive and u.province == firm.province:
            best = max(best, alignment(u.orientation, need, a.tolerance) if p.on.M46 else 1.0)
    return best


@row_phase(
    "firms",
    mechanisms="M61",
    writes="consortium bounty found wins",
    draws="crowdsourcing.demand",
)
def post_demands(i, s, p, key):
    """Firms on the platform post what they need; where a consortium forms and finds it, it counts as a win."""
    firm = s.firms[i]
    q = p.crowdsourcing
    firm.consortium = 0
    firm.bounty = 0.0
    if firm.paths[M61] == 0 or uniform(key, firm.uid, DEMAND, POSTED) >= q.posted:
        return
    near = best_alignment(firm, s, p)
    if near <= 0.0:
        return
    rest, work = 1.0 - q.firm_share, 1.0 - q.firm_cost
    least = least_value(
        q.firm_share,
        rest * q.team_part,
        rest * (1.0 - q.team_part),
        q.firm_cost,
        work * q.team_cost,
        work * (1.0 - q.team_cost) / near,
    )
    value = pareto(uniform(key, firm.uid, DEMAND, VALUE), q.value_shape)
    if value < least:
        return
    firm.consortium = 1
    if uniform(key, firm.uid, DEMAND, SOLVED) >= solving_probability(
        q.solved, rest, USUAL_INVENTORS, q.elasticity
    ):
        return
    level = s.provinces[firm.province].log_tfp_level + firm.log_tfp
    scope = remaining_scope(level, s.world[0].frontier, p.research.fishing_out)
    gain = scope * solution_gain(value, q.gain, p.research.incremental_range)
    firm.found += gain
    firm.wins += 1
    firm.bounty = gain * firm.sales * q.payback


TOPIC = Topic(
    "crowdsourcing",
    CrowdsourcingParams,
    (
        Mechanism(
            "M61",
            "Demand crowdsourcing 50/30/20",
            layer="D",
            seed="003 §5.4",
            claim="more is won; at 80/10/10 at least 30 % fewer consortia form",
            neutral="no firm posts what it needs",
        ),
    ),
)
