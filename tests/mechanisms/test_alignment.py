"""Universities between paper and engineering."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.mechanisms.alignment import alignment, engineering_need, expected_papers
from nqpf_abm.mechanisms.pipeline import ADVANCED, advance, align, create_achievements

steady = settings(derandomize=True, deadline=None, max_examples=60)
share = st.floats(0, 1)


def test_by_hand():
    assert engineering_need(0.1, 0.62, 0.42) == pytest.approx(0.6, abs=1e-15)
    assert alignment(0.3, 0.6, 0.25) == pytest.approx(math.exp(-0.72), rel=1e-12)
    assert expected_papers(2.0, 0.3, 10.0) == pytest.approx(14.0, rel=1e-14)


@steady
@given(share, share, st.floats(0.1, 0.5))
def test_equal_orientations_lose_nothing_and_distance_counts_either_way(orientation, need, tolerance):
    assert alignment(need, need, tolerance) == 1.0
    factor = alignment(orientation, need, tolerance)
    assert 0.0 < factor <= 1.0
    assert factor == alignment(need, orientation, tolerance)
    assert factor <= alignment(0.5 * (orientation + need), need, tolerance)


@steady
@given(st.floats(0, 100), share, share)
def test_papers_fall_with_engineering(achievements, one, other):
    paper, engineering = sorted((one, other))
    assert (
        expected_papers(achievements, paper, 10.0) >= expected_papers(achievements, engineering, 10.0) >= 0.0
    )


@pytest.mark.parametrize("switch", ["on", "off"])
def test_M46_off_universities_work_on_what_firms_need(acted, living, setting, switch):
    """With M46 off their own orientation changes neither the advance of projects nor papers."""
    moved, papers = {}, {}
    for orientation in (0.0, 0.6):
        change = setting(universities__orientation=orientation, provinces__new_share=0.1, projects__level=3)
        state = acted(create_achievements, align, advance, change=change, settings={"M46": switch})
        moved[orientation] = (living(state.projects)["outcome"] == ADVANCED).sum()
        papers[orientation] = state.universities["papers"].sum()
    if switch == "off":
        assert moved[0.0] == moved[0.6] > 0
        assert papers[0.0] == papers[0.6] > 0
    else:
        assert moved[0.0] < moved[0.6]
        assert papers[0.0] > 2 * papers[0.6]


def test_papers_come_as_the_law_expects(acted, setting):
    change = setting(universities__orientation=0.2, universities__mean_created=20.0, world__wage_index=1.0)
    state = acted(create_achievements, change=change, settings={"alignment.papers": 40.0})
    g = state.governments[state.universities["province"]]
    expected = (20.0 * g["public_rnd"] / g["public_rnd_start"] * 0.8 * 40.0).sum()
    assert state.universities["papers"].sum() == pytest.approx(expected, abs=4 * math.sqrt(expected))
    assert np.issubdtype(state.universities["papers"].dtype, np.integer)
