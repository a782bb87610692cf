"""``nqpf warm``: compile everything now."""

from __future__ import annotations

from typing import Annotated

import typer


def warm(quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing.")] = False) -> None:
    """Compile the model for both engines and keep the machine code, so that later runs start at once."""
    import time

    from nqpf_abm.cli.output import announce_compilation, console
    from nqpf_abm.ecosystem import Ecosystem
    from nqpf_abm.numerics.code_folder import cache_folder

    announce_compilation(quiet)
    start = time.perf_counter()
    for engine in ("columns", "agents"):
        Ecosystem(engine=engine, quarters=4, scale=0.25, set={"start.burn_in": 4}).run()
    if not quiet:
        console().print(f"Ready after {time.perf_counter() - start:.1f} s; machine code in {cache_folder()}")
