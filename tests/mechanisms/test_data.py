"""What data firms gather, and who lets others use them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.mechanisms.data import (
    circulating,
    data_created,
    gather_data,
    liquidity,
    pool_data,
    rivalry_risk,
    sharing_pays,
    usable_data,
    users,
)

steady = settings(derandomize=True, deadline=None, max_examples=60)
unit = st.floats(0, 1)
money = st.floats(0, 0.05)


def test_by_hand():
    assert users(1.5, 4.0, 0.5) == pytest.approx(3.0, rel=1e-14)
    assert data_created(2.0, 1.5, 0.05) == pytest.approx(0.15, rel=1e-14)
    assert sharing_pays(0.005, 0.004, 0.3, 0.02) == 0.0
    assert sharing_pays(0.005, 0.004, 0.6, 0.02) == 1.0
    assert rivalry_risk(0.02, 4.0) == pytest.approx(0.04, rel=1e-14)
    assert circulating(0.6, 0.45) == 0.45
    assert circulating(0.3, 0.45) == 0.3
    assert liquidity(2.0, 4.0, 0.5) == 0.5
    assert liquidity(0.0, 0.0, 0.3) == 0.3
    assert usable_data(1.0, 1.0, 0.5, 0.3, 1.05) == pytest.approx(1.15 / 1.05, rel=1e-14)


@steady
@given(st.floats(0.02, 0.1), st.floats(0.1, 10))
def test_the_data_stock_tends_to_users_times_algorithm(turnover, sales):
    stock = 1.0
    for _ in range(2000):
        stock += data_created(users(sales, 1.0, 0.5), 1.2, turnover) - turnover * stock
    assert stock == pytest.approx(1.2 * sales, rel=1e-9)
    assert data_created(1.0, 1.0, turnover) == turnover
    assert users(0.0, 1.0, 0.5) == 0.1


@steady
@given(st.floats(0.2, 5), st.floats(0.1, 10), st.floats(0, 1))
def test_rival_data_look_at_sales_per_head_alone(sales, size, scale):
    assert users(sales, size, 0.0) == pytest.approx(sales, rel=1e-12)
    assert users(sales, size, 1.0) == pytest.approx(max(sales * size, 0.1), rel=1e-12)
    assert users(sales, 1.0, scale) == pytest.approx(sales, rel=1e-12)


@steady
@given(money, money, money, unit, unit)
def test_rights_never_stop_anyone_from_sharing(price, gain, risk, a, b):
    few, many = sorted((a, b))
    assert sharing_pays(price, gain, few, risk) <= sharing_pays(price, gain, many, risk)
    if price + gain > 0:
        assert sharing_pays(price, gain, 1.0, risk) == 1.0


@steady
@given(unit, unit)
def test_no_more_circulates_than_is_shared_or_than_institutions_carry(shared, cap):
    assert 0.0 <= circulating(shared, cap) <= min(shared, cap)


def adopters(**columns):
    """A change after which every firm is an adopter with one unit of data, and `columns` of firms hold."""
    given = {"is_adopter": 1, "data": 1.0, "algorithm": 1.0, "sharing": 0.0} | columns

    def change(state):
        for name, value in given.items():
            state.firms[name] = value

    return change


def test_a_fresh_adopter_has_one_unit_of_data(acted, living):
    firms = living(acted(gather_data, change=adopters(data=0.0)).firms)
    assert (firms["data"] == 1.0).all()
    assert (firms["data_created"] == 1.0).all()
    assert (firms["data_lost"] == 0.0).all()


def test_data_moves_by_what_is_created_and_lost(acted, living):
    firms = living(acted(gather_data, change=adopters(data=2.0)).firms)
    assert firms["data_lost"] == pytest.approx(0.05 * 2.0)
    np.testing.assert_allclose(firms["data"], 2.0 + firms["data_created"] - firms["data_lost"], rtol=1e-15)


def test_those_who_do_not_adopt_have_no_data(acted, living):
    firms = living(acted(gather_data, change=adopters(is_adopter=0, data=0.0)).firms)
    assert (firms["data"] == 0.0).all()
    assert (firms["sharing"] == 0.0).all()


def test_use_by_others_takes_nothing_away(acted, living):
    """The pool is not rival: however much is shared, stocks stay as they are and every user has all of it."""
    states = [acted(pool_data, change=adopters(sharing=share)) for share in (0.0, 1.0)]
    for state in states:
        assert (living(state.firms)["data"] == 1.0).all()
    none, all_ = (state.provinces for state in states)
    count = np.bincount(living(states[0].firms)["province"], minlength=none.size)
    np.testing.assert_allclose(none["data_liquidity"], 0.3 / (count + 1.0), rtol=1e-12)
    np.testing.assert_allclose(all_["data_liquidity"], all_["institutions"], rtol=1e-12)
    cap = all_["institutions"]
    np.testing.assert_allclose(all_["data_pool"], cap + 0.5 * (cap.sum() - cap) / (cap.size - 1), rtol=1e-12)


def test_what_is_paid_for_data_is_received(acted, living, by_province):
    def change(state):
        adopters(sharing=0.4)(state)
        state.firms["data"] = 1.0 + np.arange(state.firms.size) % 3

    state = acted(pool_data, change=change)
    paid, received = (by_province(state, state.firms[name]) for name in ("data_paid", "data_received"))
    assert paid.sum() > 0
    assert paid.sum() == pytest.approx(received.sum(), rel=1e-12)
    assert np.abs(paid - received).max() > 1e-3 * paid.max()  # some provinces sell to others
    firms = living(state.firms)
    np.testing.assert_allclose(firms["data_paid"], 0.005 * 0.4 * firms["sales"], rtol=1e-12)


def test_nobody_pays_where_nobody_shares(acted, living):
    firms = living(acted(pool_data, change=adopters(sharing=0.0)).firms)
    assert (firms["data_paid"] == 0.0).all()
    assert (firms["data_received"] == 0.0).all()


def test_a_full_pool_makes_more_firms_share(acted, living):
    def shared(pool):
        def change(state):
            adopters()(state)
            state.provinces["data_pool"] = pool

        return living(acted(gather_data, change=change).firms)["sharing"]

    empty, full = shared(0.0), shared(1.0)
    assert (empty <= full).all()
    assert empty.sum() < full.sum()


def test_those_ahead_hoard(acted, living):
    def change(state):
        adopters()(state)
        state.firms["share"] = np.where(np.arange(state.firms.size) % 2, 4.0, 0.1)
        state.firms["share"] /= state.provinces["n_firms"][state.firms["province"]]

    firms = living(acted(gather_data, change=change).firms)
    lead = firms["share"] * 6 > 1
    ahead = firms["share"] > np.median(firms["share"])
    assert lead.any()
    assert (firms["sharing"][ahead] == 0.0).all()
    assert (firms["sharing"][~ahead] == 0.25).all()


def test_proactive_leaders_find_partners_for_data(acted, living):
    def shared(proactiveness, switch):
        def change(state):
            adopters()(state)
            state.entrepreneurs["cognition"] = proactiveness

        return living(acted(gather_data, change=change, settings={"M14": switch}).firms)["sharing"]

    assert shared(0.0, "on").sum() < shared(1.0, "on").sum()
    np.testing.assert_array_equal(shared(0.0, "off"), shared(1.0, "off"))
