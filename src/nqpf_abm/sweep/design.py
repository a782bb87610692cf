"""Designs on the unit cube: which points a study runs.

Morris, Sobol and FAST are SALib's own samplers; Latin hypercubes are SciPy's. Factors are scaled afterwards, so that a
design does not depend on their ranges.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from nqpf_abm.data.scenario_blocks import check_keys, whole
from nqpf_abm.errors import InputError, nearest
from nqpf_abm.sweep.factors import Factor

METHODS = ("morris", "sobol", "fast", "rbd_fast", "delta", "pawn", "lhs", "factorial", "table")
OWN_KEYS: Mapping[str, tuple[str, ...]] = {
    "morris": ("size", "levels"),
    "sobol": ("size", "second_order"),
    "fast": ("size", "harmonics"),
    "factorial": ("levels",),
    "table": ("file",),
} | dict.fromkeys(("rbd_fast", "delta", "pawn", "lhs"), ("size",))
LEAST = {"morris": 2, "sobol": 2, "fast": 65, "rbd_fast": 32}
CONTINUOUS, GROUPED = ("fast", "rbd_fast"), ("morris", "sobol")
MOST_ROWS = 10_000_000


@dataclass(frozen=True)
class Method:
    """A kind of design.

    size      Morris: trajectories; Sobol: base points, a power of 2; FAST: points per factor; others: points
    settings  levels (Morris; factorial: of a continuous factor), second_order (Sobol), harmonics (FAST)
    table     (n_rows, n_factors) of the user's own points in natural units, for "table"
    """

    name: str
    size: int = 0
    settings: dict[str, Any] = field(default_factory=dict)
    table: pd.DataFrame | None = None


def method_of(where: str, block: Mapping[str, Any], folder: Path) -> Method:
    """The design of a [method] block; files are taken from `folder`. Raises InputError naming key and choices."""
    name = block.get("name")
    if name not in METHODS:
        hint = nearest(name, METHODS) if isinstance(name, str) else ""
        raise InputError(f"{where}, key 'name': must be one of {', '.join(METHODS)}, got {name!r}{hint}")
    check_keys(f"{where} of {name}", dict(block), ("name", *OWN_KEYS[name]))
    settings: dict[str, Any] = {}
    if name in ("morris", "factorial"):
        levels = whole(f"{where}, key 'levels'", block.get("levels", 4 if name == "morris" else 3), 2, 100)
        if name == "morris" and levels % 2:
            raise InputError(f"{where}, key 'levels': must be even, got {levels}")
        settings["levels"] = levels
    if name == "sobol":
        settings["second_order"] = block.get("second_order", False)
        if not isinstance(settings["second_order"], bool):
            raise InputError(
                f"{where}, key 'second_order': must be true or false, got {block['second_order']!r}"
            )
    if name == "fast":
        settings["harmonics"] = whole(f"{where}, key 'harmonics'", block.get("harmonics", 4), 1, 20)
    if name == "table":
        return Method(name, settings=settings, table=_read_table(where, block.get("file"), folder))
    if name == "factorial":
        return Method(name, settings=settings)
    least = LEAST.get(name, 2)
    if name == "fast":
        least = 4 * settings["harmonics"] ** 2 + 1
    if "size" not in block:
        raise InputError(f"{where}, key 'size': missing; give a whole number of at least {least}")
    size = whole(f"{where}, key 'size'", block["size"], least, MOST_ROWS)
    if name == "sobol" and size & (size - 1):
        below = 1 << (size.bit_length() - 1)
        raise InputError(
            f"{where}, key 'size': must be a power of 2 for Sobol's sequence, got {size}; take {below} or {2 * below}"
        )
    return Method(name, size, settings)


def check_factors(where: str, method: Method, factors: Sequence[Factor]) -> None:
    """Raise InputError for factors that a design cannot take: none, discrete ones, groups."""
    n = len(groups_of(factors)) if method.name in GROUPED else len(factors)
    if n < 1 or (n < 2 and method.name in ("morris", "sobol", "fast", "rbd_fast")):
        what = "factors or groups" if method.name in GROUPED else "factors"
        raise InputError(f"{where}: {method.name} needs two or more {what}, got {n}")
    discrete = [factor.name for factor in factors if factor.values]
    if method.name in CONTINUOUS and discrete:
        raise InputError(
            f"{where}: {method.name} takes continuous factors only, and {discrete[0]} is discrete; give it a range, leave "
            "it out, or choose morris, sobol, delta or pawn"
        )
    grouped = [factor for factor in factors if factor.group]
    if grouped and method.name not in GROUPED:
        raise InputError(
            f"{where}: groups belong to {' and '.join(GROUPED)}, not to {method.name}; leave out group = "
            f"{grouped[0].group!r} of {grouped[0].name}"
        )
    rows = n_rows(method, factors)
    if rows > MOST_ROWS:
        raise InputError(
            f"{where}: the design has {rows} rows, more than {MOST_ROWS}; take fewer levels or points"
        )


def groups_of(factors: Sequence[Factor]) -> tuple[str, ...]:
    """Groups in the order they first come; a factor without one is its own."""
    return tuple(dict.fromkeys(factor.group or factor.name for factor in factors))


def n_rows(method: Method, factors: Sequence[Factor]) -> int:
    """Rows that the design has, without making it.

    By hand: Morris of 3 factors and 10 trajectories: 40; Sobol of 3 and 8: 40, with second order 64.
    """
    k = len(groups_of(factors)) if method.name in GROUPED else len(factors)
    match method.name:
        case "morris":
            return method.size * (k + 1)
        case "sobol":
            return method.size * (2 * k + 2 if method.settings["second_order"] else k + 2)
        case "fast":
            return method.size * k
        case "factorial":
            n = 1
            for factor in factors:
                n *= len(factor.values) or method.settings["levels"]
            return n
        case "table":
            return len(method.table)
        case _:
            return method.size


def unit_design(method: Method, factors: Sequence[Factor], seed: int) -> np.ndarray:
    """(n_rows, n_factors) points of the unit cube.

    SALib is given ``seed + 1``: it takes seed 0 for none. Raises InputError for points of a table out of range.
    """
    if method.name == "table":
        return _unit_of_table(method.table, factors)
    if method.name == "factorial":
        axes = [_levels(factor, method.settings["levels"]) for factor in factors]
        return np.array(list(itertools.product(*axes)), float)
    if method.name not in ("morris", "sobol", "fast"):
        from scipy.stats import qmc

        return qmc.LatinHypercube(len(factors), rng=np.random.default_rng(seed)).random(method.size)
    problem = salib_problem(factors)
    if method.name == "morris":
        from SALib.sample.morris import sample

        return sample(problem, method.size, num_levels=method.settings["levels"], seed=seed + 1)
    if method.name == "sobol":
        from SALib.sample.sobol import sample

        return sample(problem, method.size, calc_second_order=method.settings["second_order"], seed=seed + 1)
    from SALib.sample.fast_sampler import sample

    return sample(problem, method.size, M=method.settings["harmonics"], seed=seed + 1)


def salib_problem(factors: Sequence[Factor]) -> dict[str, Any]:
    """SALib's description of these factors on the unit cube."""
    problem: dict[str, Any] = {
        "num_vars": len(factors),
        "names": [factor.name for factor in factors],
        "bounds": [[0.0, 1.0] for _ in factors],
    }
    if any(factor.group for factor in factors):
        problem["groups"] = [factor.group or factor.name for factor in factors]
    return problem


