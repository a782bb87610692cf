"""Public networks and data centres: computing power costs less, is within reach of small firms, data are open (M64).

Costs of building and rent fall by the same share, as between operators who compete; the same rent is paid onward for
use elsewhere. How far they fall is assumed, not reckoned from the money. A firm that need not own machines
is served like a large one, and public bodies open more of their data. What the catalogue calls institutional
infrastructure is not part of this instrument: the quality of institutions does not move with it.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Mechanism, Topic, param
from nqpf_abm.numerics.jit import rule
from nqpf_abm.policy.costs import unit_cost


@dataclass(frozen=True, kw_only=True)
class InfrastructureParams(Checked):
    """Cost, price of computing power, reach and open data."""

    unit_cost: float = unit_cost(0.3)
    cheaper: float = param(
        0.3, low=0.0, high=0.6, unit="share", evidence=Assumed("off cost and rent of computing power")
    )
    reach: float = param(
        0.5, low=0.0, high=1.0, unit="share",
        evidence=Assumed("of computing power that one had to own, then rented"),
    )  # fmt: skip
    open_data: float = param(
        0.3, low=0.0, high=0.6, unit="share", evidence=Assumed("of public data still closed, then opened")
    )


@rule
def lowered(price, cheaper, strength):
    """Price under the instrument, ``P (1 - b e)``.  By hand: P=8, b=.3, e=1 give 5.6."""
    return price * (1.0 - cheaper * strength)


@rule
def opened_up(share, part, strength):
    """Share that is open, ``s + b e (1 - s)``: part of what was closed.  By hand: s=.8, b=.5, e=1 give .9."""
    return share + part * strength * (1.0 - share)


TOPIC = Topic(
    "infrastructure",
    InfrastructureParams,
    (
        Mechanism(
            "M64",
            "Digital and knowledge infrastructure",
            layer="E",
            seed="003 §6.1",
            claim="small firms' digital input gains more than large firms'",
            neutral="computing power and public data are as usual, whatever is planned",
        ),
    ),
)
