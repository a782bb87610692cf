"""A culture that forgives failure: limits of the law, and what a firm's search does with it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.mechanisms.forgiveness import (
    forgiven_share,
    forgiving_tolerance,
    led_to_forgive,
    passage_forgiven,
    sound_share,
    winnable_share,
)
from nqpf_abm.mechanisms.orientation import decide
from nqpf_abm.state.paths import M60

steady = settings(derandomize=True, deadline=None, max_examples=100)
share = st.floats(0, 1)


def test_by_hand():
    assert forgiving_tolerance(0.15, 0.3, 0.3) == pytest.approx(0.24, abs=1e-15)
    assert sound_share(0.6, 1.0, 0.6) == pytest.approx(0.36, abs=1e-15)
    assert [forgiven_share(0.4, sigma) for sigma in (1.0, 0.0, 0.5)] == pytest.approx([0.4, 1.0, 0.7])
    assert passage_forgiven(0.1, 0.8, 0.4) == pytest.approx(0.38, abs=1e-15)
    assert winnable_share(0.1, 0.8, 1.0, 0.4) == pytest.approx(0.475, abs=1e-15)
    assert led_to_forgive(0.6) == 0.6


@steady
@given(st.floats(0.001, 1), share, share, share)
def test_what_can_be_won_does_not_hang_on_how_strict_one_is(usual, more, sound, strictness):
    """Strictness decides on what is forgiven; sound search is added in any case, unsound search cannot be won."""
    forgiving = usual + more * (1.0 - usual)
    forgiven = forgiven_share(sound, strictness)
    assert sound - 1e-12 <= forgiven <= 1.0
    going_on = passage_forgiven(usual, forgiving, forgiven)
    winnable = going_on * winnable_share(usual, forgiving, forgiven, sound)
    assert winnable == pytest.approx(passage_forgiven(usual, forgiving, sound), rel=1e-9)
    assert usual * (1 - 1e-12) <= winnable <= going_on * (1 + 1e-12)


@steady
@given(st.floats(0.001, 1), share, share)
def test_where_conditions_are_kept_all_can_be_won(usual, forgiving, sound):
    assert winnable_share(usual, forgiving, forgiven_share(sound, 1.0), sound) == pytest.approx(
        1.0, rel=1e-12
    )


def decided(acted, living, followed, settings=None):
    def change(state):
        state.firms["paths"][:, M60] = followed
        state.firms["tolerance"] = 0.15
        state.firms["absorptive_capacity"] = 0.6

    return living(acted(decide, change=change, settings=settings).entrepreneurs)


def test_a_forgiving_firm_searches_for_more_and_a_lax_one_for_what_cannot_be_won(acted, living):
    plain = decided(acted, living, 0)
    strict = decided(acted, living, 1)
    lax = decided(acted, living, 1, {"forgiveness.strictness": 0.0})
    bound = lax["radical_share"] < 0.5
    assert (plain["winnable"] == 1.0).all()
    np.testing.assert_allclose(strict["winnable"], 1.0, rtol=1e-12)
    for less, more in ((plain, strict), (strict, lax)):
        assert (more["radical_share"] >= less["radical_share"]).all()
        assert more["radical_share"].mean() > 1.1 * less["radical_share"].mean()
    np.testing.assert_allclose(
        (lax["radical_share"] * lax["winnable"])[bound], strict["radical_share"][bound], rtol=1e-9
    )


def test_where_nobody_is_shy_of_risk_there_is_nothing_to_forgive(acted, living):
    plain, forgiving = (decided(acted, living, k, {"M40": "off"}) for k in (0, 1))
    np.testing.assert_array_equal(plain["radical_share"], forgiving["radical_share"])
    assert (forgiving["winnable"] == 1.0).all()
