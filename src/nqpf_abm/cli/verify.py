"""``nqpf verify``: are the catalogue's claims true of this model?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nqpf_abm.cli.settings import whole_number
from nqpf_abm.errors import InputError


def verify(
    mechanisms: Annotated[
        list[str] | None, typer.Argument(help="Mechanisms, e.g. M06 M07; without any, all claims.")
    ] = None,
    seeds: Annotated[
        int, typer.Option(parser=whole_number, metavar="N", help="Number of paired seeds.")
    ] = 30,
    first_seed: Annotated[int, typer.Option(parser=whole_number, metavar="N", help="The first of them.")] = 1,
    jobs: Annotated[int, typer.Option(parser=whole_number, metavar="N", help="Runs at a time.")] = 1,
    neutral: Annotated[
        bool,
        typer.Option(
            "--neutral", help="Test each claim with its law in neutral form: none should hold then."
        ),
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="Write the table to this .csv file and a page beside it (.md).")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace existing files.")] = False,
) -> None:
    """Put claims to the test as paired experiments. Verdicts are results: whatever they are, it ends with 0."""
    from nqpf_abm.cli.output import announce_compilation, console, count_bar
    from nqpf_abm.collect.folder import check_files, write_files
    from nqpf_abm.experiment.verdicts import as_csv, as_page, rows
    from nqpf_abm.experiment.verify import verify as put_to_test

    files = []
    if out is not None:
        if out.suffix.lower() != ".csv":
            raise InputError(f"--out must name a file that ends in .csv; got {str(out)!r}")
        files = [out, out.with_suffix(".md")]
        check_files(files, force=force)
    announce_compilation(quiet=json)
    with count_bar("runs", quiet=json) as advance:
        verdicts = put_to_test(
            mechanisms or [], seeds=seeds, first_seed=first_seed, jobs=jobs, neutral=neutral, progress=advance
        )
    if files:
        named = "".join(f" {name}" for name in mechanisms or [])
        command = f"nqpf verify{named} --seeds {seeds} --first-seed {first_seed}"
        command += (" --neutral" if neutral else "") + f" --out {out.as_posix()}"
        pages = (as_csv(verdicts), as_page(verdicts, command).encode())
        write_files(dict(zip(files, pages, strict=True)), force=force)
    if json:
        from json import dumps

        print(dumps(rows(verdicts), indent=1, ensure_ascii=False))
        return
    _print(verdicts)
    if files:
        console().print(f"Table: {files[0]}; page: {files[1]}")


def _print(verdicts) -> None:
    from rich import box
    from rich.table import Table

    from nqpf_abm.cli.output import console
    from nqpf_abm.experiment.verdicts import effect, seeds_in_words
    from nqpf_abm.experiment.verify import BY_CONSTRUCTION

    colours = {"holds": "green", "fails": "red", "undecided": "yellow"}
    used = seeds_in_words(verdicts)
    table = Table(
        title="Claims put to the test" + (f", {used}" if used else ""), box=box.SIMPLE, pad_edge=False
    )
    for name in ("", "measured", "expected", "effect (95 % interval)", "p", "verdict"):
        table.add_column(name, overflow="fold", no_wrap=name in ("", "verdict", "p"))
    before = None
    for v in verdicts:
        head = "" if v.mechanism == before else v.mechanism
        if before is not None and head:
            table.add_section()
        before = v.mechanism
        p = "" if v.part == BY_CONSTRUCTION else f"{v.p_holds:.3f}"
        measured = v.claim if v.part == BY_CONSTRUCTION else v.measured
        word = "by law" if v.part == BY_CONSTRUCTION else v.part
        table.add_row(head, measured, v.expected, effect(v), p, word, style=colours.get(v.part, ""))
    screen = console()
    screen.print(table)
    whole = dict.fromkeys((v.mechanism, v.claim, v.verdict, v.note) for v in verdicts)
    for mechanism, claim, verdict, note in whole:
        screen.print(f"{mechanism} {verdict}: {claim}" + (f". {note}" if note else ""))
    screen.print(
        "p: of the part not holding, adjusted over all parts asked for (Holm); interval not adjusted. "
        "by law: true by construction, a unit test of the law instead."
    )
