"""The pictures of a run, by the name of their file."""

from __future__ import annotations

from collections.abc import Mapping

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
) -> dict[str, Figure]:
    """Figures of the tables scores, scores_core, dagum and weights of a run.

    regions  columns region and echelon;  names  of the indicators by id
    """
    scores, core, dagum = tables["scores"], tables["scores_core"], tables["dagum"]
    return {
        "headline": headline(scores, core, dagum, regions),
        "nqpf": nqpf_trajectories(scores, regions),
        "simulated_beside_official": simulated_beside_official(core),
        "dimensions": dimension_means(scores),
        "dagum": dagum_stack(dagum),
        "echelons": echelon_bands(scores, regions),
        "weights": weights_bars(tables["weights"], names),
    }
