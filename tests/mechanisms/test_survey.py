"""What the world knows of itself: the score in the loop, and means by team, firm and province."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.measure import entropy_topsis
from nqpf_abm.mechanisms.survey import annual_closeness, gather_teams, survey_provinces, take_stock
from nqpf_abm.numerics.draws import make_key

steady = settings(derandomize=True, deadline=None, max_examples=60)


def in_the_loop(x, signs):
    closeness = np.full(len(x), np.nan)
    annual_closeness(np.ascontiguousarray(x, float), np.asarray(signs, float), closeness)
    return closeness


def measured(x, signs):
    return entropy_topsis(x, np.full(len(x), 2015), signs, bounds="annual", ideal="annual").closeness


@steady
@given(st.integers(2, 40), st.integers(1, 20), st.integers(0, 10**6))
def test_the_score_in_the_loop_is_the_measured_one(n, m, seed):
    rng = np.random.default_rng(seed)
    x = rng.lognormal(0, rng.uniform(0.1, 2), (n, m)) * 10.0 ** rng.integers(-3, 6, m)
    signs = rng.choice([-1, 1], m)
    np.testing.assert_allclose(in_the_loop(x, signs), measured(x, signs), rtol=0, atol=1e-12)


@steady
@given(st.integers(3, 20), st.integers(2, 12), st.integers(0, 10**6))
def test_ties_and_constant_columns_change_nothing_about_that(n, m, seed):
    rng = np.random.default_rng(seed)
    x = rng.integers(0, 4, (n, m)).astype(float)
    x[:, rng.integers(0, m)] = 7.0
    x[0, 0], x[1, 0] = 0.0, 3.0  # something varies
    signs = rng.choice([-1, 1], m)
    np.testing.assert_allclose(in_the_loop(x, signs), measured(x, signs), rtol=0, atol=1e-12)


def test_a_constant_column_adds_nothing():
    x = np.random.default_rng(1).random((12, 4))
    with_constant = np.column_stack([x, np.full(12, 3.3)])
    np.testing.assert_array_equal(in_the_loop(with_constant, [1, -1, 1, 1, 1]), in_the_loop(x, [1, -1, 1, 1]))


def test_where_nothing_varies_every_score_is_zero():
    np.testing.assert_array_equal(in_the_loop(np.full((12, 5), 2.0), np.ones(5)), np.zeros(12))


def test_the_best_on_everything_scores_one_and_the_worst_zero():
    x = np.array([[3.0, 1.0], [1.0, 5.0], [2.0, 2.0]])
    score = in_the_loop(x, [1, -1])
    assert score[0] == 1.0
    assert score[1] == 0.0
    assert 0.0 < score[2] < 1.0


def panel(state):
    rng = np.random.default_rng(5)
    state.panel[:] = rng.random(state.panel.shape)
    state.provinces["score_z"] = np.arange(4) / 10


def stocked(acted, quarter):
    state = acted(change=panel)
    take_stock.act(state, make_key(3, quarter))
    return state


def test_scores_are_taken_once_a_year(acted):
    expected = in_the_loop(acted(change=panel).panel, acted().panel_signs)
    np.testing.assert_array_equal(stocked(acted, 16).provinces["score"], expected)
    for quarter in (0, 1, 2, 3, 17, 18, 19):
        np.testing.assert_array_equal(stocked(acted, quarter).provinces["score"], acted().provinces["score"])


def test_the_standardised_score_ages_quarter_by_quarter(acted):
    z = stocked(acted, 16).provinces["score_z"]
    assert z[:, 0].mean() == pytest.approx(0, abs=1e-12)
    assert z[:, 0].std() == pytest.approx(1, rel=1e-12)
    np.testing.assert_array_equal(z[:, 1:], np.tile([0.0, 0.1, 0.2], (12, 1)))


def test_teams_and_firms_know_their_means(acted, living):
    state = acted(gather_teams)
    people = state.employees[(state.employees["is_alive"] == 1) & (state.employees["firm"] >= 0)]
    size = np.bincount(people["team"], minlength=state.teams.size)
    used = state.teams["is_alive"] == 1
    np.testing.assert_array_equal(state.teams["size"][used], size[used])
    assert (size[~used] == 0).all()
    acting = np.bincount(people["team"], weights=people["is_proactive"], minlength=state.teams.size)
    share = (acting / size.clip(1))[used]
    np.testing.assert_allclose(state.teams["proactive_share"][used], share, atol=1e-12)
    for k in range(3):
        total = np.bincount(people["team"], weights=people["orientation"][:, k], minlength=state.teams.size)
        np.testing.assert_allclose(
            state.teams["member_mean"][used, k], (total / size.clip(1))[used], rtol=1e-12
        )
        teams = state.teams[used]
        mean = np.bincount(teams["firm"], weights=teams["orientation"][:, k], minlength=state.firms.size)
        firms = living(state.firms)
        rows = np.flatnonzero(state.firms["is_alive"] == 1)
        np.testing.assert_allclose(firms["team_mean"][:, k], mean[rows] / firms["n_teams"], rtol=1e-12)
    staff = np.bincount(people["firm"], minlength=state.firms.size)
    skill = np.bincount(people["firm"], weights=people["skill"], minlength=state.firms.size)
    rows = state.firms["is_alive"] == 1
    np.testing.assert_array_equal(state.firms["staff"][rows], staff[rows])
    np.testing.assert_allclose(state.firms["skill"][rows], skill[rows] / staff[rows].clip(1), rtol=1e-12)


@pytest.mark.parametrize(
    ("mean", "of"),
    [
        ("adopter_share", "is_adopter"),
        ("new_share", "is_new"),
        ("mean_log_tfp", "log_tfp"),
        ("mean_sales", "sales"),
        ("mean_staff", "staff"),
        ("mean_energy_intensity", "energy_intensity"),
    ],
)
def test_provinces_know_their_means(acted, living, mean, of):
    state = acted(survey_provinces)
    firms = living(state.firms)
    number = np.bincount(firms["province"], minlength=12)
    np.testing.assert_array_equal(state.provinces["n_firms"], number)
    expected = np.bincount(firms["province"], weights=firms[of], minlength=12) / number
    np.testing.assert_allclose(state.provinces[mean], expected, rtol=1e-12, atol=1e-15)
