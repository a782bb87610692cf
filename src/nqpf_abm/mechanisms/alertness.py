"""Who sees a gap in the market, and whom that displaces (M03).

Alertness to what others overlook is the entrepreneur's trade (Kirzner 1973); taking it, the alert displace those
who sold before (Schumpeter 1942). Niches are as large for a small firm as for a large one, so that they overturn
ranks where selection on productivity alone confirms them.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Calibrated, Checked, Mechanism, Topic, param, row_phase
from nqpf_abm.mechanisms.spirit import RAUCH, STRENGTH
from nqpf_abm.numerics.draws import stream, uniform
from nqpf_abm.numerics.jit import rule
from nqpf_abm.numerics.mathx import logistic
from nqpf_abm.state.tables import PROACTIVENESS

OPEN = stream("alertness.open")
SEE = stream("alertness.see")


@dataclass(frozen=True, kw_only=True)
class AlertnessParams(Checked):
    """Niches: how often, who sees them, how large."""

    sight: float = param(
        5.0, low=1.0, high=8.0, unit="1", symbol="b",
        evidence=Calibrated("direction after Kirzner 1973; strength " + STRENGTH, RAUCH),
    )  # fmt: skip
    niches: float = param(
        0.12, low=0.0, high=0.2, unit="1/firm/quarter",
        evidence=Calibrated("a gap every eight quarters, seen or not; " + STRENGTH, RAUCH),
    )  # fmt: skip
    size: float = param(
        0.2, low=0.05, high=2.0, unit="mean share", evidence=Assumed("of the market, for whoever takes it")
    )
    speed: float = param(
        0.125, low=0.05, high=0.5, unit="1/quarter", evidence=Assumed("customers change over two years")
    )


@rule
def sight_probability(proactiveness, strength):
    """Probability of seeing a niche that is there, ``σ(b (P - 1/2))``.

    proactiveness  P, 0 to 1;  strength  b

    By hand: P=.5 gives .5 whatever b; P=.75, b=4 gives σ(1) = .731.
    """
    return logistic(strength * (proactiveness - 0.5))


@rule
def conquered(niche, speed):
    """Share of the market won from others this quarter, of a niche seen, ``v·niche``.

    By hand: niche .004, v=.125 gives .0005.
    """
    return speed * niche


@row_phase("firms", mechanisms="M03", writes="niche niches", draws="alertness.open alertness.see")
def spot_niches(i, s, p, key):
    """Alert entrepreneurs see niches; what was seen earlier is won bit by bit when shares are settled."""
    firm = s.firms[i]
    q = p.alertness
    firm.niche -= conquered(firm.niche, q.speed)  # won last quarter
    firm.niches = 0
    if p.on.M03 and uniform(key, firm.uid, OPEN, 0) < q.niches:
        odds = sight_probability(s.entrepreneurs[i].cognition[PROACTIVENESS], q.sight)
        if uniform(key, firm.uid, SEE, 0) < odds:
            firm.niches = 1
            firm.niche += q.size / s.provinces[firm.province].n_firms


TOPIC = Topic(
    "alertness",
    AlertnessParams,
    (
        Mechanism(
            "M03",
            "Alertness and creative destruction",
            layer="A",
            seed="000 §2.1, 3.1",
            claim="off, turnover among the top tenth of firms falls by at least 30 per cent",
            neutral="nobody sees niches: market shares follow fitness alone",
        ),
    ),
)
