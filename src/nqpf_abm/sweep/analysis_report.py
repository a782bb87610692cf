"""What a sweep found, in words and tables."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd

from nqpf_abm.sweep.analyse import Analysis
from nqpf_abm.sweep.discovery import Discovery
from nqpf_abm.sweep.indices import DUMMY
from nqpf_abm.sweep.tables import SweepTables
from nqpf_abm.sweep.uncertainty import LEAST_REPLICATES

MOST = 12
"""Factors that the report lists per outcome; the table has all."""
MEANING = {
    "mu_star": "mean size of the effect of moving a factor over its range, in units of the outcome",
    "mu": "the same with its sign",
    "sigma": "how much the effect differs from place to place: curvature or interaction",
    "S1": "share of variance of the factor alone",
    "ST": "share of variance of the factor with all its interactions",
    "S2": "share of variance of a pair beyond both alone",
    "delta": "shift of the whole distribution when the factor is known, 0 to 1",
    "pawn_median": "distance between distributions with the factor known, 0 to 1",
    "SRC": "standardised regression coefficient",
    "PRCC": "partial correlation of ranks",
}


def render(found: Analysis) -> str:
    """The report as Markdown."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Analysis) -> Iterator[str]:
    tables = found.tables
    yield f"# Sensitivity: {tables.title}"
    yield ""
    yield (
        f"Method {tables.method}, {len(tables.unit)} rows, {len(tables.factors)} factors. {runs_sentence(tables)} "
        "The model is uncalibrated: statements about the model, no forecast."
    )
    if tables.regions:
        yield ""
        yield f"Regions: {tables.regions}."
    replicates = int(found.summary["replicates"].max())
    yield ""
    yield (
        "Intervals hold 95 %, over rows"
        + (" and replicates" if replicates >= LEAST_REPLICATES else " alone: ")
        + (
            "."
            if replicates >= LEAST_REPLICATES
            else f"{replicates} replicates are fewer than {LEAST_REPLICATES}, too few to resample."
        )
        + (" FAST's search curves are no sample of rows." if tables.method == "fast" else "")
    )
    yield ""
    yield "## Outcomes"
    yield ""
    yield "| Outcome | Mean | 5 % to 95 % | Without number | Rows left out | Of variance: factors | seeds |"
    yield "|---|---|---|---|---|---|---|"
    for row in found.summary.itertuples():
        yield (
            f"| {row.outcome}{f' ({row.unit})' if row.unit else ''} | {_num(row.mean)} | {_num(row.p5)} to "
            f"{_num(row.p95)} | {row.missing} runs, {row.failed} failed | {row.left_out} of {row.rows} | "
            f"{_share(row.parametric)} | {_share(row.noise)} |"
        )
    for verdict in found.verdicts.itertuples():
        yield from _outcome(found, verdict)
    for one in found.discovered:
        yield from _discovery(one)


def runs_sentence(tables: SweepTables) -> str:
    """How much of the design is done."""
    done, failed = len(tables.outcomes) + len(tables.failed), len(tables.failed)
    told = f"{done} of {done + tables.missing} runs are done, {failed} of them failed."
    return told + (" The sweep is not finished: what follows holds for these runs." if tables.missing else "")


def _outcome(found: Analysis, verdict) -> Iterator[str]:
    yield ""
    yield f"## {verdict.outcome}"
    yield ""
    yield settled_sentence(verdict)
    own = found.indices[found.indices["outcome"] == verdict.outcome]
    for target, rows in own.groupby("target", sort=False):
        rows = rows[rows["value"].notna() & (rows["other"] == "")]
        if rows.empty:
            yield ""
            yield f"No index of the replicate {target}: it does not vary, or too few rows are complete."
            continue
        yield ""
        yield f"Of the replicate {target}:" if len(own["target"].unique()) > 1 else "Of the outcome:"
        yield ""
        kinds = [kind for kind in dict.fromkeys(rows["index"]) if not kind.startswith("R2")]
        yield f"| Factor | {' | '.join(kinds)} |"
        yield "|---|" + "---|" * len(kinds)
        ranked = rank_factors(rows, verdict.main or kinds[0])
        for factor in ranked[:MOST]:
            cells = [_cell(rows[(rows["factor"] == factor) & (rows["index"] == kind)]) for kind in kinds]
            yield f"| {factor} | {' | '.join(cells)} |"
        if len(ranked) > MOST:
            yield f"\n{len(ranked) - MOST} more factors are in indices.csv."
    yield from _pairs(own[(own["index"] == "S2") & (own["target"] == "mean")])
    kinds = [kind for kind in dict.fromkeys(own["index"]) if kind in MEANING]
    yield ""
    yield "; ".join(f"{kind}: {MEANING[kind]}" for kind in kinds) + "."


