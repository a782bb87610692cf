"""Loans are granted as the law says, and pay for R&D that cash would not allow."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.mechanisms.credit import approval_probability, ask_for_credit, borrowed_for_research
from nqpf_abm.mechanisms.research import award_grants, plan_research, spend_on_research

steady = settings(derandomize=True, deadline=None, max_examples=60)
share = st.floats(0, 1)


def test_by_hand():
    assert approval_probability(0.0, 0.5, 1.0, 1.0, 0.5, 1.0, 0.5, 0.0) == pytest.approx(0.731, abs=1e-3)
    assert borrowed_for_research(5.0, 3.0, 1.0) == 1.0
    assert borrowed_for_research(5.0, 6.0, 1.0) == 0.0


@steady
@given(st.floats(-10, 10), share, share, st.floats(0, 3))
def test_cash_collateral_and_risk_taking_help(cash, collateral, risk, strength):
    odds = approval_probability(0.0, 0.5, cash, 1.0, collateral, strength, risk, 0.3)
    assert 0.0 < odds < 1.0
    more = approval_probability(0.0, 0.5, cash + 1, 1.0, collateral + 0.1, strength, risk + 0.1, 0.4)
    assert more > odds


@steady
@given(st.floats(0, 1e3), st.floats(0, 1e3), st.floats(0, 1e3))
def test_research_draws_no_more_than_it_needs_or_the_line_gives(budget, own, line):
    drawn = borrowed_for_research(budget, own, line)
    assert 0.0 <= drawn <= line
    assert own + drawn <= max(budget, own) + 1e-9


def test_loans_are_granted_as_often_as_the_law_says(acted, living):
    def alike(state):
        state.firms["cash"] = state.firms["sales"]
        state.firms["loan"] = 0.0
        state.entrepreneurs["cognition"] = 0.8
        state.provinces["institutions"] = 0.5

    firms = living(acted(ask_for_credit, change=alike).firms)
    odds = approval_probability(0.0, 0.5, 1.0, 1.0, 1.0, 1.0, 0.8, 0.5 * 0.5 + 0.3)
    assert (firms["is_borrower"] == 1).all()
    error = math.sqrt(odds * (1 - odds) / firms.size)
    assert firms["is_approved"].mean() == pytest.approx(odds, abs=4 * error)
    expected = 0.16 * (1 + 0.5 * 0.8) * 0.7 * firms["capital"] * firms["is_approved"]
    np.testing.assert_allclose(firms["credit_line"], expected, rtol=1e-12)


def research_of_the_poor(acted, living, risk, **settings):
    def poor(state):
        state.firms["cash"] = 0.0
        state.firms["loan"] = 0.0
        state.entrepreneurs["cognition"] = 0.5
        state.entrepreneurs["cognition"][:, 2] = risk

    phases = (ask_for_credit, plan_research, award_grants, spend_on_research)
    return living(acted(*phases, change=poor, settings=settings).firms)["rnd_loan"].sum()


def test_research_of_cash_poor_firms_rises_with_risk_taking_through_credit_alone(acted, living):
    assert research_of_the_poor(acted, living, 1.0) > research_of_the_poor(acted, living, 0.0) > 0
    for neutral in ({"credit.risk_effect": 0.0}, {"M98": "off"}):
        low, high = (research_of_the_poor(acted, living, x, **neutral) for x in (0.0, 1.0))
        assert low == high


def test_M98_off_whoever_has_collateral_is_granted_credit(acted, living, setting):
    for loan, granted in ((0.0, 1), (1e12, 0)):
        change = setting(firms__cash=-1e6, firms__loan=loan)
        firms = living(acted(ask_for_credit, change=change, settings={"M98": "off"}).firms)
        assert (firms["is_approved"] == granted).all()
