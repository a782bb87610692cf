"""Where compiled code is kept on disk: a folder whose name is a hash of all that the code depends on.

An edited law, callee or constant gives another name, so that new sources can never meet old code.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import stat
import sys
import tempfile
import warnings
from functools import cache
from pathlib import Path

import llvmlite
import llvmlite.binding
import numba
import numpy as np
from numba.core import config

PACKAGE = Path(__file__).resolve().parents[1]
SOURCES = ("numerics", "declare.py", "state", "mechanisms", "policy", "engine", "collect/record.py")
"""Parts of the package whose Python files may end up in machine code; elsewhere nothing is cached."""

CODE_SETTINGS = ("CPU_FEATURES", "OPT", "LOOP_VECTORIZE", "SLP_VECTORIZE", "BOUNDSCHECK", "DEBUGINFO_DEFAULT")
"""numba's own settings (NUMBA_* in the environment) that change the code it makes."""

KEPT_FOLDERS = 5


# --------------------------------------------------------------------------------------------- the stamp
def _source_files() -> list[Path]:
    files = [PACKAGE / part for part in SOURCES if part.endswith(".py") and (PACKAGE / part).is_file()]
    for part in SOURCES:
        files += (PACKAGE / part).rglob("*.py")
    return sorted(files)


def _stamp() -> str:
    """Hash of the sources, versions, settings and processor that machine code depends on; "" if unknown."""
    files = _source_files()
    if not files:  # imported from a zip file or as bytecode only: nothing to compare, so nothing is kept
        return ""
    setting = [numba.__version__, llvmlite.__version__, np.__version__, sys.version, platform.machine()]
    setting.append(config.CPU_NAME or llvmlite.binding.get_host_cpu_name())
    setting += [f"{name}={getattr(config, name, None)}" for name in CODE_SETTINGS]
    digest = hashlib.sha256("\n".join(setting).encode())
    for file in files:
        digest.update(b"\0" + file.relative_to(PACKAGE).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:20]


STAMP = _stamp()
"""Taken at import, like the sources themselves: a file edited later must not lend its stamp to old code."""


def sources_changed() -> bool:
    """Whether a source was edited since this process started: what it compiles now is not what the stamp says."""
    return _stamp() != STAMP


# -------------------------------------------------------------------------------------------- the folder
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
