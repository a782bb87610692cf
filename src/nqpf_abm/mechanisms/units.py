"""A platform with micro-units: one layer, and everything in duplicate (M58).

Seed 003 §5.3 describes firms that break up into units with budgets of their own: an idea that took eighteen months to
climb is decided on in three. What a unit accepts no other layer stops (M45). But each unit keeps what a department
served all with before, so that a part of staff does what others do as well.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Mechanism, Topic, param
from nqpf_abm.mechanisms.uptake import uptake
from nqpf_abm.numerics.jit import routine, rule
from nqpf_abm.numerics.mathx import exp, power
from nqpf_abm.state.paths import M58


@dataclass(frozen=True, kw_only=True)
class UnitsParams(Checked):
    """What is done twice."""

    uptake: float = uptake("the platform")
    duplication: float = param(
        0.03, low=0.0, high=0.15, unit="share", symbol="d", evidence=Assumed("of staff that does what others do as well")
    )  # fmt: skip


@rule
def useful_staff(staff, duplication):
    """Staff whose work counts, ``(1 - d) n``.  By hand: 100 agents and d=.03 leave 97."""
    return (1.0 - duplication) * staff


@rule
def flattened_gain(ideas, screen_pass, layers, delay, decay):
    """Ideas that come through one layer beyond what comes through ℓ, worn by their wait, ``I (g e^{-δd} - g^ℓ e^{-δdℓ})``.

    ideas  I, of a quarter;  screen_pass  g;  layers  ℓ;  delay  d, quarters a layer;  decay  δ, 1/quarter

    By hand: I=1, g=.7, ℓ=3, d=1, δ=.1 give .6334 - .2541 = .379; one layer: nothing.
    """
    return ideas * (
        screen_pass * exp(-decay * delay) - power(screen_pass, layers) * exp(-decay * delay * layers)
    )


@rule
def worth_breaking_up(gain, horizon, duplication, labour_share):
    """What units would bring against what they cost, ``B/(B + C)``: B = a H/2 over a leader's horizon, C = λ d.

    gain     a, log productivity a quarter from more ideas;  horizon  H, quarters: gains add up, half of them on average
    labour_share  λ, elasticity of output in staff;  duplication  d

    By hand: a=.002, H=18, d=.03, λ=.6 give .018/.036 = ½.
    """
    benefit = 0.5 * gain * horizon
    cost = labour_share * duplication
    return benefit / (benefit + cost) if benefit > 0.0 else 0.0


@routine
def working_staff(firm, p):
    """Staff of a firm less what is done twice in its units."""
    return useful_staff(firm.staff, p.units.duplication) if firm.paths[M58] > 0 else firm.staff


@routine
def layers_to_climb(firm, p):
    """Layers an idea must pass in a firm: one where there are no others to pass (M45 off, or units)."""
    return firm.layers if p.on.M45 and firm.paths[M58] == 0 else 1


@routine
def worth_of_units(firm, leader, p):
    """What units would bring a firm, from what its staff does and how far its leader looks ahead."""
    q = p.proactivity
    if p.on.M45 == 0 or p.on.M09 == 0:
        return 0.0
    ideas = flattened_gain(
        q.ideas_per_act * firm.n_proactive, q.screen_pass, float(firm.layers), q.layer_delay, q.decay
    )
    gain = ideas * q.idea_value / max(firm.staff, 1.0)
    return worth_breaking_up(gain, leader.horizon, p.units.duplication, 1.0 - p.production.capital_share)


TOPIC = Topic(
    "units",
    UnitsParams,
    (
        Mechanism(
            "M58",
            "Platform and micro-units",
            layer="D",
            seed="003 §5.3",
            claim="output rises, and falls where more is done twice than the break-even share",
            neutral="no firm breaks up into units",
        ),
    ),
)
