"""Coupling coordination: three variants, their edges and what is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nqpf_abm.measure import coupling_coordination

steady = settings(derandomize=True, deadline=None, max_examples=80)
VARIANTS = ("standard", "wang", "fan")
subsystems = st.integers(2, 5).flatmap(
    lambda n: arrays(float, (4, n), elements=st.integers(0, 100).map(lambda i: i / 100))
)


def test_worked_by_hand():
    u = [[0.2, 0.8]]
    for variant, coupling in (
        ("standard", 2 * np.sqrt(0.16)),
        ("wang", np.sqrt((1 - 0.6) * 0.25)),
        ("fan", 1 - 2 * 0.3),
    ):
        c, t, d = coupling_coordination(u, variant=variant)
        assert c == pytest.approx([coupling])
        assert t == pytest.approx([0.5])
        assert d == pytest.approx([np.sqrt(coupling * 0.5)])


def test_the_result_has_names():
    r = coupling_coordination([[0.2, 0.8]])
    assert (r.coupling, r.coordination, r.degree) == tuple(r)


@steady
@given(subsystems, st.sampled_from(VARIANTS))
def test_between_zero_and_one(u, variant):
    c, t, d = coupling_coordination(u, variant=variant)
    for part in (c[~np.isnan(c)], t, d):
        assert ((part >= 0) & (part <= 1)).all()
    assert d == pytest.approx(np.where(np.isnan(c), 0, np.sqrt(c * t)))


@steady
@given(subsystems, st.sampled_from(VARIANTS), st.randoms(use_true_random=False))
def test_the_order_of_subsystems_does_not_matter(u, variant, random):
    order = list(range(u.shape[1]))
    random.shuffle(order)
    for before, after in zip(
        coupling_coordination(u, variant=variant),
        coupling_coordination(u[:, order], variant=variant),
        strict=True,
    ):
        assert after == pytest.approx(before, abs=1e-14, nan_ok=True)


@steady
@given(st.floats(0.01, 1), st.integers(2, 6), st.sampled_from(VARIANTS))
def test_equal_subsystems_are_fully_coupled(level, n, variant):
    c, t, d = coupling_coordination(np.full((1, n), level), variant=variant)
    assert c == pytest.approx([1.0])
    assert t == pytest.approx([level])
    assert d == pytest.approx([np.sqrt(level)])


@steady
@given(subsystems, st.floats(0.01, 1))
def test_standard_coupling_ignores_the_level(u, factor):
    c = coupling_coordination(u).coupling
    assert coupling_coordination(u * factor).coupling == pytest.approx(c, abs=1e-12, nan_ok=True)


@pytest.mark.parametrize("variant", ["standard", "wang"])
def test_a_subsystem_at_zero_is_not_floored(variant):
    c, t, d = coupling_coordination([[0.0, 0.6, 0.9]], variant=variant)
    assert (c[0], d[0]) == (0, 0)
    assert t == pytest.approx([0.5])


@pytest.mark.parametrize("variant", VARIANTS)
def test_nothing_developed_is_not_coupled_and_scores_zero(variant):
    c, t, d = coupling_coordination([[0.0, 0.0], [0.5, 0.5]], variant=variant)
    assert np.isnan(c[0])
    assert (t[0], d[0]) == (0, 0)
    assert c[1] == pytest.approx(1)


def test_rounding_does_not_lift_coupling_above_one():
    nearly = [0.9899999999999998, 0.9899999999999995, 0.99, 0.99, 0.9899999999999995]
    assert coupling_coordination([nearly]).coupling[0] <= 1


def test_tiny_subsystems_do_not_underflow():
    c, _, d = coupling_coordination([[1e-200, 4e-200]])
    assert c == pytest.approx([0.8])
    assert d == pytest.approx([np.sqrt(0.8 * 2.5e-200)])


def test_weights_enter_coordination_only():
    u = [[0.2, 0.8], [0.5, 0.1]]
    plain, weighted = coupling_coordination(u), coupling_coordination(u, weights=[3, 1])
    assert np.array_equal(plain.coupling, weighted.coupling)
    assert weighted.coordination == pytest.approx([0.35, 0.4])
    assert weighted.degree == pytest.approx(np.sqrt(plain.coupling * [0.35, 0.4]))


@pytest.mark.parametrize(
    ("u", "options", "message"),
    [
        ([0.5, 0.5], {}, r"u must have shape \(n_rows, n_systems\)"),
        ([[0.5]], {}, "u must have at least 2 columns"),
        ([[0.5, 1.5]], {}, r"u must lie in \[0, 1\]: row 0, column 1 holds 1.5"),
        ([[0.5, 0.5], [-0.1, 0.5]], {}, r"u must lie in \[0, 1\]: row 1, column 0 holds -0.1"),
        ([[0.5, np.nan]], {}, "u must be finite: row 0, column 1 holds nan"),
        ([[0.5, 0.5]], {"weights": [1.0]}, r"weights must have shape \(2,\)"),
        ([[0.5, 0.5]], {"weights": [1.0, -1.0]}, "weights must not be negative: row 1"),
        ([[0.5, 0.5]], {"weights": [0.0, 0.0]}, "weights must not all be zero"),
        ([[0.5, 0.5]], {"variant": "Wang"}, "variant must be 'standard', 'wang' or 'fan'; got 'Wang'"),
    ],
)
def test_what_is_refused(u, options, message):
    with pytest.raises(ValueError, match=message):
        coupling_coordination(u, **options)
