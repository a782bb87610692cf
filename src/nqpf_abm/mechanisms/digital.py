"""How digital technology spreads among firms (M32), its weight in production, and sales online."""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Mechanism, Topic, param, row_phase
from nqpf_abm.numerics.draws import stream, uniform
from nqpf_abm.numerics.jit import rule

ADOPT = stream("digital.adopt")


@dataclass(frozen=True, kw_only=True)
class DigitalParams(Checked):
    """Diffusion, weight of digital factors, sales online."""

    external: float = param(
        0.015, low=0.005, high=0.03, unit="1/year", symbol="p",
        evidence=Assumed("half of the mean of consumer durables (Sultan, Farley & Lehmann 1990: .03)"),
    )  # fmt: skip
    internal: float = param(
        0.22, low=0.1, high=0.5, unit="1/year", symbol="q",
        evidence=Assumed("below the mean of consumer durables (Sultan, Farley & Lehmann 1990: .38)"),
    )  # fmt: skip
    reach: float = param(
        0.3,
        low=0.0,
        high=0.6,
        unit="share",
        evidence=Assumed("of imitation that looks beyond the own province"),
    )
    small_firm_factor: float = param(
        0.7, low=0.3, high=1.0, unit="1", evidence=Assumed("small firms adopt later")
    )
    small_firm: float = param(
        10.0, low=5.0, high=20.0, unit="employees", evidence=Assumed("below it a firm is small")
    )
    institutions_effect: float = param(
        0.4, low=0.0, high=0.8, unit="1", evidence=Assumed("share of the hazard that follows institutions")
    )
    weight_step: float = param(
        0.01,
        low=0.002,
        high=0.03,
        unit="1/quarter",
        evidence=Assumed("digital factors gain weight after adoption"),
    )
    online_top: float = param(
        0.25, low=0.1, high=0.5, unit="share of sales",
        evidence=Assumed("sold online in the end where the digital endowment is the mean"),
    )  # fmt: skip
    online_speed: float = param(
        0.05, low=0.02, high=0.1, unit="1/quarter", evidence=Assumed("customers follow within five years")
    )


@rule
def adoption_hazard(adopters, external, internal):
    """Quarterly hazard of adoption, ``(p + q F)/4`` (Bass 1969; annual rates).

    By hand: F=.5, p=.02, q=.4 gives .055.
    """
    return (external + internal * adopters) / 4.0


@rule
def online_share(now, endowment, top, speed):
    """Share of an adopter's sales made online, a quarter later: ``o + v (min(top·e, 1) - o)``.

    now  o, share;  endowment  e of the province, relative to the mean

    By hand: o=.1, e=1, top .3, v=.05 gives .11.
    """
    return now + speed * (min(top * endowment, 1.0) - now)


@row_phase("firms", mechanisms="M32", writes="is_adopter digital_weight online_share", draws="digital.adopt")
def adopt_digital(i, s, p, key):
    """Firms adopt digital technology, imitating others of the province; adopters learn to use it and to sell online."""
    firm = s.firms[i]
    province = s.provinces[firm.province]
    q = p.digital
    if firm.is_adopter == 0 and s.world[0].is_burn_in == 0:
        seen = (1.0 - q.reach) * province.adopter_share + q.reach * s.world[0].adopter_share
        hazard = adoption_hazard(seen, q.external, q.internal if p.on.M32 else 0.0)
        hazard *= province.digital_start
        hazard *= (
            1.0
            - q.institutions_effect
            + q.institutions_effect * province.institutions / p.start.institutions_2
        )
        if firm.staff < q.small_firm:
            hazard *= q.small_firm_factor
        if uniform(key, firm.uid, ADOPT, 0) < hazard:
            firm.is_adopter = 1
    if firm.is_adopter:
        firm.online_share = online_share(
            firm.online_share, province.digital_start, q.online_top, q.online_speed
        )
        if s.world[0].is_burn_in == 0:
            firm.digital_weight = min(firm.digital_weight + q.weight_step, p.production.digital_weight_top)


TOPIC = Topic(
    "digital",
    DigitalParams,
    (
        Mechanism(
            "M32",
            "Diffusion of digital technology",
            layer="B",
            seed="002 §4, 5.3",
            claim="without imitation adoption is concave, not S-shaped",
            neutral="firms adopt on their own, not because others did",
        ),
    ),
)
