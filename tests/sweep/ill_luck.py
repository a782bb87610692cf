"""Ill luck at will, for workers of a cluster that load this file and for serial runs beside them.

The file that the environment names in ILL_LUCK says what is to happen, as JSON: numbers of runs that are `broken` or
`kill` their worker, and whether workers are `strange` or `slow`; slow ones note runs that they begin in the file BEGUN
beside it.
"""

import json
import os
import signal
import time
from pathlib import Path

from nqpf_abm.sweep import cluster, execution

_run_at, _last_year, _made_of = execution.run_at, execution.LastYear, cluster.made_of
_run = None
BEGUN = "begun.txt"


def luck(what):
    return json.loads(Path(os.environ["ILL_LUCK"]).read_text(encoding="utf-8")).get(what, [])


def run_at(study, run, values, seed):
    global _run
    _run = run
    if luck("slow"):
        with Path(os.environ["ILL_LUCK"]).with_name(BEGUN).open("a", encoding="utf-8") as begun:
            begun.write(f"{run}\n")
        time.sleep(0.2)
    if run in luck("kill"):
        os.kill(os.getpid(), signal.SIGKILL)
    return _run_at(study, run, values, seed)


def last_year(model, frozen):
    if _run in luck("broken"):
        raise ArithmeticError("no\nluck")
    return _last_year(model, frozen)


def made_of():
    return _made_of() | ({"numpy": "1.0"} if luck("strange") else {})


def patch():
    """Let it strike in this process."""
    execution.LastYear = last_year
    execution.run_at = cluster.run_at = run_at


def dask_setup(worker):
    patch()
    cluster.made_of = made_of
