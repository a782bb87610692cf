"""How sure is an index: luck of the rows and of the seeds; how much of the variance is luck of the seeds alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from nqpf_abm.sweep.indices import Estimator
from nqpf_abm.sweep.tables import SweepTables

LEAST_REPLICATES = 5
"""Fewer seeds are not resampled: too few to imitate luck by; intervals are then of the rows alone."""
TARGETS = ("mean", "variance")


@dataclass(frozen=True, eq=False)
class Measured:
    """An outcome by row and replicate.

    numbers   (n_rows, n_replicates) NaN where a run failed or there was nothing to measure
    complete  (n_rows,) rows that have all their replicates: rows share seeds, so a row that lacks one has another mean
    """

    numbers: np.ndarray
    complete: np.ndarray

    @property
    def replicates(self) -> int:
        """Number of replicates."""
        return self.numbers.shape[1]

    def target(self, name: str, chosen: np.ndarray | None = None) -> np.ndarray:
        """(n_rows,) mean or variance over replicates, or over some of them with repeats; NaN in incomplete rows.

        The variance of n chosen with repeats is on average (n-1)/n of the variance; that is made good.
        """
        numbers = self.numbers if chosen is None else self.numbers[:, chosen]
        if name == "mean":
            values = numbers.mean(axis=1)
        else:
            n = numbers.shape[1]
            values = numbers.var(axis=1, ddof=1) * (1.0 if chosen is None else n / (n - 1))
        return np.where(self.complete, values, np.nan)

    def whole_blocks(self, block: int) -> np.ndarray:
        """Numbers of the blocks of `block` rows that are complete."""
        return np.flatnonzero(self.complete.reshape(-1, block).all(axis=1))


def measured(tables: SweepTables, outcome: str) -> Measured:
    """An outcome of a sweep by row and replicate."""
    runs = tables.outcomes
    last = runs["replicate"].max() if len(runs) else 0
    if len(tables.failed) and "replicate" in tables.failed:
        last = max(last, tables.failed["replicate"].max())
    numbers = np.full((len(tables.unit), int(last) + 1), np.nan)
    numbers[runs["row"].to_numpy(int), runs["replicate"].to_numpy(int)] = runs[outcome].to_numpy(float)
    numbers[~np.isfinite(numbers)] = np.nan
    return Measured(numbers, np.isfinite(numbers).all(axis=1))


def intervals(
    estimate: Estimator, data: Measured, target: str, *, blocks: np.ndarray, resamples: int, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Indices, ends of their 95 % intervals (2, n_labels), and all resampled values (resamples, n_labels).

    Bootstrap: percentiles (Efron, 1979, doi:10.1214/aos/1176344552). Halves drawn without repeats vary as much as the
    whole would from one design to another, half of n being n/2 (1 - 1/2) / (n/2) = 1/n in variance (Politis, Romano &
    Wolf, 1999, doi:10.1007/978-1-4612-1554-7): their deviations from their mean are laid around the index. NaN where
    neither rows nor replicates can be resampled.
    """
    point = estimate(data.target(target), blocks)
    rng = np.random.default_rng(seed)
    chance = data.replicates >= LEAST_REPLICATES
    if not (estimate.resampled or chance) or np.isnan(point).all():
        return point, np.full((2, len(point)), np.nan), np.zeros((0, len(point)))
    drawn = np.array([_again(estimate, data, target, blocks, chance, rng) for _ in range(resamples)])
    known = np.isfinite(drawn).sum(axis=0) >= 0.9 * resamples
    ends = np.full((2, len(point)), np.nan)
    if estimate.resampled == "half":
        drawn = drawn - np.nanmean(np.where(known, drawn, 0.0), axis=0) + point
    ends[:, known] = np.nanpercentile(drawn[:, known], [2.5, 97.5], axis=0)
    return point, ends, drawn


