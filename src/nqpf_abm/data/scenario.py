"""What a scenario is: changes of parameters, events, levers of policy, and arms that contrast."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any


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

    def plain(self) -> dict[str, Any]:
        """The event as it is kept in JSON."""
        return asdict(self) | {"index": list(self.index)}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Event:
        """The event that was kept."""
        return cls(**dict(plain) | {"index": tuple(plain["index"])})


@dataclass(frozen=True)
class PolicyPlan:
    """A lever that governments set over some years: an instrument of policy, never a parameter of the model.

    instrument  id in the catalogue, e.g. "M72"
    strength    0 to 1, share of the instrument at full strength
    start, end  years, both inclusive
    regions     names of those whose government does it; () with no echelons: all
    echelons    or all regions of these echelons
    behind      indicator, such as "N3" or "nqpf", in which a province must be behind the others to act; "": all act
    history     True: a fact of the past, or that it goes on. What history set in the base year is in the statistics
                already, so that only more counts; regions of the package that a model does not have are passed over
    """

    instrument: str
    strength: float
    start: int
    end: int
    regions: tuple[str, ...] = ()
    echelons: tuple[int, ...] = ()
    behind: str = ""
    history: bool = False

    def plain(self) -> dict[str, Any]:
        """The plan as it is kept in JSON."""
        return asdict(self) | {"regions": list(self.regions), "echelons": list(self.echelons)}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> PolicyPlan:
        """The plan that was kept."""
        return cls(**dict(plain) | {key: tuple(plain[key]) for key in ("regions", "echelons")})


@dataclass(frozen=True)
class ArmPlan:
    """One arm of a scenario that contrasts several: a title, changes and events of its own."""

    title: str
    changes: dict[str, float | bool] = field(default_factory=dict)
    events: tuple[Event, ...] = ()


@dataclass(frozen=True)
class Scenario:
    """A named set of changes against the declared defaults.

    What nobody knows and what a government sets are kept apart: `changes` are parameters by ``topic.name`` and
    mechanisms by id (on or off), in force from the start; `policies` are levers over years; `events` are shocks.
    `expected` and `cost` say in words what is expected and who pays.

    A scenario with `arms` is an experiment: each arm adds to the common changes, all run on the same `seeds`
    (how many), and `figure` names the picture that tells them apart.

    `files` are those it was read from, itself first, then what it extends.
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
    expected: str = ""
    cost: str = ""
    events: tuple[Event, ...] = ()
    policies: tuple[PolicyPlan, ...] = ()
    files: tuple[Path, ...] = ()

    def with_policies(self, plans: tuple[PolicyPlan, ...]) -> Scenario:
        """The same scenario with these levers beside its own."""
        return replace(self, policies=self.policies + plans) if plans else self

    def policies_beside(self, other: Scenario) -> tuple[PolicyPlan, ...]:
        """Its levers that the other scenario does not set, such as those it adds to the dated ones of the baseline."""
        return tuple(plan for plan in self.policies if plan not in other.policies)


NEVER = 10**6
"""Quarter in which scenarios differ that do not."""


def first_difference(one: Scenario, other: Scenario, base_year: int) -> int:
    """Quarter of the horizon in which two scenarios begin to differ: -1 from the start, NEVER not at all.

    Settings hold from the start. Events differ from the first that only one of them has, policies from the first
    year in which not the same levers are set.
    """
    if one.changes != other.changes:
        return -1
    return min(_events_differ(one.events, other.events), _policies_differ(one, other, base_year))


def _events_differ(one: tuple[Event, ...], other: tuple[Event, ...]) -> int:
    if one == other:
        return NEVER
    common = [event for event in one if event in other]
    in_order = common == [event for event in other if event in one]
    return min(event.quarter for event in one + other if not (in_order and event in common))


def _policies_differ(one: Scenario, other: Scenario, base_year: int) -> int:
    plans = one.policies + other.policies
    for year in range(min((p.start for p in plans), default=0), max((p.end for p in plans), default=0) + 1):
        first, second = (
            sorted(
                (p.instrument, p.strength, p.regions, p.echelons, p.behind, p.history)
                for p in s.policies
                if p.start <= year <= p.end
            )
            for s in (one, other)
        )
        if first != second:
            return max(4 * (year - base_year), -1)
    return NEVER
