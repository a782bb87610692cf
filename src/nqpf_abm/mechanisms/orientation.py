"""How an entrepreneur's orientation becomes what the firm does (M01, M13).

Entrepreneurial orientation has three dimensions (Miller 1983; Covin & Slevin 1989). What is perceived in one
quarter is decided on in the next and acted on in the one after: leaders decide after the quarter's search.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Calibrated, Checked, Mechanism, Topic, param, row_phase
from nqpf_abm.mechanisms.forgiveness import (
    forgiven_share,
    forgives,
    forgiving_tolerance,
    passage_forgiven,
    soundness,
    winnable_share,
)
from nqpf_abm.mechanisms.launching import radical_worth
from nqpf_abm.mechanisms.spirit import RAUCH, STRENGTH
from nqpf_abm.mechanisms.tolerance import passage
from nqpf_abm.numerics.jit import routine, rule
from nqpf_abm.numerics.mathx import clip
from nqpf_abm.policy.safeguards import protection_level
from nqpf_abm.policy.training import raised, reached
from nqpf_abm.state.instruments import M77, M79
from nqpf_abm.state.tables import INNOVATIVENESS, N_TRAITS, PROACTIVENESS, RISK_TAKING

STRONG = Calibrated("direction after Covin & Slevin 1989; strength " + STRENGTH, RAUCH)
MOST_RADICAL = 0.5  # of a firm's search
FORM = "direction after the entrepreneurial-orientation literature, strength ours"


@dataclass(frozen=True, kw_only=True)
class OrientationParams(Checked):
    """Strength with which the three dimensions act."""

    innovativeness_effect: float = param(1.0, low=0.0, high=1.0, unit="1", symbol="b_I", evidence=STRONG)
    risk_effect: float = param(0.8, low=0.0, high=0.8, unit="share", symbol="b_R", evidence=STRONG)
    radical_base: float = param(0.1, low=0.02, high=0.3, unit="share", symbol="ρ₀", evidence=Assumed(FORM))
    launch_speed: float = param(
        0.125, low=0.05, high=0.5, unit="1/quarter", evidence=Assumed("eight quarters from win to output")
    )
    proactiveness_effect: float = param(1.0, low=0.0, high=1.0, unit="1", symbol="b_P", evidence=STRONG)


@rule
def research_drive(innovativeness, effect):
    """Multiplier of the R&D budget, ``1 + b_I (I - 1/2)`` (E6).

    innovativeness  I, 0 to 1;  effect  b_I

    By hand: I=0.75, b_I=0.6 gives 1.15. The linear form is our assumption.
    """
    return 1.0 + effect * (innovativeness - 0.5)


@rule
def radical_share(risk_taking, base, effect):
    """Share of search aimed at radical novelty, ``ρ₀ + b_R (R - 1/2)`` within [0.01, 0.5] (E6).

    By hand: R=0.75, ρ₀=0.1, b_R=0.4 gives 0.2. The linear form is our assumption.
    """
    return clip(base + effect * (risk_taking - 0.5), 0.01, MOST_RADICAL)


@rule
def launch_rate(proactiveness, speed, effect):
    """Share of pending radical gains that reach production in a quarter, ``v (1 + b_P (P - 1/2))``.

    By hand: P=1, v=0.125, b_P=0.5 gives 0.15625. Being first to market is what proactiveness means (Miller
    1983); the form is our assumption.
    """
    return speed * (1.0 + effect * (proactiveness - 0.5))


@row_phase(
    "entrepreneurs",
    mechanisms="M01 M13 M40 M49 M60 M77 M79",
    writes="cognition research_drive radical_share winnable launch_rate",
)
def decide(i, s, p, key):
    """Entrepreneurs decide for the next quarter on what they perceived in the last one, then look again."""
    e = s.entrepreneurs[i]
    o = p.orientation
    acts = p.on.M01 == 1
    searches = acts and p.on.M13 == 1
    e.research_drive = research_drive(
        e.cognition[INNOVATIVENESS], o.innovativeness_effect if searches else 0.0
    )
    share = radical_share(e.cognition[RISK_TAKING], o.radical_base, o.risk_effect if searches else 0.0)
    if p.on.M40:
        share *= passage_of(i, s, p) / p.tolerance.usual
    e.launch_rate = launch_rate(
        e.cognition[PROACTIVENESS], o.launch_speed, o.proactiveness_effect if acts else 0.0
    )
    r = s.firms[i].province
    safe = protection_level(
        s.provinces[r].institutions, p.safeguards.protection, s.governments[r].effect[M79]
    )
    foreseen = e.launch_rate if searches else o.launch_speed
    e.radical_share = min(share * radical_worth(foreseen, safe, p), MOST_RADICAL)
    for k in range(N_TRAITS):
        e.cognition[k] = e.orientation[k]
    trained = reached(s.firms[i].staff, p.training.most_staff, s.governments[r].effect[M77])
    e.cognition[PROACTIVENESS] = raised(e.cognition[PROACTIVENESS], p.training.looking, trained)


@routine
def passage_of(i, s, p):
    """Share of intended radical search that goes on in firm `i`; notes how much of it can be won."""
    firm = s.firms[i]
    e = s.entrepreneurs[i]
    usual = passage(firm.tolerance, p.tolerance.threshold)
    e.winnable = 1.0
    if not forgives(firm, p):
        return usual
    q = p.forgiveness
    forgiving = passage(forgiving_tolerance(firm.tolerance, q.strength, q.forgiveness), p.tolerance.threshold)
    sound = soundness(firm, s.provinces[firm.province])
    forgiven = forgiven_share(sound, q.strictness)
    e.winnable = winnable_share(usual, forgiving, forgiven, sound)
    return passage_forgiven(usual, forgiving, forgiven)


TOPIC = Topic(
    "orientation",
    OrientationParams,
    (
        Mechanism(
            "M01",
            "Entrepreneurial orientation: cognition, decision, behaviour",
            layer="A",
            seed="000 §2.1, 2.3, 5.1.1",
            claim="firm-level correlation of orientation with performance falls to zero when off",
            neutral="orientation changes neither R&D, radical share nor launch",
        ),
        Mechanism(
            "M13",
            "Innovation pathway",
            layer="A",
            seed="000 §2.3, 3.1",
            claim="off, a +1 SD orientation shock moves NQPF less",
            neutral="orientation changes neither R&D nor radical share",
        ),
    ),
)
