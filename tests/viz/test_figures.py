"""Every picture shows its data, says what is seen, names its axes and its source; nothing is cut or collides."""

import io
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from invented_tables import ECHELONS, tables
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from nqpf_abm import viz
from nqpf_abm.viz import style
from nqpf_abm.viz.run import run_figures

MAKERS = {
    "nqpf_trajectories": lambda t: viz.nqpf_trajectories(t.scores, t.regions),
    "one_panel": lambda t: viz.nqpf_trajectories(t.scores),
    "simulated_beside_official": lambda t: viz.simulated_beside_official(t.scores_core),
    "dimension_means": lambda t: viz.dimension_means(t.scores),
    "echelon_bands": lambda t: viz.echelon_bands(t.scores, t.regions),
    "dagum_stack": lambda t: viz.dagum_stack(t.dagum),
    "weights_bars": lambda t: viz.weights_bars(t.weights),
    "headline": lambda t: viz.headline(t.scores, t.scores_core, t.dagum, t.regions),
}
MANY = {1: [f"Province {i}" for i in range(6)], 2: [f"Region {i}" for i in range(13)]} | {
    3: [f"A long-named area {i}" for i in range(12)]
}
SHAPES = {
    "twelve provinces, eleven years": {},
    "thirty-one provinces to 2035": {"years": range(2012, 2036), "echelons": MANY},
    "one year": {"years": [2012]},
    "two provinces": {"echelons": {1: ["Chongqing"], 3: ["Xizang"]}},
}


def lines_of(ax):
    return [line for line in ax.get_lines() if np.isfinite(line.get_ydata(orig=True)).any()]


def written(figure: Figure) -> str:
    return "\n".join(text.get_text() for text in figure.findobj(Text))


@pytest.fixture
def run():
    return tables()


@pytest.fixture(params=SHAPES, scope="module")
def shaped(request):
    return tables(**SHAPES[request.param])


@pytest.mark.parametrize("name", MAKERS)
def test_axes_hold_data_and_are_labelled(name, shaped):
    figure = MAKERS[name](shaped)
    assert isinstance(figure, Figure)
    assert figure.get_suptitle()
    assert "Source:" in figure.get_supxlabel()
    for ax in figure.axes:
        assert lines_of(ax) or ax.patches, "axes without data"
        assert all(low < high for low, high in (ax.get_xlim(), sorted(ax.get_ylim())))
    assert all(ax.get_xlabel() for ax in figure.axes if ax.get_subplotspec().is_last_row())
    first_column = [ax for ax in figure.axes if ax.get_subplotspec().is_first_col()]
    assert name == "weights_bars" or all("(0–1" in ax.get_ylabel() for ax in first_column)


@pytest.mark.parametrize("name", MAKERS)
def test_nothing_is_cut_off(name, shaped):
    figure = MAKERS[name](shaped)
    width, height = figure.get_size_inches()
    used = figure.get_tightbbox(FigureCanvasAgg(figure).get_renderer())  # inches, all that is drawn
    assert used.x0 >= 0 and used.y0 >= 0 and used.x1 <= width and used.y1 <= height


@pytest.mark.parametrize("name", ["nqpf_trajectories", "one_panel", "headline"])
def test_names_at_the_line_ends_do_not_collide(name, shaped):
    figure = MAKERS[name](shaped)
    figure.draw_without_rendering()
    provinces = set(shaped.scores["province"])
    seen = set()
    for ax in figure.axes:
        names = [text for text in ax.texts if text.get_text() in provinces]
        seen |= {text.get_text() for text in names}
        # the box of an annotation includes its leader; that of the words alone is Text's own
        heights = sorted(Text.get_window_extent(text).y0 for text in names)
        sizes = [text.get_fontsize() * figure.dpi / 72 for text in names]
        assert all(b - a >= 0.99 * min(sizes) for a, b in zip(heights, heights[1:], strict=False))
    assert seen == provinces


def test_trajectories_draw_the_scores_by_echelon(run):
    figure = viz.nqpf_trajectories(run.scores, run.regions)
    assert [ax.get_title(loc="left") for ax in figure.axes] == ["Echelon 1", "Echelon 2", "Echelon 3"]
    xizang = run.scores.query("province == 'Xizang'")["nqpf"].to_numpy()
    drawn = [line.get_ydata() for line in figure.axes[2].get_lines() if line.get_color() == style.GREEN]
    assert len(drawn) == len(ECHELONS[3])
    assert any(np.array_equal(line, xizang) for line in drawn)
    mean = run.scores.groupby("year")["nqpf"].mean()
    assert f"{mean.iloc[0]:.2f} → {mean.iloc[-1]:.2f}" in figure.get_suptitle()


