import numpy as np
import pytest
from esda.moran import Moran as EsdaMoran

from nqpf_abm.measure import morans_i
from nqpf_abm.measure.space import weights_of

CHAIN = np.abs(np.subtract.outer(np.arange(6), np.arange(6))) == 1


def by_formula(x, w):
    w = w / w.sum(axis=1, keepdims=True)
    c = x - x.mean()
    return (w * np.outer(c, c)).sum() / (c * c).sum()


def test_against_the_formula_and_esda():
    for seed in range(5):
        x = np.random.default_rng(seed).normal(size=6)
        found = morans_i(x, CHAIN)
        assert found.i == pytest.approx(by_formula(x, CHAIN.astype(float)))
        theirs = EsdaMoran(x, weights_of(CHAIN, 6), permutations=0)
        assert (found.z, found.expected) == pytest.approx((theirs.z_rand, -0.2))


def test_neighbours_alike_and_unlike():
    rising, alternating = morans_i(np.arange(6.0), CHAIN), morans_i([0, 1, 0, 1, 0, 1], CHAIN)
    assert rising.i > 0.5
    assert alternating.i == pytest.approx(-1)
    assert rising.p < 0.1


def test_p_is_exact_on_few_regions():
    # All 720 orders of six values can be gone through: the share as far from -1/5 is the p the permutations estimate.
    from itertools import permutations

    x = np.array([0.0, 1.0, 2.5, 3.0, 4.5, 7.0])
    w = CHAIN / CHAIN.sum(axis=1, keepdims=True)
    c = np.array(list(permutations(x - x.mean())))
    i = (c * (c @ w.T)).sum(axis=1) / (c[0] ** 2).sum()
    found = morans_i(x, CHAIN)
    exact = np.mean(np.abs(i + 0.2) >= abs(found.i + 0.2) - 1e-12)
    assert found.p == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 999) + 1e-3)


def test_the_same_map_gives_the_same_number_and_leaves_the_global_generator_alone():
    np.random.seed(1)
    expected = np.random.random(2)
    np.random.seed(1)
    first = np.random.random(1)
    assert morans_i(np.arange(6.0), CHAIN) == morans_i(np.arange(6.0), CHAIN)
    assert [*first, *np.random.random(1)] == expected.tolist()


def test_equal_values_have_no_i():
    assert np.isnan(morans_i(np.ones(6), CHAIN).i)


@pytest.mark.parametrize(
    ("neighbours", "message"),
    [
        (CHAIN[:5], "shape"), (np.triu(CHAIN), "symmetric"), (CHAIN | np.eye(6, dtype=bool), "neighbour of its own"),
        (CHAIN & ~np.eye(6, k=1, dtype=bool)[::-1] & (np.arange(6) > 0) & (np.arange(6) > 0)[:, None], "row 0 has none"),
    ],
)  # fmt: skip
def test_refusals(neighbours, message):
    with pytest.raises(ValueError, match=message):
        morans_i(np.arange(6.0), neighbours)
