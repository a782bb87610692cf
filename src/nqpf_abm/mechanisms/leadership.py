"""How a leader's spirit trickles down to teams and employees (M05, M06, M07).

Opinion dynamics with stubborn anchors (Friedkin & Johnsen 1990): everyone moves towards a mix of the own
conviction and of what leader, peers and members hold, the more so the more empowering the leadership is.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Literature, Mechanism, Topic, param, row_phase
from nqpf_abm.numerics.jit import rule
from nqpf_abm.numerics.mathx import power
from nqpf_abm.state.tables import N_TRAITS

CASCADE = Literature(
    "cascade of leadership found in meta-analysis; the weight is assumed", "Schuh et al. 2022"
)


@dataclass(frozen=True, kw_only=True)
class LeadershipParams(Checked):
    """Strength and composition of social influence."""

    style_exponent: float = param(
        0.0, low=-1.0, high=1.0, unit="1", symbol="p",
        evidence=Assumed("0: styles complement each other (geometric mean); 1: they substitute"),
    )  # fmt: skip
    neutral_style: float = param(
        0.6, low=0.0, high=1.0, unit="0 to 1", evidence=Assumed("mean of the styles' distribution")
    )
    adjustment: float = param(
        0.15, low=0.05, high=0.3, unit="1/quarter", symbol="κ", evidence=Assumed("half-life of four quarters")
    )
    openness: float = param(
        0.8,
        low=0.5,
        high=0.95,
        unit="share",
        symbol="λ₀",
        evidence=Assumed("weight on others against own anchor"),
    )
    identification: float = param(
        0.7, low=0.0, high=1.0, unit="0 to 1", symbol="id",
        evidence=Literature("moderator found in meta-analysis; the level is assumed", "Schuh et al. 2022"),
    )  # fmt: skip
    team_from_leader: float = param(0.6, low=0.0, high=0.6, unit="share", symbol="w_L", evidence=CASCADE)
    team_from_teams: float = param(0.15, low=0.0, high=0.15, unit="share", symbol="w_P", evidence=CASCADE)
    team_from_members: float = param(0.25, low=0.0, high=0.25, unit="share", symbol="w_B", evidence=CASCADE)
    member_from_team: float = param(0.6, low=0.0, high=0.6, unit="share", symbol="v_T", evidence=CASCADE)
    member_from_leader: float = param(0.15, low=0.0, high=0.15, unit="share", symbol="v_L", evidence=CASCADE)
    member_from_peers: float = param(0.25, low=0.0, high=0.25, unit="share", symbol="v_P", evidence=CASCADE)
    safety_base: float = param(
        0.3, low=0.0, high=0.4, unit="0 to 1", evidence=Assumed("safety without leadership")
    )
    safety_gain: float = param(
        0.6, low=0.0, high=0.6, unit="0 to 1",
        evidence=Literature("leadership raises psychological safety; the slope is assumed", "Frazier et al. 2017"),
    )  # fmt: skip


@rule
def empowering_leadership(a, b, c, d, exponent):
    r"""Composite of the four styles, the power mean :math:`(\frac14\sum_k L_k^p)^{1/p}` (E1).

    a, b, c, d  empowering, transformational, visionary, spiritual style, 0 to 1
    exponent    p; 0 is the geometric mean, in which one style at 0 brings everything to 0

    By hand: styles .4 .4 .9 .9 give 0.6 at p=0 and 0.65 at p=1.
    """
    if exponent <= 0.0 and min(min(a, b), min(c, d)) <= 0.0:
        return 0.0
    if abs(exponent) < 1e-9:
        return power(a * b * c * d, 0.25)
    total = power(a, exponent) + power(b, exponent) + power(c, exponent) + power(d, exponent)
    return power(0.25 * total, 1.0 / exponent)


@rule
def moved_opinion(own, anchor, social, susceptibility, adjustment):
    r"""Opinion after one quarter, :math:`x + κ[(1-λ)x^0 + λ s - x]` (E2, E3; Friedkin & Johnsen 1990).

    own             x   0 to 1
    anchor          x⁰  own conviction, 0 to 1
    social          s   what others hold, 0 to 1
    susceptibility  λ   0 to 1
    adjustment      κ   1/quarter

    By hand: x=.5, x⁰=.5, s=1, λ=.8, κ=.15 gives .56.
    """
    return own + adjustment * ((1.0 - susceptibility) * anchor + susceptibility * social - own)


@row_phase("entrepreneurs", mechanisms="M05", writes="leadership")
def lead(i, s, p, key):
    """Leaders' four styles combine into team-empowering leadership."""
    e = s.entrepreneurs[i]
    if p.on.M05:
        e.leadership = empowering_leadership(
            e.style[0], e.style[1], e.style[2], e.style[3], p.leadership.style_exponent
        )
    else:
        e.leadership = p.leadership.neutral_style


@row_phase("teams", mechanisms="M06", writes="orientation safety")
def follow_leader(i, s, p, key):
    """Teams take over the spirit of their leader, of the other teams and of their members (E2)."""
    team = s.teams[i]
    leader = s.entrepreneurs[team.firm]
    firm = s.firms[team.firm]
    q = p.leadership
    from_leader = q.team_from_leader if p.on.M06 else 0.0
    to_anchor = 1.0 - from_leader - q.team_from_teams - q.team_from_members
    susceptibility = q.openness * leader.leadership * q.identification
    for k in range(N_TRAITS):
        social = (
            from_leader * leader.orientation[k]
            + q.team_from_teams * firm.team_mean[k]
            + q.team_from_members * team.member_mean[k]
            + to_anchor * team.anchor[k]
        )
        team.orientation[k] = moved_opinion(
            team.orientation[k], team.anchor[k], social, susceptibility, q.adjustment
        )
    team.safety = q.safety_base + q.safety_gain * leader.leadership


@row_phase("employees", mechanisms="M07", writes="orientation")
def take_over_spirit(i, s, p, key):
    """Employees take over the spirit of team, leader and peers (E3)."""
    person = s.employees[i]
    if person.firm < 0:
        return
    team = s.teams[person.team]
    leader = s.entrepreneurs[person.firm]
    q = p.leadership
    susceptibility = q.openness * team.safety
    to_anchor = 1.0 - q.member_from_team - q.member_from_leader - q.member_from_peers
    for k in range(N_TRAITS):
        social = person.anchor[k]
        if p.on.M07:
            social = (
                q.member_from_team * team.orientation[k]
                + q.member_from_leader * leader.orientation[k]
                + q.member_from_peers * team.member_mean[k]
                + to_anchor * person.anchor[k]
            )
        person.orientation[k] = moved_opinion(
            person.orientation[k], person.anchor[k], social, susceptibility, q.adjustment
        )


TOPIC = Topic(
    "leadership",
    LeadershipParams,
    (
        Mechanism(
            "M05",
            "Four leadership styles",
            layer="A",
            seed="000 §3.3",
            claim="one style at 0 collapses the composite at p=0 and costs a quarter at p=1",
            neutral="every leader has the same, mean leadership",
        ),
        Mechanism(
            "M06",
            "Leader to team",
            layer="A",
            seed="000 §3.3",
            claim="off, the leader-employee slope falls by 40 to 65 per cent",
            neutral="the leader's weight returns to the team's own anchor",
        ),
        Mechanism(
            "M07",
            "Team to employee, and the direct path",
            layer="A",
            seed="000 §3.3",
            claim="without the direct path the slope falls by 35 to 60 per cent",
            neutral="employees keep to their own anchor",
        ),
    ),
)
