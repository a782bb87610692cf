"""Shares of a sweep, run apart, put together: the same tables as if all had been run in one folder."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import NamedTuple

from nqpf_abm.errors import InputError
from nqpf_abm.sweep.store import Store


class Merged(NamedTuple):
    """Runs there, runs in all, those that failed in one folder and were taken from another, and what was found amiss."""

    there: int
    total: int
    rescued: tuple[int, ...]
    notes: tuple[str, ...] = ()


def merge(folders: Sequence[str | Path], out: str | Path) -> Merged:
    """Take every run of these sweeps into the folder `out`.

    `out` may be new, or one that holds part of the study already. Runs that are in several folders are taken once: the
    one that did not fail, if another did (for want of memory, perhaps). If two that did not fail differ, the machines do
    not agree, and nothing good can come of mixing them.

    Raises InputError for folders of different studies, one that is damaged or in use, and runs that differ.
    """
    folders, out = [Path(folder) for folder in folders], Path(out)
    if out.resolve() in [folder.resolve() for folder in folders]:
        raise InputError(f"{out} is one of the folders to merge; name another with --out")
    if not folders:
        raise InputError("merge needs folders of sweeps, got none")
    with Store.open(folders[0]) as first:
        plan, part = first.plan, first.part
    with Store.begin(out, plan, part) as store:
        came, failed, notes = {}, set(), []
        for holder in (None, *folders):
            with nullcontext(store) if holder is None else Store.open(holder) as share:
                store.check_same(share)
                notes += share.notes
                for record in share.records():
                    if record.error:
                        failed.add(record.run)
                    elif came.setdefault(record.run, record.state) != record.state:
                        raise InputError(
                            f"{holder}: run {record.run} (address {record.address}) came out otherwise than in another "
                            "folder; find out by `nqpf replay` which machine is wrong, and merge without its folder"
                        )
        rescued = tuple(sorted(failed & came.keys()))
        store.forget_failures(rescued)
        for folder in folders:
            with Store.open(folder) as share:
                for record in share.records():
                    if not record.error or record.run not in came:
                        store.add(record)
        return Merged(int(store.done.sum()), len(plan.distinct), rescued, tuple(notes))
