"""Who follows a path: the law, where it settles, and that nobody does in history."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm import Ecosystem
from nqpf_abm.mechanisms.adoption import LOT, choose_paths, inclination, next_seen, see_paths
from nqpf_abm.mechanisms.survey import survey_provinces
from nqpf_abm.numerics.arrays import uniforms
from nqpf_abm.numerics.draws import for_life
from nqpf_abm.state.paths import M60, N_PATHS, PATHS, TOPICS

steady = settings(derandomize=True, deadline=None, max_examples=100)
share = st.floats(0, 1)


@steady
@given(share, share, share, st.floats(0, 0.9))
def test_inclination_is_a_share_and_rises_with_everything_that_speaks_for_it(uptake, fit, seen, imitation):
    at = inclination(uptake, fit, seen, imitation)
    assert 0.0 <= at <= uptake * fit * (1 + 1e-12)
    for more in (
        inclination(min(uptake + 0.1, 1.0), fit, seen, imitation),
        inclination(uptake, min(fit + 0.1, 1.0), seen, imitation),
        inclination(uptake, fit, min(seen + 0.1, 1.0), imitation),
    ):
        assert more >= at - 1e-15


@steady
@given(share, share, st.floats(0, 0.9), share)
def test_the_share_that_follows_settles_where_the_law_says(uptake, fit, imitation, start):
    seen = start
    for _ in range(2000):
        seen = next_seen(seen, inclination(uptake, fit, seen, imitation), 0.25)
    reach = uptake * fit
    if reach * imitation < 0.85:
        assert seen == pytest.approx(reach * (1 - imitation) / (1 - reach * imitation), abs=1e-9)


def test_by_hand():
    assert inclination(1.0, 0.5, 0.2, 0.5) == pytest.approx(0.3, abs=1e-15)
    assert next_seen(0.2, 0.6, 0.25) == pytest.approx(0.3, abs=1e-15)


def test_nobody_follows_any_path_in_history(grown):
    assert not grown.state.firms["paths"].any()
    assert not grown.state.provinces["paths_seen"].any()


def test_paths_have_topics_and_places():
    assert len(set(PATHS)) == len(set(TOPICS)) == N_PATHS


def test_lots_are_for_life_and_each_path_has_its_own(acted, grown, living):
    """With one fit and no imitation those follow whose lot is below it, this quarter and the next."""
    wanted = {"forgiveness.uptake": 1.0, "adoption.imitation": 0.0}

    def change(state):
        state.entrepreneurs["leadership"] = 0.4
        state.firms["paths"] = 0

    firms = living(acted(choose_paths, choose_paths, change=change, settings=wanted).firms)
    lots = uniforms(for_life(grown.key), firms["uid"], LOT, N_PATHS)[:, M60]
    np.testing.assert_array_equal(firms["paths"][:, M60], 2 * (lots < 0.4))


def test_what_is_seen_follows_what_is_done(acted):
    def change(state):
        state.firms["paths"] = 0
        state.firms["paths"][:, M60] = 5

    provinces = acted(survey_provinces, see_paths, change=change).provinces
    np.testing.assert_allclose(provinces["paths_seen"][:, M60], 0.25, rtol=1e-9)


def test_before_the_paths_are_known_a_run_is_the_one_without_them(small):
    changes = {f"{topic}.uptake": 1.0 for topic in TOPICS}
    known = Ecosystem(seed=5, quarters=12, set=small | changes | {"adoption.since": 8.0})
    plain = Ecosystem(seed=5, quarters=12, set=small)
    for _ in range(8):
        known.step()
        plain.step()
    assert known.state_hash() == plain.state_hash()
    known.step()
    assert known.state.firms["paths"].any()


def test_who_could_give_it_up_does(acted, living):
    wanted = {"forgiveness.uptake": 1.0, "adoption.imitation": 0.0}

    def change(state):
        state.entrepreneurs["leadership"] = 0.0
        state.firms["paths"] = 7

    assert not living(acted(choose_paths, change=change, settings=wanted).firms)["paths"][:, M60].any()


EVERYBODY = {f"{topic}.uptake": 1.0 for topic in (*TOPICS, "proving", "patient_fund")}


@pytest.mark.parametrize("way", [{"engine": "agents", "shuffled": True}, {"threads": 2}])
def test_where_everybody_follows_everything_the_engines_agree(small, way):
    changes = small | EVERYBODY | {"adoption.imitation": 0.0, "start.burn_in": 4}
    columns = Ecosystem(seed=7, quarters=6, set=changes)
    other = Ecosystem(seed=7, quarters=6, set=changes, **way)
    for _ in range(6):
        columns.step()
        other.step()
        assert columns.state_hash() == other.state_hash()
    assert (columns.state.firms["paths"] > 0).any(axis=0).all()


def test_how_many_paths_firms_follow_is_recorded(small):
    model = Ecosystem(seed=7, quarters=4, set=small | EVERYBODY).run()
    firms = model.state.firms[model.state.firms["is_alive"] == 1]
    last = model.results.series_array[-1]
    assert (last["paths"] * last["firms"]).sum() == pytest.approx((firms["paths"] > 0).sum(), rel=1e-12)
    assert last["paths"].sum() > 0


def test_switched_off_nobody_follows_and_nothing_moves(small):
    """Every path off, whatever the uptake, is the baseline bit for bit."""
    off = dict.fromkeys(("M51", "M57", *PATHS), "off")
    plain = Ecosystem(seed=7, quarters=8, set=small).run()
    neutral = Ecosystem(seed=7, quarters=8, set=small | EVERYBODY | off).run()
    assert plain.state_hash() == neutral.state_hash()


def test_a_newcomer_follows_no_path_of_who_was_there_before(small):
    changes = (
        small
        | EVERYBODY
        | {"demography.entry": 0.016, "demography.least_share": 0.2, "adoption.imitation": 0.0}
    )
    model = Ecosystem(seed=7, quarters=12, set=changes).run()
    firms = model.state.firms[model.state.firms["is_alive"] == 1]
    young = firms[firms["age"] < 12]
    assert young.size > 3
    assert (young["paths"].max(axis=1) <= young["age"]).all()
