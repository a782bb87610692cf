"""Events: what happens to the state from outside, as a quarter begins."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from nqpf_abm.data.scenario import Event
from nqpf_abm.errors import InputError, nearest
from nqpf_abm.state.tables import AGENT_TABLES, COMMON, TABLES, State

LEVERS = tuple(
    f"provinces.{column}"
    for column in ("data_rights", "data_rights_start", "data_liquidity", "institutions", "trust", "stages")
)
"""Columns of provinces that may be set from outside: what policy decides, not what is counted up from agents."""


def check_event(event: Event) -> None:
    """Raise InputError, naming what is allowed, if the event's column cannot be changed from outside."""
    table, _, column = event.column.partition(".")
    if table not in AGENT_TABLES and event.column not in LEVERS:
        raise InputError(
            f"event column {event.column!r} must be table.column with a table among {', '.join(AGENT_TABLES)}"
            f", or one of {', '.join(LEVERS)}{nearest(event.column, LEVERS) or nearest(table, AGENT_TABLES)}"
        )
    if event.column == "governments.strength":
        raise InputError(
            "event column 'governments.strength' is what policies set: give a [[policy]] block instead"
        )
    known = {name: (kind, unit) for name, kind, unit, _ in TABLES[table]}
    free = [name for name, (_, unit) in known.items() if unit not in ("row", "10^6 yuan")]
    if column not in free:
        why = (
            "is a row reference or a stock of money, which the ledger accounts for" if column in known else ""
        )
        why = why or ("cannot be changed" if column in dict.fromkeys(c[0] for c in COMMON) else "is unknown")
        raise InputError(f"event column {event.column!r} {why}{nearest(column, free)}")
    kind = known[column][0]
    size = kind[1][0] if isinstance(kind, tuple) else 1
    if any(not 0 <= k < size for k in event.index):
        raise InputError(
            f"event column {event.column!r}: index must lie in [0, {size - 1}]; got {list(event.index)}"
        )
    if kind == "i8" and event.value != int(event.value):
        raise InputError(f"event column {event.column!r} holds whole numbers; got {event.value:g}")


def apply_events(events: Iterable[Event], quarter: int, state: State) -> None:
    """Change `state` in place as `quarter` of the horizon begins. Shares and degrees stay within 0 and 1."""
    for event in events:
        if not (event.quarter <= quarter if event.lasting else event.quarter == quarter):
            continue
        name, column = event.column.split(".")
        table = getattr(state, name)
        rows = np.flatnonzero(table["is_alive"] == 1)
        values = table[column][rows]
        part = (slice(None), list(event.index)) if event.index else slice(None)
        values[part] = _changed(values[part], event)
        unit = next(unit for c, _, unit, _ in TABLES[name] if c == column)
        if unit in ("0 to 1", "share", "probability"):
            values = np.clip(values, 0.0, 1.0)
        table[column][rows] = values


def _changed(values: np.ndarray, event: Event) -> np.ndarray:
    if event.change == "add":
        return values + event.value
    return values * event.value if event.change == "multiply" else np.full_like(values, event.value)
