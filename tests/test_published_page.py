"""The page of published figures is what its script prints."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_page_is_up_to_date(tmp_path):
    out = tmp_path / "page.md"
    script = ROOT / "experiments" / "published_figures.py"
    subprocess.run([sys.executable, script, "--out", out], check=True, capture_output=True)
    assert out.read_text(encoding="utf-8") == (ROOT / "docs" / "published-figures.md").read_text(
        encoding="utf-8"
    )
