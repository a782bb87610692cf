"""Pictures of a run: a tidy table in, a `matplotlib.figure.Figure` out. Nothing here knows the model."""

from nqpf_abm.viz.headline import headline
from nqpf_abm.viz.inequality import dagum_stack
from nqpf_abm.viz.trajectories import (
    dimension_means,
    echelon_bands,
    nqpf_trajectories,
    simulated_beside_official,
)
from nqpf_abm.viz.weights import weights_bars

__all__ = [
    "dagum_stack",
    "dimension_means",
    "echelon_bands",
    "headline",
    "nqpf_trajectories",
    "simulated_beside_official",
    "weights_bars",
]
