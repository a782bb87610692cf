"""Entropy-weight TOPSIS: worked by hand, against a plain second reading of the formulas, and at its edges."""

import math
from itertools import product

import numpy as np
import pytest

from nqpf_abm.measure import FrozenScale, entropy_topsis
from nqpf_abm.measure.entropy_topsis import closeness, entropy_weights, normalise

KINDS = [1, -1, 1, 1]
DIMS = ["sci_tech", "green", "sci_tech", "digital"]


def panel(seed=1, n_regions=4, n_years=3, m=4):
    rng = np.random.default_rng(seed)
    return rng.lognormal(size=(n_regions * n_years, m)), np.tile(2012 + np.arange(n_years), n_regions)


def plainly(x, years, kinds, bounds, ideal, shift, distance, columns=None):
    """The formulas once more, cell by cell, on lists."""
    n, m = len(x), len(x[0])

    def same(by_year, i):
        return [k for k in range(n) if not by_year or years[k] == years[i]]

    z = [[0.0] * m for _ in range(n)]
    for i, j in product(range(n), range(m)):
        seen = [x[k][j] for k in same(bounds == "annual", i)]
        low, high = min(seen), max(seen)
        if high > low:
            z[i][j] = (x[i][j] - low if kinds[j] > 0 else high - x[i][j]) / (high - low)
    information = []
    for j in range(m):
        column = [row[j] + shift for row in z]
        p = [value / sum(column) for value in column] if any(column) else [1 / n] * n
        information.append(1 + sum(q * math.log(q) for q in p if q > 0) / math.log(n))
    w = [part / sum(information) for part in information]
    scores = []
    for i in range(n):
        away = near = 0.0
        for j in columns if columns is not None else range(m):
            ideals = [z[k][j] for k in same(ideal == "annual", i)]
            best, worst = (1.0, 0.0) if ideal == "absolute" else (max(ideals), min(ideals))
            power = w[j] ** 2 if distance == "euclidean" else w[j]
            near += power * (best - z[i][j]) ** 2
            away += power * (z[i][j] - worst) ** 2
        scores.append(math.sqrt(away) / (math.sqrt(away) + math.sqrt(near)))
    return w, scores


def test_worked_by_hand():
    # z = (0, 1/2, 1) and (0, 0, 1). 1-e: (1/3 ln 1 + 2/3 ln 2)/ln 3 = 0.4206 and ln 3/ln 3 = 1, so w = 0.2961
    # and 0.7039; row 1 has D+ = |w1/2, w2| = 0.7193, D- = w1/2 = 0.1480, C = 0.1707.
    r = entropy_topsis([[10.0, 7.0], [20.0, 7.0], [30.0, 5.0]], [2012, 2012, 2012], [1, -1])
    information = np.array([2 / 3 * np.log(2) / np.log(3), 1.0])
    assert r.entropy == pytest.approx(1 - information)
    assert r.weights == pytest.approx(information / information.sum())
    assert r.weights == pytest.approx([0.2961, 0.7039], abs=5e-5)
    assert r.closeness == pytest.approx([0, 0.1707, 1], abs=5e-5)
    assert r.normalised.tolist() == [[0, 0], [0.5, 0], [1, 1]]
    assert r.out_of_bounds == 0
    assert r.dimensions == {}


@pytest.mark.parametrize("distance", ["euclidean", "weighted_square"])
@pytest.mark.parametrize("shift", [0.0, 1e-3])
@pytest.mark.parametrize("ideal", ["pooled", "annual", "absolute"])
@pytest.mark.parametrize("bounds", ["pooled", "annual"])
def test_agrees_with_a_plain_second_reading(bounds, ideal, shift, distance):
    x, years = panel()
    options = {"bounds": bounds, "ideal": ideal, "shift": shift, "distance": distance}
    r = entropy_topsis(x, years, KINDS, DIMS, **options)
    weights, scores = plainly(x.tolist(), years, KINDS, **options)
    assert r.weights == pytest.approx(weights, rel=1e-11)
    assert r.closeness == pytest.approx(scores, rel=1e-11)
    assert list(r.dimensions) == ["sci_tech", "green", "digital"]
    for name, columns in (("sci_tech", [0, 2]), ("green", [1]), ("digital", [3])):
        _, part = plainly(x.tolist(), years, KINDS, **options, columns=columns)
        assert r.dimensions[name] == pytest.approx(part, rel=1e-11)


def test_options_make_a_difference():
    x, years = panel()
    scores = [
        entropy_topsis(x, years, KINDS, **options).closeness
        for options in (
            {},
            {"bounds": "annual"},
            {"ideal": "annual"},
            {"shift": 1e-2},
            {"distance": "weighted_square"},
        )
    ]
    for i, one in enumerate(scores):
        for other in scores[:i]:
            assert np.abs(one - other).max() > 1e-4


