"""The market's carbon ceiling, green search, and what lowers the use of energy."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.mechanisms.carbon import (
    breach_penalty,
    green_direction,
    next_fossil_share,
    renew_energy_use,
    renewed_intensity,
    shift_energy_mix,
)
from nqpf_abm.mechanisms.survey import open_books
from nqpf_abm.numerics.draws import make_key

steady = settings(derandomize=True, deadline=None, max_examples=60)
share = st.floats(0, 1)
relative = st.floats(0, 10)


def test_by_hand():
    assert green_direction(1.5, 0.15, 0.4) == pytest.approx(0.35, abs=1e-15)
    assert breach_penalty(2.0, 0.05) == pytest.approx(math.exp(-0.05), rel=1e-14)
    assert renewed_intensity(1.0, 0.03, 1.0, 0.25, 0.04) == pytest.approx(math.exp(-0.0475), rel=1e-14)
    assert next_fossil_share(0.8, 0.6, 0.2, 0.0025, 0.0025) == pytest.approx(0.7984, rel=1e-14)


@steady
@given(relative, relative, st.floats(0.05, 0.3), st.floats(0, 0.8), st.floats(0, 0.2))
def test_only_a_breach_counts_and_a_larger_one_counts_more(a, b, base, pull, cost):
    low, high = sorted((a, b))
    assert 0.0 <= green_direction(low, base, pull) <= green_direction(high, base, pull) <= 0.9
    assert 1.0 >= breach_penalty(low, cost) >= breach_penalty(high, cost) > 0.0
    assert green_direction(min(low, 1.0), base, pull) == base
    assert breach_penalty(min(low, 1.0), cost) == 1.0


@steady
@given(st.floats(0.1, 3), share, share, st.integers(0, 4), st.integers(0, 4))
def test_savings_of_two_quarters_multiply(intensity, v1, v2, g1, g2):
    twice = renewed_intensity(
        renewed_intensity(intensity, v1, float(g1), 0.25, 0.04), v2, float(g2), 0.25, 0.04
    )
    assert twice == pytest.approx(
        renewed_intensity(intensity, v1 + v2, float(g1 + g2), 0.25, 0.04), rel=1e-12
    )
    assert 0.0 < twice <= intensity
    assert renewed_intensity(intensity, 0.0, 0.0, 0.25, 0.04) == intensity


@steady
@given(share, share, share, st.floats(0, 0.01))
def test_the_fossil_share_never_rises(fossil, clean, backbone, shift):
    after = next_fossil_share(fossil, clean, backbone, shift, shift)
    assert 0.0 <= after <= fossil
    assert next_fossil_share(fossil, 0.0, 0.0, shift, shift) == fossil
    assert after >= next_fossil_share(fossil, 1.0, 1.0, shift, shift)


def test_new_capital_and_green_wins_save_energy(acted, setting, living):
    still = setting(firms__energy_intensity=1.0, firms__investment=0.0, firms__green_wins=0)
    assert (living(acted(renew_energy_use, change=still).firms)["energy_intensity"] == 1.0).all()
    busy = setting(
        firms__energy_intensity=1.0, firms__investment=3.0, firms__capital=100.0, firms__green_wins=1
    )
    assert living(acted(renew_energy_use, change=busy).firms)["energy_intensity"] == pytest.approx(
        math.exp(-0.0475)
    )


def test_more_than_the_whole_capital_cannot_be_renewed(acted, setting, living):
    flood = setting(
        firms__energy_intensity=1.0, firms__investment=5e3, firms__capital=1.0, firms__green_wins=0
    )
    assert living(acted(renew_energy_use, change=flood).firms)["energy_intensity"] == pytest.approx(
        math.exp(-0.25)
    )


def test_nothing_moves_in_burn_in(acted, setting):
    burning = setting(world__is_burn_in=1)
    before, after = acted(change=burning), acted(renew_energy_use, shift_energy_mix, change=burning)
    np.testing.assert_array_equal(before.firms["energy_intensity"], after.firms["energy_intensity"])
    np.testing.assert_array_equal(before.provinces["fossil_share"], after.provinces["fossil_share"])


def test_the_ceiling_falls_by_its_yearly_rate(acted):
    state = acted()
    burn_in = state.params["start"]["burn_in"][0]
    for years in (0, 1, 5):
        open_books.act(state, make_key(3, int(burn_in) + 4 * years))
        assert state.world["carbon_ceiling"][0] == pytest.approx(1.3 * 0.97**years, rel=1e-12)
