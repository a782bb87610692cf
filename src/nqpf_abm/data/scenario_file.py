"""Scenarios as files: what a run changes against the declared defaults."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from nqpf_abm.data import FOLDER
from nqpf_abm.data.reading import read_toml
from nqpf_abm.errors import InputError, nearest

SHIPPED = FOLDER / "scenarios"
_TEXT = ("name", "title", "source", "note")


@dataclass(frozen=True)
class Scenario:
    """A named set of changes: parameters by ``topic.name``, mechanisms by id (on or off)."""

    name: str
    title: str
    source: str = ""
    note: str = ""
    changes: dict[str, float | bool] = field(default_factory=dict)
    path: Path | None = None


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
    for key, value in document.items():
        if key not in (*_TEXT, "set"):
            raise InputError(f"{path}, key {key!r}: unknown{nearest(key, (*_TEXT, 'set'))}")
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
    )


def _flat(table: dict, prefix: str = ""):
    """``[set.leadership] adjustment = .2`` and ``"leadership.adjustment" = .2`` mean the same."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
