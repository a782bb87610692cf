"""The program ``nqpf``, from its first line on."""

from __future__ import annotations

import gc

OBJECTS_IMPORTED = 1_000_000
"""More than what imports make and keep. Python would search it for circles again and again, a seventh of the time until
the first quarter is simulated."""


def main() -> None:
    """Run the command that the user typed."""
    gc.set_threshold(OBJECTS_IMPORTED)
    from nqpf_abm.cli.main import main as run_command

    run_command()
