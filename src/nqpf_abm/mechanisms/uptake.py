"""How far an improvement path is taken up: one declaration for all paths. Who follows is in adoption.py."""

from __future__ import annotations

from nqpf_abm.declare import Assumed, param


def uptake(path: str):
    """The number `uptake` of a path: by default nobody follows it."""
    return param(
        0.0, low=0.0, high=1.0, unit="share",
        evidence=Assumed(f"of those to whom {path} would be worth all it can be; none in history"),
    )  # fmt: skip
