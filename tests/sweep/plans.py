"""Plans and records without a model, for tests of the store; also a process that writes until it is killed.

python plans.py FOLDER FIRST STEP     adds records FIRST, FIRST + STEP, ... and prints each number once it is kept
"""

import sys
from pathlib import Path

import numpy as np

from nqpf_abm.sweep.parts import Record
from nqpf_abm.sweep.plan import Plan, design_hash
from nqpf_abm.sweep.store import Store

PART = 8


def plan(n_rows=30, replicates=2, **changed) -> Plan:
    """A plan of two factors whose last row repeats the first."""
    unit = np.random.default_rng(0).random((n_rows, 2))
    unit[-1] = unit[0]
    values = unit * 10
    identity = {
        "title": "synthetic",
        "model": {"outcomes": ["a", "b"], "source": "s", "set": {}},
        "method": {"name": "lhs", "size": n_rows},
        "factors": [{"name": "x", "group": ""}, {"name": "y", "group": "g"}],
        "replicates": replicates,
        "seed": 1,
        "units": {"a": "1", "b": "m"},
        "design": design_hash(unit, values),
    }
    return Plan(identity | changed, unit, values)


def record(run: int) -> Record:
    """What comes of a run: numbers of its own, NaN in one of ten, a failure in one of thirteen."""
    if run % 13 == 5:
        return Record(
            run, f"{run:032x}", np.full(2, np.nan), "", f"ValueError: {run}", f"Traceback\nof {run}"
        )
    return Record(run, f"{run:032x}", np.array([run / 3, np.nan if run % 10 == 0 else -run]), f"{run:064x}")


def fill(folder: Path, runs=None, part=PART, of=None) -> None:
    """Keep records of these runs, or all that are missing."""
    with Store.begin(folder, of or plan(), part) as store:
        missing = [int(run) for run in store.plan.distinct if not store.done[run]]
        for run in missing if runs is None else runs:
            store.add(record(int(run)))


if __name__ == "__main__":
    with Store.begin(Path(sys.argv[1]), plan(300), PART) as store:
        for run in store.plan.distinct:
            if not store.done[run]:
                store.add(record(int(run)))
                print(int(run), flush=True)
