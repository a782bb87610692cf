"""What the commands print: tables, progress, one line while code compiles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


def console():
    """The terminal, with colours where it has them."""
    from rich.console import Console

    return Console(soft_wrap=False, highlight=False, markup=False, emoji=False)


def announce_compilation(quiet: bool) -> None:
    """One line if the machine code is not there yet."""
    from nqpf_abm.numerics.code_folder import is_warm

    if not quiet and not is_warm():
        console().print("Compiling the model's laws, once on this machine: about a minute ...")


@contextmanager
def progress_bar(quiet: bool) -> Iterator[Callable[[int, int, str], None] | None]:
    """A bar over quarters, gone when it is done; nothing if `quiet` or without a terminal."""
    screen = console()
    if quiet or not screen.is_terminal:
        yield None
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description:>8}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    with Progress(*columns, TimeRemainingColumn(), console=screen, transient=True) as progress:
        task = progress.add_task("starting", total=None)
        yield lambda done, total, label: progress.update(task, completed=done, total=total, description=label)


@contextmanager
def count_bar(what: str, quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """A bar over things done, gone when all are; nothing if `quiet` or without a terminal."""
    with progress_bar(quiet) as advance:
        yield None if advance is None else lambda done, total: advance(done, total, what)


def print_run(results, folder: Path, simulated: float, total: float) -> None:
    """Scores of the provinces, the Dagum line per year, times, and where the files are."""
    from rich.table import Table

    screen = console()
    first, last = results.years[0], results.years[-1]
    echelon = dict(zip(results.regions.table["region"], results.regions.table["echelon"], strict=True))
    scores = results.scores.set_index(["province", "year"])
    table = Table(title=f"New quality productive forces, simulated {first} to {last} (not calibrated)")
    columns = (
        "Province",
        "Echelon",
        f"NQPF\n{first}",
        f"NQPF\n{last}",
        "Rank",
        "Sci-tech",
        "Green",
        "Digital",
    )
    for k, name in enumerate(columns):
        table.add_column(name, justify="left" if k == 0 else "right", no_wrap=k == 0)
    for name in sorted(results.provinces, key=lambda name: scores.loc[(name, last), "rank"]):
        a, b = scores.loc[(name, first)], scores.loc[(name, last)]
        values = (f"{x:.3f}" for x in (b.scitech, b.green, b.digital))
        table.add_row(name, str(echelon[name]), f"{a.nqpf:.3f}", f"{b.nqpf:.3f}", f"{b['rank']:.0f}", *values)
    screen.print(table)
    print_dagum(results.dagum)
    for text in results.warnings:
        screen.print(f"note: {text}", style="yellow")
    screen.print(f"Simulated in {simulated:.1f} s, all in {total:.1f} s. Results: {folder}")


def print_dagum(dagum) -> None:
    """Gini and its three parts, a line per year."""
    from rich.table import Table

    table = Table(title="Gini between provinces and its parts (Dagum)")
    for name in ("Year", "Gini", "Within", "Between", "Overlap", "Between %"):
        table.add_column(name, justify="right")
    for row in dagum.itertuples(index=False):
        parts = (f"{x:.3f}" for x in (row.gini, row.within, row.between, row.transvariation))
        table.add_row(str(row.year), *parts, f"{100 * row.share_between:.0f}")
    console().print(table)
