"""``nqpf measure``: score a panel, the official one or one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

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
        str | None, typer.Option(help="pooled, annual or absolute.  (default: as the bounds)")
    ] = None,
    shift: Annotated[
        float, typer.Option(help="Added to scaled values where the entropy is taken.", min=0.0)
    ] = 0.0,
    distance: Annotated[str, typer.Option(help="euclidean or weighted_square.")] = "euclidean",
    fill: Annotated[
        str | None, typer.Option(help="none, linear, hold or growth.  (default: as the specification says)")
    ] = None,
    groups: Annotated[
        str | None,
        typer.Option(
            help="Column of the panel, or one, echelons, macro-regions.  (default: what fits the provinces)"
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
    frame, group_of, notes = _panel(panel, spec, choice, groups, (fill or spec.fill) != "none")
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
        _print(
            scored, scored.scores, scored.dagum, wanted, [*notes, *_filled(scored.filled), *scored.warnings]
        )
        return
    settings = {"groups": group_of, "among": among, "coupling": coupling, "n_echelons": echelons}
    if second is not None:
        settings["second"] = _second_index(second, second_indicators, spec)
    if alternative is not None:
        settings["alternative"] = _alternative(alternative, panel, spec)
    named = [load_specification(name).source for name in (second_indicators, alternative) if name is not None]
    files = [path for path in (panel, second, scale_file, spec.source, *named) if path is not None]
    source = "official statistics of the provinces" if panel is None else f"panel {panel.name}"
    _assess(frame, spec, method | settings, notes, source, files, out, force)


def _panel(panel: Path | None, spec, choice: str | None, groups: str | None, allow_gaps: bool):
    """Frame, groups and what to say about them."""
    from nqpf_abm.collect.panels import GROUPINGS, official_panel, read_panel

    column = groups if groups not in (*GROUPINGS, None) else None
    if panel is None:
        if column is not None:
            raise InputError(
                f"--groups must be {', '.join(GROUPINGS[:-1])} or {GROUPINGS[-1]} for the official panel; got {groups!r}"
                f"{nearest(groups, GROUPINGS)}"
            )
        official = official_panel(spec, choice)
        return official.frame, groups, _second_series(official.second_series)
    file = read_panel(panel, spec, panel=choice, allow_gaps=allow_gaps, groups=column)
    notes = []
    if file.renamed:
        named = ", ".join(f"{given} → {name}" for given, name in file.renamed.items())
        notes.append(f"provinces read as: {named}")
    if file.ignored:
        notes.append(f"columns left out: {', '.join(file.ignored)}")
    return file.frame, file.groups if column else groups, notes


def _second_series(cells) -> list[str]:
    return [
        f"{row.indicator} {row.province} {row.year}: from the second official series ({row.series})"
        for row in cells.itertuples(index=False)
    ]


def _filled(cells) -> list[str]:
    if cells.empty:
        return []
    counts = cells.groupby(["indicator", "year"]).size()
    return [
        f"{indicator} {year}: {count} cell{'s' if count > 1 else ''} filled ({cells['method'].iloc[0]})"
        for (indicator, year), count in counts.items()
    ]


def _second_index(path: Path, indicators: str | None, spec):
    """The second index of `--with`: its one column, or its score by a specification."""
    from nqpf_abm.collect.assessment import SecondIndex
    from nqpf_abm.data.panel_file import Columns, read_panel_file
    from nqpf_abm.data.reading import read_table

    if indicators is not None:
        name, scores = _scored_by(indicators, path, spec)
        return SecondIndex(name, scores.rename(columns={"nqpf": "value"})[["province", "year", "value"]])
    columns = Columns(keys=spec.columns.keys)
    header, _ = read_table(path)
    others = [name for name in header if name not in (columns.of("province"), columns.of("year"))]
    if len(others) != 1 and not {columns.of("indicator"), columns.of("value")} <= set(header):
        raise InputError(
            f"{path}: {len(others)} columns beside province and year ({', '.join(others)}); leave the index alone, or "
            "name the specification that scores them with --with-indicators"
        )
    frame = read_panel_file(path, allow_gaps=True, columns=columns).frame
    (index,) = (name for name in frame.columns if name not in ("province", "year"))
    return SecondIndex(index, frame.rename(columns={index: "value"}))


def _scored_by(indicators: str, path: Path, main):
    """Name and scores of a panel by another specification; it may hold columns that this one does not know.

    What the specification does not say of names of columns is taken from `main`.
    """
    from dataclasses import replace

    from nqpf_abm.collect.panels import read_panel, score_panel
    from nqpf_abm.collect.specification import load_specification

    spec = load_specification(indicators)
    keys = {**main.columns.keys, **spec.columns.keys}
    spec = replace(spec, columns=replace(spec.columns, keys=keys))
    file = read_panel(path, spec, allow_gaps=spec.fill != "none", ignore=True)
    return spec.name, score_panel(file.frame, spec, groups="one").scores


def _alternative(indicators: str, panel: Path | None, main):
    """Name and scores of another index of the same panel, the user's or the official one."""
    from nqpf_abm.collect.assessment import official_alternative
    from nqpf_abm.collect.specification import load_specification

    if panel is None:
        return official_alternative(load_specification(indicators))
    name, scores = _scored_by(indicators, panel, main)
    return f"index {name}", scores


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
    _print(assessment.scored, assessment.scores, tables["dagum"], wanted, [])
    _print_conclusions(tables.get("conclusions"))
    for text in [*notes, *_filled(tables["filled"]), *assessment.notes]:
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


def _print(scored, scores, dagum, wanted, notes: list[str]) -> None:
    from rich.table import Table

    from nqpf_abm.cli.output import console, print_dagum

    screen = console()
    screen.print(f"Panel {wanted.name}: {', '.join(wanted.ids)}")
    weights = Table(title="Entropy weights")
    for name in ("Indicator", "Dimension", "Sign", "Weight"):
        weights.add_column(name, justify="right" if name in ("Sign", "Weight") else "left")
    for row in scored.weights.itertuples(index=False):
        weights.add_row(row.indicator, row.dimension, f"{row.sign:+d}", f"{row.weight:.3f}")
    screen.print(weights)
    wide = scores.pivot(index="province", columns="year", values="nqpf")
    last = wide.columns[-1]
    years = list(wide.columns) if len(wide.columns) <= 8 else list(wide.columns[::2])
    years = years if last in years else [*years, last]
    table = Table(title="NQPF scores")
    table.add_column("Province", no_wrap=True)
    for year in years:
        table.add_column(str(year), justify="right")
    table.add_column("Rank", justify="right")
    ranks = wide[last].rank(ascending=False, method="min").astype("Int64")
    for name in ranks.sort_values().index:
        table.add_row(name, *(f"{wide.loc[name, year]:.3f}" for year in years), str(ranks[name]))
    table.add_section()
    table.add_row("mean", *(f"{wide[year].mean():.3f}" for year in years), "")
    screen.print(table)
    print_dagum(dagum)
    for text in notes:
        screen.print(f"note: {text}", style="yellow")


def _print_conclusions(conclusions) -> None:
    if conclusions is None:
        return
    from rich.table import Table

    from nqpf_abm.cli.output import console

    table = Table(title="Which conclusions survive another method")
    table.add_column("Conclusion")
    table.add_column("Holds in", justify="right", no_wrap=True)
    table.add_column("Fails in")
    for row in conclusions.itertuples(index=False):
        table.add_row(row.conclusion, f"{row.holds_in} of {row.of}", row.fails_in)
    console().print(table)
