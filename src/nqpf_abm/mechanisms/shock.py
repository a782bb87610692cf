"""What if spirit or leadership were higher? Shifts in standard deviations, from 2012Q1 on, for experiments.

Until 2012Q1 a shifted run is the run without the shift, so that both start from the same economy. Whoever
comes later (founders, newcomers to working life) is shifted as well.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Topic, collective_phase, param
from nqpf_abm.mechanisms.spirit import orientation_spread
from nqpf_abm.numerics.jit import rule
from nqpf_abm.numerics.mathx import clip01
from nqpf_abm.state.tables import N_STYLES, N_TRAITS

NONE = Assumed("a counterfactual, none by default")
UNIFORM_SD = 0.28867513459481287  # standard deviation of a uniform number on [0, 1]


@dataclass(frozen=True, kw_only=True)
class ShockParams(Checked):
    """Shifts by level."""

    leaders: float = param(0.0, low=-2.0, high=2.0, unit="sd of the mean orientation", evidence=NONE)
    teams: float = param(0.0, low=-2.0, high=2.0, unit="sd of the mean conviction", evidence=NONE)
    employees: float = param(0.0, low=-2.0, high=2.0, unit="sd of the mean conviction", evidence=NONE)
    styles: float = param(0.0, low=-2.0, high=2.0, unit="sd of the mean style", evidence=NONE)


@rule
def shift(s, size):
    """The shift in force, 0 before 2012Q1; sd."""
    return size if s.world[0].clock >= 0.0 else 0.0


@rule
def style_shift(spread):
    r"""What moves the mean of four independent styles by one standard deviation, :math:`w/\sqrt{12}/2`.

    By hand: styles spread over .6 gives .0866.
    """
    return 0.5 * UNIFORM_SD * spread


@collective_phase(
    writes="entrepreneurs.orientation entrepreneurs.style teams.orientation teams.anchor employees.orientation "
    "employees.anchor"
)
def shift_spirit(s, p, key):
    """At 2012Q1, shift those who are there: both what they hold and what they are convinced of."""
    q = p.shock
    if s.world[0].clock != 0.0:
        return
    styles = q.styles * style_shift(p.demography.style_high - p.demography.style_low)
    founders = q.leaders * orientation_spread(p.demography.orientation_sd, p.demography.coherence)
    spread = orientation_spread(p.labour.orientation_sd, p.labour.coherence)
    for i in range(s.entrepreneurs.size):
        e = s.entrepreneurs[i]
        if e.is_alive and q.leaders != 0.0:
            for k in range(N_TRAITS):
                e.orientation[k] = clip01(e.orientation[k] + founders)
        if e.is_alive and styles != 0.0:
            for k in range(N_STYLES):
                e.style[k] = clip01(e.style[k] + styles)
    for i in range(s.teams.size):
        team = s.teams[i]
        if team.is_alive and q.teams != 0.0:
            for k in range(N_TRAITS):
                team.orientation[k] = clip01(team.orientation[k] + q.teams * spread)
                team.anchor[k] = clip01(team.anchor[k] + q.teams * spread)
    for i in range(s.employees.size):
        person = s.employees[i]
        if person.is_alive and q.employees != 0.0:
            for k in range(N_TRAITS):
                person.orientation[k] = clip01(person.orientation[k] + q.employees * spread)
                person.anchor[k] = clip01(person.anchor[k] + q.employees * spread)


TOPIC = Topic("shock", ShockParams)
