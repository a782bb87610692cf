"""A scale fitted on one panel scores another, survives a file, and refuses what does not fit it."""

import json
from itertools import product

import numpy as np
import pytest

from nqpf_abm.measure import FrozenScale, entropy_topsis
from nqpf_abm.measure.entropy_topsis import frozen_closeness

KINDS = [1, -1, 1]


def panel(seed=1, n_regions=5, first=2012, n_years=3):
    rng = np.random.default_rng(seed)
    return rng.lognormal(size=(n_regions * n_years, 3)), np.tile(first + np.arange(n_years), n_regions)


def by_hand(**change):
    """Indicators measured from 0 to 10, weights 1/2, 1/4, 1/4, ideals at the bounds."""
    return FrozenScale(
        **{
            "kinds": KINDS,
            "low": [0.0] * 3,
            "high": [10.0] * 3,
            "weights": [0.5, 0.25, 0.25],
            "best": [1.0] * 3,
            "worst": [0.0] * 3,
        }
        | change
    )


def test_worked_by_hand():
    r = entropy_topsis([[5.0, 10.0, 0.0]], [2035], KINDS, bounds="frozen", frozen=by_hand())
    to_worst, to_best = 0.25, np.sqrt(0.25**2 + 2 * 0.25**2)
    assert r.closeness == pytest.approx([to_worst / (to_worst + to_best)])
    assert np.isnan(r.entropy).all()


@pytest.mark.parametrize(
    ("bounds", "ideal", "distance"),
    list(product(["pooled", "annual"], ["pooled", "annual", "absolute"], ["euclidean", "weighted_square"])),
)
def test_the_fitted_panel_scores_as_before(bounds, ideal, distance):
    x, years = panel()
    dims = ["a", "b", "a"]
    fitted = entropy_topsis(x, years, KINDS, dims, bounds=bounds, ideal=ideal, distance=distance, shift=1e-3)
    for how in ("pooled", "frozen"):
        r = entropy_topsis(
            x, years, KINDS, dims, bounds="frozen", ideal=how, distance=distance, frozen=fitted.frozen
        )
        assert np.array_equal(r.closeness, fitted.closeness)
        assert np.array_equal(r.dimensions["a"], fitted.dimensions["a"])
        assert np.array_equal(r.weights, fitted.weights)
        assert np.array_equal(r.entropy, fitted.entropy)
        assert r.out_of_bounds == 0


def test_a_row_scores_the_same_alone_as_among_others():
    x, years = panel()
    frozen = entropy_topsis(x, years, KINDS).frozen
    other, other_years = panel(seed=9, first=2030)
    together = entropy_topsis(other, other_years, KINDS, bounds="frozen", frozen=frozen)
    for row in range(len(other)):
        alone = entropy_topsis(other[[row]], other_years[[row]], KINDS, bounds="frozen", frozen=frozen)
        assert alone.closeness[0] == together.closeness[row]


def test_beyond_the_ideal_is_not_punished_nor_below_the_anti_ideal_rewarded():
    x = [[10.0, 5.0, 5.0], [13.0, 5.0, 5.0], [0.0, 5.0, 5.0], [-3.0, 5.0, 5.0]]
    r = entropy_topsis(x, [2035] * 4, KINDS, bounds="frozen", frozen=by_hand())
    at_best, beyond, at_worst, below = r.closeness
    assert beyond > at_best > at_worst > below
    z = r.normalised - 1  # plain distances would prefer 1.0 to 1.3
    plain = np.sqrt(((z * [0.5, 0.25, 0.25]) ** 2).sum(axis=1))
    assert plain[1] > plain[0]


def test_far_beyond_every_ideal_is_one_and_far_below_is_zero():
    r = entropy_topsis(
        [[11.0, -1.0, 12.0], [-1.0, 11.0, -2.0]], [2035] * 2, KINDS, bounds="frozen", frozen=by_hand()
    )
    assert r.closeness.tolist() == [1, 0]


