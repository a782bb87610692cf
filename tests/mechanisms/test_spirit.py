"""Three dimensions of orientation that go together."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm import Ecosystem
from nqpf_abm.mechanisms.spirit import drawn_trait, orientation_spread

steady = settings(derandomize=True, deadline=None, max_examples=60)


def test_by_hand():
    assert drawn_trait(0.5, 0.15, 1.0, 0.0, 0.25) == pytest.approx(0.575, abs=1e-15)
    assert orientation_spread(0.15, 1.0) == pytest.approx(0.15, abs=1e-15)
    assert orientation_spread(0.15, 0.25) == pytest.approx(0.106, abs=1e-3)
    assert orientation_spread(0.15, 0.0) == pytest.approx(0.15 / 3**0.5)


@steady
@given(st.floats(0, 1), st.floats(0, 0.3), st.floats(-5, 5), st.floats(-5, 5), st.floats(0, 0.9))
def test_traits_stay_within_bounds_and_rise_with_their_draws(mean, sd, common, own, coherence):
    value = drawn_trait(mean, sd, common, own, coherence)
    assert 0.0 <= value <= drawn_trait(mean, sd, common + 0.1, own + 0.1, coherence) <= 1.0


@pytest.mark.parametrize("coherence", [0.0, 0.5, 0.9])
def test_founders_are_as_coherent_and_as_different_as_declared(small, coherence):
    size = small | {"start.firms": 1500, "demography.coherence": coherence}
    state = Ecosystem(seed=5, quarters=4, set=size).state
    rows = state.entrepreneurs["orientation"][state.entrepreneurs["is_alive"] == 1]
    r = np.corrcoef(rows.T)[np.triu_indices(3, 1)]
    np.testing.assert_allclose(r, coherence, atol=4 / np.sqrt(len(rows)))
    assert rows.mean(axis=1).std() == pytest.approx(orientation_spread(0.15, coherence), rel=0.08)
