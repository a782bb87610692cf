"""``nqpf run``: the main job."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nqpf_abm.cli.settings import number, parse_settings, whole_number
from nqpf_abm.errors import InputError


def run(
    scenario: Annotated[str, typer.Argument(help="Name of a shipped scenario, or a TOML file.")] = "baseline",
    seed: Annotated[int, typer.Option(parser=whole_number, metavar="N", help="Seed of every draw.")] = 7,
    quarters: Annotated[
        int | None,
        typer.Option(parser=whole_number, metavar="N", help="Horizon in quarters from the base year."),
    ] = None,
    until: Annotated[
        int | None,
        typer.Option(parser=whole_number, metavar="YEAR", help="Last year of the horizon.  [default: 2022]"),
    ] = None,
    scale: Annotated[
        float, typer.Option(parser=number, metavar="X", help="Multiplies the numbers of agents.")
    ] = 1.0,
    engine: Annotated[str, typer.Option(help="columns (compiled) or agents (Mesa agents act).")] = "columns",
    threads: Annotated[
        int, typer.Option(parser=whole_number, metavar="N", help="Threads of the columns engine.")
    ] = 1,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", help="Change a parameter or switch, e.g. leadership.openness=0.6 or M06=off."),
    ] = None,
    regions: Annotated[
        Path | None, typer.Option(help="xian, or a TOML or CSV file of regions of your own.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the results.  [default: results/SCENARIO-seedN...]")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing result folder.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print the folder only.")] = False,
) -> None:
    """Simulate the provinces quarter by quarter, score every year, write tables, pictures and a report.

    A scenario that contrasts arms (T1 to T5, imbalance) is run on several seeds, as many runs at a time as --threads
    says, and leaves one table and one picture.
    """
    import time
    from importlib import import_module
    from threading import Thread

    changes = parse_settings(set_ or [])
    from nqpf_abm.cli.contrast import run_contrast
    from nqpf_abm.cli.output import announce_compilation, print_run, progress_bar
    from nqpf_abm.collect.folder import check_target
    from nqpf_abm.data.scenario_file import load_scenario
    from nqpf_abm.ecosystem import Ecosystem

    plan = load_scenario(scenario)
    if plan.arms:
        run_contrast(
            plan,
            seed=seed,
            quarters=quarters,
            until=until,
            scale=scale,
            engine=engine,
            jobs=threads,
            changes=changes,
            regions=regions,
            out=out,
            force=force,
            quiet=quiet,
        )
        return
    announce_compilation(quiet)
    start = time.perf_counter()
    model = Ecosystem(
        seed,
        scenario,
        engine,
        scale=scale,
        quarters=quarters,
        until=until,
        set=changes,
        threads=threads,
        regions=regions,
    )
    if model.horizon < 8:
        raise InputError(
            f"quarters must be at least 8 (scores compare provinces over years, so two); got {model.horizon}"
        )
    target = default_folder(model) if out is None else out
    replace = force or (out is None and repeats(model, target))
    check_target(target, force=replace)
    pictures = Thread(target=import_module, args=("nqpf_abm.viz.run",))
    with progress_bar(quiet) as advance:
        model.step()
        pictures.start()  # while compiled code runs; before, it would hold up the loading of that
        model.run(advance)
    simulated = time.perf_counter() - start
    pictures.join()
    _write(model, target, replace)
    if quiet:
        print(target)
    else:
        print_run(model.results, target, simulated, time.perf_counter() - start)


def default_folder(model) -> Path:
    """``results/SCENARIO-seedN``, with a code of the settings where they are not the scenario's own."""
    import hashlib
    import json

    settings = {
        "changes": {k: v for k, v in model.parameters.changes().items() if k not in model.plan.changes},
        "scale": model.scale,
        "horizon": model.horizon,
        "regions": "" if model.geography.is_default else model.geography.sources[0].as_posix(),
    }
    name = f"{model.plan.name}-seed{model.seed_number}"
    if settings != {"changes": {}, "scale": 1.0, "horizon": 44, "regions": ""}:
        name += "-" + hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()[:8]
    return Path("results") / name


def repeats(model, target: Path) -> bool:
    """True if the folder holds an earlier run of the very same settings, which may be renewed in place."""
    import json

    from nqpf_abm.collect.folder import MANIFEST, holds_run

    if not holds_run(target):
        return False
    try:
        old = json.loads((target / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    new = model.manifest()
    same = ("scenario", "changes", "seed", "scale", "regions", "inputs", "base_year")
    return old.get("horizon") == model.horizon and all(old.get(key) == new[key] for key in same)


def _write(model, target: Path, force: bool) -> None:
    from nqpf_abm.collect.folder import write_folder
    from nqpf_abm.collect.report import render
    from nqpf_abm.viz.run import run_figures

    results = model.results
    manifest = model.manifest()
    manifest["regions_table"] = model.regions.to_dict("list")
    names = {indicator.id: indicator.name for indicator in results.full.indicators}
    tables = results.tables()
    write_folder(
        target,
        tables,
        manifest,
        figures=run_figures(tables, model.regions, names),
        texts={"report.md": render(results, manifest)},
        force=force,
    )
