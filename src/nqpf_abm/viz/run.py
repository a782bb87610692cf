"""The pictures of a run, by the name of their file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd
from matplotlib.figure import Figure

from nqpf_abm.viz.headline import headline
from nqpf_abm.viz.inequality import dagum_stack
from nqpf_abm.viz.trajectories import (
    dimension_means,
    echelon_bands,
    nqpf_trajectories,
    simulated_beside_official,
)
from nqpf_abm.viz.weights import weights_bars


def run_figures(
    tables: Mapping[str, pd.DataFrame], regions: pd.DataFrame, names: Mapping[str, str]
) -> dict[str, Callable[[], Figure]]:
    """Makers of the figures of a run from its tables scores, scores_core, dagum and weights.

    regions  columns region and echelon;  names  of the indicators by id
    """
    scores, core, dagum = tables["scores"], tables["scores_core"], tables["dagum"]
    figures = {  # slowest first: whoever draws every other one in a second process shares the work evenly
        "headline": partial(headline, scores, core, dagum, regions),
        "simulated_beside_official": partial(simulated_beside_official, core),
        "weights": partial(weights_bars, tables["weights"], names),
        "nqpf": partial(nqpf_trajectories, scores, regions),
        "dagum": partial(dagum_stack, dagum),
        "echelons": partial(echelon_bands, scores, regions),
        "dimensions": partial(dimension_means, scores),
    }
    if not (core["source"] == "official").any():  # a user's own regions have no official panel
        del figures["simulated_beside_official"]
    return figures
