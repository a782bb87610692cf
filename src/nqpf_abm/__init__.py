"""nqpf_abm: agent-based simulation of regional innovation ecosystems.

``from nqpf_abm import Ecosystem`` is all a run needs. Nothing heavy is imported before it is used.
"""

from __future__ import annotations

__version__ = "0.1.0"
__all__ = ["Ecosystem", "InputError", "__version__"]


def __getattr__(name: str):
    if name == "Ecosystem":
        from nqpf_abm.ecosystem import Ecosystem

        return Ecosystem
    if name == "InputError":
        from nqpf_abm.errors import InputError

        return InputError
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
