"""Instruments for computing, talent, founders, links and patient money: laws and what they do."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nqpf_abm.policy.bootcamp import encouraged, seed_money
from nqpf_abm.policy.cooperation import linked
from nqpf_abm.policy.east_west import built_for, guests_need, taught_algorithm
from nqpf_abm.policy.infrastructure import lowered, opened_up
from nqpf_abm.policy.registration import eased_entry
from nqpf_abm.policy.strategic import crowded, is_backed
from nqpf_abm.policy.talent_tax import places_of_talent, relief_pull
from nqpf_abm.state import accounts as book
from nqpf_abm.state.instruments import M69, M78, M89


def test_laws_by_hand():
    assert lowered(8.0, 0.3, 1.0) == pytest.approx(5.6)
    assert opened_up(0.8, 0.5, 1.0) == pytest.approx(0.9)
    assert relief_pull(0.2, 0.5, 1.0) == pytest.approx(1.105, abs=1e-3)
    assert encouraged(0.1, 0.5) == pytest.approx(1.05)
    assert seed_money(600.0, 3.0, 100.0) == pytest.approx(2.0)
    assert seed_money(600.0, 0.0, 100.0) == 0.0
    assert eased_entry(0.1, 2.0, 2.0, 1.0) == pytest.approx(1.05)
    assert eased_entry(0.1, 1.0, 9.0, 1.0) == pytest.approx(1.01)
    assert linked(0.006, 0.2, 0.5, 1.0) == pytest.approx(0.0066)
    assert guests_need(0.3, 2.0, 100.0, 0.1, 1.0) == pytest.approx(6.0)
    assert built_for(56.0, 8.0) == pytest.approx(7.0)
    assert taught_algorithm(2.0, 0.1, 1.0, 1.0) == pytest.approx(2.2)
    assert taught_algorithm(2.0, 0.1, 0.0, 1.0) == 2.0
    assert [crowded(x, 0.2, 0.3) for x in (0.3, 0.6, 0.64)] == pytest.approx([0.8, 1.0, 1.0569], abs=1e-4)
    assert is_backed(8.0, 8.0, 0.3, 0.29)
    assert not is_backed(8.0, 8.0, 0.3, 0.3)
    assert not is_backed(6.0, 8.0, 0.3, 0.0)


@given(st.floats(0.1, 10.0), st.floats(0.0, 0.6), st.floats(0.0, 1.0))
def test_at_strength_zero_every_law_is_neutral_to_the_last_bit(x, b, y):
    assert lowered(x, b, 0.0) == x
    assert opened_up(y, b, 0.0) == y
    assert taught_algorithm(x, b, y, 0.0) == x
    assert linked(x, b, y, 0.0) == x
    assert encouraged(b, 0.0) == eased_entry(b, x, 1.0, 0.0) == relief_pull(b, x, 0.0) == 1.0
    assert guests_need(b, x, 100.0, y, 0.0) == 0.0
    assert crowded(0.0, b, 0.3) == 1.0
    assert not is_backed(x, 8.0, 0.0, y)
    assert 0.0 <= opened_up(y, b, 1.0) <= 1.0


def test_talent_goes_where_taxes_are_relieved_and_stays_there(governed):
    """Rows stay probabilities; only those of provinces with relief are more likely, the East and the rest are less."""
    grown = governed("M69")
    governments = grown.state.governments.copy()
    governments["effect"][:, M69] = 0.0
    governments["effect"][2, M69] = 1.0
    state = grown.state._replace(governments=governments)
    n = governments.size
    even = np.full((n, n + 1), 1.0 / (n + 1))
    p = state.params[0]
    chosen = places_of_talent(_records(state), even, p)
    assert chosen.sum(axis=1) == pytest.approx(np.ones(n))
    assert (chosen[:, 2] > even[:, 2]).all()
    assert (np.delete(chosen, 2, axis=1) < 1.0 / (n + 1)).all()
    odds = chosen[0, 2] / chosen[0, n]
    assert odds == pytest.approx(np.exp(0.5 * 0.2))
    governments["effect"][2, M69] = 0.0
    assert (places_of_talent(_records(state), even, p) == even).all()


def _records(state):
    return state._replace(
        **{name: getattr(state, name).view(np.recarray) for name in ("governments", "provinces")}
    )


def test_the_fund_gets_what_founders_get(governed):
    """The instrument's money is booked to investors; equity of founders rises with it."""
    plain, model = governed(), governed("M78")
    last = model.results.ledger_array[-1]
    delivered = model.state.governments["delivered"][:, M78]
    assert last[book.POLICY_FUNDS] == pytest.approx(delivered)
    assert (delivered > 0).all()
    ledger, before = (run.results.ledger_array[:, book.EQUITY].sum() for run in (model, plain))
    entries, usual = (run.results.series_array["entries"].sum() for run in (model, plain))
    assert ledger / entries > before / usual


def test_the_east_rents_what_is_left_and_pays_for_it(governed):
    plain, model = governed(), governed("M89")
    a, b = plain.results.series_array[-1], model.results.series_array[-1]
    assert (b["compute_installed"] > a["compute_installed"]).all()
    assert b["compute_used"].sum() > a["compute_used"].sum()
    assert (b["compute_used"] <= b["compute_installed"] * (1 + 1e-9)).all()
    ledger = model.results.ledger_array[-1]
    east = ledger[book.REMOTE_COMPUTE_RECEIVED].sum() - ledger[book.REMOTE_COMPUTE_PAID].sum()
    assert east > 0
    assert plain.results.ledger_array[-1][book.REMOTE_COMPUTE_RECEIVED].sum() == pytest.approx(
        plain.results.ledger_array[-1][book.REMOTE_COMPUTE_PAID].sum()
    )
    assert ledger[book.POLICY_FUNDS] == pytest.approx(model.state.governments["delivered"][:, M89])


def test_infrastructure_lowers_rent_per_use_and_serves_small_firms(governed):
    """Firms pay less for a unit; a small firm comes nearer to what a typical one can reach."""
    runs = {"without": governed(), "with": governed("M64")}
    price, small = {}, {}
    for name, run in runs.items():
        firms = run.state.firms[(run.state.firms["is_alive"] == 1) & (run.state.firms["compute"] > 0)]
        unit = run.state.provinces["output_per_head_start"][firms["province"]]
        price[name] = np.median(firms["compute_rent"] / (firms["compute"] * firms["staff"] * unit))
        size = firms["staff"] / run.state.provinces["mean_staff"][firms["province"]]
        reach = firms["compute_wanted"] / np.sqrt(np.maximum(firms["data"] * firms["algorithm"], 1e-9))
        small[name] = reach[size < 0.7].mean() / reach[size > 1.0].mean()
    effect = runs["with"].state.governments["effect"].max()
    assert price["with"] == pytest.approx(price["without"] * (1.0 - 0.3 * effect), rel=1e-6)
    assert small["with"] > small["without"]


BIOMEDICINE = 7  # row of FIELDS: pays after eight years


def test_the_strategic_investor_brings_firms_into_the_slowest_field(governed):
    many = {"demography__entry": 0.016, "start__firms": 480, "demography__new_base": 0.1}
    slow = {}
    for name, run in (("without", governed(**many)), ("with", governed("M65", strategic__share=0.8, **many))):
        firms = run.state.firms[run.state.firms["is_alive"] == 1]
        young = firms[(firms["age"] < 12) & (firms["is_spin_off"] == 0)]
        slow[name] = int((young["field"] == BIOMEDICINE).sum())
    assert slow["with"] > slow["without"]
