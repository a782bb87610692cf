"""Sweeps: a study file over many parameters, run unattended, stored so that nothing is lost, and read again.

``Study.load("study.toml").run("folder")`` is what ``nqpf sweep study.toml --out folder`` does.
"""

from __future__ import annotations

__all__ = ["Study", "SweepTables", "load_tables"]


def __getattr__(name: str):
    if name == "Study":
        from nqpf_abm.sweep.study import Study

        return Study
    if name == "SweepTables":
        from nqpf_abm.sweep.tables import SweepTables

        return SweepTables
    if name == "load_tables":
        from nqpf_abm.sweep.store import load_tables

        return load_tables
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
