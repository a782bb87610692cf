"""The state before the first quarter, and at 2012Q1, is what official statistics say."""

from functools import cache

import numpy as np
import pytest

from nqpf_abm import Ecosystem
from nqpf_abm.data.places import load_regions
from nqpf_abm.declare import Parameters
from nqpf_abm.engine.room import with_room
from nqpf_abm.engine.run import run_phase, run_quarter
from nqpf_abm.engine.schedule import QUARTER
from nqpf_abm.mechanisms import topics
from nqpf_abm.numerics.draws import make_key
from nqpf_abm.state import initial
from nqpf_abm.state.initial import initial_state
from nqpf_abm.state.initial_provinces import firms_per_region, great_circle
from nqpf_abm.state.tables import TABLES

SIGNS = np.array([1.0, -1.0, 1.0])


@cache
def begun(seed=1, scale=1.0, regions=None, **changes):
    """The initial state; not to be changed by a test."""
    start = load_regions(regions).columns
    return initial_state(start, Parameters(topics(), changes), seed, scale, SIGNS.size, SIGNS)


@pytest.fixture(scope="module")
def west():
    return load_regions().table


@pytest.fixture(scope="module")
def anchored(small):
    """The state at 2012Q1, right after re-anchoring."""
    state = Ecosystem(seed=2, quarters=4, set=small).state
    for quarter in range(8):
        state = with_room(state)
        run_quarter(state, make_key(2, quarter))
    for name in ("open_books", "re_anchor"):
        run_phase(next(phase for phase in QUARTER if phase.name == name), state, make_key(2, 8))
    return state


def alive(table):
    return table[table["is_alive"] == 1]


def weighted(state, *columns):
    """Sum over firms of weight times the product of columns, per province."""
    firms = alive(state.firms)
    values = state.provinces["weight"][firms["province"]].copy()
    for column in columns:
        values *= firms[column]
    return np.bincount(firms["province"], weights=values, minlength=state.provinces.size)


# ------------------------------------------------------------------------------------ official aggregates


def test_output_is_the_official_one(west):
    state = begun()
    np.testing.assert_allclose(weighted(state, "capacity"), west["gdp"] / 4, rtol=1e-12)
    np.testing.assert_allclose(weighted(state, "sales"), west["gdp"] / 4, rtol=1e-12)
    assert state.world["gdp_start"][0] == pytest.approx(west["gdp"].sum() / 4, rel=1e-12)
    shares = np.bincount(alive(state.firms)["province"], weights=alive(state.firms)["share"])
    np.testing.assert_allclose(shares, 1, rtol=1e-12)


def test_heads_are_the_employed_of_official_residents(west):
    state = begun()
    heads = state.provinces["heads"].sum(axis=1)
    assert np.abs(heads - 0.55 * west["population"]).max() <= 1  # rounded to persons, tier by tier
    np.testing.assert_allclose(weighted(state, "staff"), 0.55 * west["population"], rtol=1e-12)
    agents = np.bincount(alive(state.employees)["province"])
    np.testing.assert_allclose(agents * state.provinces["weight"], 0.55 * west["population"], rtol=1e-12)


def test_research_is_the_official_one(west):
    state = begun()
    industry = state.provinces["rnd_intensity"] * west["gdp"]
    np.testing.assert_allclose(industry, west["industrial_rd_expenditure"], rtol=1e-12)
    public = 4 * state.governments["public_rnd_start"]
    np.testing.assert_allclose(industry + public, west["rd_expenditure"], rtol=1e-12)
    staff = state.world["fte_per_yuan"][0] * west["rd_expenditure"].sum()
    assert staff == pytest.approx(west["rd_personnel_fte"].sum(), rel=1e-12)


def test_energy_carbon_and_mix_are_the_official_ones(west):
    provinces = begun().provinces
    np.testing.assert_allclose(provinces["energy_per_output"] * west["gdp"], west["energy"], rtol=1e-12)
    np.testing.assert_allclose(provinces["co2_per_output"] * west["gdp"], west["co2"], rtol=1e-12)
    np.testing.assert_array_equal(provinces["fossil_share"], west["fossil_share"])


