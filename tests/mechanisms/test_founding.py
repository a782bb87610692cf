"""Spin-offs: who leaves, what they take along, and that heads and money stay whole."""

import math

import numpy as np
import pytest

from nqpf_abm import Ecosystem
from nqpf_abm.engine.audit import balances
from nqpf_abm.mechanisms.founding import spin_off, start_cash

OFTEN = {"demography.spin_off": 0.04}


def inventive(state):
    """Every firm has three accepted ideas and staff that acts."""
    state.firms["accepted"] = 3
    state.employees["is_proactive"] = state.employees["firm"] >= 0


@pytest.fixture(scope="module")
def pair(acted):
    return acted(change=inventive, settings=OFTEN), acted(spin_off, change=inventive, settings=OFTEN)


def new_rows(before, after):
    return np.flatnonzero((after.firms["is_alive"] == 1) & (before.firms["is_alive"] == 0))


def test_accepted_ideas_become_firms_at_the_declared_rate(pair):
    before, after = pair
    large = (before.firms["is_alive"] == 1) & (before.firms["staff"] >= 5)
    small = (before.firms["is_alive"] == 1) & (before.firms["staff"] < 2)
    trials = 3 * ((before.firms["is_alive"] == 1).sum() - small.sum())
    assert large.sum() > 50
    number = new_rows(before, after).size
    assert number == after.provinces["spin_offs"].sum()
    assert number == pytest.approx(0.04 * trials, abs=4 * math.sqrt(0.04 * trials))
    assert number > 3


def test_founders_are_employees_who_acted_and_take_what_they_learnt(pair):
    before, after = pair
    for row in new_rows(before, after):
        firm, leader = after.firms[row], after.entrepreneurs[row]
        assert firm["is_spin_off"] == 1
        assert leader["firm"] == row
        staff = np.flatnonzero((after.employees["firm"] == row) & (after.employees["is_alive"] == 1))
        founders = [j for j in staff if before.employees["firm"][j] >= 0]
        assert len(founders) == 1
        j = founders[0]
        parent = before.firms[before.employees["firm"][j]]
        assert before.employees["is_proactive"][j] == 1
        np.testing.assert_array_equal(leader["orientation"], before.employees["orientation"][j])
        assert firm["log_tfp"] == pytest.approx(parent["log_tfp"] + 0.03)
        assert (firm["field"], firm["is_new"], firm["is_adopter"]) == (
            parent["field"],
            parent["is_new"],
            parent["is_adopter"],
        )
        assert firm["province"] == parent["province"]
        assert firm["staff"] == staff.size
    uids = after.firms["uid"][after.firms["is_alive"] == 1]
    assert np.unique(uids).size == uids.size


def test_heads_jobs_and_money_stay_whole(pair):
    before, after = pair
    np.testing.assert_array_equal(before.employees["is_alive"], after.employees["is_alive"])
    np.testing.assert_array_equal(before.provinces["heads"], after.provinces["heads"])
    people = after.employees[(after.employees["is_alive"] == 1) & (after.employees["firm"] >= 0)]
    count = np.bincount(people["firm"], minlength=after.firms.size)
    alive = after.firms["is_alive"] == 1
    np.testing.assert_array_equal(after.firms["staff"][alive], count[alive])
    held = [sum(b.sum() for b in balances(state)) for state in pair]
    assert held[1] == pytest.approx(held[0], abs=1e-6)


def test_M09_off_nobody_leaves_to_found(acted):
    before = acted(change=inventive)
    after = acted(spin_off, change=inventive, settings=OFTEN | {"M09": "off"})
    np.testing.assert_array_equal(before.firms["is_alive"], after.firms["is_alive"])
    assert not after.provinces["spin_offs"].any()


def test_lineage_keeps_a_spin_off_itself_in_any_scenario(acted):
    """The same idea in the same quarter makes the same firm, whatever else is founded."""
    few, many = (
        acted(spin_off, change=inventive, settings={"demography.spin_off": rate}) for rate in (0.02, 0.04)
    )
    base = acted().firms["uid"]

    def founded(state):
        return set(state.firms["uid"][state.firms["is_alive"] == 1]) - set(base)

    assert founded(few) <= founded(many)
    assert founded(few)


def test_every_identity_holds_with_many_spin_offs(small):
    settings = small | OFTEN | {"proactivity.ideas_per_act": 0.2, "proactivity.threshold_mean": 0.6}
    model = Ecosystem(seed=2, quarters=6, set=settings, audit=True).run()
    assert model.results.series["spin_offs"].sum() > 5


def test_first_cash_is_uniform_around_its_mean():
    assert start_cash(0.6, 0.8, 1.0) == pytest.approx(1.08)
    assert start_cash(1.0, 0.9, 0.0) == pytest.approx(0.1)
    assert start_cash(1.0, 0.9, 0.5) == 1.0 == start_cash(1.0, 0.0, 0.3)


def test_closing_is_rare_at_first_then_peaks_and_falls():
    """The official hazard by age (SAIC): 1.6, 6.3, 9.5 % in years one to three, later falling (F8)."""
    risk, closed = np.zeros(15), np.zeros(15)
    for seed in (1, 2, 3, 4):
        model = Ecosystem(seed=seed).settle()
        before = {}
        for _ in range(model.horizon):
            model.step()
            firms = model.state.firms[model.state.firms["is_alive"] == 1]
            now = dict(zip(firms["uid"].tolist(), (firms["age"] // 4).tolist(), strict=True))
            for uid, year in before.items():
                if year < risk.size:
                    risk[year] += 1
                    closed[year] += uid not in now
            before = now
    yearly = 4 * closed / risk
    assert yearly[0] < 0.025
    assert yearly[2] > 3 * yearly[0]
    assert yearly[2] > 1.5 * 4 * closed[7:].sum() / risk[7:].sum()
