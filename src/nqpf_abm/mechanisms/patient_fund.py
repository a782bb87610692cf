"""Patient capital: public money that can wait, and leaves most of its gain to others (M57).

Seed 003 §5.2 has investors found funds with public money from ten-year bonds; the public side forgoes 80 % of what it
would gain. Founders on the new trajectory then face investors who discount less (M44), for the public part does not
press, and who count on the public part's gain. The more of it there is in a deal, the more deals are made of those it
reaches; but what there is reaches fewer, the more of it goes into each: thin over many or thick over few. Brander, Du
and Hellmann (2015) find that mixed funding helps and that public dominance does not.

The centre borrows what it puts in from outside the west. The seed also has the public side take losses first and pay by
milestones; founders' equity is never paid back here, so that there is no loss to share, and what little of the gain the
public side keeps is not followed further.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Mechanism, SeedClaim, Topic, param
from nqpf_abm.mechanisms.uptake import uptake
from nqpf_abm.numerics.draws import for_life, stream, uniform
from nqpf_abm.numerics.jit import routine, rule

CHOICE = stream("patient_fund.choice")
REACHED = stream("patient_fund.reached")


@dataclass(frozen=True, kw_only=True)
class PatientFundParams(Checked):
    """The public part, what it forgoes, and how far it reaches."""

    uptake: float = uptake("a patient fund")
    share: float = param(
        0.4,
        low=0.0,
        high=0.9,
        unit="share",
        symbol="x",
        evidence=Assumed("of a deal's equity that is public"),
    )
    forgone: float = param(
        0.8, low=0.0, high=1.0, unit="share", symbol="φ",
        evidence=SeedClaim("of the public part's gain, left to others", "003 §5.2"),
    )  # fmt: skip
    budget: float = param(
        0.3, low=0.05, high=1.0, unit="share", symbol="b",
        evidence=Assumed("public money there is, over the equity of all founders on the new trajectory"),
    )  # fmt: skip
    half: float = param(
        0.1, low=0.02, high=0.5, unit="share",
        evidence=Assumed("of firms on the new trajectory, where such a fund is worth half of what it can be"),
    )  # fmt: skip


@rule
def leverage(share, forgone):
    """Value of a deal to its private side, relative to one without public money, ``1 + φ x/(1 - x)``.

    By hand: x=.5, φ=.8 give 1.8.
    """
    return 1.0 + forgone * share / (1.0 - share)


@rule
def impatience_left(share):
    """Short-termism of a deal's investors over the usual, ``1 - x``: the mean of a side that presses and one that waits."""
    return 1.0 - share


@rule
def reached_share(budget, share):
    """Share of deals that public money reaches, ``min(1, b/x)``.  By hand: b=.3 reaches all at x=.2, half at x=.6."""
    return 1.0 if share <= budget else budget / share


@rule
def worth_waiting(new_share, half):
    """What a patient fund would bring its investors, ``n/(n + n₀)``, n the share of firms on the new trajectory."""
    return new_share / (new_share + half)


@routine
def public_share(s, r, uid, p, key):
    """Public share of the equity of firm `uid` in province `r`: x where investors have such a fund and it is reached."""
    q = p.patient_fund
    if p.on.M57 == 0 or q.uptake <= 0.0 or s.world[0].clock < p.adoption.since:
        return 0.0
    province = s.provinces[r]
    lot = uniform(for_life(key), province.uid, CHOICE, 0)
    if lot >= q.uptake * worth_waiting(province.new_share, q.half):
        return 0.0
    return q.share if uniform(key, uid, REACHED, 0) < reached_share(q.budget, q.share) else 0.0


TOPIC = Topic(
    "patient_fund",
    PatientFundParams,
    (
        Mechanism(
            "M57",
            "Patient capital",
            layer="D",
            seed="003 §5.2",
            claim="more firms enter the new trajectory; most where the public share is neither small nor dominant",
            neutral="no public money in deals",
        ),
    ),
)