def test_budgets_are_the_official_ones(west):
    governments = begun().governments
    np.testing.assert_allclose(4 * governments["fiscal_start"], west["fiscal_expenditure"], rtol=1e-12)
    np.testing.assert_allclose(
        4 * governments["science_start"], west["fiscal_expenditure_scitech"], rtol=1e-12
    )


def test_stocks_are_the_declared_quarters_of_output(west):
    state = begun()
    np.testing.assert_allclose(weighted(state, "capital"), 10 * west["gdp"] / 4, rtol=1e-12)
    np.testing.assert_allclose(weighted(state, "loan"), 2 * west["gdp"] / 4, rtol=1e-12)
    np.testing.assert_allclose(weighted(state, "cash"), west["gdp"] / 4, rtol=1e-12)
    np.testing.assert_allclose(state.provinces["households"], 2.4 * west["gdp"] / 4, rtol=1e-12)
    np.testing.assert_allclose(state.provinces["fund"], 0.2 * west["gdp"] / 4, rtol=1e-12)
    held = weighted(state, "cash") + state.provinces["households"] + state.provinces["fund"]
    assert state.world["banks"][0] == pytest.approx(-held.sum(), rel=1e-12)
    assert state.world["loans"][0] == pytest.approx(weighted(state, "loan").sum(), rel=1e-12)


def test_no_score_enters_the_initial_state():
    provinces = begun().provinces
    assert (provinces["score"] == 0).all()
    assert (provinces["score_z"] == 0).all()


def test_at_2012q1_output_energy_and_patents_are_the_official_ones(anchored, west):
    """Burn-in may move micro distributions, never the totals the comparison starts from."""
    provinces = anchored.provinces
    usual = weighted(anchored, "capacity") * provinces["utilisation"]
    np.testing.assert_allclose(usual, west["gdp"] / 4, rtol=1e-9)
    np.testing.assert_allclose(provinces["gdp"], west["gdp"] / 4, rtol=1e-12)
    burnt = weighted(anchored, "capacity", "energy_intensity") * provinces["utilisation"]
    np.testing.assert_allclose(4 * burnt * provinces["energy_per_output"], west["energy"], rtol=1e-9)
    np.testing.assert_array_equal(provinces["fossil_share"], west["fossil_share"])
    patents = 4 * provinces["expected_wins"] * provinces["patents_per_win"]
    np.testing.assert_allclose(patents, west["invention_patents"], rtol=1e-9)


def test_at_2012q1_few_are_idle(anchored):
    people = alive(anchored.employees)
    idle = np.bincount(people["province"][people["firm"] < 0], minlength=12)
    assert (idle <= 0.05 * np.bincount(people["province"])).all()


def test_re_anchoring_leaves_balances_that_sum_to_nothing(anchored):
    held = anchored.provinces["households"].sum() + anchored.provinces["fund"].sum()
    held += weighted(anchored, "cash").sum()
    held += anchored.governments["balance"].sum() + anchored.governments["universities"].sum()
    world = anchored.world[0]
    held += world["centre"] + world["banks"] + world["east"] + world["goods"]
    assert abs(held) < 1e-9 * anchored.provinces["households"].sum()
    assert world["loans"] == pytest.approx(weighted(anchored, "loan").sum(), rel=1e-12)


# ---------------------------------------------------------------------------------------- who there is


def test_firms_per_region():
    np.testing.assert_array_equal(firms_per_region(np.array([1.0, 4.0, 9.0]), 60, 4), [10, 20, 30])
    np.testing.assert_array_equal(firms_per_region(np.array([1.0, 4.0, 9.0]), 60, 14.0), [14, 20, 30])
    np.testing.assert_array_equal(firms_per_region(np.array([5.0, 5.0]), 5, 1), [3, 3])


