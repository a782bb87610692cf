"""How a leader's spirit trickles down to teams and employees (M05, M06, M07, M102).

Opinion dynamics with stubborn anchors (Friedkin & Johnsen 1990): everyone moves towards a mix of the own
conviction and of what leader, peers and members hold, the more so the more empowering the leadership is. Each
style has a channel of its own: empowering gives autonomy, transformational motivation, visionary a shared
direction, spiritual safety. What charisma adds is in charisma.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Calibrated, Checked, Literature, Mechanism, Topic, param, row_phase
from nqpf_abm.mechanisms.charisma import internalised, leader_weight, safety_cost
from nqpf_abm.mechanisms.spirit import RAUCH, STRENGTH
from nqpf_abm.numerics.jit import rule
from nqpf_abm.numerics.mathx import clip01, power
from nqpf_abm.policy.training import raised, reached
from nqpf_abm.state.instruments import M77
from nqpf_abm.state.tables import AUTONOMY, DIRECTION, MOTIVATION, N_STYLES, N_TRAITS, SAFETY

CASCADE = Assumed("leadership cascades down levels (direction: review of Jeuken 2016); the weight is ours")
CHANNEL = Assumed("styles empower through institutions, motivation, direction and culture (000 §3.3)")


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
        0.95,
        low=0.5,
        high=0.95,
        unit="share",
        symbol="λ₀",
        evidence=Calibrated("weight on others against own anchor, " + STRENGTH, RAUCH),
    )
    identification: float = param(
        0.9, low=0.0, high=1.0, unit="0 to 1", symbol="id",
        evidence=Calibrated(
            STRENGTH + "; under mean direction; social identification carries empowerment (Kark et al. 2003)",
            RAUCH,
        ),
    )  # fmt: skip
    autonomy_strength: float = param(0.5, low=0.2, high=0.8, unit="share", symbol="b₁", evidence=CHANNEL)
    motivation_strength: float = param(0.5, low=0.2, high=0.8, unit="share", symbol="b₂", evidence=CHANNEL)
    direction_strength: float = param(0.5, low=0.2, high=0.8, unit="share", symbol="b₃", evidence=CHANNEL)
    safety_strength: float = param(0.5, low=0.2, high=0.8, unit="share", symbol="b₄", evidence=CHANNEL)
    team_from_leader: float = param(0.6, low=0.0, high=0.6, unit="share", symbol="w_L", evidence=CASCADE)
    team_from_teams: float = param(0.15, low=0.0, high=0.15, unit="share", symbol="w_P", evidence=CASCADE)
    team_from_members: float = param(0.25, low=0.0, high=0.25, unit="share", symbol="w_B", evidence=CASCADE)
    member_from_team: float = param(0.6, low=0.0, high=0.6, unit="share", symbol="v_T", evidence=CASCADE)
    member_from_leader: float = param(0.15, low=0.0, high=0.15, unit="share", symbol="v_L", evidence=CASCADE)
    member_from_peers: float = param(0.25, low=0.0, high=0.25, unit="share", symbol="v_P", evidence=CASCADE)
    safety_base: float = param(
        0.4, low=0.0, high=0.6, unit="0 to 1", evidence=Assumed("safety without leadership or charisma")
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


@rule
def channel_level(composite, style, strength):
    r"""What reaches the team through the channel of one style, :math:`(1-b_k)\,TEL + b_k L_k`.

    composite  TEL, 0 to 1;  style  L_k, 0 to 1;  strength  b_k, share of the channel that is the style's own

    By hand: TEL=.6, L=.8, b=.5 gives .7. A style at 0 empties its own channel and only lowers the others,
    through the composite. A product of the two would empty all four alike.
    """
    return (1.0 - strength) * composite + strength * style


@rule
def relative_speed(speed, channel, neutral):
    """Speed of adjustment under a leader's motivation, ``κ m/m̄``, at most 1 a quarter.

    By hand: κ=.15, m=.8, m̄=.6 gives .2.
    """
    return min(speed * channel / max(neutral, 1e-6), 1.0)


@rule
def shared_identification(usual, channel, neutral, responsibility):
    """Identification with the firm, ``id d/d̄`` plus what its social responsibility adds, within [0, 1].

    By hand: id=.7, d=.6=d̄ and .1 from responsibility give .8.
    """
    return clip01(usual * channel / max(neutral, 1e-6) + responsibility)


@row_phase("entrepreneurs", mechanisms="M05 M77 M102", writes="leadership channel")
def lead(i, s, p, key):
    """Leaders' four styles combine into team-empowering leadership, and act through four channels."""
    e = s.entrepreneurs[i]
    q = p.leadership
    e.leadership = q.neutral_style
    if p.on.M05:
        e.leadership = empowering_leadership(e.style[0], e.style[1], e.style[2], e.style[3], q.style_exponent)
    firm = s.firms[i]
    trained = reached(firm.staff, p.training.most_staff, s.governments[firm.province].effect[M77])
    e.leadership = raised(e.leadership, p.training.leading, trained)
    for k in range(N_STYLES):
        e.channel[k] = e.leadership
    if p.on.M05 and p.on.M102:
        e.channel[AUTONOMY] = channel_level(e.leadership, e.style[AUTONOMY], q.autonomy_strength)
        e.channel[MOTIVATION] = channel_level(e.leadership, e.style[MOTIVATION], q.motivation_strength)
        e.channel[DIRECTION] = channel_level(e.leadership, e.style[DIRECTION], q.direction_strength)
        e.channel[SAFETY] = channel_level(e.leadership, e.style[SAFETY], q.safety_strength)


