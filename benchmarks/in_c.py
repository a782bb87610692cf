"""Three of the phases in C, compiled by the system's compiler with -O3 -march=native."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import numpy as np
from agreement import LATER
from vectorised import living_columns

from nqpf_abm.mechanisms.migration import URGE
from nqpf_abm.mechanisms.proactivity import ACT

PHASES = ("take_over_spirit", "act_proactively", "weigh_leaving")
FLAGS = ("-O3", "-march=native", "-shared", "-fPIC")


def compiler() -> str | None:
    return shutil.which("cc")


@cache
def library() -> ctypes.CDLL:
    source = Path(__file__).with_name("loops.c")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "loops.so"
        subprocess.run([compiler(), *FLAGS, str(source), "-o", str(target), "-lm"], check=True)
        return ctypes.CDLL(str(target))


def _argument(value):
    if isinstance(value, np.ndarray):
        return ctypes.c_void_p(value.ctypes.data)
    if isinstance(value, np.uint64):
        return ctypes.c_uint64(int(value))
    return ctypes.c_int64(value) if isinstance(value, int) else ctypes.c_double(value)


class InC:
    name = "C"
    has_our_chance = True

    def __init__(self, state, p, seed: int = 1):
        _, leaders, teams, people = living_columns(state).values()
        self.people, n = people, people["uid"].size
        self.seed, self.quarter = np.uint64(seed), LATER
        q, a = p.leadership, p.proactivity
        values = {
            "take_over_spirit": (
                n, people["firm"], people["team"], people["orientation"], people["anchor"],
                leaders["orientation"], leaders["charisma"], leaders["leadership"],
                teams["orientation"], teams["member_mean"], teams["safety"], teams["motivation"],
                q.openness, q.adjustment, q.neutral_style, p.charisma.internalisation,
                q.member_from_team, q.member_from_leader, q.member_from_peers,
            ),
            "act_proactively": (
                n, people["uid"], people["firm"], people["team"], people["orientation"], people["threshold"],
                people["is_proactive"], teams["autonomy"], teams["proactive_share"],
                a.contagion, a.autonomy_effect, q.neutral_style, a.noise,
            ),
            "weigh_leaving": (n, people["uid"], people["firm"], people["urge"], p.migration.idle_urge),
        }  # fmt: skip
        self._kept = values  # the arrays behind the pointers
        self._arguments = {phase: [_argument(v) for v in given] for phase, given in values.items()}
        self._calls = {phase: getattr(library(), phase) for phase in PHASES}

    def act(self, phase: str) -> None:
        chance = ()
        if phase != "take_over_spirit":
            stream = ACT if phase == "act_proactively" else URGE
            chance = tuple(_argument(v) for v in (self.seed, np.uint64(self.quarter), stream))
            self.quarter += 1
        self._calls[phase](*self._arguments[phase], *chance)

    def columns(self) -> dict[str, dict[str, np.ndarray]]:
        """What the phases change, by kind of agent, in the order of rows."""
        return {"employees": {**self.people, "is_idle": self.people["firm"] < 0}}
