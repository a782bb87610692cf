"""Building for what others ask for: the law, the fixed point it comes to, and the cobweb on the way."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.mechanisms.compute import allocate_compute
from nqpf_abm.mechanisms.duplication import hosting, hosting_expected, next_signal

steady = settings(derandomize=True, deadline=None, max_examples=100)
HEADROOM = 1.3
amount = st.floats(0.01, 100)


def test_by_hand():
    assert hosting_expected(1.0, 11.0, 10.0, 0.5) == pytest.approx(0.5, rel=1e-15)
    assert hosting_expected(1.0, 11.0, 0.0, 0.5) == 5.5
    assert hosting(1.8, 1.0, HEADROOM) == pytest.approx(0.5, rel=1e-15)
    assert next_signal(0.2, 1.0, 0.25) == pytest.approx(0.4, rel=1e-15)


@steady
@given(amount, amount, st.floats(0, 100), st.floats(0, 1), st.floats(0.1, 10))
def test_what_is_hoped_for_is_homogeneous_and_falls_with_rivals(own, elsewhere, rivals, imitation, factor):
    hoped = hosting_expected(own, elsewhere, rivals, imitation)
    assert 0.0 <= hoped <= imitation * elsewhere * (1 + 1e-12)
    grown = hosting_expected(factor * own, factor * elsewhere, factor * rivals, imitation)
    assert grown == pytest.approx(factor * hoped, rel=1e-9)
    assert hosting_expected(own, elsewhere, rivals + 1.0, imitation) <= hoped


@steady
@given(amount, st.lists(amount, min_size=2, max_size=12))
def test_where_all_host_hopes_without_rashness_share_the_whole_by_size(scale, sizes):
    """With ι = 1 and every other a host, each counts on the demand of the others in proportion to its own."""
    own = scale * np.array(sizes)
    hoped = [hosting_expected(d, own.sum() - d, own.sum() - d, 1.0) for d in own]
    np.testing.assert_allclose(hoped, own * (1 - own / own.sum()), rtol=1e-12)


def rest(imitation, others=11):
    """Hosting at which what is built is what is hoped for: x (1 + m x) = h ι m, m others of the same size."""
    return (math.sqrt(1.0 + 4.0 * others**2 * HEADROOM * imitation) - 1.0) / (2.0 * others)


def rounds(start, imitation, count, signal_speed=1.0, others=11):
    """Hosting of twelve equal provinces, each round built anew from what was seen; shape (count + 1,)."""
    seen, path = start, [start]
    for _ in range(count):
        hoped = hosting_expected(1.0, others, others * seen, imitation)
        path.append(hosting(HEADROOM * (1.0 + hoped), 1.0, HEADROOM))
        seen = next_signal(seen, path[-1], signal_speed)
    return np.array(path)


@pytest.mark.parametrize("imitation", [0.1, 0.3, 0.5])
def test_cobweb(imitation):
    """Deviations change sign each round and shrink by the slope of the law at rest, -m x / (1 + m x)."""
    x = rest(imitation)
    gap = rounds(x + 1e-5, imitation, 12) - x
    slope = -11 * x / (1 + 11 * x)
    np.testing.assert_allclose(gap[1:] / gap[:-1], slope, rtol=1e-3)
    far = np.abs(rounds(x + 0.05, imitation, 200) - x)
    assert far[-1] < 1e-3 * far[0]


@pytest.mark.parametrize("imitation", [0.1, 0.5])
def test_who_looks_longer_swings_less(imitation):
    """With v of the news taken in a round the slope is 1 - v (1 - T'): at v = 1 / (1 - T') the swings are gone."""
    x = rest(imitation)
    slope = -11 * x / (1 + 11 * x)
    gap = rounds(x + 1e-5, imitation, 8, signal_speed=0.25) - x
    np.testing.assert_allclose(gap[2:] / gap[1:-1], 1 - 0.25 * (1 - slope), rtol=1e-3)
    calm = rounds(x + 1e-5, imitation, 8, signal_speed=1 / (1 - slope)) - x
    assert np.abs(calm[2:]).max() < 1e-3 * abs(calm[1])


def alike(state):
    """Twelve provinces with the same demand, which stays what it is: nobody is a host yet, all are seen as one."""
    alive = state.firms["is_alive"] == 1
    home = state.firms["province"][alive]
    state.firms["compute_wanted"] = 0.0
    state.firms["compute_wanted"][alive] = 1.0
    heads = np.bincount(
        home, weights=state.firms["staff"][alive] * state.provinces["weight"][home], minlength=12
    )
    state.provinces["weight"] *= heads.mean() / heads
    state.provinces["compute_demand"] = state.provinces["compute_start"] = heads.mean()
    state.provinces["compute_installed"] = HEADROOM * heads.mean()
    state.provinces["hosting_seen"] = 1.0


@pytest.mark.parametrize("imitation", [0.0, 0.2, 0.5])
def test_operators_come_to_the_rest_of_the_law(acted, imitation):
    """After fifteen years of the same demand; the vacancy is what follows from that hosting."""
    settings = {"duplication.imitation": imitation}
    provinces = acted(*[allocate_compute] * 60, change=alike, settings=settings).provinces
    x = rest(imitation) if imitation else 0.0
    built = provinces["compute_installed"] / provinces["compute_used"]
    np.testing.assert_allclose(built, HEADROOM + x, rtol=1e-3)
    np.testing.assert_allclose(provinces["hosting_seen"], x, atol=1e-3)


def test_off_is_without_imitation(acted):
    without, off = (
        acted(*[allocate_compute] * 3, settings=changes).provinces
        for changes in ({"duplication.imitation": 0.0}, {"M91": "off"})
    )
    for column in ("compute_installed", "compute_investment", "hosting_seen"):
        assert np.array_equal(without[column], off[column])
    assert (
        acted(*[allocate_compute] * 3).provinces["compute_installed"].sum()
        > 1.05 * off["compute_installed"].sum()
    )


def test_a_single_province_has_nobody_to_build_for():
    assert hosting_expected(5.0, 0.0, 0.0, 1.0) == 0.0
    assert hosting_expected(0.0, 0.0, 0.0, 1.0) == 0.0
