"""What the factors of a firm can produce (E9)."""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Literature, Topic, param, row_phase
from nqpf_abm.mechanisms.units import working_staff
from nqpf_abm.numerics.jit import routine, rule
from nqpf_abm.numerics.mathx import exp, power


@dataclass(frozen=True, kw_only=True)
class ProductionParams(Checked):
    """Technology of the nested CES."""

    capital_share: float = param(
        0.4, low=0.3, high=0.5, unit="share", symbol="α",
        evidence=Literature("output elasticity of capital commonly used for China", "Chow & Li 2002"),
    )  # fmt: skip
    substitution: float = param(
        0.3, low=0.1, high=0.6, unit="1", symbol="s", evidence=Assumed("digital factors substitute with ease")
    )
    digital_weight_start: float = param(
        0.05,
        low=0.01,
        high=0.1,
        unit="share",
        symbol="γ",
        evidence=Assumed("weight of digital factors, 2012"),
    )
    digital_weight_top: float = param(
        0.12, low=0.1, high=0.3, unit="share", symbol="γ", evidence=Assumed("weight long after adoption")
    )
    non_adopter_input: float = param(
        0.2,
        low=0.05,
        high=0.5,
        unit="relative to a fresh adopter",
        evidence=Assumed("digital factors without adoption"),
    )


@rule
def capital_labour(capital, labour, capital_share):
    """Cobb-Douglas bundle ``K^α L^(1-α)``, each factor relative to its value of 2012.

    By hand: K=4, L=1, α=.5 gives 2.
    """
    return power(capital, capital_share) * power(labour, 1.0 - capital_share)


@rule
def potential_output(log_tfp, bundle, digital, digital_weight, substitution):
    r"""Output :math:`A[(1-γ)X^s + γN^s]^{1/s}` relative to the 2012 output per head (E9).

    bundle   X, capital-labour bundle;  digital  N, digital input times labour, 2012 non-adopter = 1

    By hand: A=1, X=N=2 gives 2 whatever γ and s. Nested CES; every factor divided by its 2012 value.
    """
    inner = (1.0 - digital_weight) * power(bundle, substitution) + digital_weight * power(
        digital, substitution
    )
    return exp(log_tfp) * power(inner, 1.0 / substitution)


@routine
def capacity_of(firm, province, p):
    """What a firm can produce this quarter, 10^6 yuan."""
    q = p.production
    if firm.staff < 1.0:
        return 0.0
    staff = working_staff(firm, p)
    bundle = capital_labour(firm.capital / province.capital_per_head_start, staff, q.capital_share)
    relative = potential_output(
        firm.log_tfp, bundle, firm.digital_input * staff, firm.digital_weight, q.substitution
    )
    return province.output_scale * province.output_per_head_start * relative * (1.0 - firm.disruption)


@row_phase("firms", mechanisms="M58", writes="capacity")
def set_capacity(i, s, p, key):
    """Firms find what their capital, staff and digital factors can produce this quarter."""
    firm = s.firms[i]
    firm.capacity = capacity_of(firm, s.provinces[firm.province], p)


TOPIC = Topic("production", ProductionParams)
