"""Tidy tables of a run."""

import numpy as np
import pytest

from nqpf_abm import Ecosystem, InputError
from nqpf_abm.collect.panels import score_panel
from nqpf_abm.collect.record import yearly
from nqpf_abm.collect.results import reference_scale
from nqpf_abm.measure import entropy_topsis


def test_tables_have_the_columns_they_promise(baseline):
    r = baseline.results
    assert list(r.scores) == ["province", "year", "nqpf", "scitech", "green", "digital", "rank"]
    shares = ["share_within", "share_between", "share_transvariation"]
    assert list(r.dagum) == ["year", "gini", "within", "between", "transvariation", *shares]
    assert set(r.scores_core["source"]) == {"simulated", "official"}
    assert len(r.scores) == 12 * 11
    assert list(r.indicators) == ["province", "year", "indicator", "value", "unit", "source"]
    assert np.isfinite(r.indicators["value"]).all()
    assert list(r.series.columns[:3]) == ["year", "quarter", "province"]
    assert len(r.series) == 12 * 44


def test_indicators_are_what_the_agents_did(baseline):
    """N2 and N16 of the last year, from the recorded quarters by hand."""
    series = baseline.results.series.query("year == 2022").groupby("province", sort=False)
    by_hand = series["sales_new"].sum() / series["sales"].sum()
    values = baseline.results.indicators.query("year == 2022 and indicator == 'N2'").set_index("province")[
        "value"
    ]
    np.testing.assert_allclose(values, by_hand[values.index])
    by_hand = series["adopters"].mean() / series["firms"].mean()
    values = baseline.results.indicators.query("year == 2022 and indicator == 'N16'").set_index("province")[
        "value"
    ]
    np.testing.assert_allclose(values, by_hand[values.index])


def test_every_indicator_is_measured(baseline):
    r = baseline.results
    assert r.not_measured.empty
    assert set(r.indicators["indicator"]) == {f"N{k}" for k in range(1, 19)}
    assert r.indicators["value"].notna().all()


def test_full_scores_are_frozen_on_the_reference(baseline):
    r = baseline.results
    scale = reference_scale()
    assert scale is not None
    x = r.panel(r.full)
    kinds = [indicator.sign for indicator in r.full.indicators]
    again = entropy_topsis(
        x[list(r.full.ids)].to_numpy(),
        x["year"].to_numpy(),
        kinds,
        frozen=scale,
        bounds="frozen",
        ideal="frozen",
    )
    np.testing.assert_allclose(r.scores["nqpf"], again.closeness)
    assert scale.weights.sum() == pytest.approx(1)


def test_core_scores_share_the_official_scale(baseline):
    r = baseline.results
    np.testing.assert_allclose(r.scored_core.frozen.low, r.scored_official.frozen.low)
    official = r.scores_core.query("source == 'official'").groupby("year")["nqpf"].mean()
    assert official[2012] == pytest.approx(0.177, abs=0.001)
    assert official[2022] == pytest.approx(0.387, abs=0.001)


def test_the_score_in_the_loop_is_the_kernels(baseline):
    """What agents knew in 2022 is the kernel's score of 2021 under annual bounds."""
    model = Ecosystem(seed=7, until=2021).run()
    model.step()
    r = model.results
    values = yearly(r.series_array, r.burn_in + 39) | {"year": 2021}
    columns = [indicator.sim(values) for indicator in r.full.indicators]
    kinds = [indicator.sign for indicator in r.full.indicators]
    kernel = entropy_topsis(
        np.column_stack(columns), np.full(12, 2021), kinds, bounds="annual", ideal="annual"
    )
    np.testing.assert_allclose(model.state.provinces["score"], kernel.closeness, atol=1e-12)


def test_less_than_a_year_has_series_but_no_scores(small):
    model = Ecosystem(seed=1, quarters=2, set=small).run()
    assert len(model.results.series) == 24
    with pytest.raises(InputError, match="at least 4"):
        _ = model.results.scores


def test_one_year_has_indicators_but_no_scores(small):
    results = Ecosystem(seed=1, quarters=4, set=small).run().results
    assert set(results.indicators["year"]) == {2012}
    with pytest.raises(InputError, match="2 years"):
        _ = results.scores


def test_pooled_scores_of_a_users_regions(tmp_path, small):
    file = tmp_path / "two.toml"
    file.write_text('name = "pair"\n[[region]]\nname = "Sichuan"\n[[region]]\nname = "Gansu"\n')
    r = Ecosystem(seed=1, quarters=8, set=small, regions=file).run().results
    pooled = score_panel(r.panel(r.full), r.full, groups=r._groups)
    np.testing.assert_allclose(r.scores["nqpf"], pooled.scores["nqpf"])


def test_a_users_regions_may_bear_the_shipped_name(tmp_path, small):
    file = tmp_path / "west.toml"
    file.write_text('name = "western"\n[[region]]\nname = "Sichuan"\n[[region]]\nname = "Gansu"\n')
    r = Ecosystem(seed=1, quarters=8, set=small, regions=file).run().results
    assert not r.regions.is_default
    assert r.scored_full.frozen.fitted_on != reference_scale().fitted_on
