"""What all agents share: a row of a table, and acting out a phase on it."""

from __future__ import annotations

from typing import ClassVar

import mesa

from nqpf_abm.declare import Phase


class RowAgent(mesa.Agent):
    """A Mesa agent whose attributes are the columns of its row.

    Reading and setting an attribute that names a column of the table reads and sets the state itself;
    everything else is an ordinary attribute. `uid` identifies the agent in every draw, `row` is where it is.
    """

    table: ClassVar[str] = ""

    def __init__(self, model, row: int):
        super().__init__(model)
        object.__setattr__(self, "row", row)
        self.unique_id = int(self._record["uid"])

    @property
    def _record(self):
        return getattr(self.model.state, self.table)[self.row]

    def __getattr__(self, name: str):
        if name.startswith("_") or "row" not in self.__dict__ or "model" not in self.__dict__:
            raise AttributeError(name)
        table = getattr(self.model.state, self.table)
        if name not in table.dtype.names:
            raise AttributeError(f"{type(self).__name__} has no attribute or column {name!r}")
        return table[name][self.row]

    def __setattr__(self, name: str, value) -> None:
        if "row" in self.__dict__:
            table = getattr(self.model.state, self.table)
            if name in table.dtype.names:
                table[name][self.row] = value
                return
        object.__setattr__(self, name, value)

    def act(self, phase: Phase) -> None:
        """Act out `phase` on the own row: the loop of the columns engine, over this one row.

        Where the model was given a row phase of the same name and kind in its place, that one.
        """
        state = self.model.state
        code = self.model.code.phases[self.model.in_force(phase).name]
        code(getattr(state, self.table), state, self.model.key, self.row, self.row + 1)
