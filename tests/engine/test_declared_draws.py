"""A phase draws from the streams it declares, and from no others."""

import ast
import inspect
import textwrap

import numpy as np
import pytest

from nqpf_abm.engine.schedule import QUARTER
from nqpf_abm.numerics import draws


def streams_used(function, seen: set) -> set[str]:
    """Names of the streams that a function, or a function of the package that it calls, mentions."""
    seen.add(function)
    found = set()
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function)))):
        if not isinstance(node, ast.Name):
            continue
        value = function.__globals__.get(node.id)
        if isinstance(value, np.uint64) and int(value) in draws._streams:
            found.add(draws._streams[int(value)])
        called = getattr(value, "py_func", value)
        if inspect.isfunction(called) and called.__module__.startswith("nqpf_abm") and called not in seen:
            found |= streams_used(called, seen)
    return found


@pytest.mark.parametrize("phase", QUARTER, ids=lambda phase: phase.name)
def test_draws_from_the_streams_it_declares(phase):
    assert sorted(streams_used(phase.function, set())) == sorted(phase.draws)


def test_a_draw_in_a_called_routine_is_found():
    found = next(phase for phase in QUARTER if phase.name == "found_firms")
    assert "workplace.team_anchor" in streams_used(found.function, set())
