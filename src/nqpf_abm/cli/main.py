"""``nqpf``: the commands, and what happens when one fails."""

from __future__ import annotations

import sys

import typer

from nqpf_abm.cli.listing import listing
from nqpf_abm.cli.measure import measure
from nqpf_abm.cli.run import run
from nqpf_abm.cli.warm import warm
from nqpf_abm.errors import InputError

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Simulate regional innovation ecosystems and score their new quality productive forces.",
)
app.command()(run)
app.command()(measure)
app.command("list")(listing)
app.command()(warm)


def main() -> None:
    """Run a command. Input that cannot be used: one line on stderr and exit code 2."""
    try:
        app()
    except InputError as error:
        print(f"nqpf: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("nqpf: interrupted; nothing was written", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
