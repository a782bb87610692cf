"""The science, one file per topic: what the paper says, its numbers, its laws, its row functions."""

from __future__ import annotations

from functools import cache
from importlib import import_module

_FILES = (
    "shock", "orientation", "leadership", "charisma", "proactivity", "hierarchy", "research",
    "launching", "switching", "distortion", "fields", "tolerance", "patience", "absorption",
    "digital", "data", "duplication", "compute", "segmentation", "carbon", "waste", "production", "alertness", "market",
    "credit", "finance", "responsibility", "government", "integration", "skills", "labour", "migration", "alignment",
    "pipeline", "demography", "gauge", "efficiency", "resonance", "institutions", "trust", "circulation",
    "adoption", "proving", "institute", "tiers", "equity", "patient_fund", "units", "funnel", "forgiveness",
    "crowdsourcing",
)  # fmt: skip


@cache
def topics() -> tuple:
    """Every topic in the order of the quarter, then instruments of policy, the initial conditions last."""
    from nqpf_abm import policy

    found = [import_module(f"{__name__}.{name}").TOPIC for name in _FILES]
    return (*found, *policy.topics(), import_module("nqpf_abm.state.start").TOPIC)
