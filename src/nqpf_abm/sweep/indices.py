"""Which factor matters: sensitivity indices of a design and the numbers measured on it.

Morris' effects are differences along a trajectory, regressions are least squares; the others are SALib's estimators,
called so that neither the caller's arrays nor the global random numbers and warnings change.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator
from typing import Protocol

import numpy as np

from nqpf_abm.errors import InputError
from nqpf_abm.sweep.tables import SweepTables

Label = tuple[str, str, str]
"""Index, factor (or group), and the second factor of an interaction, else ""."""
DUMMY = "(dummy)"
"""A factor of our own that no model knows: what an index that cannot be negative reads where nothing is."""
LEAST_ROWS = {"morris": 2, "sobol": 8, "fast": 1, "rbd_fast": 60, "delta": 40, "pawn": 40}
SLIDES = 10
"""Intervals of a factor that PAWN conditions on."""
HARMONICS = 10
"""Of RBD-FAST, its authors' own; rows must exceed twice as many by far."""


class Estimator(Protocol):
    """Indices as a function of what was measured.

    labels     what each number is
    block      rows that belong together: a trajectory, a base point with its companions, else one
    resampled  how luck of the rows is imitated: "bootstrap"; "half", of the rows without repeats, where repeated rows
               would feign order; "" where rows are no sample
    least      blocks below which nothing is estimated
    """

    labels: tuple[Label, ...]
    block: int
    resampled: str
    least: int

    def __call__(self, y: np.ndarray, blocks: np.ndarray) -> np.ndarray:
        """(n_labels,) indices of `y` (n_rows,) on some blocks, repeats allowed; NaN where there is none."""
        ...


def estimators(tables: SweepTables) -> list[Estimator]:
    """The estimators that fit a design. Raises InputError if rows and method do not belong together."""
    names = tuple(dict.fromkeys(tables.groups)) if tables.method in ("morris", "sobol") else tables.factors
    match tables.method:
        case "morris":
            made: list[Estimator] = [Morris(tables, names)]
        case "sobol":
            made = [Sobol(tables, names)]
        case "fast":
            made = [Fast(tables)]
        case "rbd_fast":
            made = [RbdFast(tables)]
        case "delta":
            made = [Delta(tables)]
        case "pawn":
            made = [Pawn(tables)]
        case "lhs" | "table" | "factorial":
            made = [Regression(tables)]
        case other:
            raise InputError(f"the sweep's method must be one this version can analyse; got {other!r}")
    rows = len(tables.unit)
    for one in made:
        if rows == 0 or rows % one.block:
            raise InputError(
                f"the design of method {tables.method} must have a multiple of {one.block} rows; got {rows}. Was the "
                "table cut, or the method's settings changed?"
            )
    return made


class Morris:
    r"""Elementary effects: mu (mean), mu* (mean size) and sigma (standard deviation over trajectories).

    .. math:: d_i = \frac{y(x + \Delta e_i) - y(x)}{\Delta}

    on the unit cube, so in units of the outcome per range of the factor. Of a group, whose members move either way,
    only mu* is told. Morris (1991, doi:10.1080/00401706.1991.10484804); mu*, Campolongo, Cariboni & Saltelli (2007,
    doi:10.1016/j.envsoft.2006.10.004).
    """

    resampled, least = "bootstrap", LEAST_ROWS["morris"]

    def __init__(self, tables: SweepTables, names: tuple[str, ...]) -> None:
        self.block = len(names) + 1
        self.labels = tuple((kind, name, "") for kind in ("mu", "mu_star", "sigma") for name in names)
        if len(tables.unit) % self.block:
            return  # refused by `estimators`, in words
        steps = np.diff(tables.unit.reshape(-1, self.block, len(tables.factors)), axis=1)
        member = np.array([names.index(group) for group in tables.groups])
        first = np.abs(steps).argmax(axis=2)
        self._moved = member[first]  # (n_trajectories, n_groups) group that a step moves
        self._step = np.take_along_axis(steps, first[..., None], axis=2)[..., 0]
        if (np.sort(self._moved, axis=1) != np.arange(len(names))).any():
            raise InputError(
                "the design is no Morris design: a trajectory does not move every factor or group once"
            )
        self._lone = np.bincount(member) == 1

    def __call__(self, y: np.ndarray, blocks: np.ndarray) -> np.ndarray:
        slopes = np.diff(y.reshape(-1, self.block)[blocks], axis=1) / self._step[blocks]
        effects = np.empty_like(slopes)
        np.put_along_axis(effects, self._moved[blocks], slopes, axis=1)
        mu, sigma = effects.mean(axis=0), effects.std(axis=0, ddof=1)
        signed = [np.where(self._lone, part, np.nan) for part in (mu, sigma)]
        return np.concatenate([signed[0], np.abs(effects).mean(axis=0), signed[1]])


