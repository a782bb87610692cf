"""The command as a user runs it: in a process of its own."""

import subprocess
import sys


def nqpf(*arguments, cwd=None):
    """Run the command; returns exit code, stdout, stderr."""
    done = subprocess.run(
        [sys.executable, "-c", "from nqpf_abm.cli.main import main; main()", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr
