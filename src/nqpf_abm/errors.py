"""What goes wrong because of what a user gave: one clear line, never a traceback."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class InputError(ValueError):
    """Input that cannot be used.

    The message names the thing, its allowed range, the value found and the likely repair. The command
    line prints it on one line and ends with exit code 2.
    """


def nearest(name: str, choices: Iterable[str]) -> str:
    """``"; did you mean 'x'?"`` for the choice closest to `name`, or an empty string if none is close."""
    choices = list(choices)
    exact = [choice for choice in choices if choice.casefold() == name.casefold()]
    found = exact or difflib.get_close_matches(name, choices, n=1, cutoff=0.6)
    return f"; did you mean {found[0]!r}?" if found else ""


def mechanism_id(name: str) -> str:
    """The id a user means by M6, m6 or 6: "M06"; any other name as it is."""
    number = name.strip().upper().removeprefix("M")
    return f"M{int(number):02d}" if number.isascii() and number.isdigit() else name
