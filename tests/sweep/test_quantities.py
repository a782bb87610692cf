"""What is measured of a run is what its tables say."""

import numpy as np
import pytest

from nqpf_abm.experiment.outcomes import Scored, rows_of
from nqpf_abm.sweep.quantities import LastYear, quantities


def test_numbers_are_those_of_comparisons_and_of_the_tables(baseline):
    last, scored = LastYear(baseline), Scored(baseline)
    compared = {row.outcome: row.value for row in rows_of(scored, scored, 7, "") if row.province == ""}
    table = baseline.results.indicators
    final = table[table["year"] == table["year"].max()].groupby("indicator")["value"].mean()
    for name, quantity in quantities().items():
        expected = compared[name] if name in compared else final[name]
        assert quantity.of(last) == pytest.approx(expected, rel=1e-12), name
    assert {"nqpf", "gini_overlap", "cost", "hqd", "N18"} <= set(quantities())


def test_scores_of_the_last_year_are_bit_for_bit_those_of_the_whole_panel(baseline):
    scores = baseline.results.scores
    whole = scores.loc[scores["year"] == scores["year"].max(), "nqpf"].to_numpy()
    np.testing.assert_array_equal(LastYear(baseline).nqpf, whole)


def test_a_score_without_all_indicators_is_none(baseline):
    last = LastYear(baseline)
    last.indicators["N3"] = np.full(12, np.nan)
    assert np.isnan(quantities()["nqpf"].of(last))
    assert np.isnan(quantities()["gini"].of(last))
    assert np.isfinite(quantities()["N1"].of(last))
