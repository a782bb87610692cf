"""Entry and exit of firms (E13, E15; M12). How a firm is founded is in founding.py."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nqpf_abm.declare import Assumed, Checked, Mechanism, Topic, collective_phase, param, row_phase
from nqpf_abm.mechanisms.founding import open_firm
from nqpf_abm.mechanisms.recruiting import line_up_idle
from nqpf_abm.mechanisms.workplace import free_row, leave_firm
from nqpf_abm.numerics.draws import poisson, stream, uniform
from nqpf_abm.numerics.jit import rule
from nqpf_abm.policy.bootcamp import encouraged, seed_money
from nqpf_abm.policy.compensation import borne_share
from nqpf_abm.policy.reforms import inventors_effort, relative_entry
from nqpf_abm.policy.registration import eased_entry
from nqpf_abm.state import accounts as book
from nqpf_abm.state.accounts import post
from nqpf_abm.state.instruments import M70, M73, M78, M80
from nqpf_abm.state.tables import SCORE_LAGS

NUMBER = stream("demography.number")

COHERENCE = Assumed("of a person's three dimensions: they go together, which is why studies use their mean")


@dataclass(frozen=True, kw_only=True)
class DemographyParams(Checked):
    """Rates of entry and exit, and what entrants start with."""

    entry: float = param(
        0.007, low=0.0035, high=0.016, unit="1/firm/quarter", symbol="λ₀",
        evidence=Assumed("with spin-offs about 3 % a year"),
    )  # fmt: skip
    entry_response: float = param(
        0.3,
        low=0.0,
        high=1.0,
        unit="per sd",
        symbol="ξ",
        evidence=Assumed("entry follows the province's score"),
    )
    spirit_response: float = param(
        0.02,
        low=0.0,
        high=0.05,
        unit="per sd",
        symbol="ξ_x",
        evidence=Assumed("so does entrants' orientation"),
    )
    spin_off: float = param(
        0.004,
        low=0.0,
        high=0.04,
        unit="probability",
        evidence=Assumed("an accepted idea becomes a firm of its own"),
    )
    orientation_sd: float = param(
        0.15, low=0.05, high=0.25, unit="0 to 1", evidence=Assumed("spread among founders")
    )
    coherence: float = param(0.5, low=0.0, high=0.9, unit="correlation", symbol="c", evidence=COHERENCE)
    style_low: float = param(
        0.3, low=0.0, high=0.5, unit="0 to 1", evidence=Assumed("leadership styles, lower end")
    )
    style_high: float = param(
        0.9, low=0.6, high=1.0, unit="0 to 1", evidence=Assumed("leadership styles, upper end")
    )
    layers_start: float = param(
        3.0, low=1.0, high=6.0, unit="layers", evidence=Assumed("of incumbents in 2012")
    )
    layers_entrant: float = param(2.0, low=1.0, high=6.0, unit="layers", evidence=Assumed("of entrants"))
    tfp_edge: float = param(
        0.03, low=0.0, high=0.1, unit="log points", evidence=Assumed("entrants over the mean firm")
    )
    tfp_spread: float = param(
        0.45, low=0.1, high=0.5, unit="log points", evidence=Assumed("among entrants, wider than incumbents'")
    )
    relative_size: float = param(
        0.3, low=0.1, high=0.6, unit="share", evidence=Assumed("of the mean firm's staff")
    )
    start_cash: float = param(
        1.0, low=0.05, high=1.5, unit="mean sales", evidence=Assumed("equity beyond capital, mean")
    )
    start_cash_spread: float = param(
        0.9, low=0.0, high=1.0, unit="share", evidence=Assumed("of that mean, either way, among entrants")
    )
    start_sales: float = param(
        0.25, low=0.1, high=0.5, unit="mean sales", evidence=Assumed("expected by entrants")
    )
    loan_share: float = param(0.3, low=0.0, high=0.6, unit="share of capital", evidence=Assumed("start loan"))
    new_base: float = param(
        0.02, low=0.0, high=0.1, unit="probability", evidence=Assumed("entrant on the new trajectory")
    )
    new_imitation: float = param(
        1.0,
        low=0.0,
        high=2.0,
        unit="per share",
        evidence=Assumed("the more of the province's firms are on it"),
    )
    patience: float = param(
        2.0, low=1.0, high=6.0, unit="quarters", evidence=Assumed("without cash before closing")
    )
    least_share: float = param(
        0.1, low=0.01, high=0.2, unit="mean share", evidence=Assumed("below it a firm closes")
    )


@rule
def entry_rate(rate, response, score_z):
    """Expected entrants per firm and quarter, ``λ₀ max(0, 1 + ξ n)``, n the lagged standardised score (E13).

    By hand: λ₀=.01, ξ=.3, n=1 gives .013.
    """
    return rate * max(0.0, 1.0 + response * score_z)


@rule
def first_loss_shared(lost, share, fund):
    """What guidance funds pay banks of a `lost` loan, as far as deposits of the `fund` go; 10^6 yuan.

    By hand: lost 10, share .3, fund 100 gives 3.
    """
    return min(share * lost, max(fund, 0.0))


@row_phase("firms", writes="quarters_short is_leaving age")
def judge_survival(i, s, p, key):
    """A firm closes after some quarters without cash, with a negligible share, or without staff."""
    firm = s.firms[i]
    q = p.demography
    firm.quarters_short = firm.quarters_short + 1 if firm.cash < 0.0 else 0
    negligible = firm.share < q.least_share / s.provinces[firm.province].n_firms
    firm.is_leaving = 1 if firm.quarters_short >= q.patience or negligible or firm.staff < 1.0 else 0
    firm.age += 1


@collective_phase(
    mechanisms="M70 M98",
    writes="firms.* entrepreneurs.is_alive teams.* employees.firm employees.team provinces.exits provinces.data_closed "
    "provinces.first_loss provinces.separations provinces.fund ledger world.banks world.loans",
)
def close_firms(s, p, key):
    """Closed firms release staff; cash goes to investors, capital and loan in part to the province's other firms."""
    n = s.provinces.size
    capital, loan, share = np.zeros(n), np.zeros(n), np.zeros(n)
    closing = 0
    for r in range(n):
        s.provinces[r].exits = 0
        s.provinces[r].first_loss = 0.0
        s.provinces[r].data_closed = 0.0
    for i in range(s.firms.size):
        firm = s.firms[i]
        if firm.is_alive and firm.is_leaving == 0:
            share[firm.province] += firm.share
        closing += firm.is_alive * firm.is_leaving
    if closing == 0:
        return
    for i in range(s.firms.size):
        if s.firms[i].is_alive and share[s.firms[i].province] <= 0.0:
            s.firms[i].is_leaving = 0  # a province is never left without firms
    for j in range(s.employees.size):
        person = s.employees[j]
        if person.is_alive and person.firm >= 0 and s.firms[person.firm].is_leaving:
            s.provinces[person.province].separations += 1
            leave_firm(s, j)
    for i in range(s.firms.size):
        firm = s.firms[i]
        if firm.is_alive == 0 or firm.is_leaving == 0:
            continue
        r = firm.province
        province = s.provinces[r]
        province.exits += 1
        province.data_closed += province.weight * (firm.data - firm.data_created + firm.data_lost)
        post(s, r, book.LIQUIDATION, province.weight * max(firm.cash, 0.0))
        post(s, r, book.OVERDRAFT, province.weight * max(-firm.cash, 0.0))
        capital[r] += firm.capital
        loan[r] += firm.loan
        lost = province.weight * (1.0 - p.finance.salvage) * firm.loan
        s.world[0].loans -= lost
        if p.on.M98:
            borne = borne_share(p.credit.first_loss, p.compensation.bears, s.governments[r].effect[M70])
            shared = first_loss_shared(lost, borne, province.fund)
            province.first_loss += shared
            post(s, r, book.FIRST_LOSS, shared)
        firm.is_alive = 0
        firm.cash = 0.0
        firm.loan = 0.0
        firm.capital = 0.0
        firm.share = 0.0
        s.entrepreneurs[i].is_alive = 0
    for i in range(s.firms.size):
        firm = s.firms[i]
        if firm.is_alive and share[firm.province] > 0.0:
            r = firm.province
            part = p.finance.salvage * firm.share / share[r]
            firm.capital += part * capital[r]
            firm.loan += part * loan[r]


