"""Machine code of entry points on disk, small enough that a run starts at once.

numba keeps three things with a function that loading it would spend most of its time on: the function in LLVM's own
language, to link it into other compiled functions; its source annotated with types, to look at; and every type it
takes, column by column. Only Python calls our entry points. So the first is kept compressed, and read in the rare case
that compiled code does call one; the second is left out; and the third whoever asks for the function has at hand.
"""

from __future__ import annotations

import hashlib
import io
import pickle
import re
import uuid
import zlib
from functools import cache
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
from numba.core import sigutils, types
from numba.core.caching import _Cache
from numba.core.compiler import CompileResult
from numba.core.serialize import NumbaPickler

from nqpf_abm.numerics import code_folder


class DiskCache(_Cache):
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
        return str(code_folder.cache_folder())

    def enable(self):
        self._enabled = True

    def disable(self):
        self._enabled = False

    def flush(self):
        for file in code_folder.cache_folder().glob(f"{self._name}-*.nbc"):
            file.unlink(missing_ok=True)

    def _key(self, sig, codegen) -> bytes:
        """The SHA-256 of whatever tells this machine code from any other."""
        return hashlib.sha256(repr((self._identity, str(sig), codegen.magic_tuple())).encode()).digest()

    def _file(self, key: bytes) -> Path:
        return code_folder.cache_folder() / f"{self._name}-{key.hex()[:20]}.nbc"

    def load_overload(self, sig, target_context):
        """The compiled function for the argument types `sig`, or None."""
        if not self._enabled:
            return None
        target_context.refresh()
        key = self._key(sig, target_context.codegen())
        try:
            content = memoryview(self._file(key).read_bytes())
            digest, content = content[:32], content[32:]
            if content[:32] != key or hashlib.sha256(content).digest() != digest:
                return None
            return _restored(target_context, *_Reader(content[32:], sig).load())
        except Exception:  # whatever is wrong with an entry, compiling again repairs it
            return None

    def save_overload(self, sig, result):
        """Keep the compiled function `result` for the argument types `sig`."""
        if not self._enabled:
            return
        if result.library.has_dynamic_globals or any(not loop.can_cache for loop in result.lifted):
            return  # holds addresses of this process
        if code_folder.sources_changed():  # a source was edited while this process ran
            return
        key = self._key(sig, result.codegen)
        file = self._file(key)
        content = key + _written(_slimmed(result), sig)
        partial_file = file.with_name(f"{file.name}.{uuid.uuid4().hex[:12]}")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            partial_file.write_bytes(hashlib.sha256(content).digest() + content)
            partial_file.replace(file)
        except OSError:  # read-only or full: the run goes on with what is in memory
            partial_file.unlink(missing_ok=True)


def _parts(sig) -> list[types.Type]:
    """The types a function takes and what those are made of, in an order that `sig` alone decides."""
    found = list(sigutils.normalize_signature(sig)[0])
    for part in found:  # grows while it is gone through
        found += getattr(part, "types", ())
        found += [part.dtype] if isinstance(part, types.Array) else []
    return found


class _Writer(NumbaPickler):
    """Pickles with the types that `sig` is made of by their numbers."""

    def __init__(self, file, sig):
        super().__init__(file, protocol=5)
        self._parts = _parts(sig)
        self._number = {id(part): k for k, part in enumerate(self._parts)}

    def persistent_id(self, obj):
        return self._number.get(id(obj))


class _Reader(pickle.Unpickler):
    """Reads what `_Writer` wrote for the same `sig`."""

    def __init__(self, content, sig):
        super().__init__(io.BytesIO(content))
        self._parts = _parts(sig)

    def persistent_load(self, number):
        return self._parts[number]


def _written(value: Any, sig) -> bytes:
    buffer = io.BytesIO()
    _Writer(buffer, sig).dump(value)
    return buffer.getvalue()


def _slimmed(result: CompileResult) -> tuple[tuple, bytes]:
    """What numba keeps of `result`, with an outline for its bitcode and without annotation; the bitcode, compressed."""
    (name, kind, (code, bitcode)), *rest = result._reduce()
    rest[5] = ""  # the annotated source
    return ((name, kind, (code, _outline(result.fndesc))), *rest), zlib.compress(bitcode, 1)


def _outline(fndesc) -> bytes:
    """A module that only says which functions Python can call: numba asks no more of it."""
    names = fndesc.llvm_func_name, fndesc.llvm_cpython_wrapper_name, fndesc.llvm_cfunc_wrapper_name
    text = "\n".join(f'define void @"{name}"() {{ ret void }}' for name in names)
    return llvm.parse_assembly(text).as_bitcode()


def _restored(target_context, slim: tuple[Any, ...], bitcode: bytes) -> CompileResult:
    """The compiled function; should compiled code call it, its bitcode is read then."""
    result = CompileResult._rebuild(target_context, *slim)
    result.library._get_module_for_linking = cache(lambda: llvm.parse_bitcode(zlib.decompress(bitcode)))
    return result
