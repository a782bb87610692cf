"""Investors fund what pays soon enough."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.declare import Parameters
from nqpf_abm.mechanisms import topics
from nqpf_abm.mechanisms.demography import found_firms
from nqpf_abm.mechanisms.patience import YEARS_TO_PAY, finds_funds, funded_share, is_worth_it, wanting
from nqpf_abm.mechanisms.research import plan_research, spend_on_research
from nqpf_abm.state.tables import FIELDS, N_TRADITIONAL

steady = settings(derandomize=True, deadline=None, max_examples=60)


def test_by_hand():
    assert is_worth_it(3.0, 0.05, 0.2, 4.0)
    assert not is_worth_it(3.0, 0.05, 0.2, 5.0)
    assert funded_share(1.5, 0.05, 0.2, 4.0) == pytest.approx(math.exp(-1.5))
    assert wanting(0.1, 0.25) == pytest.approx(0.4)
    assert wanting(0.5, 0.25) == 1.0


@steady
@given(st.floats(1, 100), st.floats(0, 0.1), st.floats(0, 0.4), st.floats(0, 0.4), st.floats(0, 10))
def test_patience_never_refuses_more(value, rate, a, b, years):
    low, high = sorted((a, b))
    assert is_worth_it(value, rate, high, years) <= is_worth_it(value, rate, low, years)


@pytest.mark.parametrize("field", range(len(FIELDS)))
@pytest.mark.parametrize("short_termism", [0.0, 0.2])
def test_the_share_funded_is_the_tail_of_values(field, short_termism):
    p = Parameters(topics(), {"patience.short_termism": short_termism}).record[0]
    grid = (np.arange(2000) + 0.5) / 2000
    funded = np.mean([finds_funds(field, float(u), p) for u in grid])
    law = funded_share(1.5, 4 * 0.012, short_termism, YEARS_TO_PAY[field])
    assert funded == pytest.approx(law, abs=2e-3)


def test_the_usual_share_is_that_of_the_defaults():
    shares = [funded_share(1.5, 4 * 0.012, 0.2, years) for years in YEARS_TO_PAY[N_TRADITIONAL:]]
    default = Parameters(topics()).values["patience.usual"]
    assert default == pytest.approx(np.mean(shares), abs=0.01)
    assert min(YEARS_TO_PAY[N_TRADITIONAL:]) > max(YEARS_TO_PAY[:N_TRADITIONAL])


def test_patient_investors_fund_more_entrants_on_the_new_trajectory(acted):
    def crowd(state):
        state.provinces["score_z"] = 20.0
        state.provinces["new_share"] = 0.2

    crowded = {"demography.entry": 0.016, "demography.entry_response": 1.0, "demography.relative_size": 0.1}
    share = {}
    for name, changes in {"hasty": {"patience.short_termism": 0.4}, "off": {"M44": "off"}}.items():
        state = acted(found_firms, change=crowd, settings=crowded | changes)
        share[name] = state.provinces["entries_new"].sum() / state.provinces["entries"].sum()
    assert share["off"] > 2 * share["hasty"]


def test_no_loan_for_radical_search_that_pays_too_late(acted, living, setting):
    poor = setting(firms__cash=-1.0, firms__credit_line=1e9, entrepreneurs__radical_share=0.4)
    firms = living(acted(plan_research, spend_on_research, change=poor).firms)
    part = firms["rnd_loan"] / firms["rnd_base"]
    np.testing.assert_allclose(np.where(part > 0.8, 1.0, 0.6), part, rtol=1e-12)
    assert (part > 0.8).any()
    assert (part < 0.8).any()
    patient = living(acted(plan_research, spend_on_research, change=poor, settings={"M44": "off"}).firms)
    assert (patient["rnd_loan"] / patient["rnd_base"] > 0.8).sum() > (part > 0.8).sum()
