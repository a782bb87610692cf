"""The Gini coefficient against its definition, in exact arithmetic."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.measure import gini

steady = settings(derandomize=True, deadline=None, max_examples=80)
amounts = st.lists(st.integers(0, 1000), min_size=1, max_size=20).filter(any)


def exact_gini(values, weights=None):
    x = [Fraction(float(value)) for value in values]
    w = [Fraction(1)] * len(x) if weights is None else [Fraction(float(weight)) for weight in weights]
    pairs = list(zip(x, w, strict=True))
    difference = sum(wi * wj * abs(xi - xj) for xi, wi in pairs for xj, wj in pairs)
    return float(difference / (2 * sum(w) * sum(wi * xi for xi, wi in pairs)))


@pytest.mark.parametrize(
    ("values", "expected"),
    [([1, 2, 3, 4], 0.25), ([10, 20, 30, 40, 100], 0.4), ([5], 0.0), ([3, 3, 3], 0.0), ([0, 0, 0, 8], 0.75)],
)
def test_worked_by_hand(values, expected):
    assert gini(values) == pytest.approx(expected, abs=1e-15)


@steady
@given(amounts)
def test_half_the_relative_mean_difference(values):
    assert gini(values) == pytest.approx(exact_gini(values), rel=1e-13, abs=1e-15)


@steady
@given(st.lists(st.tuples(st.integers(1, 1000), st.integers(0, 5)), min_size=1, max_size=15), st.data())
def test_a_weight_counts_its_value_that_often(pairs, data):
    pairs.append((data.draw(st.integers(1, 1000)), 1))
    values, weights = np.array(pairs).T
    assert gini(values, weights=weights) == pytest.approx(gini(np.repeat(values, weights)), abs=1e-14)


@steady
@given(amounts, st.integers(-900, 900), st.randoms(use_true_random=False))
def test_scale_order_and_replication_do_not_matter(values, exponent, random):
    shuffled = [2.0**exponent * value for value in values]
    random.shuffle(shuffled)
    assert gini(shuffled) == gini(values)
    assert gini(values * 3) == pytest.approx(gini(values), abs=1e-14)


def test_a_large_common_offset_costs_no_digits():
    values = 1e8 + np.random.default_rng(5).random(200)
    exact = exact_gini(values)  # of the rounded values as they stand
    assert gini(values) == pytest.approx(exact, rel=1e-13)
    ranks = np.arange(1, 201)
    by_ranks = np.sum((2 * ranks - 201) * np.sort(values)) / (200**2 * values.mean())
    assert abs(by_ranks / exact - 1) > 1e-10  # what the gaps avoid


def test_huge_and_tiny_units():
    values = np.array([1.0, 2.0, 3.0, 4.0])
    assert gini(values * 4e307) == pytest.approx(0.25)
    assert gini(values * 5e-324) == pytest.approx(0.25)
    assert gini(values, weights=np.full(4, 1e-310)) == pytest.approx(0.25)


def test_nothing_to_share_is_undefined():
    assert np.isnan(gini([0.0, 0.0]))


@pytest.mark.parametrize(
    ("values", "weights", "message"),
    [
        ([], None, r"values must have shape \(n,\), with at least one entry; got \(0,\)"),
        ([[1.0, 2.0]], None, r"values must have shape \(n,\).*got \(1, 2\)"),
        ([1.0, np.nan, np.inf], None, r"values must be finite: row 1 holds nan \(and 1 more\)"),
        ([1.0, None], None, "values must be finite: row 1 holds nan"),
        (["many"], None, r"values must be numbers of shape \(n,\)"),
        (np.array([1j]), None, "complex numbers are not accepted"),
        ([2.0, -0.5], None, "values must not be negative: row 1 holds -0.5"),
        ([1.0, 2.0], [1.0], r"weights must have shape \(2,\)"),
        ([1.0, 2.0], [1.0, -1.0], "weights must not be negative: row 1"),
        ([1.0, 2.0], [0.0, 0.0], "weights must not all be zero"),
    ],
)
def test_what_is_refused(values, weights, message):
    with pytest.raises(ValueError, match=message):
        gini(values, weights=weights)


def test_a_masked_value_is_missing():
    with pytest.raises(ValueError, match="row 1 holds nan"):
        gini(np.ma.array([1.0, 2.0], mask=[False, True]))
