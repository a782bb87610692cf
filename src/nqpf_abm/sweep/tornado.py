"""How an outcome differs between the ends of each factor's range, all else as the design has it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nqpf_abm.sweep.tables import SweepTables

END = 0.2
"""Share of a factor's range that counts as its end; a switch and the levels of Morris fall to one side or the other."""


def swings(tables: SweepTables, outcome: str) -> pd.DataFrame:
    """Mean outcome where a factor is near either end of its range: outcome, factor, low, high, n_low, n_high.

    low, high      mean over runs whose factor is in the lowest and the highest fifth of its range, in units of the
                   outcome; NaN without such runs
    n_low, n_high  numbers of runs

    The other factors are averaged over as the design has them: with few rows, a difference holds theirs as well.
    """
    runs = tables.outcomes[tables.outcomes[outcome].notna()]
    number, unit = runs[outcome].to_numpy(), tables.unit[runs["row"].to_numpy()]
    lines = []
    for k, factor in enumerate(tables.factors):
        is_low, is_high = unit[:, k] <= END, unit[:, k] >= 1.0 - END
        if len(np.unique(unit[:, k])) == 2:  # a switch: halves of the cube
            is_low, is_high = unit[:, k] < 0.5, unit[:, k] >= 0.5
        ends = [number[chosen].mean() if chosen.any() else np.nan for chosen in (is_low, is_high)]
        lines.append((outcome, factor, *ends, int(is_low.sum()), int(is_high.sum())))
    return pd.DataFrame(lines, columns=["outcome", "factor", "low", "high", "n_low", "n_high"])
