"""``--set name=value`` into a mapping."""

from __future__ import annotations

from collections.abc import Iterable

from nqpf_abm.errors import InputError


def parse_settings(texts: Iterable[str]) -> dict[str, str]:
    """``["M06=off", "a.b=0.2"]`` as a mapping. Raises InputError for a text without a name or a value."""
    changes: dict[str, str] = {}
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not (name and equals and value):
            raise InputError(f"--set takes name=value, e.g. --set leadership.openness=0.6; got {text!r}")
        if name in changes and changes[name] != value:
            raise InputError(f"--set {name} is given twice, as {changes[name]} and as {value}")
        changes[name] = value
    return changes
