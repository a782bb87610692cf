"""Patient capital: what it is worth to others, how far it reaches, and that the most is in between."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm import Ecosystem
from nqpf_abm.data.scenario_file import load_scenario
from nqpf_abm.mechanisms.patience import funded_share
from nqpf_abm.mechanisms.patient_fund import impatience_left, leverage, reached_share, worth_waiting
from nqpf_abm.policy.plan import PolicyPlan
from nqpf_abm.state import accounts as book

steady = settings(derandomize=True, deadline=None, max_examples=100)
RATE, IMPATIENCE, SHAPE = 0.048, 0.2, 1.5


def funded(share, years, budget=0.3, forgone=0.8):
    """Share of founders that find funds: those reached at the patient terms, the others at the usual ones."""
    usual = funded_share(SHAPE, RATE, IMPATIENCE, years)
    patient = (
        funded_share(SHAPE, RATE, IMPATIENCE * impatience_left(share), years)
        * leverage(share, forgone) ** SHAPE
    )
    reached = reached_share(budget, share)
    return reached * min(patient, 1.0) + (1 - reached) * usual


def test_by_hand():
    assert leverage(0.5, 0.8) == pytest.approx(1.8, rel=1e-15)
    assert impatience_left(0.4) == pytest.approx(0.6, rel=1e-15)
    assert [reached_share(0.3, x) for x in (0.0, 0.2, 0.6)] == pytest.approx([1.0, 1.0, 0.5])
    assert worth_waiting(0.1, 0.1) == 0.5


@steady
@given(st.floats(0, 0.9), st.floats(0, 1))
def test_others_never_lose_by_public_money_and_gain_more_by_more(share, forgone):
    assert leverage(share, forgone) >= 1.0
    assert leverage(0.5 * share, forgone) <= leverage(share, forgone)
    assert leverage(share, 0.0) == 1.0


@pytest.mark.parametrize("years", [3.0, 4.0, 6.0, 8.0])
def test_deals_are_most_at_a_share_in_between(years):
    """Thin over many or thick over few: the sweep rises from nothing, and falls before all is public."""
    shares = np.linspace(0.0, 0.9, 91)
    found = np.array([funded(x, years) for x in shares])
    top = int(found.argmax())
    assert 0.2 < shares[top] < 0.9
    assert found[0] == pytest.approx(math.exp(-SHAPE * (RATE + IMPATIENCE) * years), rel=1e-12)
    assert found[top] > 1.2 * max(found[0], found[-1]) or found[-1] > found[0]
    assert (np.diff(found[: top + 1]) > -1e-12).sum() >= 0.8 * top


@steady
@given(st.floats(0.05, 1.0), st.floats(0.01, 0.9))
def test_no_more_public_money_is_spent_than_there_is(budget, share):
    assert reached_share(budget, share) * share <= budget + 1e-12


def test_the_centre_borrows_what_it_puts_in(small):
    changes = small | {"start.firms": 240, "demography.entry": 0.016, "patient_fund.uptake": 1.0}
    model = Ecosystem(seed=2, quarters=12, set=changes, audit=True).run()
    money = model.results.ledger_array
    lent = money[:, book.PATIENT_CAPITAL].sum()
    assert lent > 0
    assert lent < money[:, book.EQUITY].sum()


def test_no_patient_capital_in_deals_that_investors_refused(small):
    """They refuse nearly all here, and the strategic investor (M65) backs what they refuse."""
    changes = small | {
        "start.firms": 240, "demography.entry": 0.016, "demography.new_base": 0.1, "strategic.share": 0.8,
        "patience.short_termism": 0.4, "patience.maturity": 2.0, "patience.value_shape": 3.0,
        "patient_fund.uptake": 1.0, "patient_fund.share": 0.1, "patient_fund.forgone": 0.0,
    }  # fmt: skip
    plan = replace(load_scenario("baseline"), policies=(PolicyPlan("M65", 1.0, 2012, 2035),))
    model = Ecosystem(seed=2, scenario=plan, quarters=12, set=changes).run()
    firms = model.state.firms[model.state.firms["is_alive"] == 1]
    assert ((firms["age"] < 12) & (firms["is_new"] == 1) & (firms["is_spin_off"] == 0)).sum() > 5
    assert model.results.ledger_array[:, book.PATIENT_CAPITAL].sum() == 0.0
