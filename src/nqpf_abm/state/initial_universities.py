"""The universities of the first quarter and the projects that are under way in them."""

from __future__ import annotations

import numpy as np

from nqpf_abm.numerics.arrays import children, exp, normals, poissons
from nqpf_abm.numerics.draws import Key, stream
from nqpf_abm.state.tables import DTYPES, FIRST_TRL, LAST_TRL, room

ORIENTATION = stream("initial.orientation")
STOCK = stream("initial.projects")
UNIVERSITY_TAG, PROJECT_TAG = 6, 7


def found_universities(key: Key, governments, provinces, p, scale: float):
    research = governments["public_rnd_start"]
    share = research / research.sum() if research.sum() > 0 else np.full(len(research), 1 / len(research))
    number = np.maximum(1, np.floor(p["start"]["universities"] * scale * share + 0.5)).astype(np.int64)
    home = np.repeat(np.arange(len(number)), number)
    universities = np.zeros(home.size, DTYPES["universities"])
    universities["is_alive"] = 1
    universities["province"] = home
    position = np.arange(home.size) - np.repeat(np.cumsum(number) - number, number)
    universities["uid"] = children(provinces["uid"][home], UNIVERSITY_TAG, position)
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
    means = universities["mean_created"][:, None] * reached / (1.0 - exp(-(hazard + q["stall"])))
    spent = np.cumsum(1 / (hazard + q["stall"]), axis=1)
    ages = np.concatenate([np.zeros((home.size, 1)), spent[:, :-1]], axis=1)
    provinces["conversion_age"] = np.bincount(home, weights=spent[:, -1]) / number
    stock = poissons(key, universities["uid"], STOCK, np.ascontiguousarray(means))
    count = int(stock.sum())
    projects = np.zeros(room(2 * count), DTYPES["projects"])
    owner = np.repeat(np.arange(universities.size), stock.sum(axis=1))
    level = np.repeat(np.tile(np.arange(levels.size), universities.size), stock.ravel())
    ordinal = np.arange(count) - np.repeat(np.cumsum(stock.ravel()) - stock.ravel(), stock.ravel())
    new = projects[:count]
    new["is_alive"] = 1
    new["uid"] = children(universities["uid"][owner], PROJECT_TAG, 4096 * level + ordinal)
    new["province"] = home[owner]
    new["university"] = owner
    new["level"] = levels[level]
    new["age"] = ages[owner, level].astype(np.int64)
    return universities, projects


def _alignment(key: Key, universities, provinces, p) -> np.ndarray:
    """Draw the universities' orientation; return the factor on the advance of their projects (M46), (n,)."""
    a = p["alignment"]
    z = normals(key, universities["uid"], ORIENTATION, 1)[:, 0]
    universities["orientation"] = np.clip(a["orientation"] + a["orientation_sd"] * z, 0, 1)
    if not p["on"]["M46"]:
        return np.ones(universities.size)
    new_share = provinces["new_share_start"][universities["province"]]
    need = a["need_old"] + (a["need_new"] - a["need_old"]) * new_share
    return exp(-0.5 * ((universities["orientation"] - need) / a["tolerance"]) ** 2)
