"""Taking keys out of a TOML table: what is missing, misspelt or of the wrong kind is refused by name.

`where` says which table it is, e.g. ``core.toml, indicator 'N3'``, and begins every message.
"""

from __future__ import annotations

from collections.abc import Iterable

from nqpf_abm.errors import InputError, nearest

REQUIRED = object()

_WORDS = {str: "text in quotes", int: "a whole number", float: "a number"}


def known_keys(where: str, table: dict, keys: Iterable[str]) -> None:
    """Refuses a key that is not among `keys`."""
    keys = list(keys)
    for key in table:
        if key not in keys:
            raise InputError(f"{where}, key {key!r}: unknown{nearest(key, keys)}")


def take(where: str, table: dict, key: str, kind: type, default=REQUIRED):
    """The value of `key` if it is of `kind` (a whole number passes for float); `default` if it is absent."""
    if key not in table:
        if default is REQUIRED:
            raise InputError(f"{where}, key {key!r}: missing; give {_WORDS[kind]}")
        return default
    value = table[key]
    if isinstance(value, bool) or not isinstance(value, int | float if kind is float else kind):
        raise InputError(f"{where}, key {key!r}: must be {_WORDS[kind]}, got {value!r}")
    return value


def one_of(where: str, key: str, value: str, allowed: Iterable[str]) -> str:
    """`value` if it is one of `allowed`."""
    allowed = list(allowed)
    if value not in allowed:
        listed = ", ".join(map(repr, allowed))
        hint = nearest(value, allowed)
        raise InputError(f"{where}, key {key!r}: must be one of {listed}, got {value!r}{hint}")
    return value


def tables(where: str, document: dict, key: str) -> dict[str, dict]:
    """The tables ``[key.NAME]`` by name; none if the key is absent."""
    found = document.get(key, {})
    if not isinstance(found, dict) or not all(isinstance(table, dict) for table in found.values()):
        raise InputError(f"{where}, key {key!r}: give tables [{key}.NAME]")
    return found


def blocks(where: str, document: dict, key: str) -> list[dict]:
    """The blocks ``[[key]]``; none if the key is absent."""
    found = document.get(key, [])
    if not isinstance(found, list) or not all(isinstance(block, dict) for block in found):
        raise InputError(f"{where}, key {key!r}: give blocks [[{key}]]")
    return found


def names(where: str, table: dict, key: str, default: Iterable[str] = ()) -> tuple[str, ...]:
    """A list of different names."""
    found = table.get(key, list(default))
    if not isinstance(found, list) or not all(isinstance(name, str) for name in found):
        raise InputError(f"{where}, key {key!r}: must be a list of names in quotes, got {found!r}")
    if len(set(found)) < len(found):
        raise InputError(f"{where}, key {key!r}: names must differ, got {found!r}")
    return tuple(found)


def years(where: str, table: dict, key: str) -> tuple[int, ...]:
    """Every year from ``[first, last]``; empty if the key is absent."""
    if key not in table:
        return ()
    found = table[key]
    pair = isinstance(found, list) and len(found) == 2 and all(type(year) is int for year in found)
    if not pair or not 1900 <= found[0] < found[1] <= 2100:
        raise InputError(
            f"{where}, key {key!r}: must be [first, last], two rising years in [1900, 2100], got {found!r}"
        )
    return tuple(range(found[0], found[1] + 1))
