"""Published decompositions and coupling degrees, re-entered with their sources."""

import json
from pathlib import Path

import numpy as np
import pytest

from nqpf_abm.measure import coupling_coordination, dagum_gini, gini

PUBLISHED = Path(__file__).parent / "published"


def test_wages_by_sex():
    # Source in the file: a two-group Dagum decomposition of Wooldridge's wage1.
    example = json.loads((PUBLISHED / "wage_by_sex.json").read_text(encoding="utf-8"))
    d = dagum_gini(example["wage"], list("".join(example["sex"])))
    assert d.labels.tolist() == ["f", "m"]
    found = {
        "G": d.gini,
        "G_female": d.group_gini[0],
        "G_male": d.group_gini[1],
        "Gnb": d.between,
        "Gw": d.within,
        "Gt": d.transvariation,
    }
    assert found == pytest.approx(example["published"], abs=example["tolerance"])


def test_income_of_mexican_states_1940():
    # GDP per head of 32 states in five regions, the worked example of PySAL's `Gini_Spatial` (package
    # inequality 1.1.2; data of Rey & Sastre-Gutierrez 2010, doi:10.1080/17421772.2010.493955). It prints the
    # sum of |x_i - x_j| over ordered pairs from different regions, 2 n^2 mu (G_nb + G_t).
    income = np.array(
        "10384 22361 9573 3758 2934 8578 8537 6909 17816 12132 4359 2181 4414 5309 3408 3327 6936 4836 "
        "9073 1892 3569 11016 21965 4372 4840 6399 2459 7508 3605 5203 7990 3734".split(),
        dtype=float,
    )
    d = dagum_gini(income, list("21255113423533433215335221513352"))
    between_regions = 2 * 32**2 * np.mean(income) * (d.between + d.transvariation)
    assert between_regions == pytest.approx(4353856, abs=1e-6)


def test_five_incomes():
    # Documentation of the R package mathmodels (zhjx19/mathmodels, docs/reference/inequality.md).
    assert gini([10, 20, 30, 40, 100]) == pytest.approx(0.4, abs=1e-12)


THREE_SYSTEMS = [
    [0.0162, 0.272, 0.2655],
    [0.1782, 0.6824, 0.3721],
    [0.549, 0.0593, 0.5729],
    [0.673, 0.4812, 0.9082],
    [0.0207, 0.8891, 0.2017],
    [0.9875, 0.5573, 0.8984],
]


@pytest.mark.parametrize(
    ("options", "coupling", "coordination", "degree"),
    [
        (
            {},
            [0.571, 0.867, 0.674, 0.967, 0.418, 0.971],
            [0.185, 0.411, 0.394, 0.687, 0.37, 0.814],
            [0.325, 0.597, 0.515, 0.815, 0.393, 0.889],
        ),
        (
            {"variant": "wang", "weights": [0.4, 0.3, 0.3]},
            [0.447, 0.501, 0.455, 0.669, 0.175, 0.715],
            [0.168, 0.388, 0.409, 0.686, 0.336, 0.832],
            [0.274, 0.44, 0.432, 0.678, 0.242, 0.771],
        ),
    ],
)
def test_three_systems(options, coupling, coordination, degree):
    # zhjx19/mathmodels, docs/reference/system_evaluation.md: three digits, of which the last may be cut.
    r = coupling_coordination(THREE_SYSTEMS, **options)
    assert r.coupling == pytest.approx(coupling, abs=5.01e-4)
    assert r.coordination == pytest.approx(coordination, abs=5.01e-4)
    assert r.degree == pytest.approx(degree, abs=5.01e-4)


FOUR_SYSTEMS = [
    [0.8179733, 0.3246648, 0.6590316, 0.1308531],
    [0.3020233, 0.1318888, 0.4046987, 0.5173794],
    [0.9209903, 0.3353516, 0.6921477, 0.314132],
    [0.9604095, 0.3914758, 0.7099999, 0.4316421],
    [0.9061589, 0.3473603, 0.7297774, 0.6909494],
    [0.9456379, 0.4391423, 0.7304117, 0.4792905],
]


