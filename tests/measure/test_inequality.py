import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nqpf_abm.measure import theil

MEXICO = json.loads((Path(__file__).parent / "published" / "mexican_states.json").read_text())


@pytest.mark.parametrize("decade", range(7))
def test_income_of_mexican_states(decade):
    d = theil(MEXICO["income"][decade], MEXICO["regions"])
    assert d.between == pytest.approx(MEXICO["between"][decade], abs=MEXICO["tolerance"])
    assert d.within == pytest.approx(MEXICO["within"][decade], abs=MEXICO["tolerance"])


def test_eighteen_people_in_two_groups():
    # Documentation of the R package mathmodels (zhjx19/mathmodels, docs/reference/inequality.md).
    x = [10, 10, 8, 8, 8, 8, 6, 6, 6, 6, 6, 6, 4, 4, 4, 4, 2, 2]
    groups = ["A"] * 2 + ["B"] * 10 + ["A"] * 6
    d = theil(x, groups)
    assert tuple(d) == pytest.approx((0.07907822, 0.0677983, 0.01127992), abs=6e-9)
    of = [
        theil([v for v, g in zip(x, groups, strict=True) if g == name], [1] * groups.count(name))
        for name in "AB"
    ]
    assert [part.theil for part in of] == pytest.approx([0.1656871, 0.01021666], abs=6e-8)


VALUES = st.lists(st.floats(0.01, 1e6), min_size=2, max_size=20)


@given(VALUES, st.integers(0, 2**32), st.floats(1e-6, 1e6))
def test_parts_add_up_and_units_do_not_matter(values, seed, unit):
    groups = np.random.default_rng(seed).integers(0, 3, len(values))
    d = theil(values, groups)
    assert d.theil == pytest.approx(d.within + d.between, abs=1e-12)
    assert 0 <= d.theil <= np.log(len(values)) + 1e-12
    assert tuple(theil(np.multiply(values, unit), groups)) == pytest.approx(tuple(d), abs=1e-10)


def test_against_the_formula_and_with_zeros():
    x, groups = np.array([0.0, 1.0, 2.0, 5.0]), ["a", "a", "b", "b"]
    s = x[1:] / x.sum()
    assert theil(x, groups).theil == pytest.approx((s * np.log(4 * s)).sum(), abs=1e-12)
    assert np.isnan(theil([0, 0], ["a", "b"])).all()
    assert theil([3, 3, 3], [1, 2, 2]) == pytest.approx((0, 0, 0), abs=1e-15)


def test_refusals():
    with pytest.raises(ValueError, match="must not be negative"):
        theil([1, -1], ["a", "b"])
    with pytest.raises(ValueError, match="one label per row"):
        theil([1, 2], ["a"])
