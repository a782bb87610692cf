"""How a firm comes into being: by an entrepreneur (E13), or by an employee with an accepted idea (M09).

Both start with what investors and banks give, booked in the ledger, and with people of the province.
"""

from __future__ import annotations

from nqpf_abm.declare import collective_phase
from nqpf_abm.mechanisms.fields import emerging_field, traditional_field
from nqpf_abm.mechanisms.patience import INVESTORS, NOBODY, finds_equity, wanting
from nqpf_abm.mechanisms.patient_fund import public_share
from nqpf_abm.mechanisms.recruiting import (
    employ,
    hire_idle,
    inventor,
    let_go,
    line_up_idle,
    line_up_proactive,
)
from nqpf_abm.mechanisms.shock import shift, style_shift
from nqpf_abm.mechanisms.spirit import drawn_trait, orientation_spread
from nqpf_abm.mechanisms.workplace import free_row
from nqpf_abm.numerics.draws import lineage, normal, stream, uniform
from nqpf_abm.numerics.jit import routine, rule
from nqpf_abm.numerics.mathx import clip01
from nqpf_abm.state import accounts as book
from nqpf_abm.state.accounts import firm_books, post
from nqpf_abm.state.instruments import M78
from nqpf_abm.state.paths import N_PATHS
from nqpf_abm.state.tables import IDEA_QUEUE, N_STYLES, N_TRAITS

FOUNDER = stream("demography.founder")
STYLE = stream("demography.style")
CHARISMA = stream("demography.charisma")
HORIZON = stream("demography.horizon")
FIRM_TRAITS = stream("demography.firm")
LEAVE = stream("demography.leave")
PURSE = 4  # ordinal of the draw of a firm's first cash
FIRM, ENTREPRENEUR, SPIN_OFF = 51, 52, 53  # lineage tags


@rule
def start_cash(mean, spread, lot):
    """Cash of a new firm, ``m (1 + w (2u - 1))``: uniform within a share w of the mean.

    Start equity is a honeymoon: until it is used up a firm cannot fail for want of
    cash, however weak, so that the hazard of closing first rises with age, and falls once the weak are gone.

    By hand: m=.6, w=.8, u=1 gives 1.08.
    """
    return mean * (1.0 + spread * (2.0 * lot - 1.0))


@routine
def open_firm(s, p, key, i, r, ordinal, n, idle, seed):
    """Open firm `i` in province `r` with idle people of the province; without any it does not open.

    Public money adds `seed` to its equity, 10^6 yuan (M78).
    """
    q = p.demography
    province = s.provinces[r]
    firm = s.firms[i]
    uid = lineage(province.uid, key.quarter, ordinal, FIRM)
    blank_firm(firm)
    firm.uid = uid
    firm.province = r
    firm.is_alive = 1
    found_entrepreneur(s, p, key, i, n if p.on.M12 else 0.0)
    hire_idle(s, i, max(1.0, q.relative_size * province.mean_staff), idle, key)
    if firm.staff < 1.0:
        firm.is_alive = 0
        s.entrepreneurs[i].is_alive = 0
        return
    firm.log_tfp = province.mean_log_tfp + q.tfp_edge + q.tfp_spread * normal(key, uid, FIRM_TRAITS, 0)
    firm.log_tfp += p.bootcamp.taught * s.governments[r].effect[M78]
    adopting = province.adopter_share if p.on.M32 else p.start.adopters * province.digital_start
    firm.is_adopter = 1 if uniform(key, uid, FIRM_TRAITS, 1) < adopting else 0
    odds = q.new_base + q.new_imitation * province.new_share
    odds = province.new_share_start if s.world[0].is_burn_in else wanting(odds, p.patience.usual)
    firm.is_new = 1 if uniform(key, uid, FIRM_TRAITS, 2) < odds else 0
    u = uniform(key, uid, FIRM_TRAITS, 3)
    firm.field = emerging_field(province, u, p) if firm.is_new else traditional_field(province, u, p)
    public = 0.0
    if firm.is_new == 1 and s.world[0].is_burn_in == 0:
        public = public_share(s, r, uid, p, key)
        backer = finds_equity(s, r, uid, firm.field, public, p, key)
        if backer != INVESTORS:
            public = 0.0  # patient capital sits in investors' funds
        if backer == NOBODY:
            firm.is_new = 0
            firm.field = traditional_field(province, u, p)
    endow_firm(s, p, i, uniform(key, firm.uid, FIRM_TRAITS, PURSE), seed, public)


