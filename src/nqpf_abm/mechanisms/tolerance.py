"""How much failure a firm can bear, and what that does to radical search (M40).

Quarterly earnings pressure makes firms shy of risk (003 §4.1): a firm that misses its margin tolerates less,
one led by a risk-taker more. Below a threshold of tolerance radical search all but stops.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Calibrated, Checked, Mechanism, Topic, param, row_phase
from nqpf_abm.numerics.jit import rule
from nqpf_abm.numerics.mathx import clip01, hill
from nqpf_abm.policy.compensation import felt_pressure
from nqpf_abm.state.instruments import M70
from nqpf_abm.state.tables import RISK_TAKING

STEEPNESS = 8.0  # of the threshold, MECHANISMS E6


@dataclass(frozen=True, kw_only=True)
class ToleranceParams(Checked):
    """Tolerance of failure and what it takes to search for the radically new."""

    base: float = param(
        0.2, low=0.05, high=0.4, unit="0 to 1", symbol="τ₀", evidence=Assumed("mean leader, no pressure")
    )
    threshold: float = param(
        0.2, low=0.1, high=0.4, unit="0 to 1", symbol="τ*", evidence=Assumed("half of radical search goes on")
    )
    risk_effect: float = param(
        0.15, low=0.0, high=0.4, unit="1", evidence=Assumed("of the leader's risk-taking")
    )
    pressure_effect: float = param(
        0.1, low=0.0, high=0.3, unit="1", evidence=Assumed("tolerance lost under full earnings pressure")
    )
    margin: float = param(
        0.1, low=0.02, high=0.3, unit="share of sales", evidence=Assumed("quarterly profit that is expected")
    )
    usual: float = param(
        0.4, low=0.2, high=0.9, unit="share",
        evidence=Calibrated(
            "intended radical search that goes on at the defaults: keeps the radical share of wins of 2012-13",
            "this model, seeds 1-12",
        ),
    )  # fmt: skip


@rule
def earnings_pressure(profit, sales, margin):
    """Pressure of a quarter's earnings: 0 at the expected margin m, 1 at a loss as large, in between linear.

    By hand: profit 5, sales 100, m=.1 gives (.1 - .05)/.2 = .25.
    """
    if sales <= 0.0:
        return 1.0
    return clip01(0.5 * (margin - profit / sales) / margin)


@rule
def failure_tolerance(base, risk_effect, risk_taking, pressure_effect, pressure):
    """Tolerance of failure, ``τ = τ₀ + a (R - ½) - c P``, 0 to 1.

    By hand: τ₀=.2, a=.15, R=.7, c=.1, P=.5 gives .2 + .03 - .05 = .18.
    """
    return clip01(base + risk_effect * (risk_taking - 0.5) - pressure_effect * pressure)


@rule
def passage(tolerance, threshold):
    """Share of intended radical search that goes on, ``H(τ; τ*, 8) = τ⁸ / (τ⁸ + τ*⁸)`` (E6).

    By hand: τ=τ* gives ½, τ=½τ* gives 1/257.
    """
    return hill(tolerance, threshold, STEEPNESS)


@row_phase("firms", mechanisms="M01 M13 M40 M70", writes="tolerance")
def weigh_risk(i, s, p, key):
    """Firms find how much failure they can bear after last quarter's earnings."""
    firm = s.firms[i]
    q = p.tolerance
    pressure = earnings_pressure(firm.profit, firm.sales, q.margin) if firm.age > 0 else 0.0
    pressure = felt_pressure(pressure, p.compensation.bears, s.governments[firm.province].effect[M70])
    effect = q.risk_effect if p.on.M01 and p.on.M13 else 0.0
    firm.tolerance = failure_tolerance(
        q.base, effect, s.entrepreneurs[i].cognition[RISK_TAKING], q.pressure_effect, pressure
    )


TOPIC = Topic(
    "tolerance",
    ToleranceParams,
    (
        Mechanism(
            "M40",
            "Risk-aversion paradox",
            layer="C",
            seed="003 §4.1; 000 §4.1",
            claim="firms that tolerate less than half of the threshold have next to no radical wins",
            neutral="firms search for the radically new whatever they can bear",
        ),
    ),
)
