"""How a number, a mechanism and a phase of the quarter are declared: once, with unit, range and evidence.

The declarations are data. The check of user input, the command line's lists, the schedule, the audit of
what a phase may write, and the generated documents are all made from them.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from nqpf_abm.errors import InputError, mechanism_id, nearest
from nqpf_abm.numerics.arrays import copied
from nqpf_abm.numerics.draws import uniform
from nqpf_abm.numerics.jit import compiled, routine, rule

# ---------------------------------------------------------------------------------------------- evidence


@dataclass(frozen=True)
class Evidence:
    """Where a number comes from. `grade` is the class name in lower case."""

    note: str
    source: str = ""

    @property
    def grade(self) -> str:
        return type(self).__name__.lower()


class Measured(Evidence):
    """Seen in data or in a table checked for this project."""


class Literature(Evidence):
    """A value or form from the literature; `source` names it."""


class SeedClaim(Evidence):
    """A figure of one of the project's seed papers, not verified."""


class Calibrated(Evidence):
    """Fitted by the project to named targets."""


class Assumed(Evidence):
    """Our assumption. Honourable as long as it is said."""


# -------------------------------------------------------------------------------------------- parameters


def param(default: float, *, low: float, high: float, unit: str, evidence: Evidence, symbol: str = "") -> Any:
    """A declared number: default, closed range, unit and evidence, as a dataclass field."""
    return field(
        default=default,
        metadata={"low": low, "high": high, "unit": unit, "evidence": evidence, "symbol": symbol},
    )


@dataclass(frozen=True, kw_only=True)
class Checked:
    """Base of every parameter group: each value is checked against its declared range.

    Raises
    ------
    InputError
        Naming the parameter, its range and unit, the value found and a likely repair.
    """

    def __post_init__(self) -> None:
        for f in dataclasses.fields(self):
            check_range(f"{type(self).__name__}.{f.name}", getattr(self, f.name), f.metadata)


def check_range(name: str, value: Any, declared: Mapping[str, Any]) -> float:
    """Return `value` as a float if it lies in the declared range, else raise `InputError`."""
    low, high, unit = declared["low"], declared["high"], declared["unit"]
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise InputError(f"{name} must be a number in [{low:g}, {high:g}] {unit}; got {value!r}") from None
    if not math.isfinite(number) or not low <= number <= high:
        percentage = math.isfinite(number) and low <= number / 100 <= high
        raise InputError(
            f"{name} must lie in [{low:g}, {high:g}] {unit}; got {number:g}"
            + (f". A percentage? Write {number / 100:g}" if percentage else "")
        )
    return number


@dataclass(frozen=True, eq=False)
class Mechanism:
    """One entry of the catalogue: its id, what it claims, and the topic file that holds its laws.

    The switch of a mechanism is its id; switched off, its laws take the neutral form `neutral` describes.
    """

    id: str
    name: str
    layer: str
    seed: str
    claim: str
    neutral: str
    core: bool = True


@dataclass(frozen=True, eq=False)
class Topic:
    """A topic file of `mechanisms/`: the parameters it declares and the mechanisms it implements."""

    name: str
    params: type[Checked]
    mechanisms: tuple[Mechanism, ...] = ()


