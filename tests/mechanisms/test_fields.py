"""The choice of a field follows the logit of endowment and crowding."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.data import load_regions
from nqpf_abm.declare import Parameters
from nqpf_abm.mechanisms import topics
from nqpf_abm.mechanisms.fields import (
    any_field,
    attraction,
    count_fields,
    emerging_field,
    traditional_field,
)
from nqpf_abm.mechanisms.research import search
from nqpf_abm.mechanisms.survey import survey_provinces
from nqpf_abm.state.endowment import RESTS_ON, STATISTICS, endowments
from nqpf_abm.state.tables import DTYPES, FIELDS, N_EMERGING, N_FIELDS, N_TRADITIONAL

steady = settings(derandomize=True, deadline=None, max_examples=60)
GRID = (np.arange(4000) + 0.5) / 4000


def place(endowment, share=0.0):
    """A province with these endowments and shares of firms by field, as a record."""
    province = np.zeros(1, DTYPES["provinces"])
    province["endowment"], province["field_share"] = endowment, share
    return province[0]


def chosen(province, law=emerging_field, **changes):
    """Share of choices by field over evenly spaced quantiles."""
    p = Parameters(topics(), {name.replace("__", "."): value for name, value in changes.items()}).record[0]
    fields = [law(province, float(u), p) for u in GRID]
    return np.bincount(fields, minlength=N_FIELDS) / GRID.size


def test_by_hand():
    assert attraction(0.8, 0.0, 0.4, 1.0, 0.5) == pytest.approx(0.6, abs=1e-15)


def test_shares_are_those_of_the_logit_in_closed_form():
    """Without a crowd, the odds of two fields are exp(s w (e_j - e_k)); with one, it takes c times its share."""
    endowment = np.linspace(0, 1, N_FIELDS)
    law = np.exp(2.0 * endowment[N_TRADITIONAL:])
    np.testing.assert_allclose(chosen(place(endowment))[N_TRADITIONAL:], law / law.sum(), atol=1 / 4000)
    crowd = np.zeros(N_FIELDS)
    crowd[-1] = 0.2  # one in five firms of the province, and all of those on the new trajectory
    law[-1] *= math.exp(-2.0 * 0.5)
    np.testing.assert_allclose(
        chosen(place(endowment, crowd))[N_TRADITIONAL:], law / law.sum(), atol=1 / 4000
    )
    law = np.exp(2.0 * endowment[:N_TRADITIONAL])
    found = chosen(place(endowment), traditional_field)
    np.testing.assert_allclose(found[:N_TRADITIONAL], law / law.sum(), atol=1 / 4000)


def test_M33_off_or_without_weight_every_field_of_a_trajectory_is_as_likely():
    rich = place(np.linspace(0, 1, N_FIELDS))
    for changes in ({"M33": "off"}, {"fields__endowment": 0.0}):
        found = chosen(rich, **changes)
        np.testing.assert_allclose(found[N_TRADITIONAL:], 1 / N_EMERGING, atol=1 / 4000)
        assert found[:N_TRADITIONAL].sum() == 0
        found = chosen(rich, traditional_field, **changes)
        np.testing.assert_allclose(found[:N_TRADITIONAL], 1 / N_TRADITIONAL, atol=1 / 4000)


@steady
@given(st.floats(0, 1, exclude_max=True))
def test_a_field_is_one_of_its_trajectory(u):
    assert 0 <= any_field(0, N_TRADITIONAL, u) < N_TRADITIONAL
    assert N_TRADITIONAL <= any_field(N_TRADITIONAL, N_EMERGING, u) < N_FIELDS


def test_endowments_are_official_statistics_between_the_least_and_the_best():
    table = load_regions().table
    found = endowments(table)
    assert found.shape == (len(table), N_FIELDS)
    assert ((found >= 0) & (found <= 1)).all()
    assert set(RESTS_ON) == set(FIELDS)
    assert {name for pair in RESTS_ON.values() for name in pair} == set(STATISTICS)
    best = {field: table["region"].iloc[found[:, k].argmax()] for k, field in enumerate(FIELDS)}
    assert best["aerospace"] == "Shaanxi"  # by state research and research staff
    assert best["coal and petrochemicals"] in ("Inner Mongolia", "Ningxia")
    alike = endowments(table.iloc[[0, 0]])
    np.testing.assert_array_equal(alike, 0.5)


def test_fields_are_counted_by_province(acted, living):
    state = acted(survey_provinces, count_fields)
    firms = living(state.firms)
    np.testing.assert_allclose(state.provinces["field_share"].sum(axis=1), 1.0, rtol=1e-12)
    np.testing.assert_array_equal((firms["field"] >= N_TRADITIONAL), firms["is_new"] == 1)


def test_a_firm_that_switches_goes_where_its_province_is_endowed(acted, living):
    def bold(state):
        state.world["search_scale"] = 1.0
        state.entrepreneurs["radical_share"] = 0.5
        state.firms["fte"] = state.world["fte_reference"][0] * state.firms["staff"]
        state.firms["absorptive_capacity"] = 1.0
        state.firms["log_tfp"] = -5.0
        state.firms["is_new"], state.firms["field"] = 0, 1
        state.provinces["endowment"] = np.where(np.arange(N_FIELDS) == 4, 1.0, 0.0)
        state.provinces["field_share"] = 0.0

    settings = {"fields.scale": 4.0, "fields.endowment": 2.0, "switching.sunk": 0.02}
    firms = living(acted(search, change=bold, settings=settings).firms)
    switched = firms[firms["is_new"] == 1]
    assert switched.size > 5
    assert (switched["field"] == 4).mean() > 0.9
