"""Waste water and solid waste per output, and how much is reused (indicators N10, N12).

Both wastes of a firm move together: they follow its field, the vintage of its equipment and its green wins. Reuse
grows with green wins and with institutions. No comparable official series exists, so that every province starts at 1.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Topic, param, row_phase
from nqpf_abm.mechanisms.carbon import renewed_intensity
from nqpf_abm.numerics.jit import rule


@dataclass(frozen=True, kw_only=True)
class WasteParams(Checked):
    """What lowers waste and raises reuse."""

    spread: float = param(0.3, low=0.0, high=0.6, unit="log", evidence=Assumed("of waste per output, 2012"))
    new_fields: float = param(
        0.5,
        low=0.2,
        high=1.0,
        unit="1",
        evidence=Assumed("waste on the new trajectory, over that on the old"),
    )
    vintage_gain: float = param(
        0.25,
        low=0.0,
        high=0.5,
        unit="log points",
        evidence=Assumed("new equipment against replaced, as for energy"),
    )
    green_step: float = param(
        0.04, low=0.01, high=0.1, unit="log points", evidence=Assumed("saved by one green win, as for energy")
    )
    entrant: float = param(
        0.9, low=0.6, high=1.0, unit="relative to mean", evidence=Assumed("entrants have newer equipment")
    )
    reuse_start: float = param(
        0.6, low=0.3, high=0.8, unit="share", evidence=Assumed("of waste reused, 2012")
    )
    reuse_green: float = param(
        0.1, low=0.0, high=0.3, unit="share", evidence=Assumed("of the rest, reused after one green win")
    )
    reuse_rules: float = param(
        0.004, low=0.0, high=0.02, unit="1/quarter", evidence=Assumed("of the rest, at perfect institutions")
    )


@rule
def waste_made(output, intensity, is_new, new_fields):
    """Waste of a quarter, relative: output times the firm's intensity, less on the new trajectory.

    By hand: output 10, intensity .8, on the new trajectory at .5 gives 4.
    """
    return output * intensity * (new_fields if is_new else 1.0)


@rule
def next_reuse(reuse, green_wins, institutions, by_green, by_rules):
    """Share of waste reused after a quarter: a part of the rest follows, ``g w + r Z``, never more than all of it.

    By hand: half reused, one green win, Z=.5, g=.1, r=.02 give .5 + .5·.11 = .555.
    """
    return reuse + (1.0 - reuse) * min(by_green * green_wins + by_rules * institutions, 1.0)


@row_phase("firms", writes="waste_intensity waste reuse")
def renew_waste(i, s, p, key):
    """New equipment and green wins lower a firm's waste; green wins and institutions raise its reuse."""
    firm = s.firms[i]
    q = p.waste
    firm.waste = waste_made(firm.output, firm.waste_intensity, firm.is_new, q.new_fields)
    if s.world[0].is_burn_in == 1:
        return
    vintage = min(firm.investment / max(firm.capital, 1e-9), 1.0)
    firm.waste_intensity = renewed_intensity(
        firm.waste_intensity, vintage, firm.green_wins, q.vintage_gain, q.green_step
    )
    institutions = s.provinces[firm.province].institutions
    firm.reuse = next_reuse(firm.reuse, firm.green_wins, institutions, q.reuse_green, q.reuse_rules)


TOPIC = Topic("waste", WasteParams)