class Parameters:
    """Every declared number and switch of a run.

    `values` maps ``"topic.name"`` to a float and a mechanism id to True or False. `record` is the same as
    one structured array of shape (1,) that compiled laws read as ``p.topic.name`` and ``p.on.M06``.
    """

    def __init__(self, topics: Iterable[Topic], changes: Mapping[str, Any] | None = None):
        self.topics = tuple(topics)
        self._declared, self._mechanisms, self._defaults, record = _declared(self.topics)
        self.record = copied(record)
        self.values = dict(self._defaults)
        for name, value in (changes or {}).items():
            self._set(name, value)

    def _set(self, name: str, value: Any) -> None:
        name = str(name)
        if name in self._mechanisms:
            self.values[name] = self.record["on"][name] = _switch(name, value)
        elif name in self._declared:
            self.values[name] = check_range(name, value, self._declared[name].metadata)
            topic, leaf = name.split(".")
            self.record[topic][leaf] = self.values[name]
        else:
            known = [*self._declared, *self._mechanisms]
            same_leaf = [k for k in known if k.split(".")[-1] == name.split(".")[-1]]
            likely = same_leaf or [k for k in self._mechanisms if k == mechanism_id(name)]
            hint = f"; did you mean {likely[0]!r}?" if likely else nearest(name, known)
            raise InputError(f"unknown parameter {name!r}{hint}; `nqpf list parameters` shows them all")

    def changes(self) -> dict[str, float | bool]:
        """What differs from the declared defaults (mechanisms are on by default)."""
        return {name: value for name, value in self.values.items() if value != self._defaults[name]}

    def table(self) -> list[dict[str, Any]]:
        """One row per declared number and switch: name, value, default, range, unit and evidence."""
        rows = []
        for name, f in self._declared.items():
            evidence = f.metadata["evidence"]
            rows.append(
                {
                    "name": name,
                    "symbol": f.metadata["symbol"],
                    "value": self.values[name],
                    "default": f.default,
                    "low": f.metadata["low"],
                    "high": f.metadata["high"],
                    "unit": f.metadata["unit"],
                    "grade": evidence.grade,
                    "evidence": evidence.note + (f" ({evidence.source})" if evidence.source else ""),
                }
            )
        return rows


@lru_cache(maxsize=8)
def _declared(
    topics: tuple[Topic, ...],
) -> tuple[dict, dict[str, Mechanism], dict[str, float | bool], np.ndarray]:
    """Fields by ``"topic.name"``, mechanisms by id, the defaults of both and their record: not to be changed."""
    fields = {f"{topic.name}.{f.name}": f for topic in topics for f in dataclasses.fields(topic.params)}
    mechanisms = {m.id: m for topic in topics for m in topic.mechanisms}
    groups = [
        (topic.name, [(f.name, "f8") for f in dataclasses.fields(topic.params)])
        for topic in topics
        if dataclasses.fields(topic.params)
    ]
    record = np.zeros(1, np.dtype([*groups, ("on", [(mid, "i8") for mid in sorted(mechanisms)])]))
    for name, f in fields.items():
        topic, leaf = name.split(".")
        record[topic][leaf] = f.default
    for mid in mechanisms:
        record["on"][mid] = 1
    defaults = {name: f.default for name, f in fields.items()} | dict.fromkeys(sorted(mechanisms), True)
    return fields, mechanisms, defaults, record


def _switch(name: str, value: Any) -> bool:
    words = {"on": True, "off": False, "true": True, "false": False, "1": True, "0": False}
    key = str(value).strip().lower()
    key = key.removesuffix(".0")
    if key not in words:
        raise InputError(f"switch {name} must be on or off; got {value!r}")
    return words[key]


# ------------------------------------------------------------------------------------------------ phases


@dataclass(frozen=True, eq=False)
class Phase:
    """One phase of the quarter.

    kind        table whose rows act ("firms", "teams", ...), or "" for a collective phase
    function    what was declared: `f(i, s, p, key)` of one row, or `f(s, p, key)` of a collective phase
    act         `act(s, key)` of a collective phase, compiled unless it is NumPy; None for a row phase
    loop        compiled loop of a row phase over rows lo..hi-1 of its table; None for a collective phase
    mechanisms  ids of the mechanisms that live here
    writes      columns the phase may change, as "table.column"; checked by the audit
    draws       names of the random streams it uses
    place       ("before" or "after", name of a phase) where a phase of the user's is to be inserted
    """

    name: str
    kind: str
    function: Callable
    act: Callable | None
    loop: Callable | None
    mechanisms: tuple[str, ...]
    writes: tuple[str, ...]
    draws: tuple[str, ...]
    doc: str
    place: tuple[str, str] | None = None

    @property
    def is_collective(self) -> bool:
        return self.kind == ""

    def before(self, name: str) -> Phase:
        """The same phase, to be inserted directly before the phase called `name`."""
        return dataclasses.replace(self, place=("before", name))

    def after(self, name: str) -> Phase:
        """The same phase, to be inserted directly after the phase called `name`."""
        return dataclasses.replace(self, place=("after", name))


