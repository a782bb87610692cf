"""The state before the first quarter: official statistics spread over agents by keyed draws.

Nothing here reads a score: the conditions come from output, population, R&D, energy and budgets of the base
year alone. Burn-in then settles what is only assumed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nqpf_abm.declare import Assumed, Checked, Parameters, Topic, param
from nqpf_abm.numerics.draws import Key, lineage, lognormal, make_key, normal, poisson, stream, uniform
from nqpf_abm.numerics.jit import compiled
from nqpf_abm.state.accounts import N_ROWS
from nqpf_abm.state.endowment import endowments
from nqpf_abm.state.instruments import TOPICS
from nqpf_abm.state.tables import (
    DTYPES,
    FIRST_TRL,
    LAST_TRL,
    N_STYLES,
    N_TRADITIONAL,
    N_TRAITS,
    TEAM_SIZE,
    State,
)

SIZE = stream("initial.size")
FIRM_TRAITS = stream("initial.firm")
FOUNDER = stream("initial.founder")
STYLE = stream("initial.style")
CHARISMA = stream("initial.charisma")
HORIZON = stream("initial.horizon")
ORIENTATION = stream("initial.orientation")
WASTE = stream("initial.waste")
TEAM_ANCHOR = stream("initial.team")
PERSON = stream("initial.person")
PERSON_LOTS = stream("initial.person_lots")
STOCK = stream("initial.projects")
PROVINCE_TAG, FIRM_TAG, ENTREPRENEUR_TAG, TEAM_TAG, PERSON_TAG, UNIVERSITY_TAG, PROJECT_TAG = range(1, 8)
OTHERS_TAG = 8

EARTH_DIAMETER = 12742.0  # km


@dataclass(frozen=True, kw_only=True)
class StartParams(Checked):
    """Size of the simulated world and what is assumed about 2012."""

    burn_in: float = param(
        20.0, low=4.0, high=60.0, unit="quarters", evidence=Assumed("micro distributions settle")
    )
    firms: float = param(
        480.0, low=60.0, high=1e6, unit="firms", evidence=Assumed("default size, before --scale")
    )
    least_firms: float = param(
        14.0, low=4.0, high=100.0, unit="firms", evidence=Assumed("in the smallest region")
    )
    universities: float = param(
        60.0, low=12.0, high=1e4, unit="universities", evidence=Assumed("default size")
    )
    employment: float = param(
        0.55,
        low=0.45,
        high=0.65,
        unit="share of residents",
        evidence=Assumed("no total of employed persons was found"),
    )
    size_log_mean: float = param(2.36, low=1.5, high=3.0, unit="log employees", evidence=Assumed("firm size"))
    size_log_sd: float = param(0.8, low=0.4, high=1.2, unit="log employees", evidence=Assumed("firm size"))
    size_low: float = param(3.0, low=2.0, high=5.0, unit="employees", evidence=Assumed("smallest firm"))
    size_high: float = param(120.0, low=60.0, high=400.0, unit="employees", evidence=Assumed("largest firm"))
    capital_output: float = param(
        10.0, low=6.0, high=16.0, unit="quarters of output", evidence=Assumed("2012")
    )
    tfp_spread: float = param(
        0.33, low=0.1, high=0.5, unit="log points", evidence=Assumed("among firms of a province")
    )
    loan_share: float = param(0.2, low=0.0, high=0.5, unit="share of capital", evidence=Assumed("2012"))
    household_deposits: float = param(
        2.4, low=1.0, high=5.0, unit="quarters of output", evidence=Assumed("2012")
    )
    firm_deposits: float = param(1.0, low=0.3, high=2.0, unit="quarters of sales", evidence=Assumed("2012"))
    fund_deposits: float = param(0.2, low=0.05, high=1.0, unit="quarters of output", evidence=Assumed("2012"))
    unemployment: float = param(0.05, low=0.02, high=0.1, unit="share", evidence=Assumed("2012Q1"))
    adopters: float = param(
        0.04, low=0.01, high=0.1, unit="share of firms", evidence=Assumed("2012, mean region")
    )
    skill_low: float = param(
        0.2, low=0.0, high=0.4, unit="0 to 1", evidence=Assumed("of 2012's staff, lower end")
    )
    skill_high: float = param(
        0.5, low=0.4, high=0.8, unit="0 to 1", evidence=Assumed("of 2012's staff, upper end")
    )
    institutions_1: float = param(0.6, low=0.3, high=0.9, unit="0 to 1", evidence=Assumed("first echelon"))
    institutions_2: float = param(0.45, low=0.2, high=0.8, unit="0 to 1", evidence=Assumed("second echelon"))
    institutions_3: float = param(0.35, low=0.1, high=0.7, unit="0 to 1", evidence=Assumed("third echelon"))


TOPIC = Topic("start", StartParams)


@compiled
def _uids(parents, ordinals, tag):
    out = np.empty(parents.size, np.uint64)
    for k in range(parents.size):
        out[k] = lineage(parents[k], 0, ordinals[k], tag)
    return out


def _children(parents, tag: int, ordinals=None) -> np.ndarray:
    """Uids of the first generation: one child per parent uid, told apart by ordinal; shape (n,)."""
    parents = np.ascontiguousarray(parents, dtype=np.uint64)
    ordinals = np.zeros(parents.size) if ordinals is None else ordinals
    return _uids(parents, np.ascontiguousarray(ordinals, dtype=np.int64), tag)


@compiled
def _normals(key, uids, draws, n):
    out = np.empty((uids.size, n))
    for i in range(uids.size):
        for k in range(n):
            out[i, k] = normal(key, uids[i], draws, k)
    return out


@compiled
def _uniforms(key, uids, draws, n):
    out = np.empty((uids.size, n))
    for i in range(uids.size):
        for k in range(n):
            out[i, k] = uniform(key, uids[i], draws, k)
    return out


def _traits(z: np.ndarray, sd: float, coherence: float) -> np.ndarray:
    """Three dimensions of orientation from own draws (first columns) and a common one (last); shape (n, 3)."""
    mixed = np.sqrt(1 - coherence) * z[:, :N_TRAITS] + np.sqrt(coherence) * z[:, -1:]
    return np.clip(0.5 + sd * mixed, 0, 1)


@compiled
def _sizes(key, uids, mean, sd, low, high):
    out = np.empty(uids.size, np.int64)
    for i in range(uids.size):
        size = lognormal(normal(key, uids[i], SIZE, 0), mean, sd)
        out[i] = int(min(max(math.floor(size + 0.5), low), high))
    return out


@compiled
def _project_stock(key, uids, means):
    out = np.empty(means.shape, np.int64)
    for i in range(means.shape[0]):
        for k in range(means.shape[1]):
            out[i, k] = poisson(means[i, k], uniform(key, uids[i], STOCK, k))
    return out


def great_circle(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """Great-circle distances between capitals, km, shape (n, n)."""
    lat, lon = np.radians(latitude), np.radians(longitude)
    half = np.sin((lat[:, None] - lat) / 2) ** 2
    half = half + np.cos(lat[:, None]) * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2
    return EARTH_DIAMETER * np.arcsin(np.sqrt(half))


def firms_per_region(gdp: np.ndarray, total: float, least: float) -> np.ndarray:
    """Firms of each region: in proportion to the square root of GDP, with a floor; shape (n,)."""
    weights = np.sqrt(gdp) / np.sqrt(gdp).sum()
    return np.maximum(round(least), np.floor(total * weights + 0.5)).astype(np.int64)


def initial_state(
    regions: pd.DataFrame,
    parameters: Parameters,
    seed: int,
    scale: float,
    n_indicators: int,
    signs: np.ndarray,
) -> State:
    """The state before the first quarter.

    regions       one row per region with the columns of `nqpf_abm.data.load_regions`
    scale         multiplies the numbers of firms, employees and universities
    n_indicators  columns of the panel that the score in the loop is computed from, with their signs
    """
    p = parameters.record[0]
    key = make_key(seed, 0)
    n = len(regions)
    world = np.zeros(1, DTYPES["world"])
    provinces = np.zeros(n, DTYPES["provinces"])
    governments = np.zeros(n, DTYPES["governments"])
    n_firms = firms_per_region(
        regions["gdp"].to_numpy(), p["start"]["firms"] * scale, p["start"]["least_firms"] * scale
    )
    home = np.repeat(np.arange(n), n_firms)
    _found_provinces(provinces, governments, world, regions, p)
    firms, entrepreneurs = _found_firms(key, provinces, regions, home, p)
    sizes = firms["staff"].astype(np.int64)
    teams, first = _found_teams(key, firms, sizes, p)
    employees = _found_people(key, firms, sizes, teams, first, p)
    provinces["weight"] = (
        p["start"]["employment"]
        * provinces["population_start"]
        / np.bincount(home, weights=sizes[: home.size], minlength=n)
    )
    _count_heads(provinces, employees)
    universities, projects = _found_universities(key, governments, provinces, p, scale)
    _endow_firms(firms, provinces, p)
    distance = great_circle(regions["latitude"].to_numpy(), regions["longitude"].to_numpy())
    distance = distance / distance[~np.eye(n, dtype=bool)].mean()
    distance = np.maximum(distance, 1e-3) + np.eye(n) * (1.0 - 1e-3)
    world["loans"] = (firms["loan"] * provinces["weight"][firms["province"]])[firms["is_alive"] == 1].sum()
    held = provinces["households"].sum() + provinces["fund"].sum()
    held += (firms["cash"] * provinces["weight"][firms["province"]]).sum()
    world["banks"] = -held
    return State(
        params=parameters.record,
        world=world,
        provinces=provinces,
        governments=governments,
        universities=universities,
        projects=projects,
        firms=firms,
        entrepreneurs=entrepreneurs,
        teams=teams,
        employees=employees,
        ledger=np.zeros((N_ROWS, n)),
        distance=np.ascontiguousarray(distance),
        panel=np.zeros((n, n_indicators)),
        panel_signs=np.ascontiguousarray(signs, dtype=np.float64),
    )


def _found_provinces(provinces, governments, world, regions, p) -> None:
    quarter = {c: regions[c].to_numpy(float) / 4 for c in regions.columns if c in _MONEY}
    gdp = quarter["gdp"]
    population = regions["population"].to_numpy(float)
    employed = p["start"]["employment"] * population
    level = gdp / employed
    provinces["is_alive"] = 1
    names = [_name_number(name) for name in regions["region"]]
    provinces["uid"] = _children(np.zeros(len(names)), PROVINCE_TAG, names)
    provinces["echelon"] = regions["echelon"]
    provinces["population_start"] = population
    provinces["gdp_start"] = provinces["gdp"] = gdp
    provinces["output_per_head_start"] = level
    provinces["capital_per_head_start"] = p["start"]["capital_output"] * level
    provinces["output_scale"] = 1.0
    provinces["log_tfp_level"] = (1 - p["production"]["capital_share"]) * np.log(
        level / (gdp.sum() / employed.sum())
    )
    wage = p["labour"]["wage_share"] * level / p["finance"]["payroll_factor"]
    provinces["wage"] = provinces["wage_start"] = wage
    provinces["rnd_intensity"] = quarter["industrial_rd_expenditure"] / gdp
    provinces["institutions"] = [p["start"][f"institutions_{min(e, 3)}"] for e in regions["echelon"]]
    provinces["institutions_start"] = provinces["institutions"]
    provinces["institutional_gap"] = p["institutions"]["lag"]
    provinces["new_returns"] = 1.0
    odds = p["research"]["success"]
    radical, green = odds * p["orientation"]["radical_base"], odds * p["carbon"]["green_base"]
    provinces["search_rates"] = [odds, radical, green, 1.0 - odds]
    provinces["radical_flow"] = [1.0, p["orientation"]["launch_speed"]]
    provinces["retained"] = p["efficiency"]["retention"]
    provinces["efficiency"] = p["efficiency"]["usual"]
    provinces["resonance"] = world["resonance_start"] = 1.0
    provinces["trust"] = p["trust"]["start"]
    provinces["stages"] = provinces["circulation_ratio"] = provinces["patience"] = 1.0
    provinces["digital_start"] = np.clip(regions["digital_index"], 0.2, 2.0)
    provinces["data_rights"] = provinces["data_rights_start"] = p["data"]["rights"]
    liquid = np.minimum(p["data"]["usual"], provinces["institutions"])
    provinces["data_liquidity"] = provinces["data_pool"] = liquid
    provinces["segmentation"] = p["segmentation"]["barrier"]
    provinces["digital_input"] = 1.0
    adopting = p["start"]["adopters"] * provinces["digital_start"] * employed
    provinces["compute_start"] = provinces["compute_installed"] = p["compute"]["headroom"] * adopting
    provinces["compute_demand"] = adopting
    provinces["fossil_share"] = provinces["fossil_share_start"] = regions["fossil_share"]
    provinces["energy_per_output"] = regions["energy"] / regions["gdp"]
    provinces["co2_per_output"] = regions["co2"] / regions["gdp"]
    provinces["new_share_start"] = np.clip(regions["hightech_share"], 0.01, 0.3)
    provinces["endowment"] = endowments(regions)
    provinces["patents_official"] = regions["invention_patents"]
    provinces["patents_per_win"] = 1.0
    provinces["households"] = p["start"]["household_deposits"] * gdp
    provinces["fund"] = p["start"]["fund_deposits"] * gdp
    provinces["income"] = 0.55 * gdp + 0.5 * quarter["fiscal_expenditure"]
    provinces["unemployment"] = 0.0
    given = p["responsibility"]["culture"] if p["on"]["M16"] else 0.0
    provinces["culture"] = provinces["culture_start"] = 1.0 + given
    provinces["utilisation"] = 1.0
    provinces["skill_match"] = 1.0
    governments["is_alive"] = 1
    governments["uid"] = _children(provinces["uid"], OTHERS_TAG)
    governments["fiscal_start"] = quarter["fiscal_expenditure"]
    governments["science_start"] = quarter["fiscal_expenditure_scitech"]
    governments["public_rnd_start"] = governments["public_rnd"] = np.maximum(
        quarter["rd_expenditure"] - quarter["industrial_rd_expenditure"], 0.0
    )
    governments["unit_cost"] = [p[topic]["unit_cost"] for topic in TOPICS]
    world["is_alive"] = 1
    world["gdp"] = world["gdp_start"] = gdp.sum()
    world["wage_index"] = world["patenting"] = world["data_reference"] = 1.0
    world["carbon_ceiling"] = p["carbon"]["ceiling_start"]
    world["fte_per_yuan"] = regions["rd_personnel_fte"].sum() / regions["rd_expenditure"].sum()


_MONEY = (
    "gdp", "rd_expenditure", "industrial_rd_expenditure", "rd_gov_funds", "fiscal_expenditure",
    "fiscal_expenditure_scitech",
)  # fmt: skip


def _name_number(name: str) -> int:
    """A number for a region's name, so that its uid does not depend on which other regions there are."""
    return int(stream(f"region.{name}"))


