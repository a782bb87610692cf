"""Shares put together are the whole, bit for bit."""

import pytest
from plans import PART, fill, plan, record

from nqpf_abm import InputError
from nqpf_abm.sweep.merge import merge
from nqpf_abm.sweep.parts import Record
from nqpf_abm.sweep.store import Store


def contents(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*.parquet"))}


def test_shares_that_overlap_make_the_whole(tmp_path):
    runs = plan().distinct
    for name, share in (("a", runs[:25]), ("b", runs[20:41]), ("c", runs[41:])):
        fill(tmp_path / name, share)
    assert merge([tmp_path / "c", tmp_path / "a"], tmp_path / "o") == (len(runs) - 16, len(runs))
    assert merge([tmp_path / "b"], tmp_path / "o") == (len(runs), len(runs))
    fill(tmp_path / "whole")
    assert contents(tmp_path / "o") == contents(tmp_path / "whole")


def test_what_does_not_belong_together_is_refused(tmp_path):
    fill(tmp_path / "a", [0, 1])
    fill(tmp_path / "b", [0], of=plan(seed=2))
    with pytest.raises(InputError, match=r"b holds a study that differs in seed"):
        merge([tmp_path / "a", tmp_path / "b"], tmp_path / "o")
    with pytest.raises(InputError, match="one of the folders to merge"):
        merge([tmp_path / "a"], tmp_path / "a")
    with pytest.raises(InputError, match="got none"):
        merge([], tmp_path / "o")


def test_machines_that_do_not_agree_are_found_out(tmp_path):
    fill(tmp_path / "a", [0, 1])
    with Store.begin(tmp_path / "b", plan(), PART) as store:
        other = record(1)
        store.add(Record(1, other.address, other.numbers, "another state"))
    with pytest.raises(InputError, match="run 1 .* came out otherwise"):
        merge([tmp_path / "a", tmp_path / "b"], tmp_path / "o")
    merge([tmp_path / "a"], tmp_path / "held")
    with pytest.raises(InputError, match="run 1 .* came out otherwise"):
        merge([tmp_path / "b"], tmp_path / "held")