def test_firms_of_the_west_by_default(west):
    number = firms_per_region(west["gdp"].to_numpy(), 480, 14)
    by_name = dict(zip(west["region"], number, strict=True))
    assert by_name["Xizang"] == 14
    assert max(by_name, key=by_name.get) == "Sichuan"
    assert number.sum() == pytest.approx(480, abs=6)
    np.testing.assert_array_equal(np.bincount(alive(begun().firms)["province"]), number)
    np.testing.assert_array_equal(begun().provinces["n_firms"], number)


def test_firm_sizes_are_those_of_their_staff():
    state = begun()
    people = alive(state.employees)
    firms = alive(state.firms)
    np.testing.assert_array_equal(np.bincount(people["firm"]), firms["staff"])
    assert firms["staff"].min() >= 3
    assert firms["staff"].max() <= 120
    assert np.log(firms["staff"]).mean() == pytest.approx(2.36, abs=4 * 0.8 / np.sqrt(firms.size))


def test_every_team_is_in_its_firms_list_with_its_members():
    state = begun()
    people = alive(state.employees)
    size = np.bincount(people["team"], minlength=state.teams.size)
    np.testing.assert_array_equal(state.teams["size"], size)
    assert size[state.teams["is_alive"] == 1].min() >= 1
    assert size.max() <= 8
    np.testing.assert_array_equal(state.teams["firm"][people["team"]], people["firm"])
    for i in np.flatnonzero(state.firms["is_alive"] == 1):
        listed, k = [], state.firms["first_team"][i]
        while k >= 0:
            listed.append(k)
            k = state.teams["next_team"][k]
        assert len(listed) == state.firms["n_teams"][i]
        assert (state.teams["firm"][listed] == i).all()


def test_uids_are_unique_over_all_tables():
    state = begun()
    uids = np.concatenate([alive(getattr(state, name))["uid"] for name in TABLES if name != "world"])
    assert uids.size > 8000
    assert np.unique(uids).size == uids.size
    assert uids.min() > 0


def test_entrepreneurs_lead_the_firm_of_their_row():
    state = begun()
    np.testing.assert_array_equal(state.entrepreneurs["is_alive"], state.firms["is_alive"])
    np.testing.assert_array_equal(
        alive(state.entrepreneurs)["firm"], np.flatnonzero(state.firms["is_alive"] == 1)
    )


def test_traits_are_declared_shares():
    state = begun()
    for table, columns in {
        "entrepreneurs": ("orientation", "style"),
        "teams": ("orientation", "anchor", "safety"),
        "employees": ("orientation", "anchor", "skill"),
    }.items():
        for column in columns:
            values = alive(getattr(state, table))[column]
            assert values.min() >= 0.0
            assert values.max() <= 1.0
            assert column == "safety" or np.ptp(values) > 0.2
    assert alive(state.employees)["tier"].mean() == pytest.approx(0.05, abs=0.01)
    assert alive(state.employees)["orientation"].std() == pytest.approx(0.15, abs=0.005)


def test_there_are_rows_for_newcomers():
    state = begun()
    for name in ("firms", "entrepreneurs", "teams", "employees", "projects"):
        table = getattr(state, name)
        assert table.size - table["is_alive"].sum() >= 64
    free = state.employees["is_alive"] == 0
    assert (state.employees["firm"][free] == -1).all()
    assert (state.firms["first_team"][state.firms["is_alive"] == 0] == -1).all()


def test_every_region_has_a_university_that_shares_its_research():
    universities = begun().universities
    np.testing.assert_allclose(np.bincount(universities["province"], weights=universities["share"]), 1)
    assert (universities["mean_created"] > 0).all()