class Sobol:
    """Shares of variance: S1 of a factor alone, ST with all its interactions, S2 of pairs if the design has them.

    Sobol (2001, doi:10.1016/S0378-4754(00)00270-6); estimators of Saltelli et al. (2010,
    doi:10.1016/j.cpc.2009.09.018), as SALib has them.
    """

    resampled, least = "bootstrap", LEAST_ROWS["sobol"]

    def __init__(self, tables: SweepTables, names: tuple[str, ...]) -> None:
        self._second, self._k = bool(tables.settings.get("second_order", False)), len(names)
        self.block = 2 * self._k + 2 if self._second else self._k + 2
        self._pairs = np.triu_indices(self._k, 1) if self._second else (np.zeros(0, int), np.zeros(0, int))
        pairs = tuple(("S2", names[i], names[j]) for i, j in zip(*self._pairs, strict=True))
        self.labels = tuple((kind, name, "") for kind in ("S1", "ST") for name in names) + pairs

    def __call__(self, y: np.ndarray, blocks: np.ndarray) -> np.ndarray:
        from SALib.analyze import sobol

        y = y.reshape(-1, self.block)[blocks].ravel()
        if _is_flat(y):
            return np.full(len(self.labels), np.nan)
        with _contained():
            found = sobol.analyze(
                _problem(self._k), y, calc_second_order=self._second, num_resamples=2, seed=1
            )
        second = found["S2"][self._pairs] if self._second else np.zeros(0)
        return np.concatenate([found["S1"], found["ST"], second])


class Fast:
    """S1 and ST from the waves that the factors' search curves leave in the outcome (extended FAST).

    Saltelli, Tarantola & Chan (1999, doi:10.1080/00401706.1999.10485594). A curve is no sample, so its points are not
    resampled; a factor whose curve lacks a point has no index.
    """

    block, resampled, least = 1, "", LEAST_ROWS["fast"]

    def __init__(self, tables: SweepTables) -> None:
        self._k, self._harmonics = len(tables.factors), int(tables.settings.get("harmonics", 4))
        self.labels = tuple((kind, name, "") for kind in ("S1", "ST") for name in tables.factors)
        if len(tables.unit) % self._k:
            raise InputError(
                f"the design of method fast must have a multiple of {self._k} rows; got {len(tables.unit)}"
            )

    def __call__(self, y: np.ndarray, blocks: np.ndarray) -> np.ndarray:
        from SALib.analyze import fast

        known = np.full(len(y), np.nan)
        known[blocks] = y[blocks]
        values = np.full((2, self._k), np.nan)
        for i, curve in enumerate(known.reshape(self._k, -1)):
            if np.isfinite(curve).all() and not _is_flat(curve):
                with _contained():
                    found = fast.analyze(_problem(1), curve, M=self._harmonics, num_resamples=2, seed=1)
                values[:, i] = found["S1"][0], found["ST"][0]
        return values.ravel()


class _GivenData:
    """Indices from rows in any order, all factors beside a dummy."""

    block, resampled = 1, "half"
    kinds: tuple[str, ...] = ()
    has_dummy = True

    def __init__(self, tables: SweepTables) -> None:
        dummy = np.random.default_rng(8).random((len(tables.unit), 1))
        self._x = np.hstack([tables.unit, dummy]) if self.has_dummy else tables.unit
        names = (*tables.factors, DUMMY) if self.has_dummy else tables.factors
        self.labels = tuple((kind, name, "") for kind in self.kinds for name in names)

    def __call__(self, y: np.ndarray, blocks: np.ndarray) -> np.ndarray:
        x, y = self._x[blocks], y[blocks]
        if len(y) < self.least or _is_flat(y):  # type: ignore[attr-defined]
            return np.full(len(self.labels), np.nan)
        with _contained():
            return np.concatenate(self._found(x, y))

    def _found(self, x: np.ndarray, y: np.ndarray) -> list[np.ndarray]:
        raise NotImplementedError


class RbdFast(_GivenData):
    """S1 by random balance designs, corrected for bias (Tarantola, Gatelli & Mara, 2006,
    doi:10.1016/j.ress.2005.06.003; Tissot & Prieur, 2012, doi:10.1016/j.ress.2012.06.010)."""

    kinds, least = ("S1",), LEAST_ROWS["rbd_fast"]

    def _found(self, x: np.ndarray, y: np.ndarray) -> list[np.ndarray]:
        from SALib.analyze import rbd_fast

        found = rbd_fast.analyze(_problem(x.shape[1]), x, y, M=HARMONICS, num_resamples=2, seed=1)
        return [np.array(found["S1"], float)]


