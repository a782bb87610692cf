"""How the science is compiled.

Laws carry ``@rule``: they are inlined into whatever calls them and give the same bits called from Python.
Loops and other entry points carry ``@compiled``: their machine code is kept on disk between processes (`code_cache`,
`code_folder`). numba's own cache looks at the entry point's file only, so that it serves old code when a law changes,
and keys a closure by a pickle that differs in every process.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numba
import numpy as np
from numba.core.dispatcher import Dispatcher

from nqpf_abm.numerics.code_cache import DiskCache
from nqpf_abm.numerics.code_folder import PACKAGE, SOURCES, STAMP

OPTIONS = dict(error_model="numpy", nogil=True)
"""Division follows IEEE 754 instead of raising; compiled code leaves Python's lock to other threads."""

UNCOUNTED = {"_nrt": False}
"""Laws and row functions make no arrays, so numba need not count references to those they read: it would do so
atomically, for every row and table, which cost more than the laws themselves (credit: 68 against 16 us for 480 firms)."""


# ------------------------------------------------------------------------------------------- decorators
def rule(f):
    """Make `f` a law: a pure function of numbers, inlined where compiled code calls it.

    The same object accepts Python floats. It has no disk cache of its own: its code is part of its callers.
    """
    return numba.njit(**OPTIONS, **UNCOUNTED, forceinline=True)(f)


def routine(f):
    """Make `f` a procedure on tables that compiled code calls: compiled once, not inlined, to compile fast."""
    return numba.njit(**OPTIONS)(f)


def compiled(f=None, *, tag: str = ""):
    """Make `f` an entry point: compiled on first call, kept on disk. Use as ``@compiled`` or a function.

    tag     a name for a closure made by a factory, e.g. ``compiled(loop, tag="absorb_climate")``, one per
            closure: its machine code is called so, for closures of one factory bear one name in Python and numba
            would tell them apart by a number that holds in one process only. A closure over other compiled
            functions is kept on disk only when it has a tag.

    Given a law or row function made by `rule`, it returns a second compilation of it, for Python callers.

    Kept on disk only if `f` and all functions it closes over are defined in `SOURCES` of this package (a
    user's own row function is compiled afresh in each process). Arrays and numbers that compiled code
    takes from module globals are frozen into it: they must follow from the source alone, never from data.
    """
    if f is None:
        return partial(compiled, tag=tag)
    f = getattr(f, "py_func", f)
    if tag:
        f.__qualname__ = tag
    dispatcher = numba.njit(**OPTIONS)(f)
    if isinstance(dispatcher, Dispatcher):  # with NUMBA_DISABLE_JIT=1 it is still the Python function
        identity = _function_identity(f, needs_tag=not tag)
        if identity is not None and STAMP:
            dispatcher._cache = DiskCache(f, tag, identity)
    return dispatcher


def native(function: Callable, tables: tuple[np.ndarray, ...], more: np.ndarray) -> Callable:
    """Machine code of a compiled ``function(tables, more)`` for arrays of these types, which it does not check."""
    if not isinstance(function, Dispatcher):  # numba is switched off
        return function
    asked = function, tuple(table.dtype for table in tables), more.dtype
    if asked not in _natives:
        _natives[asked] = function.compile((numba.typeof(tables), numba.typeof(more)))
    return _natives[asked]


_natives: dict[tuple, Callable] = {}


# ------------------------------------------------------------------------------------- what is compiled
class _NotKept(Exception):
    """Something a function closes over has no name that holds in another process."""


def _identity(value, needs_tag: bool):
    """What tells `value`, found in a closure cell, apart from others, in any process."""
    if isinstance(value, Dispatcher):
        identity = None if needs_tag else _function_identity(value.py_func, needs_tag)
        if identity is None:
            raise _NotKept
        return identity
    if isinstance(value, tuple):
        return type(value).__qualname__, tuple(_identity(item, needs_tag) for item in value)
    if isinstance(value, np.ndarray) and not value.dtype.hasobject:
        return value.dtype.str, value.shape, hashlib.sha256(value.tobytes()).hexdigest()
    if value is None or isinstance(value, (bool, int, float, str, np.generic)):
        return type(value).__qualname__, repr(value)
    raise _NotKept


def _function_identity(f, needs_tag: bool):
    """Module, name, bytecode and closure of `f`; None if it cannot be kept (see `compiled`)."""
    code = f.__code__
    file = Path(code.co_filename).resolve()
    if not any(file.is_relative_to(PACKAGE / part) for part in SOURCES):
        return None
    try:
        cells = tuple(_identity(cell.cell_contents, needs_tag) for cell in f.__closure__ or ())
    except (_NotKept, ValueError):  # ValueError: a cell that is still empty
        return None
    constants = tuple(repr(c) for c in code.co_consts if not hasattr(c, "co_code"))
    body = hashlib.sha256(code.co_code + repr((constants, code.co_names)).encode()).hexdigest()
    return f.__module__, f.__qualname__, body, cells
