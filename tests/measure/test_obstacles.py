import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nqpf_abm.measure import obstacle_degrees

THREE_SYSTEMS = [
    [0.0162, 0.272, 0.2655], [0.1782, 0.6824, 0.3721], [0.549, 0.0593, 0.5729], [0.673, 0.4812, 0.9082],
    [0.0207, 0.8891, 0.2017], [0.9875, 0.5573, 0.8984],
]  # fmt: skip


def test_published_shortfalls():
    # w (1 - z) as printed by the documentation of the R package mathmodels (zhjx19/mathmodels,
    # docs/reference/system_evaluation.md): the degrees are these, divided by their sum.
    printed = np.array(
        [
            [0.394, 0.218, 0.22], [0.329, 0.0953, 0.188], [0.18, 0.282, 0.128], [0.131, 0.156, 0.0275],
            [0.392, 0.0333, 0.239], [0.005, 0.133, 0.0305],
        ]
    )  # fmt: skip
    found = obstacle_degrees(THREE_SYSTEMS, [0.4, 0.3, 0.3])
    np.testing.assert_allclose(found, printed / printed.sum(axis=1, keepdims=True), atol=2e-3)


def test_by_hand():
    np.testing.assert_allclose(obstacle_degrees([[0.5, 0.75]], [0.5, 0.5]), [[2 / 3, 1 / 3]])


@given(st.integers(0, 2**32))
def test_rows_sum_to_one(seed):
    rng = np.random.default_rng(seed)
    degrees = obstacle_degrees(rng.random((4, 5)), rng.random(5))
    np.testing.assert_allclose(degrees.sum(axis=1), 1)
    assert (degrees >= 0).all()


def test_nothing_lacking_and_beyond_the_bound():
    degrees = obstacle_degrees([[1.0, 1.0], [1.3, 0.5]], [0.5, 0.5])
    assert np.isnan(degrees[0]).all()
    np.testing.assert_allclose(degrees[1], [0, 1])


def test_refusals():
    with pytest.raises(ValueError, match="weights must have shape"):
        obstacle_degrees([[0.5, 0.5]], [1.0])
    with pytest.raises(ValueError, match="must not be negative"):
        obstacle_degrees([[0.5, 0.5]], [1.0, -1.0])
