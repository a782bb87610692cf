"""Lines of any score and any first-level indices; stacks and weights with words of one's own."""

import numpy as np
import pytest
from drawn import curves, words
from invented_tables import CHINA, measured
from matplotlib.colors import to_hex

from nqpf_abm import viz
from nqpf_abm.viz import style


def test_groups_are_panels_in_the_order_they_are_named():
    tables = measured(CHINA)
    figure = viz.score_lines(tables.scores, groups=tables.groups)
    assert [ax.get_title(loc="left") for ax in figure.axes] == ["coast", "middle", "west", "north-east"]
    for ax in figure.axes:
        members = {name for name, group in tables.groups.items() if group == ax.get_title(loc="left")}
        assert {text.get_text() for text in ax.texts} == members
        assert len(curves(ax)) == 31, "the others in grey"
        assert sum(line.get_color() != style.FAINT for line in ax.get_lines()) == len(members)


def test_neighbours_in_one_panel_differ_in_colour():
    figure = viz.score_lines(measured(CHINA, range(2004, 2024)).scores)
    lines = sorted(figure.axes[0].get_lines(), key=lambda line: line.get_ydata()[-1])
    assert all(a.get_color() != b.get_color() for a, b in zip(lines, lines[1:], strict=False))
    assert {text.get_text() for text in figure.axes[0].texts} == set(CHINA)
    assert min(text.get_fontsize() for text in figure.axes[0].texts) >= 7


def test_any_column_by_its_name_or_label():
    scores = measured().scores
    assert viz.score_lines(scores, "green").get_suptitle().startswith("green of each province")
    labelled = viz.score_lines(scores, "green", label="Green index")
    assert labelled.get_suptitle().startswith("Green index of each province")
    drawn = labelled.axes[0].get_lines()[0].get_ydata()
    assert list(drawn) == list(scores[scores["province"] == scores["province"].iloc[0]]["green"])


def test_scores_that_cannot_be_drawn_are_refused():
    tables = measured()
    with pytest.raises(ValueError, match="no value of nqpf"):
        viz.score_lines(tables.scores.assign(nqpf=np.nan))
    with pytest.raises(ValueError, match="no group for Chongqing"):
        viz.score_lines(tables.scores, groups={"Xizang": "west"})


def test_a_province_without_values_is_not_named():
    scores = measured().scores
    alone = scores.assign(nqpf=scores["nqpf"].mask(scores["province"] == "Gansu"))
    assert "Gansu" not in words(viz.score_lines(alone))


def test_dimensions_have_their_own_names_and_colours():
    scores = measured().scores.assign(law=0.3, trade=np.nan)
    names = {"scitech": "research", "law": "law and order", "green": "green", "trade": "trade"}
    ax = viz.dimension_lines(scores, names).axes[0]
    assert {text.get_text() for text in ax.texts} == {"research", "law and order", "green"}
    colours = [line.get_color() for line in ax.get_lines()]
    assert len(set(colours)) == 3 and colours[0] == style.BLUE and colours[2] == style.GREEN
    with pytest.raises(ValueError, match=r"none of the first-level indices \(trade\)"):
        viz.dimension_lines(scores, {"trade": "trade"})


def test_theil_adds_up_and_names_the_groups():
    theil = measured().theil
    figure = viz.theil_stack(theil, groups="regions")
    bars = figure.axes[0].patches
    heights = np.array([bar.get_height() for bar in bars]).reshape(2, len(theil)).sum(axis=0)
    assert np.allclose(heights, theil["theil"])
    assert {"within regions", "between regions"} <= set(words(figure))
    assert "share between regions 0.80 → 0.80" in figure.get_suptitle()
    with pytest.raises(ValueError, match="no year with a Theil index"):
        viz.theil_stack(theil.assign(theil=np.nan))


def test_theil_of_equal_scores_is_an_empty_stack():
    theil = measured().theil.assign(theil=0.0, within=0.0, between=0.0)
    assert "share between echelons no value" in viz.theil_stack(theil).get_suptitle()


def test_dagum_speaks_of_the_groups_it_is_given():
    written = words(viz.dagum_stack(measured().dagum, groups="regions", scores="green scores"))
    assert {"within regions", "between regions"} <= set(written)
    assert any("green scores" in word for word in written)
    assert not any("echelon" in word or "NQPF" in word for word in written)


def test_dimensions_of_the_weights_have_a_colour_and_a_name_each():
    weights = measured().weights
    figure = viz.weights_bars(weights)
    legend = figure.legends[0]
    assert [text.get_text() for text in legend.get_texts()] == [
        "science and technology",
        "green",
        "digital",
        "institutions",
    ]
    of = dict(zip(weights["indicator"], weights["dimension"], strict=True))
    bars = dict(zip(weights["indicator"], figure.axes[0].patches, strict=True))
    colours = {of[name]: to_hex(bar.get_facecolor()) for name, bar in bars.items()}
    assert len(set(colours.values())) == 4
    keys = [to_hex(patch.get_facecolor()) for patch in legend.get_patches()]
    assert keys == [colours[name] for name in ("sci_tech", "green", "digital", "institutions")]
