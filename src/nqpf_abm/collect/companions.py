"""What is computed beside a score, each as a tidy table: from a table of scores to tables of companions.

`scores` has province, year, nqpf; every province has every year. Nothing is computed on a year without scores.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from nqpf_abm.measure import (
    absolute_beta,
    coupling_coordination,
    dagum_gini,
    kernel_density,
    markov_chain,
    morans_i,
    natural_echelons,
    obstacle_degrees,
    sigma_convergence,
    spatial_markov_chain,
    theil,
    two_way_beta,
)

DAGUM = (
    "gini", "within", "between", "transvariation", "share_within", "share_between", "share_transvariation",
)  # fmt: skip


def wide(scores: pd.DataFrame) -> pd.DataFrame:
    """Scores as provinces (in their order) by years."""
    return scores.pivot(index="province", columns="year", values="nqpf").loc[
        list(dict.fromkeys(scores["province"]))
    ]


def dagum_table(scores: pd.DataFrame, groups: Mapping[str, str]) -> pd.DataFrame:
    """Dagum's decomposition of each year: year, gini, its three parts and their shares; NaN without scores."""
    rows = []
    for year, _, _, parts in _dagum(scores, groups):
        rows.append({"year": year, **{name: getattr(parts, name, np.nan) for name in DAGUM}})
    return pd.DataFrame(rows, columns=["year", *DAGUM])


def dagum_average(dagum: pd.DataFrame) -> pd.DataFrame:
    """Mean over years of the Gini, its parts and their shares: one row (yearly decompositions are averaged)."""
    return dagum[list(DAGUM)].mean().to_frame().T.assign(years=int(dagum["gini"].notna().sum()))


def dagum_groups(scores: pd.DataFrame, groups: Mapping[str, str]) -> pd.DataFrame:
    """Gini inside each group and mean score: year, group, gini, mean, n."""
    rows = []
    for year, values, labels, parts in _dagum(scores, groups):
        if parts is None:
            continue
        for label, inside in zip(parts.labels, parts.group_gini, strict=True):
            own = values[labels == label]
            rows.append((year, label, inside, own.mean(), len(own)))
    return pd.DataFrame(rows, columns=["year", "group", "gini", "mean", "n"])


def dagum_pairs(scores: pd.DataFrame, groups: Mapping[str, str]) -> pd.DataFrame:
    """Extended Gini and relative affluence of each pair of groups: year, group_a, group_b, gini, affluence."""
    rows = []
    for year, _, _, parts in _dagum(scores, groups):
        if parts is None:
            continue
        for a, b in zip(*np.triu_indices(len(parts.labels), 1), strict=True):
            pair = parts.labels[a], parts.labels[b]
            rows.append((year, *pair, parts.pair_gini[a, b], parts.affluence[a, b]))
    return pd.DataFrame(rows, columns=["year", "group_a", "group_b", "gini", "affluence"])


def _dagum(scores: pd.DataFrame, groups: Mapping[str, str]):
    """Year, values, labels and decomposition (None in a year without scores), year by year."""
    for year, rows in scores.groupby("year", sort=True):
        values, labels = rows["nqpf"].to_numpy(), rows["province"].map(groups).to_numpy()
        yield int(year), values, labels, None if np.isnan(values).any() else dagum_gini(values, labels)


def theil_table(scores: pd.DataFrame, groups: Mapping[str, str]) -> pd.DataFrame:
    """Theil's T of each year: year, theil, within, between, share_between."""
    rows = []
    for year, own in scores.groupby("year", sort=True):
        parts = theil(own["nqpf"].to_numpy(), own["province"].map(groups).to_numpy())
        share = parts.between / parts.theil if parts.theil > 0 else np.nan
        rows.append((int(year), *parts, share))
    return pd.DataFrame(rows, columns=["year", "theil", "within", "between", "share_between"])


def echelon_table(scores: pd.DataFrame, n_echelons: int = 3) -> pd.DataFrame:
    """Provinces by natural breaks of their mean score: province, mean, low, high, rank, echelon (1 highest)."""
    by_province = scores.groupby("province", sort=False)["nqpf"]
    table = by_province.agg(mean="mean", low="min", high="max").reset_index()
    table["rank"] = table["mean"].rank(ascending=False, method="min").astype(int)
    table["echelon"] = natural_echelons(table["mean"].to_numpy(), n_echelons)
    return table.sort_values(["rank", "province"], ignore_index=True)


def coupling_table(
    scores: pd.DataFrame, columns: Sequence[str], systems: str, variant: str = "standard"
) -> pd.DataFrame:
    """Coupling coordination of `columns` (0 to 1): province, year, systems, coupling, coordination, degree."""
    result = coupling_coordination(scores[list(columns)].to_numpy(float), variant=variant)
    return scores[["province", "year"]].assign(
        systems=systems, coupling=result.coupling, coordination=result.coordination, degree=result.degree
    )


