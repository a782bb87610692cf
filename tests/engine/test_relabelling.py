"""Which row a province has does not matter: uids carry all that tells one from another."""

import numpy as np
import pytest

from nqpf_abm import Ecosystem
from nqpf_abm.data import FOLDER
from nqpf_abm.engine.room import with_room
from nqpf_abm.engine.run import run_quarter
from nqpf_abm.state.tables import TABLES, State

ROWS = {"province": "provinces", "university": "universities", "firm": "firms", "team": "teams"}
ROWS |= {"first_team": "teams", "next_team": "teams"}
SEEDS = range(1, 9)


def relabelled(state: State, order: np.ndarray) -> State:
    """The same world with its provinces in another order, and all that belongs to them moved along."""
    moved = {"provinces": order, "governments": order}
    for name in ("universities", "projects", "firms", "employees"):
        table = getattr(state, name)
        home = np.argsort(order)[table["province"]]
        moved[name] = np.lexsort((np.arange(table.size), home, table["is_alive"] == 0))
    moved["entrepreneurs"] = moved["firms"]
    home = np.argsort(moved["firms"])[state.teams["firm"]]
    moved["teams"] = np.lexsort((np.arange(home.size), home, state.teams["is_alive"] == 0))
    parts = {name: getattr(state, name)[rows] for name, rows in moved.items()}
    for table in parts.values():
        for column in set(ROWS) & set(table.dtype.names):
            place = np.argsort(moved[ROWS[column]])
            table[column] = np.where(table[column] >= 0, place[table[column]], -1)
    others = {name: getattr(state, name).copy() for name in ("params", "world", "panel_signs")}
    others |= {"ledger": state.ledger[:, order], "panel": state.panel[order]}
    others["distance"] = state.distance[order][:, order]
    return State(**parts, **{k: np.ascontiguousarray(v) for k, v in others.items()})


def by_uid(state: State, name: str) -> np.ndarray:
    table = getattr(state, name)
    table = table[table["is_alive"] == 1]
    return table[np.argsort(table["uid"])]


def compare(a: State, b: State) -> None:
    """Every column of every row in use agrees, references by the uid they point to."""
    for name in TABLES:
        one, other = by_uid(a, name), by_uid(b, name)
        np.testing.assert_array_equal(one["uid"], other["uid"], err_msg=name)
        for column in one.dtype.names:
            x, y = one[column], other[column]
            if column in ROWS:
                x, y = (np.where(v >= 0, getattr(s, ROWS[column])["uid"][v], 0) for s, v in ((a, x), (b, y)))
            np.testing.assert_allclose(
                x.astype(float), y.astype(float), rtol=1e-9, atol=1e-9, err_msg=f"{name}.{column}"
            )


@pytest.mark.parametrize("quarters", [3, 8])
def test_after_one_quarter_the_state_is_the_same(small, quarters):
    model = Ecosystem(seed=3, quarters=9, set=small)
    for _ in range(quarters):
        model.step()
    order = np.random.default_rng(5).permutation(model.state.provinces.size)
    plain = State(*(part.copy() for part in model.state))
    other = relabelled(plain, order)
    compare(plain, other)
    plain, other = with_room(plain), with_room(other)
    run_quarter(plain, model.key)
    run_quarter(other, model.key)
    assert plain.provinces["leavers"].sum() > 0
    assert plain.provinces["hires"].sum() > 0
    compare(plain, other)


def test_a_draw_that_saw_the_row_would_be_found(small):
    """The comparison does tell provinces apart."""
    model = Ecosystem(seed=3, quarters=1, set=small).run()
    other = relabelled(model.state, np.arange(model.state.provinces.size)[::-1])
    other.provinces["wage"][0] *= 1.001
    with pytest.raises(AssertionError, match="provinces.wage"):
        compare(model.state, other)


def test_after_eleven_years_outcomes_are_the_same_but_for_chance(small, tmp_path):
    """Sums are added up in another order, so that runs part in time; their means over seeds do not."""
    text = (FOLDER / "regions" / "west.toml").read_text(encoding="utf-8")
    head, *blocks = text.split("\n[[region]]")
    turned = tmp_path / "turned.toml"
    turned.write_text(head + "".join(f"\n[[region]]{block}" for block in reversed(blocks)), "utf-8")
    gaps = []
    for seed in SEEDS:
        ends = []
        for regions in (None, turned):
            model = Ecosystem(seed=seed, set=small, regions=regions).run()
            last = model.results.series_array[-4:]
            values = [np.log(last[c].sum(axis=0)) for c in ("gdp", "rd", "residents", "firms", "energy")]
            table = np.array([*values, last["unemployment_rate"].mean(axis=0)])
            rows = np.argsort([str(name) for name in model.regions["region"]])
            ends.append(table[:, rows])
            model.close()
        gaps.append(ends[1] - ends[0])
    gaps = np.array(gaps)
    error = gaps.std(axis=0, ddof=1) / np.sqrt(len(gaps))
    assert (np.abs(gaps.mean(axis=0)) <= 5.0 * error + 1e-9).all()
    overall = gaps.mean(axis=2)  # over provinces
    error = overall.std(axis=0, ddof=1) / np.sqrt(len(gaps))
    assert (np.abs(overall.mean(axis=0)) <= 4.0 * error + 1e-9).all()
