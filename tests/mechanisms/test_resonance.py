"""Resonance of three efficiencies: none below a threshold, none without institutions, and 2012 is the measure."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.mechanisms.research import search
from nqpf_abm.mechanisms.resonance import coupling_degree, resonance, resonate
from nqpf_abm.numerics.mathx import hill

steady = settings(derandomize=True, deadline=None, max_examples=60)
positive = st.floats(0.02, 1)


def test_by_hand():
    assert coupling_degree(0.25, 0.25, 0.25) == pytest.approx(0.5, rel=1e-12)
    coupled = 3 * 0.008 ** (1 / 3) / 0.7
    assert coupling_degree(0.1, 0.2, 0.4) == pytest.approx((coupled * 0.7 / 3) ** 0.5, rel=1e-12)
    assert resonance(1.0, 0.5, 0.5, 0.5) == 1.125


@steady
@given(positive, positive, positive)
def test_efficiencies_out_of_step_are_coupled_less_than_in_step(a, b, c):
    degree = coupling_degree(a, b, c)
    assert 0.0 < degree <= ((a + b + c) / 3) ** 0.5 + 1e-12
    assert degree == pytest.approx(coupling_degree(c, a, b), rel=1e-9)


@steady
@given(st.floats(0.15, 0.5), positive, positive, st.floats(0, 0.499))
def test_an_efficiency_below_half_of_its_threshold_leaves_less_than_five_per_cent(threshold, b, c, below):
    """M22: of the largest resonance there is, all three at 1 (Ω-1 = ω_R D ΠH(E) H(Z))."""

    def gained(*e):
        passed = np.prod([hill(x, threshold, 6.0) for x in e])
        return resonance(1.0, coupling_degree(*e), passed, 1.0) - 1.0

    assert gained(max(below * threshold, 1e-3), b, c) < 0.05 * gained(1.0, 1.0, 1.0)


def of(acted, change=None, **changes):
    return acted(resonate, change=change, settings=changes).provinces["resonance"]


def test_resonance_is_there_at_default_and_differs_between_provinces(acted):
    omega = of(acted)
    assert (omega > 1.0).all()
    assert np.ptp(omega) > 0.1


def test_switched_off_or_of_strength_zero_there_is_none(acted):
    np.testing.assert_array_equal(of(acted, M21="off"), 1.0)
    np.testing.assert_array_equal(of(acted, **{"resonance.strength": 0.0}), 1.0)


@pytest.mark.parametrize("mechanism", ["M22", "M23"])
def test_without_threshold_or_institutions_there_is_more(acted, mechanism):
    assert (of(acted, **{mechanism: "off"}) > of(acted)).all()


def test_M22_off_a_low_efficiency_matters_by_its_coupling_alone(acted, setting):
    def change(state):
        state.provinces["efficiency"] = [0.02, 0.5, 0.5]

    assert (of(acted, change) < 1.001).all()
    assert (of(acted, change, M22="off") > 1.05).all()


def test_M23_off_institutions_do_not_matter(acted, setting):
    low, high = (of(acted, setting(provinces__institutions=z), M23="off") for z in (0.1, 0.9))
    np.testing.assert_array_equal(low, high)
    low, high = (of(acted, setting(provinces__institutions=z)) for z in (0.1, 0.9))
    assert (low < high).all()


def test_search_is_measured_against_the_mean_resonance_of_2012(acted, living, setting):
    def odds(omega, start):
        change = setting(provinces__resonance=omega, world__resonance_start=start)
        return living(acted(search, change=change).firms)["success_probability"]

    np.testing.assert_allclose(odds(1.3, 1.3), odds(1.0, 1.0), rtol=1e-12)
    assert (odds(1.5, 1.3) >= odds(1.3, 1.3)).all()
    assert odds(1.5, 1.3).mean() > 1.1 * odds(1.3, 1.3).mean()


def test_mean_success_of_2012_is_the_declared_one(small):
    from nqpf_abm import Ecosystem

    model = Ecosystem(seed=3, quarters=4, set=small)
    model._quarter()
    firms = model.state.firms[model.state.firms["is_alive"] == 1]
    assert firms["success_probability"].mean() == pytest.approx(0.08, rel=0.05)
