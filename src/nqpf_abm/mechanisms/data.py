"""What data firms gather, and who lets others use them (M25, M41; D of E9).

Data are non-rival: used by one, they are not gone for another (Jones & Tonetti 2020). Within a firm all staff
use what all customers leave behind, so that data favour the large; between firms, shared data form a pool of
the province. Uses are counted, the stock moves only by what is created and what ages out.

Firms that fear for their lead hoard their data (the same). Whoever shares may use the pool, so that sharing pays
more the more others share: rights that make sharing safe may tip a province rather than move it bit by bit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nqpf_abm.declare import (
    Assumed,
    Checked,
    Mechanism,
    Topic,
    collective_phase,
    param,
    row_phase,
)
from nqpf_abm.mechanisms.integration import reach
from nqpf_abm.mechanisms.segmentation import barrier, crossing
from nqpf_abm.mechanisms.tiers import shared_in_tiers
from nqpf_abm.numerics.jit import routine, rule
from nqpf_abm.numerics.mathx import power, sqrt
from nqpf_abm.policy.infrastructure import opened_up
from nqpf_abm.state.instruments import M64
from nqpf_abm.state.paths import M55
from nqpf_abm.state.tables import PROACTIVENESS


@dataclass(frozen=True, kw_only=True)
class DataParams(Checked):
    """Creation, ageing and sharing of data."""

    turnover: float = param(
        0.05, low=0.02, high=0.1, unit="1/quarter", symbol="δ", evidence=Assumed("data age within five years")
    )
    scale: float = param(
        0.5, low=0.0, high=1.0, unit="elasticity",
        evidence=Assumed("of data per member of staff in the firm's size: 0 rival within the firm, 1 non-rival",
                         "form after Jones & Tonetti 2020, doi:10.1257/aer.20191330"),
    )  # fmt: skip
    rights: float = param(
        0.3, low=0.0, high=1.0, unit="share",
        evidence=Assumed("of the risk of sharing that property rights take away, 2012"),
    )  # fmt: skip
    price: float = param(
        0.005, low=0.0, high=0.02, unit="share of sales", evidence=Assumed("paid for the use of shared data")
    )
    gain: float = param(
        0.01, low=0.0, high=0.03, unit="share of sales",
        evidence=Assumed("what firms expect of a pool as large as a fresh adopter's data"),
    )  # fmt: skip
    risk: float = param(
        0.02, low=0.005, high=0.05, unit="share of sales",
        evidence=Assumed("what a firm of mean market share fears that rivals make of its data"),
    )  # fmt: skip
    usual: float = param(
        0.3, low=0.1, high=0.6, unit="share", evidence=Assumed("of adopters' data that is shared, 2012")
    )
    speed: float = param(
        0.25, low=0.1, high=1.0, unit="1/quarter", evidence=Assumed("contracts about data run for a year")
    )
    fit: float = param(
        0.3, low=0.0, high=0.6, unit="share", evidence=Assumed("of others' data a firm can make use of")
    )


@rule
def users(sales_per_head, size, scale):
    """Users whose data a member of staff can work with, ``S n^e``, relative to the mean firm of 2012.

    sales_per_head  S, over the province's of 2012;  size  n, staff over the mean;  scale  e, of data within a firm

    By hand: S=1.5, n=4, e=.5 gives 3. With e=0 data are rival within the firm. At least .1.
    """
    return max(sales_per_head * power(size, scale), 0.1)


@rule
def data_created(users_, algorithm, turnover):
    """Data a firm's business creates in a quarter, ``δ users A`` (M25).

    With usual users and the algorithm of a fresh adopter the stock stays at 1, that of a fresh adopter.

    By hand: users 2, A=1.5, δ=.05 gives .15.
    """
    return turnover * users_ * algorithm


@rule
def sharing_pays(price, pool_gain, rights, risk):
    """Whether a firm shares: ``price + pool gain > (1 - rights)·risk`` (M41), all in shares of sales.

    By hand: price .005, gain .004, rights .3, risk .02: .009 < .014, it hoards; at rights .6 it shares.
    """
    return 1.0 if price + pool_gain > (1.0 - rights) * risk else 0.0


@rule
def rivalry_risk(risk, relative_share):
    """What a firm fears of rivals, ``risk·√(market share over the mean)``: those ahead have more to lose.

    By hand: risk .02, four times the mean share gives .04. The form is our assumption.
    """
    return risk * sqrt(max(relative_share, 0.0))


@rule
def circulating(shared, cap):
    """Share of data that circulates: what is shared, but not more than institutions can carry (003 §1.2.2).

    By hand: shared .6 under institutions of .45 gives .45.
    """
    return min(shared, cap)


@rule
def liquidity(shared, held, usual):
    """Share of adopters' data that is shared, ``(shared + u)/(held + 1)``.

    Public bodies add one fresh adopter's worth at the usual share u, so that few adopters do not make it 0 or 1.

    By hand: 2 shared of 4 held, u=.5 gives .5; nobody holds any: u.
    """
    return (shared + usual) / (held + 1.0)


@rule
def usable_data(own, sharing, pool, fit, reference):
    """Data a firm can work with, ``(D + s·f·pool)/reference``, relative to a fresh adopter of 2012.

    own  D;  sharing  s, 0 to 1: who shares may use;  pool  of all;  fit  f;  reference  1 plus the same in 2012

    By hand: D=1, s=1, f=.3, pool=.5, reference 1.05 gives 1.095.
    """
    return (own + sharing * fit * pool) / reference


@routine
def whole_share(s, i, risk_left, p):
    """Whether it pays for firm `i` to share its data at this share of the usual risk: 1 or 0 (M14, M41)."""
    firm = s.firms[i]
    province = s.provinces[firm.province]
    q = p.data
    able = reach(
        s.entrepreneurs[i].cognition[PROACTIVENESS], p.integration.proactiveness if p.on.M14 else 0.0
    )
    risk = rivalry_risk(q.risk, firm.share * province.n_firms)
    return sharing_pays(q.price * able, q.gain * province.data_pool, province.data_rights, risk_left * risk)


@routine
def tiered_share(s, i, p):
    """Share of its data that firm `i` would give in tiers (M55)."""
    q = p.tiers
    return shared_in_tiers(
        q.raw,
        q.model,
        q.knowledge,
        whole_share(s, i, q.raw_risk, p),
        whole_share(s, i, q.model_risk, p),
        whole_share(s, i, q.knowledge_risk, p),
    )


@row_phase("firms", mechanisms="M14 M25 M41 M55", writes="data data_created data_lost sharing")
def gather_data(i, s, p, key):
    """Adopters' data grow with users and algorithms and age; each firm decides whether to share."""
    firm = s.firms[i]
    province = s.provinces[firm.province]
    q = p.data
    firm.data_created = 0.0
    firm.data_lost = 0.0
    if firm.is_adopter == 0:
        return
    if firm.data == 0.0:
        firm.data_created = 1.0
        firm.data = 1.0
    elif s.world[0].is_burn_in == 0:
        staff = max(firm.staff, 1.0)
        per_head = firm.sales / (province.output_per_head_start * staff)
        size = staff / province.mean_staff
        if p.on.M25:
            firm.data_created = data_created(users(per_head, size, q.scale), firm.algorithm, q.turnover)
        else:
            firm.data_created = data_created(users(per_head, 1.0, 0.0), 1.0, q.turnover)
        firm.data_lost = q.turnover * firm.data
        firm.data += firm.data_created - firm.data_lost
    wanted = q.usual
    if p.on.M41:
        wanted = whole_share(s, i, 1.0, p)
        if firm.paths[M55] > 0:
            wanted = max(wanted, tiered_share(s, i, p))
    firm.sharing += q.speed * (wanted - firm.sharing)


