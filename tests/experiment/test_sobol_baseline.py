"""The indices of the baseline: survivors are the largest of any outcome; a small one runs and leaves what it says."""

import sys
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "experiments"))
import sobol_baseline  # noqa: E402


def test_survivors_matter_most_for_some_outcome():
    screening = pd.DataFrame(
        {
            "outcome": ["nqpf"] * 3 + ["output"] * 3,
            "factor": ["a", "b", "c"] * 2,
            "mu_star": [0.6, 0.3, 0.1, 10.0, 20.0, 70.0],
        }
    )
    assert sobol_baseline.survivors(screening, 2) == ["c", "a"]
    assert sobol_baseline.survivors(screening, 9) == ["c", "a", "b"]


def test_a_small_one_leaves_tables_and_pictures(tmp_path):
    names = ["production.capital_share", "market.consume_income"]
    pd.DataFrame({"outcome": "output", "factor": names, "mu_star": [2.0, 1.0]}).to_csv(
        tmp_path / "screening.csv", index=False
    )
    arguments = "--size 8 --until 2013 --scale 0.25 --jobs 1".split()
    places = ["--screening", tmp_path / "screening.csv", "--folder", tmp_path / "s", "--out", tmp_path]
    sobol_baseline.main([*arguments, *map(str, places)])
    table = pd.read_csv(tmp_path / "sobol_baseline.csv")
    assert set(table["factor"]) == set(names) and {"S1", "ST"} <= set(table["index"])
    assert set(pd.read_csv(tmp_path / "sobol_baseline_verdicts.csv")["outcome"]) == set(
        sobol_baseline.OUTCOMES
    )
    for outcome in sobol_baseline.OUTCOMES:
        assert (tmp_path / f"sobol_baseline_{outcome}.png").stat().st_size > 10_000