def _again(estimate, data, target, blocks, chance: bool, rng: np.random.Generator) -> np.ndarray:
    """Indices of another draw of the rows, and of the replicates if `chance`."""
    chosen = None
    if chance:
        chosen = rng.integers(data.replicates, size=data.replicates)
    y = data.target(target, chosen)
    if estimate.resampled == "bootstrap":
        blocks = rng.choice(blocks, size=len(blocks))
    elif estimate.resampled == "half":
        blocks = np.sort(rng.choice(blocks, size=len(blocks) // 2, replace=False))
    return estimate(y, blocks)


def index_table(
    estimate: Estimator, data: Measured, target: str, *, resamples: int = 200, seed: int = 1
) -> tuple[pd.DataFrame, float]:
    """A line per index: index, factor, other, value, low, high, n (rows it rests on); and the ranks' stability."""
    blocks = data.whole_blocks(estimate.block)
    table = pd.DataFrame(estimate.labels, columns=["index", "factor", "other"])
    if len(blocks) < estimate.least:
        point, ends, drawn = np.full(len(table), np.nan), np.full((2, len(table)), np.nan), np.zeros((0, 0))
    else:
        point, ends, drawn = intervals(estimate, data, target, blocks=blocks, resamples=resamples, seed=seed)
    table["value"], table["low"], table["high"] = point, *ends
    table["n"] = len(blocks) * estimate.block
    return table, rank_stability(estimate, point, drawn)


MAIN = ("mu_star", "ST", "S1", "delta", "pawn_median", "PRCC")
"""By which index of an estimator factors are ranked: the first of these that it has."""


def main_index(estimate: Estimator) -> str:
    """The index that factors are ranked by."""
    kinds = {label[0] for label in estimate.labels}
    return next(kind for kind in MAIN if kind in kinds)


def rank_stability(estimate: Estimator, point: np.ndarray, drawn: np.ndarray) -> float:
    """Mean rank correlation (Spearman) of resampled with estimated sizes of the main index; NaN if there is none."""
    from scipy.stats import rankdata

    main = main_index(estimate)
    own = np.array([kind == main and name != "(dummy)" for kind, name, _ in estimate.labels])
    if not len(drawn):
        return np.nan
    own &= np.isfinite(point) & np.isfinite(drawn).all(axis=0)
    if own.sum() < 2 or np.ptp(np.abs(point[own])) == 0:
        return np.nan
    ranks, again = rankdata(np.abs(point[own])), rankdata(np.abs(drawn[:, own]), axis=1)
    ranks, again = ranks - ranks.mean(), again - again.mean(axis=1, keepdims=True)
    size = np.sqrt((ranks**2).sum() * (again**2).sum(axis=1))
    return float(np.mean((again @ ranks)[size > 0] / size[size > 0])) if (size > 0).any() else np.nan


def variance_parts(data: Measured) -> dict[str, float]:
    r"""Shares of an outcome's variance: "parametric", and of chance "seed" (the same in all rows) and "interaction".

    .. math:: y_{ij} = \mu + a_i + s_j + e_{ij}

    in a two-way analysis of variance without repeats, row i, seed j: V_a = (MS_a - MS_e)/R, V_s = (MS_s - MS_e)/N,
    V_e = MS_e, cut at 0 (Searle, Casella & McCulloch, 1992, Variance Components, doi:10.1002/9780470316856). "noise" is
    the share of s and e together. NaN with one replicate, fewer than two rows, or no variance.

    By hand: rows (0, 2) and (4, 6): MS_a=16, MS_s=4, MS_e=0, so V_a=8, V_s=2: parametric 0.8, seed 0.2.
    """
    y = data.numbers[data.complete]
    n, r = y.shape
    none = dict.fromkeys(("parametric", "seed", "interaction", "noise"), np.nan)
    if n < 2 or r < 2:
        return none
    rows, seeds, whole = y.mean(axis=1), y.mean(axis=0), y.mean()
    rest = ((y - rows[:, None] - seeds + whole) ** 2).sum() / ((n - 1) * (r - 1))
    own = max(0.0, rows.var(ddof=1) - rest / r)
    shared = max(0.0, seeds.var(ddof=1) - rest / n)
    total = own + shared + rest
    if not total > 0:
        return none
    return {
        "parametric": own / total,
        "seed": shared / total,
        "interaction": rest / total,
        "noise": (shared + rest) / total,
    }


def summary(tables: SweepTables, names: tuple[str, ...], block: int) -> pd.DataFrame:
    """A line per outcome: what was measured, what is missing and left out, how it is spread, whence its variance.

    missing counts runs that ended without a number; left_out, rows in blocks of `block` that are not whole. Mean,
    sd and percentiles are of the row means.
    """
    lines = []
    for name in names:
        data = measured(tables, name)
        rows = data.target("mean")[data.complete]
        line: dict = {"outcome": name, "unit": tables.units.get(name, ""), "rows": len(data.complete)}
        line |= {"replicates": data.replicates, "runs": len(tables.outcomes)}
        line |= {
            "failed": len(tables.failed),
            "missing": int((~np.isfinite(tables.outcomes[name].to_numpy(float))).sum()),
        }
        line["left_out"] = len(data.complete) - block * len(data.whole_blocks(block))
        spread = np.percentile(rows, [0, 5, 50, 95, 100]) if len(rows) else np.full(5, np.nan)
        line |= {"mean": rows.mean() if len(rows) else np.nan}
        line |= {"sd": rows.std(ddof=1) if len(rows) > 1 else np.nan}
        line |= dict(zip(("min", "p5", "median", "p95", "max"), spread, strict=True))
        lines.append(line | variance_parts(data))
    return pd.DataFrame(lines)
