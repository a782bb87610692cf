"""Dagum's decomposition against its definition in exact arithmetic, its identities and its conventions."""

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nqpf_abm.measure import dagum, dagum_gini, gini

steady = settings(derandomize=True, deadline=None, max_examples=60)
PARTS = ("gini", "within", "between", "transvariation")
SHARES = ("share_within", "share_between", "share_transvariation")

populations = st.lists(
    st.tuples(st.integers(0, 50), st.sampled_from("abcd"), st.integers(1, 4)), min_size=1, max_size=18
).filter(lambda rows: any(value for value, _, _ in rows))


def columns(rows):
    values, groups, weights = zip(*rows, strict=True)
    return np.array(values, float), np.array(groups), np.array(weights, float)


def exact_dagum(values, groups, weights=None):
    """The definition, member by member: (parts, pair Gini and affluence by pair of labels)."""
    weights = np.ones(len(values)) if weights is None else weights
    members = {}
    for value, group, weight in zip(values, groups, weights, strict=True):
        members.setdefault(group, []).append((Fraction(float(value)), Fraction(float(weight))))
    heads = {group: sum(w for _, w in rows) for group, rows in members.items()}
    mean = {group: sum(x * w for x, w in rows) / heads[group] for group, rows in members.items()}
    everybody = sum(heads.values())
    overall = sum(mean[group] * heads[group] for group in members) / everybody
    p = {group: heads[group] / everybody for group in members}
    s = {group: p[group] * mean[group] / overall for group in members}

    def expected_gain(j, h):
        gain = sum(max(x - y, 0) * v * w for x, v in members[j] for y, w in members[h])
        return gain / (heads[j] * heads[h])

    within = between = gross = Fraction(0)
    pair, affluence = {}, {}
    for j in members:
        spread = 2 * expected_gain(j, j)
        pair[j, j] = spread / (2 * mean[j]) if spread else Fraction(0)
        affluence[j, j] = Fraction(0)
        within += pair[j, j] * p[j] * s[j]
    for one, other in combinations(members, 2):
        j, h = (one, other) if mean[one] >= mean[other] else (other, one)
        d, q = expected_gain(j, h), expected_gain(h, j)
        pair[j, h] = pair[h, j] = (d + q) / (mean[j] + mean[h]) if d + q else Fraction(0)
        affluence[j, h] = affluence[h, j] = (d - q) / (d + q) if d + q else Fraction(0)
        term = pair[j, h] * (p[j] * s[h] + p[h] * s[j])
        between += term * affluence[j, h]
        gross += term * (1 - affluence[j, h])
    parts = (within + between + gross, within, between, gross)
    return [float(part) for part in parts], pair, affluence


def assert_exact(d, values, groups, weights=None, rel=1e-12, floor=1e-15):
    parts, pair, affluence = exact_dagum(values, groups, weights)
    assert [getattr(d, part) for part in PARTS] == pytest.approx(parts, rel=rel, abs=floor)
    for j, row in enumerate(d.labels):
        for h, column in enumerate(d.labels):
            assert d.pair_gini[j, h] == pytest.approx(float(pair[row, column]), rel=rel, abs=floor)
            assert d.affluence[j, h] == pytest.approx(float(affluence[row, column]), rel=rel, abs=1e-13)
    assert np.array_equal(d.group_gini, np.diag(d.pair_gini))


@pytest.mark.parametrize(
    ("values", "groups", "expected"),
    [
        ([1, 2, 3, 4], "aabb", [0.25, 0.05, 0.2, 0.0]),
        ([1, 2, 3, 4], "abba", [0.25, 0.1, 0.0, 0.15]),
        ([0, 0, 2, 2], "aabb", [0.5, 0.0, 0.5, 0.0]),
        ([7, 7], "ab", [0.0, 0.0, 0.0, 0.0]),
        ([1, 2, 3, 4], "aaaa", [0.25, 0.25, 0.0, 0.0]),
    ],
)
def test_worked_by_hand(values, groups, expected):
    d = dagum_gini(values, list(groups))
    assert [getattr(d, part) for part in PARTS] == pytest.approx(expected, abs=1e-15)


@steady
@given(populations)
def test_agrees_with_the_definition(rows):
    values, groups, weights = columns(rows)
    assert_exact(dagum_gini(values, groups), values, groups)
    assert_exact(dagum_gini(values, groups, weights=weights), values, groups, weights)


@steady
@given(populations)
def test_parts_and_shares_add_up_to_the_gini_of_everybody(rows):
    values, groups, weights = columns(rows)
    d = dagum_gini(values, groups, weights=weights)
    assert d.within + d.between + d.transvariation == pytest.approx(d.gini, abs=1e-15)
    assert d.gini == pytest.approx(gini(values, weights=weights), abs=1e-14)
    assert min(d.within, d.between, d.transvariation) >= 0
    if d.gini > 0:
        assert sum(getattr(d, share) for share in SHARES) == pytest.approx(1)
        assert d.share_within * d.gini == pytest.approx(d.within)
        assert d.share_between * d.gini == pytest.approx(d.between)