def _phase(function, writes: str, mechanisms: str, draws: str, kind="", act=None, loop=None) -> Phase:
    return Phase(
        name=function.__name__,
        kind=kind,
        function=function,
        act=act,
        loop=loop,
        mechanisms=tuple(mechanisms.split()),
        writes=tuple(writes.split()),
        draws=tuple(draws.split()),
        doc=function.__doc__ or "",
    )


@rule
def as_it_is(u):
    return u


BLOCK = 512
"""Rows whose lots are drawn at once: few enough to stay in the processor's fastest memory."""


def row_phase(
    kind: str,
    *,
    writes: str,
    mechanisms: str = "",
    draws: str = "",
    lot: np.uint64 | None = None,
    form: Callable | None = None,
) -> Callable[[Callable], Phase]:
    """Declare a function `act(i, s, p, key)` of one row of table `kind` as a phase.

    It reads its own row and what others' rows held as the phase began, and writes its own row alone. The
    names in `writes`, `mechanisms` and `draws` are separated by blanks; columns are those of `kind`.

    lot   stream of a draw that every row needs: the function is then `act(i, s, p, key, u)` with u the
          uniform number of the row's uid in that stream (ordinal 0), drawn for many rows at once, which is
          several times as fast
    form  a law of that number alone, such as `draws.exponential`: u is then what it makes of it, for many rows at once too
    """

    if form is not None and lot is None:
        raise InputError(
            "row_phase: form says what is made of the lot; give a stream for it too, lot=stream(...)"
        )

    def declare(function: Callable) -> Phase:
        tag = f"{function.__module__}.{function.__name__}"
        act = rule(function)

        def loop(table, s, key, lo, hi):
            p = s.params[0]
            for i in range(lo, hi):
                if table[i].is_alive:
                    act(i, s, p, key)

        shaped = as_it_is if form is None else rule(getattr(form, "py_func", form))

        def loop_with_lots(table, s, key, lo, hi):
            p = s.params[0]
            uids, lots = np.empty(BLOCK, np.uint64), np.empty(BLOCK)
            for start in range(lo, hi, BLOCK):
                n, alive = min(BLOCK, hi - start), 0
                for k in range(n):
                    uids[k] = table[start + k].uid
                    alive += table[start + k].is_alive
                if alive == 0:
                    continue
                for k in range(n):
                    lots[k] = shaped(uniform(key, uids[k], lot, 0))
                for k in range(n):
                    if table[start + k].is_alive:
                        act(start + k, s, p, key, lots[k])

        columns = " ".join(f"{kind}.{column}" for column in writes.split())
        chosen = compiled(loop if lot is None else loop_with_lots, tag=tag + ".loop")
        return _phase(function, columns, mechanisms, draws, kind=kind, loop=chosen)

    return declare


def collective_phase(*, writes: str, mechanisms: str = "", draws: str = "") -> Callable[[Callable], Phase]:
    """Declare a function `act(s, p, key)` that settles what is contested or summed over rows as a phase.

    `writes` names columns as "table.column", or "table.*" for a whole table, separated by blanks.
    """

    def declare(function: Callable) -> Phase:
        inner = routine(function)

        def act(s, key):
            inner(s, s.params[0], key)

        tag = f"{function.__module__}.{function.__name__}"
        return _phase(function, writes, mechanisms, draws, act=compiled(act, tag=tag))

    return declare


def numpy_phase(*, writes: str, mechanisms: str = "", draws: str = "") -> Callable[[Callable], Phase]:
    """Declare a plain Python function `act(s, p, key)` on the columns of the tables as a phase.

    It is not compiled: whole columns at once (``s.firms["cash"]``) are fast, loops over rows are not. It writes
    into the columns in place. Free rows are in the tables too: mind ``is_alive``. `writes` is as in
    `collective_phase`.
    """

    def declare(function: Callable) -> Phase:
        def act(s, key):
            function(s, s.params.view(np.recarray)[0], key)

        return _phase(function, writes, mechanisms, draws, act=act)

    return declare
