"""Which emerging field a firm goes into: what the province is endowed with, as far as others are not there (M33).

Seed papers 001 (§4.1) and 002 (§5.1) ask provinces to upgrade from what they have. A multinomial logit
weighs endowment, policy and crowding. Policy is nil as long as no field is favoured (distortion.py).
Endowments are computed from official statistics when a world is set up, see state/endowment.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Mechanism, Topic, collective_phase, param
from nqpf_abm.mechanisms.distortion import favour, pull_of_favour
from nqpf_abm.numerics.jit import routine, rule
from nqpf_abm.numerics.mathx import exp
from nqpf_abm.state.tables import N_EMERGING, N_FIELDS, N_TRADITIONAL


@dataclass(frozen=True, kw_only=True)
class FieldsParams(Checked):
    """What makes a field attractive."""

    scale: float = param(
        2.0, low=1.0, high=4.0, unit="1", evidence=Assumed("how closely choice follows attraction")
    )
    endowment: float = param(
        1.0, low=0.0, high=2.0, unit="1", evidence=Assumed("weight of the province's endowment, 0 to 1")
    )
    crowding: float = param(
        0.5,
        low=0.0,
        high=1.0,
        unit="1",
        evidence=Assumed("weight of the share of the province's new-trajectory firms that are there already"),
    )


@rule
def attraction(endowment, policy, crowding, weight, aversion):
    """What draws a firm to a field, ``w e + p - c n``: endowment and policy draw, a crowd repels.

    By hand: e=.8, p=0, n=.4, w=1, c=.5 gives .6.
    """
    return weight * endowment + policy - aversion * crowding


@routine
def chosen_field(province, first, number, u, p):
    """One of `number` fields from row `first` on, by logit: ``Pr(k) = exp(s a_k) / Σ exp(s a_j)``, from uniform `u`.

    A field is less crowded or more: its share among the firms of the province that are in any of these fields.
    """
    q = p.fields
    there = 0.0
    for k in range(first, first + number):
        there += province.field_share[k]
    total = 0.0
    for k in range(first, first + number):
        total += exp(q.scale * pull(province, k, there, p))
    passed = 0.0
    for k in range(first, first + number - 1):
        passed += exp(q.scale * pull(province, k, there, p)) / total
        if u < passed:
            return k
    return first + number - 1


@routine
def pull(province, k, there, p):
    """Attraction of field `k` in this province; `there` is the share of firms in fields of its trajectory."""
    crowding = province.field_share[k] / there if there > 0.0 else 0.0
    policy = 0.0
    if p.on.M93:
        policy = pull_of_favour(favour(k, p.distortion.field, p.distortion.premium), p.fields.scale)
    return attraction(province.endowment[k], policy, crowding, p.fields.endowment, p.fields.crowding)


@rule
def any_field(first, number, u):
    """One of `number` fields from row `first` on, each as likely as the other, from a uniform `u`."""
    return first + int(u * number)


@routine
def emerging_field(province, u, p):
    """The emerging field a firm of this province goes into."""
    if p.on.M33:
        return chosen_field(province, N_TRADITIONAL, N_EMERGING, u, p)
    return any_field(N_TRADITIONAL, N_EMERGING, u)


@routine
def traditional_field(province, u, p):
    """The traditional field a firm of this province is founded in."""
    if p.on.M33:
        return chosen_field(province, 0, N_TRADITIONAL, u, p)
    return any_field(0, N_TRADITIONAL, u)


@collective_phase(mechanisms="M33", writes="provinces.field_share")
def count_fields(s, p, key):
    """Share of each province's firms in every field, as the quarter begins."""
    for r in range(s.provinces.size):
        for k in range(N_FIELDS):
            s.provinces[r].field_share[k] = 0.0
    for i in range(s.firms.size):
        firm = s.firms[i]
        if firm.is_alive:
            province = s.provinces[firm.province]
            province.field_share[firm.field] += 1.0 / province.n_firms


TOPIC = Topic(
    "fields",
    FieldsParams,
    (
        Mechanism(
            "M33",
            "Endowment-led upgrading",
            layer="B",
            seed="001 §4.1; 002 §5.1",
            claim="without the weight of endowments, provinces' fields grow alike",
            neutral="every field of a trajectory is as likely as the others",
        ),
    ),
)
