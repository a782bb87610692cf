"""A stored run done again: does it still come out, bit for bit?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from nqpf_abm.errors import InputError
from nqpf_abm.sweep.execution import run_one
from nqpf_abm.sweep.factors import settings_of
from nqpf_abm.sweep.parts import Record
from nqpf_abm.sweep.store import Store
from nqpf_abm.sweep.study import restored


def replay(folder: str | Path, run: int | str) -> dict[str, Any]:
    """Do a stored run again and say whether it comes out bit for bit.

    run  its number, or (a beginning of) its address

    Returns run, row, replicate, seed, address, settings, stored and replayed numbers, same (True or False), error and
    traceback.
    Raises InputError if there is no such run, or the model's code or data has changed since.
    """
    with Store.open(Path(folder)) as store:
        plan = store.plan
        kept = _wanted(store, run)
    study = restored(plan.identity)
    row, replicate, seed = plan.place(kept.run)
    if study.address(plan.values[row], seed) != kept.address:
        raise InputError(
            f"{folder} was run with other code or data of the model; go back to that version to replay its runs"
        )
    again = run_one(study, plan, kept.run)
    changes, plans = settings_of(study.factors, plan.values[row])
    return {
        "run": kept.run,
        "row": row,
        "replicate": replicate,
        "seed": seed,
        "address": kept.address,
        "settings": changes | {f"policy.{p.instrument}": p.strength for p in plans},
        "stored": dict(zip(plan.outcomes, kept.numbers.tolist(), strict=True)),
        "replayed": dict(zip(plan.outcomes, again.numbers.tolist(), strict=True)),
        "same": (kept.state, kept.error) == (again.state, again.error)
        and np.array_equal(kept.numbers, again.numbers, equal_nan=True),
        "error": again.error or kept.error,
        "traceback": again.traceback or kept.traceback,
    }


def _wanted(store: Store, run: int | str) -> Record:
    text = str(run)
    numbered = text.isdigit() and len(text) < 9
    if numbered:
        run = int(text)
        if run < store.plan.n_runs:
            row, replicate, _ = store.plan.place(run)
            run = int(store.plan.first_row[row]) * store.plan.replicates + replicate
    found = [r for r in store.records() if (r.run == run if numbered else r.address.startswith(text))]
    if len(found) != 1:
        raise InputError(
            f"{store.folder} holds {'no' if not found else 'several'} stored run {text!r}; give a number in "
            f"[0, {store.plan.n_runs - 1}] or an address of column 'address'"
        )
    return found[0]
