"""What is kept of each quarter: one row per province, then yearly variables for the indicators."""

from __future__ import annotations

import numpy as np

from nqpf_abm.numerics.arrays import copied
from nqpf_abm.numerics.jit import compiled
from nqpf_abm.state.accounts import RESPONSIBILITY, WAGES
from nqpf_abm.state.paths import N_PATHS
from nqpf_abm.state.tables import HEAVY, INNOVATIVENESS, PROACTIVENESS, RISK_TAKING, WINDOW

FLOW, MEAN, TRAILING = "sum of four quarters", "mean of four quarters", "sum of twelve quarters"

SERIES: tuple[tuple[str, str, str, str], ...] = (
    ("gdp", "10^6 yuan", FLOW, "goods produced, 2012 prices"),
    ("consumption", "10^6 yuan", FLOW, "of households"),
    ("investment", "10^6 yuan", FLOW, "of firms"),
    ("sales", "10^6 yuan", FLOW, "of firms"),
    ("sales_new", "10^6 yuan", FLOW, "of firms on the new trajectory"),
    ("sales_new_digital", "10^6 yuan", FLOW, "of those that adopted digital technology"),
    ("rd", "10^6 yuan", FLOW, "R&D of firms and public research"),
    ("rd_firms", "10^6 yuan", FLOW, "R&D of firms"),
    ("rd_reported", "10^6 yuan", FLOW, "R&D as reported: with what is relabelled for tax relief"),
    ("policy_spend", "10^6 yuan", FLOW, "of governments, on policy instruments"),
    ("rd_fte", "person-years", MEAN, "R&D staff, full-time equivalents"),
    (
        "patents",
        "items",
        FLOW,
        "weighted wins times patents per win, which rise with the propensity to patent",
    ),
    ("papers", "papers", FLOW, "by universities"),
    ("wins", "weighted wins", FLOW, "successful searches"),
    ("radical_wins", "weighted wins", FLOW, "of which radical"),
    ("green_wins", "weighted wins", FLOW, "of which green"),
    ("wins_digested", "weighted wins", FLOW, "wins that yield output"),
    ("failures", "weighted searches", FLOW, "without success"),
    ("ideas_raised", "weighted ideas", FLOW, "by employees"),
    ("ideas_accepted", "weighted ideas", FLOW, "ideas of employees that passed every layer"),
    ("value_ideas", "10^6 yuan", FLOW, "sales times productivity gained from employees' ideas"),
    (
        "value_neighbours",
        "10^6 yuan",
        FLOW,
        "sales times productivity gained from other firms of the province",
    ),
    ("value_search", "10^6 yuan", FLOW, "sales times productivity gained from search"),
    ("weight", "persons/agent", MEAN, "persons an agent, and so a win, stands for"),
    ("residents", "persons", MEAN, ""),
    ("employed", "persons", MEAN, ""),
    ("unemployment_rate", "share", MEAN, ""),
    ("wage", "yuan/quarter", MEAN, "per employed person"),
    ("firms", "firms", MEAN, "alive"),
    ("adopters", "firms", MEAN, "that adopted digital technology"),
    ("new_firms", "firms", MEAN, "on the new trajectory"),
    ("heavy_firms", "firms", MEAN, "in coal and petrochemicals"),
    ("entries", "firms", FLOW, ""),
    ("spin_offs", "firms", FLOW, "entries by employees of other firms"),
    ("entries_new", "firms", FLOW, "entries by entrepreneurs on the new trajectory"),
    ("exits", "firms", FLOW, ""),
    ("niches", "niches", FLOW, "seen by firms"),
    ("tolerance", "0 to 1", MEAN, "of failure, mean of firms"),
    ("disruption", "share", MEAN, "of output lost after radical wins, mean of firms"),
    ("layers", "layers", MEAN, "of hierarchy, mean of firms"),
    ("paths", "paths", MEAN, "improvement paths followed, mean of firms"),
    ("layers_cut", "layers", FLOW, "taken out less added, sum over firms"),
    ("vacancies", "agents", FLOW, "staff wanted"),
    ("matches", "agents", FLOW, "of which found"),
    ("take_up", "share", MEAN, "of firms that apply for a grant"),
    ("approvals", "share", MEAN, "of firms that are granted the credit they ask for"),
    ("rd_loans", "10^6 yuan", FLOW, "R&D paid by loans"),
    ("first_loss", "10^6 yuan", FLOW, "of lost loans, borne by guidance funds"),
    ("csr", "10^6 yuan", FLOW, "given by firms to society"),
    ("profit", "10^6 yuan", FLOW, "of firms before tax"),
    ("culture", "1", MEAN, "of entrepreneurship"),
    ("entrepreneurship", "relative to 2012", MEAN, "index of four measures"),
    ("launch_speed", "share", MEAN, "of radical gains that reached production in a quarter, smoothed"),
    ("capital", "10^6 yuan", MEAN, "of firms"),
    ("capital_adopters", "10^6 yuan", MEAN, "of adopters"),
    ("log_tfp", "log", MEAN, "sales-weighted, relative to the province's level of 2012"),
    ("absorptive_capacity", "share", MEAN, "mean of firms"),
    ("skill_match", "0 to 1", MEAN, "cosine of skills supplied and demanded, mean of firms"),
    ("skill", "0 to 1", MEAN, "of new technology, mean of employees with a job"),
    ("old_skill", "0 to 1", MEAN, "of old technology, mean of employees with a job"),
    ("utilisation", "share", MEAN, "of capacity"),
    ("energy", "10^4 tce", FLOW, ""),
    ("fossil_energy", "10^4 tce", FLOW, ""),
    ("co2", "Mt", FLOW, ""),
    ("waste", "10^6 yuan of 2012", FLOW, "waste water and solid waste, in output of 2012 that made as much"),
    ("waste_reused", "10^6 yuan of 2012", FLOW, "of which reused"),
    ("achievements_created", "achievements", TRAILING, "by universities"),
    ("achievements_converted", "achievements", TRAILING, ""),
    ("achievements_converted_locally", "achievements", TRAILING, ""),
    ("achievements_stalled", "achievements", TRAILING, ""),
    ("conversion_age", "quarters", MEAN, "mean age of projects converted recently"),
    ("licences", "10^6 yuan", FLOW, "paid by firms to universities"),
    ("projects", "achievements", MEAN, "under way at the quarter's end"),
    ("leader_orientation", "0 to 1", MEAN, "mean of entrepreneurs and traits"),
    ("team_orientation", "0 to 1", MEAN, "mean of teams and traits"),
    ("employee_orientation", "0 to 1", MEAN, "mean of employees with a job, and traits"),
    ("leadership", "0 to 1", MEAN, "team-empowering leadership, mean of entrepreneurs"),
    ("safety", "0 to 1", MEAN, "psychological safety, mean of teams"),
    ("autonomy", "0 to 1", MEAN, "mean of teams"),
    ("proactive_share", "share", MEAN, "of employees with a job"),
    ("heads", "persons", MEAN, "labour force at the quarter's end"),
    ("heads_top", "persons", MEAN, "of which top tier"),
    ("leavers", "persons", FLOW, "out-migration"),
    ("arrivals", "persons", FLOW, "in-migration"),
    ("hires", "agents", FLOW, ""),
    ("separations", "agents", FLOW, ""),
    ("deposits_households", "10^6 yuan", MEAN, "at the quarter's end"),
    ("deposits_firms", "10^6 yuan", MEAN, "at the quarter's end"),
    ("loans", "10^6 yuan", MEAN, "at the quarter's end"),
    ("data", "weighted units", MEAN, "adopters' data stock at the quarter's end"),
    ("data_created", "weighted units", FLOW, ""),
    ("data_lost", "weighted units", FLOW, "aged out"),
    ("data_closed", "weighted units", FLOW, "lost with closed firms"),
    ("data_uses", "weighted uses", FLOW, "of pools of data by adopters"),
    ("data_circulated", "employees of a fresh adopter", FLOW, "whose data circulate"),
    ("data_liquidity", "share", MEAN, "of data that circulates"),
    ("data_paid", "10^6 yuan", FLOW, "by firms for data"),
    ("sharing", "firms", MEAN, "sharing their data, adopters"),
    ("digital_input", "relative to a 2012 non-adopter", MEAN, "mean of firms"),
    ("algorithm", "relative to a fresh adopter", MEAN, "mean of adopters"),
    ("compute_installed", "units/quarter", MEAN, "a unit is a fresh adopter's use per employee"),
    ("compute_used", "units/quarter", MEAN, "of the capacity of the province"),
    ("compute_rent", "10^6 yuan", FLOW, "paid by firms"),
    ("compute_investment", "10^6 yuan", FLOW, "of operators"),
    ("sales_online", "10^6 yuan", FLOW, "of firms"),
    ("efficiency_revolution", "0 to 1", MEAN, "of technological revolution"),
    ("efficiency_factors", "0 to 1", MEAN, "of factor allocation"),
    ("efficiency_transition", "0 to 1", MEAN, "of industrial transition"),
    ("breadth", "0 to 1", MEAN, "of wins across fields"),
    ("sustainability", "0 to 1", MEAN, "of wins"),
    ("resonance", "1", MEAN, "factor on search"),
    ("institutions", "0 to 1", MEAN, "quality of institutions"),
    ("institutional_gap", "quarters", MEAN, "vintage of technology less that of the rules"),
    ("trust", "0 to 1", MEAN, "in policy"),
    ("data_rights", "0 to 1", MEAN, ""),
    ("circulation", "0 to 1", MEAN, "geometric mean of its four stages"),
    ("exports", "10^6 yuan", FLOW, "orders from outside the province"),
    ("success_probability", "probability", MEAN, "of a win in a quarter, mean of firms"),
    ("score", "0 to 1", MEAN, "last year's score as the agents know it (annual bounds)"),
)
"""Name, unit, how a year is made of quarters, meaning."""

SERIES_TYPE = np.dtype([(name, "f8") for name, *_ in SERIES])
_WAYS = (FLOW, MEAN, TRAILING)
_, IS_MEAN, IS_TRAILING = range(len(_WAYS))
_TRAILING_TOO = ("wins", "green_wins")
_YEARLY = (*SERIES_TYPE.names, *(f"{name}_3y" for name in _TRAILING_TOO))
_COLUMN = np.array([*range(len(SERIES)), *map(SERIES_TYPE.names.index, _TRAILING_TOO)])
_HOW = np.array([_WAYS.index(how) for _, _, how, _ in SERIES] + [IS_TRAILING] * len(_TRAILING_TOO))


@compiled
def record_quarter(s, out):
    """Fill `out`, one SERIES_TYPE row per province, from the state at the quarter's end."""
    for r in range(s.provinces.size):
        record_province(s.provinces[r], s.governments[r], s.world[0], out[r])
    for i in range(s.firms.size):
        firm = s.firms[i]
        if firm.is_alive:
            record_firm(firm, s.provinces[firm.province], out[firm.province])
    for r in range(s.provinces.size):
        out[r].patents *= s.world[0].patenting
    for i in range(s.universities.size):
        if s.universities[i].is_alive:
            out[s.universities[i].province].papers += s.universities[i].papers
    for i in range(s.entrepreneurs.size):
        e = s.entrepreneurs[i]
        if e.is_alive:
            row = out[s.firms[e.firm].province]
            row.leadership += e.leadership
            row.leader_orientation += (e.orientation[0] + e.orientation[1] + e.orientation[2]) / 3.0
    record_people(s, out)
    for i in range(s.projects.size):
        if s.projects[i].is_alive:
            out[s.projects[i].province].projects += 1.0


