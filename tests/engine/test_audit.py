"""The ledger closes every quarter, and a leak names the phase and the agent."""

import dataclasses

import numpy as np
import pytest

from nqpf_abm import Ecosystem
from nqpf_abm.engine.audit import LeakError
from nqpf_abm.engine.schedule import QUARTER


@pytest.mark.parametrize("engine", ["columns", "agents"])
def test_every_identity_holds(engine, small):
    Ecosystem(seed=2, quarters=8 if engine == "columns" else 2, set=small, engine=engine, audit=True).run()


def test_every_identity_holds_at_full_size_for_64_quarters():
    Ecosystem(seed=4, audit=True).run()


def leaky(name, change):
    """The schedule with `change(state)` happening at the end of the phase `name`."""
    phases = []
    for phase in QUARTER:
        if phase.name == name:

            def act(*arguments, inner=phase):
                if inner.is_collective:
                    inner.act(*arguments)
                    change(arguments[0])
                else:
                    inner.loop(*arguments)
                    change(arguments[1])

            fields = {"act": act} if phase.is_collective else {"loop": act}
            phase = dataclasses.replace(phase, **fields)
        phases.append(phase)
    return tuple(phases)


def first_firm(state):
    return int(np.flatnonzero(state.firms["is_alive"])[0])


def steal_cash(state):
    state.firms["cash"][first_firm(state)] += 1.0


def print_money(state):
    state.provinces["households"][3] += 1e6


def lose_heads(state):
    state.provinces["heads"][2, 0] -= 1


def lose_project(state):
    state.projects["is_alive"][np.flatnonzero(state.projects["is_alive"])[0]] = 0


def forgive_loan(state):
    row = first_firm(state)
    state.firms["loan"][row] = 0.0


def lose_job(state):
    people = state.employees
    people["firm"][np.flatnonzero((people["is_alive"] == 1) & (people["firm"] >= 0))[0]] = -1


def lose_count(state):
    state.teams["size"][np.flatnonzero(state.teams["is_alive"])[0]] += 1


def scribble(state):
    state.teams["safety"][0] += 0.1


@pytest.mark.parametrize(
    ("phase", "change", "words"),
    [
        ("pay", steal_cash, ["phase pay", "firm", "books"]),
        ("settle_accounts", print_money, ["settle_accounts", "households", "province row 3"]),
        ("migrate", lose_heads, ["province row 2", "heads"]),
        ("transfer_technology", lose_project, ["projects", "ledger"]),
        ("close_firms", forgive_loan, ["firms owe", "lent"]),
        ("found_firms", lose_job, ["employed agents", "ledger"]),
        ("found_firms", lose_count, ["teams row", "size is", "people are there"]),
        ("compete", scribble, ["compete", "teams.safety"]),
    ],
)
def test_a_leak_names_phase_and_agent(small, phase, change, words):
    model = Ecosystem(seed=2, quarters=4, set=small, audit=True)
    model.step()
    model.schedule = leaky(phase, change)
    with pytest.raises(LeakError) as error:
        model.step()
    for word in words:
        assert word in str(error.value)


def test_money_is_conserved_in_the_recorded_ledger(baseline):
    """Per sector and year: what came in less what went out equals the change of what households hold."""
    ledger = baseline.results.ledger.query("ledger == 'money'")
    came = ledger[ledger["receiver"] == "households"].groupby(["year", "quarter", "province"])["amount"].sum()
    went = ledger[ledger["payer"] == "households"].groupby(["year", "quarter", "province"])["amount"].sum()
    held = baseline.results.series.set_index(["year", "quarter", "province"])["deposits_households"]
    change = held.unstack("province").diff().stack().dropna()
    net = (came - went).reindex(change.index)
    np.testing.assert_allclose(net, change, atol=1e-9 * held.abs().max())


@pytest.mark.parametrize("name", ["heads", "achievements", "data"])
def test_stocks_close(baseline, name):
    ledger = baseline.results.ledger.query("ledger == @name")
    wide = ledger.pivot_table(index=["year", "quarter", "province"], columns="item", values="amount")
    closing = wide.pop("closing")
    total = wide.sum(axis=1)
    after = total.index.get_level_values("year") * 4 + total.index.get_level_values("quarter") > 2012 * 4 + 1
    np.testing.assert_allclose(total[after], closing[after], rtol=1e-9, atol=1e-9 * closing.abs().max())
    if name != "data":
        assert (total[after] == closing[after]).all()
