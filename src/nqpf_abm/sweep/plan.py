"""The runs of a study, numbered: what the store keeps and looks up, without the model."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np


@dataclass(frozen=True, eq=False)
class Plan:
    """A study as plain data, and its design.

    identity  `Study.identity`
    unit      (n_rows, n_factors) on the unit cube;  values  the same in natural units

    Run number ``row * replicates + replicate`` is replicate `replicate` of row `row` of the design.
    """

    identity: Mapping[str, Any]
    unit: np.ndarray
    values: np.ndarray

    @property
    def replicates(self) -> int:
        return self.identity["replicates"]

    @property
    def factors(self) -> tuple[str, ...]:
        return tuple(factor["name"] for factor in self.identity["factors"])

    @property
    def outcomes(self) -> tuple[str, ...]:
        return tuple(self.identity["model"]["outcomes"])

    @property
    def n_runs(self) -> int:
        """Runs in all, equal ones counted each time."""
        return len(self.values) * self.replicates

    @cached_property
    def first_row(self) -> np.ndarray:
        """(n_rows,) the first row with the same values: equal rows are the same runs, which are done once."""
        _, first, inverse = np.unique(self.values, axis=0, return_index=True, return_inverse=True)
        return first[inverse.ravel()]

    @cached_property
    def distinct(self) -> np.ndarray:
        """Numbers of the runs to do, rising."""
        rows = np.flatnonzero(self.first_row == np.arange(len(self.values)))
        return (rows[:, None] * self.replicates + np.arange(self.replicates)).ravel()

    def place(self, run: int) -> tuple[int, int, int]:
        """Row, replicate and seed of a run number."""
        row, replicate = divmod(int(run), self.replicates)
        return row, replicate, self.identity["seed"] + replicate


def design_hash(unit: np.ndarray, values: np.ndarray) -> str:
    """SHA-256 of a design, bit for bit."""
    digest = hashlib.sha256(np.ascontiguousarray(unit, "<f8"))
    digest.update(np.ascontiguousarray(values, "<f8"))
    return digest.hexdigest()
