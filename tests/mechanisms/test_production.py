"""The nested CES."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.mechanisms.production import capital_labour, potential_output, set_capacity

steady = settings(derandomize=True, deadline=None, max_examples=60)
amount = st.floats(0.01, 100)
weight = st.floats(0.01, 0.3)
ease = st.floats(0.1, 0.6)


def test_by_hand():
    assert capital_labour(4.0, 1.0, 0.5) == pytest.approx(2, rel=1e-14)
    assert potential_output(0.0, 2.0, 2.0, 0.1, 0.3) == pytest.approx(2, rel=1e-13)


@steady
@given(amount, amount, st.floats(0.3, 0.5), st.floats(0.1, 10))
def test_the_bundle_has_constant_returns(capital, labour, alpha, factor):
    doubled = capital_labour(factor * capital, factor * labour, alpha)
    assert doubled == pytest.approx(factor * capital_labour(capital, labour, alpha), rel=1e-12)
    assert capital_labour(capital, capital, alpha) == pytest.approx(capital, rel=1e-12)
    assert capital_labour(0.0, labour, alpha) == 0.0 == capital_labour(capital, 0.0, alpha)


@steady
@given(st.floats(-2, 2), amount, amount, weight, ease)
def test_output_is_a_mean_of_its_factors_times_productivity(log_tfp, bundle, digital, gamma, s):
    output = potential_output(log_tfp, bundle, digital, gamma, s) / math.exp(log_tfp)
    assert min(bundle, digital) * (1 - 1e-9) <= output <= max(bundle, digital) * (1 + 1e-9)
    assert potential_output(log_tfp, bundle, bundle, gamma, s) == pytest.approx(
        bundle * math.exp(log_tfp), rel=1e-9
    )
    assert potential_output(0.0, bundle, digital, 0.0, s) == pytest.approx(bundle, rel=1e-9)


@steady
@given(amount, amount, weight, ease, st.floats(0.1, 10))
def test_output_has_constant_returns_and_rises_with_each_factor(bundle, digital, gamma, s, factor):
    output = potential_output(0.0, bundle, digital, gamma, s)
    doubled = potential_output(0.0, factor * bundle, factor * digital, gamma, s)
    assert doubled == pytest.approx(factor * output, rel=1e-9)
    assert potential_output(0.0, bundle, 1.1 * digital, gamma, s) > output
    assert potential_output(0.0, 1.1 * bundle, digital, gamma, s) > output


def of_2012(state):
    """Every firm has the capital and the technology of 2012 and no digital factors."""
    home = state.firms["province"]
    state.firms["staff"] = 12.0
    state.firms["capital"] = 12.0 * state.provinces["capital_per_head_start"][home]
    state.firms["log_tfp"] = 0.0
    state.firms["digital_input"] = 1.0
    state.firms["disruption"] = 0.0


def test_the_mean_firm_of_2012_makes_the_output_of_its_staff(acted, living):
    state = acted(set_capacity, change=of_2012)
    firms = living(state.firms)
    home = state.provinces[firms["province"]]
    np.testing.assert_allclose(
        firms["capacity"], 12.0 * home["output_scale"] * home["output_per_head_start"], rtol=1e-12
    )


def test_adoption_adds_output(acted, living):
    def adopted(state):
        of_2012(state)
        state.firms["digital_input"] = 5.0
        state.firms["digital_weight"] = 0.05

    with_data = living(acted(set_capacity, change=adopted).firms)["capacity"]
    without = living(acted(set_capacity, change=of_2012).firms)["capacity"]
    assert with_data / without == pytest.approx((0.95 + 0.05 * 5**0.3) ** (1 / 0.3), rel=1e-12)


def test_nobody_no_output(acted, setting, living):
    assert (living(acted(set_capacity, change=setting(firms__staff=0.0)).firms)["capacity"] == 0.0).all()
