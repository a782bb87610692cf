"""A strategic investor: public money for what pays so late that others turn it down (M65).

Where investors refuse a founder whose field pays after many years (M44), the strategic investor takes a share of those
refused. The money of the instrument goes to the province's investors, who pay founders' equity. Others watch: a small
public stake reassures them, a large one drives them out (crowding in and out).
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Mechanism, SeedClaim, Topic, param
from nqpf_abm.numerics.jit import rule
from nqpf_abm.policy.costs import unit_cost


@dataclass(frozen=True, kw_only=True)
class StrategicParams(Checked):
    """Cost, what is funded, and how others answer."""

    unit_cost: float = unit_cost(0.1)
    share: float = param(
        0.3, low=0.0, high=0.8, unit="share", symbol="x",
        evidence=Assumed("of refused projects that it funds, at full strength"),
    )  # fmt: skip
    years: float = param(
        8.0, low=3.0, high=8.0, unit="years", evidence=SeedClaim("a project pays after so many or more", "003 §6.1")
    )  # fmt: skip
    crowding: float = param(
        0.2, low=0.0, high=0.5, unit="share", symbol="b",
        evidence=Assumed("of others' short-termism that goes where the public share is at its turning point"),
    )  # fmt: skip
    turning: float = param(
        0.3, low=0.1, high=0.6, unit="share", symbol="x₀",
        evidence=Assumed("public share up to which more of it crowds in, and beyond which it crowds out"),
    )  # fmt: skip


@rule
def crowded(share, crowding, turning):
    """Factor on others' short-termism, ``1 - b x (2 x₀ - x)/x₀²``: least at x₀, 1 at 0 and 2x₀, above 1 beyond.

    share  x, of refused projects that public money funds

    By hand: b=.2, x₀=.3 give .8 at .3, 1 at .6 and 1.057 at .64.
    """
    return 1.0 - crowding * share * (2.0 * turning - share) / (turning * turning)


@rule
def is_backed(years, least_years, share, u):
    """Whether the strategic investor funds a refused project; `u` uniform.  By hand: 8 years, share .3: if u < .3."""
    return years >= least_years and u < share


TOPIC = Topic(
    "strategic",
    StrategicParams,
    (
        Mechanism(
            "M65",
            "Strategic investor",
            layer="E",
            seed="003 §6.1",
            claim="more firms in fields that pay late; a public share above its turning point crowds others out",
            neutral="nobody funds what investors refuse, whatever is planned",
        ),
    ),
)
