"""From a sweep's tables to its answer: indices, their certainty, what was left out, and where outcomes come about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from nqpf_abm.errors import InputError, nearest
from nqpf_abm.sweep.convergence import convergence, verdict
from nqpf_abm.sweep.discovery import Discovery, discover, parse_condition
from nqpf_abm.sweep.indices import estimators
from nqpf_abm.sweep.tables import SweepTables
from nqpf_abm.sweep.tornado import swings
from nqpf_abm.sweep.uncertainty import TARGETS, index_table, measured, summary


class NothingToAnalyse(InputError):
    """No index can be estimated from the runs there are."""


@dataclass(frozen=True, eq=False)
class Analysis:
    """What a sweep says.

    tables       the sweep
    summary      a line per outcome: counts of what is missing, spread, shares of variance
    indices      outcome, target (mean or variance over replicates), index, factor, other, value, low, high, n
    convergence  outcome, index, factor, n, value, low, high
    verdicts     outcome, main, rows, width, settled, rows_needed, stability, unknown
    tornado      outcome, factor, low, high, n_low, n_high
    discovered   one per condition
    """

    tables: SweepTables
    summary: pd.DataFrame
    indices: pd.DataFrame
    convergence: pd.DataFrame
    verdicts: pd.DataFrame
    tornado: pd.DataFrame
    discovered: tuple[Discovery, ...] = field(default=())


def chosen_outcomes(tables: SweepTables, wanted: Sequence[str]) -> tuple[str, ...]:
    """The outcomes to analyse: those wanted, or all. Raises InputError naming one that the sweep does not have."""
    for name in wanted:
        if name not in tables.names:
            raise InputError(
                f"--outcome must be one of {', '.join(tables.names)}; got {name!r}{nearest(name, tables.names)}"
            )
    return tuple(dict.fromkeys(wanted)) or tables.names


def analyse(
    tables: SweepTables,
    *,
    outcomes: Sequence[str] = (),
    conditions: Sequence[str] = (),
    resamples: int = 200,
    seed: int = 1,
) -> Analysis:
    """Analyse a sweep by the estimators of its design.

    outcomes    names; none for all
    conditions  for scenario discovery, such as ``"nqpf > 0.4"``
    resamples   draws behind each interval, 20 to 100,000

    Raises InputError for an unknown outcome or condition, or if no outcome has enough complete rows for an index.
    """
    if not 20 <= resamples <= 100_000:
        raise InputError(f"--resamples must be a whole number in [20, 100000]; got {resamples}")
    names = chosen_outcomes(tables, outcomes)
    if not names:
        raise NothingToAnalyse("the sweep has no outcomes to analyse; name some in its study")
    for condition in conditions:
        parse_condition(condition, tables.names)
    (estimate,) = estimators(tables)
    told = summary(tables, names, estimate.block)
    indices, curves, verdicts = [], [], []
    for name in names:
        data = measured(tables, name)
        stable = float("nan")
        for target in TARGETS if data.replicates > 1 else TARGETS[:1]:
            table, stability = index_table(estimate, data, target, resamples=resamples, seed=seed)
            table.insert(0, "target", target)
            table.insert(0, "outcome", name)
            indices.append(table)
            stable = stability if target == "mean" else stable
        curve = convergence(estimate, data, resamples=max(20, resamples // 2), seed=seed)
        verdicts.append({"outcome": name} | verdict(curve, stable))
        curve.insert(0, "outcome", name)
        curves.append(curve)
    table = pd.concat(indices, ignore_index=True)
    if table["value"].isna().all() and not conditions:
        raise NothingToAnalyse(_nothing(tables, told, estimate))
    return Analysis(
        tables,
        told,
        table,
        pd.concat(curves, ignore_index=True),
        pd.DataFrame(verdicts),
        pd.concat([swings(tables, name) for name in names], ignore_index=True),
        tuple(discover(tables, condition) for condition in conditions),
    )


def _nothing(tables: SweepTables, told: pd.DataFrame, estimate) -> str:
    first = told.iloc[0]
    if first["rows"] - first["left_out"] >= estimate.least * estimate.block:
        return "no index can be estimated: no outcome varies between the rows; widen the factors' ranges"
    return (
        f"no index can be estimated: method {tables.method} needs {estimate.least * estimate.block} or more rows in whole "
        f"blocks of {estimate.block}, and {first['rows'] - first['left_out']} of {first['rows']} are complete "
        f"({first['failed']} runs failed); finish the sweep, or mend the runs that failed"
    )
