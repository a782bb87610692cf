"""What a charismatic leader adds, and what goes when the leader goes (M11).

Charisma is a contrast to empowering leadership, not one of its styles. It draws followers, up to a point, and
makes them dependent: what they hold under an empowering leader becomes their own conviction, under a
charismatic one it does not.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Literature, Mechanism, Topic, param
from nqpf_abm.numerics.jit import rule


@dataclass(frozen=True, kw_only=True)
class CharismaParams(Checked):
    """Charisma of leaders, and what followers make their own."""

    low: float = param(0.0, low=0.0, high=0.5, unit="0 to 1", evidence=Assumed("of founders, lower end"))
    high: float = param(
        0.6, low=0.5, high=1.0, unit="0 to 1", evidence=Assumed("of founders, upper end: few are extreme")
    )
    dependence: float = param(
        0.3, low=0.0, high=0.6, unit="0 to 1",
        evidence=Literature(
            "personal identification with the leader goes with dependence (888 employees, 76 branches); the size "
            "of the loss of safety is ours", "Kark, Shamir & Chen 2003, doi:10.1037/0021-9010.88.2.246"),
    )  # fmt: skip
    internalisation: float = param(
        0.25, low=0.0, high=0.5, unit="share of κ",
        evidence=Assumed("convictions move four times as slowly as opinions, under empowering leaders alone"),
    )  # fmt: skip


@rule
def leader_weight(weight, charisma):
    r"""Weight of the leader among all that teams look at, :math:`w(1+χ-χ²)/(1+w(χ-χ²))`.

    weight  w of a leader without charisma, all weights summing to 1;  charisma  χ, 0 to 1

    By hand: w=.6, χ=.5 gives .75/1.15 = .652; χ=0 and χ=1 give .6. The inverted U is that of Vergauwe et al.
    (2018, doi:10.1037/pspp0000147: moderate charisma is rated most effective); the parabola is ours. Dividing
    keeps the sum of weights at 1.
    """
    extra = charisma - charisma * charisma
    return weight * (1.0 + extra) / (1.0 + weight * extra)


@rule
def safety_cost(charisma, dependence):
    """Psychological safety lost to dependence on the leader, ``d χ``.

    By hand: d=.3, χ=.5 gives .15.
    """
    return dependence * charisma


@rule
def internalised(anchor, opinion, rate, charisma):
    r"""Conviction after a quarter, :math:`x^0 + ι(1-χ)(x - x^0)`: opinions held become one's own.

    anchor  x⁰, opinion  x, 0 to 1;  rate  ι, 1/quarter, under the leader's empowerment;  charisma  χ, 0 to 1

    By hand: x⁰=.5, x=.6, ι=.02, χ=.5 gives .501. Under full charisma nothing is internalised.
    """
    return anchor + rate * (1.0 - charisma) * (opinion - anchor)


TOPIC = Topic(
    "charisma",
    CharismaParams,
    (
        Mechanism(
            "M11",
            "Charisma contrast",
            layer="A",
            seed="not in the seeds; a contrast to 000 §3.3",
            claim="the leader removed, employees' orientation halves sooner under charisma than under empowerment",
            neutral="charisma neither draws nor costs, and convictions never change",
        ),
    ),
)