@collective_phase(
    mechanisms="M12 M16 M33 M44 M51 M57 M65 M73 M78 M80",
    writes="firms.* entrepreneurs.* teams.* employees.firm employees.team provinces.entries provinces.entries_new "
    "provinces.hires provinces.fund ledger world.banks world.centre world.east world.loans world.is_full",
    draws="demography.number demography.founder demography.style demography.charisma demography.horizon "
    "demography.firm demography.hire patience.value patient_fund.choice patient_fund.reached workplace.team_anchor",
)
def found_firms(s, p, key):
    """Entrepreneurs found firms at a rate that follows culture and the province's lagged score (E13)."""
    q = p.demography
    idle = line_up_idle(s, key)
    row = 0
    for r in range(s.provinces.size):
        s.provinces[r].entries = 0
        s.provinces[r].entries_new = 0
    for r in range(s.provinces.size):
        province = s.provinces[r]
        n = province.score_z[SCORE_LAGS - 1]
        response = q.entry_response if p.on.M12 else 0.0
        t = p.reforms
        effect = s.governments[r].effect
        effort = inventors_effort(effect[M73], t.share, t.share_reformed, t.elasticity)
        expected = (
            entry_rate(q.entry * province.culture / province.culture_start, response, n) * province.n_firms
        )
        expected *= relative_entry(t.spin_off, effort)
        expected *= encouraged(p.bootcamp.founders, effect[M78])
        size = province.gdp_start * s.provinces.size / s.world[0].gdp_start
        expected *= eased_entry(p.registration.entry, size, p.registration.half, effect[M80])
        expected += p.proving.founding * province.proven
        number = poisson(expected, uniform(key, province.uid, NUMBER, 0))
        seed = seed_money(s.governments[r].delivered[M78], expected, province.weight)
        for k in range(number):
            row = free_row(s.firms, row)
            if row < 0:
                s.world[0].is_full = 1
                return
            open_firm(s, p, key, row, r, k, n, idle, seed)
            if s.firms[row].is_alive:
                province.entries += 1
                province.entries_new += s.firms[row].is_new
            row += 1


TOPIC = Topic(
    "demography",
    DemographyParams,
    (
        Mechanism(
            "M12",
            "Reverse causality: productive forces attract entrepreneurs",
            layer="A",
            seed="000 §2.3, 3.1",
            claim="off, the lagged score stops predicting entry",
            neutral="entry and entrants' orientation do not look at the score",
        ),
    ),
)
