"""Sandboxes and scenes of use: laws by hand and limits."""

import pytest

from nqpf_abm.policy.sandbox import sandbox_lag
from nqpf_abm.policy.scenarios import opened


def test_laws_by_hand():
    assert sandbox_lag(20.0, 0.7, 1.0) == pytest.approx(6.0)
    assert sandbox_lag(20.0, 0.7, 0.0) == 20.0
    assert opened(8, 1.0, 0.5) == 1.5
    assert opened(5, 1.0, 0.5) == opened(8, 1.0, 0.0) == 1.0
