"""The picture of σ- and β-convergence."""

import numpy as np
import pytest
from drawn import curves, words
from invented_tables import measured

from nqpf_abm import viz


@pytest.fixture
def tables():
    return measured()


def test_sigma_has_a_line_per_measure_that_is_known(tables):
    both = viz.convergence_lines(tables.sigma, tables.beta)
    drawn = curves(both.axes[0])
    assert [list(line.get_ydata()) for line in drawn] == [list(tables.sigma[c]) for c in ("cv", "sd_log")]
    alone = viz.convergence_lines(tables.sigma.assign(sd_log=np.nan), tables.beta)
    assert len(curves(alone.axes[0])) == 1
    assert "sd of logs" in words(both) and "sd of logs" not in words(alone)


def test_beta_has_a_dot_with_its_interval_and_numbers_per_model(tables):
    figure = viz.convergence_lines(tables.sigma, tables.beta)
    ax = figure.axes[1]
    dots = next(line for line in ax.get_lines() if line.get_marker() == "o")
    assert list(dots.get_xdata()) == list(tables.beta["coefficient"])
    ends = np.array([segment[:, 0] for segment in ax.collections[0].get_segments()])
    assert np.allclose(ends.mean(axis=1), tables.beta["coefficient"])
    assert np.allclose(np.diff(ends)[:, 0], 2 * 1.96 * tables.beta["se"])
    assert {"−0.021 (0.008)", "0.012", "< 0.001", "0.024", "29.4", "–", "120"} <= set(words(figure))


def test_a_model_without_a_standard_error_keeps_its_dot(tables):
    figure = viz.convergence_lines(tables.sigma, tables.beta.assign(se=np.nan, p=np.nan))
    assert "−0.021 (–)" in words(figure)


def test_spread_must_be_known(tables):
    with pytest.raises(ValueError, match="sigma has no spread"):
        viz.convergence_lines(tables.sigma.assign(cv=np.nan, sd_log=np.nan), tables.beta)
