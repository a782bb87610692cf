"""Draws and elementary functions over arrays, for the state before the first quarter; copies of tables.

NumPy's own ``exp`` and ``log`` differ in the last bit between processors: a world founded with them would be
another one on each. These call the package's, so that the same seed founds the same world everywhere.
"""

from __future__ import annotations

import math

import numpy as np

from nqpf_abm.numerics import mathx
from nqpf_abm.numerics.draws import lineage, lognormal, normal, poisson, uniform
from nqpf_abm.numerics.jit import compiled


def raw(table: np.ndarray) -> np.ndarray:
    """The same rows as bytes without columns: NumPy copies a table column by column, ten times as slowly."""
    return table.view(f"V{table.itemsize}")


def copied(table: np.ndarray) -> np.ndarray:
    """A copy of a contiguous array, byte by byte."""
    return np.ndarray(table.shape, table.dtype, raw(table).copy())


def exp(x) -> np.ndarray:
    """e to the power x, elementwise, by `mathx.exp`; the shape of `x`."""
    return _elementwise(_exp, x)


def log(x) -> np.ndarray:
    """Natural logarithm, elementwise, by `mathx.log`; the shape of `x`."""
    return _elementwise(_log, x)


def _elementwise(loop, x) -> np.ndarray:
    x = np.asarray(x, dtype=np.float64)
    return loop(np.ascontiguousarray(x).ravel()).reshape(x.shape)


@compiled
def _exp(x):
    out = np.empty(x.size)
    for i in range(x.size):
        out[i] = mathx.exp(x[i])
    return out


@compiled
def _log(x):
    out = np.empty(x.size)
    for i in range(x.size):
        out[i] = mathx.log(x[i])
    return out


def children(parents, tag: int, ordinals=None) -> np.ndarray:
    """Uids of the first generation: one child per parent uid, told apart by ordinal; shape (n,)."""
    parents = np.ascontiguousarray(parents, dtype=np.uint64)
    ordinals = np.zeros(parents.size) if ordinals is None else ordinals
    return _uids(parents, np.ascontiguousarray(ordinals, dtype=np.int64), tag)


@compiled
def _uids(parents, ordinals, tag):
    out = np.empty(parents.size, np.uint64)
    for k in range(parents.size):
        out[k] = lineage(parents[k], 0, ordinals[k], tag)
    return out


@compiled
def normals(key, uids, stream, n):
    """Standard normal numbers of each uid, ordinals 0 to n - 1; shape (n_uids, n)."""
    out = np.empty((uids.size, n))
    for i in range(uids.size):
        for k in range(n):
            out[i, k] = normal(key, uids[i], stream, k)
    return out


@compiled
def uniforms(key, uids, stream, n):
    """Uniform numbers in (0, 1) of each uid, ordinals 0 to n - 1; shape (n_uids, n)."""
    out = np.empty((uids.size, n))
    for i in range(uids.size):
        for k in range(n):
            out[i, k] = uniform(key, uids[i], stream, k)
    return out


@compiled
def whole_lognormals(key, uids, stream, mean, sd, low, high):
    """Lognormal numbers rounded to whole ones within [low, high]; mean and sd of the log; shape (n_uids,)."""
    out = np.empty(uids.size, np.int64)
    for i in range(uids.size):
        size = lognormal(normal(key, uids[i], stream, 0), mean, sd)
        out[i] = int(min(max(math.floor(size + 0.5), low), high))
    return out


@compiled
def poissons(key, uids, stream, means):
    """Poisson counts of given means, shape (n_uids, n); column k is drawn by ordinal k."""
    out = np.empty(means.shape, np.int64)
    for i in range(means.shape[0]):
        for k in range(means.shape[1]):
            out[i, k] = poisson(means[i, k], uniform(key, uids[i], stream, k))
    return out
