"""Quarters into years."""

import numpy as np

from nqpf_abm.collect.record import FLOW, MEAN, SERIES, SERIES_TYPE, yearly


def random_series(n_quarters, n_provinces=3):
    rng = np.random.default_rng(1)
    series = np.zeros((n_quarters, n_provinces), SERIES_TYPE)
    for name in SERIES_TYPE.names:
        series[name] = rng.uniform(1, 2, series.shape)
    return series


def test_flows_add_up_and_stocks_are_means():
    series = random_series(16)
    year = yearly(series, 15)
    for name, _, how, _ in SERIES:
        if how == FLOW:
            np.testing.assert_allclose(year[name], series[name][12:].sum(axis=0))
        elif how == MEAN:
            np.testing.assert_allclose(year[name], series[name][12:].mean(axis=0))
        else:
            np.testing.assert_allclose(year[name], series[name][4:].sum(axis=0))
    for name in ("wins", "green_wins"):
        np.testing.assert_allclose(year[f"{name}_3y"], series[name][4:].sum(axis=0))


def test_windows_use_what_there_is():
    series = random_series(4)
    created = yearly(series, 3)["achievements_created"]
    np.testing.assert_allclose(created, series["achievements_created"].sum(axis=0))


def test_every_series_is_documented():
    assert len({name for name, *_ in SERIES}) == len(SERIES)
    assert all(unit for _, unit, *_ in SERIES)


def test_recorded_sums_are_those_of_the_tables(baseline):
    state, last = baseline.state, baseline.results.series_array[-1]
    firms = state.firms[state.firms["is_alive"] == 1]
    weight = state.provinces["weight"][firms["province"]]
    sales = np.bincount(firms["province"], weights=weight * firms["sales"])
    np.testing.assert_allclose(last["sales"], sales)
    np.testing.assert_allclose(last["gdp"], state.provinces["gdp"])
    wins = np.bincount(firms["province"], weights=weight * firms["wins"])
    patents = wins * state.provinces["patents_per_win"] * np.exp(43 * 0.0186)
    np.testing.assert_allclose(last["patents"], patents)
    assert last["papers"].sum() == state.universities["papers"].sum() > 0
    people = state.employees[(state.employees["is_alive"] == 1) & (state.employees["firm"] >= 0)]
    acting = np.bincount(people["province"], weights=people["is_proactive"]) / np.bincount(people["province"])
    np.testing.assert_allclose(last["proactive_share"], acting)
