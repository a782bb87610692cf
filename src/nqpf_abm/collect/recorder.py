"""What a model has recorded so far: a row per quarter and province, the ledger, and the firms of complete years."""

from __future__ import annotations

import numpy as np

from nqpf_abm.collect.record import FIRM_YEAR, SERIES, SERIES_TYPE, record_firms, record_quarter, yearly
from nqpf_abm.numerics.arrays import copied
from nqpf_abm.numerics.jit import native
from nqpf_abm.state.accounts import N_ROWS
from nqpf_abm.state.tables import State


class Recorder:
    """The record of one run; what is in it does not change any more.

    quarters    that have been recorded
    year        variables of the last year that was closed (`record.yearly`), none before
    firm_years  (n_firms,) of FIRM_YEAR for each year whose firms were noted
    """

    def __init__(self, n_provinces: int, expected: int):
        """expected: quarters to make room for; more will do as well."""
        self.quarters = 0
        self.year: dict[str, np.ndarray] = {}
        self.firm_years: list[np.ndarray] = []
        self._numbers = np.zeros((expected, n_provinces, len(SERIES)))
        self._ledger = np.zeros((expected, N_ROWS, n_provinces))

    def rows(self) -> tuple[np.ndarray, np.ndarray]:
        """Where the quarter is to be recorded: a row per province, all zero, and the ledger; then `close_quarter`."""
        if self.quarters == len(self._numbers):
            self._numbers, self._ledger = (
                np.concatenate([part, np.zeros((len(part) + 1, *part.shape[1:]))])
                for part in (self._numbers, self._ledger)
            )
        self._numbers[self.quarters] = 0.0  # what an interrupted quarter may have left there
        return self._series[self.quarters], self._ledger[self.quarters]

    @property
    def _series(self) -> np.ndarray:
        """`_numbers` as rows of SERIES_TYPE."""
        return np.ndarray(self._numbers.shape[:2], SERIES_TYPE, self._numbers)

    def fill(self, state: State) -> None:
        """Fill the rows of the quarter from the state as it ends."""
        row, ledger = self.rows()
        native(record_quarter, state, row)(state, row)
        ledger[:] = state.ledger

    def close_quarter(self) -> None:
        """Count in the quarter whose rows have been filled."""
        self.quarters += 1

    def close_year(self, year: int) -> dict[str, np.ndarray]:
        """The variables of the last four quarters, which are those of this year."""
        self.year = yearly(self._series, self.quarters - 1) | {"year": year}
        return self.year

    def note_firms(self, state: State, year: int) -> None:
        """Record every firm as this year ends."""
        rows = np.zeros(state.firms.size, FIRM_YEAR)
        rows = rows[: native(record_firms, state, rows)(state, rows)]
        rows["year"] = year
        self.firm_years.append(copied(rows))

    @property
    def series(self) -> np.ndarray:
        """(n_quarters, n_provinces) of SERIES_TYPE, to be read."""
        return _to_read(self._series[: self.quarters])

    @property
    def ledger(self) -> np.ndarray:
        """(n_quarters, n_rows, n_provinces) 10^6 yuan, to be read."""
        return _to_read(self._ledger[: self.quarters])

    def copy(self) -> Recorder:
        """Another record of the same past, to go on with by itself."""
        other = Recorder(self._numbers.shape[1], 0)
        other.quarters, other.year, other.firm_years = self.quarters, self.year, list(self.firm_years)
        other._numbers, other._ledger = self._numbers.copy(), self._ledger.copy()
        return other


def _to_read(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array
