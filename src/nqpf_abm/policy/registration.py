"""Registration within a day: founding costs less time where there is a market to enter (M80).

Bruhn (2011) finds about 5 % more registered firms after such a reform in Mexican municipalities; studies of small places
find next to nothing. The catalogue's other half, rents of incumbents that fair competition takes, is not simulated.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Literature, Mechanism, Topic, param
from nqpf_abm.numerics.jit import rule
from nqpf_abm.policy.costs import unit_cost


@dataclass(frozen=True, kw_only=True)
class RegistrationParams(Checked):
    """Cost, entry, and where it counts."""

    unit_cost: float = unit_cost(0.02)
    entry: float = param(
        0.1, low=0.0, high=0.2, unit="share of entry", symbol="b",
        evidence=Literature(
            "5 % more registered firms, from entry; in a province of mean size half of our ceiling", "Bruhn 2011"),
    )  # fmt: skip
    half: float = param(
        1.0, low=0.3, high=3.0, unit="mean output", symbol="h",
        evidence=Assumed("size of a province in which half of it comes about; next to nothing in small places"),
    )  # fmt: skip


@rule
def eased_entry(entry, size, half, strength):
    """Entry relative to usual, ``1 + b e Y/(Y + h)``.

    size  Y, the province's output over the mean of provinces

    By hand: b=.1, e=1, Y=h give 1.05; Y=h/9 gives 1.01.
    """
    return 1.0 + entry * strength * size / (size + half)


TOPIC = Topic(
    "registration",
    RegistrationParams,
    (
        Mechanism(
            "M80",
            "One-day registration",
            layer="E",
            seed="000 §4.2.1, 5.2.3",
            claim="entry rises in the third echelon by less than half as much as in the first",
            neutral="registration takes what it takes, whatever is planned",
        ),
    ),
)
