"""Blocks of a scenario file, [[event]] and [[policy]]: from TOML to plans, with exact messages."""

from __future__ import annotations

import math

from nqpf_abm.data.catalogue import catalogue
from nqpf_abm.data.scenario import Event, PolicyPlan
from nqpf_abm.errors import InputError, mechanism_id, nearest

CHANGES = ("set", "add", "multiply")
_EVENT = ("column", "index", "at", "from", *CHANGES)
_POLICY = ("instrument", "strength", "from", "until", "regions", "echelons", "behind", "history")
LAST_QUARTER = 400
FIRST_YEAR, LAST_YEAR = 1990, 2100


def blocks_of(where: str, key: str, found, shown: str) -> list[dict]:
    """`found` if it is a list of tables. Raises InputError that says how the blocks are written."""
    if not isinstance(found, list) or not all(isinstance(block, dict) for block in found):
        raise InputError(f"{where}, key {key!r}: must be {shown} blocks, got {found!r}")
    return found


def check_keys(where: str, table: dict, known: tuple[str, ...]) -> None:
    """Raise InputError for a key that is not one of `known`."""
    for key in table:
        if key not in known:
            raise InputError(f"{where}, key {key!r}: unknown{nearest(key, known)}")


def whole(where: str, value, low: int, high: int) -> int:
    """`value` if it is a whole number in [low, high]."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise InputError(f"{where}: must be a whole number in [{low}, {high}], got {value!r}")
    return value


def event_of(where: str, event: dict) -> Event:
    """The event of a block. Whether there is such a column is for the state to say."""
    check_keys(where, event, _EVENT)
    column = event.get("column")
    if not isinstance(column, str):
        raise InputError(f"{where}, key 'column': must be \"table.column\", got {column!r}")
    given = [key for key in CHANGES if key in event]
    times = [key for key in ("at", "from") if key in event]
    if len(given) != 1 or len(times) != 1:
        raise InputError(
            f"{where}: give one of {', '.join(CHANGES)} and one of at (once), from (in every quarter from then "
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
        whole(f"{where}, key {times[0]!r}", event[times[0]], 0, LAST_QUARTER),
        times[0] == "from",
        tuple(whole(f"{where}, key 'index'", k, 0, 99) for k in index),
    )


def policy_of(where: str, policy: dict) -> PolicyPlan:
    """The plan of a block. Whether there are such regions is for the model to say."""
    check_keys(where, policy, _POLICY)
    instrument = policy.get("instrument")
    instruments = [entry.id for entry in catalogue().values() if entry.layer == "E"]
    if not isinstance(instrument, str) or mechanism_id(instrument) not in instruments:
        hint = nearest(instrument, instruments) if isinstance(instrument, str) else ""
        raise InputError(
            f"{where}, key 'instrument': must be a policy instrument in quotes, {instruments[0]} to "
            f"{instruments[-1]} (`nqpf list mechanisms`), got {instrument!r}{hint}"
        )
    strength = policy.get("strength")
    if isinstance(strength, bool) or not isinstance(strength, int | float) or not 0 <= strength <= 1:
        hint = "; a percentage?" if isinstance(strength, int | float) and 1 < strength <= 100 else ""
        raise InputError(
            f"{where}, key 'strength': must be a number in [0, 1], share of the instrument at full strength, got "
            f"{strength!r}{hint}"
        )
    years = {}
    for key in ("from", "until"):
        if key not in policy:
            raise InputError(
                f"{where}, key {key!r}: missing; give its {'first' if key == 'from' else 'last'} year"
            )
        years[key] = whole(f"{where}, key {key!r} (a year)", policy[key], FIRST_YEAR, LAST_YEAR)
    if years["until"] < years["from"]:
        raise InputError(
            f"{where}: until {years['until']} comes before from {years['from']}; both years are inclusive"
        )
    if "regions" in policy and "echelons" in policy:
        raise InputError(f"{where}: give regions or echelons, not both; two [[policy]] blocks can do so")
    regions, echelons = policy.get("regions", []), policy.get("echelons", [])
    if not isinstance(regions, list) or not all(isinstance(name, str) for name in regions):
        raise InputError(f"{where}, key 'regions': must be a list of names in quotes, got {regions!r}")
    if not isinstance(echelons, list):
        raise InputError(f"{where}, key 'echelons': must be a list of whole numbers, got {echelons!r}")
    echelons = [whole(f"{where}, key 'echelons'", level, 1, 9) for level in echelons]
    for key, named in (("regions", regions), ("echelons", echelons)):
        if key in policy and not named:
            raise InputError(f"{where}, key {key!r}: is empty; leave it out to mean all regions")
        if len(set(named)) < len(named):
            raise InputError(f"{where}, key {key!r}: names one twice, got {named!r}")
    behind = policy.get("behind", "")
    if not isinstance(behind, str) or ("behind" in policy and not behind.strip()):
        raise InputError(
            f'{where}, key \'behind\': must name an indicator in quotes, such as "N3" or "nqpf", got {behind!r}'
        )
    history = policy.get("history", False)
    if not isinstance(history, bool):
        raise InputError(f"{where}, key 'history': must be true or false, got {history!r}")
    return PolicyPlan(
        mechanism_id(instrument),
        float(strength),
        years["from"],
        years["until"],
        tuple(regions),
        tuple(echelons),
        behind.strip(),
        history,
    )