@compiled
def record_province(province, government, world, row):
    """Columns that are known per province; the rest starts at zero."""
    row.gdp = province.gdp
    row.consumption = province.consumption
    row.rd = government.public_rnd
    row.rd_reported = government.public_rnd
    row.policy_spend = government.policy_spend
    relative_wage = province.wage / province.wage_start
    row.rd_fte = 4.0 * government.public_rnd * world.fte_per_yuan / relative_wage
    heads = float(province.heads[0] + province.heads[1])
    row.weight = province.weight
    row.residents = province.population_start * heads / province.heads_start
    row.employed = heads * (1.0 - province.unemployment)
    row.unemployment_rate = province.unemployment
    row.wage = province.wage * 1e6
    row.entries = province.entries
    row.exits = province.exits
    row.entries_new = province.entries_new
    row.spin_offs = province.spin_offs
    row.vacancies = province.vacancies
    row.matches = province.matches
    row.first_loss = province.first_loss
    row.culture = province.culture
    row.entrepreneurship = province.entrepreneurship
    row.launch_speed = province.measures[1]
    row.log_tfp = province.log_tfp
    row.utilisation = province.utilisation
    row.skill_match = province.skill_match
    row.achievements_created = province.created
    row.achievements_converted = province.converted
    row.achievements_converted_locally = province.converted_locally
    row.achievements_stalled = province.stalled
    row.conversion_age = province.conversion_age
    row.licences = province.licences
    row.heads = heads
    row.heads_top = province.heads[1]
    row.leavers = province.leavers[0] + province.leavers[1]
    row.arrivals = province.arrivals[0] + province.arrivals[1]
    row.hires = province.hires
    row.separations = province.separations
    row.deposits_households = province.households
    row.data_closed = province.data_closed
    row.data_liquidity = province.data_liquidity
    row.compute_installed = province.compute_installed
    row.compute_used = province.compute_used
    row.compute_investment = province.compute_investment
    row.efficiency_revolution = province.efficiency[0]
    row.efficiency_factors = province.efficiency[1]
    row.efficiency_transition = province.efficiency[2]
    row.breadth = province.breadth
    row.sustainability = province.sustainability
    row.resonance = province.resonance
    row.institutions = province.institutions
    row.institutional_gap = province.institutional_gap
    row.trust = province.trust
    row.data_rights = province.data_rights
    row.circulation = province.circulation
    row.exports = province.orders - (1.0 - province.import_share) * province.absorption
    row.score = province.score


