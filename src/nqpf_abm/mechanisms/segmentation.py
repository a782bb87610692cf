"""How far borders between provinces hold up data, computing power and talent (M48; 002 §4).

What could cross a border is let through by ``1 - g``. People at the top move at the usual rate where g is usual.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Mechanism, Topic, param
from nqpf_abm.numerics.jit import routine, rule


@dataclass(frozen=True, kw_only=True)
class SegmentationParams(Checked):
    """Barriers between provinces."""

    barrier: float = param(
        0.5, low=0.2, high=0.8, unit="share", symbol="g",
        evidence=Assumed("of what could cross a border that does not (002 §4)"),
    )  # fmt: skip
    usual: float = param(
        0.5, low=0.2, high=0.8, unit="share",
        evidence=Assumed("barrier at which the top tier moves at its declared rate"),
    )  # fmt: skip


@rule
def crossing(flow, barrier_):
    """What crosses a border, ``flow·(1 - g)``.

    By hand: flow 10, g=.3 gives 7.
    """
    return flow * (1.0 - barrier_)


@rule
def relative_mobility(barrier_, usual):
    """Mobility of the top tier relative to that at the usual barrier, ``(1 - g)/(1 - g_usual)``.

    By hand: g=.2, usual .5 gives 1.6.
    """
    return (1.0 - barrier_) / (1.0 - usual)


@routine
def barrier(province, p):
    """The barrier around a province, g; none with M48 off."""
    return province.segmentation if p.on.M48 else 0.0


TOPIC = Topic(
    "segmentation",
    SegmentationParams,
    (
        Mechanism(
            "M48",
            "Segmentation of factor markets",
            layer="C",
            seed="002 §4",
            claim="without borders, circulation of data and digital input of provinces converge",
            neutral="data, computing power and talent cross borders freely (g = 0)",
        ),
    ),
)
