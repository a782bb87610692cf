"""Money that does not wait: investors turn down what pays late (M44).

A project is funded if what it will be worth, discounted at interest plus short-termism over the years until it
pays, exceeds what it costs: ``V exp(-(r + δ) T) > I``. Values over cost are Pareto distributed, as radical
gains are. Hard technology pays late, traditional business soon, so that patience decides between them.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Calibrated, Checked, Mechanism, Topic, param
from nqpf_abm.mechanisms.patient_fund import impatience_left, leverage
from nqpf_abm.numerics.draws import pareto, stream, uniform
from nqpf_abm.numerics.jit import routine, rule
from nqpf_abm.numerics.mathx import exp
from nqpf_abm.policy.strategic import crowded, is_backed
from nqpf_abm.state.instruments import M65
from nqpf_abm.state.tables import N_TRADITIONAL

VALUE = stream("patience.value")
YEARS_TO_PAY = (1.0, 1.0, 3.0, 4.0, 6.0, 3.0, 4.0, 8.0, 2.0, 3.0)  # by field, in the order of FIELDS; assumed
EQUITY, LOAN, BACKING = range(3)  # ordinals of draws
NOBODY, INVESTORS, STRATEGIC = range(3)  # who backs a founder on the new trajectory


@dataclass(frozen=True, kw_only=True)
class PatienceParams(Checked):
    """How investors discount."""

    short_termism: float = param(
        0.2, low=0.0, high=0.4, unit="1/year", symbol="δ_st", evidence=Assumed("on top of interest")
    )
    value_shape: float = param(
        1.5, low=1.1, high=3.0, unit="1", evidence=Assumed("tail of projects' value over cost, that of radical gains")
    )  # fmt: skip
    maturity: float = param(
        1.0, low=0.5, high=2.0, unit="1", evidence=Assumed("multiplies the years until fields pay")
    )
    usual: float = param(
        0.26, low=0.1, high=0.8, unit="share",
        evidence=Calibrated("funded projects on the new trajectory, mean of fields", "this model's law at the defaults"),
    )  # fmt: skip


@rule
def is_worth_it(value, rate, short_termism, years):
    """Whether investors fund a project of `value` over cost: if ``V e^{-(r + δ) T} > I``.

    By hand: V/I = 3, r=.05, δ=.2, T=4 gives 3 e^-1 = 1.1, yes; T=5 gives .86, no.
    """
    return value * exp(-(rate + short_termism) * years) > 1.0


@rule
def funded_share(shape, rate, short_termism, years):
    """Share of projects that are funded if value over cost is Pareto from 1 on, ``exp(-k (r + δ) T)``."""
    return exp(-shape * (rate + short_termism) * years)


@routine
def finds_funds(field, u, p):
    """Whether a project in this field finds an investor; its value over cost comes from the uniform `u`."""
    return is_funded(field, u, 1.0, 1.0, p)


@routine
def is_funded(field, u, impatience, worth, p):
    """The same where investors' short-termism is `impatience`, and a project's worth to them `worth` times the usual."""
    q = p.patience
    return is_worth_it(
        worth * pareto(u, q.value_shape),
        4.0 * p.finance.interest,
        impatience * q.short_termism if p.on.M44 else 0.0,
        q.maturity * YEARS_TO_PAY[field],
    )


@routine
def finds_equity(s, r, uid, field, public, p, key):
    """Who backs the founder of firm `uid` in province `r`: INVESTORS, the STRATEGIC investor if they refuse, or NOBODY.

    A share `public` of what investors put in is patient capital (M57).
    """
    q = p.strategic
    share = q.share * s.governments[r].effect[M65]
    impatience = crowded(share, q.crowding, q.turning) * impatience_left(public)
    worth = leverage(public, p.patient_fund.forgone)
    if is_funded(field, uniform(key, uid, VALUE, EQUITY), impatience, worth, p):
        return INVESTORS
    years = p.patience.maturity * YEARS_TO_PAY[field]
    backed = is_backed(years, q.years, share, uniform(key, uid, VALUE, BACKING))
    return STRATEGIC if backed else NOBODY


@rule
def wanting(odds, usual):
    """Share of founders who want to enter the new trajectory if `odds` of them do when `usual` of these are funded."""
    return min(odds / usual, 1.0)


@routine
def loan_base(firm, radical_share, p, key):
    """R&D that banks lend for, 10^6 yuan: all of it, or without its radical part if that pays too late."""
    field = max(
        firm.field, N_TRADITIONAL
    )  # from outside, radical search pays after three years as in most fields
    if p.on.M44 == 0 or finds_funds(field, uniform(key, firm.uid, VALUE, LOAN), p):
        return firm.rnd_base
    return (1.0 - radical_share) * firm.rnd_base


TOPIC = Topic(
    "patience",
    PatienceParams,
    (
        Mechanism(
            "M44",
            "Capital short-termism",
            layer="C",
            seed="003 §4.2",
            claim="with patient investors at least twice as many entrants are in hard technology",
            neutral="investors discount at the rate of interest alone",
        ),
    ),
)
