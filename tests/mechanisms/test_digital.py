"""Diffusion after Bass, the weight of digital factors, and sales online."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.data.places import load_regions
from nqpf_abm.declare import Parameters
from nqpf_abm.engine.run import run_phase
from nqpf_abm.mechanisms import topics
from nqpf_abm.mechanisms.digital import adopt_digital, adoption_hazard, online_share
from nqpf_abm.mechanisms.survey import survey_provinces
from nqpf_abm.numerics.draws import make_key
from nqpf_abm.state.initial import initial_state

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


def test_sales_move_online_bit_by_bit():
    assert online_share(0.1, 1.0, 0.3, 0.05) == pytest.approx(0.11, rel=1e-14)
    share = 0.0
    for _ in range(400):
        share = online_share(share, 0.8, 0.25, 0.05)
    assert share == pytest.approx(0.2, rel=1e-6)


def test_adopters_alone_sell_online_and_more_where_the_endowment_is_better(acted, setting, living):
    shares = []
    for endowment in (0.5, 1.5):
        change = setting(
            firms__online_share=0.0, firms__data=1.0, provinces__digital_start=endowment, firms__staff=20.0
        )
        firms = living(acted(adopt_digital, change=change, settings={"digital.external": 0.005}).firms)
        assert (firms["online_share"][firms["is_adopter"] == 0] == 0.0).all()
        shares.append(firms["online_share"][firms["is_adopter"] == 1].mean())
    assert shares[1] == pytest.approx(3 * shares[0], rel=1e-12)


def test_everybody_adopts_where_the_hazard_is_certain(acted, setting, living):
    fresh = setting(firms__is_adopter=0, firms__data=0.0, firms__staff=20.0, provinces__digital_start=1e4)
    assert (living(acted(adopt_digital, change=fresh).firms)["is_adopter"] == 1).all()


def test_adoption_of_many_alike_firms_follows_the_curve_of_bass():
    """Some thousands of firms in one world, ten years: within Monte Carlo error of the closed form."""
    p, q, years = 0.03, 0.4, 10
    changes = {"start.firms": 4000, "digital.external": p, "digital.internal": q, "digital.reach": 0.6}
    parameters = Parameters(topics(), changes)
    regions = load_regions(None).columns
    state = initial_state(regions, parameters, 5, 1.0, 1, np.ones(1))
    state.firms["is_adopter"] = 0
    state.firms["staff"] = 20.0
    state.provinces["digital_start"] = 1.0
    state.provinces["institutions"] = parameters.values["start.institutions_2"]
    count = int((state.firms["is_alive"] == 1).sum())
    path = [0.0]
    for quarter in range(4 * years):
        run_phase(survey_provinces, state, make_key(5, quarter))
        state.provinces["adopter_share"] = state.world["adopter_share"]  # they imitate all alike
        run_phase(adopt_digital, state, make_key(5, quarter))
        path.append(state.firms["is_adopter"][state.firms["is_alive"] == 1].mean())
    expected = diffusion(p, q, 4 * years)
    noise = np.sqrt(expected * (1 - expected) / count).max()
    # Early luck is multiplied by imitation, at most by the steepest slope over the first hazard.
    assert np.abs(np.array(path) - expected).max() < 4 * noise * (1 + q / (p + q))
    assert np.abs(np.array(path) - bass(p, q, np.arange(4 * years + 1) / 4)).max() < 0.03 + 8 * noise


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
