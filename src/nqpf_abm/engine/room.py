"""Free rows for newcomers: tables get larger between quarters, never within one."""

from __future__ import annotations

import numpy as np

from nqpf_abm.numerics.arrays import raw
from nqpf_abm.numerics.jit import compiled, native, routine
from nqpf_abm.state.tables import State

GROWING = {"firms": 3, "entrepreneurs": 3, "teams": 3, "employees": 12, "projects": 12}
"""Tables that get larger, and which part of those in use can be new in a quarter: one in so many. Firms spring up fast,
each with a team."""
LINKS = {"firms": ("first_team",), "teams": ("next_team",), "employees": ("firm", "team")}
_PARTS = tuple(GROWING.values())


@routine
def is_short(table, part):
    """Whether a table has too few free rows for the newcomers of a quarter."""
    alive = 0
    for i in range(table.size):
        alive += table[i].is_alive
    return table.size - alive < max(32, alive // part)


@compiled
def short_of_room(s, which):
    """Tell which tables of `GROWING` are short of free rows: 1 or 0 in `which` (5,); returns how many are."""
    which[0] = is_short(s.firms, _PARTS[0])
    which[1] = is_short(s.entrepreneurs, _PARTS[1])
    which[2] = is_short(s.teams, _PARTS[2])
    which[3] = is_short(s.employees, _PARTS[3])
    which[4] = is_short(s.projects, _PARTS[4])
    return which.sum()


def with_room(state: State) -> State:
    """The state with enough free rows for a quarter's newcomers: tables that are short are copied into larger ones."""
    which = np.zeros(len(GROWING), np.int64)
    if not native(short_of_room, state, which)(state, which):
        return state
    short = {name for name, is_one in zip(GROWING, which.tolist(), strict=True) if is_one}
    larger = {}
    for name in short:
        size = getattr(state, name).size
        larger[name] = _grown(state, name, size + max(64, size // 2))
    if ("firms" in larger) != ("entrepreneurs" in larger):
        size = max(larger[name].size for name in ("firms", "entrepreneurs") if name in larger)
        for name in ("firms", "entrepreneurs"):
            if larger.get(name, getattr(state, name)).size < size:
                larger[name] = _grown(state, name, size)
    return state._replace(**larger)


def check_room(state: State, quarter: int) -> None:
    """Raise RuntimeError, naming tables, if a newcomer found no free row in this quarter, counted from the start."""
    if not state.world["is_full"][0]:
        return
    full = [name for name in GROWING if (getattr(state, name)["is_alive"] == 1).all()]
    limits = ", ".join(f"{name} by 1/{part}" for name, part in GROWING.items())
    raise RuntimeError(
        f"quarter {quarter}: a newcomer found no free row in {' or '.join(full) or 'a table'}: in one quarter there is "
        f"room for growth of {limits}, or 32; parameters near the ends of their ranges can make numbers explode"
    )


def _grown(state: State, name: str, size: int) -> np.ndarray:
    """The table `name` with `size` rows; those added are free."""
    table = getattr(state, name)
    grown = np.zeros(size, table.dtype)
    raw(grown)[: table.size] = raw(table)
    for link in LINKS.get(name, ()):
        grown[link][table.size :] = -1
    return grown
