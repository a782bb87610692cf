"""Array draws and functions are the scalar ones, element by element."""

import numpy as np
import pytest

from nqpf_abm.numerics import arrays, mathx
from nqpf_abm.numerics.draws import lineage, make_key, normal, stream, uniform
from nqpf_abm.numerics.jit import compiled

KEY = make_key(5, 3)
WHAT = stream("test.arrays")
UIDS = np.array([1, 2, 2**63 + 5], dtype=np.uint64)


@pytest.mark.parametrize(("of", "one"), [(arrays.exp, mathx.exp), (arrays.log, mathx.log)])
@pytest.mark.parametrize("shape", [(24,), (4, 6), (2, 3, 4), ()])
def test_functions_are_the_packages_own_bit_for_bit(of, one, shape):
    x = np.linspace(0.01, 9.0, int(np.prod(shape))).reshape(shape)
    got = of(x.T)
    assert got.shape == x.T.shape
    assert got.ravel().tolist() == [one(value) for value in x.T.ravel().tolist()]


def test_functions_take_a_column_of_a_structured_array_and_integers():
    table = np.zeros(5, [("a", "i4"), ("b", "f8")])
    table["b"] = np.arange(5)
    assert arrays.exp(table["b"]).tolist() == [mathx.exp(float(k)) for k in range(5)]
    assert arrays.exp(np.arange(3)).tolist() == [mathx.exp(float(k)) for k in range(3)]


@pytest.mark.parametrize("rows", [slice(None), slice(1, None), slice(0, 0)])
def test_a_copy_of_a_table_holds_the_same_in_memory_of_its_own(rows):
    table = np.zeros(4, [("a", "i8"), ("b", "f8", (2,))])
    table["a"], table["b"] = np.arange(4), np.arange(8).reshape(4, 2)
    made = arrays.copied(table[rows])
    assert made.dtype == table.dtype
    assert made.tobytes() == table[rows].tobytes()
    assert not np.shares_memory(made, table)


@pytest.mark.parametrize(("of", "one"), [(arrays.normals, normal), (arrays.uniforms, uniform)])
def test_draws_are_those_of_the_address(of, one):
    scalar = compiled(one)
    got = of(KEY, UIDS, WHAT, 3)
    assert got.shape == (3, 3)
    assert got.tolist() == [[scalar(KEY, uid, WHAT, k) for k in range(3)] for uid in UIDS]


def test_children_are_told_apart_by_parent_ordinal_and_tag():
    scalar = compiled(lineage)
    assert arrays.children(UIDS, 4).tolist() == [scalar(uid, 0, 0, 4) for uid in UIDS]
    parents = np.repeat(UIDS, 5)
    uids = [arrays.children(parents, tag, np.tile(np.arange(5), 3)) for tag in (1, 2)]
    assert np.unique(np.concatenate(uids)).size == 30


def test_whole_lognormals_stay_within_bounds_and_follow_their_median():
    uids = np.arange(20_000, dtype=np.uint64)
    sizes = arrays.whole_lognormals(KEY, uids, WHAT, np.log(20.0), 0.8, 3.0, 120.0)
    assert (sizes.min(), sizes.max()) == (3, 120)
    assert np.median(sizes) == pytest.approx(20, abs=1)


def test_poissons_have_mean_and_variance_of_their_means():
    uids = np.arange(20_000, dtype=np.uint64)
    counts = arrays.poissons(KEY, uids, WHAT, np.tile([0.4, 6.0], (uids.size, 1)))
    assert counts.mean(axis=0) == pytest.approx([0.4, 6.0], rel=0.03)
    assert counts.var(axis=0) == pytest.approx([0.4, 6.0], rel=0.05)
