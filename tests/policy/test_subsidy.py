"""The subsidy of improvement paths: laws by hand, limits, who is paid, books (M105)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nqpf_abm.policy.subsidy import subsidised_fit, support_of_paths, voucher
from nqpf_abm.state import accounts as book
from nqpf_abm.state.instruments import M105
from nqpf_abm.state.paths import M55, TOPICS
from nqpf_abm.state.tables import State

SHARE = st.floats(0.0, 1.0)
ALL_PATHS = {f"{topic}__uptake": 1.0 for topic in TOPICS}


def test_by_hand():
    assert subsidised_fit(0.4, 0.5, 1.0) == pytest.approx(4 / 7)
    assert subsidised_fit(0.0, 0.5, 1.0) == 0.0
    assert voucher(10.0, 2.0, 50.0, 5) == pytest.approx(0.02)
    assert voucher(10.0, 2.0, 0.0, 5) == 0.0


@given(SHARE, SHARE, SHARE)
def test_a_subsidy_never_makes_a_path_worse_nor_worth_more_than_all(fit, borne, strength):
    assert fit - 1e-15 <= subsidised_fit(fit, borne, strength) <= 1.0
    for nothing in (subsidised_fit(fit, borne, 0.0), subsidised_fit(fit, 0.0, strength)):
        assert nothing == pytest.approx(fit, rel=1e-15, abs=0)


@given(SHARE.filter(bool))
def test_borne_whole_a_path_is_followed_by_all_to_whom_it_brings_anything(fit):
    assert subsidised_fit(fit, 1.0, 1.0) == 1.0


def followers(model) -> np.ndarray:
    """Paths that each firm in use follows, (n_firms,)."""
    return (model.state.firms["paths"][model.state.firms["is_alive"] == 1] > 0).sum(axis=1)


def test_more_follow_what_brings_them_something(governed):
    plain, paid = governed(**ALL_PATHS), governed("M105", **ALL_PATHS)
    assert followers(paid).mean() > 1.1 * followers(plain).mean()
    firms = paid.state.firms[paid.state.firms["is_alive"] == 1]
    assert not (firms["paths"][:, M55] > 0).any()  # no firm of so small a world has data to put in tiers


def test_without_paths_to_follow_nobody_is_paid(governed):
    model = governed("M105")
    assert followers(model).sum() == 0
    assert (model.state.firms["support"] == 0).all()
    assert (model.state.governments["delivered"][:, M105] > 0).all()


def test_money_that_bears_nothing_of_the_cost_moves_nobody(governed):
    free, paid = governed(**ALL_PATHS), governed("M105", subsidy__borne=0.0, **ALL_PATHS)
    assert followers(paid).mean() == pytest.approx(followers(free).mean(), rel=0.05)
    assert followers(paid).sum() > 0
    assert paid.state.firms["support"].sum() > 0


def paid_out(model) -> tuple[np.ndarray, np.ndarray]:
    """What firms are paid and what is set aside for them, by province; 10^6 yuan."""
    firms = model.state.firms[model.state.firms["is_alive"] == 1]
    weight = model.state.provinces["weight"][firms["province"]]
    paid = np.bincount(firms["province"], weights=weight * firms["support"], minlength=12)
    return paid, model.state.governments["delivered"][:, M105]


def test_firms_are_paid_for_each_path_they_follow_and_all_alike_per_employee(governed):
    model = governed("M105", **ALL_PATHS)
    firms = model.state.firms[model.state.firms["is_alive"] == 1]
    old = firms[firms["age"] > 0]  # those founded at the end of the quarter have not been paid yet
    followed = (old["paths"] > 0).sum(axis=1)
    assert {0, 1, 2, 3} <= set(followed)
    assert (old["support"][followed == 0] == 0).all()
    for r in range(12):
        here = (old["province"] == r) & (followed > 0)
        vouchers = (old["support"] / (old["staff"] * followed.clip(1)))[here]
        assert np.ptp(vouchers) < 1e-9 * vouchers.max()
    paid, aside = paid_out(model)
    assert (paid < aside).all()


def test_the_books_tell_what_firms_were_paid_and_what_offices_took(governed):
    model = governed("M105", **ALL_PATHS)
    paid, aside = paid_out(model)
    ledger = model.results.ledger_array[-1]
    assert ledger[book.POLICY_FIRMS] == pytest.approx(paid, rel=1e-9)
    assert (ledger[book.POLICY_PAY] > 0).all()  # friction, whoever claims
    assert (ledger[book.POLICY_PAY] < 0.2 * aside).all()


def test_if_all_follow_all_paths_all_is_spent(governed):
    model = governed("M105")
    state = State(*(part.copy() for part in model.state))
    alive = state.firms["is_alive"] == 1
    province = state.firms["province"]
    for r in range(12):
        staff = state.firms["staff"][alive & (province == r)]
        state.provinces["n_firms"][r], state.provinces["mean_staff"][r] = staff.size, staff.mean()
    state.firms["paths"] = 1
    paid = np.zeros(12)
    for i in np.flatnonzero(alive):
        paid[province[i]] += state.provinces["weight"][province[i]] * support_of_paths(state, state.firms[i])
    np.testing.assert_allclose(paid, state.governments["delivered"][:, M105], rtol=1e-12)
