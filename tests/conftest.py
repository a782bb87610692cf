"""What the tests of the model share: a small world that is quick to run."""

import subprocess
import sys

import hypothesis
import pytest

hypothesis.settings.register_profile("compiling", deadline=None)  # the first call of a law may compile it
hypothesis.settings.load_profile("compiling")

SMALL = {"start.firms": 96, "start.least_firms": 6, "start.universities": 12, "start.burn_in": 8}


@pytest.fixture(scope="session")
def small():
    """Changes that make a run small: 96 firms, two years of burn-in."""
    return dict(SMALL)


@pytest.fixture(scope="session")
def baseline():
    """The default run, 2012 to 2022, seed 7; not to be changed by a test."""
    from nqpf_abm import Ecosystem

    return Ecosystem(seed=7).run()


@pytest.fixture(scope="session")
def nqpf():
    """Function: run the command in a process of its own; returns exit code, stdout, stderr."""

    def run(*arguments, cwd=None):
        done = subprocess.run(
            [sys.executable, "-c", "from nqpf_abm.cli.main import main; main()", *map(str, arguments)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=cwd,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    return run
