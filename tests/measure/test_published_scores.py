"""Published entropy weights and TOPSIS scores, re-entered with their sources.

Few publications normalise as we do by default. Where one differs, the test says how and builds its scale
with `FrozenScale`, or feeds its own shares to the step it shares with us.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from nqpf_abm.measure import FrozenScale, coupling_coordination, entropy_topsis
from nqpf_abm.measure.entropy_topsis import entropy_weights

PUBLISHED = Path(__file__).parent / "published"


def load(name):
    return json.loads((PUBLISHED / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("data", "weights", "tolerance"),
    [
        pytest.param(
            [[30, 30, 38, 29], [19, 54, 86, 29], [19, 15, 85, 28.9], [68, 70, 60, 29]],
            [0.463, 0.3992, 0.1378, 0.0],
            5.1e-5,
            id="Xu 2004, doi:10.1016/S0377-2217(03)00146-2",
        ),
        pytest.param(
            [[3.0, 100, 10, 7], [2.5, 80, 8, 5], [1.8, 50, 20, 11], [2.2, 70, 12, 9]],
            [0.1146, 0.1981, 0.4185, 0.2689],
            5.1e-5,
            id="Zavadskas & Podvezko 2016, doi:10.1142/S0219622016500036",
        ),
        pytest.param(
            [
                [256, 8, 41, 1.6, 1.77, 7347.16],
                [256, 8, 32, 1.0, 1.8, 6919.99],
                [256, 8, 53, 1.6, 1.9, 8400],
                [256, 8, 41, 1.0, 1.75, 6808.9],
                [512, 8, 35, 1.6, 1.7, 8479.99],
                [256, 4, 35, 1.6, 1.7, 7499.99],
            ],
            [0.405, 0.221, 0.134, 0.199, 0.007, 0.034],
            5.1e-4,
            id="Ersoy 2021, doi:10.17270/J.LOG.2021.603",
        ),
        pytest.param(
            [
                [4550, 30, 6.74, 20, 15, 5, 85, 150, 0.87, 4.76],
                [3005, 60.86, 2.4, 35, 27, 4, 26, 200, 0.17, 4.51],
                [2040, 14.85, 1.7, 90, 25, 5, 26, 500, 0.27, 4.19],
                [3370, 99.4, 3.25, 25.3, 54, 3, 45, 222, 0.21, 3.78],
                [3920, 112.6, 4.93, 11.4, 71.7, 2, 50, 100, 0.25, 4.11],
            ],
            [0.026, 0.154, 0.089, 0.199, 0.115, 0.04, 0.08, 0.123, 0.172, 0.002],
            5.1e-4,
            id="Lee & Chang 2018, doi:10.1016/j.rser.2018.05.007",
        ),
        pytest.param(
            [[9, 0, 0, 0], [8, 3, 0.9, 0.5], [6, 7, 0.2, 1]],
            [0.00856537, 0.30716152, 0.39326471, 0.2910084],
            6e-9,
            id="zeros, with 0 ln 0 = 0: notebook of DvdBr3o/mcm on GitHub",
        ),
    ],
)
def test_entropy_weights_of_raw_data(data, weights, tolerance):
    # These take p = x / sum x of the raw data; the entropy step is the same. The four papers are also the
    # test cases of energyinpython/objective-weighting on GitHub.
    assert entropy_weights(np.array(data, float))[1] == pytest.approx(weights, abs=tolerance)


def test_entropy_weights_of_squeezed_data():
    # zhjx19/mathmodels, docs/reference/entropy_weight.md: min-max onto [0.002, 0.998]. Its p are those of a
    # shift of 0.002/0.996; its score is the weighted mean of the squeezed values.
    squeeze = 0.002
    r = entropy_topsis(
        [[3, 10], [5, 20], [2, 15], [7, 25]], np.zeros(4), [1, -1], shift=squeeze / (1 - 2 * squeeze)
    )
    assert r.weights == pytest.approx([0.5452618, 0.4547382], abs=5.1e-8)
    scores = 100 * (squeeze + (1 - 2 * squeeze) * r.normalised) @ r.weights
    assert scores == pytest.approx([56.35354, 47.88215, 30.39461, 54.50808], abs=5.1e-6)


@pytest.mark.parametrize(
    ("data", "kinds", "weights", "closeness", "tolerance"),
    [
        pytest.param(
            [[5, 8, 4], [7, 6, 8], [8, 8, 6], [7, 4, 6]],
            [1, 1, 1],
            [0.3, 0.4, 0.3],
            [0.5037, 0.6581, 0.7482, 0.334],
            1e-4,
            id="Tzeng & Huang 2011, Multiple Attribute Decision Making (also a test of scikit-criteria)",
        ),
        pytest.param(
            [[2, 8], [5, 1], [3, 6]],
            [1, -1],
            [0.6, 0.4],
            [0.0, 1.0, 0.3111391],
            5.1e-8,
            id="zhjx19/mathmodels, docs/reference/topsis.md",
        ),
    ],
)
def test_topsis_of_vector_normalised_data(data, kinds, weights, closeness, tolerance):
    # Division by the length of the column is a scale from 0 to that length, with the ideals of the data.
    data, kinds = np.array(data, float), np.array(kinds)
    length = np.sqrt((data**2).sum(axis=0))
    z = np.where(kinds > 0, data / length, 1 - data / length)
    scale = FrozenScale(
        kinds=kinds,
        low=np.zeros(len(kinds)),
        high=length,
        weights=weights,
        best=z.max(axis=0),
        worst=z.min(axis=0),
    )
    r = entropy_topsis(data, np.zeros(len(data)), kinds, bounds="frozen", frozen=scale)
    assert r.closeness == pytest.approx(closeness, abs=tolerance)


@pytest.mark.parametrize("weighting", ["equal", "entropy"])
@pytest.mark.parametrize("year", ["2014", "2015", "2016", "2017", "2018"])
def test_renewable_energy_of_thirty_countries(year, weighting):
    # Our TOPSIS on min-max data; weights equal, or entropy weights of the raw data.
    example = load("renewables_eu.json")
    x = np.array(example[year]["x"])
    kinds = np.ones(4)
    scale = FrozenScale(
        kinds=kinds,
        low=x.min(axis=0),
        high=x.max(axis=0),
        weights=np.full(4, 0.25) if weighting == "equal" else entropy_weights(x)[1],
        best=np.ones(4),
        worst=np.zeros(4),
    )
    r = entropy_topsis(x, np.full(len(x), int(year)), kinds, bounds="frozen", frozen=scale)
    assert len(example["countries"]) == len(x) == 30
    assert r.closeness == pytest.approx(example[year][weighting], abs=example["tolerance"])


def test_coastal_provinces_over_ten_years():
    # A pooled panel with a cost indicator: weights within subsystems, between them, and their coupling.
    example = load("coastal_provinces.json")
    x, published = np.array(example["x"]), example["published"]
    years = np.tile(example["first_year"] + np.arange(10), 8)
    squeeze = 0.002
    scores = []
    for name, subsystem in example["subsystems"].items():
        r = entropy_topsis(
            x[:, subsystem["columns"]], years, subsystem["kinds"], shift=squeeze / (1 - 2 * squeeze)
        )
        assert r.weights == pytest.approx(published["weights"][name], abs=5.1e-8)
        scores.append(r.normalised @ r.weights)
        squeezed = 100 * (squeeze + (1 - 2 * squeeze) * scores[-1])
        assert squeezed[:10] == pytest.approx(published["sub_scores_head"][name], abs=0.0501)

    u = entropy_topsis(np.column_stack(scores), years, [1, 1, 1]).normalised
    # There 0 and 1 are moved inwards before the entropy is taken.
    _, alpha = entropy_weights(np.clip(u, squeeze, 1 - squeeze))
    assert alpha == pytest.approx(published["second_level_weights"], abs=5.1e-8)

    c, t, d = coupling_coordination(u[example["rows_with_coupling"]], weights=alpha)
    assert t == pytest.approx(published["coord"], abs=5.01e-4)
    # Three provinces are at zero in one subsystem: C = 0, printed as the tiny number a floor of 1e-10 leaves.
    zero = np.array([2, 3, 7])
    assert not c[zero].any() and not d[zero].any()
    assert max(np.array(published["coupling"])[zero]) < 0.003
    rest = np.setdiff1d(np.arange(10), zero)
    assert c[rest] == pytest.approx(np.array(published["coupling"])[rest], abs=5.01e-4)
    assert d[rest] == pytest.approx(np.array(published["coupling_coord"])[rest], abs=5.01e-4)
