"""What provincial governments spend, and on what (matrix rows 6, 11 to 15).

Budgets follow western output of last quarter; policy instruments come later and will act through levers.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Topic, param, row_phase


@dataclass(frozen=True, kw_only=True)
class GovernmentParams(Checked):
    """Shares of the budget."""

    purchases: float = param(
        0.5, low=0.3, high=0.7, unit="share of budget", evidence=Assumed("goods and services")
    )
    grant_share: float = param(
        0.3, low=0.0, high=0.6, unit="share of science budget", evidence=Assumed("R&D grants to firms")
    )
    university_funding: float = param(
        0.85, low=0.5, high=1.0, unit="share of public R&D", evidence=Assumed("by government")
    )
    university_purchases: float = param(
        0.4, low=0.2, high=0.5, unit="share of public R&D", evidence=Assumed("materials")
    )
    university_wages: float = param(
        0.45, low=0.3, high=0.6, unit="share of public R&D", evidence=Assumed("staff")
    )


@row_phase("governments", writes="fiscal grant_pool purchases public_rnd")
def set_budget(i, s, p, key):
    """Governments set budgets in proportion to western output of last quarter."""
    g = s.governments[i]
    growth = s.world[0].gdp / s.world[0].gdp_start
    g.fiscal = g.fiscal_start * growth
    g.grant_pool = p.government.grant_share * g.science_start * growth
    g.purchases = p.government.purchases * g.fiscal
    g.public_rnd = g.public_rnd_start * growth


TOPIC = Topic("government", GovernmentParams)
