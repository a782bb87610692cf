import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from nqpf_abm.measure import kernel_density, silverman_bandwidth


def test_silverman_by_hand():
    assert silverman_bandwidth([1, 2, 3, 4, 5]) == pytest.approx(0.9 * (2 / 1.34) * 5**-0.2)
    wide = [0, 1, 1, 1, 1, 1, 2]  # quartiles coincide: the standard deviation alone
    assert silverman_bandwidth(wide) == pytest.approx(0.9 * np.std(wide, ddof=1) * 7**-0.2)


def test_density_is_a_mean_of_normal_densities():
    values, grid = np.array([0.1, 0.4, 0.45, 0.9]), np.linspace(-1, 2, 50)
    d = kernel_density(values, grid)
    np.testing.assert_allclose(
        d.density, norm.pdf(grid[:, None], values, d.bandwidth).mean(axis=1), rtol=1e-10
    )
    assert d.bandwidth == silverman_bandwidth(values)


@given(st.lists(st.floats(0, 1), min_size=2, max_size=30, unique=True))
def test_density_integrates_to_one(values):
    """On a grid that is fine around every value: quartiles close together make kernels narrow."""
    width = silverman_bandwidth(values)
    if width < 1e-6:
        return
    grid = np.unique(np.concatenate([value + width * np.linspace(-8, 8, 161) for value in values]))
    assert np.trapezoid(kernel_density(values, grid).density, grid) == pytest.approx(1, abs=0.01)


def test_quartiles_that_coincide_but_for_rounding_leave_the_deviation():
    values = [0.0, 0.3, 0.1 + 0.2, 0.3, 1.0]
    assert silverman_bandwidth(values) == pytest.approx(0.9 * np.std(values, ddof=1) * 5**-0.2)


def test_equal_values_have_no_density():
    d = kernel_density([0.5, 0.5, 0.5], [0.0, 0.5])
    assert np.isnan(d.density).all()
    assert np.isnan(d.bandwidth)


def test_refusals():
    with pytest.raises(ValueError, match="bandwidth must be positive"):
        kernel_density([1, 2], bandwidth=0)
    with pytest.raises(ValueError, match="must be finite"):
        kernel_density([1, np.nan])