@compiled
def record_firm(firm, province, row):
    """Add one firm to the sums of its province."""
    w = province.weight
    row.investment += w * firm.investment
    row.sales += w * firm.sales
    row.sales_new += w * firm.sales * firm.is_new
    row.sales_new_digital += w * firm.sales * firm.is_new * firm.is_adopter
    row.rd += w * firm.rnd
    row.rd_firms += w * firm.rnd
    row.rd_reported += w * (firm.rnd + firm.rnd_relabelled)
    row.rd_fte += w * firm.fte
    row.patents += w * firm.wins * province.patents_per_win
    row.wins += w * firm.wins
    row.radical_wins += w * firm.radical_wins
    row.green_wins += w * firm.green_wins
    row.wins_digested += w * firm.wins * firm.digested
    row.failures += w * firm.failures
    row.ideas_raised += w * firm.ideas
    row.ideas_accepted += w * firm.accepted
    row.value_ideas += w * firm.sales * firm.idea_gain
    row.value_neighbours += w * firm.sales * firm.neighbour_gain
    row.value_search += w * firm.sales * firm.search_gain
    row.niches += firm.niches
    row.tolerance += firm.tolerance
    row.disruption += firm.disruption
    row.layers += firm.layers
    for k in range(N_PATHS):
        row.paths += 1.0 if firm.paths[k] > 0 else 0.0
    row.layers_cut += firm.layers_cut
    row.take_up += firm.is_applicant
    row.approvals += firm.is_approved
    row.success_probability += firm.success_probability
    row.rd_loans += w * firm.rnd_loan
    row.csr += w * firm.flow[RESPONSIBILITY]
    row.profit += w * firm.profit
    row.firms += 1.0
    row.adopters += firm.is_adopter
    row.new_firms += firm.is_new
    row.heavy_firms += 1.0 if firm.field == HEAVY else 0.0
    row.capital += w * firm.capital
    row.capital_adopters += w * firm.capital * firm.is_adopter
    row.absorptive_capacity += firm.absorptive_capacity
    energy = w * firm.output * firm.energy_intensity
    fossil = province.fossil_share / max(province.fossil_share_start, 1e-12)
    row.energy += energy * province.energy_per_output
    row.fossil_energy += energy * province.energy_per_output * province.fossil_share
    row.co2 += energy * province.co2_per_output * fossil
    row.waste += w * firm.waste
    row.waste_reused += w * firm.waste * firm.reuse
    row.deposits_firms += w * firm.cash
    row.loans += w * firm.loan
    row.data += w * firm.data
    row.data_created += w * firm.data_created
    row.data_lost += w * firm.data_lost
    row.data_uses += w * firm.sharing * firm.is_adopter
    row.data_circulated += w * firm.staff * firm.data * province.data_liquidity
    row.data_paid += w * firm.data_paid
    row.sharing += firm.sharing * firm.is_adopter
    row.digital_input += firm.digital_input
    row.algorithm += firm.algorithm * firm.is_adopter
    row.compute_rent += w * firm.compute_rent
    row.sales_online += w * firm.sales * firm.online_share


