"""A culture that forgives failure, if it was failure of the right kind (M60).

Seeds 003 §5.3 and 002 §5.5 ask firms to forgive failure when three conditions hold: the direction was right, the work
was diligent, and knowledge is left. Tian and Wang (2014) find that firms backed by investors who tolerate failure
invent more. A firm with this culture bears more failure, so that more of the radical search it intends goes on (M40).
Of what is added, the part that meets the conditions can be won. Where failure is forgiven whatever its kind, the rest
is added as well, which no luck makes a win: it only takes effort from other search.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Mechanism, Topic, param
from nqpf_abm.mechanisms.uptake import uptake
from nqpf_abm.numerics.jit import routine, rule
from nqpf_abm.numerics.mathx import clip01
from nqpf_abm.state.paths import M60
from nqpf_abm.state.tables import N_EMERGING, N_TRADITIONAL


@dataclass(frozen=True, kw_only=True)
class ForgivenessParams(Checked):
    """How far failure is forgiven, and on which conditions."""

    uptake: float = uptake("the culture")
    strength: float = param(
        0.3, low=0.0, high=0.6, unit="1", symbol="b_F",
        evidence=Assumed("tolerance of failure per unit of forgiveness; direction from Tian & Wang 2014"),
    )  # fmt: skip
    forgiveness: float = param(
        0.3, low=0.0, high=1.0, unit="0 to 1", symbol="F", evidence=Assumed("of what failure usually costs")
    )
    strictness: float = param(
        1.0, low=0.0, high=1.0, unit="share",
        evidence=Assumed("of failures that miss the conditions and are not forgiven; 0 forgives all"),
    )  # fmt: skip


@rule
def forgiving_tolerance(tolerance, strength, forgiveness):
    """Tolerance of what is forgiven, ``τ + b_F F``, at most 1.  By hand: τ=.15, b_F=.3, F=.3 give .24."""
    return clip01(tolerance + strength * forgiveness)


@rule
def sound_share(direction, diligence, knowledge):
    """Share of added radical search that meets all three conditions, ``d w k``, each 0 to 1.

    By hand: d=.6, w=1, k=.6 give .36. That they are met independently is our assumption.
    """
    return direction * diligence * knowledge


@rule
def forgiven_share(sound, strictness):
    """Share of added radical search whose failure is forgiven, ``1 - σ (1 - c)``.

    sound  c, share that meets the conditions;  strictness  σ

    By hand: c=.4 gives .4 at σ=1, 1 at σ=0 and .7 at ½.
    """
    return 1.0 - strictness * (1.0 - sound)


@rule
def passage_forgiven(usual, forgiving, forgiven):
    """Share of intended radical search that goes on, ``h + f (h' - h)``: that without the culture, and what it adds.

    By hand: h=.1, h'=.8, f=.4 give .38.
    """
    return usual + forgiven * (forgiving - usual)


@rule
def winnable_share(usual, forgiving, forgiven, sound):
    """Share of the radical search that goes on which can be won, ``(h + c (h' - h)) / (h + f (h' - h))``.

    By hand: h=.1, h'=.8, f=1, c=.4 give .38/.8 = .475; with f=c all of it.
    """
    going_on = passage_forgiven(usual, forgiving, forgiven)
    return passage_forgiven(usual, forgiving, sound) / going_on if going_on > 0.0 else 1.0


@rule
def led_to_forgive(leadership):
    """What the culture would bring, 0 to 1: it takes a leader who empowers teams, so that they own up to failure."""
    return clip01(leadership)


@routine
def soundness(firm, province):
    """Share of a firm's added radical search that meets the conditions, from what it did last.

    Direction: how well the region is endowed for the field it searches in, for others than firms of the new trajectory
    the mean of emerging fields. Diligence: research over what is called research. Knowledge: what the firm absorbs.
    """
    direction = 0.0
    if firm.is_new:
        direction = province.endowment[firm.field]
    else:
        for k in range(N_TRADITIONAL, N_TRADITIONAL + N_EMERGING):
            direction += province.endowment[k] / float(N_EMERGING)
    reported = firm.rnd + firm.rnd_relabelled
    diligence = firm.rnd / reported if reported > 0.0 else 0.0
    return sound_share(direction, diligence, firm.absorptive_capacity)


@routine
def forgives(firm, p):
    """Whether a firm has the culture; there must be a shyness of risk that it can take away (M40)."""
    return firm.paths[M60] > 0 and p.on.M40 == 1


TOPIC = Topic(
    "forgiveness",
    ForgivenessParams,
    (
        Mechanism(
            "M60",
            "Fault-tolerant culture",
            layer="D",
            seed="003 §5.3; 002 §5.5",
            claim="with conditions radical wins rise; without them failures rise and radical wins do not rise further",
            neutral="no firm has the culture",
        ),
    ),
)
