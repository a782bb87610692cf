"""How the science is compiled, and how compiled code is kept on disk between processes.

Laws carry ``@rule``: they are inlined into whatever calls them and give the same bits called from Python.
Loops and other entry points carry ``@compiled``: their machine code is kept in the folder `cache_folder`,
whose name is a hash of every source that can influence it, so an edited law can never meet old code.
(numba's own cache looks at the entry point's file only, and keys a closure by a pickle that differs in
every process.)
"""

from __future__ import annotations

import hashlib
import os
import pickle
import platform
import re
import shutil
import stat
import sys
import tempfile
import uuid
import warnings
from functools import cache, partial
from pathlib import Path

import llvmlite
import llvmlite.binding
import numba
import numpy as np
from numba.core import config
from numba.core.caching import _Cache
from numba.core.compiler import CompileResult
from numba.core.dispatcher import Dispatcher
from numba.core.serialize import dumps

OPTIONS = dict(error_model="numpy", nogil=True)
"""Division follows IEEE 754 instead of raising; compiled code leaves Python's lock to other threads."""

UNCOUNTED = {"_nrt": False}
"""Laws and row functions make no arrays, so numba need not count references to those they read: it would do so
atomically, for every row and table, which cost more than the laws themselves (credit: 68 against 16 us for 480 firms)."""

PACKAGE = Path(__file__).resolve().parents[1]
SOURCES = ("numerics", "declare.py", "state", "mechanisms", "policy", "engine", "collect/record.py")
"""Parts of the package whose Python files may end up in machine code; elsewhere nothing is cached."""

CODE_SETTINGS = ("CPU_FEATURES", "OPT", "LOOP_VECTORIZE", "SLP_VECTORIZE", "BOUNDSCHECK", "DEBUGINFO_DEFAULT")
"""numba's own settings (NUMBA_* in the environment) that change the code it makes."""

