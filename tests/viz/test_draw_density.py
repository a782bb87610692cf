"""The ridge plot of kernel densities."""

import numpy as np
import pytest
from drawn import words
from invented_tables import CHINA, measured

from nqpf_abm import viz


def ridge_years(figure):
    return [int(label.get_text()) for label in figure.axes[0].get_yticklabels()]


def test_a_ridge_per_year_and_eleven_of_many():
    assert ridge_years(viz.density_ridges(measured().density)) == list(range(2012, 2023))
    many = ridge_years(viz.density_ridges(measured(CHINA, range(2000, 2032)).density))
    assert len(many) == 11 and (many[0], many[-1]) == (2000, 2031)
    assert set(np.diff(many)) <= {3, 4}


def test_heights_share_one_scale():
    density = measured().density
    figure = viz.density_ridges(density)
    curves = [line.get_ydata() for line in figure.axes[0].get_lines()]
    heights = [row - curve.min() for row, curve in enumerate(curves)]
    peaks = density.groupby("year")["density"].max()
    assert np.allclose(np.array(heights) / max(heights), peaks / peaks.max())


def test_means_are_marked_where_scores_are_given():
    tables = measured()
    marks = [
        line.get_xdata()[0]
        for line in viz.density_ridges(tables.density, tables.scores).axes[0].get_lines()
        if line.get_marker() == "o"
    ]
    assert np.allclose(marks, tables.scores.groupby("year")["nqpf"].mean())
    assert not any("mean" in word for word in words(viz.density_ridges(tables.density)))
    other = viz.density_ridges(tables.density, tables.scores, column="green")
    assert any("mean" in word for word in words(other))


def test_a_year_without_a_density_is_left_out():
    density = measured().density
    without = density.assign(density=density["density"].mask(density["year"] == 2014))
    assert 2014 not in ridge_years(viz.density_ridges(without))
    with pytest.raises(ValueError, match="no year with a density"):
        viz.density_ridges(density.assign(density=np.nan))
