"""Every picture of a measured panel is readable, whatever the size of the panel."""

from pathlib import Path

import pandas as pd
import pytest
from drawn import collisions, cut_off, words
from invented_tables import CHINA, measured

import nqpf_abm
from nqpf_abm import viz

TILES = pd.read_csv(Path(nqpf_abm.__file__).parent / "data" / "geography" / "tiles.csv")
INDICES = {"scitech": "science and technology", "green": "green", "digital": "digital", "nqpf": "all of them"}
NAMES = {
    "N1": "R&D personnel, full-time equivalent",
    "N2": "wastewater per unit of industrial value added, t",
}
MAKERS = {
    "convergence_lines": lambda t, **how: viz.convergence_lines(t.sigma, t.beta, **how),
    "coupling_lines": lambda t, **how: viz.coupling_lines(t.coupling, **how),
    "dagum_stack": lambda t, **how: viz.dagum_stack(t.dagum, groups="regions", scores="scores", **how),
    "density_ridges": lambda t, **how: viz.density_ridges(t.density, t.scores, **how),
    "dimension_lines": lambda t, **how: viz.dimension_lines(t.scores, INDICES, **how),
    "echelon_dots": lambda t, **how: viz.echelon_dots(t.echelons, **how),
    "moran_lines": lambda t, **how: viz.moran_lines(t.moran, **how),
    "obstacle_heat": lambda t, **how: viz.obstacle_heat(t.obstacles, NAMES, **how),
    "rank_paths": lambda t, **how: viz.rank_paths(t.scores, **how),
    "robustness_dots": lambda t, **how: viz.robustness_dots(t.robustness, **how),
    "score_lines": lambda t, **how: viz.score_lines(t.scores, **how),
    "score_lines, grouped": lambda t, **how: viz.score_lines(t.scores, groups=t.groups, **how),
    "theil_stack": lambda t, **how: viz.theil_stack(t.theil, groups="regions", **how),
    "tile_map": lambda t, **how: viz.tile_map(t.values, TILES, **how),
    "transition_matrices": lambda t, **how: viz.transition_matrices(t.transitions, **how),
    "weights_bars": lambda t, **how: viz.weights_bars(t.weights, NAMES, **how),
}
SHAPES = {
    "twelve provinces, eleven years": {},
    "thirty-one provinces, twenty years": {
        "provinces": CHINA,
        "years": range(2004, 2024),
        "indicators": 30,
    },
    "one year": {"years": [2012]},
    "two provinces": {"provinces": ["Chongqing", "Xizang"], "years": [2012, 2013], "indicators": 2},
}


@pytest.fixture(params=SHAPES, scope="module")
def shaped(request):
    return measured(**SHAPES[request.param])


@pytest.mark.parametrize("name", MAKERS)
def test_texts_are_whole_and_apart(name, shaped):
    figure = MAKERS[name](shaped, caption="Source: official statistics.")
    assert collisions(figure) == []
    assert not cut_off(figure)
    assert "Source: official statistics." in words(figure)


@pytest.mark.parametrize("name", MAKERS)
def test_source_is_empty_or_runs_over_several_lines(name):
    tables = measured()
    assert MAKERS[name](tables, caption="").get_supxlabel() == ""
    long = MAKERS[name](tables, caption="Source: " + "statistics of the provinces and other places; " * 6)
    assert "\n" in long.get_supxlabel()
    assert not cut_off(long)
    assert collisions(long) == []


def test_the_tables_stay_as_they_were():
    tables, again = measured(), measured()
    for make in MAKERS.values():
        make(tables)
    for name, table in vars(again).items():
        if isinstance(table, pd.DataFrame):
            pd.testing.assert_frame_equal(getattr(tables, name), table)


@pytest.mark.parametrize(
    ("name", "table", "column"),
    [
        ("convergence_lines", "sigma", "cv"),
        ("convergence_lines", "beta", "half_life"),
        ("coupling_lines", "coupling", "degree"),
        ("density_ridges", "density", "bandwidth"),
        ("dimension_lines", "scores", "green"),
        ("echelon_dots", "echelons", "low"),
        ("moran_lines", "moran", "expected"),
        ("obstacle_heat", "obstacles", "dimension"),
        ("rank_paths", "scores", "rank"),
        ("robustness_dots", "robustness", "gini_last"),
        ("score_lines", "scores", "nqpf"),
        ("theil_stack", "theil", "between"),
        ("tile_map", "values", "value"),
        ("transition_matrices", "transitions", "count"),
    ],
)
def test_a_missing_column_and_an_empty_table_are_named(name, table, column):
    tables = measured()
    whole = getattr(tables, table)
    setattr(tables, table, whole.drop(columns=column))
    with pytest.raises(ValueError, match=f"{table} lacks the column.*{column}"):
        MAKERS[name](tables)
    setattr(tables, table, whole.iloc[:0])
    with pytest.raises(ValueError, match=f"{table} has no rows"):
        MAKERS[name](tables)
