"""The record of a run: it grows, a branch goes on with one of its own, and what was recorded stays."""

import numpy as np
import pytest

from nqpf_abm import Ecosystem
from nqpf_abm.collect.record import FIRM_YEAR, SERIES_TYPE, yearly
from nqpf_abm.collect.recorder import Recorder
from nqpf_abm.state.accounts import N_ROWS, WAGES


def test_nothing_recorded_is_empty():
    recorder = Recorder(12, 8)
    assert recorder.series.shape == (0, 12) and recorder.ledger.shape == (0, N_ROWS, 12)
    assert recorder.year == {} and recorder.firm_years == []


def test_more_quarters_than_expected_find_room():
    recorder = Recorder(3, 1)
    for k in range(5):
        row, ledger = recorder.rows()
        assert not row["gdp"].any() and not ledger.any()
        row["gdp"], ledger[:] = k, 10 * k
        recorder.close_quarter()
    assert recorder.series["gdp"].tolist() == [[float(k)] * 3 for k in range(5)]
    assert recorder.ledger[:, 0, 0].tolist() == [0, 10, 20, 30, 40]


def test_what_an_interrupted_quarter_left_is_not_added_to():
    recorder = Recorder(3, 2)
    for part in recorder.rows():
        part.view(float)[:] = 5.0
    assert not any(part.view(float).any() for part in recorder.rows()[:1])


def test_a_copy_goes_on_by_itself():
    recorder = Recorder(3, 2)
    recorder.rows()[0]["gdp"] = 1.0
    recorder.close_quarter()
    other = recorder.copy()
    for one, gdp in ((recorder, 2.0), (other, 3.0)):
        one.rows()[0]["gdp"] = gdp
        one.close_quarter()
    assert recorder.series["gdp"][:, 0].tolist() == [1.0, 2.0]
    assert other.series["gdp"][:, 0].tolist() == [1.0, 3.0]


def test_what_was_recorded_cannot_be_changed_by_who_reads_it(small):
    model = Ecosystem(seed=3, quarters=4, set=small).run()
    early = model.results
    for array in (early.series_array, early.ledger_array):
        with pytest.raises(ValueError, match="read-only"):
            array[:] = np.zeros(1, array.dtype)
    kept = early.series_array.tobytes()
    for _ in range(20):
        model.step()
    assert early.series_array.tobytes() == kept
    assert model.results.series_array[: len(early.series_array)].tobytes() == kept


def test_the_last_year_is_that_of_the_series(small):
    model = Ecosystem(seed=3, quarters=8, set=small)
    assert not model.last_year
    model.settle()
    for done in range(1, 9):
        model.step()
        if done % 4 == 0:
            assert model.last_year["year"] == 2012 + done // 4 - 1
            for name, values in yearly(model.results.series_array, model.burn_in + done - 1).items():
                np.testing.assert_array_equal(model.last_year[name], values)
    assert set(SERIES_TYPE.names) < set(model.last_year)
    with pytest.raises(ValueError, match="read-only"):
        model.last_year["gdp"][:] = 0.0
    with pytest.raises(TypeError, match="assignment"):
        model.last_year["gdp"] = 0.0


def test_firms_of_a_year_are_those_in_use(small):
    model = Ecosystem(seed=3, quarters=12, set=small).run()
    state, firms = model.state, model.results.firms.query("year == 2014").reset_index(drop=True)
    alive = np.flatnonzero(state.firms["is_alive"] == 1)
    f, e = state.firms[alive], state.entrepreneurs[alive]
    assert firms["firm"].tolist() == f["uid"].tolist()
    by_hand = {
        "sales": f["year_sales"],
        "profit": f["year_profit"],
        "pay": f["flow"][:, WAGES] / f["staff"],
        "rnd": f["year_rnd"],
        "rnd_share": f["year_rnd"] / np.maximum(f["year_sales"], 1e-12),
        "patents_per_head": f["year_wins"] * state.provinces["patents_per_win"][f["province"]] / f["staff"],
        "acting_share": f["n_proactive"] / f["staff"],
        "product_speed": e["launch_rate"],
        **{
            name: f[name]
            for name in ("age", "is_spin_off", "staff", "layers", "cash", "log_tfp", "is_applicant")
        },
        **{name: e[name] for name in ("leadership", "charisma")},
        **dict(zip(("innovativeness", "proactiveness", "risk_taking"), e["orientation"].T, strict=True)),
        "orientation": e["orientation"].mean(axis=1),
    }
    assert {*by_hand, "year", "province_row", "firm"} == set(FIRM_YEAR.names)
    for name, values in by_hand.items():
        np.testing.assert_allclose(firms[name], values, rtol=1e-12)
        assert np.unique(values).size > 1 or name == "layers", name
    named = np.array(model.results.provinces)[f["province"]]
    assert firms["province"].tolist() == named.tolist()
