"""What a sweep found, as the analysis reads it: the design and the numbers measured on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from nqpf_abm.sweep.analyse import Analysis


@dataclass(frozen=True)
class SweepTables:
    """A design and what was measured on it.

    title     of the study
    method    name of the design: morris, sobol, fast, rbd_fast, delta, pawn, lhs, factorial, table
    settings  of the design: "levels" (Morris), "second_order" (Sobol), "harmonics" (FAST)
    factors   names, in the order of the columns of `unit`
    groups    group of each factor; its own name if it is in none
    unit      (n_rows, n_factors) the design on the unit cube
    values    (n_rows, n_factors) the same in natural units
    units     unit of each outcome, by name
    outcomes  one line per row of the design and replicate, sorted by them: "row", "replicate", "seed", then the
              outcomes as float64, NaN where there was nothing to measure
    failed    runs that failed, absent from `outcomes`: "row", "replicate", "seed", "error"
    missing   number of runs of the design that were not done yet
    regions   of the user's own and what their scores are frozen on, in words; "": the twelve western provinces
    """

    title: str
    method: str
    settings: dict[str, Any]
    factors: tuple[str, ...]
    groups: tuple[str, ...]
    unit: np.ndarray
    values: pd.DataFrame
    units: dict[str, str]
    outcomes: pd.DataFrame
    failed: pd.DataFrame = field(default_factory=pd.DataFrame)
    missing: int = 0
    regions: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the outcomes."""
        return tuple(self.outcomes.columns[3:])

    def analyse(self, **options: Any) -> Analysis:
        """What ``nqpf analyse`` does: see `nqpf_abm.sweep.analyse.analyse` for options and errors."""
        from nqpf_abm.sweep.analyse import analyse

        return analyse(self, **options)
