"""When three efficiencies come together, search finds more (E10; M21, M22, M23).

Seed 003 §1.2.2: the efficiencies of technology, factors and industry resonate where they are in step (coupling), all
above a threshold, and carried by institutions. Below the threshold of one of them there is next to no resonance.
Search is measured against the mean resonance of 2012, so that resonance shifts who finds and when, not how much was
found in 2012.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Mechanism, Topic, collective_phase, param
from nqpf_abm.numerics.jit import rule
from nqpf_abm.numerics.mathx import hill, power, sqrt
from nqpf_abm.state.tables import N_EFFICIENCIES

FORM = "form from the catalogue (E10), size assumed"


@dataclass(frozen=True, kw_only=True)
class ResonanceParams(Checked):
    """Strength and thresholds."""

    strength: float = param(1.0, low=0.0, high=2.0, unit="1", symbol="ω_R", evidence=Assumed(FORM))
    threshold: float = param(
        0.3, low=0.15, high=0.5, unit="0 to 1", symbol="E*",
        evidence=Assumed("of each efficiency; near the median of factor allocation in 2012"),
    )  # fmt: skip
    steepness: float = param(
        6.0, low=2.0, high=12.0, unit="1", evidence=Assumed("half the threshold passes 1/65 (E10)")
    )
    institutions: float = param(
        0.4, low=0.2, high=0.6, unit="0 to 1", symbol="Z*",
        evidence=Assumed("institutions that carry one half; between the second and third echelon in 2012"),
    )  # fmt: skip
    institutions_steepness: float = param(
        4.0, low=2.0, high=8.0, unit="1", evidence=Assumed("half of Z* carries 1/17 (E10)")
    )


@rule
def coupling_degree(first, second, third):
    """How far three efficiencies are in step and developed, ``√(C·mean)``, ``C = 3 (abc)^⅓/(a+b+c)``.

    The mean cancels: for three efficiencies it is the root of their geometric mean, so that being out of step costs
    just what the geometric mean is short of the arithmetic one (as for any coupling degree of this form).

    By hand: all .25 give √.25 = .5; .1, .2, .4 give C=.857, √(.857·.2333) = .447.
    """
    mean = (first + second + third) / 3.0
    return sqrt(power(first * second * third, 1.0 / 3.0) / mean * mean) if mean > 0.0 else 0.0


@rule
def resonance(strength, degree, passed, carried):
    """Factor on the strength of search, ``Ω = 1 + ω_R D ΠH(E) H(Z)`` (E10); 1 without resonance.

    degree   D, 0 to 1;  passed  product of the thresholds passed, 0 to 1;  carried  by institutions, 0 to 1

    By hand: ω_R=1, D=.5, half passed and half carried give 1.125.
    """
    return 1.0 + strength * degree * passed * carried


@collective_phase(mechanisms="M21 M22 M23", writes="provinces.resonance world.resonance_start")
def resonate(s, p, key):
    """Each province's resonance; in burn-in and at 2012Q1 its mean over firms is noted."""
    q = p.resonance
    world = s.world[0]
    mean, firms = 0.0, 0.0
    for r in range(s.provinces.size):
        province = s.provinces[r]
        e = province.efficiency
        passed = 1.0
        if p.on.M22:
            for k in range(N_EFFICIENCIES):
                passed *= hill(e[k], q.threshold, q.steepness)
        carried = 1.0
        if p.on.M23:
            carried = hill(province.institutions, q.institutions, q.institutions_steepness)
        province.resonance = 1.0
        if p.on.M21:
            province.resonance = resonance(q.strength, coupling_degree(e[0], e[1], e[2]), passed, carried)
        mean += province.n_firms * province.resonance
        firms += province.n_firms
    if world.is_burn_in or world.clock == 0.0:
        world.resonance_start = mean / firms


TOPIC = Topic(
    "resonance",
    ResonanceParams,
    (
        Mechanism(
            "M21",
            "Resonance of three efficiencies",
            layer="B",
            seed="003 §1.2.2, 2.3",
            claim="without it, growth of NQPF does not depend on the three efficiencies together",
            neutral="no resonance: search is as strong everywhere",
        ),
        Mechanism(
            "M22",
            "Threshold effect",
            layer="B",
            seed="003 §1.2.2",
            claim="an efficiency below half of its threshold leaves less than 5 per cent of resonance",
            neutral="every efficiency passes",
        ),
        Mechanism(
            "M23",
            "Institutional dependence",
            layer="B",
            seed="003 §1.2.2",
            claim="with the best institutions everywhere provinces are less unequal",
            neutral="resonance needs no institutions, and they do not bound the liquidity of data",
        ),
    ),
)
