"""``nqpf``: the commands, and what happens when one fails."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from nqpf_abm.cli.analyse import analyse
from nqpf_abm.cli.compare import compare
from nqpf_abm.cli.listing import listing
from nqpf_abm.cli.measure import measure
from nqpf_abm.cli.odd import odd
from nqpf_abm.cli.run import run
from nqpf_abm.cli.stored import export, merge, replay
from nqpf_abm.cli.sweep import sweep
from nqpf_abm.cli.verify import verify
from nqpf_abm.cli.warm import warm
from nqpf_abm.errors import InputError

BAD_INPUT, INTERRUPTED = 2, 130
_UsageError = typer.BadParameter.__base__  # typer brings its own copy of click, older versions import it


class Commands(TyperGroup):
    """The commands, told apart from a program's own mistakes: those keep their traceback.

    Input that cannot be used, by a command or by the command line itself, is one line on stderr and exit
    code 2; an interrupt is one line and 130.
    """

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except InputError as error:
            raise typer.Exit(_say(str(error), BAD_INPUT)) from None
        except KeyboardInterrupt:
            raise typer.Exit(_say("interrupted", INTERRUPTED)) from None

    def main(self, *args: Any, standalone_mode: bool = True, **how: Any) -> Any:
        try:
            code = super().main(*args, standalone_mode=False, **how)
        except _UsageError as error:
            hint = f" (see `{error.ctx.command_path} --help`)" if error.ctx else ""
            code = _say(error.format_message() + hint, BAD_INPUT)
        if standalone_mode:
            sys.exit(code)
        return code


def _say(message: str, code: int) -> int:
    typer.echo("nqpf: " + " ".join(message.split()), err=True)
    return code


app = typer.Typer(
    cls=Commands,
    add_completion=False,
    invoke_without_command=True,
    rich_markup_mode=None,  # text in square brackets is ours to show, not markup
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def nqpf(ctx: typer.Context) -> None:
    """Simulate regional innovation ecosystems and score their new quality productive forces."""
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())


app.command()(run)
app.command()(compare)
app.command()(measure)
app.command()(verify)
app.command()(sweep)
app.command()(analyse)
app.command()(merge)
app.command()(replay)
app.command()(export)
app.command("list")(listing)
app.command()(odd)
app.command()(warm)


def main() -> None:
    """Run the command that the user typed."""
    try:
        app()
    except SystemExit as done:
        if done.code:
            raise
        with contextlib.suppress(BrokenPipeError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(0)  # all is written: taking the compiled code apart object by object would cost .4 s
    except KeyboardInterrupt:
        sys.exit(_say("interrupted", INTERRUPTED))
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
