"""What firms give costs them, and what comes back reaches staff, partners and founders."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.mechanisms.absorption import absorb_knowledge
from nqpf_abm.mechanisms.finance import pay
from nqpf_abm.mechanisms.leadership import follow_leader, lead
from nqpf_abm.mechanisms.responsibility import (
    next_culture,
    raised_spillover,
    shape_culture,
    smoothed_responsibility,
    social_spending,
)
from nqpf_abm.state.accounts import RESPONSIBILITY

steady = settings(derandomize=True, deadline=None, max_examples=60)


def test_by_hand():
    assert social_spending(50.0, 0.02) == 1.0
    assert social_spending(-50.0, 0.02) == 0.0
    assert smoothed_responsibility(1.0, 0.006, 0.003, 0.125) == pytest.approx(1.125)
    assert raised_spillover(0.1, 1.0, 0.1) == pytest.approx(0.11)
    assert next_culture(1.0, 1.0, 0.1, 0.05) == pytest.approx(1.005)


@steady
@given(st.floats(0, 3), st.floats(0, 1), st.floats(0.05, 0.5))
def test_reputation_moves_towards_what_is_given(before, given_share, memory):
    target = min(given_share / 0.003, 3.0)
    after = smoothed_responsibility(before, given_share, 0.003, memory)
    assert min(before, target) - 1e-12 <= after <= max(before, target) + 1e-12


@steady
@given(st.floats(0.5, 2), st.floats(0, 3), st.floats(0, 0.3))
def test_culture_rests_where_responsibility_leads(culture, responsibility, strength):
    for _ in range(600):
        culture = next_culture(culture, responsibility, strength, 0.05)
    assert culture == pytest.approx(1 + strength * responsibility, abs=1e-9)


@pytest.mark.parametrize("switch", ["on", "off"])
def test_M16_off_firms_give_nothing_and_nobody_answers(acted, living, setting, switch):
    on = switch == "on"
    paid = living(acted(pay, change=setting(firms__flow=0.0), settings={"M16": switch}).firms)
    assert (paid["flow"][:, RESPONSIBILITY].sum() > 0) == on
    if on:
        good = paid["profit"] > 0
        expected = 0.02 * 0.8 * paid["profit"][good]
        np.testing.assert_allclose(paid["flow"][good, RESPONSIBILITY], expected, rtol=1e-9)
    mean, kind = (setting(firms__responsibility=x, provinces__responsibility=x) for x in (0.0, 1.0))
    for phases, table, column in (
        ((lead, follow_leader), "teams", "orientation"),
        ((absorb_knowledge,), "firms", "log_tfp"),
        ((shape_culture,), "provinces", "culture"),
    ):
        a, b = (
            getattr(acted(*phases, change=change, settings={"M16": switch}), table)[column]
            for change in (mean, kind)
        )
        assert (not np.array_equal(a, b)) == on, column
