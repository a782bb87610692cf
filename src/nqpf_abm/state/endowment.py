"""How well each province is endowed for each field of technology: a declared rule on official statistics.

A field rests on two statistics of the base year. Each is brought to 0 to 1 between the least and the best
endowed region of the run; the endowment is their mean. The statistics are official (or a published research
index); that these two carry the field is our assumption, chosen for what the field needs (power, minerals,
research, digital networks) and never from what provinces later did.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from nqpf_abm.numerics.arrays import log
from nqpf_abm.state.tables import FIELDS

STATISTICS = {
    "industrial research": lambda t: t["industrial_rd_expenditure"] / t["gdp"],
    "public research": lambda t: (t["rd_expenditure"] - t["industrial_rd_expenditure"]) / t["gdp"],
    "state research": lambda t: t["rd_gov_funds"] / t["gdp"],
    "research staff": lambda t: t["rd_personnel_fte"] / t["population"],
    "patents": lambda t: t["invention_patents"] / t["population"],
    "high-tech industry": lambda t: t["hightech_share"],
    "digital networks": lambda t: t["digital_index"],
    "energy base": lambda t: log(t["energy"] / t["gdp"]),
    "clean power": lambda t: 1 - t["fossil_share"],
    "fossil power": lambda t: t["fossil_share"],
    "carbon": lambda t: log(t["co2"] / t["gdp"]),
    "clean industry": lambda t: -log(t["co2"] / t["gdp"]),
    "labour": lambda t: log(t["population"] / t["gdp"]),
}
"""What a statistic is made of: columns of `nqpf_abm.data.load_regions`, base year."""

RESTS_ON = {
    "coal and petrochemicals": ("fossil power", "carbon"),
    "food and textiles": ("labour", "clean industry"),
    "new-energy vehicles": ("industrial research", "high-tech industry"),
    "electronics and chips": ("high-tech industry", "digital networks"),
    "aerospace": ("state research", "research staff"),
    "new energy": ("energy base", "clean power"),
    "new materials": ("energy base", "industrial research"),
    "biomedicine": ("public research", "clean industry"),
    "artificial intelligence and software": ("digital networks", "patents"),
    "advanced equipment": ("industrial research", "research staff"),
}
"""The two statistics that stand for what each field needs (assumed)."""
_FIRST = [list(STATISTICS).index(RESTS_ON[field][0]) for field in FIELDS]
_SECOND = [list(STATISTICS).index(RESTS_ON[field][1]) for field in FIELDS]


def endowments(regions: Mapping[str, np.ndarray]) -> np.ndarray:
    """Endowment of every region for every field, 0 to 1, shape (n_regions, n_fields); .5 where all are alike."""
    x = np.array([of(regions) for of in STATISTICS.values()], dtype=float)
    x[~np.isfinite(x)] = 0.0
    least, most = x.min(axis=1, keepdims=True), x.max(axis=1, keepdims=True)
    alike = most == least
    scaled = np.where(alike, 0.5, (x - least) / np.where(alike, 1.0, most - least))
    return (scaled[_FIRST] + scaled[_SECOND]).T / 2
