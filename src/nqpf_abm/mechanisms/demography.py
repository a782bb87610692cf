"""Entry and exit of firms (E13, E15; M12)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nqpf_abm.declare import Assumed, Checked, Mechanism, Topic, collective_phase, param, row_phase
from nqpf_abm.mechanisms.research import emerging_field, traditional_field
from nqpf_abm.mechanisms.workplace import free_row, join_firm, leave_firm
from nqpf_abm.numerics.draws import lineage, normal, poisson, stream, uniform
from nqpf_abm.numerics.jit import routine, rule
from nqpf_abm.numerics.mathx import clip01
from nqpf_abm.state import accounts as book
from nqpf_abm.state.accounts import firm_books, post
from nqpf_abm.state.tables import IDEA_QUEUE, N_STYLES, N_TRAITS, SCORE_LAGS

NUMBER = stream("demography.number")
FOUNDER = stream("demography.founder")
STYLE = stream("demography.style")
FIRM_TRAITS = stream("demography.firm")
FIRM = 51  # lineage tag of firms
ENTREPRENEUR = 52


@dataclass(frozen=True, kw_only=True)
class DemographyParams(Checked):
    """Rates of entry and exit, and what entrants start with."""

    entry: float = param(
        0.008, low=0.004, high=0.016, unit="1/firm/quarter", symbol="λ₀", evidence=Assumed("about 3 % a year")
    )
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
    orientation_sd: float = param(
        0.15, low=0.05, high=0.25, unit="0 to 1", evidence=Assumed("spread among founders")
    )
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
    tfp_spread: float = param(0.33, low=0.1, high=0.5, unit="log points", evidence=Assumed("among entrants"))
    relative_size: float = param(
        0.3, low=0.1, high=0.6, unit="share", evidence=Assumed("of the mean firm's staff")
    )
    start_cash: float = param(
        0.2, low=0.05, high=1.5, unit="mean sales", evidence=Assumed("equity beyond capital")
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
    writes="firms.* entrepreneurs.is_alive teams.* employees.firm employees.team provinces.exits provinces.data_closed "
    "provinces.separations provinces.fund ledger world.banks world.loans"
)
def close_firms(s, p, key):
    """Closed firms release staff; cash goes to investors, capital and loan in part to the province's other firms."""
    n = s.provinces.size
    capital, loan, share = np.zeros(n), np.zeros(n), np.zeros(n)
    closing = 0
    for r in range(n):
        s.provinces[r].exits = 0
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
        s.world[0].loans -= province.weight * (1.0 - p.finance.salvage) * firm.loan
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
    mechanisms="M12",
    writes="firms.* entrepreneurs.* teams.* employees.firm employees.team provinces.entries provinces.hires "
    "provinces.fund ledger world.banks world.east world.loans world.is_full",
    draws="demography.number demography.founder demography.style demography.firm",
)
def found_firms(s, p, key):
    """Entrepreneurs found firms at a rate that follows the province's lagged score (E13)."""
    q = p.demography
    row = 0
    for r in range(s.provinces.size):
        s.provinces[r].entries = 0
    for r in range(s.provinces.size):
        province = s.provinces[r]
        n = province.score_z[SCORE_LAGS - 1]
        response = q.entry_response if p.on.M12 else 0.0
        number = poisson(
            entry_rate(q.entry, response, n) * province.n_firms, uniform(key, province.uid, NUMBER, 0)
        )
        for k in range(number):
            row = free_row(s.firms, row)
            if row < 0:
                s.world[0].is_full = 1
                return
            open_firm(s, p, key, row, r, k, n)
            if s.firms[row].is_alive:
                province.entries += 1
            row += 1