def test_a_dimension_of_vanishing_weight_still_has_an_index():
    scale = by_hand(weights=[1.0, 1e-200, 0.0])
    r = entropy_topsis(
        [[5.0, 2.0, 1.0]], [2035], KINDS, ["heavy", "light", "none"], bounds="frozen", frozen=scale
    )
    assert r.dimensions["light"] == pytest.approx([0.8])
    assert np.isnan(r.dimensions["none"]).all()


def test_share_of_values_out_of_bounds():
    x = [[10.0, 0.0, 5.0], [10.1, -0.1, 5.0]]
    r = entropy_topsis(x, [2035] * 2, KINDS, bounds="frozen", frozen=by_hand())
    assert r.out_of_bounds == pytest.approx(2 / 6)


def test_ideals_of_the_panel_at_hand_or_absolute_ones_on_frozen_bounds():
    x, years = panel()
    half = by_hand(best=[0.5] * 3)
    absolute = entropy_topsis(x, years, KINDS, bounds="frozen", ideal="absolute", frozen=half)
    assert np.array_equal(
        absolute.closeness, entropy_topsis(x, years, KINDS, bounds="frozen", frozen=by_hand()).closeness
    )
    annual = entropy_topsis(x, years, KINDS, bounds="frozen", ideal="annual", frozen=half)
    for year in (2012, 2013, 2014):
        rows = years == year
        z = annual.normalised[rows]
        same = entropy_topsis(
            x[rows],
            years[rows],
            KINDS,
            bounds="frozen",
            frozen=by_hand(best=z.max(axis=0), worst=z.min(axis=0)),
        )
        assert annual.closeness[rows] == pytest.approx(same.closeness, rel=1e-14)


def test_an_indicator_constant_when_fitted_stays_without_weight():
    x, years = panel()
    x[:, 1] = 4.0
    frozen = entropy_topsis(x, years, KINDS).frozen
    moved = x.copy()
    moved[:, 1] = np.arange(len(x))
    r = entropy_topsis(moved, years, KINDS, ["a", "flat", "a"], bounds="frozen", frozen=frozen)
    still = entropy_topsis(x, years, KINDS, bounds="frozen", frozen=frozen)
    assert np.array_equal(r.closeness, still.closeness)
    assert np.isnan(r.dimensions["flat"]).all()
    assert r.out_of_bounds > still.out_of_bounds == 0


@pytest.mark.parametrize("options", [{}, {"bounds": "annual"}, {"ideal": "annual"}])
def test_survives_json(options):
    x, years = panel()
    fitted = entropy_topsis(x, years, KINDS, **options)
    text = json.dumps(fitted.frozen.to_dict(), allow_nan=False)
    again = FrozenScale.from_dict(json.loads(text))
    r = entropy_topsis(x, years, KINDS, bounds="frozen", frozen=again)
    assert np.array_equal(r.closeness, fitted.closeness)
    assert json.dumps(r.frozen.to_dict(), allow_nan=False) == text


def test_survives_json_without_information_or_entropy():
    empty = entropy_topsis(np.ones((4, 3)), [1, 1, 2, 2], KINDS).frozen
    again = FrozenScale.from_dict(json.loads(json.dumps(empty.to_dict(), allow_nan=False)))
    assert np.isnan(again.weights).all()
    r = entropy_topsis(np.eye(3), [1, 1, 1], KINDS, bounds="frozen", frozen=again)
    assert np.isnan(r.closeness).all()
    hand = FrozenScale.from_dict(json.loads(json.dumps(by_hand(fitted_on="a guess").to_dict())))
    assert hand.fitted_on == "a guess"
    assert np.isnan(hand.entropy).all()


def test_what_it_was_fitted_on_is_passed_along():
    x, years = panel()
    r = entropy_topsis(x, years, KINDS, bounds="frozen", frozen=by_hand(fitted_on="hand"))
    assert r.frozen.fitted_on == "hand"


