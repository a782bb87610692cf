"""Flat tables of a sweep: what ran, what was measured, and what the analysis makes of it."""

import pandas as pd
import pytest
from plans import fill, plan

from nqpf_abm import InputError
from nqpf_abm.sweep import load_tables
from nqpf_abm.sweep.analyse import analyse
from nqpf_abm.sweep.export import export


@pytest.mark.parametrize("to", ["csv", "parquet"])
def test_tables_hold_every_run_every_number_and_the_indices_of_the_analysis(tmp_path, to):
    fill(tmp_path, of=plan(80, replicates=1))
    read = {"csv": pd.read_csv, "parquet": pd.read_parquet}[to]
    runs, outcomes, indices = (read(path) for path in export(tmp_path, to))
    assert len(runs) == 80 and (runs["error"].fillna("") != "").sum() == len(load_tables(tmp_path).failed)
    assert len(outcomes) == 2 * (80 - len(load_tables(tmp_path).failed))
    found = analyse(load_tables(tmp_path)).indices
    assert len(indices) == len(found) and indices["value"].notna().any()
    pd.testing.assert_series_equal(indices["value"], found["value"], check_exact=to == "parquet")


def test_too_few_runs_leave_no_indices_and_take_older_ones_away(tmp_path):
    fill(tmp_path / "few", range(3), of=plan(80, replicates=1))
    fill(tmp_path / "all", of=plan(80, replicates=1))
    (tmp_path / "few" / "export").mkdir()
    (tmp_path / "few" / "export" / "indices.csv").write_text("of another day")
    assert [path.name for path in export(tmp_path / "few")] == ["runs.csv", "outcomes.csv"]
    assert not (tmp_path / "few" / "export" / "indices.csv").exists()
    with pytest.raises(InputError, match="csv, parquet"):
        export(tmp_path / "all", "xlsx")
