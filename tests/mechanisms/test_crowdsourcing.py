"""Demands put to everybody: when a consortium forms, who is paid, and what the split does."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.mechanisms.crowdsourcing import (
    forming_share,
    least_value,
    post_demands,
    solution_gain,
    solving_probability,
    worth_asking,
)
from nqpf_abm.mechanisms.finance import pay
from nqpf_abm.numerics.draws import pareto
from nqpf_abm.state import accounts as book
from nqpf_abm.state.paths import M61

steady = settings(derandomize=True, deadline=None, max_examples=100)
share = st.floats(0.05, 0.95)
COSTS = (0.5, 0.3, 0.2)


def test_by_hand():
    assert least_value(0.5, 0.3, 0.2, *COSTS) == pytest.approx(1.0, rel=1e-15)
    assert least_value(0.8, 0.1, 0.1, *COSTS) == pytest.approx(3.0, rel=1e-12)
    assert forming_share(3.0, 1.5) == pytest.approx(0.19245, abs=1e-5)
    assert forming_share(0.5, 1.5) == 1.0
    assert solving_probability(0.2, 0.25, 0.5, 1.0) == pytest.approx(0.1, rel=1e-12)
    assert solution_gain(3.0, 0.02, 0.15) == pytest.approx(0.06, rel=1e-15)
    assert worth_asking(20.0, 20.0) == 0.5


@steady
@given(share, share, share, share)
def test_no_split_forms_more_than_the_one_that_follows_the_work(firm, team_part, firm_cost, team_cost):
    def of(first, second):
        return first, (1 - first) * second, (1 - first) * (1 - second)

    costs = of(firm_cost, team_cost)
    assert least_value(*costs, *costs) == pytest.approx(1.0, rel=1e-9)
    assert least_value(*of(firm, team_part), *costs) >= 1.0 - 1e-9


@steady
@given(st.floats(1.0, 20.0), st.floats(1.1, 3.0))
def test_the_share_that_forms_is_the_tail_of_the_pareto(least, shape):
    """By the same uniform numbers: value ≥ m for a share m^-k of them."""
    u = (np.arange(20000) + 0.5) / 20000
    values = np.array([pareto(x, shape) for x in u])
    assert (values >= least).mean() == pytest.approx(forming_share(least, shape), abs=1e-3)


def test_hvide_and_jones_a_third_of_the_share_halves_what_is_found():
    whole, third = (solving_probability(0.1, share, 0.5, 0.63) for share in (0.9, 0.3))
    assert third / whole == pytest.approx(0.5, abs=0.002)


def posted(acted, living, **changes):
    def change(state):
        state.firms["paths"][:, M61] = 1
        state.firms["found"] = 0.0
        state.firms["wins"] = 0
        state.universities["orientation"] = 0.62  # what firms of the old trajectory need

    return living(acted(post_demands, change=change, settings={"crowdsourcing.posted": 1.0} | changes).firms)


def test_all_demands_form_where_shares_follow_the_work_and_some_are_solved(acted, living):
    firms = posted(acted, living, **{"M46": "off"})
    assert firms["consortium"].all()
    solved = firms["wins"] == 1
    assert solved.mean() == pytest.approx(0.2, abs=4 * (0.16 / firms.size) ** 0.5)
    assert (firms["found"][solved] > 0).all()
    assert not firms["found"][~solved].any()
    np.testing.assert_allclose(firms["bounty"], firms["found"] * firms["sales"] * 4.0, rtol=1e-12)


def test_at_80_10_10_few_form(acted, living):
    even = posted(acted, living)["consortium"]
    steep = posted(acted, living, **{"crowdsourcing.firm_share": 0.8, "crowdsourcing.team_part": 0.5})[
        "consortium"
    ]
    assert steep.sum() < 0.7 * even.sum()


def test_team_and_university_are_paid_by_the_firm(acted, living):
    def books(bounty):
        def change(state):
            state.firms["flow"] = 0.0
            state.firms["bounty"] = bounty * state.firms["sales"]

        return living(acted(pay, change=change).firms)

    plain, paid = books(0.0), books(0.01)
    np.testing.assert_allclose(paid["flow"][:, book.STAFF_SHARES], 0.003 * paid["sales"], rtol=1e-9)
    more = paid["flow"][:, book.LICENCES] - plain["flow"][:, book.LICENCES]
    np.testing.assert_allclose(more, 0.002 * paid["sales"], rtol=1e-6)
    np.testing.assert_allclose(plain["profit"] - paid["profit"], 0.005 * paid["sales"], rtol=1e-6)
