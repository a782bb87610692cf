import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nqpf_abm.numerics.arrays import uniforms
from nqpf_abm.numerics.draws import make_key
from nqpf_abm.numerics.ordering import MOST_IN_ONE, first_in_order, in_groups, in_order

ANY = arrays(float, st.integers(0, 200), elements=st.floats(-1e300, 1e300))
FEW = arrays(float, st.integers(0, 200), elements=st.sampled_from([0.0, 0.25, 0.5, 1.0, 7.0]))  # ties


@given(ANY | FEW)
def test_the_order_is_that_of_a_stable_sort(values):
    np.testing.assert_array_equal(in_order(values), np.argsort(values, kind="stable"))


@given(ANY | FEW, st.integers(0, 200))
def test_the_first_are_those_of_the_whole_order(values, number):
    number = min(number, values.size)
    np.testing.assert_array_equal(first_in_order(values, number), in_order(values)[:number])


@pytest.mark.parametrize(
    "spread", [lambda u: u, lambda u: -np.log(u), lambda u: u**9, lambda u: 1 / u, np.round]
)
def test_thousands_of_lots_of_any_distribution(spread):
    values = spread(uniforms(make_key(3, 1), np.arange(1, 4001, dtype=np.uint64), 5, 1)[:, 0])
    expected = np.argsort(values, kind="stable")
    np.testing.assert_array_equal(in_order(values), expected)
    for number in (1, MOST_IN_ONE, MOST_IN_ONE + 1, values.size):
        np.testing.assert_array_equal(first_in_order(values, number), expected[:number])


@given(arrays(np.int64, st.integers(0, 200), elements=st.integers(0, 6)))
def test_groups_are_in_turn_and_members_as_they_stood(groups):
    places, begins = in_groups(groups, 7)
    np.testing.assert_array_equal(places, np.argsort(groups, kind="stable"))
    np.testing.assert_array_equal(np.diff(begins), np.bincount(groups, minlength=7))
    assert begins[0] == 0


def test_by_hand():
    places, begins = in_groups(np.array([1, 0, 1]), 2)
    assert (places.tolist(), begins.tolist()) == ([1, 0, 2], [0, 1, 3])
    assert in_order(np.array([0.5, 0.2, 0.5, 0.1])).tolist() == [3, 1, 0, 2]
    assert first_in_order(np.array([0.5, 0.2, 0.5, 0.1]), 2).tolist() == [3, 1]
