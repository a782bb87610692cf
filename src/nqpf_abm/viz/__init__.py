"""Pictures of a run or of a measured panel: a tidy table in, a `matplotlib.figure.Figure` out.

Nothing here knows the model or the measures.
"""

from nqpf_abm.viz.convergence import convergence_lines
from nqpf_abm.viz.coupling import coupling_lines
from nqpf_abm.viz.density import density_ridges
from nqpf_abm.viz.effects import effect_bands, effect_tiles, forest
from nqpf_abm.viz.headline import headline
from nqpf_abm.viz.inequality import dagum_stack, theil_stack
from nqpf_abm.viz.obstacles import obstacle_heat
from nqpf_abm.viz.ranks import echelon_dots, rank_paths
from nqpf_abm.viz.robustness import robustness_dots
from nqpf_abm.viz.sensitivity import (
    convergence_curves,
    factor_heat,
    index_bars,
    morris_plane,
    pair_heat,
    tornado,
)
from nqpf_abm.viz.space import moran_lines, tile_map
from nqpf_abm.viz.trajectories import (
    dimension_lines,
    dimension_means,
    echelon_bands,
    nqpf_trajectories,
    score_lines,
    simulated_beside_official,
)
from nqpf_abm.viz.transitions import transition_matrices
from nqpf_abm.viz.weights import weights_bars

__all__ = [
    "convergence_curves",
    "convergence_lines",
    "coupling_lines",
    "dagum_stack",
    "density_ridges",
    "dimension_lines",
    "dimension_means",
    "echelon_bands",
    "echelon_dots",
    "effect_bands",
    "effect_tiles",
    "factor_heat",
    "forest",
    "headline",
    "index_bars",
    "moran_lines",
    "morris_plane",
    "nqpf_trajectories",
    "obstacle_heat",
    "pair_heat",
    "rank_paths",
    "robustness_dots",
    "score_lines",
    "simulated_beside_official",
    "theil_stack",
    "tile_map",
    "tornado",
    "transition_matrices",
    "weights_bars",
]
