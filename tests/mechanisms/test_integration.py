"""Matching of vacancies with people, and of collateral with credit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.mechanisms.credit import ask_for_credit
from nqpf_abm.mechanisms.integration import matches, reach, search_time
from nqpf_abm.mechanisms.labour import match_jobs

steady = settings(derandomize=True, deadline=None, max_examples=60)
number = st.floats(0, 1e4)


def test_by_hand():
    assert reach(0.5, 0.5) == 1.25
    assert matches(0.5, 400.0, 100.0) == 100.0
    assert matches(0.3, 400.0, 100.0) == pytest.approx(60.0)


@steady
@given(st.floats(0.1, 2), number, number, st.floats(0.1, 10))
def test_constant_returns_and_never_more_than_there_are(efficiency, idle, vacancies, size):
    found = matches(efficiency, idle, vacancies)
    assert 0.0 <= found <= min(idle, vacancies)
    assert matches(efficiency, size * idle, size * vacancies) == pytest.approx(size * found, rel=1e-9)
    assert found <= matches(efficiency, idle + 1, vacancies + 1) + 1e-9


@steady
@given(st.floats(1e-9, 1 - 1e-9), st.floats(0.5, 2))
def test_those_with_more_reach_wait_less(u, weight):
    assert 0 < search_time(u, 2 * weight) < search_time(u, weight)


def hungry(level):
    def change(state):
        state.firms["layoffs"] = 0
        state.firms["vacancies"] = 2
        state.entrepreneurs["cognition"] = level

    return change


@pytest.mark.parametrize("switch", ["on", "off"])
def test_M14_off_matching_does_not_look_at_entrepreneurs(acted, living, switch):
    calm, bold = (
        acted(match_jobs, change=hungry(x), settings={"M14": switch, "integration.matching": 0.3}).provinces
        for x in (0.0, 1.0)
    )
    assert (calm["matches"].sum() == bold["matches"].sum()) == (switch == "off")
    assert calm["matches"].sum() <= bold["matches"].sum()
    slow, fast = (
        living(
            acted(
                ask_for_credit,
                change=lambda s, x=x: s.entrepreneurs.__setitem__("cognition", x),
                settings={"M14": switch, "M98": "off"},
            ).firms
        )["credit_line"]
        for x in (0.0, 1.0)
    )
    assert np.array_equal(slow, fast) == (switch == "off")
    if switch == "on":
        np.testing.assert_allclose(fast, 1.5 * slow, rtol=1e-12)
