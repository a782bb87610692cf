"""A favoured field draws firms and grants; the pool stays what it was, and part of the favour is not research."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm import Ecosystem
from nqpf_abm.declare import Parameters
from nqpf_abm.mechanisms import topics
from nqpf_abm.mechanisms.distortion import favour, favoured_rate, misused, pull_of_favour
from nqpf_abm.mechanisms.fields import emerging_field
from nqpf_abm.mechanisms.research import award_grants, spend_on_research
from nqpf_abm.state.tables import DTYPES, N_FIELDS, N_TRADITIONAL, TABLES

steady = settings(derandomize=True, deadline=None, max_examples=15)
FIVE = {"distortion.premium": 5.0}


def test_by_hand():
    assert [favour(k, 3.0, 5.0) for k in (2, 3, 4)] == [1.0, 5.0, 1.0]
    assert favour(3, 3.9, 5.0) == 5.0
    assert favoured_rate(0.1, 5.0, 0.4) == 0.4
    assert favoured_rate(0.1, 1.0, 0.4) == 0.1
    assert misused(0.5, 0.1, 20.0, 0.5) == pytest.approx(4.0, rel=1e-15)
    assert misused(0.1, 0.1, 20.0, 0.5) == 0.0


@steady
@given(st.floats(1, 5), st.floats(1, 4))
def test_a_favoured_field_is_that_many_times_as_likely(premium, scale):
    changes = {"distortion.premium": premium, "fields.scale": scale}
    p = Parameters(topics(), changes).record[0]
    province = np.zeros(1, DTYPES["provinces"])
    province["endowment"] = 0.5
    chosen = [emerging_field(province[0], (k + 0.5) / 800, p) for k in range(800)]
    share = np.bincount(chosen, minlength=N_FIELDS)[N_TRADITIONAL:] / 800
    law = np.where(np.arange(N_TRADITIONAL, N_FIELDS) == 3, premium, 1.0)
    np.testing.assert_allclose(share, law / law.sum(), atol=1 / 400)
    assert np.exp(scale * pull_of_favour(premium, scale)) == pytest.approx(premium, rel=1e-12)


def applying(state):
    """Every firm applies with the same base of its own; every second one is in the favoured field."""
    alive = state.firms["is_alive"] == 1
    state.firms["is_applicant"] = 1
    state.firms["rnd_base"] = 1.0
    state.firms["cash"] = 100.0
    state.firms["field"][alive] = np.where(np.arange(alive.sum()) % 2, 3, 4)
    state.governments["grant_pool"] = 1.0


def grants(acted, living, by_province, changes):
    state = acted(award_grants, spend_on_research, change=applying, settings=changes)
    firms = living(state.firms)
    return firms, by_province(state, state.firms["grant"])


def test_the_pool_is_shared_by_weight_and_is_what_it_was(acted, living, by_province):
    none, pool = grants(acted, living, by_province, {})
    five, same = grants(acted, living, by_province, FIVE)
    np.testing.assert_allclose(pool, 1.0, rtol=1e-9)
    np.testing.assert_allclose(same, pool, rtol=1e-9)
    for r in range(12):
        here = five[five["province"] == r]
        if {3, 4} <= set(here["field"]):
            most, least = (here["grant"][here["field"] == k].mean() for k in (3, 4))
            assert most == pytest.approx(5.0 * least, rel=1e-9)
    assert five["grant"][five["field"] == 4].sum() < none["grant"][none["field"] == 4].sum()


def test_what_the_favour_adds_is_in_part_kept_and_reported(acted, living, by_province):
    clean, _ = grants(acted, living, by_province, FIVE | {"distortion.misuse": 0.0})
    used, _ = grants(acted, living, by_province, FIVE | {"distortion.misuse": 0.5})
    np.testing.assert_array_equal(used["grant"], clean["grant"])
    kept = np.where(used["field"] == 3, 0.4 * used["grant"], 0.0)
    np.testing.assert_allclose(clean["rnd"] - used["rnd"], kept, rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose(used["rnd_relabelled"] - clean["rnd_relabelled"], kept, rtol=1e-9, atol=1e-15)


def test_no_firm_is_granted_above_the_limit_however_it_is_favoured(acted, living):
    limit = 0.2

    def rich(state):
        applying(state)
        state.governments["grant_pool"] = 1e9

    changes = FIVE | {"research.grant_limit": limit}
    firms = living(acted(award_grants, spend_on_research, change=rich, settings=changes).firms)
    np.testing.assert_allclose(firms["grant"], limit, rtol=1e-12)


def test_without_premium_nothing_is_distorted(small):
    """The switch, and every other number of the mechanism, move nothing at the default premium."""
    plain, *others = (
        Ecosystem(seed=4, quarters=2, set=small | changes).run().state
        for changes in ({}, {"M93": "off"}, {"distortion.field": 7.0, "distortion.misuse": 0.2})
    )
    for other in others:
        for table in TABLES:
            assert np.array_equal(getattr(plain, table), getattr(other, table)), table


def test_books_balance_where_a_field_is_favoured(small):
    """The field is one that firms of this small world are in."""
    fields = Ecosystem(seed=4, quarters=1, set=small).state.firms["field"]
    largest = float(np.bincount(fields, minlength=N_FIELDS)[N_TRADITIONAL:].argmax() + N_TRADITIONAL)
    model = Ecosystem(seed=4, quarters=8, set=small | FIVE | {"distortion.field": largest}, audit=True)
    model.run()
    assert model.results.series["rd_reported"].sum() > model.results.series["rd"].sum()