def test_the_stock_of_projects_is_the_steady_one():
    """The projects that begin, over a hazard's mean duration at each level, give or take chance."""
    state = begun(**{"start.universities": 120.0, "pipeline.per_quarter": 120.0})
    stall, created, expected = 0.05, state.universities["mean_created"].sum(), {}
    for level in range(3, 9):
        hazard = 0.5 * 0.49 * (0.5 if 4 <= level <= 6 else 1.0)
        expected[level] = created / -np.expm1(-(hazard + stall))
        created *= hazard / (hazard + stall)
    levels, counts = np.unique(alive(state.projects)["level"], return_counts=True)
    np.testing.assert_array_equal(levels, range(3, 9))
    for level, count in zip(levels, counts, strict=True):
        assert count == pytest.approx(expected[level], abs=4 * np.sqrt(expected[level]))


# --------------------------------------------------------------------------------------------- geography


def test_distances_are_symmetric_and_in_units_of_the_mean():
    distance = begun().distance
    np.testing.assert_array_equal(distance, distance.T)
    np.testing.assert_array_equal(np.diag(distance), 1.0)  # ln 1 = 0: at home distance costs nothing
    assert distance[~np.eye(12, dtype=bool)].mean() == pytest.approx(1, rel=1e-12)
    assert (distance > 0).all()


def test_great_circles():
    degree = great_circle(np.array([0.0, 0.0, 90.0]), np.array([0.0, 1.0, 0.0]))
    assert degree[0, 1] == pytest.approx(111.19, abs=0.02)  # one degree of the equator, km
    assert degree[0, 2] == pytest.approx(10007, abs=2)  # a quarter of the meridian
    assert (np.diag(degree) == 0).all()
    pair = great_circle(np.array([29.563, 30.573]), np.array([106.551, 104.066]))
    assert pair[0, 1] == pytest.approx(264, abs=5)  # Chongqing to Chengdu


# ------------------------------------------------------------------------------------ seed, scale, regions


def columns_that_differ(a, b):
    return [
        f"{table}.{column}"
        for table in TABLES
        for column in getattr(a, table).dtype.names
        if not np.array_equal(getattr(a, table)[column], getattr(b, table)[column])
    ]


def test_the_same_seed_gives_the_same_state():
    once = begun(seed=1)
    initial._worlds.clear()  # so that it is founded anew, not copied
    fresh = begun.__wrapped__(seed=1)
    assert columns_that_differ(once, fresh) == []


def test_another_seed_gives_another_state_of_the_same_places():
    differ = columns_that_differ(begun(seed=1), begun(seed=2))
    for column in ("firms.staff", "firms.log_tfp", "entrepreneurs.style", "employees.skill"):
        assert column in differ
    for column in ("provinces.uid", "provinces.gdp_start", "provinces.wage", "firms.province"):
        assert column not in differ


@pytest.mark.parametrize("scale", [0.5, 2.0, 4.0])
def test_scale_multiplies_agents_and_no_aggregate(scale):
    one, many = begun(), begun(scale=scale)
    for table in ("firms", "entrepreneurs", "employees", "universities"):
        ratio = alive(getattr(many, table)).size / alive(getattr(one, table)).size
        assert ratio == pytest.approx(scale, rel=0.12), table
    for columns in (("capacity",), ("staff",), ("capital",), ("loan",), ("cash",)):
        np.testing.assert_allclose(weighted(many, *columns), weighted(one, *columns), rtol=1e-9)
    for column in ("gdp_start", "households", "fund", "population_start", "energy_per_output", "wage"):
        np.testing.assert_array_equal(many.provinces[column], one.provinces[column])
    heads = [state.provinces["heads"].sum(axis=1) for state in (one, many)]
    assert np.abs(heads[0] - heads[1]).max() <= 2


TWO = """
name = "two"
[[region]]
name = "Sichuan"
[[region]]
name = "Plain"
latitude = 31.0
longitude = 110.0
echelon = 2
population = 3e7
gdp = 9e5
rd_expenditure = 9000
industrial_rd_expenditure = 5000
rd_gov_funds = 3000
rd_personnel_fte = 30000
fiscal_expenditure = 2e5
fiscal_expenditure_scitech = 2500
hightech_share = 0.05
digital_index = 35
invention_patents = 900
energy = 9000
co2 = 250
fossil_share = 0.8
wage = 38000
"""


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    path = tmp_path_factory.mktemp("regions") / "two.toml"
    path.write_text(TWO)
    return str(path)


