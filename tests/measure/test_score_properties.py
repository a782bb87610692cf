"""What must hold for the score of any panel whatever (Hypothesis)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nqpf_abm.measure import entropy_topsis

steady = settings(derandomize=True, deadline=None, max_examples=60)

cells = st.integers(-50, 1000).map(float)
options = st.fixed_dictionaries(
    {
        "bounds": st.sampled_from(["pooled", "annual"]),
        "ideal": st.sampled_from(["pooled", "annual", "absolute"]),
        "distance": st.sampled_from(["euclidean", "weighted_square"]),
        "shift": st.sampled_from([0.0, 1e-4, 1e-3]),
    }
)


@st.composite
def panels(draw, n_indicators=None):
    m = n_indicators or draw(st.integers(1, 4))
    n = draw(st.integers(2, 12))
    x = draw(arrays(float, (n, m), elements=cells))
    years = draw(arrays(int, n, elements=st.integers(2012, 2014)))
    kinds = draw(arrays(int, m, elements=st.sampled_from([1, -1])))
    return x, years, kinds


def assert_same(one, other, rows=slice(None), columns=slice(None), tolerance=1e-10):
    assert other.weights == pytest.approx(one.weights[columns], abs=tolerance, nan_ok=True)
    assert other.closeness == pytest.approx(one.closeness[rows], abs=tolerance, nan_ok=True)


@steady
@given(panels(), options)
def test_weights_sum_to_one_and_scores_lie_between_zero_and_one(panel, how):
    x, years, kinds = panel
    r = entropy_topsis(x, years, kinds, [f"d{j % 2}" for j in range(len(kinds))], **how)
    informative = (r.normalised.max(axis=0) > r.normalised.min(axis=0)).any()
    assert np.isnan(r.weights).all() == (not informative)
    if informative:
        assert r.weights.sum() == pytest.approx(1)
        assert (r.weights >= 0).all()
    assert ((r.entropy >= 0) & (r.entropy <= 1)).all()
    for score in (r.closeness, *r.dimensions.values()):
        known = score[~np.isnan(score)]
        assert ((known >= 0) & (known <= 1)).all()


@steady
@given(panels(), options, st.lists(st.floats(1e-6, 1e6), min_size=4, max_size=4), st.integers(-1000, 1000))
def test_a_change_of_unit_moves_no_score(panel, how, factors, offset):
    x, years, kinds = panel
    before = entropy_topsis(x, years, kinds, **how)
    unit = np.array(factors[: len(kinds)])
    assert_same(before, entropy_topsis(x * unit, years, kinds, **how))
    assert_same(before, entropy_topsis(x * 1.8 + offset, years, kinds, **how))  # as degrees C to F


@steady
@given(panels(), options)
def test_minus_a_cost_is_a_benefit(panel, how):
    x, years, kinds = panel
    assert_same(entropy_topsis(x, years, kinds, **how), entropy_topsis(-x, years, -kinds, **how), tolerance=0)


@steady
@given(panels(), options, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_columns_does_not_matter(panel, how, random):
    x, years, kinds = panel
    rows, columns = list(range(len(x))), list(range(len(kinds)))
    random.shuffle(rows)
    random.shuffle(columns)
    assert_same(
        entropy_topsis(x, years, kinds, **how),
        entropy_topsis(x[np.ix_(rows, columns)], years[rows], kinds[columns], **how),
        rows,
        columns,
    )


@steady
@given(panels(), options, st.integers(2, 4))
def test_replicating_the_population_moves_no_score(panel, how, times):
    x, years, kinds = panel
    rows = np.tile(np.arange(len(x)), times)
    assert_same(
        entropy_topsis(x, years, kinds, **how), entropy_topsis(x[rows], years[rows], kinds, **how), rows
    )


@steady
@given(panels(), options, st.data())
def test_a_region_better_in_nothing_never_scores_higher(panel, how, data):
    x, years, kinds = panel
    i, j = (data.draw(st.integers(0, len(x) - 1)) for _ in range(2))
    better, worse = np.maximum(x[i] * kinds, x[j] * kinds), np.minimum(x[i] * kinds, x[j] * kinds)
    x[i], x[j] = better * kinds, worse * kinds
    years[j] = years[i]
    score = entropy_topsis(x, years, kinds, **how).closeness
    assert np.isnan(score[i]) or score[i] >= score[j] - 1e-12


@steady
@given(panels(n_indicators=3), panels(n_indicators=3), options, st.data())
def test_a_better_value_never_lowers_a_frozen_score(fitted, scored, how, data):
    x, years, kinds = fitted
    years[:] = 2012
    frozen = entropy_topsis(x, years, kinds, **how).frozen
    y = scored[0] * 2 - 200  # within the bounds and on either side
    row, column = data.draw(st.integers(0, len(y) - 1)), data.draw(st.integers(0, 2))
    improved = y.copy()
    improved[row, column] += kinds[column] * data.draw(st.floats(0, 1500))
    before, after = (
        entropy_topsis(
            panel,
            np.full(len(y), 2012),
            kinds,
            ["a", "b", "a"],
            bounds="frozen",
            distance=how["distance"],
            frozen=frozen,
        )
        for panel in (y, improved)
    )
    for old, new in (
        (before.closeness, after.closeness),
        (before.dimensions["a"], after.dimensions["a"]),
        (before.dimensions["b"], after.dimensions["b"]),
    ):
        others = np.arange(len(y)) != row
        assert np.array_equal(new[others], old[others], equal_nan=True)
        assert np.isnan(old[row]) or new[row] >= old[row] - 1e-12
        known = new[~np.isnan(new)]
        assert ((known >= 0) & (known <= 1)).all()
