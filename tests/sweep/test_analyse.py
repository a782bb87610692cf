"""Analysing a sweep as a whole: what settles, what is reported, what is refused, what the pictures show."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from invented_sweeps import ishigami, linear, sweep

from nqpf_abm import viz
from nqpf_abm.cli.analyse import report
from nqpf_abm.errors import InputError
from nqpf_abm.sweep.analyse import analyse
from nqpf_abm.sweep.analysis_report import render, settled_sentence
from nqpf_abm.sweep.convergence import verdict
from nqpf_abm.sweep.tornado import swings


def noise(rng, unit, replicate):
    return rng.normal(0, 0.2, len(unit))


def two(tables):
    runs = tables.outcomes.assign(z=linear(tables.unit)[tables.outcomes["row"]])
    runs.loc[3, "z"] = np.nan
    return replace(tables, outcomes=runs)


def test_a_plane_settles_at_once_and_ishigami_not():
    settled = analyse(sweep("morris", linear, size=8), resamples=20).verdicts.iloc[0]
    assert (
        settled["settled"] and settled["rows_needed"] == settled["rows"] == 32 and settled["stability"] == 1
    )
    found = analyse(sweep("sobol", ishigami, size=64), resamples=60)
    told = found.verdicts.iloc[0]
    assert told["settled"] is not True and not told["settled"]
    assert told["rows_needed"] == pytest.approx(320 * (told["width"] / 0.1) ** 2, abs=1)
    width = found.convergence.assign(width=lambda t: t["high"] - t["low"]).groupby("n")["width"].max()
    assert width.index.tolist() == [40, 80, 160, 240, 320] and width.iloc[0] > width.iloc[-1]


def test_what_has_no_interval_is_named_and_never_settled():
    curve = pd.DataFrame(
        {"index": "mu_star", "factor": ["a", "b"], "n": 32, "value": [1.0, 0.5], "low": [0.99, np.nan],
         "high": [1.01, np.nan]}
    )  # fmt: skip
    told = verdict(curve, 1.0)
    assert (told["settled"], told["unknown"]) == (False, "b") and np.isnan(told["rows_needed"])
    sentence = settled_sentence(next(pd.DataFrame([told]).itertuples()))
    assert "Not settled" in sentence and "no interval for b" in sentence
    assert verdict(curve.iloc[:1], 1.0)["settled"] is True


def test_an_unfinished_sweep_says_so():
    whole = sweep("lhs", linear, size=80)
    part = replace(whole, outcomes=whole.outcomes.iloc[:60], missing=20)
    assert "60 of 80 runs are done, 0 of them failed. The sweep is not finished" in render(
        analyse(part, resamples=20)
    )
    assert "80 of 80 runs are done" in render(analyse(whole, resamples=20))
    assert "Regions:" not in render(analyse(whole, resamples=20))
    own = replace(whole, regions="Two. Scores are frozen on a run")
    assert "\nRegions: Two. Scores are frozen on a run.\n" in render(analyse(own, resamples=20))


def test_swings_are_those_of_a_plane():
    """Of y = 3a + 2b + c on the unit cube, the outer fifths of a factor lie .8 apart."""
    tables = sweep("lhs", linear, size=4000)
    ends = swings(tables, "y").set_index("factor")
    np.testing.assert_allclose(ends["high"] - ends["low"], [2.4, 1.6, 0.8], atol=0.15)
    assert (ends[["n_low", "n_high"]] == 800).all().all()
    ax = viz.tornado(swings(tables, "y"), outcome="y").axes[0]
    assert [text.get_text() for text in ax.get_yticklabels()] == ["a", "b", "c"]
    reach = [sum(bar.get_width() for bar in bars) for bars in zip(*[iter(ax.patches)] * 3, strict=True)]
    assert reach[0] < 0 < reach[1]
    switch = replace(tables, unit=np.where(tables.unit < 0.5, 0.25, 0.75))
    assert (swings(switch, "y")[["n_low", "n_high"]] == 2000).all().all()
    with pytest.raises(ValueError, match="both ends"):
        viz.tornado(ends.assign(low=np.nan).reset_index(), outcome="y")


def test_fast_says_that_it_cannot_tell():
    found = analyse(sweep("fast", ishigami, size=129), resamples=20)
    assert found.convergence.empty and "cannot be told" in render(found)


@pytest.mark.parametrize("method", ["morris", "sobol", "fast", "rbd_fast", "delta", "pawn", "lhs"])
def test_every_method_leaves_tables_pictures_and_a_report(method, tmp_path, capsys):
    size = {"morris": 8, "sobol": 32, "fast": 129}.get(method, 80)
    tables = two(sweep(method, ishigami, size=size, replicates=2, noise=noise))
    report(tables, tmp_path / "o", [], [], resamples=20)
    names = {p.relative_to(tmp_path / "o").as_posix() for p in (tmp_path / "o").rglob("*.*")}
    assert {
        "indices.csv",
        "summary.csv",
        "convergence.csv",
        "verdicts.csv",
        "tornado.csv",
        "report.md",
        "manifest.json",
    } <= names
    assert {"figures/bars-y.png", "figures/tornado-y.png", "figures/heat.png"} <= names
    assert ("figures/morris-y.png" in names) == (method == "morris")
    indices = pd.read_csv(tmp_path / "o" / "indices.csv")
    assert set(indices["target"]) == {"mean", "variance"} and set(indices["outcome"]) == {"y", "z"}
    text = (tmp_path / "o" / "report.md").read_text(encoding="utf-8")
    assert "1 runs, 0 failed" in text and "uncalibrated" in text and "too few to resample" in text
    assert "rows left out" in capsys.readouterr().out
    with pytest.raises(InputError, match="--force"):
        report(tables, tmp_path / "o", [], [])


def test_discovery_is_in_the_report(tmp_path, capsys):
    pytest.importorskip("ema_workbench", reason="on Python 3.12 and later")
    report(sweep("lhs", ishigami, size=150), tmp_path / "o", ["y"], ["y > 6"], resamples=20, quiet=True)
    assert capsys.readouterr().out.strip() == str(tmp_path / "o")
    assert "## Where y > 6" in (tmp_path / "o" / "report.md").read_text(encoding="utf-8")
    assert (tmp_path / "o" / "discovery_box.csv").exists()


def test_what_cannot_be_analysed_is_refused():
    tables = sweep("lhs", linear, size=60)
    with pytest.raises(InputError, match="did you mean 'y'"):
        analyse(tables, outcomes=["Y"])
    with pytest.raises(InputError, match="20, 100000"):
        analyse(tables, resamples=2)
    with pytest.raises(InputError, match="widen the factors' ranges"):
        analyse(sweep("lhs", lambda unit: np.ones(len(unit)), size=60))
    lame = replace(tables, outcomes=tables.outcomes.assign(y=np.nan))
    with pytest.raises(InputError, match="0 of 60 are complete"):
        analyse(lame)


def test_a_folder_that_is_none_is_one_line_and_code_2(nqpf, tmp_path):
    code, out, err = nqpf("analyse", tmp_path / "none")
    assert (code, out) == (2, "") and "no such folder" in err and "Traceback" not in err


def test_pictures_show_the_numbers_they_are_given():
    found = analyse(sweep("pawn", ishigami, size=80), resamples=20).indices
    ax = viz.index_bars(found, ("pawn_median",), outcome="y").axes[0]
    own = found[found["index"] == "pawn_median"].set_index("factor")["value"]
    names = [text.get_text() for text in ax.get_yticklabels()]
    assert names == list(own.drop("(dummy)").sort_values(ascending=False).index)
    assert [bar.get_width() for bar in ax.patches] == pytest.approx(own[names].tolist())
    pairs = analyse(sweep("sobol", ishigami, size=32, second_order=True), resamples=20).indices
    shown = {text.get_text() for text in viz.pair_heat(pairs, outcome="y").axes[0].texts}
    assert shown == {f"{v:.2f}".replace("-", "−") for v in pairs.loc[pairs["index"] == "S2", "value"]}
    with pytest.raises(ValueError, match="no S2|no value"):
        viz.index_bars(found, ("ST",), outcome="y")
