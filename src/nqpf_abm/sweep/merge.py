"""Shares of a sweep, run apart, put together: the same tables as if all had been run in one folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nqpf_abm.errors import InputError
from nqpf_abm.sweep.store import Store


def merge(folders: Sequence[str | Path], out: str | Path) -> tuple[int, int]:
    """Take every run of these sweeps into the folder `out`; returns runs there and runs in all.

    `out` may be new, or one that holds part of the study already. Runs that are in several folders are taken once; if
    they differ, the machines do not agree, and nothing good can come of mixing them.

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
        held = {record.run: record.state or record.error for record in store.records()}
        for folder in folders:
            with Store.open(folder) as share:
                store.check_same(share)
                for record in share.records():
                    known = held.setdefault(record.run, record.state or record.error)
                    if known != (record.state or record.error):
                        raise InputError(
                            f"{folder}: run {record.run} (address {record.address}) came out otherwise than in another "
                            "folder; find out by `nqpf sweep replay` which machine is wrong, and merge without its folder"
                        )
                    store.add(record)
        return int(store.done.sum()), len(plan.distinct)
