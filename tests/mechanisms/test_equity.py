"""Staff with a share in profit: the pool adds up, is paid from profit, and holds people."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm import Ecosystem
from nqpf_abm.mechanisms.equity import holding, staff_pool, stake, stake_in_tier, willing_to_share
from nqpf_abm.mechanisms.finance import pay
from nqpf_abm.mechanisms.migration import migrate
from nqpf_abm.mechanisms.proactivity import act_proactively
from nqpf_abm.state import accounts as book
from nqpf_abm.state.paths import M56

steady = settings(derandomize=True, deadline=None, max_examples=100)


def test_by_hand():
    assert staff_pool(10.0, 0.1) == 1.0
    assert staff_pool(-10.0, 0.1) == 0.0
    assert stake(1.0, 20.0) == 0.05
    assert stake_in_tier(0.04, 1, 3.0, 0.05) == pytest.approx(0.12, abs=1e-15)
    assert stake_in_tier(0.04, 0, 3.0, 0.05) == pytest.approx(0.04 * 0.85 / 0.95, abs=1e-15)
    assert holding(0.1, 1.5) == pytest.approx(1.1**1.5, rel=1e-12)
    assert willing_to_share(0.7) == 0.7


@steady
@given(st.floats(0, 1), st.floats(1, 6), st.floats(0.02, 0.1))
def test_stakes_of_the_tiers_add_up_to_the_pool(mean, tilt, top):
    shared = top * stake_in_tier(mean, 1, tilt, top) + (1 - top) * stake_in_tier(mean, 0, tilt, top)
    assert shared == pytest.approx(mean, rel=1e-12, abs=1e-15)


@steady
@given(st.floats(0, 1), st.floats(0.75, 3))
def test_a_stake_never_drives_away(held, pull):
    assert holding(held, pull) >= 1.0
    assert holding(0.0, pull) == 1.0


def test_staff_is_paid_before_owners_and_nothing_is_lost(acted, living):
    def books(followed):
        def change(state):
            state.firms["paths"][:, M56] = followed
            state.firms["flow"] = 0.0

        return living(acted(pay, change=change).firms)

    plain, pool = books(0), books(1)
    paid = pool["flow"][:, book.STAFF_SHARES]
    assert not plain["flow"][:, book.STAFF_SHARES].any()
    assert paid.sum() > 0
    dividends = [
        rows["flow"][:, [book.DIVIDENDS_HOUSEHOLDS, book.DIVIDENDS_FUND]].sum(axis=1)
        for rows in (plain, pool)
    ]
    np.testing.assert_allclose(dividends[0] - dividends[1], 0.35 * paid, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(plain["cash"] - pool["cash"], 0.65 * paid, rtol=1e-9, atol=1e-9)
    assert (paid[pool["profit"] <= 0] == 0).all()
    np.testing.assert_allclose(pool["pool"], paid, rtol=1e-12)
    assert not plain["pool"].any()


def test_a_firm_that_is_short_of_cash_pays_no_pool_and_so_gives_no_stake(acted, living):
    def change(state):
        state.firms["paths"][:, M56] = 1
        state.firms["pool"] = 1.0
        state.firms["cash"] = 0.0

    firms = living(acted(pay, change=change).firms)
    assert (firms["profit"] > 0).any()
    assert not firms["pool"].any()


def test_money_is_conserved_with_every_path(small):
    from nqpf_abm.state.paths import TOPICS

    changes = {f"{topic}.uptake": 1.0 for topic in (*TOPICS, "proving", "patient_fund")}
    model = Ecosystem(seed=2, quarters=12, set=small | changes | {"institute.half": 5.0}, audit=True).run()
    assert (model.state.firms["paths"] > 0).any(axis=0).all()
    assert model.state.universities["centre"].any()


def test_who_holds_a_stake_acts_sooner(acted, living):
    def acting(followed):
        def change(state):
            state.firms["paths"][:, M56] = followed
            state.firms["pool"] = 0.02 * state.firms["sales"]

        settings = {"equity.uptake": 1.0, "equity.effort": 3.0}
        return living(acted(act_proactively, change=change, settings=settings).employees)

    plain, holders = acting(0), acting(1)
    assert (holders["is_proactive"] >= plain["is_proactive"]).all()
    assert holders["is_proactive"].sum() > plain["is_proactive"].sum()


def test_fewer_leave_where_they_would_leave_a_stake(acted):
    def leavers(followed):
        def change(state):
            state.firms["paths"][:, M56] = followed
            state.firms["pool"] = 0.07 * state.firms["sales"]

        return acted(migrate, change=change, settings={"equity.uptake": 1.0, "equity.share": 0.3}).provinces[
            "leavers"
        ]

    free, held = leavers(0), leavers(1)
    assert held[:, 1].sum() < 0.9 * free[:, 1].sum()
    assert held[:, 0].sum() < free[:, 0].sum()
    top, others = (held[:, t].sum() / free[:, t].sum() for t in (1, 0))
    assert top < others
