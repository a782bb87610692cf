import numpy as np
import pytest
from giddy.markov import Markov
from hypothesis import given
from hypothesis import strategies as st

from nqpf_abm.measure import markov_chain, quartile_classes, spatial_markov_chain

RING = np.roll(np.eye(8, dtype=bool), 1, axis=1) | np.roll(np.eye(8, dtype=bool), -1, axis=1)


def walk(seed, n=8, years=12):
    rng = np.random.default_rng(seed)
    return np.exp(np.cumsum(rng.normal(0.02, 0.2, (n, years)), axis=1) + rng.normal(size=(n, 1)))


def test_quartiles_are_pooled_and_closed_on_the_right():
    classes, upper = quartile_classes(np.arange(1.0, 9.0).reshape(2, 4))
    np.testing.assert_allclose(upper, [2.75, 4.5, 6.25, 8])
    assert classes.tolist() == [[0, 0, 1, 1], [2, 2, 3, 3]]
    on_the_bound, _ = quartile_classes([[0, 1, 2, 3, 4]] * 2)
    assert on_the_bound[0].tolist() == [0, 0, 1, 2, 3]


def test_ties_leave_classes_empty():
    classes, upper = quartile_classes([[0, 0, 0, 0, 0, 1, 1, 2]] * 2)
    assert upper[0] == upper[1] == 0
    assert set(classes.ravel()) == {0, 2, 3}


def test_counts_by_hand():
    chain = markov_chain([[1.0, 1.0, 3.0, 4.0], [2.0, 2.0, 3.0, 4.0]])
    assert chain.classes.tolist() == [[0, 0, 2, 3], [1, 1, 2, 3]]
    assert chain.counts.tolist() == [[1, 0, 1, 0], [0, 1, 1, 0], [0, 0, 0, 2], [0, 0, 0, 0]]
    assert np.isnan(chain.probabilities[3]).all()
    np.testing.assert_allclose(chain.probabilities[0], [0.5, 0, 0.5, 0])


@given(st.integers(0, 2**32))
def test_every_step_is_counted_once(seed):
    values = walk(seed)
    chain = markov_chain(values)
    spatial = spatial_markov_chain(values, RING)
    assert chain.counts.sum() == 8 * 11
    np.testing.assert_array_equal(spatial.counts.sum(axis=0), chain.counts)
    rows = chain.probabilities.sum(axis=1)
    np.testing.assert_allclose(rows[~np.isnan(rows)], 1)
    again = Markov(chain.classes, classes=np.arange(4), summary=False, fill_empty_classes=True)
    np.testing.assert_array_equal(again.transitions, chain.counts)


def test_neighbours_split_the_chain_by_the_class_of_their_mean():
    values = walk(3)
    spatial = spatial_markov_chain(values, RING)
    lag = (RING @ values) / 2
    lag_class = np.searchsorted(spatial.lag_upper[:-1], lag)
    own = markov_chain(values).classes
    counts = np.zeros((4, 4, 4), int)
    for i in range(8):
        for t in range(11):
            counts[lag_class[i, t], own[i, t], own[i, t + 1]] += 1
    np.testing.assert_array_equal(spatial.counts, counts)


def test_the_test_of_neighbours_keeps_its_size_where_they_do_not_matter():
    p = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        values = rng.random((8, 400))  # no memory, no neighbours: the statistic is near its chi-squared law
        p.append(spatial_markov_chain(values, RING).p)
    assert 0.3 < np.mean(p) < 0.7
    assert np.mean(np.array(p) < 0.05) < 0.2


def test_the_test_of_neighbours_finds_them_where_they_matter():
    rng = np.random.default_rng(5)
    values = [rng.random(8)]
    for _ in range(300):  # each takes over its neighbours' mean of last year, but for noise
        values.append(0.8 * (RING @ values[-1]) / 2 + 0.2 * rng.random(8))
    assert spatial_markov_chain(np.array(values).T, RING).p < 0.001


def test_refusals():
    with pytest.raises(ValueError, match="at least 2 years"):
        markov_chain([[1.0], [2.0]])
    with pytest.raises(ValueError, match="must be finite"):
        markov_chain([[1.0, np.nan], [2.0, 1.0]])
