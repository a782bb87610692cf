"""Micro-units: one layer to climb, staff that does what others do, and when that is worth it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.mechanisms.proactivity import screen_ideas
from nqpf_abm.mechanisms.production import set_capacity
from nqpf_abm.mechanisms.units import flattened_gain, useful_staff, worth_breaking_up
from nqpf_abm.state.paths import M58

steady = settings(derandomize=True, deadline=None, max_examples=100)


def test_by_hand():
    assert useful_staff(100.0, 0.03) == pytest.approx(97.0, rel=1e-15)
    assert flattened_gain(1.0, 0.7, 3.0, 1.0, 0.1) == pytest.approx(0.3793, abs=1e-4)
    assert worth_breaking_up(0.002, 18.0, 0.03, 0.6) == pytest.approx(0.5, abs=1e-12)


def test_from_six_layers_to_one_is_from_eighteen_months_to_three():
    """What is gained by an idea: .70 passes instead of .12, worn by one quarter instead of six."""
    gain = flattened_gain(1.0, 0.7, 6.0, 1.0, 0.1)
    assert gain == pytest.approx(0.7 * np.exp(-0.1) - 0.7**6 * np.exp(-0.6), rel=1e-12)


@steady
@given(st.floats(0, 10), st.floats(0.5, 0.9), st.floats(1, 6), st.floats(0, 1.15), st.floats(0.05, 0.2))
def test_units_lose_no_idea_and_a_flat_firm_gains_nothing(ideas, screen, layers, delay, decay):
    assert flattened_gain(ideas, screen, layers, delay, decay) >= -1e-12
    assert flattened_gain(ideas, screen, 1.0, delay, decay) == 0.0


@steady
@given(st.floats(0, 0.01), st.floats(2, 40), st.floats(0, 0.15))
def test_worth_is_a_half_at_the_break_even_share(gain, horizon, duplication):
    worth = worth_breaking_up(gain, horizon, duplication, 0.6)
    assert 0.0 <= worth <= 1.0
    even = 0.5 * gain * horizon / 0.6
    if gain > 1e-6:
        assert worth_breaking_up(gain, horizon, even, 0.6) == pytest.approx(0.5, abs=1e-9)
        assert (worth > 0.5) == (duplication < even) or abs(worth - 0.5) < 1e-9


def test_ideas_climb_one_layer_and_wait_one_quarter(acted, living):
    def accepted(followed):
        def change(state):
            state.firms["paths"][:, M58] = followed
            state.firms["layers"] = 6
            state.firms["n_proactive"] = 400.0

        return living(acted(screen_ideas, change=change).firms)["accepted"]

    assert accepted(0).sum() / accepted(1).sum() == pytest.approx(0.7**5, rel=0.1)


def test_what_is_done_twice_is_not_produced(acted, living):
    def capacity(duplication):
        def change(state):
            state.firms["paths"][:, M58] = 1

        return living(acted(set_capacity, change=change, settings={"units.duplication": duplication}).firms)

    none, some = capacity(0.0)["capacity"], capacity(0.1)["capacity"]
    made = none > 0
    ratio = some[made] / none[made]
    assert (ratio < 1.0).all()
    assert (ratio > 0.9).all()
    assert ratio.mean() == pytest.approx(0.9**0.62, abs=0.01)
