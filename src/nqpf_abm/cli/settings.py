"""What is typed on the command line into values: numbers, and ``--set name=value`` into a mapping."""

from __future__ import annotations

from collections.abc import Iterable

import typer

from nqpf_abm.errors import InputError


def whole_number(text: str | int) -> int:
    """``"12"`` as 12. Typer's own message leaves out what was typed."""
    try:
        return int(text)
    except ValueError:
        raise typer.BadParameter(f"must be a whole number; got {text!r}") from None


def number(text: str | float) -> float:
    """``"0.5"`` as 0.5."""
    try:
        return float(text)
    except ValueError:
        raise typer.BadParameter(f"must be a number; got {text!r}") from None


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
