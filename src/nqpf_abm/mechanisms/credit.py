"""Whether a bank lends (M98), and how much of its collateral a firm can turn into credit (M14 for capital).

Loans pay for investment and for R&D that cash alone would not allow. Guidance funds bear the first loss of loans
that closed firms leave behind.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Mechanism, Topic, param, row_phase
from nqpf_abm.mechanisms.integration import reach
from nqpf_abm.numerics.draws import stream, uniform
from nqpf_abm.numerics.jit import rule
from nqpf_abm.numerics.mathx import clip, logistic
from nqpf_abm.policy.compensation import borne_share
from nqpf_abm.state.instruments import M70
from nqpf_abm.state.tables import PROACTIVENESS, RISK_TAKING

DECIDE = stream("credit.decide")


@dataclass(frozen=True, kw_only=True)
class CreditParams(Checked):
    """What loan officers look at."""

    base: float = param(
        0.0,
        low=-2.0,
        high=2.0,
        unit="log odds",
        symbol="b₀",
        evidence=Assumed("about three in four are granted"),
    )
    cash_effect: float = param(
        0.5, low=0.0, high=1.0, unit="log odds/quarter of sales", symbol="b₁",
        evidence=Assumed("cash against quarterly sales"),
    )  # fmt: skip
    collateral_effect: float = param(
        1.0, low=0.0, high=2.0, unit="log odds", symbol="b₂", evidence=Assumed("capital not pledged yet")
    )
    risk_effect: float = param(
        1.0, low=0.0, high=3.0, unit="log odds", symbol="b_R",
        evidence=Assumed("risk-taking eases financing constraints (000 §2.3); the strength is ours"),
    )  # fmt: skip
    platform: float = param(
        0.5, low=0.0, high=1.0, unit="log odds",
        evidence=Assumed("provincial financing platforms; they reach as far as institutions are good"),
    )  # fmt: skip
    first_loss: float = param(
        0.3, low=0.0, high=0.8, unit="share", evidence=Assumed("of lost loans, made good by guidance funds")
    )
    first_loss_effect: float = param(
        1.0,
        low=0.0,
        high=2.0,
        unit="log odds",
        evidence=Assumed("banks lend more readily if others share losses"),
    )
    collateral_turned: float = param(
        0.16, low=0.04, high=0.32, unit="1/quarter", symbol="μ",
        evidence=Assumed("of unused collateral, found by an entrepreneur who does not look for it"),
    )  # fmt: skip


@rule
def approval_probability(
    base, cash_effect, cash, collateral_effect, collateral, risk_effect, risk_taking, aid
):
    r"""Probability that a loan is granted, :math:`σ(b_0 + b_1 c + b_2 k + b_R(R-½) + h)`.

    cash         c, deposits over quarterly sales, counted within [-2, 4]
    collateral   k, unpledged share of what banks lend against, 0 to 1
    risk_taking  R, 0 to 1
    aid          h, log odds from platforms and shared losses

    By hand: b₀=0, b₁=.5, c=1, b₂=1, k=.5, b_R=1, R=.5, h=0 gives σ(1) = .731.
    """
    known = cash_effect * clip(cash, -2.0, 4.0) + collateral_effect * collateral
    return logistic(base + known + risk_effect * (risk_taking - 0.5) + aid)


@rule
def borrowed_for_research(budget, own, line):
    """R&D paid by a loan, what `own` funds leave of the `budget` as far as the credit `line` goes; 10^6 yuan.

    By hand: budget 5, own 3, line 1 gives 1.
    """
    return min(max(budget - own, 0.0), line)


@row_phase(
    "firms", mechanisms="M14 M70 M98", writes="is_borrower is_approved credit_line", draws="credit.decide"
)
def ask_for_credit(i, s, p, key):
    """Firms with unpledged capital ask for credit; banks decide on cash, collateral and the person."""
    firm = s.firms[i]
    leader = s.entrepreneurs[i]
    q = p.credit
    pledge = p.finance.collateral * firm.capital
    free = max(pledge - firm.loan, 0.0)
    firm.is_borrower = 1 if free > 0.0 else 0
    odds = 1.0
    if p.on.M98:
        province = s.provinces[firm.province]
        borne = borne_share(q.first_loss, p.compensation.bears, s.governments[firm.province].effect[M70])
        odds = approval_probability(
            q.base,
            q.cash_effect,
            firm.cash / max(firm.sales, 1e-9),
            q.collateral_effect,
            free / max(pledge, 1e-9),
            q.risk_effect,
            leader.cognition[RISK_TAKING],
            q.platform * province.institutions + q.first_loss_effect * borne,
        )
    firm.is_approved = 1 if firm.is_borrower and uniform(key, firm.uid, DECIDE, 0) < odds else 0
    able = reach(leader.cognition[PROACTIVENESS], p.integration.proactiveness if p.on.M14 else 0.0)
    firm.credit_line = q.collateral_turned * able * free if firm.is_approved else 0.0


TOPIC = Topic(
    "credit",
    CreditParams,
    (
        Mechanism(
            "M98",
            "Credit and financing constraints",
            layer="G",
            seed="000 §1, 2.3; 001 §4.2",
            claim="without the risk-taking term, R&D of cash-poor firms no longer rises with risk-taking",
            neutral="whoever has unpledged capital is granted credit, and losses are the banks' alone",
        ),
    ),
)
