"""``nqpf run`` of a scenario with arms."""

import hashlib
import json

import pandas as pd
import pytest

SMALL = [
    part
    for name in ("start.firms=96", "start.least_firms=6", "start.universities=12", "start.burn_in=4")
    for part in ("--set", name)
]


def test_a_teaching_scenario_leaves_a_table_and_a_picture(nqpf, tmp_path):
    short = ["run", "T5", *SMALL, "--quarters", 8, "--threads", 2]
    code, out, err = nqpf(*short, cwd=tmp_path)
    assert code == 0, err
    for word in ("four styles", "complements", "seeds 7 to 16", "slope of employees'", "T5.png"):
        assert word in " ".join(out.split()), out
    (folder,) = (tmp_path / "results").iterdir()
    assert folder.name.startswith("T5-seed7-")
    names = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert names == {"contrast.csv", "summary.csv", "figures/T5.png", "manifest.json"}
    manifest = json.loads((folder / "manifest.json").read_text())
    for name, digest in manifest["outputs"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert manifest["seeds"] == list(range(7, 17))
    assert [one["title"] for one in manifest["arms"]][0] == "four styles"
    assert {"scenarios/T5.toml", "scenarios/baseline.toml"} <= set(manifest["inputs"])
    assert len(manifest["policies"]) > 20
    table = (folder / "contrast.csv").read_bytes()
    assert set(pd.read_csv(folder / "contrast.csv")["seed"]) == set(range(7, 17))
    code, out, err = nqpf(*short, "--quiet", cwd=tmp_path)  # the same again renews its folder, byte for byte
    assert code == 0, err
    assert out.strip() == f"results/{folder.name}"
    assert (folder / "contrast.csv").read_bytes() == table


def test_a_contrast_of_ones_own(nqpf, tmp_path):
    (tmp_path / "mine.toml").write_text(
        'name = "mine"\nseeds = 2\nfigure = "surviving_ideas"\n[set]\nM09 = "on"\n'
        '[[arm]]\ntitle = "screened"\n[[arm]]\ntitle = "waved through"\nset = { proactivity.screen_pass = 0.9 }\n'
    )
    code, out, err = nqpf(
        "run", "mine.toml", *SMALL, "--quarters", 8, "--seed", 1, "--out", "o", cwd=tmp_path
    )
    assert code == 0, err
    assert (tmp_path / "o" / "figures" / "mine.png").stat().st_size > 5000
    summary = pd.read_csv(tmp_path / "o" / "summary.csv").set_index(["measure", "arm"])
    assert summary.loc[("ideas_accepted", "waved through"), "difference"] > 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["T1", "--engine", "agents"], ["--engine", "T1", "agents"]),
        (["T1", "--regions", "mine.csv"], ["--regions", "mine.csv"]),
        (["T1", "--quarters", "4"], ["T1.toml", "quarter 8", "4 quarters"]),
        (["T1", "--seed", "-1"], ["seed", "-1"]),
        (["T1", "--threads", "0"], ["[1, 256]", "0"]),
        (["T1", "--set", "M6=off"], ["M6", "did you mean 'M06'"]),
        (["T9"], ["unknown scenario 'T9'", "nqpf list scenarios"]),
    ],
)
def test_bad_input_is_one_clear_line_and_exit_code_2(nqpf, tmp_path, arguments, words):
    code, out, err = nqpf("run", *arguments, cwd=tmp_path)
    assert code == 2
    assert "Traceback" not in err + out
    for word in words:
        assert word in err, err
    assert not (tmp_path / "results").exists() or not any((tmp_path / "results").iterdir())


def test_an_unknown_picture_is_refused_with_those_there_are(nqpf, tmp_path):
    (tmp_path / "mine.toml").write_text(
        'figure = "surviving_idea"\n[[arm]]\ntitle = "a"\n[[arm]]\ntitle = "b"\n'
    )
    code, _, err = nqpf("run", "mine.toml", cwd=tmp_path)
    assert code == 2
    assert "did you mean 'surviving_ideas'" in err
