"""Every mechanism of the specification, live or not yet: id, name, layer, core and where the seeds speak of it."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from nqpf_abm.data import FOLDER
from nqpf_abm.data.reading import read_rows

LAYERS = {
    "A": "Entrepreneurship and trickle-down",
    "B": "Efficiency, resonance, diffusion",
    "C": "Paradoxes and dilemmas",
    "D": "Improvement paths",
    "E": "Policy instruments",
    "F": "Failure risks and closure",
    "G": "Added after review",
}


class Entry(NamedTuple):
    """One row of the catalogue. `core` mechanisms belong to the first version; `seed` is paper and section."""

    id: str
    name: str
    layer: str
    core: bool
    seed: str


@cache
def catalogue() -> dict[str, Entry]:
    """The rows of the catalogue by id, M01 to M104, and M105 of our own: the subsidy that scenario S27 asks for."""
    found = [row.cells for row in read_rows(FOLDER / "catalogue.csv")[1]]
    return {
        row["id"]: Entry(row["id"], row["name"], row["layer"], row["core"] == "yes", row["seed"])
        for row in found
    }
