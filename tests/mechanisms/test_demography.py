"""Entry and exit of firms."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.engine.run import run_phase
from nqpf_abm.mechanisms.demography import (
    close_firms,
    entry_rate,
    first_loss_shared,
    found_firms,
    judge_survival,
)
from nqpf_abm.numerics.draws import make_key
from nqpf_abm.state import accounts as book
from nqpf_abm.state.instruments import M78

steady = settings(derandomize=True, deadline=None, max_examples=60)


def test_by_hand():
    assert entry_rate(0.01, 0.3, 1.0) == pytest.approx(0.013, abs=1e-15)
    assert first_loss_shared(10.0, 0.3, 100.0) == pytest.approx(3.0)
    assert first_loss_shared(10.0, 0.3, 1.0) == 1.0
    assert first_loss_shared(10.0, 0.3, -1.0) == 0.0


@steady
@given(st.floats(0.004, 0.016), st.floats(0, 1), st.floats(-4, 4), st.floats(-4, 4))
def test_entry_rises_with_the_score_and_is_never_negative(rate, response, a, b):
    low, high = sorted((a, b))
    assert 0.0 <= entry_rate(rate, response, low) <= entry_rate(rate, response, high)
    assert entry_rate(rate, 0.0, a) == rate == entry_rate(rate, response, 0.0)
    assert entry_rate(rate, response, -1e6) == (0.0 if response * 1e6 >= 1 else rate * (1 - response * 1e6))


def healthy(state):
    """Nobody has a reason to close."""
    state.firms["cash"] = 1.0
    state.firms["staff"] = 5.0
    state.firms["quarters_short"] = 0
    state.firms["share"] = 1.0 / state.provinces["n_firms"][state.firms["province"]]


@pytest.mark.parametrize(
    ("column", "value", "closes"),
    [
        ("staff", 5.0, False),
        ("staff", 0.0, True),
        ("share", 0.09, True),
        ("share", 0.11, False),
    ],
)
def test_reasons_to_close(acted, living, column, value, closes):
    def ailing(state):
        healthy(state)
        if column == "share":
            value_of = value / state.provinces["n_firms"][state.firms["province"]]
        else:
            value_of = value
        state.firms[column] = value_of

    firms = living(acted(judge_survival, change=ailing).firms)
    assert (firms["is_leaving"] == closes).all()


def test_a_firm_without_cash_has_two_quarters(acted, living):
    def broke(state):
        healthy(state)
        state.firms["cash"] = -1.0

    once = living(acted(judge_survival, change=broke).firms)
    twice = living(acted(judge_survival, judge_survival, change=broke).firms)
    assert (once["is_leaving"] == 0).all()
    assert (twice["is_leaving"] == 1).all()
    assert (twice["age"] == once["age"] + 1).all()

    def recovered(state):
        healthy(state)
        state.firms["quarters_short"] = 1

    assert (living(acted(judge_survival, change=recovered).firms)["quarters_short"] == 0).all()


def one_closes(state):
    """The first firm of every province closes."""
    firms = state.firms
    firms["is_leaving"] = 0
    state.provinces["fund"] = 1e6
    for r in range(state.provinces.size):
        row = np.flatnonzero((firms["province"] == r) & (firms["is_alive"] == 1))[0]
        firms["is_leaving"][row] = 1
        firms["cash"][row] = 2.0 if r % 2 else -2.0


def test_a_closed_firm_leaves_nothing_behind_but_its_salvage(acted, by_province):
    before, after = acted(change=one_closes), acted(close_firms, change=one_closes)
    closed = (before.firms["is_alive"] == 1) & (after.firms["is_alive"] == 0)
    assert (after.provinces["exits"] == 1).all()
    assert closed.sum() == 12
    assert (after.entrepreneurs["is_alive"][closed] == 0).all()
    people = after.employees[after.employees["is_alive"] == 1]
    assert not np.isin(people["firm"], np.flatnonzero(closed)).any()
    teams = after.teams[after.teams["is_alive"] == 1]
    assert not np.isin(teams["firm"], np.flatnonzero(closed)).any()
    for column in ("capital", "loan"):
        lost = by_province(before, before.firms[column]) - by_province(after, after.firms[column])
        gone = by_province(before, before.firms[column] * closed)
        np.testing.assert_allclose(lost, 0.2 * gone, rtol=1e-9, atol=1e-9)
    fund = after.provinces["fund"] - before.provinces["fund"]
    weight = before.provinces["weight"]
    shared = 0.3 * 0.2 * by_province(before, before.firms["loan"] * closed)
    np.testing.assert_allclose(after.provinces["first_loss"], shared, rtol=1e-9)
    cash = np.where(np.arange(12) % 2, 2.0 * weight, 0.0)
    np.testing.assert_allclose(fund, cash - shared, rtol=1e-9, atol=1e-6)
    banks = after.world["banks"][0] - before.world["banks"][0]
    assert banks == pytest.approx(shared.sum() - 2.0 * weight[::2].sum(), rel=1e-9)


def test_the_last_firms_of_a_province_stay_with_their_staff(acted):
    def all_close(state):
        state.firms["is_leaving"] = (state.firms["province"] == 4) & (state.firms["is_alive"] == 1)

    before, after = acted(change=all_close), acted(close_firms, change=all_close)
    np.testing.assert_array_equal(before.firms["is_alive"], after.firms["is_alive"])
    np.testing.assert_array_equal(before.firms["staff"], after.firms["staff"])
    np.testing.assert_array_equal(before.employees["firm"], after.employees["firm"])
    assert (after.provinces["exits"] == 0).all()


def crowd(state):
    """Scores far above the mean, so that many firms are founded."""
    state.provinces["score_z"] = 20.0


CROWDED = {"demography.entry": 0.016, "demography.entry_response": 1.0, "demography.relative_size": 0.1}


def test_firms_are_founded_at_the_rate_of_the_law(acted):
    before, after = acted(change=crowd, settings=CROWDED), acted(found_firms, change=crowd, settings=CROWDED)
    growth = after.provinces["culture"] / after.provinces["culture_start"]
    expected = entry_rate(0.016, 1.0, 20.0) * (after.provinces["n_firms"] * growth).sum()
    entries = after.provinces["entries"].sum()
    assert entries == after.firms["is_alive"].sum() - before.firms["is_alive"].sum()
    assert entries == pytest.approx(expected, abs=4 * math.sqrt(expected))


def test_entry_is_poisson(acted):
    """Over thirty quarters of twelve provinces, mean and dispersion are those of the law."""
    z = []
    for quarter in range(30):
        state = acted(change=crowd, settings=CROWDED)
        n_firms, culture = state.provinces["n_firms"].copy(), state.provinces["culture"]
        run_phase(found_firms, state, make_key(9, 100 + quarter))
        expected = entry_rate(0.016, 1.0, 20.0) * n_firms * culture / state.provinces["culture_start"]
        z.append((state.provinces["entries"] - expected) / np.sqrt(expected))
    z = np.concatenate(z)
    assert z.mean() == pytest.approx(0.0, abs=4 / math.sqrt(z.size))
    assert z.var() == pytest.approx(1.0, abs=4 * math.sqrt(3 / z.size))


def test_seed_money_is_paid_out_and_not_more(acted):
    """Founders of a province together get its money times their number over the number expected."""
    money, calm = 1e4, {"bootcamp.taught": 0.0, "bootcamp.founders": 0.0}

    def funded(state):
        crowd(state)
        state.governments["delivered"][:, M78] = money

    plain = acted(found_firms, change=crowd, settings=CROWDED | calm)
    after = acted(found_firms, change=funded, settings=CROWDED | calm)
    before = acted(change=crowd, settings=CROWDED).provinces
    expected = entry_rate(0.016, 1.0, 20.0) * before["n_firms"] * before["culture"] / before["culture_start"]
    np.testing.assert_array_equal(after.provinces["entries"], plain.provinces["entries"])
    added = after.ledger[book.EQUITY] - plain.ledger[book.EQUITY]
    np.testing.assert_allclose(added, money * after.provinces["entries"] / expected, rtol=1e-6)


def test_what_entrants_start_with(acted):
    before, after = acted(change=crowd, settings=CROWDED), acted(found_firms, change=crowd, settings=CROWDED)
    new = (after.firms["is_alive"] == 1) & (before.firms["is_alive"] == 0)
    firms, founders = after.firms[new], after.entrepreneurs[new]
    home = after.provinces[firms["province"]]
    assert new.sum() > 10
    np.testing.assert_array_equal(founders["firm"], np.flatnonzero(new))
    assert (founders["is_alive"] == 1).all()
    assert ((founders["orientation"] >= 0) & (founders["orientation"] <= 1)).all()
    # twenty standard deviations lift the mean founder by .02 each, to .9; censoring at 1 leaves .887, sd .13
    assert founders["orientation"].mean() == pytest.approx(0.887, abs=4 * 0.13 / math.sqrt(1.5 * new.sum()))
    assert ((founders["style"] > 0.3) & (founders["style"] < 0.9)).all()
    assert (firms["staff"] >= 1).all()
    np.testing.assert_allclose(firms["loan"], 0.3 * firms["capital"], rtol=1e-12)
    cash = firms["cash"] / home["mean_sales"]
    assert ((cash >= 0.1) & (cash <= 1.9)).all()
    assert cash.mean() == pytest.approx(1.0, abs=4 * 0.52 / math.sqrt(new.sum()))
    assert (firms["layers"] == 2).all()
    edge = firms["log_tfp"] - home["mean_log_tfp"]
    assert edge.mean() == pytest.approx(0.03, abs=4 * 0.45 / math.sqrt(new.sum()))
    uids = after.firms["uid"][after.firms["is_alive"] == 1]
    assert np.unique(uids).size == uids.size


def test_without_idle_people_no_firm_opens(acted):
    def all_at_work(state):
        crowd(state)
        idle = (state.employees["is_alive"] == 1) & (state.employees["firm"] < 0)
        state.employees["is_alive"][idle] = 0

    before = acted(change=all_at_work, settings=CROWDED)
    after = acted(found_firms, change=all_at_work, settings=CROWDED)
    assert (after.provinces["entries"] == 0).all()
    assert after.firms["is_alive"].sum() == before.firms["is_alive"].sum()
    assert after.world["east"][0] == before.world["east"][0]


def test_founders_are_on_the_new_trajectory_as_often_as_others_are(acted):
    """Of those who want to be, investors fund one in four or so (M44)."""
    for share, low, high in ((0.0, 0.0, 0.3), (1.0, 0.1, 0.5)):

        def change(state, share=share):
            crowd(state)
            state.provinces["new_share"] = share

        before = acted(change=change, settings=CROWDED).firms
        after = acted(found_firms, change=change, settings=CROWDED).firms
        new = (after["is_alive"] == 1) & (before["is_alive"] == 0)
        assert low <= after["is_new"][new].mean() <= high
