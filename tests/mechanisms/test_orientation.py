"""What an entrepreneur's orientation does: drive, radical share, launch, and the lag of each stage."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.mechanisms.orientation import decide, launch_rate, radical_share, research_drive
from nqpf_abm.state.tables import INNOVATIVENESS, PROACTIVENESS, RISK_TAKING

steady = settings(derandomize=True, deadline=None, max_examples=60)
share = st.floats(0, 1)


def test_by_hand():
    assert research_drive(0.75, 0.6) == pytest.approx(1.15, abs=1e-15)
    assert radical_share(0.75, 0.1, 0.4) == pytest.approx(0.2, abs=1e-15)
    assert launch_rate(1.0, 0.125, 0.5) == pytest.approx(0.15625, abs=1e-15)


@steady
@given(share, share)
def test_the_mean_orientation_and_no_effect_are_neutral(trait, effect):
    assert research_drive(0.5, effect) == 1.0 == research_drive(trait, 0.0)
    assert radical_share(0.5, 0.1, effect) == 0.1 == radical_share(trait, 0.1, 0.0)
    assert launch_rate(0.5, 0.125, effect) == 0.125 == launch_rate(trait, 0.125, 0.0)


@steady
@given(share, share, share)
def test_more_orientation_never_does_less(a, b, effect):
    low, high = sorted((a, b))
    assert research_drive(low, effect) <= research_drive(high, effect)
    assert radical_share(low, 0.1, 0.8 * effect) <= radical_share(high, 0.1, 0.8 * effect)
    assert launch_rate(low, 0.125, effect) <= launch_rate(high, 0.125, effect)


@steady
@given(share, st.floats(0.02, 0.3), st.floats(0, 0.8), st.floats(0.05, 0.5), share)
def test_bounds(trait, base, risk_effect, speed, effect):
    assert 0.5 <= research_drive(trait, effect) <= 1.5
    assert 0.01 <= radical_share(trait, base, risk_effect) <= 0.5
    assert 0.0 < launch_rate(trait, speed, effect) <= 0.75  # a share of what is pending


def test_each_stage_takes_a_quarter(acted, living, setting):
    """A new orientation is perceived in the first quarter and acted on from the second."""
    bold = setting(entrepreneurs__orientation=1.0)
    plain = {"M40": "off", "M49": "off"}
    before = living(acted().entrepreneurs)
    after_one = living(acted(decide, change=bold, settings=plain).entrepreneurs)
    after_two = living(acted(decide, decide, change=bold, settings=plain).entrepreneurs)
    assert (after_one["cognition"] == 1.0).all()
    np.testing.assert_array_equal(
        after_one["research_drive"],
        [research_drive(float(x), 1.0) for x in before["cognition"][:, INNOVATIVENESS]],
    )
    np.testing.assert_array_equal(
        after_one["radical_share"],
        [radical_share(float(x), 0.1, 0.8) for x in before["cognition"][:, RISK_TAKING]],
    )
    np.testing.assert_array_equal(
        after_one["launch_rate"],
        [launch_rate(float(x), 0.125, 1.0) for x in before["cognition"][:, PROACTIVENESS]],
    )
    assert after_two["research_drive"] == pytest.approx(1.5)
    assert after_two["radical_share"] == pytest.approx(0.5)
    assert after_two["launch_rate"] == pytest.approx(0.1875)
