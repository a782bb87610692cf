"""The threshold of acting, and what becomes of ideas on their way up."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.mechanisms.proactivity import (
    acceptance_probability,
    act_proactively,
    acting_probability,
    drive_to_act,
    eased_threshold,
    idea_worth,
    screen_ideas,
)
from nqpf_abm.numerics.draws import logistic_number
from nqpf_abm.state.tables import IDEA_QUEUE

steady = settings(derandomize=True, deadline=None, max_examples=60)
share = st.floats(0, 1)


def test_by_hand():
    assert acting_probability(0.5, 0.5, 0.75, 0.5, 0.1) == pytest.approx(0.5, abs=1e-15)
    assert drive_to_act(0.6, 0.5, 0.75, 0.5, 0.1) == pytest.approx(1.0, rel=1e-12)
    assert acceptance_probability(0.7, 2.0) == pytest.approx(0.49, abs=1e-15)
    assert idea_worth(0.03, 0.1, 3.0) == pytest.approx(0.03 * math.exp(-0.3), rel=1e-14)


@steady
@given(share, share, share, share, share)
def test_more_spirit_and_more_company_never_act_less(orientation, a, b, threshold, contagion):
    few, many = sorted((a, b))
    assert acting_probability(orientation, few, threshold, contagion, 0.1) <= acting_probability(
        orientation, many, threshold, contagion, 0.1
    )
    assert acting_probability(few, orientation, threshold, contagion, 0.1) <= acting_probability(
        many, orientation, threshold, contagion, 0.1
    )
    assert acting_probability(orientation, few, a, contagion, 0.1) == pytest.approx(
        1 - acting_probability(-orientation, -few, -a, contagion, 0.1), abs=1e-12
    )


@steady
@given(st.floats(1e-12, 1.0, exclude_max=True), share, share, share, st.floats(0.02, 1.0))
def test_who_draws_less_than_the_drive_acts_with_the_probability_of_the_law(
    u, orientation, company, threshold, noise
):
    law = orientation, company, threshold, 0.5, noise
    near = abs(u - acting_probability(*law)) < 1e-12
    assert near or (logistic_number(u) < drive_to_act(*law)) == (u < acting_probability(*law))


def test_little_noise_makes_a_step_and_much_noise_a_coin():
    assert acting_probability(0.5, 0.0, 0.6, 0.5, 1e-3) < 1e-12
    assert acting_probability(0.7, 0.0, 0.6, 0.5, 1e-3) > 1 - 1e-12
    assert acting_probability(0.5, 0.0, 0.9, 0.5, 1e6) == pytest.approx(0.5, abs=1e-6)


@steady
@given(st.floats(0.5, 0.9), st.integers(0, 3), st.integers(0, 3))
def test_screens_in_series_multiply(g, above, below):
    """Sah and Stiglitz: a project passes a hierarchy only if every layer accepts it, g to the power l."""
    whole = acceptance_probability(g, float(above + below))
    parts = acceptance_probability(g, float(above)) * acceptance_probability(g, float(below))
    assert whole == pytest.approx(parts, rel=1e-12)
    assert whole == pytest.approx(g ** (above + below), rel=1e-12)


def test_six_layers_accept_a_sixth_of_what_one_accepts():
    assert acceptance_probability(0.7, 6.0) == pytest.approx(0.117649)
    assert acceptance_probability(0.7, 1.0) == pytest.approx(0.7)


@steady
@given(st.floats(0.001, 1), st.floats(0.05, 0.2), st.floats(0, 12), st.floats(0, 12))
def test_ideas_age_at_a_constant_rate(value, decay, a, b):
    assert idea_worth(value, decay, 0.0) == value
    aged_twice = idea_worth(idea_worth(value, decay, a), decay, b)
    assert idea_worth(value, decay, a + b) == pytest.approx(aged_twice, rel=1e-12)
    assert 0.0 < idea_worth(value, decay, a) <= value


def test_acting_follows_the_law_on_average(acted, setting):
    """Thresholds all alike: the share that acts is the probability, within four standard errors."""
    same = setting(
        employees__orientation=0.5,
        employees__threshold=0.75,
        teams__proactive_share=0.5,
        teams__autonomy=0.6,
    )
    people = acted(act_proactively, change=same).employees
    people = people[people["is_alive"] == 1]
    employed = people["firm"] >= 0
    n = employed.sum()
    assert people["is_proactive"][employed].mean() == pytest.approx(0.5, abs=4 * 0.5 / math.sqrt(n))
    assert (people["is_proactive"][~employed] == 0).all()


def busy(state):
    """Every firm has many ideas to screen, empty queues and three layers."""
    state.firms["n_proactive"] = 400.0
    state.firms["idea_queue"] = 0.0
    state.firms["layers"] = 3
    state.firms["staff"] = 10.0


def test_accepted_ideas_wait_a_quarter_per_layer(acted, living, grown):
    firms = living(acted(screen_ideas, change=busy).firms)
    before = living(acted(change=busy).firms)
    arrival = (int(grown.key.quarter) + 3) % IDEA_QUEUE
    others = np.delete(firms["idea_queue"], arrival, axis=1)
    assert (firms["idea_queue"][firms["accepted"] > 0, arrival] > 0.0).all()
    assert (others == 0.0).all()
    np.testing.assert_array_equal(firms["log_tfp"], before["log_tfp"])


def test_without_delay_ideas_are_worth_something_at_once(acted, living):
    firms = living(acted(screen_ideas, change=busy, settings={"proactivity.layer_delay": 0.0}).firms)
    before = living(acted(change=busy).firms)
    assert (firms["log_tfp"] > before["log_tfp"])[firms["accepted"] > 0].all()
    assert (firms["idea_queue"] == 0.0).all()


def test_the_screens_accept_the_share_of_the_law(acted, living):
    firms = living(acted(screen_ideas, change=busy).firms)
    assert (firms["accepted"] <= firms["ideas"]).all()
    raised = firms["ideas"].sum()
    assert raised / (0.1 * 400.0 * firms.size) == pytest.approx(1, abs=4 / math.sqrt(raised))
    assert firms["accepted"].sum() / raised == pytest.approx(0.343, abs=4 * 0.475 / math.sqrt(raised))


def test_autonomy_lowers_the_threshold():
    assert eased_threshold(0.75, 0.8, 0.6, 0.3) == pytest.approx(0.69, abs=1e-15)
    assert eased_threshold(0.75, 0.6, 0.6, 0.3) == 0.75


def test_ideas_are_poisson(acted, living):
    """Mean and variance of the ideas of firms alike are both the rate, within four standard errors."""
    for rate in (0.05, 0.2):
        ideas = living(acted(screen_ideas, change=busy, settings={"proactivity.ideas_per_act": rate}).firms)[
            "ideas"
        ]
        expected, n = 400.0 * rate, ideas.size
        assert ideas.mean() == pytest.approx(expected, abs=4 * math.sqrt(expected / n))
        assert ideas.var(ddof=1) / expected == pytest.approx(1.0, abs=4 * math.sqrt(2 / (n - 1)))


@pytest.mark.parametrize("layers", [1, 2, 4, 6])
def test_layers_accept_what_sah_and_stiglitz_say(acted, living, layers):
    """The share accepted is g^l, within four standard errors of as many trials."""

    def deep(state):
        busy(state)
        state.firms["layers"] = layers

    firms = living(acted(screen_ideas, change=deep).firms)
    raised, share = firms["ideas"].sum(), 0.7**layers
    error = math.sqrt(share * (1 - share) / raised)
    assert firms["accepted"].sum() / raised == pytest.approx(share, abs=4 * error)


def rest_of_cascade(thresholds, contagion, noise=1e-6):
    """Share that acts once nobody changes any more, everyone seeing the share that acted before."""
    share = 0.0
    for _ in range(len(thresholds) + 1):
        acts = [acting_probability(0.5, share, float(theta), contagion, noise) > 0.5 for theta in thresholds]
        share = sum(acts) / len(thresholds)
    return share


def test_granovetters_two_crowds():
    """Thresholds 0, 1, ..., 99 riot to the last; with one person at 1 replaced by one at 2, one riots alone."""
    crowd = [k / 100 for k in range(100)]
    acting = [0.5 + theta - 1e-4 for theta in crowd]  # spirit .5, contagion 1: acts where share >= theta
    assert rest_of_cascade(acting, 1.0) == 1.0
    other = [0.5 + theta - 1e-4 for theta in [0.0, 0.02, *crowd[2:]]]
    assert rest_of_cascade(other, 1.0) == 0.01
    assert rest_of_cascade(acting, 0.0) == 0.01


@steady
@given(st.lists(st.floats(0.0, 1.0), min_size=3, max_size=12))
def test_cascades_rest_at_the_least_fixed_point_of_the_distribution(thresholds):
    """Watts (2002): the rest is the least share x that equals the share of thresholds at or below x."""
    n = len(thresholds)
    rest = rest_of_cascade([0.5 + theta for theta in thresholds], 1.0, noise=1e-9)
    below = [k / n for k in range(n + 1) if sum(theta < k / n for theta in thresholds) <= k]
    near = min(abs(theta - k / n) for theta in thresholds for k in range(n + 1))
    if near > 1e-6:
        assert rest == pytest.approx(below[0], abs=1e-12)
