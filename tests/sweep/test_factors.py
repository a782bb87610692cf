"""Factors: from the unit interval to values and back, within declared ranges only."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nqpf_abm import InputError
from nqpf_abm.declare import Parameters
from nqpf_abm.mechanisms import topics
from nqpf_abm.state.instruments import INSTRUMENTS, TOPICS
from nqpf_abm.sweep.factors import LEFT_OUT, Factor, all_factors, factor_of, settings_of


def test_worked_examples():
    assert Factor("a", "parameter", 1.0, 100.0, "1", scale="log").natural(0.5) == pytest.approx(10)
    discrete = Factor("c", "parameter", 4.0, 12.0, "1", values=(4.0, 8.0, 12.0))
    assert discrete.natural(np.array([0, 0.3, 0.34, 0.5, 0.67, 1])).tolist() == [4, 4, 8, 8, 12, 12]
    assert discrete.unit_of(np.array([4.0, 5.0, 12.0]))[[0, 2]].tolist() == [1 / 6, 5 / 6]
    assert np.isnan(discrete.unit_of(np.array([5.0]))).all()


@given(st.floats(0, 1), st.sampled_from(["linear", "log"]))
def test_values_stay_in_the_range_and_lead_back(u, scale):
    factor = Factor("a", "parameter", 0.035, 0.2, "1", scale=scale)
    x = factor.natural(np.array([u]))
    assert 0.035 <= x[0] <= 0.2
    assert factor.unit_of(x)[0] == pytest.approx(u, abs=1e-12)


def test_a_block_takes_declared_ranges_unless_it_gives_its_own():
    declared = next(r for r in Parameters(topics()).table() if r["name"] == "leadership.openness")
    whole = factor_of("x", {"parameter": "leadership.openness"})
    assert (whole.low, whole.high, whole.unit) == (declared["low"], declared["high"], declared["unit"])
    own = factor_of(
        "x", {"parameter": "leadership.openness", "range": [0.6, 0.7], "scale": "log", "group": "g"}
    )
    assert (own.low, own.high, own.scale, own.group) == (0.6, 0.7, "log", "g")


def test_settings_are_those_of_parameters_switches_and_policies():
    factors = (
        factor_of("x", {"parameter": "leadership.openness"}),
        factor_of("x", {"switch": "6"}),
        factor_of("x", {"policy": "M72", "from": 2014, "until": 2016, "echelons": [1]}),
    )
    changes, plans = settings_of(factors, (0.6, 1.0, 0.25))
    assert changes == {"leadership.openness": 0.6, "M06": True}
    assert [(p.instrument, p.strength, p.start, p.end, p.echelons) for p in plans] == [
        ("M72", 0.25, 2014, 2016, (1,))
    ]
    assert settings_of(factors, (0.6, 0.0, 0.0)) == ({"leadership.openness": 0.6, "M06": False}, ())


def test_all_are_the_declared_parameters_without_those_of_idle_instruments_and_paths():
    names = {factor.name for factor in all_factors(["shock", "leadership.openness"])}
    declared = {row["name"] for row in Parameters(topics()).table()}
    assert names < declared
    assert not names & {"leadership.openness", *LEFT_OUT}
    assert not any(
        name.startswith(("shock.", "govern.", "adoption.", "funnel.", "proving.")) for name in names
    )
    of_one_path = {factor.name for factor in all_factors([], paths=["funnel"])}
    assert {name.split(".")[0] for name in of_one_path} >= {"adoption", "funnel"}
    assert not any(name.startswith(("equity.", "proving.")) for name in of_one_path)
    of_one_instrument = {factor.name.split(".")[0] for factor in all_factors([], ["M72"])}
    assert of_one_instrument & {"govern", *TOPICS} == {"govern", "procurement"}
    every_path = {topic.name for topic in topics() if any(m.layer == "D" for m in topic.mechanisms)}
    with_policies = {factor.name for factor in all_factors([], INSTRUMENTS, every_path)}
    assert with_policies == {
        row["name"]
        for row in Parameters(topics()).table()
        if row["low"] < row["high"] and row["name"] not in LEFT_OUT
    }


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ({}, "give one of parameter, switch, policy; got none"),
        ({"parameter": "leadership.opennes"}, "did you mean 'leadership.openness'"),
        ({"parameter": "openness"}, "did you mean 'leadership.openness'"),
        ({"parameter": "M06"}, "switch = 'M06'"),
        ({"parameter": "leadership.openness", "range": [0.6, 95]}, r"\[0.5, 0.95\].*got 95.*percentage"),
        ({"parameter": "leadership.openness", "range": [0.7, 0.6]}, "low < high"),
        ({"parameter": "leadership.openness", "range": ["a", "b"]}, "list of numbers"),
        ({"parameter": "leadership.openness", "scale": "sqrt"}, "linear, log, got 'sqrt'"),
        ({"parameter": "leadership.identification", "scale": "log"}, "above 0"),
        ({"parameter": "leadership.openness", "values": [0.6]}, "two or more"),
        ({"parameter": "leadership.openness", "values": [0.6, 0.7], "range": [0.6, 0.7]}, "not both"),
        ({"parameter": "leadership.openness", "rnge": [0.6, 0.7]}, "did you mean 'range'"),
        ({"switch": "M999"}, "no mechanism 'M999'"),
        ({"switch": "M06", "range": [0, 1]}, "off or on"),
        ({"policy": "M72"}, "key 'from': missing"),
        ({"policy": "M06", "from": 2012, "until": 2013}, "policy instrument"),
    ],
)
def test_what_is_no_factor_is_refused(block, words):
    with pytest.raises(InputError, match=words):
        factor_of("study.toml, [[factor]] 1", block)
