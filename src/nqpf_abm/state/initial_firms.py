"""The firms of the first quarter, with their entrepreneurs, teams and staff."""

from __future__ import annotations

import numpy as np

from nqpf_abm.numerics.arrays import children, exp, normals, uniforms, whole_lognormals
from nqpf_abm.numerics.draws import Key, stream
from nqpf_abm.state.tables import DTYPES, N_STYLES, N_TRADITIONAL, N_TRAITS, TEAM_SIZE, room

SIZE = stream("initial.size")
FIRM_TRAITS = stream("initial.firm")
FOUNDER = stream("initial.founder")
STYLE = stream("initial.style")
CHARISMA = stream("initial.charisma")
HORIZON = stream("initial.horizon")
WASTE = stream("initial.waste")
TEAM_ANCHOR = stream("initial.team")
PERSON = stream("initial.person")
PERSON_LOTS = stream("initial.person_lots")
FIRM_TAG, ENTREPRENEUR_TAG, TEAM_TAG, PERSON_TAG = range(2, 6)


def found_firms(key: Key, provinces, home: np.ndarray, p):
    count = home.size
    firms = np.zeros(room(count), DTYPES["firms"])
    entrepreneurs = np.zeros(firms.size, DTYPES["entrepreneurs"])
    f, e = firms[:count], entrepreneurs[:count]
    number = np.bincount(home, minlength=len(provinces))
    position = np.arange(count) - np.repeat(np.cumsum(number) - number, number)
    f["uid"] = children(provinces["uid"][home], FIRM_TAG, position)
    s = p["start"]
    f["is_alive"] = 1
    f["province"] = home
    f["staff"] = whole_lognormals(
        key, f["uid"], SIZE, s["size_log_mean"], s["size_log_sd"], s["size_low"], s["size_high"]
    )
    z = normals(key, f["uid"], FIRM_TRAITS, 2)
    u = uniforms(key, f["uid"], FIRM_TRAITS, 5)  # 0 and 1 are the normals'
    f["log_tfp"] = s["tfp_spread"] * z[:, 0]
    f["energy_intensity"] = exp(p["carbon"]["spread"] * z[:, 1])
    f["age"] = (60 * u[:, 2]).astype(np.int64)
    f["is_new"] = _chosen(home, u[:, 3], provinces["new_share_start"])
    f["field"] = _fields(f["is_new"], u[:, 4], provinces["endowment"][home], p)
    lot = uniforms(key, f["uid"], SIZE, 2)[:, 1]
    f["is_adopter"] = _chosen(home, lot, s["adopters"] * provinces["digital_start"])
    f["data"] = f["algorithm"] = f["is_adopter"]
    f["sharing"] = p["data"]["usual"] * f["is_adopter"]
    f["digital_input"] = np.where(f["is_adopter"] == 1, 1.0 / p["production"]["non_adopter_input"], 1.0)
    f["digital_weight"] = p["production"]["digital_weight_start"]
    f["skill_match"] = f["bid"] = 1.0
    f["waste_intensity"] = exp(p["waste"]["spread"] * normals(key, f["uid"], WASTE, 1)[:, 0])
    f["reuse"] = p["waste"]["reuse_start"]
    f["layers"] = int(p["demography"]["layers_start"])
    firms["first_team"] = -1
    e["is_alive"] = 1
    e["uid"] = children(f["uid"], ENTREPRENEUR_TAG)
    e["firm"] = np.arange(count)
    low, high = p["demography"]["style_low"], p["demography"]["style_high"]
    spread = p["demography"]["orientation_sd"]
    e["orientation"] = traits(
        normals(key, e["uid"], FOUNDER, N_TRAITS + 1), spread, p["demography"]["coherence"]
    )
    e["cognition"] = e["orientation"]
    e["style"] = low + (high - low) * uniforms(key, e["uid"], STYLE, N_STYLES)
    charm = uniforms(key, e["uid"], CHARISMA, 1)[:, 0]
    e["charisma"] = p["charisma"]["low"] + (p["charisma"]["high"] - p["charisma"]["low"]) * charm
    shortest, longest = p["skills"]["horizon_low"], p["skills"]["horizon_high"]
    e["horizon"] = shortest + (longest - shortest) * uniforms(key, e["uid"], HORIZON, 1)[:, 0]
    e["leadership"] = p["leadership"]["neutral_style"]
    e["channel"] = p["leadership"]["neutral_style"]
    e["research_drive"] = 1.0
    e["radical_share"] = p["orientation"]["radical_base"]
    e["winnable"] = 1.0
    e["launch_rate"] = p["orientation"]["launch_speed"]
    return firms, entrepreneurs


