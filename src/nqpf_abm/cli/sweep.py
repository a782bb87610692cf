"""``nqpf sweep``: run a study over many parameters."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nqpf_abm.cli.settings import whole_number
from nqpf_abm.errors import InputError

EXAMPLES = ("morris", "sobol", "lhs")


def sweep(
    study: Annotated[
        Path | None, typer.Argument(help="TOML file of the study.", metavar="STUDY.toml")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the sweep.  [default: results/sweep-STUDY]")
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers",
            "--jobs",
            parser=whole_number,
            metavar="N",
            help="Runs at a time.  [default: one per core]",
        ),
    ] = None,
    shard: Annotated[
        str | None, typer.Option(metavar="I/N", help="The I-th of N shares of the runs only; see merge.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Refuse to begin anew: the folder must hold this study.")
    ] = False,
    retry: Annotated[bool, typer.Option("--retry", help="Do runs again that failed.")] = False,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS|local",
            help="Let the workers of a Dask scheduler do the runs, e.g. tcp://10.0.0.1:8786; local: N processes "
            "here. Needs the extra `cluster`.",
        ),
    ] = None,
    wait: Annotated[
        int | None,
        typer.Option(
            parser=whole_number,
            metavar="SECONDS",
            help="How long to wait for a worker of the cluster.  [default: 60]",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say how many runs, how long and how much disk, and end.")
    ] = False,
    example: Annotated[
        str | None, typer.Option(metavar="|".join(EXAMPLES), help="Print a study of about a minute, and end.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print the folder only.")] = False,
) -> None:
    """Run a study over many parameters: every run that its folder does not hold yet.

    Every run is on disk as it ends: after an interrupt, a crash or a full disk the same command goes on. Runs that fail
    are kept with their parameters and traceback, and stop nothing. The tables are the same bytes for any number of
    workers, on a cluster and off it.
    """
    if example is not None:
        print(_example(example), end="")
        return
    if study is None:
        raise InputError("name the file of a study; `nqpf sweep --example morris` prints one to begin with")
    share = _shard(shard)
    if cluster is None and wait is not None:
        raise InputError("--wait is for --cluster, which is not given")
    if cluster not in (None, "local") and workers is not None:
        raise InputError(
            f"--workers is for runs here: the cluster {cluster} has the workers it has; leave it out"
        )
    from nqpf_abm.cli.compare import _jobs
    from nqpf_abm.cli.output import announce_compilation, console
    from nqpf_abm.sweep import Study
    from nqpf_abm.sweep.execution import PATIENCE, default_folder, estimate, run_study
    from nqpf_abm.sweep.journal import JOURNAL

    plan, jobs, patience = Study.load(study), _jobs(workers), PATIENCE if wait is None else float(wait)
    folder = default_folder(plan, share) if out is None else out
    if resume and not (folder / JOURNAL).exists():
        raise InputError(
            f"{folder} holds no sweep to resume; leave out --resume, or name its folder with --out"
        )
    announce_compilation(quiet)
    if dry_run:
        jobs = _threads_of(cluster, jobs, patience)
        console().print(_told(plan, estimate(plan, _stored(folder, plan, share), jobs, share), jobs, folder))
        return
    screen = console()
    with _watched(quiet) as watch:
        try:
            run_study(
                plan, folder, jobs=jobs, shard=share, retry=retry, cluster=cluster, patience=patience, progress=watch,
                note=lambda text: screen.print(text, style="yellow"),
            )  # fmt: skip
        except KeyboardInterrupt:
            typer.echo(f"nqpf: every run that ended is kept in {folder}; the same command goes on", err=True)
            raise
    _say_end(folder, plan, share, quiet)


def _example(name: str) -> str:
    from nqpf_abm.data import FOLDER
    from nqpf_abm.errors import nearest

    if name not in EXAMPLES:
        raise InputError(
            f"--example must be one of {', '.join(EXAMPLES)}; got {name!r}{nearest(name, EXAMPLES)}"
        )
    return (FOLDER / "sweeps" / f"{name}.toml").read_text(encoding="utf-8")


def _shard(text: str | None) -> tuple[int, int]:
    """``"2/8"`` as (2, 8)."""
    if text is None:
        return 1, 1
    first, slash, second = text.partition("/")
    if not (slash and first.strip().isdigit() and second.strip().isdigit()) or not 1 <= int(first) <= int(
        second
    ):
        raise InputError(f"--shard must be i/n with i in [1, n], e.g. 2/8; got {text!r}")
    return int(first), int(second)


def _threads_of(cluster: str | None, jobs: int, patience: float) -> int:
    """Runs at a time: of the cluster if there is one, else `jobs`."""
    if cluster is None:
        return jobs
    from nqpf_abm.sweep.cluster import connected, n_threads

    with connected(cluster, jobs, patience) as client:
        return n_threads(client)


def _stored(folder: Path, study, share: tuple[int, int]) -> int:
    """Runs of a share that a folder holds already."""
    from nqpf_abm.sweep.execution import share_of
    from nqpf_abm.sweep.journal import JOURNAL
    from nqpf_abm.sweep.store import Store

    if not (folder / JOURNAL).exists():
        return 0
    with Store.open(folder) as store:  # looks only: what is amiss is left for the run to mend and to tell
        store.check_plan(study.plan())
        return int(store.done[share_of(store.plan, share)].sum())


def _told(study, guess, jobs: int, folder: Path) -> str:
    from nqpf_abm.cli.compare import _time

    rows = f"{study.n_rows} rows of {len(study.factors)} factors, {study.replicates} runs each"
    return (
        f"{study.method.name}: {rows}; {guess.runs} different runs here, {guess.left} to do; {guess.each:.2f} s each, "
        f"{jobs} at a time: about {_time(guess.seconds)} and {max(guess.megabytes, 0.1):.1f} MB in {folder}"
    )


def _watched(quiet: bool):
    """Progress: a bar on a terminal, a line a minute in a log, nothing if quiet."""
    from contextlib import contextmanager
    from time import monotonic

    from nqpf_abm.cli.compare import _time
    from nqpf_abm.cli.output import progress_bar

    @contextmanager
    def watched():
        with progress_bar(quiet) as advance:
            start = last = monotonic()
            first = None

            def watch(told) -> None:
                nonlocal last, first
                first = told.done - 1 if first is None else first
                if advance is not None:
                    advance(told.done, told.total, f"{told.failed} failed" if told.failed else "runs")
                elif not quiet and monotonic() - last >= 60:
                    last = monotonic()
                    left = (last - start) * (told.total - told.done) / (told.done - first)
                    print(
                        f"{told.done} of {told.total} runs, {told.failed} failed, about {_time(left)} left",
                        flush=True,
                    )

            yield watch

    return watched()


def _say_end(folder: Path, study, share: tuple[int, int], quiet: bool) -> None:
    from nqpf_abm.cli.output import console
    from nqpf_abm.sweep.execution import share_of
    from nqpf_abm.sweep.store import Store

    with Store.open(folder) as store:
        failures = [record for record in store.records() if record.error]
        done, total = int(store.done.sum()), len(store.plan.distinct)
        here = int(store.done[share_of(store.plan, share)].sum())
    if quiet:
        print(folder)
        return
    screen = console()
    of_all = f" ({done} of {total} of the whole study)" if share[1] > 1 else ""
    screen.print(f"{here} runs are in {folder}{of_all}, {len(failures)} of them failed.")
    for record in failures[:3]:
        screen.print(f"failed: run {record.run}: {record.error}", style="yellow")
    if failures:
        screen.print("Parameters and traceback: nqpf replay FOLDER RUN; try again: --retry", style="yellow")
