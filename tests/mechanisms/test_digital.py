"""Diffusion after Bass, and the data stock of adopters."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.mechanisms.digital import adopt_digital, adoption_hazard, data_created

steady = settings(derandomize=True, deadline=None, max_examples=60)
share = st.floats(0, 1)
external = st.floats(0.005, 0.03)
internal = st.floats(0.1, 0.5)


def diffusion(p, q, quarters):
    """Share of adopters by quarter when everybody meets the hazard of the law."""
    path = [0.0]
    for _ in range(quarters):
        path.append(path[-1] + (1 - path[-1]) * adoption_hazard(path[-1], p, q))
    return np.array(path)


def bass(p, q, years):
    """Bass (1969): the share of adopters in continuous time."""
    fading = np.exp(-(p + q) * years)
    return (1 - fading) / (1 + q / p * fading)


def test_by_hand():
    assert adoption_hazard(0.5, 0.02, 0.4) == pytest.approx(0.055, abs=1e-15)


@steady
@given(share, share, external, internal)
def test_the_hazard_rises_with_adopters_and_is_a_probability(a, b, p, q):
    few, many = sorted((a, b))
    assert 0.0 < adoption_hazard(few, p, q) <= adoption_hazard(many, p, q) < 1.0
    assert adoption_hazard(0.0, p, q) == p / 4
    assert adoption_hazard(few, p, 0.0) == p / 4  # the neutral form: nobody imitates


def test_hazards_add_up_to_the_curve_of_bass():
    years = np.arange(161) / 4
    path = diffusion(0.015, 0.22, 160)
    assert np.abs(path - bass(0.015, 0.22, years)).max() < 0.02
    steepest = years[np.diff(path).argmax()]
    assert steepest == pytest.approx(math.log(0.22 / 0.015) / 0.235, abs=0.75)


def test_without_imitation_diffusion_is_concave_and_closed_form():
    path = diffusion(0.03, 0.0, 80)
    np.testing.assert_allclose(path, 1 - (1 - 0.03 / 4) ** np.arange(81), atol=1e-14)
    assert (np.diff(path, 2) < 0).all()
    assert (np.diff(diffusion(0.015, 0.22, 12), 2) > 0).all()  # with it, it starts convex


@steady
@given(st.floats(0.02, 0.1), st.floats(0.1, 10))
def test_the_data_stock_tends_to_relative_sales(turnover, sales):
    stock = 1.0
    for _ in range(2000):
        stock += data_created(sales, turnover) - turnover * stock
    assert stock == pytest.approx(sales, rel=1e-9)
    assert data_created(1.0, turnover) == turnover
    assert data_created(0.0, turnover) == pytest.approx(0.1 * turnover)


def test_a_fresh_adopter_has_one_unit_of_data(acted, setting, living):
    """With a hazard above one everybody adopts in the quarter."""
    fresh = setting(firms__is_adopter=0, firms__data=0.0, firms__staff=20.0, provinces__digital_start=1e4)
    firms = living(acted(adopt_digital, change=fresh).firms)
    assert (firms["is_adopter"] == 1).all()
    assert (firms["data"] == 1.0).all()
    assert (firms["data_created"] == 1.0).all()
    assert (firms["data_lost"] == 0.0).all()


def test_data_moves_by_what_is_created_and_lost(acted, setting, living):
    old = setting(firms__is_adopter=1, firms__data=2.0)
    firms = living(acted(adopt_digital, change=old).firms)
    assert firms["data_lost"] == pytest.approx(0.05 * 2.0)
    np.testing.assert_allclose(firms["data"], 2.0 + firms["data_created"] - firms["data_lost"], rtol=1e-15)


def test_the_weight_of_digital_factors_grows_to_its_top(acted, setting, living):
    adopted = setting(firms__is_adopter=1, firms__digital_weight=0.115)
    once = living(acted(adopt_digital, change=adopted).firms)["digital_weight"]
    assert once == pytest.approx(0.12)
    others = setting(firms__is_adopter=0, firms__digital_weight=0.05, provinces__digital_start=0.0)
    assert (living(acted(adopt_digital, change=others).firms)["digital_weight"] == 0.05).all()


def test_small_firms_adopt_later(acted, setting, living):
    """The same draws: whoever adopts as a small firm would have adopted as a large one."""
    counts = {}
    for staff in (5.0, 50.0):
        change = setting(
            firms__is_adopter=0, firms__data=0.0, firms__staff=staff, provinces__digital_start=30.0
        )
        counts[staff] = living(acted(adopt_digital, change=change).firms)["is_adopter"]
    assert (counts[5.0] <= counts[50.0]).all()
    assert counts[5.0].sum() < counts[50.0].sum()