def _fields(is_new: np.ndarray, lots: np.ndarray, endowment: np.ndarray, p) -> np.ndarray:
    """Field of every firm, by the logit of `mechanisms/fields.py` without crowding; shape (n_firms,)."""
    weight = p["fields"]["scale"] * p["fields"]["endowment"] if p["on"]["M33"] else 0.0
    pull = exp(weight * endowment)
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


def traits(z: np.ndarray, sd: float, coherence: float) -> np.ndarray:
    """Three dimensions of orientation from own draws (first columns) and a common one (last); shape (n, 3)."""
    mixed = np.sqrt(1 - coherence) * z[:, :N_TRAITS] + np.sqrt(coherence) * z[:, -1:]
    return np.clip(0.5 + sd * mixed, 0, 1)


def found_teams(key: Key, firms, sizes: np.ndarray, p):
    n_teams = np.where(firms["is_alive"] == 1, np.maximum(1, -(-sizes // TEAM_SIZE)), 0)
    count = int(n_teams.sum())
    teams = np.zeros(room(2 * count), DTYPES["teams"])
    teams["next_team"] = -1
    t = teams[:count]
    owner = np.repeat(np.arange(firms.size), n_teams)
    first = np.concatenate([[0], np.cumsum(n_teams)[:-1]])
    position = np.arange(count) - first[owner]
    t["is_alive"] = 1
    t["firm"] = owner
    t["uid"] = children(firms["uid"][owner], TEAM_TAG, position)
    z = normals(key, t["uid"], TEAM_ANCHOR, N_TRAITS + 1)
    t["anchor"] = traits(z, p["labour"]["orientation_sd"], p["labour"]["coherence"])
    t["orientation"] = t["member_mean"] = t["anchor"]
    t["safety"] = 0.5
    t["autonomy"] = t["motivation"] = p["leadership"]["neutral_style"]
    last = position == n_teams[owner] - 1
    t["next_team"] = np.where(last, -1, np.arange(count) + 1)
    firms["n_teams"] = n_teams
    firms["first_team"] = np.where(n_teams > 0, first, -1)
    return teams, first


def found_people(key: Key, firms, sizes: np.ndarray, teams, first: np.ndarray, p):
    sizes = np.where(firms["is_alive"] == 1, sizes, 0)
    count = int(sizes.sum())
    employees = np.zeros(room(count), DTYPES["employees"])
    employees["firm"] = employees["team"] = -1
    e = employees[:count]
    employer = np.repeat(np.arange(firms.size), sizes)
    position = np.arange(count) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    e["is_alive"] = 1
    e["firm"] = employer
    e["province"] = firms["province"][employer]
    e["team"] = first[employer] + position % firms["n_teams"][employer]
    e["uid"] = children(firms["uid"][employer], PERSON_TAG, position)
    z = normals(key, e["uid"], PERSON, N_TRAITS + 2)
    u = uniforms(key, e["uid"], PERSON_LOTS, 3)
    e["anchor"] = traits(
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


def endow_firms(firms, provinces, p) -> None:
    """Output, capital, deposits and loans of incumbents, in proportion to staff and productivity."""
    alive = firms["is_alive"] == 1
    f = firms[alive]
    r = f["province"]
    n = len(provinces)
    weight = provinces["weight"][r]
    capacity = f["staff"] * exp(f["log_tfp"]) * provinces["output_per_head_start"][r]
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