def test_a_single_year_scores_alike_under_any_bounds_and_ideal():
    x, _ = panel(n_regions=12, n_years=1)
    expected = entropy_topsis(x, np.zeros(12), KINDS)
    for bounds, ideal in product(["pooled", "annual"], ["pooled", "annual", "absolute"]):
        r = entropy_topsis(x, np.zeros(12), KINDS, bounds=bounds, ideal=ideal)
        assert np.array_equal(r.closeness, expected.closeness)
        assert np.array_equal(r.weights, expected.weights)


def test_annual_bounds_see_no_common_growth_but_weigh_all_years_together():
    x, years = panel()
    grown = x * (1 + (years - 2012))[:, None]
    before, after = (
        entropy_topsis(data, years, KINDS, bounds="annual", ideal="annual") for data in (x, grown)
    )
    assert after.closeness == pytest.approx(before.closeness, abs=1e-12)
    one_year = entropy_topsis(x[years == 2012], years[years == 2012], KINDS)
    assert np.abs(one_year.weights - before.weights).max() > 0.01


def test_years_may_be_words_and_come_in_any_order():
    x, years = panel()
    expected = entropy_topsis(x, years, KINDS, bounds="annual").closeness
    words = np.array([f"year {year}" for year in years])
    assert np.array_equal(entropy_topsis(x, words, KINDS, bounds="annual").closeness, expected)


@pytest.mark.parametrize("shift", [0.0, 1e-4])
@pytest.mark.parametrize("kind", [1, -1])
def test_a_constant_indicator_weighs_nothing(shift, kind):
    x, years = panel(n_regions=7, n_years=4)  # 28 equal shares of 1e-4 are not quite 1/28 each
    constant = np.full((len(x), 1), 0.3)
    for bounds in ("pooled", "annual"):
        without = entropy_topsis(x, years, KINDS, bounds=bounds, shift=shift)
        r = entropy_topsis(
            np.hstack([x, constant]), years, [*KINDS, kind], [*DIMS, "flat"], bounds=bounds, shift=shift
        )
        assert r.weights[-1] == 0
        assert r.entropy[-1] == 1
        assert not r.normalised[:, -1].any()
        assert r.weights[:-1] == pytest.approx(without.weights, rel=1e-14)
        assert r.closeness == pytest.approx(without.closeness, rel=1e-14)
        assert np.isnan(r.dimensions["flat"]).all()
        assert not np.isnan(r.dimensions["green"]).any()


def test_rounding_is_not_variation():
    x, years = panel()
    x[:, 0] = 0.3
    x[1, 0] = 0.1 + 0.2  # one unit in the last place more
    assert entropy_topsis(x, years, KINDS).weights[0] == 0


def test_a_column_constant_in_one_year_is_the_bad_end_of_that_year():
    x, years = panel()
    x[years == 2013, 0] = 5.0
    r = entropy_topsis(x, years, KINDS, bounds="annual")
    assert not r.normalised[years == 2013, 0].any()
    assert r.normalised[years == 2012, 0].max() == 1
    assert r.weights[0] > 0


def test_nothing_that_varies_is_no_score():
    r = entropy_topsis(np.ones((6, 2)), [1, 1, 1, 2, 2, 2], [1, -1], ["a", "b"])
    assert np.isnan(r.weights).all() and np.isnan(r.closeness).all()
    assert np.isnan(r.dimensions["a"]).all()
    assert r.entropy.tolist() == [1, 1]
    one_row = entropy_topsis([[1.0, 2.0]], [2012], [1, -1])
    assert np.isnan(one_row.weights).all() and np.isnan(one_row.closeness).all()
    assert one_row.entropy.tolist() == [1, 1]
    one_region = entropy_topsis([[1.0], [2.0]], [2012, 2013], [1], bounds="annual")
    assert np.isnan(one_region.closeness).all()


def test_a_year_without_variation_has_no_score_under_annual_ideals():
    x, years = panel()
    x[years == 2013] = 1.0
    r = entropy_topsis(x, years, KINDS, ideal="annual")
    assert np.isnan(r.closeness).tolist() == (years == 2013).tolist()
    assert not np.isnan(entropy_topsis(x, years, KINDS).closeness).any()


def test_an_indicator_without_a_dimension_enters_the_whole_only():
    x, years = panel()
    r = entropy_topsis(x, years, KINDS, ["a", None, "a", "b"])
    assert list(r.dimensions) == ["a", "b"]
    assert np.array_equal(r.closeness, entropy_topsis(x, years, KINDS).closeness)


