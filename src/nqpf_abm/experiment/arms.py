"""What one arm of an experiment changes: settings of the run, and events while it runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from nqpf_abm.data.scenario import Event, PolicyPlan, Scenario
from nqpf_abm.data.scenario_file import load_scenario
from nqpf_abm.declare import Parameters
from nqpf_abm.mechanisms import topics
from nqpf_abm.state.events import check_event

UNDATED = "undated"
"""The scenario that sets nothing at all."""
YEARS = 11
"""Length of a run of an experiment unless it says otherwise: 2012 to 2022."""


@dataclass(frozen=True)
class Arm:
    """What a run changes against the declared defaults, with no dated policies beside those it names.

    Arms try mechanisms and instruments by themselves: against a calendar that sets some of every instrument already, an
    instrument would be tried by its last part. Equal arms are equal runs, so that each is done once per seed.

    changes   (name, value) pairs, sorted: parameters and switches that differ from their declared default
    events    changes of the state as quarters begin, in the order they are applied
    quarters  length of the run from the first quarter of the base year
    scale     multiplies the numbers of agents
    policies  levers that governments set

    Make one with `arm`, which checks names, ranges and columns.
    """

    changes: tuple[tuple[str, float | bool], ...] = ()
    events: tuple[Event, ...] = ()
    quarters: int = 4 * YEARS
    scale: float = 1.0
    policies: tuple[PolicyPlan, ...] = ()

    @property
    def scenario(self) -> Scenario:
        """A scenario of the events and policies of this arm; its settings are given to the run beside it."""
        return replace(load_scenario(UNDATED), events=self.events, policies=self.policies)


def arm(
    changes: Mapping[str, Any] | None = None,
    events: Iterable[Event] = (),
    *,
    quarters: int = 4 * YEARS,
    scale: float = 1.0,
    policies: Iterable[PolicyPlan] = (),
) -> Arm:
    """The arm with these settings, events and policies. Raises InputError for a name, value or column unknown."""
    events = tuple(events)
    for event in events:
        check_event(event)
    differing = Parameters(topics(), changes).changes()
    return Arm(tuple(sorted(differing.items())), events, quarters, float(scale), tuple(policies))
