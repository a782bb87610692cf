"""Scenario discovery: where in the space of factors does an outcome come about?

PRIM, Friedman & Fisher (1999, doi:10.1023/A:1008894516817), for policy Bryant & Lempert (2010,
doi:10.1016/j.techfore.2009.08.002), as the EMA Workbench does it (Kwakkel 2017, doi:10.1016/j.envsoft.2017.06.054);
trees, Breiman et al. (1984), as scikit-learn grows them.
"""

from __future__ import annotations

import operator
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nqpf_abm.errors import InputError, nearest
from nqpf_abm.sweep.tables import SweepTables
from nqpf_abm.sweep.uncertainty import measured

COMPARE = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}
_FORM = re.compile(r"\s*([^\s<>=]+)\s*(>=|<=|>|<)\s*(\S+)\s*")
PEEL = 0.05
"""Share of the box's rows that a step takes away: "patient", as Friedman & Fisher advise (0.05 to 0.1)."""
LEAST_MASS = 0.05
"""Share of all rows that a box must keep."""
LEAST_CASES = 10
FEW = 10
"""Different values up to which a factor is peeled value by value."""


@dataclass(frozen=True, eq=False)
class Discovery:
    """Boxes for a condition.

    condition  as it was asked
    cases      rows where it holds, of `rows` that are complete
    path       step, restricted (number of factors), coverage, density, mass: the peeling, from all rows on
    step       the box that was chosen
    box        factor, low, high (natural units), p (that without this bound the density is the same): its bounds
    leaves     rule, rows, cases, density, coverage: of a small tree, the densest leaf first
    """

    condition: str
    rows: int
    cases: int
    path: pd.DataFrame
    step: int
    box: pd.DataFrame
    leaves: pd.DataFrame


def parse_condition(text: str, names: tuple[str, ...]) -> tuple[str, str, float]:
    """Outcome, sign and threshold of e.g. ``"nqpf > 0.4"``. Raises InputError naming form, outcome or number."""
    found = _FORM.fullmatch(text)
    if not found:
        raise InputError(
            f'--discover must read OUTCOME > NUMBER (or >=, <, <=), such as "nqpf > 0.4"; got {text!r}'
        )
    name, sign, number = found.groups()
    if name not in names:
        raise InputError(
            f"--discover must name an outcome of the sweep, one of {', '.join(names)}; got {name!r}{nearest(name, names)}"
        )
    try:
        threshold = float(number)
    except ValueError:
        threshold = np.nan
    if not np.isfinite(threshold):
        raise InputError(f"--discover must compare {name} with a finite number; got {number!r}")
    return name, sign, threshold


def discover(tables: SweepTables, condition: str) -> Discovery:
    """Where `condition` holds for the mean over replicates, in complete rows.

    Of the peeling, the box is chosen that is nearest to coverage and density 1. Raises InputError if fewer than 10 rows,
    or all but fewer than 10, meet the condition.
    """
    name, sign, threshold = parse_condition(condition, tables.names)
    data = measured(tables, name)
    values = data.target("mean")[data.complete]
    holds = COMPARE[sign](values, threshold)
    least = min(holds.sum(), (~holds).sum())
    if least < LEAST_CASES:
        span = f"{values.min():.4g} to {values.max():.4g}" if len(values) else "nothing: no row is complete"
        raise InputError(
            f"--discover {condition!r} must divide the {len(values)} complete rows into 10 or more each; it holds in "
            f"{holds.sum()}. {name} goes from {span}: move the threshold"
        )
    x = tables.values.to_numpy(float)[data.complete]
    path, step, box = peel(x, holds, tables.factors)
    return Discovery(
        condition, len(holds), int(holds.sum()), path, step, box, leaves(x, holds, tables.factors)
    )


def peel(x: np.ndarray, holds: np.ndarray, factors: Sequence[str]) -> tuple[pd.DataFrame, int, pd.DataFrame]:
    """PRIM's peeling of `x` (n, k) by `holds` (n,): path, step chosen and box, as of `Discovery`.

    p of a bound: of a draw of as many rows with the density that the box has without it, that it has as many cases
    (Bryant & Lempert, 2010); small says that the bound matters. Raises InputError if the EMA Workbench is not there.
    """
    values = [np.unique(column) for column in x.T]
    table = pd.DataFrame(
        {  # a factor of few values by their numbers, so that they are peeled whole
            name: np.searchsorted(own, column) if len(own) <= FEW else column
            for name, own, column in zip(factors, values, x.T, strict=True)
        }
    )
    found = _box_of(table, holds)
    path = found.peeling_trajectory.rename(columns={"id": "step", "res_dim": "restricted"})
    path = path[["step", "restricted", "coverage", "density", "mass"]].astype(
        {"step": int, "restricted": int}
    )
    step = int(np.hypot(1 - path["coverage"], 1 - path["density"]).argmin())
    lines = []
    for name, own in zip(factors, values, strict=True):
        ends = found.box_lims[step][name].to_numpy(float)
        bound = ends != found.box_lims[0][name].to_numpy(float)
        if bound.any():
            natural = own[ends.astype(int)] if len(own) <= FEW else ends
            p = [value for value, is_bound in zip(found.p_values[step][name], bound, strict=True) if is_bound]
            low, high = np.where(bound, natural, np.nan)
            lines.append({"factor": name, "low": low, "high": high, "p": float(max(p))})
    box = pd.DataFrame(lines, columns=["factor", "low", "high", "p"])
    return path, step, box.sort_values("p", ignore_index=True)


def _box_of(table: pd.DataFrame, holds: np.ndarray):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what the workbench could use and does not need
            import ema_workbench
            from ema_workbench.analysis import prim
    except ImportError:
        ema_workbench = None
    if (
        ema_workbench is None or int(ema_workbench.__version__.split(".")[0]) < 3
    ):  # earlier ones misread pandas 3
        raise InputError(
            '--discover needs version 3 of the EMA Workbench: python -m pip install "nqpf_abm[discovery]", on Python 3.12 '
            "or later"
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it calls pandas in a way that is to go
        return prim.Prim(table, holds, peel_alpha=PEEL, mass_min=LEAST_MASS).find_box()


def leaves(x: np.ndarray, holds: np.ndarray, factors: tuple[str, ...], depth: int = 3) -> pd.DataFrame:
    """Leaves of a small classification tree, the densest first."""
    from sklearn.tree import DecisionTreeClassifier

    least = max(LEAST_CASES // 2, int(LEAST_MASS * len(x)))
    fitted = DecisionTreeClassifier(max_depth=depth, min_samples_leaf=least, random_state=1).fit(x, holds)
    tree, at = fitted.tree_, fitted.apply(x)

    def walk(node: int, rule: tuple[str, ...]) -> list[dict]:
        if tree.children_left[node] < 0:
            own = at == node
            cases, n = int(holds[own].sum()), int(own.sum())
            return [
                {"rule": " and ".join(rule) or "all", "rows": n, "cases": cases, "density": cases / n,
                 "coverage": cases / holds.sum()}
            ]  # fmt: skip
        name, edge = factors[tree.feature[node]], tree.threshold[node]
        return walk(tree.children_left[node], (*rule, f"{name} <= {edge:.4g}")) + walk(
            tree.children_right[node], (*rule, f"{name} > {edge:.4g}")
        )

    return pd.DataFrame(walk(0, ())).sort_values(
        ["density", "rows"], ascending=False, kind="stable", ignore_index=True
    )
