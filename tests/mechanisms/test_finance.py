"""Investment, credit and pay; and that firms' payments obey their rules."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.mechanisms.finance import desired_investment, pay, plan_investment, wage_bill
from nqpf_abm.state import accounts as book

steady = settings(derandomize=True, deadline=None, max_examples=60)
amount = st.floats(0, 1e6)


def test_by_hand():
    assert desired_investment(100.0, 10.0, 0.02, 14.0, 0.05) == pytest.approx(4, rel=1e-14)
    assert wage_bill(0.006, 10.0, 1.05, 2.0, 0.2) == pytest.approx(0.063 * 2**0.2, rel=1e-14)


@steady
@given(amount, amount, st.floats(0.01, 0.03), st.floats(8, 20), st.floats(0.02, 0.1))
def test_investment_replaces_what_is_worn_out_and_closes_the_gap(capital, sales, wear, target, speed):
    assert desired_investment(target * sales, sales, wear, target, speed) == pytest.approx(
        wear * target * sales, abs=1e-6
    )
    wanted = desired_investment(capital, sales, wear, target, speed)
    assert wanted >= 0.0
    assert wanted <= desired_investment(capital, sales + 1, wear, target, speed)
    assert desired_investment(1e9, 0.0, 0.01, 14.0, 0.05) == 0.0


@steady
@given(st.floats(0.001, 0.1), st.floats(1, 100), st.floats(0, 10), st.floats(0, 0.4))
def test_pay_rises_with_productivity_within_limits(wage, staff, relative, sharing):
    bill = wage_bill(wage, staff, 1.05, relative, sharing)
    assert bill <= wage_bill(wage, staff, 1.05, relative + 0.1, sharing)
    assert wage_bill(wage, staff, 1.05, 1.0, sharing) == pytest.approx(1.05 * wage * staff, rel=1e-12)
    assert wage_bill(wage, staff, 1.05, 99.0, sharing) == wage_bill(wage, staff, 1.05, 3.0, sharing)
    assert wage_bill(wage, staff, 1.05, 0.0, sharing) == wage_bill(wage, staff, 1.05, 0.3, sharing)


def test_investment_needs_cash_or_collateral(acted, setting, living):
    broke = setting(firms__cash=-5.0, firms__credit_line=0.0, firms__rnd_loan=0.0)
    firms = living(acted(plan_investment, change=broke).firms)
    assert (firms["investment"] == 0.0).all()
    assert (firms["new_loan"] == 0.0).all()
    rich = living(
        acted(
            plan_investment, change=setting(firms__cash=1e9, firms__credit_line=1.0, firms__rnd_loan=0.0)
        ).firms
    )
    wanted = [
        desired_investment(float(f["capital"]), float(f["expected_sales"]), 0.02, 14.0, 0.05) for f in rich
    ]
    np.testing.assert_allclose(rich["investment"], wanted, rtol=1e-12)
    assert (rich["new_loan"] == 0.0).all()


def test_loans_pay_for_what_own_funds_do_not(acted, setting, living):
    """A line of 1, of which R&D has drawn .25 already; what is drawn never exceeds it."""
    change = setting(firms__cash=0.0, firms__credit_line=1.0, firms__rnd_loan=0.25)
    firms = living(acted(plan_investment, change=change).firms)
    assert (firms["new_loan"] > 0.25).any()
    np.testing.assert_allclose(firms["new_loan"], 0.25 + firms["investment"], rtol=1e-12)
    assert (firms["new_loan"] <= 1.0 + 1e-12).all()


def paid(acted, change=None):
    """Firms after `pay`, with empty books before it."""

    def emptied(state):
        state.firms["flow"] = 0.0
        if change is not None:
            change(state)

    state = acted(pay, change=emptied)
    return state.firms[state.firms["is_alive"] == 1], acted(change=emptied)


def test_what_firms_pay_follows_the_rates(acted):
    firms, _ = paid(acted)
    flow = firms["flow"]
    np.testing.assert_array_equal(flow[:, book.SALES], firms["sales"])
    tax = flow[:, book.TURNOVER_TAX_LOCAL] + flow[:, book.TURNOVER_TAX_CENTRAL]
    np.testing.assert_allclose(tax, 0.12 * firms["sales"], rtol=1e-12)
    np.testing.assert_array_equal(flow[:, book.TURNOVER_TAX_LOCAL], flow[:, book.TURNOVER_TAX_CENTRAL])
    rnd = flow[:, book.RND_WAGES] + flow[:, book.RND_MATERIALS]
    np.testing.assert_allclose(rnd, firms["rnd"], rtol=1e-12)
    taxed = flow[:, book.PROFIT_TAX_LOCAL] > 0
    assert taxed.any()
    assert not taxed.all()
    np.testing.assert_allclose(
        flow[taxed, book.PROFIT_TAX_LOCAL] / flow[taxed, book.PROFIT_TAX_CENTRAL], 0.4 / 0.6, rtol=1e-12
    )
    dividends = flow[:, book.DIVIDENDS_HOUSEHOLDS] + flow[:, book.DIVIDENDS_FUND]
    np.testing.assert_allclose(flow[:, book.DIVIDENDS_HOUSEHOLDS], 0.6 * dividends, rtol=1e-12)
    assert (flow >= 0.0).all()


def test_firms_without_profit_or_cash_pay_no_profit_tax_and_no_dividends(acted, setting):
    firms, _ = paid(acted, setting(firms__sales=0.0, firms__cash=0.0))
    for row in (book.PROFIT_TAX_LOCAL, book.PROFIT_TAX_CENTRAL, book.DIVIDENDS_HOUSEHOLDS):
        assert (firms["flow"][:, row] == 0.0).all()


def test_capital_and_loans_move_by_what_is_booked(acted):
    firms, before = paid(acted)
    old = before.firms[before.firms["is_alive"] == 1]
    np.testing.assert_allclose(
        firms["capital"], 0.98 * old["capital"] + firms["flow"][:, book.INVESTMENT], rtol=1e-12
    )
    np.testing.assert_allclose(
        firms["loan"],
        old["loan"] + firms["flow"][:, book.NEW_LOANS] - firms["flow"][:, book.AMORTISATION],
        rtol=1e-12,
    )
    assert (firms["loan"] >= 0.0).all()


def test_amortisation_waits_while_cash_is_short(acted, setting):
    firms, _ = paid(acted, setting(firms__cash=0.0, firms__loan=5.0))
    assert (firms["flow"][:, book.AMORTISATION] == 0.0).all()
    firms, _ = paid(acted, setting(firms__cash=1e6, firms__loan=5.0))
    assert firms["flow"][:, book.AMORTISATION] == pytest.approx(0.1)
