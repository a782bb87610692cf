"""Tables of entrepreneurship at four levels; orientation and performance of firms."""

import numpy as np
import pandas as pd
import pytest

from nqpf_abm import Ecosystem
from nqpf_abm.collect.entrepreneurship import orientation_performance, performance, top_turnover
from nqpf_abm.errors import InputError


def invented(n=200, strength=0.0, seed=1):
    """Two years of `n` firms whose sales grow and margins rise with orientation as far as `strength` says."""
    rng = np.random.default_rng(seed)
    orientation = rng.normal(0.5, 0.1, n)
    pull = strength * (orientation - 0.5) * 10
    first = pd.DataFrame(
        {
            "year": 2014,
            "province_row": np.arange(n) % 4,
            "firm": np.arange(n),
            "age": 20,
            "sales": rng.lognormal(0, 1, n),
            "orientation": orientation,
            "leadership": rng.uniform(0, 1, n),
            "log_tfp": 0.0,
        }
    ).assign(profit=lambda t: 0.1 * t["sales"])
    last = first.assign(year=2018)
    last["sales"] = first["sales"] * np.exp(pull + rng.normal(0, 1, n))
    last["profit"] = last["sales"] * (0.1 + 0.05 * (pull + rng.normal(0, 1, n)))
    return pd.concat([first, last], ignore_index=True)


def test_performance_follows_orientation_where_it_does():
    assert orientation_performance(invented(4000), 2014, 2018) == pytest.approx(0.0, abs=0.065)
    assert orientation_performance(invented(4000, 1.0), 2014, 2018) > 0.6
    table = performance(invented(), 2014, 2018)
    assert table["performance"].mean() == pytest.approx(0.0, abs=1e-12)
    assert table["growth"].groupby(np.arange(200) % 4).mean().abs().max() < 1e-12


def test_young_and_closed_firms_do_not_count():
    firms = invented(100)
    firms.loc[firms["firm"] < 10, "age"] = 1
    firms = firms[~((firms["year"] == 2018) & (firms["firm"] >= 90))]
    assert len(performance(firms, 2014, 2018)) == 80


def test_turnover_at_the_top_by_hand():
    """Ten firms of one province, one at the top; it changes, or not."""
    first = pd.DataFrame({"year": 1, "province_row": 0, "firm": np.arange(10), "sales": np.arange(10.0)})
    same = pd.concat([first, first.assign(year=2)])
    other = pd.concat([first, first.assign(year=2, sales=-np.arange(10.0))])
    assert top_turnover(same, 1, 2) == 0.0
    assert top_turnover(other, 1, 2) == 1.0


def test_levels_agree_with_the_state_they_come_from(baseline):
    results, state = baseline.results, baseline.state
    last = results.firms.query("year == 2022")
    alive = state.firms["is_alive"] == 1
    assert len(last) == alive.sum()
    np.testing.assert_allclose(last["orientation"], state.entrepreneurs["orientation"][alive].mean(axis=1))
    assert set(results.firms["year"]) == set(results.years)
    assert len(results.teams) == (state.teams["is_alive"] == 1).sum()
    employed = (state.employees["is_alive"] == 1) & (state.employees["firm"] >= 0)
    assert len(results.persons) == employed.sum()
    for table in (results.firms, results.teams, results.persons):
        assert set(table["province"]) == set(results.provinces)


def test_the_tidy_table_has_four_levels_and_no_gaps(baseline):
    table = baseline.results.entrepreneurship
    assert set(table["level"]) == {"person", "team", "firm", "region"}
    assert table["value"].notna().all()
    wide = table.pivot_table(index="year", columns=["level", "measure"], values="value")
    assert list(wide.index) == baseline.results.years
    persons = baseline.results.persons.groupby("province")["orientation"].mean()
    last = table.query("year == 2022 and level == 'person' and measure == 'orientation'")
    np.testing.assert_allclose(last.set_index("province")["value"], persons[last["province"]], atol=0.02)
    first = table.query("year == 2012 and measure == 'index'")["value"]
    assert first.mean() == pytest.approx(1.0, abs=0.1)


def test_yearly_sums_of_firms_are_those_of_the_series(baseline):
    year = baseline.results.firms.query("year == 2015")
    weight = dict(zip(baseline.results.provinces, baseline.state.provinces["weight"], strict=True))
    total = (year["sales"] * year["province"].map(weight)).sum()
    recorded = baseline.results.series.query("year == 2015")["sales"].sum()
    assert total == pytest.approx(recorded, rel=0.03)  # firms that closed in the year are missing


def test_without_a_whole_year_there_is_no_table(small):
    with pytest.raises(InputError, match="4 quarters"):
        Ecosystem(seed=1, quarters=2, set=small).run().results.firms  # noqa: B018


def test_orientation_and_performance_go_together_as_measured():
    """F10: .20 to .28 after Rauch et al. (2009), mean of ten seeds and two windows, within its own error."""
    values = []
    for seed in range(1, 11):
        firms = Ecosystem(seed=seed).run().results.firm_rows
        values.append(np.mean([orientation_performance(firms, *w) for w in ((2014, 2018), (2018, 2022))]))
    error = np.std(values, ddof=1) / np.sqrt(len(values))
    assert 0.20 - error < np.mean(values) < 0.28 + error
