"""The three-stage funnel: what the seed's figures imply, and what a firm's search does with it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.mechanisms.funnel import (
    expected_cost,
    hit_rate_behind,
    pass_rate,
    spent_share,
    worth_sieving,
)
from nqpf_abm.mechanisms.research import search, spend_on_research
from nqpf_abm.state.paths import M59

steady = settings(derandomize=True, deadline=None, max_examples=100)
rate = st.floats(0.001, 0.999)
SEED = (0.08, 0.9, 0.49)  # hit rate, sensitivity, false passes


def test_by_hand():
    assert pass_rate(*SEED) == pytest.approx(0.5228, abs=1e-12)
    assert hit_rate_behind(*SEED) == pytest.approx(0.35, abs=2e-3)
    assert expected_cost(*SEED, 0.1, 0.3) == pytest.approx(0.4283, abs=1e-4)
    assert spent_share(0.4, 0.5) == pytest.approx(0.7, abs=1e-15)
    assert worth_sieving(20.0, 20.0) == 0.5


def test_the_seeds_hit_rates_cost_a_quarter_of_the_successes():
    assert 1 - 0.9**3 == pytest.approx(0.271, abs=1e-3)


@steady
@given(rate, rate)
def test_a_review_that_tells_nothing_leaves_the_hit_rate(hit, blind):
    assert hit_rate_behind(hit, blind, blind) == pytest.approx(hit, rel=1e-9)


@steady
@given(rate, st.floats(0.5, 1.0), st.floats(0.01, 0.5), st.floats(0.02, 0.3), st.floats(0.1, 0.5))
def test_a_review_that_tells_something_raises_the_hit_rate_and_saves(hit, sensitivity, false, first, second):
    assert hit_rate_behind(hit, sensitivity, false) >= hit * (1 - 1e-12)
    cost = expected_cost(hit, sensitivity, false, first, second)
    assert first <= cost <= 1.0
    assert spent_share(cost, 1.0) == pytest.approx(1.0, abs=1e-12)
    assert spent_share(cost, 0.0) == cost


def test_perfect_reviews_find_every_hit_and_only_hits():
    assert hit_rate_behind(0.08, 1.0, 1e-12) == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize("reinvested", [0.0, 1.0])
def test_a_firm_spends_and_finds_what_the_laws_say(acted, living, reinvested):
    """Odds, small enough to be linear: let through s³, of as many projects as the money begins, with exponent φ."""
    settings = {"funnel.reinvested": reinvested, "research.success": 0.04}

    def follow(state, followed):
        state.firms["paths"][:, M59] = followed
        state.world["search_scale"] *= 1e-3

    plain, funnel = (
        living(acted(spend_on_research, search, change=lambda s, k=k: follow(s, k), settings=settings).firms)
        for k in (0, 1)
    )
    cost = expected_cost(0.04, 0.9, 0.49, 0.1, 0.3)
    np.testing.assert_allclose(funnel["rnd"], spent_share(cost, reinvested) * plain["rnd"], rtol=1e-12)
    begun = spent_share(cost, reinvested) / cost
    some = plain["rnd"] > 0
    np.testing.assert_allclose(
        funnel["success_probability"][some],
        0.9**3 * begun**0.5 * plain["success_probability"][some],
        rtol=1e-3,
    )


def test_failures_are_those_seen_through(acted, living):
    def change(state):
        state.firms["paths"][:, M59] = 1
        state.world["search_scale"] *= 1e-6

    firms = living(
        acted(*[spend_on_research, search], change=change, settings={"funnel.reinvested": 0.0}).firms
    )
    assert firms["failures"].mean() == pytest.approx(0.49**3, abs=0.1)
