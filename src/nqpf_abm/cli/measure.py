"""``nqpf measure``: score a panel, the official one or one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nqpf_abm.cli.measure_input import alternative_index, chosen_panel, second_index
from nqpf_abm.cli.measure_print import filled_notes, print_conclusions, print_scores
from nqpf_abm.errors import InputError, nearest

FROZEN = "frozen:"


def measure(
    panel: Annotated[
        Path | None,
        typer.Argument(
            help="Panel of your own: .csv, .xlsx or .parquet, long or wide. Without it the official one."
        ),
    ] = None,
    indicators: Annotated[
        str, typer.Option(help="Shipped specification (core, labour, seed-like) or TOML file.")
    ] = "core",
    choice: Annotated[
        str | None, typer.Option("--panel", help="Panel of the specification, e.g. P1, P2, P3.")
    ] = None,
    bounds: Annotated[str, typer.Option(help="pooled, annual or frozen:FILE (a scale.json).")] = "pooled",
    ideal: Annotated[
        str | None, typer.Option(help="pooled, annual or absolute.  [default: as the bounds]")
    ] = None,
    shift: Annotated[
        float, typer.Option(help="Added to scaled values where the entropy is taken.", min=0.0)
    ] = 0.0,
    distance: Annotated[str, typer.Option(help="euclidean or weighted_square.")] = "euclidean",
    fill: Annotated[
        str | None, typer.Option(help="none, linear, hold or growth.  [default: as the specification says]")
    ] = None,
    groups: Annotated[
        str | None,
        typer.Option(
            help="Column of the panel, or one, echelons, macro-regions.  [default: what fits the provinces]"
        ),
    ] = None,
    among: Annotated[
        str | None,
        typer.Option(help="Score all, look at one macro-region: west, east, central or northeast."),
    ] = None,
    second: Annotated[
        Path | None, typer.Option("--with", help="Panel of a second index to couple the score with.")
    ] = None,
    second_indicators: Annotated[
        str | None,
        typer.Option(
            "--with-indicators", help="Specification that scores it; else its one column is the index."
        ),
    ] = None,
    coupling: Annotated[str, typer.Option(help="standard, wang or fan.")] = "standard",
    alternative: Annotated[
        str | None,
        typer.Option(help="Specification of another NQPF index for the robustness table."),
    ] = None,
    echelons: Annotated[int, typer.Option(help="Number of echelons.", min=1, max=9)] = 3,
    out: Annotated[Path | None, typer.Option(help="Folder for report, tables and pictures.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing result folder.")] = False,
) -> None:
    """Score a panel by entropy-weight TOPSIS and, with --out, measure all that goes with a score."""
    from nqpf_abm.collect.folder import check_target
    from nqpf_abm.collect.panels import score_panel
    from nqpf_abm.collect.specification import FILLS, load_specification, shipped_specifications
    from nqpf_abm.measure.coupling import VARIANTS
    from nqpf_abm.measure.entropy_topsis import DISTANCES

    scale_file = Path(bounds.removeprefix(FROZEN)) if bounds.startswith(FROZEN) else None
    if bounds == FROZEN:
        raise InputError("--bounds frozen: names no file; give the scale.json of a result folder")
    for name, value, allowed in (
        ("--bounds", "pooled" if scale_file else bounds, ("pooled", "annual", "frozen:FILE")),
        ("--ideal", ideal, ("pooled", "annual", "absolute", None)),
        ("--distance", distance, DISTANCES),
        ("--fill", fill, (*FILLS, None)),
        ("--coupling", coupling, VARIANTS),
    ):
        if value not in allowed or value == "frozen:FILE":
            words = [word for word in allowed if word]
            raise InputError(
                f"{name} must be {', '.join(words[:-1])} or {words[-1]}; got {value!r}{nearest(str(value), words)}"
            )
    for name, value in (("--with", second), ("--alternative", alternative)):
        if value is not None and out is None:
            raise InputError(f"{name} needs --out FOLDER: what it gives are tables and pictures")
    if second_indicators is not None and second is None:
        raise InputError("--with-indicators needs --with PANEL")
    if out is not None:
        check_target(out, force=force)

    if panel is not None and not panel.suffix and str(panel) in shipped_specifications():
        raise InputError(f"{panel} is a specification, no panel; did you mean --indicators {panel}?")
    spec = load_specification(indicators)
    wanted = spec.panel(choice)
    frame, group_of, notes = chosen_panel(panel, spec, choice, groups, (fill or spec.fill) != "none")
    method = {"panel": choice, "fill": fill, "shift": shift, "distance": distance}
    method |= {"bounds": bounds, "ideal": bounds if ideal is None else ideal}
    if scale_file is not None and shift:
        raise InputError("--shift moves weights, and a frozen scale brings its own; leave it out")
    if scale_file is not None:
        from nqpf_abm.collect.scale_file import read_scale

        method |= {"bounds": "frozen", "ideal": "frozen" if ideal in (None, "pooled") else ideal}
        method["frozen"] = read_scale(scale_file, list(wanted.ids))
    if out is None:
        if among is not None:
            raise InputError("--among needs --out FOLDER: the score itself is always of all provinces")
        scored = score_panel(frame, spec, groups=group_of, **method)
        print_scores(
            scored,
            scored.scores,
            scored.dagum,
            wanted,
            [*notes, *filled_notes(scored.filled), *scored.warnings],
        )
        return
    settings = {"groups": group_of, "among": among, "coupling": coupling, "n_echelons": echelons}
    if second is not None:
        settings["second"] = second_index(second, second_indicators, spec)
    if alternative is not None:
        settings["alternative"] = alternative_index(alternative, panel, spec)
    named = [load_specification(name).source for name in (second_indicators, alternative) if name is not None]
    files = [path for path in (panel, second, scale_file, spec.source, *named) if path is not None]
    source = "official statistics of the provinces" if panel is None else f"panel {panel.name}"
    _assess(frame, spec, method | settings, notes, source, files, out, force)


def _assess(
    frame, spec, options: dict, notes: list[str], source: str, files: list[Path], out: Path, force: bool
) -> None:
    """Measure everything, print what matters, write the folder; `files` are those that were read."""
    import shlex
    import sys

    from nqpf_abm.cli.output import console
    from nqpf_abm.collect.assessment import assess
    from nqpf_abm.collect.assessment_report import render_assessment
    from nqpf_abm.collect.folder import write_folder
    from nqpf_abm.collect.scale_file import scale_text
    from nqpf_abm.data.provinces import tiles
    from nqpf_abm.viz.panel import panel_figures

    assessment = assess(frame, spec, **options)
    tables, wanted = assessment.tables, assessment.choice
    figures = panel_figures(
        tables,
        assessment.scores,
        title=spec.title,
        indices=assessment.indices,
        dimensions=dict(spec.dimensions),
        names={indicator.id: indicator.name for indicator in wanted.indicators},
        groups=assessment.groups,
        tiles=tiles(),
        caption=f"Source: {source}; specification {spec.name} {wanted.name}.",
    )
    command = shlex.join(["nqpf", *sys.argv[1:]])
    print_scores(assessment.scored, assessment.scores, tables["dagum"], wanted, [])
    print_conclusions(tables.get("conclusions"))
    for text in [*notes, *filled_notes(tables["filled"]), *assessment.notes]:
        console().print(f"note: {text}", style="yellow")
    report = render_assessment(assessment, source=source, command=command, figures=list(figures), notes=notes)
    write_folder(
        out,
        tables,
        _manifest(assessment, command, files),
        figures=figures,
        texts={"report.md": report, "scale.json": scale_text(assessment.scored.frozen, list(wanted.ids))},
        force=force,
    )
    console().print(f"Results: {out}")


def _manifest(assessment, command: str, files: list[Path]) -> dict:
    import hashlib
    from importlib.metadata import version

    from nqpf_abm.data import FOLDER

    def label(path: Path) -> str:
        """A file's path inside the package, or as it was given."""
        return path.relative_to(FOLDER).as_posix() if path.is_relative_to(FOLDER) else path.as_posix()

    packages = (
        "nqpf_abm",
        "numpy",
        "pandas",
        "scipy",
        "statsmodels",
        "esda",
        "giddy",
        "inequality",
        "mapclassify",
    )
    return {
        "versions": {name: version(name) for name in packages},
        "command": command,
        "specification": assessment.spec.name,
        "panel": assessment.choice.name,
        "bounds": assessment.options["bounds"],
        "fill": assessment.options["fill"],
        "options": assessment.options,
        "groups": assessment.groups,
        "inputs": {label(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files},
        "scale": assessment.scored.frozen.to_dict(),
    }
