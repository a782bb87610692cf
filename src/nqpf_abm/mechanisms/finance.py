"""Firms' payments, investment and credit, and the books of everybody else (matrix rows 1 to 23)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nqpf_abm.declare import Assumed, Checked, Measured, Topic, collective_phase, param, row_phase
from nqpf_abm.mechanisms.equity import staff_pool
from nqpf_abm.mechanisms.responsibility import smoothed_responsibility, social_spending
from nqpf_abm.numerics.jit import rule
from nqpf_abm.numerics.mathx import clip, power
from nqpf_abm.state import accounts as book
from nqpf_abm.state.accounts import credit, firm_books, post
from nqpf_abm.state.paths import M56


@dataclass(frozen=True, kw_only=True)
class FinanceParams(Checked):
    """Taxes, pay-out, credit and investment."""

    depreciation: float = param(0.02, low=0.01, high=0.03, unit="1/quarter", evidence=Assumed("8 % a year"))
    capital_target: float = param(
        14.0, low=8.0, high=20.0, unit="quarters of sales", evidence=Assumed("capital-output ratio aimed at")
    )
    investment_speed: float = param(
        0.05, low=0.02, high=0.1, unit="1/quarter", evidence=Assumed("gap closed a quarter")
    )
    cash_for_investment: float = param(
        0.5, low=0.2, high=0.8, unit="share", evidence=Assumed("of cash, at most")
    )
    collateral: float = param(
        0.7, low=0.4, high=0.9, unit="share of capital", evidence=Assumed("loan-to-value")
    )
    own_funds: float = param(
        0.3, low=0.1, high=0.6, unit="share of cash", evidence=Assumed("used before borrowing")
    )
    amortisation: float = param(0.02, low=0.01, high=0.05, unit="1/quarter", evidence=Assumed("of the loan"))
    interest: float = param(
        0.012, low=0.005, high=0.02, unit="1/quarter", evidence=Assumed("about 5 % a year")
    )
    turnover_tax: float = param(
        0.12, low=0.05, high=0.17, unit="share of sales", evidence=Assumed("stands for VAT")
    )
    profit_tax: float = param(
        0.2, low=0.1, high=0.3, unit="share of profit",
        evidence=Measured("statutory rate 25 %, 15 % for recognised high-tech firms", "PRC Enterprise Income Tax Law"),
    )  # fmt: skip
    local_profit_tax: float = param(
        0.4, low=0.2, high=0.6, unit="share",
        evidence=Measured("60 % of income tax goes to the centre", "State Council, Guofa [2001] 37"),
    )  # fmt: skip
    amortise_above: float = param(
        0.3,
        low=0.1,
        high=0.6,
        unit="share of sales",
        evidence=Assumed("banks wait while a firm holds less cash"),
    )
    cash_target: float = param(
        2.0,
        low=1.0,
        high=4.0,
        unit="quarters of sales",
        evidence=Assumed("cash beyond it is paid out bit by bit"),
    )
    income_memory: float = param(
        0.5,
        low=0.2,
        high=0.8,
        unit="share",
        evidence=Assumed("weight of the newest quarter in households' income"),
    )
    payout: float = param(0.35, low=0.1, high=0.6, unit="share of net profit", evidence=Assumed("dividends"))
    excess_payout: float = param(
        0.1, low=0.0, high=0.3, unit="1/quarter", evidence=Assumed("of cash beyond two quarters' sales")
    )
    household_equity: float = param(0.6, low=0.3, high=0.8, unit="share", evidence=Assumed("of dividends"))
    materials_share: float = param(
        0.7, low=0.5, high=0.8, unit="share", evidence=Assumed("of R&D not paid as wages")
    )
    payroll_factor: float = param(
        1.05, low=1.0, high=1.1, unit="1", evidence=Assumed("the top twentieth of staff is paid double")
    )
    rent_sharing: float = param(
        0.2, low=0.0, high=0.4, unit="elasticity", evidence=Assumed("of pay in relative productivity")
    )
    salvage: float = param(
        0.8, low=0.4, high=1.0, unit="share", evidence=Assumed("of a closed firm's capital and loan")
    )


@rule
def desired_investment(capital, expected_sales, depreciation, target, speed):
    """Replacement plus a part of the gap to the target stock, not below 0; 10^6 yuan/quarter.

    By hand: K=100, expected sales 10, δ=.02, target 14, speed .05 gives 2 + .05·40 = 4.
    """
    return max(depreciation * capital + speed * (target * expected_sales - capital), 0.0)


@rule
def wage_bill(wage, staff, factor, relative_productivity, rent_sharing):
    """Pay of a firm's staff, ``1.05 w L (y/ȳ)^.2``; the firm's productivity counts within [.3, 3]."""
    return wage * staff * factor * power(clip(relative_productivity, 0.3, 3.0), rent_sharing)


@row_phase("firms", writes="investment new_loan")
def plan_investment(i, s, p, key):
    """Firms invest towards their target stock as far as cash and collateral allow."""
    firm = s.firms[i]
    q = p.finance
    cash = max(firm.cash, 0.0)
    wanted = desired_investment(
        firm.capital, firm.expected_sales, q.depreciation, q.capital_target, q.investment_speed
    )
    room = firm.credit_line - firm.rnd_loan
    firm.investment = min(wanted, q.cash_for_investment * cash + room)
    firm.new_loan = firm.rnd_loan + min(max(firm.investment - q.own_funds * cash, 0.0), room)


@row_phase("firms", mechanisms="M16 M42 M56 M61", writes="cash flow loan capital profit responsibility pool")
def pay(i, s, p, key):
    """Firms are paid for what they sold and pay staff, suppliers, taxes, banks and owners."""
    firm = s.firms[i]
    province = s.provinces[firm.province]
    q = p.finance
    sales = firm.sales
    relative = sales / max(firm.staff, 0.5) / max(province.sales_per_head, 1e-12)
    wages = wage_bill(province.wage * firm.bid, firm.staff, q.payroll_factor, relative, q.rent_sharing)
    turnover_tax = q.turnover_tax * sales
    interest = q.interest * firm.loan
    amortisation = q.amortisation * firm.loan if firm.cash > q.amortise_above * sales else 0.0
    licences = province.licences / province.weight * firm.share
    inventors = (1.0 - p.crowdsourcing.firm_share) * firm.bounty
    team = p.crowdsourcing.team_part * inventors
    licences += inventors - team
    repaid = province.reward_repaid / province.weight * firm.share
    profit = (
        sales
        - wages
        - team
        - licences
        - repaid
        - firm.rnd
        - turnover_tax
        - interest
        - q.depreciation * firm.capital
    )
    profit += firm.data_received - firm.data_paid - firm.compute_rent
    profit_tax = q.profit_tax * max(profit, 0.0)
    firm.profit = profit
    given = social_spending(profit - profit_tax, p.responsibility.share) if p.on.M16 else 0.0
    firm.responsibility = smoothed_responsibility(
        firm.responsibility, given / max(sales, 1e-9), p.responsibility.usual, p.responsibility.memory
    )
    dividends = q.excess_payout * max(firm.cash - q.cash_target * sales, 0.0)
    pool = 0.0
    if firm.cash > wages:
        net = max(profit - profit_tax - given, 0.0)
        pool = staff_pool(net, p.equity.share) if firm.paths[M56] > 0 else 0.0
        dividends += q.payout * (net - pool)
    firm.pool = pool
    firm_books(firm, book.SALES, sales)
    firm_books(firm, book.WAGES, wages)
    firm_books(firm, book.RND_WAGES, (1.0 - q.materials_share) * firm.rnd)
    firm_books(firm, book.RND_MATERIALS, q.materials_share * firm.rnd)
    firm_books(firm, book.GRANTS, firm.grant)
    firm_books(firm, book.POLICY_FIRMS, firm.support)
    firm_books(firm, book.INVESTMENT, firm.investment)
    firm_books(firm, book.TURNOVER_TAX_LOCAL, 0.5 * turnover_tax)
    firm_books(firm, book.TURNOVER_TAX_CENTRAL, 0.5 * turnover_tax)
    firm_books(firm, book.PROFIT_TAX_LOCAL, q.local_profit_tax * profit_tax)
    firm_books(firm, book.PROFIT_TAX_CENTRAL, (1.0 - q.local_profit_tax) * profit_tax)
    firm_books(firm, book.STAFF_SHARES, pool + team)
    firm_books(firm, book.DIVIDENDS_HOUSEHOLDS, q.household_equity * dividends)
    firm_books(firm, book.DIVIDENDS_FUND, (1.0 - q.household_equity) * dividends)
    firm_books(firm, book.RESPONSIBILITY, given)
    firm_books(firm, book.LICENCES, licences)
    firm_books(firm, book.REWARD_REPAID, repaid)
    firm_books(firm, book.INTEREST_HOUSEHOLDS, 0.5 * interest)
    firm_books(firm, book.INTEREST_BANKS, 0.5 * interest)
    firm_books(firm, book.DATA_BOUGHT, firm.data_paid)
    firm_books(firm, book.DATA_SOLD, firm.data_received)
    firm_books(firm, book.COMPUTE_RENT, firm.compute_rent)
    firm_books(firm, book.NEW_LOANS, firm.new_loan)
    firm_books(firm, book.AMORTISATION, amortisation)
    firm.loan += firm.new_loan - amortisation
    firm.capital += firm.investment - q.depreciation * firm.capital


@collective_phase(
    writes="ledger provinces.households provinces.fund provinces.income provinces.gdp provinces.sold "
    "provinces.utilisation governments.balance governments.universities "
    "governments.policy_spend world.centre world.banks world.east world.goods world.loans world.gdp"
)
def settle_accounts(s, p, key):
    """Everybody else's side of the quarter's payments; the goods account clears through the East."""
    n = s.provinces.size
    world = s.world[0]
    capacity = np.zeros(n)
    for r in range(n):
        s.provinces[r].gdp = 0.0
        s.provinces[r].sold = 0.0
    for i in range(s.firms.size):
        firm = s.firms[i]
        if firm.is_alive:
            province = s.provinces[firm.province]
            weight = province.weight
            for row in range(book.N_ROWS):
                if firm.flow[row] != 0.0:
                    s.ledger[row, firm.province] += weight * firm.flow[row]
            province.gdp += weight * firm.output
            province.sold += weight * firm.sales
            capacity[firm.province] += weight * firm.capacity
            world.loans += weight * (firm.flow[book.NEW_LOANS] - firm.flow[book.AMORTISATION])
    world.gdp = 0.0
    for r in range(n):
        province = s.provinces[r]
        government = s.governments[r]
        world.gdp += province.gdp
        province.utilisation = province.gdp / max(capacity[r], 1e-12)
        for row in range(book.N_ROWS):
            if book.PAYERS[row] == book.FIRMS:
                credit(s, r, book.RECEIVERS[row], s.ledger[row, r])
            elif book.RECEIVERS[row] == book.FIRMS:
                credit(s, r, book.PAYERS[row], -s.ledger[row, r])
        funding = p.government.university_funding * government.public_rnd
        wages = p.government.university_wages * government.public_rnd + s.ledger[book.LICENCES, r]
        wages += government.policy_universities
        post(s, r, book.CONSUMPTION, province.consumption)
        post(s, r, book.PUBLIC_PURCHASES, government.purchases)
        post(s, r, book.UNIVERSITY_FUNDING, funding)
        post(s, r, book.UNIVERSITY_PURCHASES, p.government.university_purchases * government.public_rnd)
        post(s, r, book.UNIVERSITY_WAGES, wages)
        post(s, r, book.COMPUTE_INVESTMENT, province.compute_investment)
        own = s.ledger[book.TURNOVER_TAX_LOCAL, r] + s.ledger[book.PROFIT_TAX_LOCAL, r]
        post(s, r, book.POLICY_PAY, government.policy_pay)
        post(s, r, book.POLICY_PURCHASES, government.policy_goods)
        post(s, r, book.POLICY_UNIVERSITIES, government.policy_universities)
        post(s, r, book.POLICY_FUNDS, government.policy_fund)
        government.policy_spend = (
            government.policy_pay
            + government.policy_goods
            + government.policy_universities
            + government.policy_fund
            + s.ledger[book.POLICY_FIRMS, r]
            - s.ledger[book.REWARD_REPAID, r]
        )
        post(s, r, book.CENTRAL_TRANSFER, government.fiscal - own + government.policy_spend)
        benefits = government.fiscal - government.purchases - funding - s.ledger[book.GRANTS, r]
        post(s, r, book.BENEFITS, benefits)
        post(s, r, book.NET_EXPORTS, s.ledger[book.SALES, r] - province.absorption)
        taxes = s.ledger[book.TURNOVER_TAX_CENTRAL, r] + s.ledger[book.PROFIT_TAX_CENTRAL, r]
        post(s, r, book.CENTRE_GAP, s.ledger[book.CENTRAL_TRANSFER, r] - taxes)
        received = (
            s.ledger[book.WAGES, r]
            + s.ledger[book.RND_WAGES, r]
            + s.ledger[book.DIVIDENDS_HOUSEHOLDS, r]
            + s.ledger[book.INTEREST_HOUSEHOLDS, r]
            + s.ledger[book.RESPONSIBILITY, r]
            + benefits
            + wages
            + government.policy_pay
            + s.ledger[book.STAFF_SHARES, r]
        )
        province.income += p.finance.income_memory * (received - province.income)


TOPIC = Topic("finance", FinanceParams)
