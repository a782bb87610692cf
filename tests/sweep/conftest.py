"""A study that is quick to run."""

import pytest
from tiny import TINY


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
