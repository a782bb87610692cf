"""The elementary functions against decimal arithmetic, at their limits, and called from two contexts."""

import math
from decimal import Decimal, localcontext

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.numerics import mathx
from nqpf_abm.numerics.jit import OPTIONS


def ulps(found, exact):
    """Distance of a float from an exact Decimal in units in the last place."""
    return abs(Decimal(found) - exact) / Decimal(math.ulp(float(exact)))


def sample(low, high, n=1500, seed=1):
    return np.random.default_rng(seed).uniform(low, high, n)


@pytest.mark.parametrize("low, high", [(-708, 708), (-1, 1), (-1e-3, 1e-3)])
def test_exp_is_within_one_ulp(low, high):
    with localcontext() as context:
        context.prec = 40
        assert max(ulps(mathx.exp(x), Decimal(x).exp()) for x in sample(low, high)) < 1


@pytest.mark.parametrize("low, high", [(-740, 709), (-1, 1), (-1e-3, 1e-3)])
def test_log_is_within_one_ulp(low, high):
    with localcontext() as context:
        context.prec = 40
        assert max(ulps(mathx.log(x), Decimal(x).ln()) for x in np.exp(sample(low, high))) < 1


def test_cos2pi_is_within_2e16_of_the_cosine():
    for u in sample(0, 1):
        assert mathx.cos2pi(u) == pytest.approx(math.cos(2 * math.pi * u), abs=1e-15)
    assert [mathx.cos2pi(u) for u in (0.0, 0.25, 0.5, 0.75)] == pytest.approx([1, 0, -1, 0], abs=3e-16)
    assert mathx.cos2pi(7.25) == mathx.cos2pi(0.25) == mathx.cos2pi(-0.75)


def test_limits_of_exp_and_log():
    assert mathx.exp(0.0) == 1.0
    assert mathx.log(1.0) == 0.0
    assert 0.0 < mathx.exp(-1e9) == mathx.exp(-708.0) < 1e-300
    assert math.isfinite(mathx.exp(1e9))
    assert mathx.log(0.0) == -math.inf
    assert mathx.log(math.inf) == math.inf
    assert math.isnan(mathx.log(-1.0))
    assert mathx.log(5e-324) == math.log(5e-324)


@pytest.mark.parametrize("f", [mathx.exp, mathx.log, mathx.sqrt, mathx.logistic, mathx.clip01])
def test_nan_is_not_hidden(f):
    assert math.isnan(f(math.nan))


def test_nan_is_not_hidden_by_functions_of_several_arguments():
    assert math.isnan(mathx.power(math.nan, 2.0))
    assert math.isnan(mathx.power(2.0, math.nan))
    assert math.isnan(mathx.clip(math.nan, 0.0, 1.0))
    assert math.isnan(mathx.hill(math.nan, 1.0, 2.0))


def test_power():
    assert mathx.power(2.0, 10.0) == pytest.approx(1024, rel=1e-14)
    assert mathx.power(0.0, 0.5) == mathx.power(-3.0, 2.0) == 0.0
    assert mathx.power(1.0, 1e6) == mathx.power(17.0, 0.0) == 1.0
    for x, y in zip(sample(0.01, 50), sample(-5, 5, seed=2), strict=True):
        assert mathx.power(x, y) == pytest.approx(x**y, rel=1e-14)


def test_logistic_and_hill():
    assert mathx.logistic(0.0) == 0.5
    assert mathx.logistic(2.0) == pytest.approx(1 / (1 + math.exp(-2)), rel=1e-15)
    assert mathx.logistic(-800.0) < 1e-300 and mathx.logistic(800.0) == 1.0
    assert mathx.hill(3.0, 3.0, 4.0) == 0.5
    assert mathx.hill(2.0, 1.0, 2.0) == pytest.approx(4 / 5, rel=1e-14)
    assert mathx.hill(0.0, 1.0, 2.0) == mathx.hill(-1.0, 1.0, 2.0) == 0.0
    assert mathx.hill(1e300, 1e-3, 8.0) == 1.0


def test_clip_and_sqrt():
    assert [mathx.clip(x, -2.0, 3.0) for x in (-5.0, 1.0, 9.0)] == [-2.0, 1.0, 3.0]
    assert [mathx.clip01(x) for x in (-5.0, 0.25, 9.0)] == [0.0, 0.25, 1.0]
    assert [mathx.sqrt(x) for x in sample(0, 9, 50)] == [math.sqrt(x) for x in sample(0, 9, 50)]


def test_integers_count_as_numbers():
    assert mathx.exp(1) == mathx.exp(1.0)
    assert mathx.log(7) == mathx.log(7.0)
    assert mathx.power(2, 3) == mathx.power(2.0, 3.0)


@settings(max_examples=300, deadline=None)
@given(st.floats(-700, 700), st.floats(1e-9, 10))
def test_exp_logistic_and_log_never_fall(x, step):
    assert mathx.exp(x + step) >= mathx.exp(x)
    assert mathx.logistic(x + step) >= mathx.logistic(x)
    y = mathx.exp(x)
    assert mathx.log(y * (1 + step)) >= mathx.log(y)


ONE_ARGUMENT = {
    "exp": (mathx.exp, sample(-720, 720)),
    "log": (mathx.log, np.exp(sample(-740, 700))),
    "sqrt": (mathx.sqrt, sample(0, 1e6)),
    "logistic": (mathx.logistic, sample(-40, 40)),
    "cos2pi": (mathx.cos2pi, sample(-3, 3)),
    "clip01": (mathx.clip01, sample(-1, 2)),
    "power": (numba.njit(**OPTIONS)(lambda x: mathx.power(x, 1.7)), sample(-1, 30)),
    "hill": (numba.njit(**OPTIONS)(lambda x: mathx.hill(x, 2.0, 3.0)), sample(-1, 30)),
}


@pytest.mark.parametrize("name", ONE_ARGUMENT)
def test_python_and_compiled_loops_get_the_same_bits(name):
    f, xs = ONE_ARGUMENT[name]

    @numba.njit(**OPTIONS)
    def loop(xs, out):
        for i in range(xs.size):
            out[i] = f(xs[i])

    out = np.empty_like(xs)
    loop(xs, out)
    one_by_one = np.array([f(float(x)) for x in xs])
    assert (out.view(np.int64) == one_by_one.view(np.int64)).all()