def obstacle_table(normalised: pd.DataFrame, weights: pd.DataFrame) -> pd.DataFrame:
    """Share of each indicator in what a province lacks: province, year, indicator, dimension, degree."""
    ids = list(weights["indicator"])
    degrees = obstacle_degrees(normalised[ids].to_numpy(), weights["weight"].to_numpy())
    table = normalised[["province", "year"]].join(pd.DataFrame(degrees, normalised.index, ids))
    long = table.melt(["province", "year"], var_name="indicator", value_name="degree")
    dimension = dict(zip(weights["indicator"], weights["dimension"], strict=True))
    return long.assign(dimension=long["indicator"].map(dimension))[
        ["province", "year", "indicator", "dimension", "degree"]
    ]


def sigma_table(scores: pd.DataFrame) -> pd.DataFrame:
    """Spread of provinces in each year: year, mean, cv, sd_log."""
    values = wide(scores)
    spread = sigma_convergence(values.to_numpy())
    return pd.DataFrame(
        {
            "year": values.columns.astype(int),
            "mean": values.mean().to_numpy(),
            "cv": spread.cv,
            "sd_log": spread.sd_log,
        }
    )


def beta_table(scores: pd.DataFrame) -> pd.DataFrame:
    """Growth on starting level: model, coefficient, se, p, speed, half_life, r2, n.

    ValueError for fewer than three provinces or years and for scores that are not positive.
    """
    values = wide(scores)
    years = values.columns.to_numpy(float)
    models = {"absolute": absolute_beta, "two-way effects": two_way_beta}
    rows = [{"model": name, **fit(values.to_numpy(), years)._asdict()} for name, fit in models.items()]
    return pd.DataFrame(rows)[["model", "coefficient", "se", "p", "speed", "half_life", "r2", "n"]]


def density_table(scores: pd.DataFrame, points: int = 200) -> pd.DataFrame:
    """Kernel density of each year on one grid: year, x, density, bandwidth."""
    values = wide(scores)
    widest = max(kernel_density(values[year]).bandwidth for year in values)
    widest = 0.0 if np.isnan(widest) else widest
    low, high = values.to_numpy().min() - 3 * widest, values.to_numpy().max() + 3 * widest
    grid = np.linspace(low, high, points)
    parts = []
    for year in values:
        own = kernel_density(values[year], grid)
        parts.append(
            pd.DataFrame({"year": int(year), "x": grid, "density": own.density, "bandwidth": own.bandwidth})
        )
    return pd.concat(parts, ignore_index=True)


def transition_table(
    scores: pd.DataFrame, neighbours: np.ndarray | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Transitions between pooled quartiles, and the test that neighbours do not matter.

    neighbours  (n, n) truths in the order of the provinces of `scores`; without it no spatial chain

    Returns kind, origin, target (1 lowest to 4), count, probability; and statistic, df, p, lag_bounds (none
    without neighbours). Kind is "all" or "neighbours in class k".
    """
    values = wide(scores).to_numpy()
    chain = markov_chain(values)
    parts = [_transitions("all", chain.counts, chain.probabilities)]
    tests = []
    if neighbours is not None:
        spatial = spatial_markov_chain(values, neighbours)
        for k, (counts, probabilities) in enumerate(zip(spatial.counts, spatial.probabilities, strict=True)):
            parts.append(_transitions(f"neighbours in class {k + 1}", counts, probabilities))
        bounds = " ".join(f"{bound:.4g}" for bound in spatial.lag_upper)
        tests.append((spatial.lr, spatial.df, spatial.p, bounds))
    return pd.concat(parts, ignore_index=True), pd.DataFrame(
        tests, columns=["statistic", "df", "p", "lag_bounds"]
    )


def _transitions(kind: str, counts: np.ndarray, probabilities: np.ndarray) -> pd.DataFrame:
    origin, target = np.indices(counts.shape)
    return pd.DataFrame(
        {
            "kind": kind,
            "origin": origin.ravel() + 1,
            "target": target.ravel() + 1,
            "count": counts.ravel(),
            "probability": probabilities.ravel(),
        }
    )


def moran_table(scores: pd.DataFrame, neighbours: np.ndarray) -> pd.DataFrame:
    """Global Moran's I of each year: year, moran, expected, z, p (two-sided, 999 permutations)."""
    values = wide(scores)
    rows = [(int(year), *morans_i(values[year].to_numpy(), neighbours)) for year in values]
    return pd.DataFrame(rows, columns=["year", "moran", "expected", "z", "p"])
