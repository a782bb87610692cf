"""What an instrument costs at full strength: three classes, all assumed, so that rankings are repeated over them."""

from __future__ import annotations

from typing import Any

from nqpf_abm.declare import Assumed, param


def unit_cost(default: float) -> Any:
    """A declared cost at strength 1, in % of GDP: .3 capital-heavy, .02 a rule, .1 others; half to twice."""
    return param(
        default, low=0.5 * default, high=2.0 * default, unit="% of GDP", symbol="c",
        evidence=Assumed("capital-heavy instruments .3, rules .02, others .1 (E17)"),
    )  # fmt: skip
