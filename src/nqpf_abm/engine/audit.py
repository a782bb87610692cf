"""Test mode: after every phase, does the money add up, and did the phase write only what it declared?"""

from __future__ import annotations

import numpy as np

from nqpf_abm.declare import Phase
from nqpf_abm.numerics.draws import Key
from nqpf_abm.state import accounts as book
from nqpf_abm.state.tables import TABLES, State

TOLERANCE = 1e-9


class LeakError(AssertionError):
    """Money, heads or achievements that came from nowhere, or a write that was not declared."""


class Audit:
    """Checks the identities of the quarter.

    After each phase: every firm's deposits changed by the flows it booked, every other sector's balance by
    the ledger, and no column outside the phase's declared writes changed. At the quarter's end: all
    balances sum to zero, loans owed equal loans lent, the goods market has cleared, jobs and heads add up.
    A violation raises `LeakError` naming phase, agent and amount.
    """

    def begin(self, state: State) -> None:
        """Note the balances as the quarter begins."""
        self._open(state)
        self._heads = state.provinces["heads"].copy()
        self._staffed = staffed(state)
        self._projects = by_province(state.projects, state.provinces.size)
        self._seen = snapshot(state)

    def _open(self, state: State) -> None:
        self._balances = balances(state)
        self._uids = state.firms["uid"].copy()

    def check(self, phase: Phase, state: State, key: Key) -> None:
        """Check the state after `phase`."""
        now = snapshot(state)
        self._check_writes(phase, now)
        self._seen = now
        if phase.name in ("open_books", "re_anchor"):
            self._open(state)  # the books are new, or stocks were reset outside the ledger
        self._check_firms(phase, state)
        if not _in_transit(phase):
            self._check_sectors(phase, state)

    def _check_writes(self, phase: Phase, now: dict[str, bytes]) -> None:
        allowed = set(phase.writes)
        for name, content in now.items():
            table = name.split(".")[0]
            if content != self._seen[name] and name not in allowed and f"{table}.*" not in allowed:
                raise LeakError(f"phase {phase.name} changed {name}, which it does not declare to write")

    def _check_firms(self, phase: Phase, state: State) -> None:
        firms = state.firms[state.firms["is_alive"] == 1]
        signs = np.array([-1.0 if payer == book.FIRMS else 1.0 for payer in book.PAYERS])
        booked = firms["opening_cash"] + firms["flow"] @ signs
        size = np.abs(firms["flow"]).sum(axis=1) + np.abs(firms["opening_cash"]) + 1e-12
        gap = np.abs(firms["cash"] - booked) / size
        if gap.size and gap.max() > TOLERANCE:
            worst = int(gap.argmax())
            raise LeakError(
                f"phase {phase.name}: firm {firms['uid'][worst]} holds {firms['cash'][worst]:.9g} but its books "
                f"say {booked[worst]:.9g} (10^6 yuan)"
            )

    def _check_sectors(self, phase: Phase, state: State) -> None:
        now = balances(state)
        for sector in range(len(book.SECTORS)):
            if sector == book.FIRMS:
                continue
            change = np.zeros(state.provinces.size)
            for row in range(book.N_ROWS):
                if book.PAYERS[row] == sector:
                    change -= state.ledger[row]
                if book.RECEIVERS[row] == sector:
                    change += state.ledger[row]
            expected = self._balances[sector] + (change if now[sector].size > 1 else change.sum())
            scale = np.abs(state.ledger).sum() + np.abs(now[sector]).sum() + 1.0
            gap = np.abs(now[sector] - expected) / scale
            if gap.max() > TOLERANCE:
                r = int(gap.argmax())
                where = f" of province row {r}" if now[sector].size > 1 else ""
                raise LeakError(
                    f"phase {phase.name}: {book.SECTORS[sector]}{where} hold {now[sector][r]:.9g} but the ledger "
                    f"says {expected[r]:.9g} (10^6 yuan)"
                )

    def end(self, state: State) -> None:
        """Check the identities of the whole quarter."""
        held = balances(state)
        size = sum(np.abs(b).sum() for b in held)
        total = sum(b.sum() for b in held)
        if abs(total) > TOLERANCE * size:
            raise LeakError(f"the balances of all sectors sum to {total:.6g}, not 0 (10^6 yuan)")
        if abs(state.world["goods"][0]) > TOLERANCE * state.world["gdp"][0]:
            raise LeakError(f"the goods market keeps {state.world['goods'][0]:.6g} (10^6 yuan)")
        alive = state.firms["is_alive"] == 1
        weight = state.provinces["weight"][state.firms["province"]]
        owed = (state.firms["loan"] * weight)[alive].sum()
        lent = float(state.world["loans"][0])
        if abs(owed - lent) > TOLERANCE * max(owed, 1.0):
            raise LeakError(f"firms owe {owed:.9g}, banks have lent {lent:.9g} (10^6 yuan)")
        self._end_counts(state)
        self._end_staff(state)

    @staticmethod
    def _end_staff(state: State) -> None:
        """Whoever moves people keeps the counts of firms and teams, on which their means rest."""
        people = state.employees[(state.employees["is_alive"] == 1) & (state.employees["firm"] >= 0)]
        for kind, column in (("firms", "staff"), ("teams", "size")):
            table = getattr(state, kind)
            counted = np.bincount(people[kind[:-1]], minlength=table.size)
            wrong = np.flatnonzero((table["is_alive"] == 1) & (table[column] != counted))
            if wrong.size:
                i = int(wrong[0])
                raise LeakError(
                    f"{kind} row {i}: {column} is {table[column][i]:g}, and {counted[i]} people are there"
                )

    def _end_counts(self, state: State) -> None:
        p = state.provinces
        heads = self._heads - p["leavers"] + p["arrivals"]
        if not np.array_equal(heads, p["heads"]):
            r = int(np.flatnonzero((heads != p["heads"]).any(axis=1))[0])
            raise LeakError(f"province row {r}: {p['heads'][r]} heads, the ledger says {heads[r]}")
        jobs = self._staffed + p["hires"] - p["separations"]
        if self._clock_is_normal(state) and not np.array_equal(jobs, staffed(state)):
            r = int(np.flatnonzero(jobs != staffed(state))[0])
            raise LeakError(
                f"province row {r}: {staffed(state)[r]} employed agents, the ledger says {jobs[r]}"
            )
        projects = self._projects + p["created"] - p["converted"] - p["stalled"]
        now = by_province(state.projects, p.size)
        if not np.array_equal(projects, now):
            r = int(np.flatnonzero(projects != now)[0])
            raise LeakError(f"province row {r}: {now[r]} projects under way, the ledger says {projects[r]}")

    @staticmethod
    def _clock_is_normal(state: State) -> bool:
        """Re-anchoring places idle people outside the count of hires."""
        return float(state.world["clock"][0]) != 0.0


