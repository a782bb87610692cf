"""Which Mesa agent stands for which row: made lazily, kept in step with the tables."""

from __future__ import annotations

from collections.abc import Iterable

import mesa
import numpy as np

from nqpf_abm.agents.kinds import KINDS
from nqpf_abm.agents.row import RowAgent
from nqpf_abm.declare import Phase
from nqpf_abm.errors import InputError


class Roster:
    """The agents of a model, table by table.

    An agent lives as long as its row holds the same uid: when the row is freed or taken over by somebody
    else, the agent is removed from the model and, if need be, a new one is made.
    """

    def __init__(self, model: mesa.Model, classes: Iterable[type[RowAgent]] = ()):
        self.model = model
        self.classes = dict(KINDS)
        for cls in classes:
            if not (isinstance(cls, type) and issubclass(cls, RowAgent) and cls.table in KINDS):
                names = ", ".join(kind.__name__ for kind in KINDS.values())
                raise InputError(f"{cls!r} is not a subclass of one of {names}")
            self.classes[cls.table] = cls
        self._agents: dict[str, dict[int, RowAgent]] = {table: {} for table in KINDS}
        self._uids: dict[str, np.ndarray] = {table: np.zeros(0, np.uint64) for table in KINDS}

    def overridden(self, phase: Phase) -> bool:
        """True if a user's class brings its own version of the phase's method."""
        if phase.is_collective:
            return False
        base, cls = KINDS[phase.kind], self.classes[phase.kind]
        return getattr(cls, phase.name, None) is not getattr(base, phase.name, None)

    def own(self) -> list[str]:
        """Classes of the user's, by module and name."""
        return [
            f"{cls.__module__}.{cls.__qualname__}"
            for cls in self.classes.values()
            if cls not in KINDS.values()
        ]

    def check(self, schedule: Iterable[Phase]) -> None:
        """Refuse names of phases that agents use otherwise, and methods that no phase would call."""
        schedule = {phase.name: phase for phase in schedule}
        for name, phase in schedule.items():
            own = not phase.is_collective and name not in vars(KINDS[phase.kind])
            if own and hasattr(RowAgent, name):
                raise InputError(f"a phase cannot be called {name!r}: every agent has that; rename it")
        for table, cls in self.classes.items():
            if cls is KINDS[table]:
                continue
            for name, phase in schedule.items():
                ours = getattr(KINDS[table], name, None)
                if ours and getattr(cls, name) is not ours and phase.kind != table:
                    raise InputError(
                        f"{cls.__name__} overrides {name}, which phases replaces for all agents at once; give one of them"
                    )

    def update(self, tables: Iterable[str] = tuple(KINDS)) -> None:
        """Remove the agents of rows that are free or hold somebody else; make agents for new uids."""
        for name in tables:
            table = getattr(self.model.state, name)
            uids = np.where(table["is_alive"] == 1, table["uid"], np.uint64(0))
            known = np.zeros(uids.size, np.uint64)
            known[: self._uids[name].size] = self._uids[name]
            agents = self._agents[name]
            for row in np.flatnonzero(uids != known).tolist():
                if row in agents:
                    agents.pop(row).remove()
                if uids[row] != 0:
                    agents[row] = self.classes[name](self.model, row)
            self._uids[name] = uids
        getattr(mesa.Agent, "_ids", {}).pop(self.model, None)  # Mesa would keep the model alive otherwise

    def act(self, phase: Phase, shuffled: bool) -> None:
        """Let every agent of the phase's kind act it out, in row order or shuffled by Mesa."""
        self.update((phase.kind,))
        everyone = self.model.agents_by_type.get(self.classes[phase.kind])
        if everyone is None:
            return
        method = (
            phase.name if hasattr(self.classes[phase.kind], phase.name) else lambda agent: agent.act(phase)
        )
        if shuffled:
            everyone.shuffle_do(method)
        else:
            everyone.do(method)
