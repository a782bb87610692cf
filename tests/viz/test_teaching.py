"""Each lesson's picture shows its arms, says what is seen, and nothing is cut off or collides."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from nqpf_abm.viz.teaching import FIGURES

SHAPES = {
    "three arms": (["as it is", "leaders inspired", "inspired, team level off"], range(3), range(44)),
    "two arms, one seed, one year": (["a", "b"], [7], range(4)),
    "six arms to 2035": ([f"arm with a long title {k}" for k in range(6)], range(2), range(96)),
}


def invented(arms, seeds, quarters) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    rows = []
    for k, arm in enumerate(arms):
        for seed in seeds:
            luck = rng.normal(0, 0.002)
            for q in quarters:
                numbers = {
                    "leader_spirit": 0.5 + 0.05 * k + luck, "team_spirit": 0.5 + 0.02 * k + luck,
                    "employee_spirit": 0.5 + 0.01 * k + luck, "slope": 0.16 - 0.02 * k,
                    "ideas_raised": 20.0 + rng.normal(), "ideas_accepted": 3.0 * (k + 1) * 20 / 25, "idea_wait": 6.0 - k,
                }  # fmt: skip
                numbers |= {
                    "threshold": 0.15 * (k + 1),
                    "resonance": 0.3 - 0.04 * k + luck,
                    "factor_efficiency": 0.4,
                }
                numbers |= {"data_rights": 0.3 - 0.02 * k, "trust": 0.6 - 0.05 * k + luck}
                for g in range(1, 5):
                    numbers[f"factor_efficiency_{g}"] = 0.2 + 0.1 * g
                    numbers[f"resonance_{g}"] = (0.3 - 0.04 * k) * g / 4
                for g in range(1, 6):
                    numbers[f"leader_spirit_{g}"] = 0.35 + 0.05 * g
                    numbers[f"employee_spirit_{g}"] = 0.5 + (0.16 - 0.02 * k) * 0.05 * (g - 3)
                rows += [(arm, seed, q, name, value) for name, value in numbers.items()]
    return pd.DataFrame(rows, columns=["arm", "seed", "quarter", "measure", "value"])


@pytest.fixture(params=SHAPES, scope="module")
def table(request):
    return invented(*SHAPES[request.param])


@pytest.mark.parametrize("name", FIGURES)
def test_axes_are_labelled_and_nothing_is_cut_off(name, table):
    figure = FIGURES[name](table)
    assert "?" in figure.get_suptitle()
    assert "Source:" in figure.get_supxlabel()
    for ax in figure.axes:
        assert ax.get_lines() or ax.patches
        assert ax.get_xlabel()
    width, height = figure.get_size_inches()
    used = figure.get_tightbbox(FigureCanvasAgg(figure).get_renderer())
    assert used.x0 >= 0 and used.y0 >= 0 and used.x1 <= width and used.y1 <= height


@pytest.mark.parametrize("name", FIGURES)
def test_no_two_texts_of_a_panel_collide(name, table):
    figure = FIGURES[name](table)
    figure.draw_without_rendering()
    for ax in figure.axes:
        boxes = [Text.get_window_extent(text) for text in ax.texts]
        for k, one in enumerate(boxes):
            assert not any(one.overlaps(other.shrunk(1, 0.8)) for other in boxes[k + 1 :]), name


@pytest.mark.parametrize("name", FIGURES)
def test_every_arm_is_named(name, table):
    figure = FIGURES[name](table)
    figure.draw_without_rendering()
    words = "\n".join(text.get_text() for text in figure.findobj(Text))
    for arm in table["arm"].unique():
        assert arm in words


def test_lines_are_means_over_seeds():
    table = invented(*SHAPES["three arms"])
    figure = FIGURES["spirit_by_level"](table)
    own = table.query("measure == 'team_spirit' and arm == 'leaders inspired'")
    drawn = figure.axes[1].get_lines()[1].get_ydata()
    np.testing.assert_allclose(drawn, own.groupby("quarter")["value"].mean())
    assert figure.axes[1].get_title(loc="left") == "Teams"


def test_bars_are_the_share_of_ideas_that_passed():
    table = invented(*SHAPES["three arms"])
    bars = FIGURES["surviving_ideas"](table).axes[0].patches
    for k, arm in enumerate(table["arm"].unique()):
        own = table[table["arm"] == arm].pivot_table("value", "seed", "measure", aggfunc="sum")
        assert bars[k].get_width() == pytest.approx(
            (100 * own["ideas_accepted"] / own["ideas_raised"]).mean()
        )


def test_provinces_are_drawn_beside_the_threshold_of_their_arm():
    table = invented(*SHAPES["three arms"])
    lines = FIGURES["resonance_by_threshold"](table).axes[0].get_lines()
    assert [line.get_xdata()[0] for line in lines[::2]] == pytest.approx([0.15, 0.3, 0.45])
    np.testing.assert_allclose(lines[1].get_xdata(), [0.3, 0.4, 0.5, 0.6])
    np.testing.assert_allclose(lines[3].get_ydata(), 100 * 0.26 * np.arange(1, 5) / 4)


def test_slopes_are_told():
    titles = [
        ax.get_title(loc="left")
        for ax in FIGURES["leader_employee_slope"](invented(*SHAPES["three arms"])).axes
    ]
    assert [title.split(": slope ")[1] for title in titles] == ["0.16", "0.14", "0.12"]


@pytest.mark.parametrize("name", FIGURES)
def test_what_cannot_be_drawn_is_refused_by_name(name):
    table = invented(*SHAPES["two arms, one seed, one year"])
    with pytest.raises(ValueError, match="lacks the column.*value"):
        FIGURES[name](table.drop(columns="value"))
    with pytest.raises(ValueError, match="lacks the measure"):
        FIGURES[name](
            table[table["measure"] == "nothing_of_this"]
            .iloc[:0]
            .pipe(lambda t: pd.concat([t, table.iloc[:1].assign(measure="other")]))
        )
