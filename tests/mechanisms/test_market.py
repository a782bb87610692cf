"""Spending, exports, market fitness and the replicator."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.mechanisms.market import (
    clear_goods,
    compete,
    desired_consumption,
    export_share,
    market_fitness,
    replicated_share,
    sell_and_produce,
    set_demand,
)

steady = settings(derandomize=True, deadline=None, max_examples=60)
amount = st.floats(0, 1e6)


def test_by_hand():
    assert desired_consumption(100.0, 200.0, 0.82, 0.03) == pytest.approx(88, rel=1e-14)
    assert export_share(0.02, 0.1, 0.05, 0.8, 0.48, 0.01, -0.03) == pytest.approx(
        0.02 * math.exp(0.08 - 0.024 + 0.01 - 0.03), rel=1e-14
    )
    assert market_fitness(0.5, 1, 0.05, 0.9) == pytest.approx(math.exp(0.5) * 1.05 * 0.9, rel=1e-14)
    assert replicated_share(0.1, 2.0, 1.0, 0.03) == pytest.approx(0.103, abs=1e-15)


@steady
@given(amount, amount, st.floats(0.6, 0.95), st.floats(0.01, 0.06))
def test_households_never_spend_what_they_do_not_have(income, deposits, from_income, from_wealth):
    spent = desired_consumption(income, deposits, from_income, from_wealth)
    assert 0.0 <= spent <= 0.9 * deposits
    assert desired_consumption(income, -1.0, from_income, from_wealth) <= 0.0


@steady
@given(st.floats(1e-4, 0.2), st.floats(-1, 1), st.floats(-1, 1), st.floats(0, 1.6), st.floats(0, 1))
def test_exports_follow_productivity_and_shun_wages(start, tfp, wage, up, down):
    assert export_share(start, 0.0, 0.0, up, down, 0.0, 0.0) == start
    share = export_share(start, tfp, wage, up, down, 0.0, 0.0)
    assert share <= export_share(start, tfp + 0.1, wage, up, down, 0.0, 0.0)
    assert share >= export_share(start, tfp, wage + 0.1, up, down, 0.0, 0.0)
    assert math.log(share / start) == pytest.approx(up * tfp - down * wage, abs=1e-9)


@steady
@given(st.floats(-8, 8), st.floats(0, 0.1), st.floats(0, 1))
def test_fitness_rises_with_productivity_and_novelty(log_tfp, appeal, penalty):
    old = market_fitness(log_tfp, 0, appeal, penalty)
    assert old <= market_fitness(log_tfp, 1, appeal, penalty)
    assert old <= market_fitness(log_tfp + 0.1, 0, appeal, penalty)
    assert market_fitness(99.0, 0, appeal, penalty) == market_fitness(5.0, 0, appeal, penalty)


@steady
@given(
    st.lists(st.tuples(st.floats(0.01, 1), st.floats(0.5, 2)), min_size=2, max_size=12),
    st.floats(0.01, 0.06),
)
def test_the_replicator_moves_shares_and_keeps_their_total(firms, speed):
    shares = np.array([share for share, _ in firms])
    shares /= shares.sum()
    fitness = np.array([fit for _, fit in firms])
    mean = float(shares @ fitness)
    after = np.array(
        [replicated_share(float(s), float(f), mean, speed) for s, f in zip(shares, fitness, strict=True)]
    )
    assert after.sum() == pytest.approx(1, abs=1e-12)
    assert (after > 0).all()
    assert float(after / after.sum() @ fitness) >= mean * (1 - 1e-12)  # Fisher: mean fitness never falls
    np.testing.assert_array_equal(
        np.sign(after - shares)[np.abs(fitness / mean - 1) > 1e-9],
        np.sign(fitness - mean)[np.abs(fitness / mean - 1) > 1e-9],
    )


def test_a_share_never_turns_negative():
    assert replicated_share(0.1, 0.0, 1.0, 1.0) == pytest.approx(0.01)


def test_orders_are_handed_out_whole(acted, by_province):
    state = acted(set_demand, compete, clear_goods)
    shares = np.bincount(
        state.firms["province"], weights=state.firms["share"] * state.firms["is_alive"], minlength=12
    )
    np.testing.assert_allclose(shares, 1.0, rtol=1e-12)
    np.testing.assert_allclose(
        by_province(state, state.firms["order"]), state.provinces["orders"], rtol=1e-12
    )


def test_exports_never_exceed_nine_tenths_of_the_pool(acted, setting):
    hot = setting(provinces__export_drift=5.0)
    state = acted(set_demand, change=hot)
    home = ((1 - state.provinces["import_share"]) * state.provinces["absorption"]).sum()
    pool = state.world["export_pool"][0]
    assert state.provinces["orders"].sum() - home == pytest.approx(0.9 * pool, rel=1e-9)


def test_nobody_sells_what_is_not_ordered_or_there(acted, living, by_province):
    state = acted(set_demand, compete, clear_goods, sell_and_produce)
    before = living(acted().firms)
    firms = living(state.firms)
    room = firms["capacity"] + before["inventory"]
    assert (firms["sales"] <= room * (1 + 1e-12)).all()
    assert (firms["output"] <= firms["capacity"] * (1 + 1e-12)).all()
    assert (firms["inventory"] >= 0.0).all()
    stock = (before["inventory"] + firms["output"] - firms["sales"]) * 0.98
    np.testing.assert_allclose(firms["inventory"], stock, atol=1e-9 * room.max())
    sold, ordered = by_province(state, state.firms["sales"]), by_province(state, state.firms["order"])
    assert (sold <= ordered * (1 + 1e-12)).all()


def test_half_of_the_unmet_orders_go_to_slack_firms(acted, living, by_province):
    """One firm of each province gets all orders, the others stand idle."""

    def lopsided(state):
        firms = state.firms
        firms["inventory"] = 0.0
        firms["share"] = 1e-12
        for r in range(state.provinces.size):
            firms["share"][np.flatnonzero((firms["province"] == r) & (firms["is_alive"] == 1))[0]] = 1.0

    state = acted(clear_goods, sell_and_produce, change=lopsided)
    sold = by_province(state, state.firms["sales"])
    ordered = by_province(state, state.firms["order"])
    own = by_province(state, np.minimum(state.firms["order"], state.firms["capacity"]))
    unmet = ordered - own
    idle = by_province(state, state.firms["capacity"]) - own
    np.testing.assert_allclose(sold - own, 0.5 * np.minimum(unmet, idle), rtol=1e-9)


@steady
@given(st.floats(0.01, 0.99), st.floats(0.5, 2), st.floats(0.5, 2), st.integers(1, 20))
def test_two_types_at_full_speed_are_the_discrete_replicator(share, a, b, rounds):
    """At χ=1 odds grow by the ratio of fitness each quarter: s_t/(1-s_t) = s_0/(1-s_0) (f_a/f_b)^t."""
    x = share
    for _ in range(rounds):
        mean = x * a + (1 - x) * b
        x, y = replicated_share(x, a, mean, 1.0), replicated_share(1 - x, b, mean, 1.0)
        assert x + y == pytest.approx(1.0, rel=1e-12)
    odds = share / (1 - share) * (a / b) ** rounds
    assert x == pytest.approx(odds / (1 + odds), rel=1e-9)


@steady
@given(st.floats(0.05, 0.95), st.floats(0.8, 1.25), st.floats(0.01, 0.06))
def test_two_types_at_any_speed_follow_the_closed_form_of_one_step(share, a, speed):
    """Odds grow by (1 + χ(f_a/f̄ - 1))/(1 + χ(f_b/f̄ - 1)); in continuous time log odds grow by χ (f_a - f_b)/f̄."""
    mean = share * a + 1 - share
    x, y = replicated_share(share, a, mean, speed), replicated_share(1 - share, 1.0, mean, speed)
    assert x + y == pytest.approx(1.0, rel=1e-12)
    growth = math.log(x / y) - math.log(share / (1 - share))
    assert growth == pytest.approx(speed * (a - 1) / mean, abs=speed**2)
