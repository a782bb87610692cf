"""``nqpf compare``: what do scenarios change, and how sure are we?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nqpf_abm.cli.settings import number, parse_settings, whole_number
from nqpf_abm.errors import InputError

SEEDS = 20


def compare(
    scenarios: Annotated[
        list[str],
        typer.Argument(help="Names or TOML files of scenarios, the reference first.", metavar="A B [C ...]"),
    ],
    seeds: Annotated[
        int | None,
        typer.Option(parser=whole_number, metavar="N", help="Number of seeds, fixed.  [default: 20]"),
    ] = None,
    primary: Annotated[
        str,
        typer.Option(
            metavar="OUTCOME", help="The outcome that counts; others are corrected for their number."
        ),
    ] = "nqpf",
    until_ci: Annotated[
        float | None,
        typer.Option(
            parser=number, metavar="WIDTH", help="Stop when the primary interval is as narrow, low to high."
        ),
    ] = None,
    max_seeds: Annotated[
        int | None,
        typer.Option(
            parser=whole_number, metavar="N", help="With --until-ci: at most so many.  [default: 200]"
        ),
    ] = None,
    until: Annotated[
        int | None,
        typer.Option(
            parser=whole_number, metavar="YEAR", help="Last year.  [default: what the scenarios need]"
        ),
    ] = None,
    first_seed: Annotated[
        int, typer.Option(parser=whole_number, metavar="N", help="The first of the seeds.")
    ] = 1,
    scale: Annotated[
        float, typer.Option(parser=number, metavar="X", help="Multiplies the numbers of agents.")
    ] = 1.0,
    set_: Annotated[
        list[str] | None, typer.Option("--set", help="Change a parameter or switch in every scenario.")
    ] = None,
    regions: Annotated[
        Path | None, typer.Option(help="xian, or a TOML or CSV file of regions of your own.")
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(parser=whole_number, metavar="N", help="Seeds at a time.  [default: one per core]"),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the results.  [default: results/compare-A-B-...]")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a study that was interrupted.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing study.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print the folder only.")] = False,
) -> None:
    """Run scenarios on the same seeds and say what differs: tables, pictures and a report in plain sentences.

    What scenarios have in common is run once. Every seed is on disk as it ends: an interrupt loses nothing, and
    --resume goes on. With --until-ci a confidence sequence says when to stop, so that looking at every seed is allowed.
    """
    rule_seeds = _seeds(seeds, until_ci, max_seeds)
    changes = parse_settings(set_ or [])
    if resume and force:
        raise InputError("--resume goes on with a study and --force replaces it; give one of them")
    from nqpf_abm.cli.output import announce_compilation, console, count_bar
    from nqpf_abm.data.scenario_file import load_scenario
    from nqpf_abm.experiment.compare import compare as run_study
    from nqpf_abm.experiment.compare import estimate
    from nqpf_abm.experiment.run_store import RunStore
    from nqpf_abm.experiment.study import default_folder, study

    plan = study(
        [load_scenario(name) for name in scenarios],
        seeds=rule_seeds,
        width=until_ci,
        primary=primary,
        first_seed=first_seed,
        until=until,
        scale=scale,
        changes=changes,
        regions=regions,
    )
    jobs = _jobs(jobs)
    target = default_folder(plan) if out is None else out
    store = RunStore(target)
    before = store.begin(plan.identity(), resume=resume, force=force)
    announce_compilation(quiet)
    screen = console()
    done = int(before["seed"].nunique())
    if not quiet:
        _announce(screen, plan, target, done, jobs, estimate(plan, jobs, done))
    try:
        with count_bar("seeds", quiet) as advance:
            found = run_study(plan, jobs=jobs, store=store, before=before, progress=advance)
    except KeyboardInterrupt:
        seeds = "1 seed is" if store.kept == 1 else f"{store.kept} seeds are"
        typer.echo(f"nqpf: {seeds} kept in {target}; the same command with --resume goes on", err=True)
        raise
    _write(found, store, target)
    if quiet:
        print(target)
    else:
        _print(screen, found, target)


def _seeds(seeds: int | None, width: float | None, most: int | None) -> int:
    if width is None:
        if most is not None:
            raise InputError("--max-seeds belongs to --until-ci WIDTH; for a fixed number give --seeds")
        return SEEDS if seeds is None else seeds
    if seeds is not None:
        raise InputError(
            "--seeds fixes their number and --until-ci finds it; give one of them (the cap: --max-seeds)"
        )
    return 200 if most is None else most


def _jobs(jobs: int | None) -> int:
    import os

    if jobs is None:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if not 1 <= jobs <= 256:
        raise InputError(f"--jobs must be a whole number in [1, 256]; got {jobs}")
    return jobs


def _announce(screen, plan, target: Path, done: int, jobs: int, guess: tuple[float, float]) -> None:
    from nqpf_abm.experiment.compare_report import cut_short

    for text in cut_short(plan):
        screen.print(text, style="yellow")
    seconds, megabytes = guess
    seeds = f"{plan.rule.seeds} seeds" if plan.rule.width is None else f"at most {plan.rule.seeds} seeds"
    have = f", {done} of them there already" if done else ""
    screen.print(
        f"{len(plan.scenarios)} scenarios until {plan.until}, first difference in {plan.first}, {seeds}{have}; {jobs} at "
        f"a time: about {_time(seconds)} and {megabytes:.0f} MB in {target}"
    )


def _time(seconds: float) -> str:
    return (
        f"{seconds:.0f} s"
        if seconds < 120
        else f"{seconds / 60:.0f} min"
        if seconds < 7200
        else f"{seconds / 3600:.1f} h"
    )


def _write(found, store, target: Path) -> None:
    import json
    from functools import partial
    from importlib.metadata import version

    from nqpf_abm.collect.folder import write_folder
    from nqpf_abm.data.provinces import tiles
    from nqpf_abm.experiment.compare_report import render
    from nqpf_abm.experiment.outcomes import OUTCOMES
    from nqpf_abm.viz.effects import effect_bands, effect_tiles, forest

    plan, reference = found.study, found.study.names[0]
    titles = {o.name: o.title for o in OUTCOMES if not o.per_province and o.name != "cost"}
    figures = {
        "forest": partial(forest, found.effects, titles, reference=reference),
        "bands": partial(effect_bands, found.runs, reference=reference, since=plan.first),
    }
    regions, places = plan.regions.table, tiles()
    if set(regions["region"]) <= set(places["province"]):  # others have no place on the map
        for name in plan.names[1:]:
            figures[f"tiles-{name}"] = partial(
                effect_tiles, found.effects, places, regions, name, reference=reference
            )
    told = {
        "study": plan.identity(),
        "seeds": list(found.seeds),
        "stopped": found.reason,
        "failed": list(found.failed),
        "absent": dict(found.absent),
        "uncalibrated": True,
    }
    versions = {name: version(name) for name in ("nqpf_abm", "mesa", "numpy", "numba", "pandas", "scipy")}
    write_folder(
        target,
        {
            "runs": store.with_runs(found.runs, plan.identity()),
            "effects": found.effects,
            "index": found.index,
        },
        {"versions": versions},
        figures=figures,
        texts={
            "compare.json": json.dumps(told, indent=1, ensure_ascii=False) + "\n",
            "report.md": render(found),
        },
        force=True,
    )


def _print(screen, found, target: Path) -> None:
    from nqpf_abm.experiment.compare_report import sentence

    plan = found.study
    screen.print(
        f"{len(found.seeds)} seeds: {found.reason}. Uncalibrated: statements about the model, no forecast."
    )
    overall = found.effects[found.effects["province"] == ""]
    for name in plan.names[1:]:
        screen.print(f"\n{name} against {plan.names[0]}, {plan.until}", style="bold")
        for row in overall[overall["scenario"] == name].itertuples():
            screen.print(f"{'primary: ' if row.primary else '- '}{sentence(row, plan.names[0])}")
    for outcome, why in found.absent.items():
        screen.print(f"{outcome} is absent: {why}", style="yellow")
    for text in found.failed:
        screen.print(f"failed: {text}", style="yellow")
    screen.print(f"\nReport, tables and pictures: {target}")
