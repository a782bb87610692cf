"""Were there enough rows? Indices of ever more of the design, and how many it would take."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from nqpf_abm.sweep.indices import DUMMY, Estimator
from nqpf_abm.sweep.uncertainty import Measured, index_table, main_index

SHARES = (0.125, 0.25, 0.5, 0.75, 1.0)
"""Of the blocks, the first ones: a prefix of Sobol's sequence, or of independent rows or trajectories, is a design."""
WIDEST = 0.1
"""Of a 95 % interval, low to high: as a share of the largest index where it has a unit (Morris), else absolute. Sarrazin,
Pianosi & Wagener (2016, doi:10.1016/j.envsoft.2016.02.005) take 0.05 and call the choice the user's."""


def convergence(
    estimate: Estimator, data: Measured, *, resamples: int = 100, seed: int = 1, shares: tuple = SHARES
) -> pd.DataFrame:
    """The main index by number of rows: index, factor, n, value, low, high, of the mean over replicates.

    Empty for a design that cannot be taken in part (FAST).
    """
    blocks, main = data.whole_blocks(estimate.block), main_index(estimate)
    steps = sorted({int(len(blocks) * share) for share in shares})
    tables = []
    for n in steps if estimate.resampled else ():
        if n < estimate.least:
            continue
        part = Measured(data.numbers, data.complete & _first(len(data.complete), blocks[:n], estimate.block))
        table, _ = index_table(estimate, part, "mean", resamples=resamples, seed=seed)
        tables.append(table[table["index"] == main])
    columns = ["index", "factor", "n", "value", "low", "high"]
    return pd.concat(tables, ignore_index=True)[columns] if tables else pd.DataFrame(columns=columns)


def verdict(curve: pd.DataFrame, stability: float, *, widest: float = WIDEST) -> dict:
    """Whether the last of a convergence curve is settled: main, rows, width, settled, rows_needed, stability, unknown.

    width        of the widest interval, relative to the largest index for Morris' mu*
    settled      width at most `widest` and no factor unknown; None without intervals
    unknown      factors whose index has no interval, at most three of them, ", " between; "" if all have one
    rows_needed  to get there, width falling as one over the root of their number
    stability    mean rank correlation of resampled with estimated order, 1 if luck never reorders factors
    """
    last = curve[(curve["n"] == curve["n"].max()) & (curve["factor"] != DUMMY)] if len(curve) else curve
    width = (last["high"] - last["low"]).max() if len(last) else math.nan
    if len(last) and last["index"].iloc[0] == "mu_star":
        largest = last["value"].abs().max()
        width = width / largest if largest > 0 else math.nan
    without = list(last.loc[(last["high"] - last["low"]).isna(), "factor"]) if len(last) else []
    unknown = ", ".join(without[:3]) + (f" and {len(without) - 3} more" if len(without) > 3 else "")
    told = {"main": last["index"].iloc[0] if len(last) else "", "stability": stability, "width": width}
    told |= {"unknown": unknown}
    rows = int(last["n"].max()) if len(last) else 0
    if not math.isfinite(width):
        return told | {"rows": rows, "settled": None, "rows_needed": math.nan}
    needed = rows if width <= widest else math.ceil(rows * (width / widest) ** 2)
    settled = bool(width <= widest) and not without
    return told | {"rows": rows, "settled": settled, "rows_needed": math.nan if without else needed}


def _first(n_rows: int, blocks: np.ndarray, block: int) -> np.ndarray:
    """(n_rows,) True in the rows of some blocks."""
    inside = np.zeros((n_rows // block, block), bool)
    inside[blocks] = True
    return inside.ravel()
