"""Scenarios as files: what a run changes against the declared defaults."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path

from nqpf_abm.data import FOLDER
from nqpf_abm.data.reading import read_toml
from nqpf_abm.errors import InputError, nearest

SHIPPED = FOLDER / "scenarios"
_TEXT = ("name", "title", "source", "note", "figure")
_ARM = ("title", "set", "event")
_CHANGES = ("set", "add", "multiply")
_EVENT = ("column", "index", "at", "from", *_CHANGES)
LAST_QUARTER, MOST_SEEDS = 400, 1000


@dataclass(frozen=True)
class Event:
    """A change of the state as a quarter begins, in every row of a table that is in use.

    column   "table.column", e.g. "entrepreneurs.orientation"
    change   "set", "add" or "multiply"
    value    in the unit of the column
    quarter  0 is the first quarter of the base year
    lasting  False: once; True: in every quarter from then on, so that newcomers get it too
    index    components of a column that has several; () for all
    """

    column: str
    change: str
    value: float
    quarter: int = 0
    lasting: bool = False
    index: tuple[int, ...] = ()


@dataclass(frozen=True)
class ArmPlan:
    """One arm of a scenario that contrasts several: a title, changes and events of its own."""

    title: str
    changes: dict[str, float | bool] = field(default_factory=dict)
    events: tuple[Event, ...] = ()


@dataclass(frozen=True)
class Scenario:
    """A named set of changes: parameters by ``topic.name``, mechanisms by id (on or off).

    A scenario with `arms` is an experiment: each arm adds to the common changes, all run on the same `seeds`
    (how many), and `figure` names the picture that tells them apart.
    """

    name: str
    title: str
    source: str = ""
    note: str = ""
    changes: dict[str, float | bool] = field(default_factory=dict)
    path: Path | None = None
    arms: tuple[ArmPlan, ...] = ()
    seeds: int = 1
    figure: str = ""


def shipped_scenarios() -> tuple[str, ...]:
    """Names of the scenarios that come with the package."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.toml")))


def load_scenario(name: str | Path) -> Scenario:
    """A shipped scenario by name, or a user's own TOML file by path.

    Raises InputError for an unknown name, a file that cannot be read, and unknown keys.
    """
    text = str(name)
    path = Path(text)
    if path.suffix.lower() != ".toml":
        if text not in shipped_scenarios():
            raise InputError(
                f"unknown scenario {text!r}{nearest(text, shipped_scenarios())}; "
                "`nqpf list scenarios` shows them all, a file of one's own ends in .toml"
            )
        path = SHIPPED / f"{text}.toml"
    document = read_toml(path)
    known = (*_TEXT, "set", "arm", "seeds")
    for key, value in document.items():
        if key not in known:
            raise InputError(f"{path}, key {key!r}: unknown{nearest(key, known)}")
        if key in _TEXT and not isinstance(value, str):
            raise InputError(f"{path}, key {key!r}: must be text in quotes, got {value!r}")
    name = document.get("name", path.stem)
    if not name or set(name) & set('/\\:*?"<>|\n') or name.startswith("."):
        raise InputError(f"{path}, key 'name': must do as the name of a folder, got {name!r}")
    changes = document.get("set", {})
    if not isinstance(changes, dict):
        raise InputError(f"{path}, key 'set': must be a table of parameters, got {changes!r}")
    return Scenario(
        name=name,
        title=document.get("title", path.stem),
        source=document.get("source", ""),
        note=document.get("note", "").strip(),
        changes=dict(_flat(changes)),
        path=path,
        arms=_arms(path, document),
        seeds=_whole(f"{path}, key 'seeds'", document.get("seeds", 1), 1, MOST_SEEDS),
        figure=document.get("figure", ""),
    )


def _arms(path: Path, document: dict) -> tuple[ArmPlan, ...]:
    blocks = document.get("arm", [])
    if not blocks:
        for key in ("seeds", "figure"):
            if key in document:
                raise InputError(f"{path}, key {key!r}: belongs to a scenario with [[arm]] blocks; add two")
        return ()
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise InputError(f"{path}, key 'arm': must be [[arm]] blocks, got {blocks!r}")
    arms = [_arm(f"{path}, [[arm]] {k}", block) for k, block in enumerate(blocks, 1)]
    titles = [arm.title for arm in arms]
    if len(arms) < 2 or len(set(titles)) < len(titles):
        raise InputError(f"{path}, key 'arm': give two or more arms with titles of their own, got {titles}")
    return tuple(arms)


def _arm(where: str, block: dict) -> ArmPlan:
    for key in block:
        if key not in _ARM:
            raise InputError(f"{where}, key {key!r}: unknown{nearest(key, _ARM)}")
    title, changes, events = block.get("title"), block.get("set", {}), block.get("event", [])
    if not isinstance(title, str) or not title.strip():
        raise InputError(f"{where}, key 'title': must be text in quotes, got {title!r}")
    if not isinstance(changes, dict):
        raise InputError(f"{where}, key 'set': must be a table of parameters, got {changes!r}")
    if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
        raise InputError(f"{where}, key 'event': must be [[arm.event]] blocks, got {events!r}")
    made = tuple(_event(f"{where}, event {k}", event) for k, event in enumerate(events, 1))
    return ArmPlan(title, dict(_flat(changes)), made)


def _event(where: str, event: dict) -> Event:
    for key in event:
        if key not in _EVENT:
            raise InputError(f"{where}, key {key!r}: unknown{nearest(key, _EVENT)}")
    column = event.get("column")
    if not isinstance(column, str):
        raise InputError(f"{where}, key 'column': must be \"table.column\", got {column!r}")
    given = [key for key in _CHANGES if key in event]
    times = [key for key in ("at", "from") if key in event]
    if len(given) != 1 or len(times) != 1:
        raise InputError(
            f"{where}: give one of {', '.join(_CHANGES)} and one of at (once), from (in every quarter from then "
            f"on); got {', '.join([*given, *times]) or 'none'}"
        )
    value = event[given[0]]
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InputError(f"{where}, key {given[0]!r}: must be a number, got {value!r}")
    index = event.get("index", [])
    if not isinstance(index, list):
        raise InputError(f"{where}, key 'index': must be a list of whole numbers, got {index!r}")
    return Event(
        column,
        given[0],
        float(value),
        _whole(f"{where}, key {times[0]!r}", event[times[0]], 0, LAST_QUARTER),
        times[0] == "from",
        tuple(_whole(f"{where}, key 'index'", k, 0, 99) for k in index),
    )


def _whole(where: str, value, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise InputError(f"{where}: must be a whole number in [{low}, {high}], got {value!r}")
    return value


def _flat(table: dict, prefix: str = ""):
    """``[set.leadership] adjustment = .2`` and ``"leadership.adjustment" = .2`` mean the same."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