@compiled
def record_people(s, out):
    """Means over teams, employees and firms; the sums so far become means."""
    n = s.provinces.size
    teams = np.zeros(n)
    people = np.zeros(n)
    for k in range(s.teams.size):
        team = s.teams[k]
        if team.is_alive:
            r = s.firms[team.firm].province
            teams[r] += 1.0
            out[r].safety += team.safety
            out[r].autonomy += team.autonomy
            out[r].team_orientation += (team.orientation[0] + team.orientation[1] + team.orientation[2]) / 3.0
    for j in range(s.employees.size):
        person = s.employees[j]
        if person.is_alive and person.firm >= 0:
            row = out[person.province]
            people[person.province] += 1.0
            row.employee_orientation += (
                person.orientation[0] + person.orientation[1] + person.orientation[2]
            ) / 3.0
            row.proactive_share += person.is_proactive
            row.skill += person.skill
            row.old_skill += person.old_skill
    for r in range(n):
        row = out[r]
        row.leader_orientation /= max(row.firms, 1.0)
        row.leadership /= max(row.firms, 1.0)
        row.digital_input /= max(row.firms, 1.0)
        row.algorithm /= max(row.adopters, 1.0)
        row.tolerance /= max(row.firms, 1.0)
        row.disruption /= max(row.firms, 1.0)
        row.layers /= max(row.firms, 1.0)
        row.paths /= max(row.firms, 1.0)
        row.take_up /= max(row.firms, 1.0)
        row.approvals /= max(row.firms, 1.0)
        row.success_probability /= max(row.firms, 1.0)
        row.absorptive_capacity /= max(row.firms, 1.0)
        row.team_orientation /= max(teams[r], 1.0)
        row.safety /= max(teams[r], 1.0)
        row.autonomy /= max(teams[r], 1.0)
        row.employee_orientation /= max(people[r], 1.0)
        row.proactive_share /= max(people[r], 1.0)
        row.skill /= max(people[r], 1.0)
        row.old_skill /= max(people[r], 1.0)


