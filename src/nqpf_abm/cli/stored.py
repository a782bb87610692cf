"""``nqpf merge``, ``nqpf replay`` and ``nqpf export``: what can be done with the folder of a sweep."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def merge(
    folders: Annotated[list[Path], typer.Argument(help="Folders of shares.", metavar="DIR ...")],
    out: Annotated[Path, typer.Option(help="Folder for the whole.")],
) -> None:
    """Put shares of a sweep together that were run with --shard: the same tables as if run in one folder."""
    from nqpf_abm.sweep.merge import merge as together

    done = together(folders, out)
    rest = "" if done.there == done.total else "; the rest is still to be run"
    print(f"{done.there} of {done.total} runs are in {out}{rest}")
    for note in done.notes:
        print(note)
    if done.rescued:
        runs = ", ".join(map(str, done.rescued[:5])) + (" ..." if len(done.rescued) > 5 else "")
        print(
            f"{len(done.rescued)} failed in one folder and not in another, and were taken from there: {runs}"
        )


def replay(
    folder: Annotated[Path, typer.Argument(help="Folder of a sweep.", metavar="DIR")],
    run: Annotated[str, typer.Argument(help="Number of a run, or the beginning of its address.")],
) -> None:
    """Do one stored run of a sweep again and check that it comes out bit for bit; exit code 1 if not."""
    from nqpf_abm.cli.output import announce_compilation
    from nqpf_abm.sweep.replay import replay as again

    announce_compilation(quiet=False)
    told = again(folder, run)
    print(
        f"run {told['run']}: row {told['row']}, replicate {told['replicate']}, seed {told['seed']}, {told['address']}"
    )
    for name, value in told["settings"].items():
        print(f"  {name} = {value}")
    for name, value in told["stored"].items():
        print(f"  {name}: stored {value!r}, now {told['replayed'][name]!r}")
    if told["error"]:
        print(f"  failed: {told['error']}\n{told['traceback']}")
    if not told["same"]:
        print("It came out otherwise: other library versions or another processor, or a damaged store.")
        raise typer.Exit(1)
    print("The same, bit for bit.")


def export(
    folder: Annotated[Path, typer.Argument(help="Folder of a sweep.", metavar="DIR")],
    to: Annotated[str, typer.Option(metavar="csv|parquet", help="Format of the tables.")] = "csv",
) -> None:
    """Write flat tables of runs, outcomes and indices into the folder export of a sweep."""
    from nqpf_abm.sweep.export import export as write

    for path in write(folder, to):
        print(path)
