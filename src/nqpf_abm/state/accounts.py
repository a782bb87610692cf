"""Who pays whom: the rows of the transaction matrix, and the double entry that books them.

A transaction moves deposits from one sector to another, so the balances of all sectors sum to zero at any
time. Firms book their own side in their row (`flow`); the counterpart is booked for the whole province at
once by `settle_accounts`. Numbers in brackets are the rows of the model's account specification.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.numerics.jit import rule

FIRMS, HOUSEHOLDS, UNIVERSITIES, GOVERNMENT, CENTRE, FUND, BANKS, EAST, GOODS = range(9)
SECTORS = (
    "firms", "households", "universities", "government", "centre", "investors", "banks", "east", "goods market",
)  # fmt: skip


@dataclass(frozen=True)
class Transaction:
    """One row of the matrix: what it is, who pays, who receives."""

    name: str
    payer: int
    receiver: int


_MATRIX = (
    ("WAGES", "production wages", FIRMS, HOUSEHOLDS),
    ("RND_WAGES", "R&D wages", FIRMS, HOUSEHOLDS),
    ("RND_MATERIALS", "R&D materials", FIRMS, GOODS),
    ("CONSUMPTION", "consumption", HOUSEHOLDS, GOODS),
    ("INVESTMENT", "investment", FIRMS, GOODS),
    ("PUBLIC_PURCHASES", "public purchases", GOVERNMENT, GOODS),
    ("UNIVERSITY_PURCHASES", "university purchases", UNIVERSITIES, GOODS),
    ("SALES", "sales", GOODS, FIRMS),
    ("NET_EXPORTS", "net exports", EAST, GOODS),
    ("TURNOVER_TAX_LOCAL", "turnover tax, provincial half", FIRMS, GOVERNMENT),
    ("TURNOVER_TAX_CENTRAL", "turnover tax, central half", FIRMS, CENTRE),
    ("PROFIT_TAX_LOCAL", "profit tax, provincial part", FIRMS, GOVERNMENT),
    ("PROFIT_TAX_CENTRAL", "profit tax, central part", FIRMS, CENTRE),
    ("CENTRAL_TRANSFER", "central transfer", CENTRE, GOVERNMENT),
    ("BENEFITS", "public pay and benefits", GOVERNMENT, HOUSEHOLDS),
    ("UNIVERSITY_FUNDING", "university funding", GOVERNMENT, UNIVERSITIES),
    ("UNIVERSITY_WAGES", "university wages", UNIVERSITIES, HOUSEHOLDS),
    ("GRANTS", "R&D grants", GOVERNMENT, FIRMS),
    ("DIVIDENDS_HOUSEHOLDS", "dividends to households", FIRMS, HOUSEHOLDS),
    ("DIVIDENDS_FUND", "dividends to investors", FIRMS, FUND),
    ("RESPONSIBILITY", "social responsibility of firms", FIRMS, HOUSEHOLDS),
    ("LICENCES", "licences of university achievements", FIRMS, UNIVERSITIES),
    ("EQUITY", "equity of entrants", FUND, FIRMS),
    ("ENTRANTS_CAPITAL", "entrants' capital goods", FIRMS, EAST),
    ("NEW_LOANS", "new loans", BANKS, FIRMS),
    ("AMORTISATION", "amortisation", FIRMS, BANKS),
    ("INTEREST_HOUSEHOLDS", "interest passed to households", FIRMS, HOUSEHOLDS),
    ("INTEREST_BANKS", "interest kept by banks", FIRMS, BANKS),
    ("LIQUIDATION", "cash of closed firms", FIRMS, FUND),
    ("OVERDRAFT", "overdrafts of closed firms written off", BANKS, FIRMS),
    ("FIRST_LOSS", "first losses borne by guidance funds", FUND, BANKS),
    ("CENTRE_GAP", "centre's gap", EAST, CENTRE),
    ("MIGRANTS_OUT", "migrants' deposits leaving", HOUSEHOLDS, EAST),
    ("MIGRANTS_IN", "migrants' deposits arriving", EAST, HOUSEHOLDS),
    ("DATA_BOUGHT", "use of others' data", FIRMS, EAST),
    ("DATA_SOLD", "use of own data by others", EAST, FIRMS),
    ("COMPUTE_RENT", "rent of computing power", FIRMS, FUND),
    ("COMPUTE_INVESTMENT", "investment in computing power", FUND, GOODS),
    ("REMOTE_COMPUTE_PAID", "rent passed to other provinces' operators", FUND, EAST),
    ("REMOTE_COMPUTE_RECEIVED", "rent from users of other provinces", EAST, FUND),
    ("POLICY_PAY", "pay for policy instruments", GOVERNMENT, HOUSEHOLDS),
    ("POLICY_PURCHASES", "purchases for policy instruments", GOVERNMENT, GOODS),
    ("POLICY_UNIVERSITIES", "universities' part in policy instruments", GOVERNMENT, UNIVERSITIES),
    ("POLICY_FUNDS", "policy instruments' money for guidance funds", GOVERNMENT, FUND),
    ("POLICY_FIRMS", "support of firms by policy instruments", GOVERNMENT, FIRMS),
    ("REWARD_REPAID", "reward grants repaid by those who use the projects", FIRMS, GOVERNMENT),
    ("STAFF_SHARES", "staff's share in profit and solutions", FIRMS, HOUSEHOLDS),
    ("PATIENT_CAPITAL", "public money in patient funds", CENTRE, FUND),
)

TRANSACTIONS = tuple(Transaction(name, payer, receiver) for _, name, payer, receiver in _MATRIX)
N_ROWS = len(TRANSACTIONS)
(
    WAGES, RND_WAGES, RND_MATERIALS, CONSUMPTION, INVESTMENT, PUBLIC_PURCHASES, UNIVERSITY_PURCHASES, SALES,
    NET_EXPORTS, TURNOVER_TAX_LOCAL, TURNOVER_TAX_CENTRAL, PROFIT_TAX_LOCAL, PROFIT_TAX_CENTRAL,
    CENTRAL_TRANSFER, BENEFITS, UNIVERSITY_FUNDING, UNIVERSITY_WAGES, GRANTS, DIVIDENDS_HOUSEHOLDS,
    DIVIDENDS_FUND, RESPONSIBILITY, LICENCES, EQUITY, ENTRANTS_CAPITAL, NEW_LOANS, AMORTISATION,
    INTEREST_HOUSEHOLDS, INTEREST_BANKS, LIQUIDATION, OVERDRAFT, FIRST_LOSS, CENTRE_GAP, MIGRANTS_OUT, MIGRANTS_IN,
    DATA_BOUGHT, DATA_SOLD, COMPUTE_RENT, COMPUTE_INVESTMENT, REMOTE_COMPUTE_PAID, REMOTE_COMPUTE_RECEIVED,
    POLICY_PAY, POLICY_PURCHASES, POLICY_UNIVERSITIES, POLICY_FUNDS, POLICY_FIRMS, REWARD_REPAID, STAFF_SHARES,
    PATIENT_CAPITAL,
) = range(N_ROWS)  # fmt: skip

PAYERS = tuple(t.payer for t in TRANSACTIONS)
RECEIVERS = tuple(t.receiver for t in TRANSACTIONS)


@rule
def firm_books(firm, row, amount):
    """Book `amount` (10^6 yuan, own scale) of matrix row `row` on the firm's side: cash and flow."""
    if PAYERS[row] == FIRMS:
        firm.cash -= amount
    else:
        firm.cash += amount
    firm.flow[row] += amount


@rule
def credit(s, r, sector, amount):
    """Add `amount` (10^6 yuan, real scale) to the balance of a sector of province `r`; firms hold their own."""
    if sector == HOUSEHOLDS:
        s.provinces[r].households += amount
    elif sector == FUND:
        s.provinces[r].fund += amount
    elif sector == GOVERNMENT:
        s.governments[r].balance += amount
    elif sector == UNIVERSITIES:
        s.governments[r].universities += amount
    elif sector == CENTRE:
        s.world[0].centre += amount
    elif sector == BANKS:
        s.world[0].banks += amount
    elif sector == EAST:
        s.world[0].east += amount
    elif sector == GOODS:
        s.world[0].goods += amount


@rule
def post(s, r, row, amount):
    """Book `amount` (10^6 yuan, real scale) of matrix row `row` in province `r` on every side but the firms'."""
    s.ledger[row, r] += amount
    credit(s, r, PAYERS[row], -amount)
    credit(s, r, RECEIVERS[row], amount)
