"""How good is a panel of regions, how unequal, how well coupled? Arrays in, numbers out.

The same kernels score official and simulated panels. They know nothing of names, files or tables: a row
is a region in a year, a column an indicator, and what they refuse raises a plain `ValueError`.
"""

from .convergence import Beta, Sigma, absolute_beta, sigma_convergence, two_way_beta
from .coupling import Coupling, coupling_coordination
from .dagum import DagumDecomposition, dagum_gini
from .density import Density, kernel_density, silverman_bandwidth
from .echelons import natural_echelons
from .entropy_topsis import EntropyTopsis, entropy_topsis
from .frozen_scale import FrozenScale
from .gini import gini
from .inequality import TheilDecomposition, theil
from .many import ManyDagum, ManyScores, dagum_many, entropy_topsis_many
from .obstacles import obstacle_degrees
from .space import Moran, morans_i
from .transitions import Chain, SpatialChain, markov_chain, quartile_classes, spatial_markov_chain

__all__ = [
    "Beta",
    "Chain",
    "Coupling",
    "DagumDecomposition",
    "Density",
    "EntropyTopsis",
    "FrozenScale",
    "ManyDagum",
    "ManyScores",
    "Moran",
    "Sigma",
    "SpatialChain",
    "TheilDecomposition",
    "absolute_beta",
    "coupling_coordination",
    "dagum_gini",
    "dagum_many",
    "entropy_topsis",
    "entropy_topsis_many",
    "gini",
    "kernel_density",
    "markov_chain",
    "morans_i",
    "natural_echelons",
    "obstacle_degrees",
    "quartile_classes",
    "sigma_convergence",
    "silverman_bandwidth",
    "spatial_markov_chain",
    "theil",
    "two_way_beta",
]
