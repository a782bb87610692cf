"""Charisma draws followers, costs safety, and leaves nothing behind."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.mechanisms.charisma import internalised, leader_weight, safety_cost
from nqpf_abm.mechanisms.leadership import follow_leader, lead, take_over_spirit

steady = settings(derandomize=True, deadline=None, max_examples=60)
share = st.floats(0, 1)


def test_by_hand():
    assert leader_weight(0.6, 0.5) == pytest.approx(0.75 / 1.15, abs=1e-15)
    assert leader_weight(0.6, 0.0) == 0.6
    assert leader_weight(0.6, 1.0) == pytest.approx(0.6, abs=1e-15)
    assert safety_cost(0.5, 0.3) == pytest.approx(0.15)
    assert internalised(0.5, 0.6, 0.02, 0.5) == pytest.approx(0.501, abs=1e-15)


@steady
@given(st.floats(0, 0.6), share)
def test_moderate_charisma_draws_most_and_weights_still_sum_to_one(weight, charisma):
    drawn = leader_weight(weight, charisma)
    assert weight - 1e-12 <= drawn <= leader_weight(weight, 0.5) + 1e-12
    assert drawn < 1.0
    assert drawn == pytest.approx(leader_weight(weight, 1.0 - charisma), abs=1e-12)


@steady
@given(share, share, st.floats(0, 0.2), share)
def test_convictions_move_towards_opinions_but_never_under_full_charisma(anchor, opinion, rate, charisma):
    moved = internalised(anchor, opinion, rate, charisma)
    assert min(anchor, opinion) - 1e-15 <= moved <= max(anchor, opinion) + 1e-15
    assert internalised(anchor, opinion, rate, 1.0) == anchor


def followers(acted, setting, charisma, switch="on", **columns):
    change = setting(entrepreneurs__charisma=charisma, entrepreneurs__orientation=1.0, **columns)
    return acted(lead, follow_leader, take_over_spirit, change=change, settings={"M11": switch})


def test_charisma_costs_safety_and_keeps_convictions(acted, setting, living):
    plain, adored = (followers(acted, setting, x) for x in (0.0, 1.0))
    assert living(plain.teams)["safety"] - living(adored.teams)["safety"] == pytest.approx(0.3, abs=1e-12)
    before = acted()
    for table in ("teams", "employees"):
        rows = getattr(before, table)["is_alive"] == 1
        first, last = getattr(before, table)["anchor"][rows], getattr(adored, table)["anchor"][rows]
        np.testing.assert_array_equal(first, last)
        assert (getattr(plain, table)["anchor"][rows] != first).any()


def test_M11_off_charisma_neither_draws_nor_costs(acted, setting):
    a, b = (followers(acted, setting, x, "off") for x in (0.0, 1.0))
    np.testing.assert_array_equal(a.teams["orientation"], b.teams["orientation"])
    np.testing.assert_array_equal(a.teams["safety"], b.teams["safety"])
    np.testing.assert_array_equal(a.employees["anchor"], acted().employees["anchor"])


def test_convictions_follow_an_empowering_leader_and_never_a_charismatic_one(acted, setting):
    """What is held for twenty quarters becomes one's own under empowerment; under full charisma it does not."""

    def convictions(charisma):
        level = setting(
            entrepreneurs__charisma=charisma,
            entrepreneurs__style=0.6,
            entrepreneurs__orientation=1.0,
            teams__anchor=0.5,
            teams__orientation=0.5,
            teams__member_mean=0.5,
            firms__team_mean=0.5,
            employees__anchor=0.5,
            employees__orientation=0.5,
        )
        state = acted(*[lead, follow_leader, take_over_spirit] * 20, change=level)
        at_work = (state.employees["is_alive"] == 1) & (state.employees["firm"] >= 0)
        return state.employees["anchor"][at_work]

    assert (convictions(1.0) == 0.5).all()
    assert (convictions(0.0) > 0.505).all()
    assert convictions(0.0).mean() > convictions(0.5).mean() > 0.5
