"""Sweeps on regions of the user's own: scored on one scale, kept as numbers, the same bytes however they are run."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
from test_cluster import started
from test_execution import contents

from nqpf_abm import Ecosystem, InputError
from nqpf_abm.collect.panels import score_panel
from nqpf_abm.collect.results import reference_scale
from nqpf_abm.data.places import Regions, load_regions
from nqpf_abm.sweep import Study, load_tables
from nqpf_abm.sweep.execution import run_study
from nqpf_abm.sweep.merge import merge
from nqpf_abm.sweep.replay import replay
from nqpf_abm.sweep.study import restored

TWO = '[[region]]\nname = "Sichuan"\n[[region]]\nname = "Gansu"\n'
OWN = ("until = 2013", 'until = 2013\nregions = "two.toml"')


@pytest.fixture
def own(write, tmp_path):
    """A study whose regions are in a file beside it."""
    (tmp_path / "two.toml").write_text('title = "Two"\n' + TWO, encoding="utf-8")
    return Study.load(write(OWN))


def test_regions_are_kept_as_numbers_from_which_they_come_back():
    for name in (None, "xian"):
        found = load_regions(name)
        again = Regions.of(json.loads(json.dumps(found.plain())))
        assert again.plain() == found.plain()
        assert list(again.columns) == list(found.columns)
        for column, values in found.columns.items():
            np.testing.assert_array_equal(again.columns[column], values)
        assert not again.is_default


def test_serial_parallel_and_shared_out_are_the_same_bytes_and_need_no_file(own, tmp_path):
    alone = run_study(own, tmp_path / "alone")
    run_study(own, tmp_path / "two", jobs=2)
    for i in (1, 2):
        run_study(own, tmp_path / f"s{i}", shard=(i, 2))
    with started(n_workers=1, processes=False, protocol="tcp://") as cluster:
        run_study(own, tmp_path / "dask", cluster=cluster)
    (tmp_path / "two.toml").unlink()
    merge([tmp_path / "s1", tmp_path / "s2"], tmp_path / "merged")
    assert contents(tmp_path / "two") == contents(tmp_path / "merged") == contents(tmp_path / "dask")
    assert contents(tmp_path / "two") == contents(alone)
    again = replay(alone, 3)
    assert again["same"] and again["stored"] == again["replayed"]


def test_scores_are_frozen_on_the_run_in_which_nothing_varies(own, tmp_path):
    tables = load_tables(run_study(own, tmp_path / "o"))
    base = Ecosystem(3, until=2013, set=own.changes, regions=own.regions).run().results
    scale = score_panel(base.panel(base.full), base.full, groups="one").frozen
    np.testing.assert_array_equal(own.frozen.low, scale.low)
    line = tables.outcomes.iloc[1]
    row = dict(zip(tables.factors, own.values[int(line["row"])], strict=True))
    row["M06"] = bool(row["M06"])
    results = (
        Ecosystem(int(line["seed"]), until=2013, set={**own.changes, **row}, regions=own.regions)
        .run()
        .results
    )
    frame = results.panel(results.full)
    scored = score_panel(frame, results.full, groups="one", frozen=scale, bounds="frozen", ideal="frozen")
    last = scored.scores[scored.scores["year"] == 2013]
    assert len(last) == 2
    assert line["nqpf"] == pytest.approx(last["nqpf"].mean(), rel=1e-14)
    assert tables.regions.startswith("Two. Scores are frozen on the run of baseline with seed 3 until 2013")


def test_the_scale_is_the_same_on_processors_whose_logarithms_differ(own, monkeypatch):
    """By a last bit or two, as NumPy's do; studies that are shared out must agree on it."""
    log = np.log
    scale = own.frozen.to_dict()
    monkeypatch.setattr(np, "log", lambda x, **options: log(x, **options) * (1 + 4e-16))
    again = Study.load(own.path).frozen.to_dict()
    assert again == scale


def test_an_identity_holds_regions_and_scale(own):
    again = restored(json.loads(json.dumps(own.identity())))
    assert again.regions.plain() == own.regions.plain()
    np.testing.assert_array_equal(again.frozen.weights, own.frozen.weights)
    assert again.address(own.values[1], 5) == own.address(own.values[1], 5)


def test_a_run_on_other_regions_has_another_address(own, write, tmp_path):
    usual = Study.load(write(name="usual.toml"))
    west = Study.load(write(("until = 2013", 'until = 2013\nregions = "west"'), name="west.toml"))
    shutil.copy(tmp_path / "two.toml", tmp_path / "same.toml")
    same = Study.load(write(OWN, ('"two.toml"', '"same.toml"'), name="same_study.toml"))
    assert usual.regions is west.regions is usual.frozen is None
    assert usual.address((0.6, 1.0), 4) == west.address((0.6, 1.0), 4) != own.address((0.6, 1.0), 4)
    assert same.address((0.6, 1.0), 4) != own.address((0.6, 1.0), 4)  # they are called otherwise
    (tmp_path / "two.toml").write_text(TWO.replace("Gansu", "Qinghai"), encoding="utf-8")
    assert Study.load(write(OWN)).address((0.6, 1.0), 4) != own.address((0.6, 1.0), 4)


def test_a_scale_given_by_hand_is_part_of_what_a_study_is(own, write, tmp_path):
    """Also where regions are the shipped ones: runs scored on another scale are other runs."""
    usual = Study.load(write(name="usual.toml"))
    by_hand = replace(usual, own_scale=reference_scale())
    assert by_hand.address((0.6, 1.0), 4) != usual.address((0.6, 1.0), 4)
    again = restored(json.loads(json.dumps(by_hand.identity())))
    assert again.address((0.6, 1.0), 4) == by_hand.address((0.6, 1.0), 4)
    run_study(usual, tmp_path / "o")
    with pytest.raises(InputError, match=r"differs in model\.frozen"):
        run_study(by_hand, tmp_path / "o")
    assert load_tables(run_study(by_hand, tmp_path / "p")).regions.startswith(
        "as shipped. Scores are frozen on"
    )


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ('"gone.toml"', "'regions'.*gone.toml: no such file"),
        ('"wset"', "'regions'.*'west'"),
        ("3", "'regions'.*in quotes, got 3"),
    ],
)
def test_what_are_no_regions_is_named_with_its_place(write, named, words):
    with pytest.raises(InputError, match=words):
        Study.load(write(("until = 2013", f"until = 2013\nregions = {named}")))


def test_a_base_run_that_fails_is_told(own, monkeypatch):
    def fail(self, progress=None):
        raise RuntimeError("no luck")

    monkeypatch.setattr(Ecosystem, "run", fail)
    with pytest.raises(InputError, match="frozen on the run of baseline with seed 3.*no luck.*another seed"):
        own.identity()
