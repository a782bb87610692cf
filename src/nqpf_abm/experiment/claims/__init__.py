"""The catalogue's claims, one file per topic as in `mechanisms/`: what is contrasted, measured and expected.

A sentence its law makes true is no claim: it is listed as `ByConstruction` with the unit test of the law.
Expectations come from the catalogue and are not moved to fit what was found; a claim that does not hold stays as it
is and says why.
"""

from __future__ import annotations

from importlib import import_module

_FILES = (
    "orientation", "leadership", "proactivity", "absorption", "digital", "carbon", "migration", "pipeline",
    "demography", "integration", "organisation", "skills", "novelty", "resonance", "institutions", "circulation", "policy",
    "instruments", "daring", "people_and_funds", "packages", "paths",
)  # fmt: skip


def claims() -> tuple:
    """Every claim and every sentence true by construction, in the order of the catalogue."""
    found = [claim for name in _FILES for claim in import_module(f"{__name__}.{name}").CLAIMS]
    return tuple(sorted(found, key=lambda claim: int(claim.mechanism[1:])))