@row_phase("teams", mechanisms="M06 M11 M16 M102", writes="orientation anchor safety autonomy motivation")
def follow_leader(i, s, p, key):
    """Teams take over the spirit of their leader, of the other teams and of their members (E2)."""
    team = s.teams[i]
    leader = s.entrepreneurs[team.firm]
    firm = s.firms[team.firm]
    q = p.leadership
    charisma = leader.charisma if p.on.M11 else 0.0
    from_leader = leader_weight(q.team_from_leader, charisma) if p.on.M06 else 0.0
    rest = q.team_from_leader / (1.0 - q.team_from_leader) if p.on.M06 else 0.0
    others = (1.0 - from_leader) * (1.0 + rest)  # what the leader's charisma adds is taken from all others
    to_anchor = 1.0 - from_leader - others * (q.team_from_teams + q.team_from_members)
    given = p.responsibility.identification * firm.responsibility if p.on.M16 else 0.0
    identification = shared_identification(
        q.identification, leader.channel[DIRECTION], q.neutral_style, given
    )
    susceptibility = q.openness * leader.leadership * identification
    team.motivation = leader.channel[MOTIVATION]
    team.autonomy = leader.channel[AUTONOMY]
    speed = relative_speed(q.adjustment, team.motivation, q.neutral_style)
    keeps = p.charisma.internalisation * q.adjustment * leader.leadership if p.on.M11 else 0.0
    for k in range(N_TRAITS):
        social = (
            from_leader * leader.orientation[k]
            + others * (q.team_from_teams * firm.team_mean[k] + q.team_from_members * team.member_mean[k])
            + to_anchor * team.anchor[k]
        )
        team.orientation[k] = moved_opinion(
            team.orientation[k], team.anchor[k], social, susceptibility, speed
        )
        team.anchor[k] = internalised(team.anchor[k], team.orientation[k], keeps, charisma)
    team.safety = clip01(
        q.safety_base + q.safety_gain * leader.channel[SAFETY] - safety_cost(charisma, p.charisma.dependence)
    )


@row_phase("employees", mechanisms="M07 M11 M102", writes="orientation anchor")
def take_over_spirit(i, s, p, key):
    """Employees take over the spirit of team, leader and peers (E3)."""
    person = s.employees[i]
    if person.firm < 0:
        return
    team = s.teams[person.team]
    leader = s.entrepreneurs[person.firm]
    q = p.leadership
    susceptibility = q.openness * team.safety
    speed = relative_speed(q.adjustment, team.motivation, q.neutral_style)
    charisma = leader.charisma if p.on.M11 else 0.0
    keeps = p.charisma.internalisation * q.adjustment * leader.leadership if p.on.M11 else 0.0
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
            person.orientation[k], person.anchor[k], social, susceptibility, speed
        )
        person.anchor[k] = internalised(person.anchor[k], person.orientation[k], keeps, charisma)


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
        Mechanism(
            "M102",
            "Styles act through four channels",
            layer="G",
            seed="000 §3.3",
            claim="one style at 0 moves its own channel (autonomy, motivation, direction, safety), the others less",
            neutral="all four channels follow the composite",
        ),
    ),
)
