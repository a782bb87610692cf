"""Scenarios as files: what a run changes against the declared defaults, or against another scenario."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from nqpf_abm.data import FOLDER
from nqpf_abm.data.reading import read_toml
from nqpf_abm.data.scenario import ArmPlan, Event, PolicyPlan, Scenario
from nqpf_abm.data.scenario_blocks import blocks_of, check_keys, event_of, policy_of, whole
from nqpf_abm.errors import InputError, nearest

__all__ = ["ArmPlan", "Event", "PolicyPlan", "Scenario", "load_scenario", "shipped_scenarios"]

SHIPPED = FOLDER / "scenarios"
BASELINE, NOTHING = "baseline", "nothing"
"""What a file extends unless it says otherwise; what it extends to stand on the declared defaults alone."""
_TEXT = ("name", "title", "source", "note", "figure", "expected", "cost", "extends")
_KNOWN = (*_TEXT, "set", "event", "policy", "arm", "seeds")
_ARM = ("title", "set", "event")
MOST_SEEDS = 1000


@cache
def shipped_scenarios() -> tuple[str, ...]:
    """Names of the scenarios that come with the package."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.toml")))


def load_scenario(name: str | Path | Scenario) -> Scenario:
    """A shipped scenario by name, or a user's own TOML file by path; a scenario is itself.

    A file inherits from the baseline, and so has its dated policies, or from what it names: ``extends = "S11"`` is a
    shipped scenario, ``extends = "mine.toml"`` a file, from the folder of the file that names it, and
    ``extends = "nothing"`` the declared defaults alone. What is set overrides, events and policies are added to the
    inherited ones; texts are a file's own.

    Raises InputError for an unknown name, a file that cannot be read, unknown keys, and files that extend each
    other in a circle.
    """
    if isinstance(name, Scenario):
        return name
    path = _path_of(str(name), Path())
    return _shipped(path) if path.parent == SHIPPED else _load(path, ())


def _shipped(path: Path) -> Scenario:
    """A scenario of the package, read once; its settings are the caller's own."""
    found = _read_once(path)
    arms = tuple(replace(arm, changes=dict(arm.changes)) for arm in found.arms)
    return replace(found, changes=dict(found.changes), arms=arms)


@cache
def _read_once(path: Path) -> Scenario:
    return _load(path, ())


def _path_of(text: str, folder: Path, where: str = "") -> Path:
    """The file that a name or path means; a path is taken from `folder`."""
    if Path(text).suffix.lower() == ".toml":
        return folder / text
    if text not in shipped_scenarios():
        raise InputError(
            f"{where}unknown scenario {text!r}{nearest(text, (*shipped_scenarios(), *([NOTHING] if where else [])))}; "
            "`nqpf list scenarios` shows them all, a file of one's own ends in .toml"
        )
    return SHIPPED / f"{text}.toml"


def _load(path: Path, extending: tuple[Path, ...]) -> Scenario:
    """The scenario of a file; `extending` are the files on the way to it."""
    document = read_toml(path)
    for key, value in document.items():
        if key not in _KNOWN:
            raise InputError(f"{path}, key {key!r}: unknown{nearest(key, _KNOWN)}")
        if key in _TEXT and not isinstance(value, str):
            raise InputError(f"{path}, key {key!r}: must be text in quotes, got {value!r}")
    name = document.get("name", path.stem)
    if not name or set(name) & set('/\\:*?"<>|\n') or name.startswith("."):
        raise InputError(f"{path}, key 'name': must do as the name of a folder, got {name!r}")
    changes = document.get("set", {})
    if not isinstance(changes, dict):
        raise InputError(f"{path}, key 'set': must be a table of parameters, got {changes!r}")
    events = blocks_of(f"{path}", "event", document.get("event", []), "[[event]]")
    policies = blocks_of(f"{path}", "policy", document.get("policy", []), "[[policy]]")
    base = _base(path, document, extending)
    return Scenario(
        name=name,
        title=document.get("title", path.stem),
        source=document.get("source", ""),
        note=document.get("note", "").strip(),
        changes={**base.changes, **dict(_flat(changes))},
        path=path,
        arms=_arms(path, document),
        seeds=whole(f"{path}, key 'seeds'", document.get("seeds", 1), 1, MOST_SEEDS),
        figure=document.get("figure", ""),
        expected=document.get("expected", "").strip(),
        cost=document.get("cost", "").strip(),
        events=base.events
        + tuple(event_of(f"{path}, [[event]] {k}", block) for k, block in enumerate(events, 1)),
        policies=base.policies
        + tuple(policy_of(f"{path}, [[policy]] {k}", block) for k, block in enumerate(policies, 1)),
        files=(path, *base.files),
    )


def _base(path: Path, document: dict, extending: tuple[Path, ...]) -> Scenario:
    """What a file extends; nothing changes in the scenario that stands for none."""
    named = document.get("extends", BASELINE)
    if named == NOTHING:
        return Scenario("", "")
    where = f"{path}, key 'extends': "
    found = _path_of(named, path.parent, where)
    way = (*extending, path)
    if found.resolve() in [file.resolve() for file in way]:
        circle = " extends ".join(file.name for file in (*way, found))
        raise InputError(f"{where}goes in a circle: {circle}; let one of them stand alone")
    base = _shipped(found) if found.parent == SHIPPED else _load(found, way)
    if base.arms:
        raise InputError(
            f"{where}{named!r} contrasts {len(base.arms)} arms; extend a scenario that is one run"
        )
    return base


def _arms(path: Path, document: dict) -> tuple[ArmPlan, ...]:
    blocks = document.get("arm", [])
    if not blocks:
        for key in ("seeds", "figure"):
            if key in document:
                raise InputError(f"{path}, key {key!r}: belongs to a scenario with [[arm]] blocks; add two")
        return ()
    blocks_of(f"{path}", "arm", blocks, "[[arm]]")
    arms = [_arm(f"{path}, [[arm]] {k}", block) for k, block in enumerate(blocks, 1)]
    titles = [arm.title for arm in arms]
    if len(arms) < 2 or len(set(titles)) < len(titles):
        raise InputError(f"{path}, key 'arm': give two or more arms with titles of their own, got {titles}")
    return tuple(arms)


def _arm(where: str, block: dict) -> ArmPlan:
    check_keys(where, block, _ARM)
    title, changes = block.get("title"), block.get("set", {})
    if not isinstance(title, str) or not title.strip():
        raise InputError(f"{where}, key 'title': must be text in quotes, got {title!r}")
    if not isinstance(changes, dict):
        raise InputError(f"{where}, key 'set': must be a table of parameters, got {changes!r}")
    events = blocks_of(where, "event", block.get("event", []), "[[arm.event]]")
    made = tuple(event_of(f"{where}, event {k}", event) for k, event in enumerate(events, 1))
    return ArmPlan(title, dict(_flat(changes)), made)


def _flat(table: dict, prefix: str = ""):
    """``[set.leadership] adjustment = .2`` and ``"leadership.adjustment" = .2`` mean the same."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
