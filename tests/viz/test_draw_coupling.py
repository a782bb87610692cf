"""The picture of coupling coordination."""

import numpy as np
import pytest
from drawn import curves, words
from invented_tables import CHINA, measured

from nqpf_abm import viz
from nqpf_abm.viz import style


def test_each_pair_has_its_panel_with_every_province_and_the_mean():
    tables = measured(CHINA)
    figure = viz.coupling_lines(tables.coupling)
    assert [ax.get_title(loc="left") for ax in figure.axes] == list(tables.coupling["systems"].unique())
    for ax, (_, rows) in zip(figure.axes, tables.coupling.groupby("systems", sort=False), strict=True):
        assert len(curves(ax)) == len(CHINA) + 1
        mean = next(line for line in ax.get_lines() if line.get_color() == style.BLUE)
        assert np.allclose(mean.get_ydata(), rows.groupby("year")["degree"].mean())


def test_the_three_highest_and_the_three_lowest_are_named():
    rows = measured(CHINA).coupling.query("systems.str.contains('digital')")
    last = rows[rows["year"] == rows["year"].max()].sort_values("degree")["province"].tolist()
    named = {text.get_text() for text in viz.coupling_lines(rows).axes[0].texts}
    assert named == {*last[:3], *last[-3:], "mean"}


def test_few_provinces_are_all_named_once():
    rows = measured(["Chongqing", "Xizang"]).coupling
    texts = [text.get_text() for text in viz.coupling_lines(rows).axes[0].texts]
    assert sorted(texts) == ["Chongqing", "Xizang", "mean"]


def test_gaps_are_left_and_nothing_at_all_is_refused():
    rows = measured().coupling
    gap = rows["province"].eq("Gansu") & rows["year"].lt(2015)
    figure = viz.coupling_lines(rows.assign(degree=rows["degree"].mask(gap)))
    assert len(curves(figure.axes[0])) == 13
    with pytest.raises(ValueError, match="no degree"):
        viz.coupling_lines(rows.assign(degree=np.nan))


def test_rows_may_come_in_any_order():
    rows = measured().coupling
    mixed = viz.coupling_lines(rows.sample(frac=1, random_state=1))
    assert all((np.diff(line.get_xdata()) > 0).all() for line in mixed.axes[0].get_lines())
    assert any("mean" in word for word in words(mixed))
