import json

import numpy as np
import pandas as pd
import pytest
from cli_runs import nqpf

from nqpf_abm.collect.panels import official_panel
from nqpf_abm.collect.specification import load_specification
from nqpf_abm.data.provinces import TABLE

MINE = """
name = "mine"
title = "Mine"
fill = "none"
[columns]
province = "地区"
year = "年份"
ignore = true
[[indicator]]
id = "I1"
name = "Patents"
column = "专利"
dimension = "sci_tech"
sign = 1
[[indicator]]
id = "I2"
column = "能耗"
dimension = "green"
sign = -1
"""


@pytest.fixture(scope="module")
def chinese(tmp_path_factory):
    """A workbook as a colleague would send it: Chinese names, all 31 provinces, a column of notes."""
    rng = np.random.default_rng(4)
    names = pd.read_csv(TABLE)
    rows = [
        (row.full_name_zh, year, row.macro_region, rng.lognormal(), rng.uniform(1, 2), "x")
        for row in names.itertuples()
        for year in range(2015, 2021)
    ]
    folder = tmp_path_factory.mktemp("mine")
    frame = pd.DataFrame(rows, columns=["地区", "年份", "区域", "专利", "能耗", "备注"])
    frame.to_excel(folder / "panel.xlsx", index=False)
    frame.to_parquet(folder / "panel.parquet", index=False)
    (folder / "mine.toml").write_text(MINE, encoding="utf-8")
    second = frame[["地区", "年份"]].assign(hqd=rng.uniform(0.2, 0.8, len(frame)))
    second.to_csv(folder / "hqd.csv", index=False)
    other = MINE.split("[columns]")[0] + "[[indicator]]" + MINE.split("[[indicator]]")[1]
    (folder / "other.toml").write_text(other.replace('"mine"', '"other"'), encoding="utf-8")
    code, out, err = nqpf(
        "measure", "panel.xlsx", "--indicators", "mine.toml", "--groups", "区域", "--with", "hqd.csv",
        "--echelons", 4, "--alternative", "other.toml", "--out", "found", cwd=folder,
    )  # fmt: skip
    assert code == 0, err
    assert "Warning" not in err
    return folder, out


def test_official_panel_with_everything(tmp_path):
    code, out, err = nqpf("measure", "--out", tmp_path / "m")
    assert code == 0, err
    for word in ("N1", "0.177", "0.387", "N2 2017: 12 cells filled", "Which conclusions survive"):
        assert word in out
    scores = pd.read_csv(tmp_path / "m" / "scores.csv")
    assert scores.groupby("year")["nqpf"].mean()[2022] == pytest.approx(0.387, abs=5e-4)
    figures = {path.stem for path in (tmp_path / "m" / "figures").iterdir()}
    assert {
        "trajectories",
        "echelons",
        "dagum",
        "weights",
        "density",
        "transitions",
        "map",
        "robustness",
    } <= figures
    report = (tmp_path / "m" / "report.md").read_text(encoding="utf-8")
    for name in figures:
        assert f"figures/{name}.png" in report


def test_printing_alone_writes_nothing(tmp_path):
    code, out, err = nqpf("measure", "--indicators", "seed-like", cwd=tmp_path)
    assert code == 0, err
    assert "Sichuan" in out
    assert list(tmp_path.iterdir()) == []


