"""What firms give to society, and what comes back (M16).

A share of net profit goes to households. Staff identify more with a firm that gives; partners in the province
learn more from each other; in time the province's entrepreneurial culture grows. It costs the giver's margin.
In time institutions answer as well (institutions.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Literature, Mechanism, Topic, collective_phase, param
from nqpf_abm.numerics.jit import rule


@dataclass(frozen=True, kw_only=True)
class ResponsibilityParams(Checked):
    """What is given, and how far it reaches."""

    share: float = param(
        0.02,
        low=0.0,
        high=0.06,
        unit="share of net profit",
        symbol="csr",
        evidence=Assumed("given each quarter"),
    )
    usual: float = param(
        0.003, low=0.001, high=0.006, unit="share of sales",
        evidence=Assumed("given by a firm of usual margin; responsibility is relative to it"),
    )  # fmt: skip
    memory: float = param(
        0.125, low=0.05, high=0.5, unit="1/quarter", evidence=Assumed("reputation builds up over two years")
    )
    identification: float = param(
        0.1, low=0.0, high=0.3, unit="0 to 1", symbol="b",
        evidence=Literature(
            "responsibility goes with attitudes, and identification mediates it (143 studies, N=89,396); the size "
            "is ours", "Paruzel, Klug & Maier 2021, doi:10.3389/fpsyg.2021.607108"),
    )  # fmt: skip
    spillover: float = param(
        0.1, low=0.0, high=0.3, unit="1", symbol="b", evidence=Assumed("partners of the province learn more")
    )
    culture: float = param(
        0.1, low=0.0, high=0.3, unit="1", symbol="b", evidence=Assumed("founding becomes more common")
    )
    culture_speed: float = param(
        0.05, low=0.02, high=0.1, unit="1/quarter", evidence=Assumed("culture changes over five years")
    )


@rule
def social_spending(net_profit, share):
    """What a firm gives this quarter, ``csr · max(profit after tax, 0)``; 10^6 yuan.

    By hand: profit 50, csr .02 give 1.
    """
    return share * max(net_profit, 0.0)


@rule
def smoothed_responsibility(before, given, usual, memory):
    """Responsibility as it is known, moving with weight `memory` to given over sales relative to `usual`, at most 3.

    By hand: 1 before, giving twice the usual with memory .125 gives 1.125.
    """
    return before + memory * (min(given / usual, 3.0) - before)


@rule
def raised_spillover(spillover, responsibility, strength):
    """Strength of spillovers between the firms of a province, ``θ_s (1 + b r)``; r their mean responsibility.

    By hand: θ_s=.1, r=1, b=.1 gives .11.
    """
    return spillover * (1.0 + strength * responsibility)


@rule
def next_culture(culture, responsibility, strength, speed):
    """Entrepreneurial culture after a quarter, moving to ``1 + b r`` at `speed`.

    By hand: culture 1, r=1, b=.1, speed .05 gives 1.005.
    """
    return culture + speed * (1.0 + strength * responsibility - culture)


@collective_phase(
    mechanisms="M16", writes="provinces.responsibility provinces.culture provinces.culture_start"
)
def shape_culture(s, p, key):
    """Each province's mean responsibility of firms, and the culture it shapes."""
    q = p.responsibility
    for r in range(s.provinces.size):
        s.provinces[r].responsibility = 0.0
    for i in range(s.firms.size):
        firm = s.firms[i]
        if firm.is_alive:
            province = s.provinces[firm.province]
            province.responsibility += firm.responsibility / province.n_firms
    for r in range(s.provinces.size):
        province = s.provinces[r]
        strength = q.culture if p.on.M16 else 0.0
        province.culture = next_culture(province.culture, province.responsibility, strength, q.culture_speed)
        if s.world[0].is_burn_in or s.world[0].clock == 0.0:
            province.culture_start = province.culture


TOPIC = Topic(
    "responsibility",
    ResponsibilityParams,
    (
        Mechanism(
            "M16",
            "Spillovers of social responsibility",
            layer="A",
            seed="000 Abstract, 2.3",
            claim="off, the own margin is higher and the inflow of knowledge from neighbours lower",
            neutral="firms give nothing; nobody identifies, learns or founds more",
        ),
    ),
)
