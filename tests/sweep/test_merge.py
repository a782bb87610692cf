"""Shares put together are the whole, bit for bit."""

import sqlite3

import numpy as np
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
    assert merge([tmp_path / "c", tmp_path / "a"], tmp_path / "o") == (len(runs) - 16, len(runs), (), ())
    assert merge([tmp_path / "b"], tmp_path / "o") == (len(runs), len(runs), (), ())
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


@pytest.mark.parametrize("held_first", [False, True])
def test_a_run_that_failed_elsewhere_is_taken_from_where_it_did_not(tmp_path, held_first):
    """Run 5 failed in one folder; with it its whole part is there, so that the failure sits in a Parquet file."""
    fill(tmp_path / "a")
    with Store.begin(tmp_path / "b", plan(), PART) as store:
        good = Record(5, f"{5:032x}", np.array([1.0, 2.0]), "a state")
        store.add(good)
    if held_first:
        merge([tmp_path / "a"], tmp_path / "o")
        done = merge([tmp_path / "b"], tmp_path / "o")
    else:
        done = merge([tmp_path / "b", tmp_path / "a"], tmp_path / "o")
    assert done == (len(plan().distinct), len(plan().distinct), (5,), ())
    with Store.open(tmp_path / "o") as store:
        kept = {r.run: r for r in store.records()}
    assert kept[5].error == "" and kept[5].numbers.tolist() == [1.0, 2.0]
    assert kept[18].error == "ValueError: 18"


def test_a_damaged_row_of_a_share_is_told(tmp_path):
    fill(tmp_path / "a", range(4))
    with sqlite3.connect(tmp_path / "a" / "journal.sqlite") as journal:
        journal.execute("UPDATE runs SET state = 'x' WHERE run = 2")
    journal.close()
    done = merge([tmp_path / "a"], tmp_path / "o")
    assert done.there == 3 and "run 2 is not as it was written" in done.notes[0]