def test_each_province_has_its_panel_with_both_sources(run):
    figure = viz.simulated_beside_official(run.scores_core)
    assert [ax.get_title(loc="left") for ax in figure.axes] == list(
        dict.fromkeys(run.scores_core["province"])
    )
    limits = {(ax.get_xlim(), ax.get_ylim()) for ax in figure.axes}
    assert len(limits) == 1, "panels must share their axes"
    for ax in figure.axes:
        own = run.scores_core[run.scores_core["province"] == ax.get_title(loc="left")]
        drawn = {line.get_linestyle(): line.get_ydata() for line in ax.get_lines()}
        assert np.array_equal(drawn["--"], own.loc[own["source"] == "official", "nqpf"])
        assert np.array_equal(drawn["-"], own.loc[own["source"] == "simulated", "nqpf"])


def test_bars_of_the_stack_add_up_to_the_gini(run):
    ax = viz.dagum_stack(run.dagum).axes[0]
    tops = pd.Series(0.0, index=run.dagum["year"])
    for bar in ax.patches:
        tops[round(bar.get_x() + bar.get_width() / 2)] += bar.get_height()
    assert np.allclose(tops, run.dagum["gini"])
    assert f"{run.dagum['gini'].iloc[0]:.2f}" in written(ax.figure)


def test_bands_reach_from_the_lowest_to_the_highest_province(run):
    ax = viz.echelon_bands(run.scores, run.regions).axes[0]
    edges = ax.collections[0].get_paths()[0].vertices[:, 1]
    own = run.scores[run.scores["province"].isin(ECHELONS[1])]["nqpf"]
    assert (edges.min(), edges.max()) == (own.min(), own.max())


def test_weights_say_sign_and_name(run):
    figure = viz.weights_bars(run.weights, {"N8": "energy intensity"})
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert "N8 energy intensity (−)" in labels and "N1" in labels
    widths = [bar.get_width() for bar in figure.axes[0].patches]
    assert widths == list(run.weights.query("specification == 'full'")["weight"])


def test_an_index_without_values_is_left_out(run):
    scores = run.scores.assign(green=np.nan)
    ends = [text.get_text() for text in viz.dimension_means(scores).axes[0].texts]
    assert set(ends) == {"digital", "science and technology"}


def test_headline_without_official_rows_says_simulated_only(run):
    alone = run.scores_core.query("source == 'simulated'")
    figure = viz.headline(run.scores, alone, run.dagum)
    titles = [ax.get_title(loc="left") for ax in figure.axes]
    assert not any("official" in title for title in titles)


def test_run_figures_leave_out_what_cannot_be_drawn(run):
    files = {"scores": run.scores, "dagum": run.dagum, "weights": run.weights}
    whole = run_figures(files | {"scores_core": run.scores_core}, run.regions, {})
    assert all(isinstance(make(), Figure) for make in whole.values())
    alone = run_figures(
        files | {"scores_core": run.scores_core.query("source == 'simulated'")}, run.regions, {}
    )
    assert set(whole) - set(alone) == {"simulated_beside_official"}


def test_pictures_of_the_same_tables_are_the_same_bytes(run):
    def png():
        buffer = io.BytesIO()
        viz.headline(run.scores, run.scores_core, run.dagum, run.regions).savefig(
            buffer, format="png", metadata={"Software": None}
        )
        return buffer.getvalue()

    assert png() == png()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda t: viz.nqpf_trajectories(t.scores.drop(columns="nqpf")), "lacks the column.*nqpf"),
        (lambda t: viz.nqpf_trajectories(t.scores.iloc[:0]), "no rows"),
        (lambda t: viz.nqpf_trajectories(t.scores, t.regions.iloc[1:]), "no echelon for Chongqing"),
        (lambda t: viz.simulated_beside_official(t.scores_core.query("source != 'official'")), "no official"),
        (
            lambda t: viz.dimension_means(t.scores.assign(scitech=np.nan, green=np.nan, digital=np.nan)),
            "none",
        ),
        (lambda t: viz.dagum_stack(t.dagum.assign(gini=np.nan)), "no year with a Gini"),
        (lambda t: viz.weights_bars(t.weights.iloc[:0]), "no rows"),
    ],
)
def test_what_cannot_be_drawn_is_refused_by_name(run, make, message):
    with pytest.raises(ValueError, match=message):
        make(run)


def test_spread_keeps_order_gap_and_bounds():
    rng = np.random.default_rng(3)
    for _ in range(50):
        at = np.sort(rng.uniform(0, 100, rng.integers(1, 10)))
        moved = style.spread(at, 8.0, low=0.0, high=100.0)
        assert (np.diff(moved) >= 8.0 - 1e-9).all()
        assert moved.min() >= -1e-9 and moved.max() <= 100 + 1e-9
    assert np.allclose(style.spread([10.0, 50.0], 8.0, low=0.0, high=100.0), [10.0, 50.0])
    assert np.allclose(style.spread([50.0, 50.0], 8.0, low=0.0, high=100.0), [46.0, 54.0])


def test_viz_uses_no_global_pyplot_state():
    code = "import sys, nqpf_abm.viz; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