@pytest.mark.parametrize(
    ("variant", "coupling", "degree"),
    [
        (
            "standard",
            [0.8051958, 0.8914577, 0.8999423, 0.9346128, 0.9440912, 0.9519923],
            [0.6237105, 0.549729, 0.7134825, 0.7632959, 0.7944703, 0.7858001],
        ),
        (
            "wang",
            [0.4722274, 0.6211236, 0.5375842, 0.5861986, 0.6640321, 0.6319211],
            [0.477648, 0.4588675, 0.5514412, 0.6045044, 0.666293, 0.6402164],
        ),
        (
            "fan",
            [0.4593785, 0.7164548, 0.4915051, 0.539962, 0.5951898, 0.5907777],
            [0.4711049, 0.4928249, 0.5272784, 0.5801746, 0.6308098, 0.6190239],
        ),
    ],
)
def test_four_systems(variant, coupling, degree):
    # Vignette of the R package coupling (stscl/coupling, vignettes/ccd.Rmd), inputs as printed.
    r = coupling_coordination(FOUR_SYSTEMS, variant=variant)
    assert r.coupling == pytest.approx(coupling, abs=4e-7)
    assert r.degree == pytest.approx(degree, abs=4e-7)


# Wang et al. (2021, doi:10.31497/zrzyxb.20210319), Table 8: C of ecology and economy in 13 cities around
# Beijing, 2008-2014, by the standard formula and (next line) by theirs. The two subsystems are not printed.
# Left out: one city in 2012 whose C is printed as 1.0000.
TABLE_8 = """
.9989 .9935 .8868 .9073 .6821 .8328 .6816 .7789 .6871 .6101 .8017 .7867 .7191
.9404 .8660 .5440 .5769 .3006 .4780 .3344 .4171 .3278 .2700 .4374 .4196 .3738
.9984 .9997 .8912 .9079 .6790 .8114 .6839 .7786 .7180 .6377 .8018 .7587 .7396
.9238 .9675 .5435 .5716 .2946 .4445 .3224 .4117 .3533 .2731 .4352 .3821 .3906
.9999 .9920 .9071 .9224 .6957 .8309 .7044 .7992 .7556 .6212 .8277 .7707 .7109
.9835 .8497 .5659 .5942 .3041 .4593 .3385 .4245 .3857 .2533 .4574 .3908 .3529
.9939 .9848 .9373 .9468 .7446 .8488 .7437 .8114 .7806 .6469 .8601 .8162 .7560
.8485 .7896 .6271 .6503 .3454 .4767 .3720 .4332 .4123 .2600 .4994 .4361 .3951
.9992 .9913 .9276 .6720 .8527 .7674 .8211 .7859 .6561 .8749 .8133 .7577
.9445 .8342 .5937 .2497 .4816 .3967 .4433 .4134 .2615 .5164 .4243 .3931
.9858 .9280 .9867 .9866 .7442 .9215 .8259 .8680 .7819 .6619 .9183 .9025 .7773
.7757 .5868 .8169 .8135 .3519 .6125 .4721 .5160 .4043 .2746 .6006 .5692 .4184
.9942 .9488 .9834 .9815 .6713 .8995 .8283 .8917 .7556 .6955 .9270 .9064 .8257
.8523 .6353 .7939 .7829 .2532 .5627 .4708 .5540 .3797 .3067 .6191 .5750 .4723
"""


def test_original_and_modified_coupling_of_two_systems():
    # The standard C fixes the ratio of the two systems, and with it the modified C their level. Every printed
    # pair must come from two systems between 0 and 1, somewhere within the rounding of the standard C.
    lines = [np.array(line.split(), float) for line in TABLE_8.split("\n") if line]
    standard, wang = np.concatenate(lines[::2]), np.concatenate(lines[1::2])
    c = standard[:, None] + np.linspace(-5e-5, 5e-5, 21)
    ratio = ((1 - np.sqrt(1 - c**2)) / c) ** 2
    better = np.clip((1 - wang[:, None] ** 2 / ratio) / (1 - ratio), 1e-3, 1)
    u = np.column_stack([better.ravel(), (ratio * better).ravel()])

    assert coupling_coordination(u).coupling == pytest.approx(c.ravel(), abs=1e-9)
    modified = coupling_coordination(u, variant="wang").coupling.reshape(c.shape)
    missed = np.abs(modified - wang[:, None]).min(axis=1) > 5e-5
    assert len(standard) == 90
    assert not missed.any()
