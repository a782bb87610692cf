"""``nqpf measure``: score a panel, the official one or one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nqpf_abm.errors import InputError, nearest


def measure(
    panel: Annotated[
        Path | None, typer.Argument(help="CSV panel, long or wide; without it the official one.")
    ] = None,
    indicators: Annotated[str, typer.Option(help="Shipped specification or TOML file.")] = "core",
    choice: Annotated[
        str | None, typer.Option("--panel", help="Panel of the specification, e.g. P1, P2, P3.")
    ] = None,
    bounds: Annotated[str, typer.Option(help="pooled or annual.")] = "pooled",
    fill: Annotated[
        str | None, typer.Option(help="none or linear.  [default: as the specification says]")
    ] = None,
    groups: Annotated[
        str | None,
        typer.Option(help="'one' for a single group; default: the echelons of the western provinces."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for tables and pictures.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing result folder.")] = False,
) -> None:
    """Score a panel of provinces and years by entropy-weight TOPSIS and decompose its inequality."""
    from nqpf_abm.collect.folder import check_target
    from nqpf_abm.collect.panels import official_panel, read_panel, score_panel
    from nqpf_abm.collect.specification import FILLS, load_specification

    for name, value, allowed in (
        ("--bounds", bounds, ("pooled", "annual")),
        ("--fill", fill, (*FILLS, None)),
        ("--groups", groups, ("one", None)),
    ):
        if value not in allowed:
            words = [word for word in allowed if word]
            raise InputError(
                f"{name} must be {' or '.join(words)}; got {value!r}{nearest(str(value), words)}"
            )
    if out is not None:
        check_target(out, force=force)
    spec = load_specification(indicators)
    wanted = spec.panel(choice)
    if panel is None:
        official = official_panel(spec, choice)
        frame, notes = official.frame, _second_series(official.second_series)
    else:
        frame, notes = read_panel(panel, spec, panel=choice, allow_gaps=(fill or spec.fill) != "none"), []
    scored = score_panel(frame, spec, panel=choice, fill=fill, bounds=bounds, ideal=bounds, groups=groups)
    _print(scored, wanted, [*notes, *_filled(scored.filled), *scored.warnings], fill or spec.fill)
    if out is not None:
        _write(scored, wanted, spec, panel, bounds, fill or spec.fill, out, force)


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
        f"{indicator} {year}: {count} cells filled ({cells['method'].iloc[0]} interpolation)"
        for (indicator, year), count in counts.items()
    ]


def _print(scored, wanted, notes: list[str], fill: str) -> None:
    from rich.table import Table

    from nqpf_abm.cli.output import console, print_dagum

    screen = console()
    screen.print(f"Panel {wanted.name}: {', '.join(wanted.ids)}; fill policy: {fill}")
    weights = Table(title="Entropy weights")
    for name in ("Indicator", "Dimension", "Sign", "Weight"):
        weights.add_column(name, justify="right" if name in ("Sign", "Weight") else "left")
    for row in scored.weights.itertuples(index=False):
        weights.add_row(row.indicator, row.dimension, f"{row.sign:+d}", f"{row.weight:.3f}")
    screen.print(weights)
    wide = scored.scores.pivot(index="province", columns="year", values="nqpf")
    last = wide.columns[-1]
    years = list(wide.columns) if len(wide.columns) <= 8 else list(wide.columns[::2])
    years = years if last in years else [*years, last]
    table = Table(title="NQPF scores")
    table.add_column("Province", no_wrap=True)
    for year in years:
        table.add_column(str(year), justify="right")
    table.add_column("Rank", justify="right")
    ranks = wide[last].rank(ascending=False, method="min").astype(int)
    for name in ranks.sort_values().index:
        table.add_row(name, *(f"{wide.loc[name, year]:.3f}" for year in years), str(ranks[name]))
    table.add_section()
    table.add_row("mean", *(f"{wide[year].mean():.3f}" for year in years), "")
    screen.print(table)
    print_dagum(scored.dagum)
    for text in notes:
        screen.print(f"note: {text}", style="yellow")


def _write(scored, wanted, spec, panel, bounds, fill, out: Path, force: bool) -> None:
    import hashlib
    from functools import partial
    from importlib.metadata import version

    from nqpf_abm.cli.output import console
    from nqpf_abm.collect.folder import write_folder
    from nqpf_abm.viz import dagum_stack, weights_bars

    caption = "Source: " + (
        "official statistics of the provinces." if panel is None else f"panel {panel.name}."
    )
    manifest = {
        "versions": {"nqpf_abm": version("nqpf_abm")},
        "specification": spec.name,
        "panel": wanted.name,
        "bounds": bounds,
        "fill": fill,
        "inputs": {} if panel is None else {panel.name: hashlib.sha256(panel.read_bytes()).hexdigest()},
        "scale": scored.frozen.to_dict(),
    }
    tables = {
        "panel": scored.panel,
        "scores": scored.scores,
        "weights": scored.weights,
        "dagum": scored.dagum,
        "filled": scored.filled,
    }
    names = {indicator.id: indicator.name for indicator in wanted.indicators}
    figures = {
        "dagum": partial(dagum_stack, scored.dagum, caption=caption),
        "weights": partial(
            weights_bars, scored.weights.assign(specification=spec.name), names, caption=caption
        ),
    }
    write_folder(out, tables, manifest, figures=figures, force=force)
    console().print(f"Results: {out}")
