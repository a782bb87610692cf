from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nqpf_abm.measure import natural_echelons


def within(values, classes):
    return sum(((values[classes == c] - values[classes == c].mean()) ** 2).sum() for c in set(classes))


def test_by_hand():
    assert natural_echelons([1, 2, 9, 10, 30]).tolist() == [3, 3, 2, 2, 1]


@given(st.lists(st.integers(0, 200), min_size=4, max_size=9, unique=True))
def test_no_other_cut_is_tighter(values):
    values = np.array(sorted(values), float)
    best = min(
        within(values, np.searchsorted([a, b], np.arange(len(values)), side="right"))
        for a, b in combinations(range(1, len(values)), 2)
    )
    assert within(values, natural_echelons(values, 3)) == pytest.approx(best)


def test_fewer_values_than_echelons():
    assert natural_echelons([5.0, 5.0], 3).tolist() == [1, 1]
    assert natural_echelons([5.0, 7.0], 3).tolist() == [2, 1]
    with pytest.raises(ValueError, match="k must be at least 1"):
        natural_echelons([1.0, 2.0], 0)
