"""Why firms stay on the trajectory they are on: sunk cost, measured with the wrong yardstick (M38).

A radical win opens the way to an emerging field. Old metrics undervalue what it would bring there, and what is
sunk into the old trajectory grows with the years spent on it (David 1985; Arthur 1989). Heavy industry has
sunk more (M103).
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Mechanism, Topic, param
from nqpf_abm.numerics.jit import routine, rule
from nqpf_abm.state.tables import HEAVY


@dataclass(frozen=True, kw_only=True)
class SwitchingParams(Checked):
    """Gains and costs of a change of trajectory."""

    yardstick: float = param(
        0.6, low=0.3, high=1.0, unit="share", symbol="e", evidence=Assumed("of the gain that old metrics see")
    )
    sunk: float = param(
        0.05, low=0.02, high=0.2, unit="log points",
        evidence=Assumed("given up with the old trajectory; keeps the share of firms that change"),
    )  # fmt: skip
    habit: float = param(
        0.05, low=0.0, high=0.15, unit="1/year", symbol="b", evidence=Assumed("growth of the sunk cost")
    )
    heavy: float = param(
        2.0, low=1.0, high=4.0, unit="1", evidence=Assumed("sunk cost of heavy industry over that of others")
    )


@rule
def leaves_old_trajectory(gain, yardstick, sunk, habit, years):
    """Whether a radical winner changes trajectory: if ``e·gain > sunk·(1 + b·years)``.

    gain  log points;  sunk  log points;  years  on the old trajectory

    By hand: gain .3, e=.6, sunk .1, b=.05, 10 years: .18 > .15, it does; after 20 years .18 < .2, it stays.
    """
    return yardstick * gain > sunk * (1.0 + habit * years)


@routine
def switches(firm, gain, p):
    """Whether the firm, after a radical win worth `gain`, goes over to the new trajectory."""
    q = p.switching
    if p.on.M38 == 0:
        return leaves_old_trajectory(gain, 1.0, q.sunk, 0.0, 0.0)
    sunk = q.sunk * q.heavy if firm.field == HEAVY else q.sunk
    return leaves_old_trajectory(gain, q.yardstick, sunk, q.habit, 0.25 * firm.age)


TOPIC = Topic(
    "switching",
    SwitchingParams,
    (
        Mechanism(
            "M38",
            "Path dependence and the wrong yardstick",
            layer="C",
            seed="003 §2.3, 4.1; 002 §2",
            claim="off, the traditional share falls faster in resource provinces",
            neutral="a radical winner weighs the whole gain against the sunk cost of a new firm outside heavy industry",
        ),
    ),
)