@routine
def open_firm(s, p, key, i, r, ordinal, n):
    """Open firm `i` in province `r` with idle people of the province; without any it does not open."""
    q = p.demography
    province = s.provinces[r]
    firm = s.firms[i]
    uid = lineage(province.uid, key.quarter, ordinal, FIRM)
    blank_firm(firm)
    firm.uid = uid
    firm.province = r
    firm.is_alive = 1
    found_entrepreneur(s, p, key, i, n if p.on.M12 else 0.0)
    wanted = max(1.0, q.relative_size * province.mean_staff)
    for j in range(s.employees.size):
        person = s.employees[j]
        if firm.staff < wanted and person.is_alive and person.province == r and person.firm < 0:
            join_firm(s, j, i, key)
            province.hires += 1
    if firm.staff < 1.0:
        firm.is_alive = 0
        s.entrepreneurs[i].is_alive = 0
        return
    firm.log_tfp = province.mean_log_tfp + q.tfp_edge + q.tfp_spread * normal(key, uid, FIRM_TRAITS, 0)
    adopting = province.adopter_share if p.on.M32 else p.start.adopters * province.digital_start
    firm.is_adopter = 1 if uniform(key, uid, FIRM_TRAITS, 1) < adopting else 0
    firm.data = float(firm.is_adopter)
    firm.data_created = firm.data
    firm.digital_weight = p.production.digital_weight_start
    odds = q.new_base + q.new_imitation * province.new_share
    if s.world[0].is_burn_in:
        odds = province.new_share_start
    firm.is_new = 1 if uniform(key, uid, FIRM_TRAITS, 2) < odds else 0
    u = uniform(key, uid, FIRM_TRAITS, 3)
    firm.field = emerging_field(u) if firm.is_new else traditional_field(u)
    firm.layers = int(q.layers_entrant)
    firm.skill = p.absorption.skill_reference
    intensity = province.mean_energy_intensity
    modern = p.on.M103 == 1 and s.world[0].is_burn_in == 0
    firm.energy_intensity = intensity * p.carbon.entrant_intensity if modern else intensity
    firm.absorptive_capacity = province.absorptive_capacity
    firm.sales = 0.8 * q.start_sales * province.mean_sales
    firm.expected_sales = q.start_sales * province.mean_sales
    firm.share = q.start_sales / province.n_firms
    firm.capital = province.capital_per_head_start * province.wage / province.wage_start * firm.staff
    firm.loan = q.loan_share * firm.capital
    firm.capacity = firm.expected_sales
    cash = q.start_cash * province.mean_sales
    weight = province.weight
    equity = cash + firm.capital - firm.loan
    firm_books(firm, book.EQUITY, equity)
    firm_books(firm, book.NEW_LOANS, firm.loan)
    firm_books(firm, book.ENTRANTS_CAPITAL, firm.capital)
    post(s, r, book.EQUITY, weight * equity)
    post(s, r, book.NEW_LOANS, weight * firm.loan)
    post(s, r, book.ENTRANTS_CAPITAL, weight * firm.capital)
    s.world[0].loans += weight * firm.loan


@routine
def blank_firm(firm):
    """Clear what the former firm of this row left behind."""
    firm.age = 0
    firm.staff = 0.0
    firm.cash = 0.0
    firm.opening_cash = 0.0
    firm.inventory = 0.0
    firm.output = 0.0
    firm.order = 0.0
    firm.rnd = 0.0
    firm.rnd_base = 0.0
    firm.grant = 0.0
    firm.is_applicant = 0
    firm.rnd_stock = 0.0
    firm.fte = 0.0
    firm.absorptive_capacity = 0.0
    firm.success_probability = 0.0
    firm.wins = 0
    firm.radical_wins = 0
    firm.green_wins = 0
    firm.launching = 0.0
    firm.data_created = 0.0
    firm.data_lost = 0.0
    firm.ideas = 0
    firm.accepted = 0
    firm.n_proactive = 0.0
    for k in range(N_TRAITS):
        firm.proactive_mean[k] = 0.5
    firm.investment = 0.0
    firm.new_loan = 0.0
    firm.vacancies = 0
    firm.layoffs = 0
    firm.quarters_short = 0
    firm.is_leaving = 0
    firm.n_teams = 0
    firm.first_team = -1
    firm.fitness = 1.0
    for k in range(IDEA_QUEUE):
        firm.idea_queue[k] = 0.0
    for k in range(N_TRAITS):
        firm.team_mean[k] = 0.5
    for row in range(book.N_ROWS):
        firm.flow[row] = 0.0


@routine
def found_entrepreneur(s, p, key, i, n):
    """The founder of firm `i`: orientation and styles from own draws, orientation higher where the score is."""
    q = p.demography
    e = s.entrepreneurs[i]
    e.is_alive = 1
    e.uid = lineage(s.firms[i].uid, key.quarter, 0, ENTREPRENEUR)
    e.firm = i
    for k in range(N_TRAITS):
        e.orientation[k] = clip01(
            0.5 + q.spirit_response * n + q.orientation_sd * normal(key, e.uid, FOUNDER, k)
        )
        e.cognition[k] = e.orientation[k]
    for k in range(N_STYLES):
        e.style[k] = q.style_low + (q.style_high - q.style_low) * uniform(key, e.uid, STYLE, k)
    e.leadership = p.leadership.neutral_style
    e.research_drive = 1.0
    e.radical_share = p.orientation.radical_base
    e.launch_rate = p.orientation.launch_speed


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