def test_a_scale_fitted_year_by_year_knows_its_years_only():
    x, years = panel()
    frozen = entropy_topsis(x, years, KINDS, bounds="annual").frozen
    assert frozen.years == (2012, 2013, 2014)
    assert frozen.low.shape == (3, 3)
    fitted = entropy_topsis(x, years, KINDS, bounds="annual").closeness
    backwards = np.flatnonzero(years > 2012)[::-1]  # 2014 first
    later = entropy_topsis(x[backwards], years[backwards], KINDS, bounds="frozen", frozen=frozen)
    assert np.array_equal(later.closeness, fitted[backwards])
    assert later.frozen.years == (2014, 2013)
    with pytest.raises(ValueError, match="fitted year by year on 2012 to 2014 and cannot score 2015"):
        entropy_topsis(x, years + 1, KINDS, bounds="frozen", frozen=frozen)


def test_arrays_cannot_be_changed_afterwards():
    low = np.zeros(3)
    scale = by_hand(low=low)
    low[:] = 99
    assert scale.low.tolist() == [0, 0, 0]
    with pytest.raises(ValueError, match="read-only"):
        scale.weights[0] = 1
    with pytest.raises(AttributeError):
        scale.weights = np.ones(3) / 3
    r = entropy_topsis(np.eye(3), [1, 1, 1], KINDS, bounds="frozen", frozen=scale)
    r.weights[:] = 0  # a result's own copy may be
    assert scale.weights.sum() == 1


@pytest.mark.parametrize(
    ("kinds", "message"),
    [
        ([1, -1], "frozen must hold the 2 indicators of x; got 3"),
        ([1, 1, 1], r"kinds must be those of frozen: column 1 was -1, is \+1"),
    ],
)
def test_indicators_must_be_those_it_was_fitted_on(kinds, message):
    with pytest.raises(ValueError, match=message):
        entropy_topsis(np.ones((2, len(kinds))), [1, 1], kinds, bounds="frozen", frozen=by_hand())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kinds": [1, 2, 1]}, "FrozenScale.kinds must be"),
        ({"low": [0.0, 0.0]}, r"FrozenScale.low must have shape \(3,\)"),
        ({"low": [0.0, np.nan, 0.0]}, "FrozenScale.low must be finite"),
        ({"high": [10.0, -1.0, 10.0]}, "FrozenScale.low must not exceed FrozenScale.high"),
        ({"worst": [2.0, 0.0, 0.0]}, "FrozenScale.worst must not exceed FrozenScale.best"),
        ({"weights": [0.5, 0.5, 0.5]}, "FrozenScale.weights must sum to one"),
        ({"weights": [0.5, 0.5, np.nan]}, "FrozenScale.weights must sum to one"),
        ({"weights": [1.5, -0.5, 0.0]}, "FrozenScale.weights must not be negative: row 1"),
        ({"weights": "heavy"}, "FrozenScale.weights must be numbers"),
        ({"entropy": [1.0]}, r"FrozenScale.entropy must have shape \(3,\)"),
        ({"years": [2012, 2012]}, "FrozenScale.years must name each year once"),
        ({"years": []}, "FrozenScale.years must name each year once"),
        ({"years": [2012, 2013]}, r"FrozenScale.low must have shape \(2, 3\)"),
    ],
)
def test_a_scale_that_makes_no_sense_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        by_hand(**change)


def test_a_dictionary_must_hold_the_scale_and_nothing_else():
    with pytest.raises(ValueError, match="a frozen scale must be a table of named arrays; got list"):
        FrozenScale.from_dict([1, 2])
    data = by_hand().to_dict()
    with pytest.raises(ValueError, match=r"a frozen scale does not know \['wieghts'\]"):
        FrozenScale.from_dict(data | {"wieghts": []})
    del data["low"]
    with pytest.raises(ValueError, match=r"a frozen scale lacks \['low'\]"):
        FrozenScale.from_dict(data)


def test_closeness_alone_is_what_the_whole_gives_bit_for_bit():
    x, years = panel(seed=3)
    scale = entropy_topsis(x, years, KINDS).frozen
    other = 1.3 * x[::-1] - 0.1  # beyond the bounds too
    whole = entropy_topsis(other, years, KINDS, bounds="frozen", ideal="frozen", frozen=scale)
    np.testing.assert_array_equal(frozen_closeness(other, scale), whole.closeness)
