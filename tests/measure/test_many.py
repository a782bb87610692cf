import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.measure import dagum_gini, dagum_many, entropy_topsis, entropy_topsis_many

KINDS, DIMS = [1, -1, 1, 1], ["a", "b", "a", None]


def panels(seed, n=5, regions=6, years=4):
    rng = np.random.default_rng(seed)
    x = rng.lognormal(size=(n, regions * years, 4))
    x[1, :, 0] = 3.0  # a constant indicator
    x[2] = 1.0  # nothing varies
    return x, np.tile(np.arange(years), regions), np.repeat(rng.integers(0, 3, regions), years)


@settings(max_examples=25)
@given(
    st.integers(0, 2**32), st.sampled_from(["pooled", "annual", "frozen"]), st.sampled_from(["pooled", "annual", "absolute"])
)  # fmt: skip
def test_each_panel_is_scored_as_if_alone(seed, bounds, ideal):
    x, years, _ = panels(seed)
    frozen = entropy_topsis(x[0], years, KINDS).frozen if bounds == "frozen" else None
    many = entropy_topsis_many(x, years, KINDS, DIMS, bounds=bounds, ideal=ideal, frozen=frozen)
    for k, panel in enumerate(x):
        one = entropy_topsis(panel, years, KINDS, DIMS, bounds=bounds, ideal=ideal, frozen=frozen)
        np.testing.assert_array_equal(many.closeness[k], one.closeness)
        np.testing.assert_array_equal(many.weights[k], one.weights)
        for name in ("a", "b"):
            np.testing.assert_array_equal(many.dimensions[name][k], one.dimensions[name])


@settings(max_examples=25)
@given(st.integers(0, 2**32))
def test_each_year_of_each_panel_is_decomposed_as_if_alone(seed):
    x, years, groups = panels(seed)
    values = x[..., 0]
    values[3] = 0.0
    values[4, years == 2] = 7.0
    many = dagum_many(values, years, groups)
    for k in range(len(values)):
        for at, year in enumerate(many.years):
            one = dagum_gini(values[k][years == year], groups[years == year])
            for name in ("gini", "within", "between", "transvariation"):
                np.testing.assert_allclose(getattr(many, name)[k, at], getattr(one, name), atol=1e-13)


def test_refusals():
    x, years, groups = panels(0)
    with pytest.raises(ValueError, match="x must have shape"):
        entropy_topsis_many(x[0], years, KINDS)
    with pytest.raises(ValueError, match="frozen must be a FrozenScale if, and only if"):
        entropy_topsis_many(x, years, KINDS, bounds="frozen")
    by_year = entropy_topsis(x[0], years, KINDS, bounds="annual").frozen
    with pytest.raises(ValueError, match="on a scale for all years"):
        entropy_topsis_many(x, years, KINDS, bounds="frozen", frozen=by_year)
    with pytest.raises(ValueError, match="must not be negative"):
        dagum_many(-x[..., 0], years, groups)