def _levels(factor: Factor, levels: int) -> np.ndarray:
    if factor.values:
        return (np.arange(len(factor.values)) + 0.5) / len(factor.values)
    return np.linspace(0.0, 1.0, levels)


def _read_table(where: str, file: Any, folder: Path) -> pd.DataFrame:
    """Points of a user's CSV or Parquet file: a column per factor, a row per point."""
    if not isinstance(file, str) or Path(file).suffix.lower() not in (".csv", ".parquet"):
        raise InputError(f"{where}, key 'file': must be a .csv or .parquet file in quotes, got {file!r}")
    path = folder / file
    if not path.is_file():
        raise InputError(f"{path}: no such file; check the path, which is taken from the study's folder")
    try:
        table = pd.read_csv(path) if path.suffix.lower() == ".csv" else pd.read_parquet(path)
    except (ValueError, OSError) as error:
        raise InputError(f"{path}: cannot be read ({' '.join(str(error).split())})") from None
    if table.empty:
        raise InputError(f"{path}: holds no rows; give a column per factor and a row per point")
    for name in table.columns:
        numbers = pd.to_numeric(table[name], errors="coerce")
        bad = np.flatnonzero(~np.isfinite(numbers.to_numpy(float)))
        if bad.size:
            raise InputError(
                f"{path}, row {bad[0] + 1}, column {name!r}: must be a number, got {table[name].iloc[bad[0]]!r}"
            )
        table[name] = numbers.astype(float)
    return table


def _unit_of_table(table: pd.DataFrame, factors: Sequence[Factor]) -> np.ndarray:
    unit = np.empty((len(table), len(factors)))
    for j, factor in enumerate(factors):
        unit[:, j] = factor.unit_of(table[factor.name].to_numpy())
        bad = np.flatnonzero(np.isnan(unit[:, j]))
        if bad.size:
            allowed = f"one of {factor.values}" if factor.values else f"in [{factor.low:g}, {factor.high:g}]"
            raise InputError(
                f"table of points, row {bad[0] + 1}, column {factor.name!r}: must be {allowed} {factor.unit}; got "
                f"{table[factor.name].iloc[bad[0]]:g}"
            )
    return unit