KEPT_FOLDERS = 5


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
            closure. A closure over other compiled functions is kept on disk only when it has a tag.

    Given a law or row function made by `rule`, it returns a second compilation of it, for Python callers.

    Kept on disk only if `f` and all functions it closes over are defined in `SOURCES` of this package (a
    user's own row function is compiled afresh in each process). Arrays and numbers that compiled code
    takes from module globals are frozen into it: they must follow from the source alone, never from data.
    """
    if f is None:
        return partial(compiled, tag=tag)
    f = getattr(f, "py_func", f)
    dispatcher = numba.njit(**OPTIONS)(f)
    if isinstance(dispatcher, Dispatcher):  # with NUMBA_DISABLE_JIT=1 it is still the Python function
        identity = _function_identity(f, needs_tag=not tag)
        if identity is not None and STAMP:
            dispatcher._cache = _DiskCache(f, tag, identity)
    return dispatcher


# ------------------------------------------------------------------------------------- what is compiled
def _source_files() -> list[Path]:
    files = [PACKAGE / part for part in SOURCES if part.endswith(".py") and (PACKAGE / part).is_file()]
    for part in SOURCES:
        files += (PACKAGE / part).rglob("*.py")
    return sorted(files)


def _stamp() -> str:
    """Hash of the sources, versions, options and processor that machine code depends on; "" if unknown."""
    files = _source_files()
    if not files:  # imported from a zip file or as bytecode only: nothing to compare, so nothing is kept
        return ""
    setting = [numba.__version__, llvmlite.__version__, np.__version__, sys.version, platform.machine()]
    setting += [f"{name}={value}" for name, value in sorted(OPTIONS.items())]
    setting.append(config.CPU_NAME or llvmlite.binding.get_host_cpu_name())
    setting += [f"{name}={getattr(config, name, None)}" for name in CODE_SETTINGS]
    digest = hashlib.sha256("\n".join(setting).encode())
    for file in files:
        digest.update(b"\0" + file.relative_to(PACKAGE).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:20]


STAMP = _stamp()
"""Taken at import, like the sources themselves: a file edited later must not lend its stamp to old code."""


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


# ------------------------------------------------------------------------------------------- the folder
def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        return False
    return True


def _temporary_root() -> Path:
    """A folder of this user's own under the system's temporary folder.

    Entries are pickles, so a folder that somebody else could have filled is never read.
    """
    user = os.getuid() if hasattr(os, "getuid") else None  # Windows: temporary folders are personal anyway
    root = Path(tempfile.gettempdir()) / ("nqpf_abm" if user is None else f"nqpf_abm-{user}")
    try:
        root.mkdir(mode=0o700, exist_ok=True)
        found = root.lstat()
        private = stat.S_ISDIR(found.st_mode) and (
            user is None or (found.st_uid == user and not found.st_mode & 0o022)
        )
        if private and _is_writable(root):
            return root
    except OSError:
        pass
    return Path(tempfile.mkdtemp(prefix="nqpf_abm-"))


def _has_entries(folder: Path) -> bool:
    try:
        return any(folder.glob("*.nbc"))
    except OSError:
        return False


@cache
def _usable_folder(root: str, stamp: str) -> Path:
    folder = Path(root) / stamp
    if _is_writable(folder):
        os.utime(folder)  # says "used lately" to _remove_old_folders
        _remove_old_folders(folder)
        return folder
    if _has_entries(folder):  # filled beforehand, e.g. in a container image: good for reading
        return folder
    substitute = _temporary_root() / stamp
    warnings.warn(
        f"cannot write compiled code to {folder}; using {substitute} instead "
        "(set NQPF_CACHE_DIR to a folder you may write to)",
        RuntimeWarning,
        stacklevel=3,
    )
    substitute.mkdir(parents=True, exist_ok=True)
    return substitute


def _remove_old_folders(current: Path) -> None:
    """Leave the `KEPT_FOLDERS` most recently used stamped folders beside (and with) `current`."""
    others = [
        folder
        for folder in current.parent.iterdir()
        if re.fullmatch("[0-9a-f]{20}", folder.name) and folder.is_dir() and folder != current
    ]
    others.sort(key=lambda folder: folder.stat().st_mtime, reverse=True)
    for folder in others[KEPT_FOLDERS - 1 :]:
        shutil.rmtree(folder, ignore_errors=True)


def cache_folder() -> Path:
    """Folder of the compiled code for the present sources; created if need be.

    ``<root>/<stamp>`` with the root from the environment variable NQPF_CACHE_DIR, else the user's cache
    folder for nqpf_abm. When the root cannot be written to: a temporary folder, with a RuntimeWarning.
    """
    root = os.environ.get("NQPF_CACHE_DIR")
    if not root:
        import platformdirs

        root = platformdirs.user_cache_dir("nqpf_abm", appauthor=False)
    return _usable_folder(str(Path(root).expanduser().absolute()), STAMP)


def is_warm() -> bool:
    """Whether compiled code for the present sources is on disk, so that a run starts without compiling."""
    return bool(STAMP) and _has_entries(cache_folder())


# -------------------------------------------------------------------------------------------- the cache
class _DiskCache(_Cache):
    """Machine code of one entry point, one file per signature, each written in one piece.

    numba's index files can pair a key with another process's code when two processes write at once. Here
    every file holds its own full key and the digest of its content; a file that does not match is a miss.
    """

    def __init__(self, f, tag: str, identity):
        self._identity = tag, identity
        name = f"{f.__module__.rpartition('.')[2]}.{tag or f.__qualname__}"
        self._name = re.sub(r"[^\w.-]+", "", name)[:80]
        self._enabled = True

    @property
    def cache_path(self):
        return str(cache_folder())

    def enable(self):
        self._enabled = True

    def disable(self):
        self._enabled = False

    def flush(self):
        for file in cache_folder().glob(f"{self._name}-*.nbc"):
            file.unlink(missing_ok=True)

    def _file(self, sig, codegen) -> Path:
        text = repr((self._identity, str(sig), codegen.magic_tuple()))
        return cache_folder() / f"{self._name}-{hashlib.sha256(text.encode()).hexdigest()[:20]}.nbc"

    def load_overload(self, sig, target_context):
        """The compiled function for the argument types `sig`, or None."""
        if not self._enabled:
            return None
        target_context.refresh()
        codegen = target_context.codegen()
        file = self._file(sig, codegen)
        try:
            content = file.read_bytes()
            digest, content = content[:32], content[32:]
            if hashlib.sha256(content).digest() != digest:
                return None
            key, payload = pickle.loads(content)
            if key != (self._identity, sig, codegen.magic_tuple()):
                return None
            return CompileResult._rebuild(target_context, *payload)
        except Exception:  # whatever is wrong with an entry, compiling again repairs it
            return None

    def save_overload(self, sig, result):
        """Keep the compiled function `result` for the argument types `sig`."""
        if not self._enabled:
            return
        if result.library.has_dynamic_globals or any(not loop.can_cache for loop in result.lifted):
            return  # holds addresses of this process
        if _stamp() != STAMP:  # a source was edited while this process ran
            return
        file = self._file(sig, result.codegen)
        content = dumps(((self._identity, sig, result.codegen.magic_tuple()), result._reduce()))
        partial_file = file.with_name(f"{file.name}.{uuid.uuid4().hex[:12]}")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            partial_file.write_bytes(hashlib.sha256(content).digest() + content)
            partial_file.replace(file)
        except OSError:  # read-only or full: the run goes on with what is in memory
            partial_file.unlink(missing_ok=True)
