"""Layers come with size and go with entrepreneurs."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.mechanisms.hierarchy import cutting_hazard, outgrown, restructure
from nqpf_abm.state.tables import MOST_LAYERS

steady = settings(derandomize=True, deadline=None, max_examples=60)
share = st.floats(0, 1)


def test_by_hand():
    assert cutting_hazard(0.8, 0.7, 0.05) == pytest.approx(0.025, abs=1e-15)
    assert outgrown(17.0, 2.0, 4.0) == 1
    assert outgrown(15.9, 2.0, 4.0) == 0


@steady
@given(share, share, st.floats(0, 0.2))
def test_only_those_above_average_in_both_together_cut(innovativeness, proactiveness, strength):
    hazard = cutting_hazard(innovativeness, proactiveness, strength)
    assert 0.0 <= hazard <= strength
    if innovativeness + proactiveness <= 1.0:
        assert hazard == 0.0


def layers(acted, living, cognition, staff, start, **settings):
    def change(state):
        state.entrepreneurs["cognition"] = cognition
        state.firms["staff"] = staff
        state.firms["layers"] = start

    return living(acted(restructure, change=change, settings=settings).firms)


def test_layers_are_cut_at_the_hazard_of_the_law(acted, living):
    rows = layers(acted, living, 1.0, 3.0, 4, **{"hierarchy.cutting": 0.2})
    share = 0.2
    assert rows["layers_cut"].mean() == pytest.approx(share, abs=4 * math.sqrt(share * 0.8 / rows.size))
    np.testing.assert_array_equal(rows["layers"], 4 - rows["layers_cut"])


def test_the_last_layer_stays_and_the_tallest_grows_no_further(acted, living):
    assert (layers(acted, living, 1.0, 3.0, 1, **{"hierarchy.cutting": 0.2})["layers"] == 1).all()
    tallest = layers(acted, living, 0.0, 1e9, MOST_LAYERS, **{"hierarchy.adding": 0.2})
    assert (tallest["layers"] == MOST_LAYERS).all()


@pytest.mark.parametrize("switch", ["on", "off"])
def test_M101_off_entrepreneurs_cut_nothing_but_firms_still_grow_layers(acted, living, switch):
    calm, bold = (layers(acted, living, x, 3.0, 4, M101=switch)["layers_cut"] for x in (0.0, 1.0))
    assert (calm == 0).all()
    assert (bold.sum() > 0) == (switch == "on")
    grown = layers(acted, living, 0.0, 1e6, 2, M101=switch, **{"hierarchy.adding": 0.2})
    assert (grown["layers"] == 3).any()