def _room(count: int) -> int:
    """Rows to allocate for `count` agents: some are free for newcomers."""
    return count + max(64, count // 5)


def _found_firms(key: Key, provinces, regions, home: np.ndarray, p):
    count = home.size
    firms = np.zeros(_room(count), DTYPES["firms"])
    entrepreneurs = np.zeros(firms.size, DTYPES["entrepreneurs"])
    f, e = firms[:count], entrepreneurs[:count]
    number = np.bincount(home, minlength=len(provinces))
    position = np.arange(count) - np.repeat(np.cumsum(number) - number, number)
    f["uid"] = _children(provinces["uid"][home], FIRM_TAG, position)
    s = p["start"]
    f["is_alive"] = 1
    f["province"] = home
    f["staff"] = _sizes(key, f["uid"], s["size_log_mean"], s["size_log_sd"], s["size_low"], s["size_high"])
    z = _normals(key, f["uid"], FIRM_TRAITS, 2)
    u = _uniforms(key, f["uid"], FIRM_TRAITS, 5)  # 0 and 1 are the normals'
    f["log_tfp"] = s["tfp_spread"] * z[:, 0]
    f["energy_intensity"] = np.exp(p["carbon"]["spread"] * z[:, 1])
    f["age"] = (60 * u[:, 2]).astype(np.int64)
    f["is_new"] = _chosen(home, u[:, 3], provinces["new_share_start"])
    f["field"] = _fields(f["is_new"], u[:, 4], provinces["endowment"][home], p)
    lot = _uniforms(key, f["uid"], SIZE, 2)[:, 1]
    f["is_adopter"] = _chosen(home, lot, s["adopters"] * provinces["digital_start"])
    f["data"] = f["algorithm"] = f["is_adopter"]
    f["sharing"] = p["data"]["usual"] * f["is_adopter"]
    f["digital_input"] = np.where(f["is_adopter"] == 1, 1.0 / p["production"]["non_adopter_input"], 1.0)
    f["digital_weight"] = p["production"]["digital_weight_start"]
    f["skill_match"] = f["bid"] = 1.0
    f["waste_intensity"] = np.exp(p["waste"]["spread"] * _normals(key, f["uid"], WASTE, 1)[:, 0])
    f["reuse"] = p["waste"]["reuse_start"]
    f["layers"] = int(p["demography"]["layers_start"])
    firms["first_team"] = -1
    e["is_alive"] = 1
    e["uid"] = _children(f["uid"], ENTREPRENEUR_TAG)
    e["firm"] = np.arange(count)
    low, high = p["demography"]["style_low"], p["demography"]["style_high"]
    spread = p["demography"]["orientation_sd"]
    e["orientation"] = _traits(
        _normals(key, e["uid"], FOUNDER, N_TRAITS + 1), spread, p["demography"]["coherence"]
    )
    e["cognition"] = e["orientation"]
    e["style"] = low + (high - low) * _uniforms(key, e["uid"], STYLE, N_STYLES)
    charm = _uniforms(key, e["uid"], CHARISMA, 1)[:, 0]
    e["charisma"] = p["charisma"]["low"] + (p["charisma"]["high"] - p["charisma"]["low"]) * charm
    shortest, longest = p["skills"]["horizon_low"], p["skills"]["horizon_high"]
    e["horizon"] = shortest + (longest - shortest) * _uniforms(key, e["uid"], HORIZON, 1)[:, 0]
    e["leadership"] = p["leadership"]["neutral_style"]
    e["channel"] = p["leadership"]["neutral_style"]
    e["research_drive"] = 1.0
    e["radical_share"] = p["orientation"]["radical_base"]
    e["launch_rate"] = p["orientation"]["launch_speed"]
    return firms, entrepreneurs


def _fields(is_new: np.ndarray, lots: np.ndarray, endowment: np.ndarray, p) -> np.ndarray:
    """Field of every firm, by the logit of `mechanisms/fields.py` without crowding; shape (n_firms,)."""
    weight = p["fields"]["scale"] * p["fields"]["endowment"] if p["on"]["M33"] else 0.0
    pull = np.exp(weight * endowment)
    fields = []
    for part in (slice(0, N_TRADITIONAL), slice(N_TRADITIONAL, None)):
        passed = np.cumsum(pull[:, part], axis=1)
        fields.append((lots[:, None] * passed[:, -1:] >= passed[:, :-1]).sum(axis=1))
    return np.where(is_new == 1, N_TRADITIONAL + fields[1], fields[0])


def _chosen(home: np.ndarray, lots: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """A share of each province's firms, those with the smallest lots; shape (n_firms,), 0 or 1.

    The number is share times firms, rounded up or down by chance (from the same lots): unbiased, and less noisy
    than an independent draw for each of a few firms.
    """
    chosen = np.zeros(home.size, np.int64)
    for r, share in enumerate(shares):
        rows = np.flatnonzero(home == r)
        order = rows[np.argsort(lots[rows], kind="stable")]
        dither = (lots[rows].sum() * 1e6) % 1.0
        chosen[order[: int(share * rows.size + dither)]] = 1
    return chosen


def _found_teams(key: Key, firms, sizes: np.ndarray, p):
    n_teams = np.where(firms["is_alive"] == 1, np.maximum(1, -(-sizes // TEAM_SIZE)), 0)
    count = int(n_teams.sum())
    teams = np.zeros(_room(2 * count), DTYPES["teams"])
    teams["next_team"] = -1
    t = teams[:count]
    owner = np.repeat(np.arange(firms.size), n_teams)
    first = np.concatenate([[0], np.cumsum(n_teams)[:-1]])
    position = np.arange(count) - first[owner]
    t["is_alive"] = 1
    t["firm"] = owner
    t["uid"] = _children(firms["uid"][owner], TEAM_TAG, position)
    z = _normals(key, t["uid"], TEAM_ANCHOR, N_TRAITS + 1)
    t["anchor"] = _traits(z, p["labour"]["orientation_sd"], p["labour"]["coherence"])
    t["orientation"] = t["member_mean"] = t["anchor"]
    t["safety"] = 0.5
    t["autonomy"] = t["motivation"] = p["leadership"]["neutral_style"]
    last = position == n_teams[owner] - 1
    t["next_team"] = np.where(last, -1, np.arange(count) + 1)
    firms["n_teams"] = n_teams
    firms["first_team"] = np.where(n_teams > 0, first, -1)
    return teams, first


def _found_people(key: Key, firms, sizes: np.ndarray, teams, first: np.ndarray, p):
    sizes = np.where(firms["is_alive"] == 1, sizes, 0)
    count = int(sizes.sum())
    employees = np.zeros(_room(count), DTYPES["employees"])
    employees["firm"] = employees["team"] = -1
    e = employees[:count]
    employer = np.repeat(np.arange(firms.size), sizes)
    position = np.arange(count) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    e["is_alive"] = 1
    e["firm"] = employer
    e["province"] = firms["province"][employer]
    e["team"] = first[employer] + position % firms["n_teams"][employer]
    e["uid"] = _children(firms["uid"][employer], PERSON_TAG, position)
    z = _normals(key, e["uid"], PERSON, N_TRAITS + 2)
    u = _uniforms(key, e["uid"], PERSON_LOTS, 3)
    e["anchor"] = _traits(
        np.delete(z, N_TRAITS, axis=1), p["labour"]["orientation_sd"], p["labour"]["coherence"]
    )
    e["orientation"] = e["anchor"]
    e["threshold"] = p["proactivity"]["threshold_mean"] + p["proactivity"]["threshold_sd"] * z[:, N_TRAITS]
    e["tier"] = u[:, 0] < p["labour"]["top_share"]
    e["skill"] = p["start"]["skill_low"] + (p["start"]["skill_high"] - p["start"]["skill_low"]) * u[:, 1]
    e["old_skill"] = p["skills"]["old_low"] + (p["skills"]["old_high"] - p["skills"]["old_low"]) * u[:, 2]
    e["urge"] = 1.0
    np.add.at(teams["size"], e["team"], 1)
    return employees


def _count_heads(provinces, employees) -> None:
    """Heads in whole persons by tier; the agents of a tier stand for them up to rounding."""
    for r in range(len(provinces)):
        alive = (employees["is_alive"] == 1) & (employees["province"] == r)
        for tier in range(2):
            agents = int((alive & (employees["tier"] == tier)).sum())
            provinces["heads"][r, tier] = int(agents * provinces["weight"][r] + 0.5)
    provinces["heads_start"] = provinces["heads"].sum(axis=1)


def _endow_firms(firms, provinces, p) -> None:
    """Output, capital, deposits and loans of incumbents, in proportion to staff and productivity."""
    alive = firms["is_alive"] == 1
    f = firms[alive]
    r = f["province"]
    n = len(provinces)
    weight = provinces["weight"][r]
    capacity = f["staff"] * np.exp(f["log_tfp"]) * provinces["output_per_head_start"][r]
    made = np.bincount(r, weights=capacity * weight, minlength=n)
    capacity = capacity * (provinces["gdp_start"] / made)[r]
    f["capacity"] = f["output"] = f["order"] = f["sales"] = f["expected_sales"] = capacity
    f["share"] = capacity / np.bincount(r, weights=capacity, minlength=n)[r]
    f["capital"] = provinces["capital_per_head_start"][r] * f["staff"]
    f["loan"] = p["start"]["loan_share"] * f["capital"]
    f["cash"] = f["opening_cash"] = p["start"]["firm_deposits"] * capacity
    f["fitness"] = 1.0
    f["tolerance"] = p["tolerance"]["base"]
    f["digested"] = 1.0
    f["skill"] = p["absorption"]["skill_reference"]
    f["lessons"] = p["efficiency"]["retention"] * (1.0 - p["research"]["success"])
    firms[alive] = f
    provinces["n_firms"] = np.bincount(r, minlength=n)


def _found_universities(key: Key, governments, provinces, p, scale: float):
    research = governments["public_rnd_start"]
    share = research / research.sum() if research.sum() > 0 else np.full(len(research), 1 / len(research))
    number = np.maximum(1, np.floor(p["start"]["universities"] * scale * share + 0.5)).astype(np.int64)
    home = np.repeat(np.arange(len(number)), number)
    universities = np.zeros(home.size, DTYPES["universities"])
    universities["is_alive"] = 1
    universities["province"] = home
    position = np.arange(home.size) - np.repeat(np.cumsum(number) - number, number)
    universities["uid"] = _children(provinces["uid"][home], UNIVERSITY_TAG, position)
    universities["share"] = 1.0 / number[home]
    q = p["pipeline"]
    created = np.maximum(q["per_quarter"] * share * scale, q["least_per_quarter"] * max(scale, 1.0))
    universities["mean_created"] = created[home] * universities["share"]

    levels = np.arange(FIRST_TRL, LAST_TRL)
    valley = np.where((levels >= 4) & (levels <= 6) & bool(p["on"]["M39"]), q["valley"], 1.0)
    match = _alignment(key, universities, provinces, p)
    hazard = q["advance"] * match[:, None] * valley
    passing = hazard / (hazard + q["stall"])
    reached = np.concatenate([np.ones((home.size, 1)), np.cumprod(passing, axis=1)[:, :-1]], axis=1)
    means = universities["mean_created"][:, None] * reached / -np.expm1(-(hazard + q["stall"]))
    spent = np.cumsum(1 / (hazard + q["stall"]), axis=1)
    ages = np.concatenate([np.zeros((home.size, 1)), spent[:, :-1]], axis=1)
    provinces["conversion_age"] = np.bincount(home, weights=spent[:, -1]) / number
    stock = _project_stock(key, universities["uid"], np.ascontiguousarray(means))
    count = int(stock.sum())
    projects = np.zeros(_room(2 * count), DTYPES["projects"])
    owner = np.repeat(np.arange(universities.size), stock.sum(axis=1))
    level = np.repeat(np.tile(np.arange(levels.size), universities.size), stock.ravel())
    ordinal = np.arange(count) - np.repeat(np.cumsum(stock.ravel()) - stock.ravel(), stock.ravel())
    new = projects[:count]
    new["is_alive"] = 1
    new["uid"] = _children(universities["uid"][owner], PROJECT_TAG, 4096 * level + ordinal)
    new["province"] = home[owner]
    new["university"] = owner
    new["level"] = levels[level]
    new["age"] = ages[owner, level].astype(np.int64)
    return universities, projects


def _alignment(key: Key, universities, provinces, p) -> np.ndarray:
    """Draw the universities' orientation; return the factor on the advance of their projects (M46), (n,)."""
    a = p["alignment"]
    z = _normals(key, universities["uid"], ORIENTATION, 1)[:, 0]
    universities["orientation"] = np.clip(a["orientation"] + a["orientation_sd"] * z, 0, 1)
    if not p["on"]["M46"]:
        return np.ones(universities.size)
    new_share = provinces["new_share_start"][universities["province"]]
    need = a["need_old"] + (a["need_new"] - a["need_old"]) * new_share
    return np.exp(-0.5 * ((universities["orientation"] - need) / a["tolerance"]) ** 2)
