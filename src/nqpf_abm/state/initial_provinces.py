"""Provinces and governments of the first quarter, from official statistics of the base year."""

from __future__ import annotations

import numpy as np

from nqpf_abm.numerics.arrays import children, log
from nqpf_abm.numerics.draws import stream
from nqpf_abm.state.endowment import endowments
from nqpf_abm.state.instruments import TOPICS

PROVINCE_TAG, OTHERS_TAG = 1, 8
EARTH_DIAMETER = 12742.0  # km


def found_provinces(provinces, governments, world, regions, p) -> None:
    """Fill the rows of provinces, governments and the world from `regions`: a column (n,) per statistic of the base year."""
    quarter = {c: regions[c] / 4 for c in _MONEY}
    gdp = quarter["gdp"]
    population = regions["population"]
    employed = p["start"]["employment"] * population
    level = gdp / employed
    provinces["is_alive"] = 1
    names = [_name_number(name) for name in regions["region"]]
    provinces["uid"] = children(np.zeros(len(names)), PROVINCE_TAG, names)
    provinces["echelon"] = regions["echelon"]
    provinces["population_start"] = population
    provinces["gdp_start"] = provinces["gdp"] = gdp
    provinces["output_per_head_start"] = level
    provinces["capital_per_head_start"] = p["start"]["capital_output"] * level
    provinces["output_scale"] = 1.0
    provinces["log_tfp_level"] = (1 - p["production"]["capital_share"]) * log(
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
    provinces["hosting_seen"] = 1.0  # no rush into hosting before anybody hosts
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
    governments["uid"] = children(provinces["uid"], OTHERS_TAG)
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


def great_circle(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """Great-circle distances between capitals, km, shape (n, n); to the millimetre.

    The last bits of NumPy's sines differ between processors; rounded, the distances are the same on all.
    """
    lat, lon = np.radians(latitude), np.radians(longitude)
    half = np.sin((lat[:, None] - lat) / 2) ** 2
    half = half + np.cos(lat[:, None]) * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2
    return np.round(EARTH_DIAMETER * np.arcsin(np.sqrt(half)), 6)


def firms_per_region(gdp: np.ndarray, total: float, least: float) -> np.ndarray:
    """Firms of each region: in proportion to the square root of GDP, with a floor; shape (n,)."""
    weights = np.sqrt(gdp) / np.sqrt(gdp).sum()
    return np.maximum(round(least), np.floor(total * weights + 0.5)).astype(np.int64)


def count_heads(provinces, employees) -> None:
    """Heads in whole persons by tier; the agents of a tier stand for them up to rounding."""
    e = employees[employees["is_alive"] == 1]
    agents = np.bincount(2 * e["province"] + e["tier"], minlength=2 * len(provinces)).reshape(-1, 2)
    provinces["heads"] = np.floor(agents * provinces["weight"][:, None] + 0.5)
    provinces["heads_start"] = provinces["heads"].sum(axis=1)
