"""Reward-system projects: firms name a need, the government adds to a project, who uses it pays back double (M66).

A province's fund holds what the instrument delivers and what was paid back. A project without grant gets 30 % of what an
achievement costs, as far as the fund goes. It is matched to a firm's need, and used in the province if it is finished;
the firms that use it repay twice the grant, which the fund may spend again. So the fund
grows where more than half of its projects are finished.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nqpf_abm.declare import Assumed, Checked, Mechanism, SeedClaim, Topic, collective_phase, param
from nqpf_abm.numerics.draws import stream, uniform
from nqpf_abm.numerics.jit import routine, rule
from nqpf_abm.policy.costs import unit_cost
from nqpf_abm.state.instruments import M66
from nqpf_abm.state.tables import LAST_TRL

CHOICE = stream("reward.choice")


@dataclass(frozen=True, kw_only=True)
class RewardParams(Checked):
    """Cost, grant and repayment."""

    unit_cost: float = unit_cost(0.1)
    share: float = param(
        0.3,
        low=0.1,
        high=0.5,
        unit="share",
        evidence=SeedClaim("of public R&D per achievement that is usual", "003 §6.1"),
    )
    repaid: float = param(
        2.0,
        low=0.5,
        high=3.0,
        unit="times the grant",
        evidence=SeedClaim("by those who use the achievement", "003 §6.1"),
    )
    first_level: float = param(
        4.0, low=3.0, high=7.0, unit="TRL", evidence=Assumed("firms name needs from the laboratory stage on")
    )


@rule
def grant_of(public_rnd, usual_created, share):
    """Grant for a project, ``g R/c``: of today's public R&D over the achievements usual in 2012; 10^6 yuan.

    public_rnd  R, 10^6 yuan/quarter;  usual_created  c, achievements/quarter;  share  g

    By hand: R=100, c=10, g=.3 give 3.
    """
    return share * public_rnd / usual_created if usual_created > 0.0 else 0.0


@rule
def chosen_share(fund, grant, candidates):
    """Share of candidates that get a grant, ``min(F/(g n), 1)``.  By hand: F=6, g=3, n=4 give ½; nobody without money."""
    wanted = grant * candidates
    return min(max(fund, 0.0) / wanted, 1.0) if wanted > 0.0 else 0.0


@rule
def fund_after(fund, delivered, repaid, granted):
    """A fund after a quarter, ``F + M + R - G``; 10^6 yuan.  By hand: 1, 2, 4, 3 give 4."""
    return fund + delivered + repaid - granted


@routine
def has_money(s):
    """Whether any government has something to grant, or granted something a quarter ago; without it nothing changes."""
    for r in range(s.governments.size):
        g = s.governments[r]
        if g.reward_fund > 0.0 or g.delivered[M66] > 0.0 or g.reward_granted > 0.0:
            return True
        if s.provinces[r].reward_repaid > 0.0:
            return True
    return False


@collective_phase(
    mechanisms="M66",
    writes="projects.grant governments.reward_fund governments.reward_granted governments.policy_universities",
    draws="reward.choice",
)
def fund_projects(s, p, key):
    """Governments grant money to university projects that firms of the province need."""
    if not has_money(s):
        return
    n = s.provinces.size
    usual, candidates, granted = np.zeros(n), np.zeros(n), np.zeros(n)
    for i in range(s.universities.size):
        if s.universities[i].is_alive:
            usual[s.universities[i].province] += s.universities[i].mean_created
    q = p.reward
    for i in range(s.projects.size):
        project = s.projects[i]
        if project.is_alive and project.grant == 0.0 and q.first_level <= project.level < LAST_TRL:
            candidates[project.province] += 1.0
    for i in range(s.projects.size):
        project = s.projects[i]
        if project.is_alive and project.grant == 0.0 and q.first_level <= project.level < LAST_TRL:
            r = project.province
            g = s.governments[r]
            fund = fund_after(g.reward_fund, g.delivered[M66], s.provinces[r].reward_repaid, granted[r])
            grant = grant_of(g.public_rnd, usual[r], q.share)
            chosen = chosen_share(fund + granted[r], grant, candidates[r])
            if grant <= fund and uniform(key, project.uid, CHOICE, 0) < chosen:
                project.grant = grant
                granted[r] += grant
    for r in range(n):
        g = s.governments[r]
        g.reward_granted = granted[r]
        g.reward_fund = fund_after(g.reward_fund, g.delivered[M66], s.provinces[r].reward_repaid, granted[r])
        g.policy_universities += granted[r] - g.delivered[M66]


TOPIC = Topic(
    "reward",
    RewardParams,
    (
        Mechanism(
            "M66",
            "Reward-system projects",
            layer="E",
            seed="003 §6.1",
            claim="of each yuan granted comes back twice the share of projects finished: the fund grows only above one half",
            neutral="no project is granted anything, whatever is planned",
        ),
    ),
)