@collective_phase(
    mechanisms="M23 M41 M48 M64",
    writes="provinces.data_liquidity provinces.data_pool world.data_reference "
    "firms.data_paid firms.data_received",
)
def pool_data(s, p, key):
    """What is shared forms a pool of the province; others' pools are in reach as far as borders let data pass.

    Those who use the pool pay a part of their sales, and those who feed it are paid by what they give. The
    market is one: what provinces pay each other goes through the East's account.
    """
    n = s.provinces.size
    held, shared, adopters = np.zeros(n), np.zeros(n), np.zeros(n)
    for i in range(s.firms.size):
        firm = s.firms[i]
        if firm.is_alive and firm.is_adopter:
            r = firm.province
            adopters[r] += 1.0
            held[r] += firm.data
            shared[r] += firm.sharing * firm.data
    pooled = 0.0
    for r in range(n):
        province = s.provinces[r]
        usual = opened_up(p.data.usual, p.infrastructure.open_data, s.governments[r].effect[M64])
        known = liquidity(shared[r], held[r], usual)
        province.data_liquidity = circulating(known, province.institutions if p.on.M23 else 1.0)
        shared[r] = province.data_liquidity * held[r] / max(adopters[r], 1.0)
        pooled += shared[r]
    for r in range(n):
        province = s.provinces[r]
        g = barrier(province, p)
        others = float(max(n - 1, 1))
        province.data_pool = shared[r] + crossing((pooled - shared[r]) / others, g)
    anchor_data(s, p)
    settle_data(s, p)


@routine
def anchor_data(s, p):
    """Until 2012Q1, fix what the pool adds to adopters' data, that later data are measured against."""
    world = s.world[0]
    if world.clock > 0.0:
        return
    used, adopters = 0.0, 0.0
    for i in range(s.firms.size):
        firm = s.firms[i]
        if firm.is_alive and firm.is_adopter:
            adopters += 1.0
            used += firm.sharing * p.data.fit * s.provinces[firm.province].data_pool
    world.data_reference = 1.0 + used / max(adopters, 1.0)


@routine
def settle_data(s, p):
    """Users of pools pay by sales, feeders are paid by the data they give; the two sums are equal."""
    paid, given = 0.0, 0.0
    for i in range(s.firms.size):
        firm = s.firms[i]
        firm.data_paid = 0.0
        firm.data_received = 0.0
        if firm.is_alive and firm.is_adopter:
            weight = s.provinces[firm.province].weight
            firm.data_paid = p.data.price * firm.sharing * firm.sales
            firm.data_received = firm.sharing * firm.data * firm.staff
            paid += weight * firm.data_paid
            given += weight * firm.data_received
    for i in range(s.firms.size):
        firm = s.firms[i]
        if firm.is_alive and firm.is_adopter:
            firm.data_received *= paid / max(given, 1e-300)
            if given <= 0.0:
                firm.data_paid = 0.0


TOPIC = Topic(
    "data",
    DataParams,
    (
        Mechanism(
            "M25",
            "Data self-proliferation",
            layer="B",
            seed="003 §2.3, 3.2",
            claim="off, large firms lose part of the lead that data give them",
            neutral="data are rival within the firm and follow sales per head; algorithms gather none",
        ),
        Mechanism(
            "M41",
            "Data rights and hoarding",
            layer="C",
            seed="003 §4.2",
            claim="as rights become complete, sharing jumps past a threshold instead of rising in a line",
            neutral="every adopter shares the usual part of its data, whatever the rights",
        ),
    ),
)