class Delta(_GivenData):
    """Shift of the outcome's whole distribution when a factor is known, 0 to 1 (Borgonovo, 2007,
    doi:10.1016/j.ress.2006.04.015; estimator: Plischke, Borgonovo & Smith, 2013, doi:10.1016/j.ejor.2012.11.047, eq. 26).

    Not corrected for bias by resampling, which costs thirty times as much: above 0 by luck, so compare with the dummy.
    """

    kinds, least = ("delta",), LEAST_ROWS["delta"]

    def _found(self, x: np.ndarray, y: np.ndarray) -> list[np.ndarray]:
        from SALib.analyze.delta import calc_delta

        n = len(y)
        classes = round(min(np.ceil(n ** (2.0 / (7.0 + np.tanh((1500.0 - n) / 500.0)))), 48))
        edges, grid = np.linspace(0, n, classes + 1), np.linspace(y.min(), y.max(), 100)
        return [np.array([calc_delta(y, grid, own, edges) for own in x.T])]


class Pawn(_GivenData):
    """Median and greatest Kolmogorov distance between the outcome's distribution and the one with a factor in an
    interval (Pianosi & Wagener, 2018, doi:10.1016/j.envsoft.2018.07.019). Above 0 by luck: compare with the dummy."""

    kinds, least = ("pawn_median", "pawn_max"), LEAST_ROWS["pawn"]

    def _found(self, x: np.ndarray, y: np.ndarray) -> list[np.ndarray]:
        from SALib.analyze import pawn

        found = pawn.analyze(_problem(x.shape[1]), x, y, S=SLIDES, seed=1)
        return [np.asarray(found["median"], float), np.asarray(found["maximum"], float)]


class Regression(_GivenData):
    r"""SRC, standardised coefficients of the linear regression; PRCC, partial correlations of ranks; R2 of both.

    .. math:: \mathrm{PRCC}_i = -P_{iy} / \sqrt{P_{ii} P_{yy}}, \qquad P = \mathrm{corr}(\mathrm{ranks}(x, y))^{-1}

    With independent factors and R2 near 1, SRC squared is a share of variance; where R2 is small, factors may matter in
    ways neither sees. Saltelli & Marivoet (1990, doi:10.1016/0951-8320(90)90065-U).
    """

    kinds, resampled, has_dummy = ("SRC", "PRCC"), "bootstrap", False

    def __init__(self, tables: SweepTables) -> None:
        super().__init__(tables)
        self.least = 2 * len(tables.factors) + 5
        self.labels += (("R2", "(all)", ""), ("R2_ranks", "(all)", ""))

    def _found(self, x: np.ndarray, y: np.ndarray) -> list[np.ndarray]:
        from scipy.stats import rankdata

        src, r2 = _coefficients(x, y)
        ranks, y_ranks = rankdata(x, axis=0), rankdata(y)
        r2_ranks = _coefficients(ranks, y_ranks)[1]
        prcc = np.full(x.shape[1], np.nan)
        moved = np.ptp(x, axis=0) > 0
        correlation = np.corrcoef(np.column_stack([ranks[:, moved], y_ranks]), rowvar=False)
        if np.linalg.cond(correlation) < 1e10:
            inverse = np.linalg.inv(correlation)
            diagonal = np.diag(inverse)
            prcc[moved] = -inverse[:-1, -1] / np.sqrt(diagonal[:-1] * diagonal[-1])
        return [src, prcc, np.array([r2, r2_ranks])]


def _coefficients(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, float]:
    """Standardised coefficients, NaN where a factor did not move, and R2; all NaN if factors are collinear."""
    src, moved = np.full(x.shape[1], np.nan), np.ptp(x, axis=0) > 0
    z = (x[:, moved] - x[:, moved].mean(axis=0)) / x[:, moved].std(axis=0)
    target = (y - y.mean()) / y.std()
    slopes, _, rank, _ = np.linalg.lstsq(z, target, rcond=1e-10)
    if rank < moved.sum():
        return src, np.nan
    src[moved] = slopes
    return src, float(1.0 - ((target - z @ slopes) ** 2).mean())


def _problem(k: int) -> dict:
    """SALib's description of `k` factors on the unit cube; names of ours, since it forbids some endings."""
    return {"num_vars": k, "names": [f"x{i}" for i in range(k)], "bounds": [[0.0, 1.0]] * k}


def _is_flat(y: np.ndarray) -> bool:
    """True where there is no variance to share out: differences are rounding."""
    return bool(np.ptp(y) <= 1e-12 * np.abs(y).max(initial=0.0))


@contextlib.contextmanager
def _contained() -> Iterator[None]:
    """SALib seeds NumPy's global generator and sets filters and form of warnings: all as before afterwards."""
    state, form = np.random.get_state(), warnings.formatwarning
    try:
        with warnings.catch_warnings(record=True), np.errstate(all="ignore"):
            yield
    finally:
        np.random.set_state(state)
        warnings.formatwarning = form
