"""Leadership as a power mean, and opinions that move as Friedkin and Johnsen say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.mechanisms.leadership import (
    channel_level,
    empowering_leadership,
    follow_leader,
    lead,
    moved_opinion,
    relative_speed,
    shared_identification,
    take_over_spirit,
)

steady = settings(derandomize=True, deadline=None, max_examples=60)
share = st.floats(0, 1)
style = st.floats(0.01, 1)
exponent = st.floats(-1, 1)


def test_leadership_by_hand():
    assert empowering_leadership(0.4, 0.4, 0.9, 0.9, 0.0) == pytest.approx(0.6, abs=1e-12)
    assert empowering_leadership(0.4, 0.4, 0.9, 0.9, 1.0) == pytest.approx(0.65, abs=1e-12)


def test_a_missing_style_collapses_the_geometric_mean_and_costs_a_quarter_of_the_other():
    assert empowering_leadership(0.0, 0.8, 0.8, 0.8, 0.0) == 0.0
    assert empowering_leadership(0.0, 0.8, 0.8, 0.8, 1.0) == pytest.approx(0.6, abs=1e-12)


@steady
@given(style, exponent)
def test_four_equal_styles_are_the_composite(level, p):
    assert empowering_leadership(level, level, level, level, p) == pytest.approx(level, rel=1e-6)


@steady
@given(st.lists(style, min_size=4, max_size=4), exponent)
def test_the_composite_lies_between_the_styles_in_any_order(styles, p):
    value = empowering_leadership(*styles, p)
    assert min(styles) * (1 - 1e-6) <= value <= max(styles) * (1 + 1e-6)
    assert empowering_leadership(*reversed(styles), p) == pytest.approx(value, rel=1e-6)


@steady
@given(st.lists(style, min_size=4, max_size=4), st.floats(-1, 0.9))
def test_power_means_rise_with_the_exponent(styles, p):
    assert empowering_leadership(*styles, p) <= empowering_leadership(*styles, p + 0.1) * (1 + 1e-6)


@steady
@given(st.lists(style, min_size=4, max_size=4))
def test_the_geometric_mean_is_the_limit(styles):
    at_zero = empowering_leadership(*styles, 0.0)
    assert at_zero == pytest.approx(np.prod(styles) ** 0.25, rel=1e-12)
    assert empowering_leadership(*styles, 1e-6) == pytest.approx(at_zero, rel=1e-4)


def test_moved_opinion_by_hand():
    assert moved_opinion(0.5, 0.5, 1.0, 0.8, 0.15) == pytest.approx(0.56, abs=1e-15)


@steady
@given(share, share, share, share, st.floats(0.05, 0.3))
def test_an_opinion_stays_between_what_it_was_and_what_pulls_it(own, anchor, social, openness, speed):
    moved = moved_opinion(own, anchor, social, openness, speed)
    assert min(own, anchor, social) - 1e-15 <= moved <= max(own, anchor, social) + 1e-15


@steady
@given(share, share, share, share, st.floats(0.05, 0.3), st.integers(1, 60))
def test_the_path_of_one_opinion_is_geometric(own, anchor, social, openness, speed, quarters):
    target = (1 - openness) * anchor + openness * social
    x = own
    for _ in range(quarters):
        x = moved_opinion(x, anchor, social, openness, speed)
    assert x == pytest.approx(target + (1 - speed) ** quarters * (own - target), abs=1e-12)


def test_a_group_settles_where_friedkin_and_johnsen_say():
    """With weights W and susceptibilities L the fixed point is (I - L W)^-1 (I - L) x0."""
    rng = np.random.default_rng(4)
    weights = rng.random((5, 5))
    weights /= weights.sum(axis=1, keepdims=True)
    openness = rng.uniform(0.1, 0.95, 5)
    anchor = rng.random(5)
    x = rng.random(5)
    for _ in range(2000):
        social = weights @ x
        x = np.array(
            [
                moved_opinion(float(x[i]), float(anchor[i]), float(social[i]), float(openness[i]), 0.15)
                for i in range(5)
            ]
        )
    exact = np.linalg.solve(np.eye(5) - openness[:, None] * weights, (1 - openness) * anchor)
    np.testing.assert_allclose(x, exact, atol=1e-12)


def test_leadership_is_made_of_the_leaders_own_styles(acted, living):
    rows = living(acted(lead).entrepreneurs)
    expected = [empowering_leadership(*map(float, styles), 0.0) for styles in rows["style"]]
    np.testing.assert_array_equal(rows["leadership"], expected)
    assert np.ptp(rows["leadership"]) > 0.1


def test_a_collapsed_leader_moves_nobody(acted, living, setting):
    """Without leadership teams and, at the least safety, employees follow their own anchors."""
    quiet = setting(
        entrepreneurs__style=0.0, entrepreneurs__charisma=0.0, teams__orientation=0.2, teams__anchor=0.2
    )
    teams = living(acted(lead, follow_leader, change=quiet).teams)
    assert teams["orientation"] == pytest.approx(0.2, abs=1e-15)
    assert teams["safety"] == pytest.approx(0.4, abs=1e-15)


def test_safety_stays_within_its_range_and_rises_with_leadership(acted, living, setting):
    low, high = (
        living(
            acted(follow_leader, change=setting(entrepreneurs__channel=x, entrepreneurs__charisma=0.0)).teams
        )["safety"]
        for x in (0.0, 1.0)
    )
    assert low == pytest.approx(0.4)
    assert high == pytest.approx(1.0)


def test_spirit_reaches_employees_through_their_team(acted, living, setting):
    """The slope of the one on the other is kappa times lambda times the weight of the team."""

    def employed(level):
        people = acted(
            take_over_spirit,
            change=setting(teams__orientation=level, teams__safety=0.5, teams__motivation=0.6),
        ).employees
        return people["orientation"][(people["is_alive"] == 1) & (people["firm"] >= 0)]

    slope = (employed(0.7) - employed(0.3)) / 0.4
    assert slope == pytest.approx(0.15 * 0.95 * 0.5 * 0.6, abs=1e-12)


def test_people_without_a_job_keep_their_orientation(acted, setting):
    before, after = acted().employees, acted(take_over_spirit).employees
    idle = (before["is_alive"] == 1) & (before["firm"] < 0)
    assert idle.any()
    np.testing.assert_array_equal(before["orientation"][idle], after["orientation"][idle])


# --------------------------------------------------------------------------------------- the four channels


def test_channels_by_hand():
    assert channel_level(0.6, 0.8, 0.5) == pytest.approx(0.7, abs=1e-15)
    assert relative_speed(0.15, 0.8, 0.6) == pytest.approx(0.2, abs=1e-15)
    assert shared_identification(0.7, 0.6, 0.6, 0.1) == pytest.approx(0.8, abs=1e-15)


@steady
@given(share, share, st.floats(0.2, 0.8))
def test_a_channel_lies_between_composite_and_style(composite, own, strength):
    level = channel_level(composite, own, strength)
    assert min(composite, own) - 1e-12 <= level <= max(composite, own) + 1e-12


@steady
@given(st.floats(0, 0.3), share, share)
def test_speed_and_identification_stay_within_bounds(speed, channel, given_back):
    assert 0.0 <= relative_speed(speed, channel, 0.6) <= 1.0
    assert 0.0 <= shared_identification(0.9, channel, 0.6, given_back) <= 1.0


@pytest.mark.parametrize("style", range(4))
@pytest.mark.parametrize("exponent", [0.0, 1.0])
def test_a_style_at_zero_moves_its_own_channel_most(acted, living, style, exponent):
    """M102's claim holds by construction, whatever the exponent; so it is a test of the law."""

    def lacking(state):
        state.entrepreneurs["style"] = 0.6
        state.entrepreneurs["style"][:, style] = 0.0

    rows = living(acted(lead, change=lacking, settings={"leadership.style_exponent": exponent}).entrepreneurs)
    loss = 0.6 - rows["channel"][0]
    others = np.delete(loss, style)
    assert (loss[style] > others + 0.1).all()
    assert (others > 0).all()


def test_channels_act_where_they_are_meant_to(acted, living):
    """Autonomy and motivation reach the team, direction its susceptibility, safety its safety."""

    def team_under(channel, level):
        def change(state):
            state.entrepreneurs["channel"] = 0.6
            state.entrepreneurs["channel"][:, channel] = level

        return living(acted(follow_leader, change=change).teams)

    columns = {0: "autonomy", 1: "motivation", 2: "orientation", 3: "safety"}
    for channel, column in columns.items():
        low, high = team_under(channel, 0.3), team_under(channel, 0.9)
        assert (low[column] != high[column]).any()
        for other in set(columns.values()) - {column}:
            if {column, other} == {"motivation", "orientation"} and other == "orientation":
                continue  # motivation is how fast orientation moves
            np.testing.assert_array_equal(low[other], high[other])
