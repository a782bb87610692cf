"""Sweeps with known answers, made by SALib's samplers and functions one can integrate."""

import numpy as np
import pandas as pd
from scipy.stats import qmc

from nqpf_abm.sweep.tables import SweepTables

NAMES = ("a", "b", "c")
ISHIGAMI = {"S1": (0.3139, 0.4424, 0.0), "ST": (0.5576, 0.4424, 0.2437)}


def ishigami(unit):
    x = np.pi * (2 * unit - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def g_function(unit, a=(0.0, 1.0, 4.5)):
    return np.prod([(abs(4 * unit[:, i] - 2) + own) / (1 + own) for i, own in enumerate(a)], axis=0)


def linear(unit):
    return unit @ np.array([3.0, 2.0, 1.0])


def design(method, size=64, k=3, seed=1, groups=None, **settings):
    problem = {"num_vars": k, "names": list(NAMES[:k]), "bounds": [[0.0, 1.0]] * k}
    if groups:
        problem["groups"] = list(groups)
    if method == "morris":
        from SALib.sample.morris import sample

        return sample(problem, size, num_levels=settings.get("levels", 4), seed=seed)
    if method == "sobol":
        from SALib.sample.sobol import sample

        return sample(problem, size, calc_second_order=settings.get("second_order", False), seed=seed)
    if method == "fast":
        from SALib.sample.fast_sampler import sample

        return sample(problem, size, M=settings.get("harmonics", 4), seed=seed)
    return qmc.LatinHypercube(k, rng=seed).random(size)


def sweep(method, function, *, size=64, seed=1, replicates=1, noise=None, groups=None, **settings):
    """Tables of one outcome "y"; `noise(rng, unit, replicate)` is added to each replicate."""
    unit = design(method, size, seed=seed, groups=groups, **settings)
    rng = np.random.default_rng(seed)
    rows = []
    for r in range(replicates):
        y = function(unit) + (0.0 if noise is None else noise(rng, unit, r))
        rows.append(pd.DataFrame({"row": range(len(unit)), "replicate": r, "seed": 1 + r, "y": y}))
    runs = pd.concat(rows).sort_values(["row", "replicate"], ignore_index=True)
    values = pd.DataFrame(10.0 * unit, columns=list(NAMES))
    return SweepTables(
        "invented", method, settings, NAMES, tuple(groups or NAMES), unit, values, {"y": "score"}, runs
    )
