"""Trust follows how digital firms fare; rights to data and the patience of capital follow trust."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.mechanisms.launching import launch
from nqpf_abm.mechanisms.trust import next_rights, next_trust, patience, weigh_policy

steady = settings(derandomize=True, deadline=None, max_examples=60)
share = st.floats(0, 1)


def test_by_hand():
    assert next_trust(0.6, 0.09, 0.1, 3.0, 3.0, 0.1) == pytest.approx(0.5952, rel=1e-12)
    assert next_rights(0.3, 0.3, 0.3, 0.6, 0.125) == pytest.approx(0.28125, rel=1e-12)
    assert patience(0.3, 0.6, 1.0) == 0.5


@steady
@given(share, st.floats(1e-3, 1), st.floats(0, 20), st.floats(0, 0.3))
def test_trust_stays_where_expectations_are_met_and_within_bounds(trust, odds, cases, gain):
    assert next_trust(trust, odds, odds, cases, 3.0, gain) == trust
    assert 0.0 <= next_trust(trust, 10 * odds, odds, cases, 3.0, gain) <= 1.0
    assert next_trust(trust, 0.5 * odds, odds, cases, 3.0, gain) <= trust


@steady
@given(share, share)
def test_capital_is_as_patient_as_in_2012_where_trust_is(trust, elasticity):
    assert patience(0.6, 0.6, elasticity) == pytest.approx(1.0, rel=1e-12)
    assert 0.3 <= patience(trust, 0.6, elasticity) <= 1.5


def weighed(acted, setting, odds, switch="on"):
    change = setting(
        provinces__expected_odds=0.1,
        firms__success_probability=odds,
        firms__is_adopter=1,
        provinces__trust=0.6,
    )
    return acted(weigh_policy, change=change, settings={"M47": switch}).provinces


def test_disappointed_provinces_lose_trust_rights_and_patience(acted, setting):
    poor, rich = (weighed(acted, setting, odds) for odds in (0.05, 0.2))
    for column in ("trust", "data_rights", "patience"):
        assert (poor[column] < rich[column]).all()


def test_M47_off_trust_and_patience_stay(acted, setting):
    poor, rich = (weighed(acted, setting, odds, "off") for odds in (0.05, 0.2))
    for column in ("trust", "data_rights", "patience"):
        np.testing.assert_array_equal(poor[column], rich[column])
    np.testing.assert_array_equal(poor["patience"], 1.0)


def test_impatient_capital_launches_less(acted, living, setting):
    few, many = (
        living(acted(launch, change=setting(provinces__patience=x, firms__launching=0.1)).firms)["launched"]
        for x in (0.5, 1.0)
    )
    assert (few < many).all()
