"""The mechanisms of the catalogue with what is declared of those that are live, and their verdicts."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import textwrap
from typing import Any

from nqpf_abm.data.catalogue import catalogue
from nqpf_abm.declare import Phase, Topic
from nqpf_abm.engine.schedule import QUARTER
from nqpf_abm.experiment.verdicts import SHIPPED, by_mechanism, read_verdicts
from nqpf_abm.mechanisms import topics


def mechanisms() -> list[dict[str, Any]]:
    """One row per mechanism of the catalogue, in its order.

    id, name, layer, core, seed    from the catalogue, or from the declaration where there is one
    implemented                    whether a topic declares it
    switch                         name of the setting that turns it off; "" if not implemented
    topic, parameters, phases      where it lives: topic file, the topic's parameters that its phases read, phases
    claim, neutral                 what it claims, and the form it takes when off
    verdict                        of the shipped table: holds, fails, undecided, by construction; "" if none
    """
    live = {m.id: (topic, m) for topic in topics() for m in topic.mechanisms}
    verdicts = by_mechanism(read_verdicts(SHIPPED)) if SHIPPED.exists() else {}
    rows = []
    for entry in catalogue().values():
        topic, m = live.get(entry.id, (None, None))
        phases = [phase for phase in QUARTER if m is not None and m.id in phase.mechanisms]
        rows.append(
            {
                "id": entry.id,
                "name": m.name if m else entry.name,
                "layer": entry.layer,
                "core": entry.core,
                "implemented": m is not None,
                "switch": m.id if m else "",
                "topic": topic.name if topic else "",
                "parameters": parameters_read(topic, phases) if topic else [],
                "phases": [phase.name for phase in phases],
                "seed": m.seed if m else entry.seed,
                "claim": m.claim if m else "",
                "neutral": m.neutral if m else "",
                "verdict": verdicts.get(entry.id, ""),
            }
        )
    return rows


LAWS = ("nqpf_abm.mechanisms.", "nqpf_abm.policy.")
"""Where routines are that phases call."""


def parameters_read(topic: Topic, phases: list[Phase]) -> list[str]:
    """Names of the topic's parameters that these phases, or functions of mechanisms that they call, mention."""
    names = [field.name for field in dataclasses.fields(topic.params)]
    read: set[str] = set()
    for phase in phases:
        read |= _mentioned(phase.function, topic.name, set())
    return [f"{topic.name}.{name}" for name in names if name in read]


def _mentioned(function: Any, topic: str, seen: set[str]) -> set[str]:
    """What is read of ``p.topic``, directly or through a name bound to it, also in routines that are called."""
    seen.add(function.__qualname__)
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    aliases = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and _ends_in(node.value, topic)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = node.value
            if _ends_in(owner, topic) or (isinstance(owner, ast.Name) and owner.id in aliases):
                found.add(node.attr)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            called = function.__globals__.get(node.func.id)
            called = getattr(called, "py_func", called)
            if inspect.isfunction(called) and called.__module__.startswith(LAWS):
                if called.__qualname__ not in seen:
                    found |= _mentioned(called, topic, seen)
    return found


def _ends_in(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == name
