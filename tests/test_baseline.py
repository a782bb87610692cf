"""Is the baseline plausible? Wide ranges around what the accounts and official figures say; nothing is fitted."""

import numpy as np
import pytest

from nqpf_abm import Ecosystem

SEEDS = range(1, 6)


@pytest.fixture(scope="module")
def runs():
    return [Ecosystem(seed=seed).run().results for seed in SEEDS]


@pytest.fixture(scope="module")
def long_runs():
    return [Ecosystem(seed=seed, until=2035).run().results for seed in (1, 2)]


def yearly(results, column, how="sum"):
    return getattr(results.series.groupby("year")[column], how)()


def test_output_grows_steadily(runs):
    """Official output, deflated by 2 % a year, grows 2.0-fold in ten years; the coupled prototype 2.1-fold."""
    for results in runs:
        gdp = yearly(results, "gdp")
        assert 1.7 < gdp[2022] / gdp[2012] < 2.6
        growth = gdp.pct_change().dropna()
        assert growth.min() > 0.0
        assert growth.max() < 0.15


def test_the_year_after_2012_is_no_recession(runs):
    """Re-anchoring must not throw the economy back: a known dip of two to four per cent, twelve per cent idle."""
    for results in runs:
        quarterly = results.series.groupby(["year", "quarter"])["gdp"].sum().to_numpy()
        assert quarterly[:8].min() > 0.95 * quarterly[0]
    idle = np.mean([yearly(r, "unemployment_rate", "mean") for r in runs], axis=0)
    assert idle.max() < 0.13
    assert 0.03 < idle[-1] < 0.09


def test_pay_is_the_labour_share_and_differs_between_firms(runs):
    """Labour share aimed at: .5 of output. With pass-through, more productive firms pay more per head."""
    for results in runs:
        money = results.ledger.query("ledger == 'money' and year == 2012").groupby("item")["amount"].sum()
        assert 0.42 < money["production wages"] / money["sales"] < 0.55
    state = Ecosystem(seed=1, quarters=4).run().state
    from nqpf_abm.state.accounts import WAGES

    firms = state.firms[(state.firms["is_alive"] == 1) & (state.firms["age"] > 4)]
    pay = firms["flow"][:, WAGES] / (
        state.provinces["wage"][firms["province"]] * np.maximum(firms["staff"], 1)
    )
    productivity = (
        firms["sales"] / np.maximum(firms["staff"], 1) / state.provinces["sales_per_head"][firms["province"]]
    )
    assert np.corrcoef(np.log(pay), np.log(productivity))[0, 1] > 0.5
    assert np.average(productivity, weights=firms["staff"]) == pytest.approx(1.0, abs=0.1)


def test_no_province_explodes_or_empties(runs):
    for results in runs:
        gdp = results.series.pivot_table(index="year", columns="province", values="gdp", aggfunc="sum")
        heads = results.series.pivot_table(index="year", columns="province", values="heads")
        assert ((gdp.loc[2022] / gdp.loc[2012]).between(1.15, 4.0)).all()
        assert ((heads.loc[2022] / heads.loc[2012]).between(0.75, 1.35)).all()


def test_rates_are_those_of_an_economy(runs):
    firms = np.mean([yearly(r, "firms").mean() / 4 for r in runs])
    entry = np.mean([yearly(r, "entries").mean() for r in runs]) / firms
    exit_ = np.mean([yearly(r, "exits").mean() for r in runs]) / firms
    assert 0.025 < entry < 0.05  # accounts: 3.4 %
    assert 0.01 < exit_ < 0.04  # accounts: 2.2 %
    for results in runs:
        assert results.series["unemployment_rate"].mean() < 0.12
        moves = yearly(results, "leavers") / (yearly(results, "heads") / 4)
        assert moves.between(0.005, 0.02).all()  # accounts: 1.0 %


def test_research_stays_near_the_official_share(runs):
    """Official R&D over GDP, simple mean of provinces: .0096 in 2012, .0126 in 2022."""
    for results in runs:
        wide = results.indicators.query("indicator == 'N3'").groupby("year")["value"].mean()
        assert 0.008 < wide[2012] < 0.012
        assert 0.009 < wide[2022] < 0.016


def test_2012_starts_from_official_figures(runs):
    from nqpf_abm.data import official_wide

    official = official_wide(["gdp", "population"], years=[2012]).set_index("province")
    for results in runs:
        gdp = results.series.query("year == 2012").groupby("province")["gdp"].sum() / 100
        np.testing.assert_allclose(gdp, official.loc[gdp.index, "gdp"], rtol=0.15)
        people = results.series.query("year == 2012").groupby("province")["residents"].mean() / 1e4
        np.testing.assert_allclose(people, official.loc[people.index, "population"], rtol=0.03)


def test_three_echelons_are_kept(runs):
    means = []
    for results in runs:
        echelon = results.regions.table.set_index("region")["echelon"]
        last = results.scores.query("year == 2022").set_index("province")["nqpf"]
        means.append(last.groupby(echelon).mean())
    first, second, third = np.mean(means, axis=0)
    assert first > 1.2 * second
    assert second > 1.05 * third


def test_all_three_dimensions_move(runs):
    for results in runs:
        mean = results.scores.groupby("year")[["scitech", "green", "digital"]].mean()
        assert (mean.loc[2022] > mean.loc[2012]).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_thresholds_hold_some_provinces_back_and_not_others(seed):
    """At default values, in 2022: all three efficiencies are above the threshold in some provinces, not in all."""
    model = Ecosystem(seed=seed).run()
    passes = model.state.provinces["efficiency"] > model.parameters.values["resonance.threshold"]
    assert 0 < passes.all(axis=1).sum() < len(passes)


def test_every_indicator_moves_and_none_is_constant(runs):
    for results in runs:
        spread = results.indicators.groupby("indicator")["value"].agg(["min", "max"])
        assert (spread["max"] > spread["min"]).all()


def test_projections_neither_explode_nor_freeze(long_runs):
    for results in long_runs:
        gdp = results.series.pivot_table(index="year", columns="province", values="gdp", aggfunc="sum")
        assert ((gdp.loc[2035] / gdp.loc[2022]).between(1.1, 8.0)).all()
        total = gdp.sum(axis=1)
        assert total[2035] / total[2022] < 4.5  # 3.2 to 3.9 over four seeds: 9.3 to 11 % a year
        stocks = results.series.query("year == 2035")
        assert (stocks["deposits_firms"] < 6 * stocks["gdp"]).all()
        assert (stocks["deposits_households"].between(0, 12 * stocks["gdp"])).all()


def test_doubling_agents_shifts_no_indicator_on_average():
    """Means over seeds and provinces, relative; sixteen seeds leave a standard error of one to six per cent each."""
    means = []
    for scale in (1.0, 2.0):
        blocks = [Ecosystem(seed=seed, scale=scale).run().results.indicators for seed in range(1, 17)]
        means.append(np.array([b.groupby("indicator")["value"].mean() for b in blocks]))
    shift = means[1].mean(axis=0) / means[0].mean(axis=0) - 1
    assert np.abs(shift).mean() < 0.03, shift
    error = np.sqrt(sum((m.std(axis=0) / m.mean(axis=0)) ** 2 / len(m) for m in means))
    assert (np.abs(shift) < np.maximum(0.03, 3 * error)).all(), (shift, error)