def test_a_dimension_of_all_indicators_is_the_score():
    x, years = panel()
    r = entropy_topsis(x, years, KINDS, ["all"] * 4)
    assert np.array_equal(r.dimensions["all"], r.closeness)


def test_huge_and_tiny_units():
    x, years = panel()
    expected = entropy_topsis(x, years, [1, 1, -1, 1])
    x[:, 0] *= 1e305
    x[:, 1] = (x[:, 1] - 2) * 1e307
    x[:, 2] *= 1e-300
    r = entropy_topsis(x, years, [1, 1, -1, 1])
    assert r.weights == pytest.approx(expected.weights, rel=1e-10)
    assert r.closeness == pytest.approx(expected.closeness, rel=1e-10)


def test_identical_rows_score_identically_to_the_last_bit():
    x, years = panel(m=7)
    doubled = entropy_topsis(np.vstack([x, x]), np.tile(years, 2), np.ones(7))
    assert np.array_equal(doubled.closeness[: len(x)], doubled.closeness[len(x) :])


def test_steps_take_a_stack_of_panels_in_one_call():
    stack = np.random.default_rng(2).random((5, 12, 4))
    kinds = np.array(KINDS)
    z = normalise(stack, stack.min(axis=1, keepdims=True), stack.max(axis=1, keepdims=True), kinds)
    _, weights = entropy_weights(z)
    scores = closeness(z, 0.0, 1.0, weights)
    for one, weight, score in zip(stack, weights, scores, strict=True):
        r = entropy_topsis(one, np.zeros(12), kinds)
        assert weight == pytest.approx(r.weights, rel=1e-13)
        assert score == pytest.approx(r.closeness, rel=1e-13)


def test_inputs_are_left_alone():
    x, years = panel()
    before = x.copy()
    r = entropy_topsis(x, years, KINDS)
    r.weights[:] = 0
    r.normalised[:] = 0
    assert np.array_equal(x, before)
    assert r.frozen.weights.sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"x": [1.0, 2.0]}, r"x must have shape \(n_rows, n_indicators\).*got \(2,\)"),
        ({"x": np.empty((0, 2)), "years": []}, r"x must have shape .* with at least one entry; got \(0, 2\)"),
        (
            {"x": [[1.0, np.nan], [np.inf, 2.0]]},
            r"x must be finite: row 0, column 1 holds nan \(and 1 more\)",
        ),
        ({"x": [[1.0, "high"], [1.0, 2.0]]}, "x must be numbers of shape"),
        ({"years": [2012]}, r"years must have shape \(2,\), one label per row; got \(1,\)"),
        ({"years": [2012, np.nan]}, "years must have a label in every row: row 1 holds nan"),
        ({"kinds": [1]}, r"kinds must have shape \(2,\)"),
        ({"kinds": [1, 0]}, r"kinds must be \+1 .* or -1 .*: column 1 holds 0"),
        ({"kinds": ["+", "-"]}, "kinds must be numbers"),
        ({"dims": ["a"]}, "dims must name a dimension for each of the 2 columns of x; got 1"),
        ({"dims": ["a", 3]}, "dims must be names or None: column 1 holds 3"),
        ({"bounds": "global"}, "bounds must be 'pooled', 'annual' or 'frozen'; got 'global'"),
        ({"ideal": None}, "ideal must be 'pooled', 'annual', 'absolute' or 'frozen'; got None"),
        ({"distance": "cosine"}, "distance must be 'euclidean' or 'weighted_square'; got 'cosine'"),
        ({"shift": -0.1}, "shift must be a number >= 0; got -0.1"),
        ({"shift": math.nan}, "shift must be a number >= 0; got nan"),
        ({"shift": "0.001"}, "shift must be a number >= 0; got '0.001'"),
        (
            {"ideal": "frozen"},
            "ideal='frozen' is measured on frozen bounds and needs them; got bounds='pooled'",
        ),
        ({"bounds": "frozen"}, "frozen must be a FrozenScale .* if bounds='frozen'; got NoneType"),
        ({"bounds": "frozen", "frozen": {}}, "frozen must be a FrozenScale .*; got dict"),
    ],
)
def test_what_is_refused(change, message):
    arguments = {"x": [[1.0, 4.0], [2.0, 3.0]], "years": [2012, 2012], "kinds": [1, 1]} | change
    with pytest.raises(ValueError, match=message):
        entropy_topsis(**arguments)


def test_a_frozen_scale_is_not_silently_ignored():
    x, years = panel()
    frozen = entropy_topsis(x, years, KINDS).frozen
    assert isinstance(frozen, FrozenScale)
    with pytest.raises(ValueError, match="frozen is used with bounds='frozen' only; got bounds='annual'"):
        entropy_topsis(x, years, KINDS, bounds="annual", frozen=frozen)
