"""The subsidy of improvement paths: laws by hand, limits, who is paid, books (M105)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nqpf_abm.policy.subsidy import subsidised_fit, voucher
from nqpf_abm.state.instruments import M105
from nqpf_abm.state.paths import M55, PATHS, TOPICS

SHARE = st.floats(0.0, 1.0)
ALL_PATHS = {f"{topic}__uptake": 1.0 for topic in TOPICS}


def test_by_hand():
    assert subsidised_fit(0.4, 0.5, 1.0) == pytest.approx(4 / 7)
    assert subsidised_fit(0.0, 0.5, 1.0) == 0.0
    assert voucher(10.0, 2.0, 50.0) == pytest.approx(0.1)
    assert voucher(10.0, 2.0, 0.0) == 0.0


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


def paid_out(model) -> tuple[np.ndarray, np.ndarray]:
    """What firms are paid and what is set aside for them, by province; 10^6 yuan."""
    firms = model.state.firms[model.state.firms["is_alive"] == 1]
    weight = model.state.provinces["weight"][firms["province"]]
    paid = np.bincount(firms["province"], weights=weight * firms["support"], minlength=12)
    return paid, model.state.governments["delivered"][:, M105]


def test_only_those_who_follow_one_are_paid_and_all_alike_per_employee(governed):
    model = governed("M105", institute__uptake=1.0)
    firms = model.state.firms[model.state.firms["is_alive"] == 1]
    follows = (firms["paths"] > 0).any(axis=1)
    assert 0 < follows.sum() < follows.size
    assert (firms["support"][~follows] == 0).all()
    for r in range(12):
        here = follows & (firms["province"] == r) & (firms["support"] > 0)
        assert np.ptp(firms["support"][here] / firms["staff"][here]) < 1e-12 if here.any() else True
    paid, aside = paid_out(model)
    assert (paid < aside).all()
    assert paid.sum() > 0.0


def test_if_all_follow_all_is_spent(governed):
    model = governed("M105", forgiveness__uptake=1.0, adoption__imitation=0.0, subsidy__borne=1.0, govern__friction=0.0,
                     govern__lag=1.0)  # fmt: skip
    alive = model.state.firms["is_alive"] == 1
    old = model.state.firms["age"] > 0
    assert (model.state.firms["paths"][alive & old][:, PATHS.index("M60")] > 0).all()
    paid, aside = paid_out(model)
    np.testing.assert_allclose(paid, aside, rtol=0.2)
