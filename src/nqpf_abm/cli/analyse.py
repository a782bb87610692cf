"""``nqpf analyse``: which factors of a sweep matter, and how sure are we?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nqpf_abm.cli.settings import whole_number
from nqpf_abm.errors import InputError

MOST_PICTURES = 6
"""Outcomes that get pictures of their own; tables and report have all."""


def analyse(
    folder: Annotated[Path, typer.Argument(help="Folder of a sweep.", metavar="DIR")],
    outcome: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Analyse this outcome; repeatable.  [default: all]"),
    ] = None,
    discover: Annotated[
        list[str] | None,
        typer.Option(metavar="EXPR", help='Where does this come about? Such as "nqpf > 0.4"; repeatable.'),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the results.  [default: analysis in DIR]")
    ] = None,
    resamples: Annotated[
        int, typer.Option(parser=whole_number, metavar="N", help="Draws behind each interval.")
    ] = 200,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing analysis.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print the folder only.")] = False,
) -> None:
    """Analyse a sweep: sensitivity indices with intervals, convergence, what was left out, and a report.

    Indices are those of the sweep's design. Failed and missing runs take their whole trajectory or block out, and are
    counted.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder; name the folder that `nqpf sweep` wrote")
    from nqpf_abm.sweep.store import load_tables

    report(
        load_tables(folder), folder / "analysis" if out is None else out, outcome or [], discover or [],
        resamples=resamples, force=force, quiet=quiet,
    )  # fmt: skip


def report(tables, target: Path, outcomes, conditions, *, resamples=200, force=False, quiet=False) -> None:
    """Analyse tables, write `target` and print what was found."""
    from nqpf_abm.collect.folder import check_target
    from nqpf_abm.sweep.analyse import analyse as run_analysis

    check_target(target, force=force)
    found = run_analysis(tables, outcomes=outcomes, conditions=conditions, resamples=resamples)
    _write(found, target, resamples, force)
    if quiet:
        print(target)
    else:
        _print(found, target)


def _write(found, target: Path, resamples: int, force: bool) -> None:
    from importlib.metadata import version

    import pandas as pd

    from nqpf_abm.collect.folder import write_folder
    from nqpf_abm.sweep.analysis_report import render

    written = {
        "summary": found.summary,
        "indices": found.indices,
        "convergence": found.convergence,
        "verdicts": found.verdicts,
        "tornado": found.tornado,
    }
    for part in ("box", "path", "leaves"):
        blocks = [getattr(one, part).assign(condition=one.condition) for one in found.discovered]
        if blocks:
            written[f"discovery_{part}"] = pd.concat(blocks, ignore_index=True)
    versions = {
        name: version(name) for name in ("nqpf_abm", "SALib", "scikit-learn", "numpy", "scipy", "pandas")
    }
    told = {
        "title": found.tables.title,
        "method": found.tables.method,
        "resamples": resamples,
        "conditions": [one.condition for one in found.discovered],
        "uncalibrated": True,
        "versions": versions,
    }
    write_folder(
        target, written, told, figures=_figures(found), texts={"report.md": render(found)}, force=force
    )


def _figures(found) -> dict:
    from functools import partial

    from nqpf_abm.viz import sensitivity as viz

    means = found.indices[(found.indices["target"] == "mean") & found.indices["value"].notna()]
    figures: dict = {}
    for name in list(dict.fromkeys(means["outcome"]))[:MOST_PICTURES]:
        own = means[means["outcome"] == name]
        kinds = set(own["index"])
        if {"mu_star", "sigma"} <= kinds:
            unit = found.tables.units.get(name, "")
            figures[f"morris-{name}"] = partial(viz.morris_plane, own, outcome=name, unit=unit)
        for pair in (("S1", "ST"), ("S1",), ("mu_star",), ("delta",), ("pawn_median",), ("SRC", "PRCC")):
            if set(pair) <= kinds:
                figures[f"bars-{name}"] = partial(viz.index_bars, own, pair, outcome=name)
                break
        if "S2" in kinds:
            figures[f"pairs-{name}"] = partial(viz.pair_heat, own, outcome=name)
        ends = found.tornado[found.tornado["outcome"] == name]
        figures[f"tornado-{name}"] = partial(
            viz.tornado, ends, outcome=name, unit=found.tables.units.get(name, "")
        )
        curve = found.convergence[found.convergence["outcome"] == name]
        if curve["n"].nunique() > 1:
            figures[f"convergence-{name}"] = partial(viz.convergence_curves, curve, outcome=name)
    main = next(
        (k for k in ("mu_star", "ST", "S1", "delta", "pawn_median", "PRCC") if k in set(means["index"])), ""
    )
    if main and means["outcome"].nunique() > 1:
        figures["heat"] = partial(viz.factor_heat, means, main)
    return figures


def _print(found, target: Path) -> None:
    from nqpf_abm.cli.output import console
    from nqpf_abm.sweep.analysis_report import rank_factors, runs_sentence, settled_sentence

    screen = console()
    tables = found.tables
    screen.print(
        f"{tables.title}: {tables.method}, {len(tables.unit)} rows. Uncalibrated. {runs_sentence(tables)}"
    )
    for verdict, row in zip(found.verdicts.itertuples(), found.summary.itertuples(), strict=True):
        own = found.indices[
            (found.indices["outcome"] == verdict.outcome) & (found.indices["target"] == "mean")
        ]
        first = rank_factors(own[own["value"].notna()], verdict.main)[:5] if verdict.main else []
        screen.print(f"\n{verdict.outcome}: {', '.join(first) or 'no index'}", style="bold")
        screen.print(settled_sentence(verdict))
        if row.left_out:
            screen.print(
                f"{row.left_out} of {row.rows} rows left out: a run failed or had no number", style="yellow"
            )
    for one in found.discovered:
        chosen = one.path.iloc[one.step]
        screen.print(
            f"\n{one.condition}: {', '.join(one.box['factor']) or 'no bound helps'}; coverage {chosen['coverage']:.2f}, "
            f"density {chosen['density']:.2f}"
        )
    screen.print(f"\nReport, tables and pictures: {target}")
