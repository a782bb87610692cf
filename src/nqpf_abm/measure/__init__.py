"""How good is a panel of regions, how unequal, how well coupled? Arrays in, numbers out.

The same kernels score official and simulated panels. They know nothing of names, files or tables: a row
is a region in a year, a column an indicator, and what they refuse raises a plain `ValueError`.
"""

from .coupling import Coupling, coupling_coordination
from .dagum import DagumDecomposition, dagum_gini
from .entropy_topsis import EntropyTopsis, entropy_topsis
from .frozen_scale import FrozenScale
from .gini import gini

__all__ = [
    "Coupling",
    "DagumDecomposition",
    "EntropyTopsis",
    "FrozenScale",
    "coupling_coordination",
    "dagum_gini",
    "entropy_topsis",
    "gini",
]
