"""Scenario discovery: where in the space of factors does an outcome come about?

PRIM, Friedman & Fisher (1999, doi:10.1023/A:1008894516817), for policy Bryant & Lempert (2010,
doi:10.1016/j.techfore.2009.08.002); trees, Breiman et al. (1984), as scikit-learn grows them.
"""

from __future__ import annotations

import operator
import re
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
LEVEL = 0.05


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
    x, unit = tables.values.to_numpy(float)[data.complete], tables.unit[data.complete]
    steps = peel(unit, holds)
    path = pd.DataFrame([_told(k, inside, bounds, holds) for k, (inside, bounds) in enumerate(steps)])
    step = int(np.hypot(1 - path["coverage"], 1 - path["density"]).argmin())
    box = _box(tables, x, unit, holds, *steps[step])
    return Discovery(
        condition, len(holds), int(holds.sum()), path, step, box, leaves(x, holds, tables.factors)
    )


def peel(x: np.ndarray, holds: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """PRIM: boxes that shrink step by step where the density of `holds` (n,) grows most.

    x  (n, k) in any monotone units. Returns for each box which rows are inside (n,) and its bounds (2, k), infinite
    where there are none. A peel of tied values takes all of them.
    """
    inside = np.ones(len(x), bool)
    bounds = np.repeat([[-np.inf], [np.inf]], x.shape[1], axis=1)
    steps = [(inside, bounds)]
    while inside.mean() > LEAST_MASS and not holds[inside].all():
        options = [option for j in range(x.shape[1]) for option in _peels(x[:, j], inside, bounds, j)]
        options = [option for option in options if option[0].mean() >= LEAST_MASS]
        if not options:
            break
        dense = [_gain(inside, option[0], holds) for option in options]
        best = int(np.argmax(dense))
        if dense[best] <= 0:
            break
        inside, bounds = options[best]
        steps.append((inside, bounds))
    return steps


def _gain(before: np.ndarray, after: np.ndarray, holds: np.ndarray) -> float:
    """Gain in density per share of rows taken away: comparable where ties make peels unequal."""
    taken = 1.0 - after.sum() / before.sum()
    return (holds[after].mean() - holds[before].mean()) / taken


def _peels(x, inside: np.ndarray, bounds: np.ndarray, j: int):
    """The box less its lowest, and less its highest values of factor `j`; bounds half-way to what was taken."""
    values = np.unique(x[inside])
    for end, q in ((0, PEEL), (1, 1 - PEEL)):
        edge = np.quantile(x[inside], q)
        kept = values[values > edge] if end == 0 else values[values < edge]
        if not len(kept) or len(kept) == len(values):
            continue
        at = kept[0] if end == 0 else kept[-1]
        gone = values[values < at].max() if end == 0 else values[values > at].min()
        new = bounds.copy()
        new[end, j] = 0.5 * (at + gone)
        yield inside & ((x >= at) if end == 0 else (x <= at)), new


def _told(step: int, inside: np.ndarray, bounds: np.ndarray, holds: np.ndarray) -> dict:
    hit = holds[inside].sum()
    return {
        "step": step,
        "restricted": int(np.isfinite(bounds).any(axis=0).sum()),
        "coverage": hit / holds.sum(),
        "density": hit / inside.sum(),
        "mass": inside.mean(),
    }


def _box(tables: SweepTables, x, unit, holds, inside, bounds) -> pd.DataFrame:
    """The bounds in natural units, as the rows inside have them, each with its quasi-p-value.

    p: of a draw of as many rows with the density that the box has without this factor's bounds, that it has as many
    cases (Bryant & Lempert, 2010); small says that the factor matters.
    """
    from scipy.stats import binom

    lines = []
    for j in np.flatnonzero(np.isfinite(bounds).any(axis=0)):
        others = np.delete(np.arange(len(tables.factors)), j)
        low, high = bounds[:, others]
        without = ((unit[:, others] >= low) & (unit[:, others] <= high)).all(axis=1)
        hit, n = holds[inside].sum(), inside.sum()
        ends = np.where(np.isfinite(bounds[:, j]), [x[inside, j].min(), x[inside, j].max()], np.nan)
        p = binom.sf(hit - 1, n, holds[without].mean())
        lines.append({"factor": tables.factors[j], "low": ends[0], "high": ends[1], "p": float(p)})
    return pd.DataFrame(lines, columns=["factor", "low", "high", "p"]).sort_values("p", ignore_index=True)


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
