"""Paired differences, Holm's correction and Fieller's interval by hand."""

import math

import numpy as np
import pytest

from nqpf_abm.experiment.pairing import fieller, holm, paired


def test_three_pairs_by_hand():
    found = paired([1, 2, 3], [2, 4, 3])
    assert found[:3] == (3, 2.0, 1.0)
    assert (found.low, found.high) == pytest.approx((-1.484, 3.484), abs=1e-3)
    assert found.variance_reduction == pytest.approx(0.5)
    assert found.runs_saved == pytest.approx(6.0)
    assert found.p == pytest.approx(0.2254, abs=1e-4)


def test_pairs_with_a_missing_value_are_left_out():
    assert paired([1, math.nan, 2, 3], [2, 5, 4, 3]) == paired([1, 2, 3], [2, 4, 3])
    assert paired([math.nan], [1.0]).seeds == 0
    assert math.isnan(paired([1.0], [2.0]).low) and paired([1.0], [2.0]).difference == 1.0


def test_equal_runs_differ_by_nothing_for_certain():
    for anytime in (False, True):
        found = paired([0.1, 0.2, 0.3] * 3, [0.1, 0.2, 0.3] * 3, anytime=anytime)
        assert (found.difference, found.low, found.high, found.p) == (0.0, 0.0, 0.0, 1.0)
        assert found.variance_reduction == 1.0 and math.isnan(found.runs_saved)


def test_equal_differences_tell_nothing_of_luck():
    for anytime in (False, True):
        found = paired([3.0, 4.0] * 4, [4.0, 5.0] * 4, anytime=anytime)
        assert found.difference == 1.0 and all(math.isnan(x) for x in (found.low, found.high, found.p))


def test_an_interval_that_holds_at_any_time_is_wider():
    rng = np.random.default_rng(4)
    a, b = rng.normal(size=20), rng.normal(0.5, size=20)
    fixed, any_time = paired(a, b), paired(a, b, anytime=True)
    assert any_time.low < fixed.low < fixed.high < any_time.high
    assert any_time.p > fixed.p


def test_holm_by_hand():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    found = holm([0.01, math.nan, 0.9])
    assert found[0] == pytest.approx(0.02) and math.isnan(found[1]) and found[2] == pytest.approx(0.9)


def test_fiellers_interval():
    found = fieller([2, 4, 6], [2, 2, 2])
    half = 4.3027 * 2 / math.sqrt(3) / 2
    assert (found.value, found.kind) == (2.0, "interval")
    assert (found.low, found.high) == pytest.approx((2 - half, 2 + half), rel=1e-4)
    rng = np.random.default_rng(5)
    cost = rng.normal(10, 1, 30)
    assert fieller(cost, rng.normal(0.1, 1, 30)).kind in ("outside", "all")
    assert fieller(cost, rng.normal(0, 1e-9, 30) + 5).kind == "interval"


def test_fiellers_interval_covers_the_ratio():
    rng = np.random.default_rng(6)
    hits = 0
    for _ in range(2000):
        x = rng.normal(2.0, 1.0, 12)
        found = fieller(3.0 * x + rng.normal(0, 1.0, 12), x)
        inside = found.low <= 3.0 <= found.high
        hits += (not inside) if found.kind == "outside" else inside
    assert 0.935 < hits / 2000 < 0.965
