"""Proof-of-concept centres: the law, how many more come through, and who pays."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.mechanisms.demography import found_firms
from nqpf_abm.mechanisms.pipeline import advance, conversion_share, create_achievements, transfer_technology
from nqpf_abm.mechanisms.proving import proving_factor, worth_proving
from nqpf_abm.state.tables import LAST_TRL

steady = settings(derandomize=True, deadline=None, max_examples=100)


def test_by_hand():
    assert [proving_factor(*at, 1.0, 6.0) for at in ((5, 0.0), (5, 6.0), (7, 0.0))] == [2.0, 1.0, 1.0]
    assert worth_proving(0.5, 0.5, 0.4, 0.4) == pytest.approx(0.5, abs=1e-15)
    assert worth_proving(0.5, 0.5, 0.2, 0.4) == pytest.approx(0.25, abs=1e-15)


@steady
@given(st.floats(0.01, 10), st.floats(0.1, 2), st.floats(0, 1), st.floats(0.2, 0.8))
def test_worth_is_a_share_and_engineers_beyond_need_gain_no_more(created, half, orientation, need):
    worth = worth_proving(created, half, orientation, need)
    assert 0.0 <= worth < 1.0
    assert worth_proving(created, half, 1.0, need) == worth_proving(created, half, need, need)
    assert worth_proving(created + 1.0, half, orientation, need) >= worth


def test_a_centre_that_doubles_the_hazard_undoes_a_valley_of_one_half():
    """Where the cap does not bind, as many come through as without the valley: (h + δ per level) is the same."""
    valley = 0.5 * proving_factor(5, 0.0, 1.0, 1e9)
    assert conversion_share(0.5, 0.6, valley, 0.05) == conversion_share(0.5, 0.6, 1.0, 0.05)


@pytest.mark.parametrize("tested", [0, 6])
def test_projects_in_a_centre_climb_faster_until_the_cap(acted, tested):
    def climbed(centre):
        def change(state):
            state.universities["centre"] = centre
            state.projects["level"] = 5
            state.projects["tested"] = tested

        projects = acted(advance, change=change).projects
        return projects[projects["is_alive"] == 1]

    without, with_ = climbed(0), climbed(1)
    assert (with_["tested"] == tested + 1).all()
    assert (without["tested"] == tested).all()
    more = (with_["level"] == 6).sum() - (without["level"] == 6).sum()
    assert (more > 0) == (tested == 0)


def test_a_centre_is_paid_by_what_is_not_created(acted, living):
    def created(centre):
        def change(state):
            state.universities["centre"] = centre
            state.universities["mean_created"] = 400.0

        settings = {"proving.cost": 0.2}
        return living(acted(create_achievements, change=change, settings=settings).universities)["created"]

    assert created(1).sum() == pytest.approx(0.8 * created(0).sum(), rel=0.03)


def test_firms_are_founded_on_what_was_proven(acted):
    def entries(proven):
        def change(state):
            state.provinces["proven"] = proven

        return acted(found_firms, change=change, settings={"proving.founding": 0.1}).provinces["entries"]

    more = entries(20) - entries(0)
    assert (more >= 0).all()
    assert more.sum() == pytest.approx(12 * 2, abs=4 * 24**0.5)


def test_what_was_proven_and_is_used_here_is_counted(acted):
    def change(state):
        state.projects["level"] = LAST_TRL
        state.projects["tested"] = np.arange(state.projects.size) % 2
        state.provinces["absorptive_capacity"] = 1.0

    provinces = acted(transfer_technology, change=change).provinces
    assert 0 < provinces["proven"].sum() < provinces["converted_locally"].sum()