def test_two_regions_of_a_users_file(two):
    state = begun(regions=two)
    assert state.provinces.size == 2
    assert state.distance.tolist() == [[1.0, 1.0], [1.0, 1.0]]
    np.testing.assert_allclose(weighted(state, "capacity"), load_regions(two).table["gdp"] / 4, rtol=1e-12)
    assert np.bincount(alive(state.firms)["province"]).sum() == pytest.approx(480, abs=1)


def test_two_regions_run(two, small):
    model = Ecosystem(seed=1, quarters=8, set=small, regions=two, audit=True).run()
    gdp = model.results.series.query("year == 2012").groupby("province")["gdp"].sum()
    assert gdp["Plain"] == pytest.approx(9e5, rel=0.15)


def test_a_place_keeps_its_identity_among_others(two):
    """So that its agents have the same luck whichever other regions there are."""
    assert begun(regions=two).provinces["uid"][0] == begun().provinces["uid"][1]
    assert load_regions().table["region"][1] == "Sichuan"


def test_field_and_productivity_are_independent():
    firms = begun(scale=4.0).firms
    firms = firms[firms["is_alive"] == 1]
    spread = [firms["log_tfp"][firms["field"] == k].std() for k in (0, 1)]
    assert spread[0] / spread[1] == pytest.approx(1, abs=0.1)


# ------------------------------------------------------------------------------------ worlds that begin alike


def founding(**changes):
    """A state founded anew or copied, and whether it was founded anew."""
    before = tuple(initial._worlds)
    start = load_regions(shared=True).columns
    state = initial_state(start, Parameters(topics(), changes), 77, 1.0, SIGNS.size, SIGNS)
    return state, any(all(world is not old for old in before) for world in initial._worlds)


def same_bytes(one, other):
    return all(getattr(one, name).tobytes() == getattr(other, name).tobytes() for name in TABLES)


def test_a_world_that_begins_alike_is_a_copy_of_its_own(monkeypatch):
    initial._worlds.clear()
    (first, is_new), (again, is_again) = founding(), founding()
    assert is_new and not is_again
    assert same_bytes(first, again)
    again.firms["cash"] = 0.0
    again.distance[:] = 0.0
    third, _ = founding()
    assert same_bytes(first, third)
    np.testing.assert_array_equal(first.distance, third.distance)
    monkeypatch.setattr(initial, "MOST_BYTES", 0)
    initial._worlds.clear()
    assert not founding()[1] and not initial._worlds  # too large to keep


def test_what_founding_does_not_read_may_differ_and_is_the_runs_own():
    one, _ = founding()
    other, is_new = founding(**{"leadership.adjustment": 0.2, "M06": False})
    assert not is_new and same_bytes(one, other)
    assert other.params["leadership"]["adjustment"][0] == 0.2 and other.params["on"]["M06"][0] == 0
    assert one.params["on"]["M06"][0] == 1


@pytest.mark.parametrize(
    "name", sorted(row["name"] for row in Parameters(topics()).table() if row["low"] < row["high"])
)
def test_a_copied_world_is_the_one_that_would_be_founded(name):
    """Whichever one number differs: worlds that were kept must not stand for others."""
    row = next(row for row in Parameters(topics()).table() if row["name"] == name)
    value = row["high"] if row["high"] != row["default"] else row["low"]
    if name in ("start.firms", "start.universities"):
        value = 1.5 * row["default"]
    founding()
    kept, _ = founding(**{name: value})
    initial._worlds.clear()
    anew, is_new = founding(**{name: value})
    assert is_new and same_bytes(kept, anew)