def test_a_workbook_in_chinese(chinese):
    folder, out = chinese
    found = folder / "found"
    scores = pd.read_csv(found / "scores.csv")
    assert {"Sichuan", "Inner Mongolia", "Xizang"} <= set(scores["province"])
    assert "provinces read as" in out
    assert "columns left out: 备注" in out
    assert set(pd.read_csv(found / "dagum_groups.csv")["group"]) == {"east", "central", "west", "northeast"}
    assert pd.read_csv(found / "echelons.csv")["echelon"].max() == 4
    systems = set(pd.read_csv(found / "coupling.csv")["systems"])
    assert systems == {"science and technology × green", "NQPF × hqd"}
    assert "index other" in set(pd.read_csv(found / "robustness.csv")["variant"])
    manifest = json.loads((found / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["inputs"]) == {"panel.xlsx", "hqd.csv", "mine.toml", "other.toml"}
    assert "--groups '区域'" in (found / "report.md").read_text(encoding="utf-8")


def test_the_scale_scores_the_same_panel_the_same(chinese):
    folder, _ = chinese
    code, _, err = nqpf(
        "measure", "panel.parquet", "--indicators", "mine.toml", "--bounds", "frozen:found/scale.json", "--groups", "one",
        "--out", "again", cwd=folder,
    )  # fmt: skip
    assert code == 0, err
    first, again = (pd.read_csv(folder / name / "scores.csv") for name in ("found", "again"))
    np.testing.assert_allclose(again["nqpf"], first["nqpf"], rtol=1e-12)
    assert "frozen" in (folder / "again" / "report.md").read_text(encoding="utf-8")


def test_a_panel_written_by_measure_can_be_measured(tmp_path):
    frame = official_panel(load_specification("core"), "P2").frame
    frame.to_csv(tmp_path / "p2.csv", index=False)
    code, out, err = nqpf("measure", "p2.csv", "--panel", "P2", cwd=tmp_path)
    assert code == 0, err
    _, official, _ = nqpf("measure", "--panel", "P2", cwd=tmp_path)
    table = out.split("NQPF scores")[1].split("note")[0]
    assert table in official


def test_what_is_wrong_with_a_users_panel(tmp_path):
    panel = tmp_path / "panel.csv"
    panel.write_text("province,year,N1,N2,N3,N4,N5\nGansu,2012,1,2,3,4,five\nGansu,2013,1,2,3,4,5\n")
    code, _, err = nqpf("measure", panel)
    assert code == 2
    for word in ("panel.csv", "line 2", "N5", "five"):
        assert word in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--bounds", "frozen"], ["pooled, annual or frozen:FILE", "'frozen'"]),
        (["--bounds", "frozen:no.json"], ["no.json", "no such file"]),
        (["--ideal", "bets"], ["pooled, annual or absolute", "bets"]),
        (["--distance", "euclid"], ["euclidean", "did you mean"]),
        (["--fill", "spline"], ["none, linear, hold or growth", "spline"]),
        (["--coupling", "wong"], ["did you mean 'wang'"]),
        (["--groups", "zone"], ["one, echelons or macro-regions", "zone"]),
        (["--with", "hqd.csv"], ["--with needs --out"]),
        (["--alternative", "labour"], ["--alternative needs --out"]),
        (["--among", "west"], ["--among needs --out"]),
        (["--with-indicators", "core"], ["needs --with"]),
        (["--shift", "-1"], ["--shift"]),
        (["--echelons", "0"], ["--echelons"]),
        (["--bounds", "frozen:"], ["names no file"]),
        (["core"], ["did you mean --indicators core"]),
        (["no.dta"], [".csv, .xlsx or .parquet"]),
        (["--indicators", "full"], ["no official series"]),
    ],
)
def test_bad_options(tmp_path, arguments, words):
    code, out, err = nqpf("measure", *arguments, cwd=tmp_path)
    assert code == 2
    assert "Traceback" not in err + out
    for word in words:
        assert word in err, err
    assert list(tmp_path.iterdir()) == []


def test_a_second_panel_that_is_no_index(tmp_path):
    (tmp_path / "two.csv").write_text(
        "province,year,a,b\nGansu,2012,1,2\nGansu,2013,1,2\nQinghai,2012,1,2\nQinghai,2013,1,2\n"
    )
    code, _, err = nqpf("measure", "--with", "two.csv", "--out", "m", cwd=tmp_path)
    assert code == 2
    assert "2 columns beside province and year (a, b)" in err
    assert not (tmp_path / "m").exists()
