"""``nqpf odd``: the model as a document."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def odd(
    out: Annotated[Path | None, typer.Option(help="Write it to this file.  [default: print it]")] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace a file that is not such a document.")
    ] = False,
) -> None:
    """Describe the model by the ODD protocol (Grimm et al. 2020), from its declarations, as Markdown."""
    from nqpf_abm.collect.folder import check_files, write_files
    from nqpf_abm.describe.odd import MARK
    from nqpf_abm.describe.odd import odd as document

    if out is None:
        print(document(), end="")
        return
    renewed = force or (out.is_file() and out.read_bytes().startswith(MARK.encode()))
    check_files([out], force=renewed)
    write_files({out: document().encode()}, force=renewed)
    typer.echo(f"Document: {out}")