def _in_transit(phase: Phase) -> bool:
    """Between `pay` and `settle_accounts` firms have booked what the other sectors have not."""
    return phase.name == "pay"


def snapshot(state: State) -> dict[str, bytes]:
    """The bytes of every column, by "table.column"."""
    seen = {"ledger": state.ledger.tobytes()}
    for name in TABLES:
        table = getattr(state, name)
        for column in table.dtype.names:
            seen[f"{name}.{column}"] = np.ascontiguousarray(table[column]).tobytes()
    return seen


def balances(state: State) -> list[np.ndarray]:
    """Deposits by sector in the order of `accounts.SECTORS`: per province, or one number for all."""
    alive = state.firms["is_alive"] == 1
    home = state.firms["province"]
    cash = (state.firms["cash"] * state.provinces["weight"][home])[alive]
    firms = np.bincount(home[alive], weights=cash, minlength=state.provinces.size)
    world = state.world
    return [
        firms,
        state.provinces["households"].copy(),
        state.governments["universities"].copy(),
        state.governments["balance"].copy(),
        world["centre"].copy(),
        state.provinces["fund"].copy(),
        world["banks"].copy(),
        world["east"].copy(),
        world["goods"].copy(),
    ]


def staffed(state: State) -> np.ndarray:
    """Employee agents with a job, per province."""
    people = state.employees[(state.employees["is_alive"] == 1) & (state.employees["firm"] >= 0)]
    return np.bincount(people["province"], minlength=state.provinces.size)


def by_province(table: np.ndarray, n: int) -> np.ndarray:
    """Rows in use, per province."""
    return np.bincount(table["province"][table["is_alive"] == 1], minlength=n)