@routine
def endow_firm(s, p, i, lot, seed, public):
    """What a firm that has its staff starts with: equipment, market, equity and loan, booked in the ledger.

    How long its cash lasts depends on its `lot`, uniform on 0 to 1; `seed` is on top of it. A share
    `public` of its equity is lent to investors by the centre, which borrows it (M57).
    """
    q = p.demography
    firm = s.firms[i]
    r = firm.province
    province = s.provinces[r]
    firm.data = float(firm.is_adopter)
    firm.data_created = firm.data
    firm.algorithm = firm.data
    firm.digital_input = 1.0 / p.production.non_adopter_input if firm.is_adopter else 1.0
    firm.digital_weight = p.production.digital_weight_start
    firm.layers = int(q.layers_entrant)
    firm.skill = p.absorption.skill_reference
    firm.skill_match = province.skill_match
    firm.tolerance = p.tolerance.base
    intensity = province.mean_energy_intensity
    modern = p.on.M103 == 1 and s.world[0].is_burn_in == 0
    firm.energy_intensity = intensity * p.carbon.entrant_intensity if modern else intensity
    firm.waste_intensity = province.mean_waste * (1.0 if s.world[0].is_burn_in else p.waste.entrant)
    firm.reuse = province.mean_reuse
    firm.absorptive_capacity = province.absorptive_capacity
    firm.sales = 0.8 * q.start_sales * province.mean_sales
    firm.expected_sales = q.start_sales * province.mean_sales
    firm.share = q.start_sales / province.n_firms
    firm.capital = province.capital_per_head_start * province.wage / province.wage_start * firm.staff
    firm.loan = q.loan_share * firm.capital
    firm.capacity = firm.expected_sales
    cash = start_cash(q.start_cash, q.start_cash_spread, lot) * province.mean_sales
    weight = province.weight
    cash += seed
    equity = cash + firm.capital - firm.loan
    firm_books(firm, book.EQUITY, equity)
    firm_books(firm, book.NEW_LOANS, firm.loan)
    firm_books(firm, book.ENTRANTS_CAPITAL, firm.capital)
    if public > 0.0:
        post(s, r, book.CENTRE_GAP, public * weight * (equity - seed))
        post(s, r, book.PATIENT_CAPITAL, public * weight * (equity - seed))
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
    firm.support = 0.0
    firm.rnd_relabelled = 0.0
    firm.is_applicant = 0
    firm.rnd_stock = 0.0
    firm.fte = 0.0
    firm.absorptive_capacity = 0.0
    firm.success_probability = 0.0
    firm.wins = 0
    firm.radical_wins = 0
    firm.green_wins = 0
    firm.waste = 0.0
    firm.neighbour_gain = 0.0
    firm.lessons = 0.0
    firm.launching = 0.0
    firm.failures = 0
    firm.found = 0.0
    firm.found_radical = 0.0
    firm.consortium = 0
    firm.bounty = 0.0
    firm.pool = 0.0
    firm.digested = 1.0
    firm.disruption = 0.0
    firm.launched = 0.0
    firm.search_gain = 0.0
    firm.idea_gain = 0.0
    firm.niche = 0.0
    firm.niches = 0
    firm.profit = 0.0
    firm.responsibility = 0.0
    firm.layers_cut = 0
    firm.is_spin_off = 0
    firm.is_borrower = 0
    firm.is_approved = 0
    firm.credit_line = 0.0
    firm.rnd_loan = 0.0
    firm.year_sales = 0.0
    firm.year_profit = 0.0
    firm.year_rnd = 0.0
    firm.year_wins = 0
    firm.data_created = 0.0
    firm.data_lost = 0.0
    firm.sharing = 0.0
    firm.data_paid = 0.0
    firm.data_received = 0.0
    firm.compute_wanted = 0.0
    firm.compute = 0.0
    firm.compute_rent = 0.0
    firm.online_share = 0.0
    firm.ideas = 0
    firm.accepted = 0
    firm.n_proactive = 0.0
    for k in range(N_TRAITS):
        firm.proactive_mean[k] = 0.5
    firm.investment = 0.0
    firm.new_loan = 0.0
    firm.vacancies = 0
    firm.unfilled = 0
    firm.bid = 1.0
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
    for path in range(N_PATHS):
        firm.paths[path] = 0
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
    common = normal(key, e.uid, FOUNDER, N_TRAITS)
    raised = shift(s, p.shock.leaders) * orientation_spread(q.orientation_sd, q.coherence)
    for k in range(N_TRAITS):
        own = normal(key, e.uid, FOUNDER, k)
        mean = 0.5 + q.spirit_response * n + raised
        e.orientation[k] = drawn_trait(mean, q.orientation_sd, common, own, q.coherence)
        e.cognition[k] = e.orientation[k]
    for k in range(N_STYLES):
        spread = q.style_high - q.style_low
        style = q.style_low + spread * uniform(key, e.uid, STYLE, k)
        e.style[k] = clip01(style + shift(s, p.shock.styles) * style_shift(spread))
    spread = p.charisma.high - p.charisma.low
    e.charisma = p.charisma.low + spread * uniform(key, e.uid, CHARISMA, 0)
    spread = p.skills.horizon_high - p.skills.horizon_low
    e.horizon = p.skills.horizon_low + spread * uniform(key, e.uid, HORIZON, 0)
    e.leadership = p.leadership.neutral_style
    for k in range(N_STYLES):
        e.channel[k] = p.leadership.neutral_style
    e.research_drive = 1.0
    e.radical_share = p.orientation.radical_base
    e.winnable = 1.0
    e.launch_rate = p.orientation.launch_speed


