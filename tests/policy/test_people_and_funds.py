"""Reward funds, training, the care for talent, ecological compensation: laws by hand, limits, books (M66, M77, M87, M88)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nqpf_abm.numerics.arrays import copied
from nqpf_abm.numerics.draws import make_key
from nqpf_abm.policy.ecology import chained, clean_energy
from nqpf_abm.policy.retention import drawn, schooled, settled_in
from nqpf_abm.policy.reward import chosen_share, fund_after, fund_projects, grant_of
from nqpf_abm.policy.training import learnt, raised, reached
from nqpf_abm.state import accounts as book
from nqpf_abm.state.instruments import M66, M88
from nqpf_abm.state.tables import State

SHARES = st.floats(0, 1)


def test_laws_by_hand():
    assert grant_of(100.0, 10.0, 0.3) == pytest.approx(3.0)
    assert grant_of(100.0, 0.0, 0.3) == 0.0
    assert chosen_share(6.0, 3.0, 4.0) == 0.5
    assert chosen_share(60.0, 3.0, 4.0) == 1.0
    assert chosen_share(-1.0, 3.0, 4.0) == chosen_share(6.0, 3.0, 0.0) == 0.0
    assert fund_after(1.0, 2.0, 4.0, 3.0) == 4.0
    assert reached(8.0, 12.0, 0.5) == 0.5
    assert reached(13.0, 12.0, 0.5) == 0.0
    assert learnt(0.008, 0.004, 1.0) == pytest.approx(0.012)
    assert raised(0.6, 0.05, 1.0) == pytest.approx(0.65)
    assert drawn(0.2, 0.5) == pytest.approx(np.exp(0.1))
    assert schooled(0.5, 0.1, 0.5) == pytest.approx(0.55)
    assert settled_in(9.0, 0.2, 0.5) == pytest.approx(9.1)
    assert clean_energy(0.8, 0.01, 1000.0) == pytest.approx(2.0)
    assert chained(0.2, 0.05, 1.0) == pytest.approx(0.21)
    assert chained(0.2, -0.05, 1.0) == pytest.approx(0.19)


@given(SHARES, SHARES, st.floats(0, 0.9))
def test_at_strength_zero_every_law_gives_back_what_it_got(x, b, share):
    assert raised(x, b, 0.0) == schooled(x, b, 0.0) == x
    assert learnt(x, b, 0.0) == settled_in(x, b, 0.0) == x
    assert drawn(b, 0.0) == 1.0
    assert chained(share, b, 0.0) == share


@given(st.floats(0, 1e6), st.floats(0.1, 1e5), st.integers(0, 100))
def test_a_fund_never_grants_more_than_it_has_in_the_mean(fund, grant, candidates):
    assert chosen_share(fund, grant, candidates) * grant * candidates <= fund * (1 + 1e-12) + 1e-300


def test_what_is_granted_is_paid_and_what_is_used_is_repaid_double(governed):
    """Universities get the grants and no more; fund and projects under way hold the rest of what came in."""
    model = governed("M66", quarters=28)
    ledger, firms_pay = model.results.ledger_array, model.state.governments
    paid = ledger[:, book.POLICY_UNIVERSITIES].sum(axis=0)
    repaid = ledger[:, book.REWARD_REPAID].sum(axis=0)
    assert (paid > 0).all() and (repaid > 0).sum() >= 6
    last = model.results.ledger_array[-1]
    assert last[book.POLICY_UNIVERSITIES] == pytest.approx(firms_pay["reward_granted"])
    projects = model.state.projects
    for r in range(12):
        grants = projects["grant"][(projects["is_alive"] == 1) & (projects["province"] == r)].sum()
        assert repaid[r] <= 2.0 * (paid[r] - grants) * (1 + 1e-9)
    assert (firms_pay["reward_fund"] >= 0).all()
    assert (firms_pay["delivered"][:, M66] > 0).all()


def test_more_projects_are_used_at_home_under_reward_funds(governed):
    plain, model = governed(quarters=28), governed("M66", quarters=28)
    used, usual = (run.results.series_array["achievements_converted_locally"].sum() for run in (model, plain))
    assert used > 1.2 * usual


def test_training_raises_skill_in_small_firms_by_more_than_in_large_ones(governed):
    gain = {}
    for small in (True, False):
        level = []
        for run in (governed(), governed("M77")):
            firms = run.state.firms[run.state.firms["is_alive"] == 1]
            level.append(firms["skill"][(firms["staff"] <= 12.0) == small].mean())
        gain[small] = level[1] - level[0]
    assert gain[True] > 0.015
    assert gain[True] > 2.0 * gain[False]


def test_housing_keeps_people_and_teaching_shows_in_their_skill(governed):
    plain, model = governed(), governed("M87")
    left, usual = (run.state.provinces["leavers"].sum() for run in (model, plain))
    assert left < 0.95 * usual
    newcomers = [
        run.state.employees["skill"][run.state.employees["is_alive"] == 1].mean() for run in (plain, model)
    ]
    assert newcomers[1] > newcomers[0]


def test_compensation_moves_pay_to_clean_provinces_and_makes_none(governed):
    model = governed("M88")
    g, provinces = model.state.governments, model.state.provinces
    ledger = model.results.ledger_array[-1][book.POLICY_PAY]
    assert ledger == pytest.approx(g["policy_pay"])
    delivered = g["delivered"][:, M88]
    lost = g["effect"][:, M88]  # friction's part is pay of offices, in proportion to what is delivered
    offices = delivered * (1.0 / lost.max() - 1.0)
    assert g["policy_pay"].sum() == pytest.approx((delivered + offices).sum())
    gain = g["policy_pay"] - offices - delivered
    assert gain.sum() == pytest.approx(0.0, abs=1e-6 * delivered.sum())
    clean = (1.0 - provinces["fossil_share"]) * provinces["energy_per_output"]
    assert gain[clean.argmax()] > 0 > gain[clean.argmin()]


def test_without_money_to_grant_the_phase_leaves_everything_as_it_is(governed):
    """It returns at once then; a grant of the quarter before is still taken off the books."""
    state = State(*(copied(part) for part in governed("M66").state))
    key, g = make_key(3, 99), state.governments
    g["reward_fund"] = g["delivered"][:, M66] = state.provinces["reward_repaid"] = 0.0
    g["reward_granted"][0], paid = 5.0, g["policy_universities"].copy()
    projects = state.projects.tobytes()
    for _ in range(2):
        fund_projects.act(state, key)
        assert (g["reward_granted"] == 0).all() and (g["reward_fund"] == 0).all()
        np.testing.assert_array_equal(g["policy_universities"], paid)
        assert state.projects.tobytes() == projects
    g["reward_fund"][0] = 1e6
    fund_projects.act(state, key)
    assert g["reward_granted"][0] > 0 and (g["reward_granted"][1:] == 0).all()
