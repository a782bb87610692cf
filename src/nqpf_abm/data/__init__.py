"""Official statistics as shipped, regions, indicator specifications: facts and choices, no behaviour.

Everything is resolved on first use, so that importing the package reads no table and no pandas.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

FOLDER = Path(__file__).parent

_HOME = {
    "official_statistics": "facts",
    "official_wide": "facts",
    "Regions": "places",
    "East": "east",
    "load_regions": "places",
    "western_echelons": "places",
    "read_toml": "reading",
    "read_rows": "reading",
}

__all__ = ["FOLDER", *_HOME]  # noqa: PLE0604


def __getattr__(name: str):
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])
