"""Double entry: whatever is booked, the balances of all sectors sum to what they summed to before."""

import numpy as np
import pytest

from nqpf_abm import Ecosystem
from nqpf_abm.engine.audit import balances
from nqpf_abm.state import accounts as book
from nqpf_abm.state.accounts import SECTORS, TRANSACTIONS, credit, firm_books, post
from nqpf_abm.state.tables import State

ROWS = range(book.N_ROWS)
OF_FIRMS = [row for row in ROWS if book.FIRMS in (book.PAYERS[row], book.RECEIVERS[row])]


@pytest.fixture(scope="module")
def start(small):
    return Ecosystem(seed=4, quarters=4, set=small).state


@pytest.fixture
def state(start):
    return State(*(part.copy() for part in start))


def total(state) -> float:
    return float(sum(held.sum() for held in balances(state)))


def test_every_row_has_a_payer_and_another_receiver():
    assert len({transaction.name for transaction in TRANSACTIONS}) == book.N_ROWS
    for row, transaction in enumerate(TRANSACTIONS):
        assert transaction.payer != transaction.receiver
        assert {transaction.payer, transaction.receiver} <= set(range(len(SECTORS)))
        assert (book.PAYERS[row], book.RECEIVERS[row]) == (transaction.payer, transaction.receiver)


@pytest.mark.parametrize(
    ("row", "name", "payer", "receiver"),
    [
        (book.WAGES, "production wages", "firms", "households"),
        (book.SALES, "sales", "goods market", "firms"),
        (book.NET_EXPORTS, "net exports", "east", "goods market"),
        (book.CENTRAL_TRANSFER, "central transfer", "centre", "government"),
        (book.GRANTS, "R&D grants", "government", "firms"),
        (book.NEW_LOANS, "new loans", "banks", "firms"),
        (book.CENTRE_GAP, "centre's gap", "east", "centre"),
        (book.MIGRANTS_IN, "migrants' deposits arriving", "east", "households"),
    ],
)
def test_the_names_of_rows_are_those_of_the_matrix(row, name, payer, receiver):
    transaction = TRANSACTIONS[row]
    assert (transaction.name, SECTORS[transaction.payer], SECTORS[transaction.receiver]) == (
        name,
        payer,
        receiver,
    )


def test_what_the_goods_market_takes_in_it_pays_out():
    """Each use of goods enters its account, sales leave it, and trade with the East closes it."""
    into = {TRANSACTIONS[row].name for row in ROWS if book.RECEIVERS[row] == book.GOODS}
    out = {TRANSACTIONS[row].name for row in ROWS if book.PAYERS[row] == book.GOODS}
    assert into == {
        "consumption", "investment", "public purchases", "university purchases", "R&D materials",
        "net exports", "investment in computing power", "purchases for policy instruments",
    }  # fmt: skip
    assert out == {"sales"}


@pytest.mark.parametrize("row", ROWS, ids=[t.name for t in TRANSACTIONS])
def test_every_row_posts_zero_sum(state, row):
    """Firms book their side at their own scale, `post` the other side at the real scale of the province."""
    before, held = total(state), balances(state)
    firm, r = 5, int(state.firms["province"][5])
    weight = float(state.provinces["weight"][r])
    if row in OF_FIRMS:
        firm_books(state.firms[firm], row, 3.5)
    post(state, r, row, 3.5 * weight)
    assert state.ledger[row, r] == 3.5 * weight
    assert np.count_nonzero(state.ledger) == 1
    assert total(state) == pytest.approx(before, abs=1e-6 * weight)
    for sector, (old, new) in enumerate(zip(held, balances(state), strict=True)):
        sign = (sector == book.RECEIVERS[row]) - (sector == book.PAYERS[row])
        assert float((new - old).sum()) == pytest.approx(sign * 3.5 * weight, abs=1e-6 * weight)


@pytest.mark.parametrize("row", OF_FIRMS, ids=[TRANSACTIONS[row].name for row in OF_FIRMS])
def test_firms_cash_moves_by_what_flows(state, row):
    firm = state.firms[5]
    cash = float(firm["cash"])
    firm_books(firm, row, 2.0)
    firm_books(firm, row, 0.5)
    assert firm["flow"][row] == 2.5
    assert np.count_nonzero(firm["flow"]) == 1
    assert firm["cash"] - cash == pytest.approx(2.5 if book.RECEIVERS[row] == book.FIRMS else -2.5)


@pytest.mark.parametrize("row", OF_FIRMS, ids=[TRANSACTIONS[row].name for row in OF_FIRMS])
def test_the_counterpart_of_firms_leaves_firms_alone(state, row):
    cash = state.firms["cash"].copy()
    post(state, 2, row, 7.0)
    np.testing.assert_array_equal(state.firms["cash"], cash)


@pytest.mark.parametrize("sector", range(len(SECTORS)), ids=SECTORS)
def test_a_credit_reaches_one_sector_of_one_province(state, sector):
    before = balances(state)
    credit(state, 3, sector, 11.0)
    for k, (old, new) in enumerate(zip(before, balances(state), strict=True)):
        change = new - old
        if k != sector or sector == book.FIRMS:
            assert (change == 0).all()
        else:
            assert change[3 if change.size > 1 else 0] == pytest.approx(11.0)
            assert np.count_nonzero(change) == 1


def test_a_run_keeps_every_balance_accounted_for(small):
    """All sectors together hold nothing, and the goods market clears, whatever happens for five years."""
    model = Ecosystem(seed=8, quarters=12, set=small).run()
    held = balances(model.state)
    size = sum(np.abs(part).sum() for part in held)
    assert abs(sum(part.sum() for part in held)) < 1e-12 * size
    assert abs(held[book.GOODS][0]) < 1e-9 * model.state.world["gdp"][0]
