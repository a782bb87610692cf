"""Who sees niches, and that what one firm wins the others lose."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.mechanisms.alertness import conquered, sight_probability, spot_niches
from nqpf_abm.mechanisms.market import clear_goods, compete

steady = settings(derandomize=True, deadline=None, max_examples=60)


def test_by_hand():
    assert sight_probability(0.5, 4.0) == 0.5
    assert sight_probability(0.75, 4.0) == pytest.approx(0.731, abs=1e-3)
    assert conquered(0.004, 0.125) == pytest.approx(0.0005)


@steady
@given(st.floats(0, 1), st.floats(0, 1), st.floats(1, 8))
def test_the_proactive_see_more(a, b, strength):
    low, high = sorted((a, b))
    assert 0.0 < sight_probability(low, strength) <= sight_probability(high, strength) < 1.0


def test_niches_are_seen_as_often_as_the_law_says(acted, living, setting):
    for level in (0.2, 0.8):
        change = setting(entrepreneurs__cognition=level, firms__niche=0.0)
        firms = living(acted(spot_niches, change=change, settings={"alertness.niches": 0.2}).firms)
        odds = 0.2 * sight_probability(level, 4.0)
        assert firms["niches"].mean() == pytest.approx(odds, abs=4 * math.sqrt(odds / firms.size))


def test_a_niche_is_as_large_for_small_firms_and_taken_from_all_others(acted):
    def one_sees(state):
        state.firms["niche"] = 0.0
        rows = [
            np.flatnonzero((state.firms["province"] == r) & (state.firms["is_alive"] == 1))[0]
            for r in range(12)
        ]
        state.firms["niche"][rows] = 0.01

    plain = acted(compete, clear_goods, change=lambda s: s.firms.__setitem__("niche", 0.0)).firms
    seen = acted(compete, clear_goods, change=one_sees).firms
    alive = plain["is_alive"] == 1
    gain = (seen["share"] - plain["share"])[alive]
    winners = seen["niche"][alive] > 0
    assert (gain[winners] > 0).all()
    assert (gain[~winners] <= 0).all()
    assert gain.sum() == pytest.approx(0.0, abs=1e-12)


def test_M03_off_nobody_sees_niches(acted, living, setting):
    change = setting(firms__niche=0.0)
    firms = living(acted(spot_niches, change=change, settings={"M03": "off", "alertness.niches": 0.2}).firms)
    assert not firms["niches"].any()
    assert not firms["niche"].any()