FIRM_YEAR = np.dtype(
    [
        ("year", "i8"),
        ("province_row", "i8"),
        ("firm", "u8"),
        *((name, "i8") for name in ("age", "is_spin_off")),
        ("staff", "f8"),
        ("layers", "i8"),
        *(
            (name, "f8")
            for name in (
                "sales", "profit", "cash", "pay", "rnd", "log_tfp", "leadership", "charisma", "acting_share",
                "rnd_share", "product_speed", "patents_per_head",
            )
        ),
        ("is_applicant", "i8"),
        *((name, "f8") for name in ("innovativeness", "proactiveness", "risk_taking", "orientation")),
    ]
)  # fmt: skip
"""A firm's year in figures, and its leader. Money is in 10^6 yuan at the firm's own scale.

product_speed is the share of waiting radical gains that the leader brings to production in a quarter.
"""


@compiled
def record_firms(s, out):
    """Fill `out`, one FIRM_YEAR row per firm in use, from the state at a year's end; returns their number."""
    n = 0
    for i in range(s.firms.size):
        firm, leader = s.firms[i], s.entrepreneurs[i]
        if firm.is_alive:
            row = out[n]
            n += 1
            staff = max(firm.staff, 1.0)
            row.province_row = firm.province
            row.firm = firm.uid
            row.age = firm.age
            row.is_spin_off = firm.is_spin_off
            row.staff = firm.staff
            row.layers = firm.layers
            row.sales = firm.year_sales
            row.profit = firm.year_profit
            row.cash = firm.cash
            row.pay = firm.flow[WAGES] / staff
            row.rnd = firm.year_rnd
            row.log_tfp = firm.log_tfp
            row.leadership = leader.leadership
            row.charisma = leader.charisma
            row.acting_share = firm.n_proactive / staff
            row.rnd_share = firm.year_rnd / max(firm.year_sales, 1e-12)
            row.product_speed = leader.launch_rate
            row.patents_per_head = firm.year_wins * s.provinces[firm.province].patents_per_win / staff
            row.is_applicant = firm.is_applicant
            traits = leader.orientation
            row.innovativeness = traits[INNOVATIVENESS]
            row.proactiveness = traits[PROACTIVENESS]
            row.risk_taking = traits[RISK_TAKING]
            row.orientation = (traits[0] + traits[1] + traits[2]) / 3.0
    return n


def yearly(series: np.ndarray, last: int) -> dict[str, np.ndarray]:
    """The variables of the year that ends with quarter row `last` of `series` (n_quarters, n_provinces).

    Returns a mapping from the names of `SERIES` to arrays (n_provinces,), to be read, and ``wins_3y``,
    ``green_wins_3y``: sums over twelve quarters. Trailing sums use what there is if fewer have passed.
    """
    window = series[max(last + 1 - WINDOW, 0) : last + 1]
    window = np.ascontiguousarray(window) if window.flags.writeable else copied(window)
    numbers = np.ndarray((*window.shape, len(SERIES)), np.float64, window)
    columns = np.empty((len(_YEARLY), series.shape[1]))
    make_year(numbers, _COLUMN, _HOW, columns)
    columns.flags.writeable = False
    return dict(zip(_YEARLY, columns, strict=True))


@compiled
def make_year(quarters, column, how, out):
    """Fill `out` (n, n_provinces) from `quarters` (n_quarters, n_provinces, n_columns), of which the last four are the year.

    column  (n,) where each variable's quarters are;  how  (n,) place in `_WAYS` of what is made of them
    """
    for j in range(column.size):
        begin = 0 if how[j] == IS_TRAILING else quarters.shape[0] - 4
        for r in range(out.shape[1]):
            total = 0.0
            for q in range(begin, quarters.shape[0]):
                total += quarters[q, r, column[j]]
            out[j, r] = total / 4.0 if how[j] == IS_MEAN else total
