"""Intervals cover what they should, the share of chance is found, and rows that lack runs are left out and counted."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from invented_sweeps import NAMES, ishigami, linear, sweep

from nqpf_abm.sweep.indices import estimators
from nqpf_abm.sweep.uncertainty import Measured, index_table, measured, summary, variance_parts


def table_of(tables, target="mean", **how):
    (estimate,) = estimators(tables)
    return index_table(estimate, measured(tables, "y"), target, **how)[0].set_index(["index", "factor"])


def coverage(method, kind, truth, runs, factor="a", **how):
    hits = []
    for seed in range(1, runs + 1):
        row = table_of(sweep(method, seed=seed, **how), resamples=40).loc[(kind, factor)]
        hits.append(row["low"] <= truth <= row["high"])
    return np.mean(hits)


def test_intervals_of_regression_and_rbd_fast_cover_about_95_percent():
    def noisy(rng, unit, replicate):
        return rng.normal(0, 1.0, len(unit))

    share = 9 / 12 / (14 / 12 + 1.0)
    how = {"function": linear, "noise": noisy}
    assert 0.8 <= coverage("lhs", "SRC", np.sqrt(share), runs=40, size=100, **how)
    assert 0.8 <= coverage("rbd_fast", "S1", share, runs=20, size=200, **how)


def test_intervals_of_sobol_cover_about_95_percent():
    assert 0.8 <= coverage("sobol", "ST", 0.5576, runs=20, function=ishigami, size=256)


def test_intervals_of_morris_cover_about_95_percent():
    """What they are to cover is found from 2,000 trajectories, a hundred times as many."""
    long_run = table_of(sweep("morris", ishigami, size=2000, seed=999), resamples=2)["value"]
    for kind, factor in (("mu", "b"), ("mu_star", "a"), ("mu_star", "c"), ("sigma", "c")):
        of_factor = {"factor": factor, "function": ishigami, "size": 20}
        share = coverage("morris", kind, long_run[(kind, factor)], runs=40, **of_factor)
        assert share >= 0.8, (kind, factor, share)


def test_replicates_widen_intervals_only_when_they_are_resampled():
    def shaken(rng, unit, replicate):
        return unit[:, 0] * rng.normal(0, 3)  # the slope of a differs from seed to seed

    width = {}
    for replicates in (4, 8):
        row = table_of(sweep("morris", linear, replicates=replicates, noise=shaken, size=10)).loc[
            ("mu_star", "a")
        ]
        width[replicates] = row["high"] - row["low"]
    assert width[4] == pytest.approx(0, abs=1e-9) and width[8] > 1.0


@pytest.mark.parametrize("seed_sd, own_sd", [(0.0, 0.5), (0.7, 0.5), (0.7, 0.0)])
def test_shares_of_variance_are_those_put_in(seed_sd, own_sd):
    def noise(rng, unit, replicate):
        return rng.normal(0, seed_sd) + rng.normal(0, own_sd, len(unit))

    data = measured(sweep("lhs", linear, size=500, replicates=200, noise=noise), "y")
    whole = 14 / 12 + seed_sd**2 + own_sd**2
    parts = variance_parts(data)
    assert parts["parametric"] == pytest.approx(14 / 12 / whole, abs=0.05)
    assert parts["seed"] == pytest.approx(seed_sd**2 / whole, abs=0.05)
    assert parts["interaction"] == pytest.approx(own_sd**2 / whole, abs=0.01)
    assert sum(parts[k] for k in ("parametric", "noise")) == pytest.approx(1)


def test_the_docstrings_example():
    parts = variance_parts(Measured(np.array([[0.0, 2.0], [4.0, 6.0]]), np.ones(2, bool)))
    assert (parts["parametric"], parts["seed"]) == pytest.approx((0.8, 0.2))
    assert np.isnan(variance_parts(Measured(np.ones((5, 1)), np.ones(5, bool)))["noise"])


def test_indices_of_the_variance_find_what_drives_the_noise():
    def noise(rng, unit, replicate):
        return rng.normal(0, 0.1 + unit[:, 2])

    tables = sweep("lhs", lambda unit: 5 * unit[:, 0], size=300, replicates=10, noise=noise)
    assert table_of(tables).loc[("PRCC", "a"), "value"] > 0.9
    spread = table_of(tables, "variance")
    assert spread.loc[("PRCC", "c"), "low"] > 0.5
    assert spread.loc[("PRCC", "a"), "low"] < 0 < spread.loc[("PRCC", "a"), "high"]


def test_a_block_that_lacks_a_run_or_a_number_is_left_out_whole_and_counted():
    tables = sweep("morris", linear, size=10, replicates=2)
    runs = tables.outcomes.copy()
    runs.loc[(runs["row"] == 5) & (runs["replicate"] == 1), "y"] = np.nan  # in the second trajectory
    gone = runs[(runs["row"] == 13) & (runs["replicate"] == 0)]  # in the fourth
    runs = runs.drop(index=gone.index).reset_index(drop=True)
    runs.loc[runs["row"] == 6, "y"] = 1e9  # rows of the second that are there must not count either
    lame = replace(tables, outcomes=runs, failed=gone[["row", "replicate", "seed"]].assign(error="x"))
    table = table_of(lame, resamples=20)
    assert table.loc[("mu", "a"), ["value", "n"]].tolist() == pytest.approx([3.0, 32])
    told = summary(lame, ("y",), 4).iloc[0]
    assert (told["rows"], told["left_out"], told["missing"], told["failed"]) == (40, 8, 1, 1)


def test_a_replicate_that_failed_everywhere_is_missed():
    tables = sweep("lhs", linear, size=20)
    failed = pd.DataFrame({"row": range(20), "replicate": 1, "seed": 2, "error": "x"})
    assert not measured(replace(tables, failed=failed), "y").complete.any()


def test_the_same_seed_gives_the_same_intervals_and_fast_has_none():
    tables = sweep("sobol", ishigami, size=64)
    assert table_of(tables, resamples=30).equals(table_of(tables, resamples=30))
    assert not table_of(tables, resamples=30).equals(table_of(tables, resamples=30, seed=2))
    fast = table_of(sweep("fast", ishigami, size=129))
    assert fast["low"].isna().all() and fast["value"].notna().all() and len(fast) == 2 * len(NAMES)