@collective_phase(
    mechanisms="M09",
    writes="firms.* entrepreneurs.* teams.* employees.firm employees.team provinces.entries provinces.spin_offs "
    "provinces.hires provinces.separations provinces.fund ledger world.banks world.east world.loans world.is_full",
    draws="demography.leave demography.inventor demography.founder demography.style demography.charisma "
    "demography.horizon demography.firm demography.hire workplace.team_anchor",
)
def spin_off(s, p, key):
    """Employees whose ideas were accepted leave to found firms of their own (000 §3.3, 5.2.1)."""
    for r in range(s.provinces.size):
        s.provinces[r].spin_offs = 0
    if not p.on.M09:
        return
    idle, proactive = line_up_idle(s, key), line_up_proactive(s)
    row = 0
    for i in range(s.firms.size):
        parent = s.firms[i]
        if parent.is_alive == 0:
            continue
        for k in range(parent.accepted):
            if parent.staff < 2.0 or uniform(key, parent.uid, LEAVE, k) >= p.demography.spin_off:
                continue
            j = inventor(s, i, k, proactive, key)
            if j < 0:
                continue
            row = free_row(s.firms, row)
            if row < 0:
                s.world[0].is_full = 1
                return
            open_spin_off(s, p, key, row, i, j, k, idle)
            row += 1


@routine
def open_spin_off(s, p, key, i, parent_row, j, ordinal, idle):
    """Person `j` leaves firm `parent_row` and opens firm `i` on what was learnt there."""
    q = p.demography
    firm = s.firms[i]
    parent = s.firms[parent_row]
    person = s.employees[j]
    r = parent.province
    province = s.provinces[r]
    let_go(s, j, idle)
    province.separations += 1
    blank_firm(firm)
    firm.uid = lineage(parent.uid, key.quarter, ordinal, SPIN_OFF)
    firm.province = r
    firm.is_alive = 1
    firm.is_spin_off = 1
    found_entrepreneur(s, p, key, i, 0.0)
    e = s.entrepreneurs[i]
    for k in range(N_TRAITS):
        e.orientation[k] = person.orientation[k]
        e.cognition[k] = e.orientation[k]
    employ(s, j, i, idle, key)
    province.hires += 1
    hire_idle(s, i, max(1.0, q.relative_size * province.mean_staff), idle, key)
    firm.log_tfp = parent.log_tfp + q.tfp_edge
    firm.is_adopter = parent.is_adopter
    firm.is_new = parent.is_new
    firm.field = parent.field
    endow_firm(s, p, i, uniform(key, firm.uid, FIRM_TRAITS, PURSE), 0.0, 0.0)
    province.entries += 1
    province.spin_offs += 1
