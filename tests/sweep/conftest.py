"""A study that is quick to run."""

import pytest

TINY = """
title = "tiny"
until = 2013
outcomes = ["nqpf", "output"]
replicates = 2
seed = 3

[set]
"start.firms" = 96
"start.least_firms" = 6
"start.universities" = 12
"start.burn_in" = 4

[method]
name = "sobol"
size = 2

[[factor]]
parameter = "leadership.openness"

[[factor]]
switch = "M06"
"""


@pytest.fixture
def write(tmp_path):
    """Function: write a study with some text replaced, and return its path."""

    def written(*replaced, name="study.toml", text=TINY):
        for old, new in replaced:
            assert old in text
            text = text.replace(old, new)
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return written