@steady
@given(populations)
def test_between_is_the_gini_of_the_group_means(rows):
    values, groups, weights = columns(rows)
    d = dagum_gini(values, groups, weights=weights)
    heads = [weights[groups == label].sum() for label in d.labels]
    means = [np.average(values[groups == label], weights=weights[groups == label]) for label in d.labels]
    assert d.between == pytest.approx(gini(means, weights=heads), abs=1e-13)


@steady
@given(populations)
def test_transvariation_is_what_poorer_groups_gain_over_richer(rows):
    values, groups, _ = columns(rows)
    d = dagum_gini(values, groups)
    total = 0.0
    for one, other in combinations(d.labels, 2):
        a, b = values[groups == one], values[groups == other]
        rich, poor = (a, b) if a.mean() >= b.mean() else (b, a)
        total += np.maximum(poor[:, None] - rich[None, :], 0).sum() / len(values) ** 2
    assert d.transvariation == pytest.approx(2 * total / values.mean(), abs=1e-13)


@steady
@given(populations, st.integers(-300, 300), st.randoms(use_true_random=False))
def test_scale_order_and_replication_do_not_matter(rows, exponent, random):
    values, groups, weights = columns(rows)
    d = dagum_gini(values, groups, weights=weights)
    assert np.array_equal(dagum_gini(values * 2.0**exponent, groups, weights=weights).affluence, d.affluence)

    order = list(range(len(values)))
    random.shuffle(order)
    others = {
        "scaled": dagum_gini(values * 7.3, groups, weights=weights),
        "shuffled": dagum_gini(values[order], groups[order], weights=weights[order]),
        "replicated": dagum_gini(
            np.repeat(values, weights.astype(int)), np.repeat(groups, weights.astype(int))
        ),
    }
    for what, other in others.items():
        place = [list(other.labels).index(label) for label in d.labels]
        for part in PARTS + SHARES:
            assert getattr(other, part) == pytest.approx(getattr(d, part), abs=1e-13, nan_ok=True), what
        assert other.pair_gini[np.ix_(place, place)] == pytest.approx(d.pair_gini, abs=1e-13), what
        assert other.affluence[np.ix_(place, place)] == pytest.approx(d.affluence, abs=1e-12), what


@steady
@given(populations)
def test_tables_of_pairs_are_symmetric_and_bounded(rows):
    values, groups, weights = columns(rows)
    d = dagum_gini(values, groups, weights=weights)
    for table in (d.pair_gini, d.affluence):
        assert np.array_equal(table, table.T)
        assert ((table >= 0) & (table <= 1)).all()
    assert not np.diag(d.affluence).any()


@steady
@given(populations, st.integers(51, 200))
def test_groups_that_do_not_overlap_leave_no_transvariation(rows, step):
    values, groups, weights = columns(rows)
    apart = values + step * np.searchsorted(list("abcd"), groups)
    d = dagum_gini(apart, groups, weights=weights)
    assert d.transvariation == 0
    assert np.array_equal(d.affluence, 1 - np.eye(len(d.labels)))


def test_labels_in_order_of_first_appearance_whatever_their_type():
    values = [4.0, 1.0, 3.0, 2.0]
    for labels in (["z", "a", "z", "m"], [30, 10, 30, 20], [2.5, 1.5, 2.5, 0.5]):
        d = dagum_gini(values, labels)
        assert d.labels.tolist() == [labels[0], labels[1], labels[3]]
        assert d.group_gini == pytest.approx([gini([4.0, 3.0]), 0, 0])


def test_long_populations_are_worked_in_pieces_without_a_seam(monkeypatch):
    rng = np.random.default_rng(3)
    values, groups = rng.lognormal(size=500), rng.integers(0, 5, 500)
    whole = dagum_gini(values, groups)
    monkeypatch.setattr(dagum, "_CELLS_AT_ONCE", 35)  # seven values at a time, the last piece shorter
    pieces = dagum_gini(values, groups)
    assert pieces.pair_gini == pytest.approx(whole.pair_gini, rel=1e-13)
    assert pieces.gini == pytest.approx(gini(values), rel=1e-13)


def test_a_large_common_offset_costs_no_digits():
    rng = np.random.default_rng(11)
    groups = np.repeat(["a", "b", "c"], 20)
    values = 1e8 + rng.random(60) + np.repeat([0.0, 0.1, 0.2], 20)
    d = dagum_gini(values, groups)
    assert_exact(d, values, groups, floor=0)
    assert 0 < d.between < d.gini < 1e-8


def test_huge_and_tiny_units():
    expected = [0.25, 0.1, 0.0, 0.15]
    for unit in (4e307, 5e-324):
        d = dagum_gini(np.array([1.0, 2.0, 3.0, 4.0]) * unit, list("abba"))
        assert [getattr(d, part) for part in PARTS] == pytest.approx(expected, abs=1e-14)


def test_one_member_and_all_zero_groups_are_equal_inside():
    d = dagum_gini([0.0, 0.0, 5.0, 1.0, 3.0], ["none", "none", "one", "two", "two"])
    assert d.group_gini == pytest.approx([0, 0, 0.25])
    two_empty = dagum_gini([0.0, 0.0, 5.0], ["a", "b", "c"])
    assert two_empty.pair_gini[0, 1] == 0
    assert two_empty.affluence[0, 1] == 0


def test_equal_means_give_all_to_transvariation():
    d = dagum_gini([1, 2, 3, 4, 5, 0, 0, 1, 4, 10], list("aaaaabbbbb"))
    assert d.affluence[0, 1] == 0  # where the two gains differ in their last digit
    assert d.between == 0
    assert d.transvariation == pytest.approx(d.gini - d.within)
    assert d.transvariation > 0


def test_everybody_equal_has_no_shares():
    d = dagum_gini([2.0, 2.0, 2.0], list("aab"))
    assert [getattr(d, part) for part in PARTS] == [0, 0, 0, 0]
    assert all(np.isnan(getattr(d, share)) for share in SHARES)
    assert not d.affluence.any()


@pytest.mark.parametrize("values", [[0.0, 0.0, 0.0], [-0.1, -0.2, 0.3]])
def test_a_mean_of_zero_leaves_nothing_defined(values):
    d = dagum_gini(values, list("aab"), allow_negative=True)
    assert all(np.isnan(getattr(d, name)) for name in PARTS + SHARES)
    assert np.isnan(d.group_gini).all() and np.isnan(d.pair_gini).all() and np.isnan(d.affluence).all()
    assert d.labels.tolist() == ["a", "b"]


def test_negative_values_only_on_request():
    values, groups = [-1.0, 2.0, 4.0, 3.0], list("aabb")
    with pytest.raises(ValueError, match="values must not be negative: row 0 holds -1.0"):
        dagum_gini(values, groups)
    assert_exact(dagum_gini(values, groups, allow_negative=True), values, groups)


def test_a_group_whose_mean_is_zero_has_no_gini_of_its_own():
    d = dagum_gini([-1.0, 1.0, 4.0, 6.0], list("aabb"), allow_negative=True)
    assert np.isnan(d.group_gini[0])
    assert d.group_gini[1] == pytest.approx(0.1)
    assert d.gini == pytest.approx(d.within + d.between + d.transvariation)
    assert d.between == pytest.approx(0.5)


def test_a_row_of_weight_zero_is_absent():
    d = dagum_gini([9.0, 1.0, 2.0, 50.0, 3.0], list("cabda"), weights=[0, 1, 2, 0, 1])
    alone = dagum_gini([1.0, 2.0, 3.0], list("aba"), weights=[1, 2, 1])
    assert d.labels.tolist() == alone.labels.tolist() == ["a", "b"]
    assert d.gini == alone.gini
    assert np.array_equal(d.pair_gini, alone.pair_gini)


@pytest.mark.parametrize("missing", [None, float("nan"), np.datetime64("NaT", "D")])
def test_a_row_without_a_group_is_refused(missing):
    with pytest.raises(ValueError, match="groups must have a label in every row: row 1 holds"):
        dagum_gini([1.0, 2.0, 3.0], np.array(["a", missing, "b"], dtype=object))


@pytest.mark.parametrize(
    ("values", "groups", "weights", "message"),
    [
        ([], [], None, "values must have shape"),
        ([1.0, np.inf], ["a", "b"], None, "values must be finite: row 1 holds inf"),
        ([1.0, 2.0], ["a"], None, r"groups must have shape \(2,\), one label per row; got \(1,\)"),
        ([1.0, 2.0], ["a", "b", "c"], [0, 1], r"groups must have shape \(2,\)"),
        ([1.0, 2.0], np.array([{}, {}]), None, "groups must be plain labels"),
        ([1.0, 2.0], ["a", "b"], [1.0, np.nan], "weights must be finite: row 1"),
        ([1.0, 2.0], ["a", "b"], [1.0, -2.0], "weights must not be negative: row 1"),
        ([1.0, 2.0], ["a", "b"], [0.0, 0.0], "weights must not all be zero"),
    ],
)
def test_what_is_refused(values, groups, weights, message):
    with pytest.raises(ValueError, match=message):
        dagum_gini(values, groups, weights=weights)


@steady
@given(populations)
def test_merging_groups_moves_inequality_inwards(rows):
    values, groups, weights = columns(rows)
    assume(len(set(groups)) > 1)
    split = dagum_gini(values, groups, weights=weights)
    merged = dagum_gini(values, np.where(groups == "a", "b", groups), weights=weights)
    assert merged.gini == pytest.approx(split.gini, abs=1e-14)
    assert merged.within >= split.within - 1e-14
    assert merged.between <= split.between + 1e-14
