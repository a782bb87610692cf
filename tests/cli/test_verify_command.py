"""``nqpf verify`` and the catalogue, used as a user uses them."""

import json

import pytest

from nqpf_abm.data.catalogue import LAYERS, catalogue
from nqpf_abm.experiment.verdicts import read_verdicts
from nqpf_abm.mechanisms import topics

LIVE = {m.id: m for topic in topics() for m in topic.mechanisms}


def test_verify_prints_verdict_effect_interval_and_expectation(nqpf, tmp_path):
    code, out, err = nqpf("verify", "M103", "M05", "--seeds", 2, "--jobs", 2, "--out", tmp_path / "v.csv")
    assert code == 0, err
    for word in ("seeds 1 to 2", "M103 holds", "above 1", "above 1", "M05 by construction", "v.csv"):
        assert word in " ".join(out.split()), out
    told = read_verdicts(tmp_path / "v.csv")
    assert [(v.mechanism, v.part) for v in told] == [
        ("M05", "by construction"), ("M103", "holds"),
    ]  # fmt: skip
    page = (tmp_path / "v.md").read_text(encoding="utf-8")
    assert f"nqpf verify M103 M05 --seeds 2 --first-seed 1 --out {tmp_path / 'v.csv'}" in page
    assert sorted(path.name for path in tmp_path.iterdir()) == ["v.csv", "v.md"]


def test_a_claim_that_fails_is_a_result_and_the_neutral_form_makes_one(nqpf, tmp_path):
    code, out, err = nqpf("verify", "M103", "--seeds", 2, "--neutral", "--json", cwd=tmp_path)
    assert code == 0, err
    rows = json.loads(out)
    assert [row["part"] for row in rows] == ["fails"]
    assert {row["verdict"] for row in rows} == {"fails"}
    assert rows[0]["effect"] == 1.0
    assert list(tmp_path.iterdir()) == []


def test_existing_tables_are_left_alone(nqpf, tmp_path):
    (tmp_path / "v.md").write_text("precious")
    code, _, err = nqpf("verify", "M05", "--out", tmp_path / "v.csv")
    assert code == 2
    assert "v.md exists" in err
    assert [p.name for p in tmp_path.iterdir()] == ["v.md"]
    code, _, err = nqpf("verify", "M05", "--out", tmp_path / "v.csv", "--force")
    assert code == 0, err
    assert "by construction" in (tmp_path / "v.md").read_text()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["M6"], ["M6", "did you mean 'M06'"]),
        (["M53"], ["M53", "no claim", "gile"]),
        (["--seeds", "0"], ["seeds", "0"]),
        (["--seeds", "many"], ["many"]),
        (["--first-seed", "-3"], ["first seed", "-3"]),
        (["--jobs", "0"], ["jobs", "[1, 256]", "0"]),
        (["--out", "v.txt"], [".csv", "v.txt"]),
    ],
)
def test_bad_input_is_one_clear_line_and_exit_code_2(nqpf, tmp_path, arguments, words):
    code, out, err = nqpf("verify", *arguments, cwd=tmp_path)
    assert code == 2
    assert "Traceback" not in err + out
    assert len(err.strip().splitlines()) == 1
    for word in words:
        assert word in err, err
    assert list(tmp_path.iterdir()) == []


def test_mechanisms_are_the_whole_catalogue_with_what_is_live(nqpf, tmp_path):
    code, out, err = nqpf("list", "mechanisms", "--json")
    assert code == 0, err
    rows = {row["id"]: row for row in json.loads(out)}
    assert list(rows) == [f"M{k:02d}" for k in range(1, 106)] == list(catalogue())
    assert {name for name, row in rows.items() if row["implemented"]} == set(LIVE)
    for name, row in rows.items():
        assert row["layer"] in LAYERS
        assert row["seed"] and row["name"]
        if name in LIVE:
            assert (row["layer"], row["core"]) == (LIVE[name].layer, LIVE[name].core)
            assert row["switch"] == name and row["parameters"] and row["phases"] and row["verdict"]
        else:
            assert row["switch"] == "" and row["parameters"] == row["phases"] == []
            assert row["verdict"] == "" or name in (
                "M90",
                "M96",
            )  # a claim about what follows from the others
    told = {v.mechanism: v.verdict for v in read_verdicts() if v.mechanism in LIVE}
    assert {name: row["verdict"] for name, row in rows.items() if name in LIVE} == told
    assert "leadership.team_from_leader" in rows["M06"]["parameters"]
    assert "leadership.member_from_team" not in rows["M06"]["parameters"]
    assert "demography.entry_response" in rows["M12"]["parameters"]
    assert "demography.spirit_response" in rows["M12"]["parameters"]  # read in a routine the phase calls
