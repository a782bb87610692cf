"""Old and new skill: what people can do, what firms need, who trains (M42; training of M43).

A person has two skills, of old and of new technology; a firm needs both in proportions that follow its technology.
Where the two point in different directions, people and vacancies meet in vain (M42), old skill fades once nobody
uses it, and firms whose vacancies stay open bid for staff with higher pay. How fast staff of digital firms learn
follows the horizon of the entrepreneur: training pays late, so those who look a few quarters ahead train little (M43).
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Mechanism, Topic, param
from nqpf_abm.numerics.jit import routine, rule
from nqpf_abm.numerics.mathx import clip01, sqrt


@dataclass(frozen=True, kw_only=True)
class SkillsParams(Checked):
    """Skills supplied and demanded, bidding, training."""

    old_low: float = param(0.4, low=0.2, high=0.6, unit="0 to 1", evidence=Assumed("old skill, lower end"))
    old_high: float = param(0.8, low=0.6, high=1.0, unit="0 to 1", evidence=Assumed("old skill, upper end"))
    old_decay: float = param(
        0.02, low=0.01, high=0.05, unit="1/quarter", symbol="δ_old",
        evidence=Assumed("old skill fades once it is not used"),
    )  # fmt: skip
    demand_base: float = param(
        0.3, low=0.1, high=0.5, unit="share", evidence=Assumed("of new skill in what firms of 2012 need")
    )
    demand_step: float = param(
        0.3, low=0.0, high=0.45, unit="share",
        evidence=Assumed("more of it with digital technology, and again on the new trajectory"),
    )  # fmt: skip
    bid: float = param(
        0.15, low=0.0, high=0.4, unit="share of wage", evidence=Assumed("premium of a firm that finds nobody")
    )
    bid_speed: float = param(
        0.2, low=0.05, high=0.5, unit="1/quarter", evidence=Assumed("pay follows unfilled vacancies")
    )
    horizon_low: float = param(
        2.0, low=1.0, high=8.0, unit="quarters", evidence=Assumed("entrepreneurs' horizon, shortest")
    )
    horizon_high: float = param(
        40.0, low=20.0, high=60.0, unit="quarters", evidence=Assumed("entrepreneurs' horizon, longest")
    )
    horizon_usual: float = param(
        21.0, low=10.0, high=40.0, unit="quarters",
        evidence=Assumed("at which staff learn as fast as labour.skill_gain says: the mean of 2 to 40"),
    )  # fmt: skip


@rule
def demanded_share(is_adopter, is_new, base, step):
    """Share of new skill in what a firm needs, ``d₀ + d₁ (adopter + new)`` within [0, 1]; the rest is old skill.

    By hand: d₀=.3, d₁=.3 and an adopter on the old trajectory gives .6.
    """
    return clip01(base + step * (is_adopter + is_new))


@rule
def skill_fit(old, new, demanded):
    r"""Cosine of the skills supplied :math:`(o, n)` and demanded :math:`(1-d, d)`, 0 to 1.

    By hand: o=.6, n=.8, d=.5 gives 1.4/√2 = .990; o=1, n=0, d=1 gives 0. Who has no skill at all fits nowhere.
    """
    length = sqrt((old * old + new * new) * ((1.0 - demanded) * (1.0 - demanded) + demanded * demanded))
    return min((old * (1.0 - demanded) + new * demanded) / length, 1.0) if length > 0.0 else 0.0


@routine
def fit(person, firm, q):
    """How a person's skills fit what a firm needs; `q` are the parameters of skills."""
    demanded = demanded_share(firm.is_adopter, firm.is_new, q.demand_base, q.demand_step)
    return skill_fit(person.old_skill, person.skill, demanded)


@rule
def aged_skill(skill, is_used, decay):
    """Old skill after a quarter: it stays where it is used, and fades at δ_old where it is not.

    By hand: .5 unused at .02 gives .49.
    """
    return skill if is_used else skill * (1.0 - decay)


@rule
def next_bid(bid, unfilled, response, speed):
    """Pay of a firm over the province's wage after a quarter, ``b + v (1 + β u - b)``.

    unfilled  u, share of last quarter's vacancies;  response  β;  speed  v

    By hand: b=1, u=1, β=.2, v=.25 gives 1.05.
    """
    return bid + speed * (1.0 + response * unfilled - bid)


@rule
def training_effort(horizon, usual):
    """Learning on the job relative to usual, ``h/h̄``: in proportion to the entrepreneur's horizon.

    By hand: 10 quarters against 20 gives .5. Proportionality is the catalogue's, and our assumption.
    """
    return horizon / usual


TOPIC = Topic(
    "skills",
    SkillsParams,
    (
        Mechanism(
            "M42",
            "Talent mismatch, ageing of skills, bidding",
            layer="C",
            seed="003 §4.2; 001 §3.3",
            claim="with skills that always fit, vacancies fall, but by no more than half",
            neutral="every skill fits every job and nobody bids above the province's wage",
        ),
    ),
)