def _pairs(rows: pd.DataFrame) -> Iterator[str]:
    """The pairs of factors whose interaction is greatest, at most five."""
    order = rows["value"].dropna().abs().sort_values(ascending=False, kind="stable").index[:5]
    if len(order):
        yield ""
        yield "| Pair | S2 |"
        yield "|---|---|"
    for _, row in rows.loc[order].iterrows():
        yield f"| {row['factor']} and {row['other']} | {_cell(row.to_frame().T)} |"


def rank_factors(rows: pd.DataFrame, kind: str) -> list[str]:
    """Factors by size of an index, the greatest first, the dummy last."""
    own = rows[rows["index"] == kind]
    order = own["value"].abs().sort_values(ascending=False, kind="stable").index
    names = list(own.loc[order, "factor"])
    return [name for name in names if name != DUMMY] + [name for name in names if name == DUMMY]


def settled_sentence(verdict) -> str:
    """A verdict in words."""
    if not isinstance(verdict.settled, bool):
        return "Whether there were enough rows cannot be told: there are no intervals."
    order = ""
    if math.isfinite(verdict.stability):
        order = (
            f" Resampled orders of the factors correlate with this one at {verdict.stability:.2f} (ranks)."
        )
    wide = f"the widest interval of {verdict.main} is {verdict.width:.2g}"
    wide += " of the largest" if verdict.main == "mu_star" else ""
    if verdict.unknown:
        return (
            f"Not settled at {verdict.rows} rows: {verdict.main} has no interval for {verdict.unknown}; of the others "
            f"{wide}.{order}"
        )
    if verdict.settled:
        return f"Settled at {verdict.rows} rows: {wide}.{order}"
    return (
        f"Not settled at {verdict.rows} rows: {wide}; about {verdict.rows_needed:.0f} rows would do.{order}"
    )


def _discovery(one: Discovery) -> Iterator[str]:
    yield ""
    yield f"## Where {one.condition}"
    yield ""
    chosen = one.path.iloc[one.step]
    yield (
        f"It holds in {one.cases} of {one.rows} complete rows. A box of {chosen['mass']:.0%} of the rows holds "
        f"{chosen['coverage']:.0%} of these cases (coverage), and {chosen['density']:.0%} of its rows are cases (density)."
    )
    yield ""
    yield "| Factor | From | To | Quasi-p |"
    yield "|---|---|---|---|"
    for row in one.box.itertuples():
        ends = [_num(end) if math.isfinite(end) else "any" for end in (row.low, row.high)]
        yield f"| {row.factor} | {ends[0]} | {ends[1]} | {row.p:.2g} |"
    if (one.box["p"] > 0.05).any():
        yield "\nA bound with a quasi-p above 0.05 may be luck."
    yield ""
    yield "| Leaf of a tree | Rows | Cases | Density |"
    yield "|---|---|---|---|"
    for leaf in one.leaves.itertuples():
        yield f"| {leaf.rule} | {leaf.rows} | {leaf.cases} | {leaf.density:.0%} |"


def _cell(rows: pd.DataFrame) -> str:
    if rows.empty or not math.isfinite(rows["value"].iloc[0]):
        return "–"
    row = rows.iloc[0]
    ends = f" ({_num(row['low'])} to {_num(row['high'])})" if math.isfinite(row["low"]) else ""
    return _num(row["value"]) + ends


def _num(value: float) -> str:
    return f"{value:.3g}" if math.isfinite(value) else "–"


def _share(value: float) -> str:
    return f"{value:.0%}" if math.isfinite(value) else "–"
