"""An institute for basic research with a budget for failure (M52).

Seed 003 §5.1 has firms set a slice of R&D apart for basic research, over ten years, with 30 % of failures allowed for:
whatever the earnings of the quarter, that slice is searched at this tolerance (M40). It finds nothing for three years,
then, more and more, it finds what is radical. Azoulay, Graff Zivin and Manso (2011) show that researchers who are given
time and early tolerance find more that is new. An institute that is closed starts from nothing when it is opened again.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Mechanism, SeedClaim, Topic, param
from nqpf_abm.mechanisms.tolerance import passage
from nqpf_abm.mechanisms.uptake import uptake
from nqpf_abm.numerics.jit import routine, rule
from nqpf_abm.numerics.mathx import clip01
from nqpf_abm.state.paths import M52


@dataclass(frozen=True, kw_only=True)
class InstituteParams(Checked):
    """The slice, how long it takes, and what failure it bears."""

    uptake: float = uptake("an institute")
    slice: float = param(
        0.1, low=0.02, high=0.3, unit="share", evidence=Assumed("of a firm's search, for basic research")
    )
    tolerance: float = param(
        0.3, low=0.1, high=0.5, unit="0 to 1", symbol="τ", evidence=SeedClaim("a failure budget of 30 %", "003 §5.1")
    )  # fmt: skip
    lag: float = param(
        12.0, low=4.0, high=20.0, unit="quarters", evidence=Assumed("in which basic research finds nothing for use")
    )  # fmt: skip
    horizon: float = param(
        40.0, low=24.0, high=60.0, unit="quarters", symbol="H",
        evidence=SeedClaim("basic research looks ten years ahead", "003 §5.1"),
    )  # fmt: skip
    half: float = param(
        20.0, low=5.0, high=60.0, unit="agents",
        evidence=Assumed("staff of a firm to which an institute is worth half of what it can be"),
    )  # fmt: skip


@rule
def maturity(age, lag, horizon):
    """Share of its strength that an institute has, ``(a - l)/(H - l)`` within 0 and 1; quarters.

    By hand: l=12, H=40 give 0 at 12, ½ at 26, 1 from 40 on.
    """
    return clip01((age - lag) / (horizon - lag))


@rule
def worth_an_institute(staff, half, leader_horizon, lag, horizon):
    """What an institute would bring in a leader's eyes, ``n/(n + n₀) · (h - l)/(H - l)``, 0 to 1.

    staff  n, agents;  leader_horizon  h, quarters: who looks no further than the lag sees nothing come of it

    By hand: n = n₀, h=26, l=12, H=40 give ¼.
    """
    return staff / (staff + half) * clip01((leader_horizon - lag) / (horizon - lag))


@routine
def applied_share(firm, p):
    """Share of a firm's search that is not its institute's."""
    return 1.0 - p.institute.slice if firm.paths[M52] > 0 else 1.0


@routine
def basic_share(firm, p):
    """Radical search of a firm's institute, over all of the firm's search: slice, maturity, and what failure it bears."""
    if firm.paths[M52] == 0:
        return 0.0
    q = p.institute
    goes_on = passage(q.tolerance, p.tolerance.threshold) if p.on.M40 else 1.0
    return q.slice * goes_on * maturity(float(firm.paths[M52]), q.lag, q.horizon)


TOPIC = Topic(
    "institute",
    InstituteParams,
    (
        Mechanism(
            "M52",
            "Basic institute with a failure budget",
            layer="D",
            seed="003 §5.1",
            claim="radical wins rise after three years, not before",
            neutral="no firm has an institute",
        ),
    ),
)
