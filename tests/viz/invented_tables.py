"""Invented tables: of a run of twelve provinces in three echelons, and of a measured panel of any size."""

from types import SimpleNamespace

import numpy as np
import pandas as pd

ECHELONS = {
    1: ["Chongqing", "Sichuan", "Shaanxi"],
    2: ["Guangxi", "Yunnan", "Guizhou", "Inner Mongolia"],
    3: ["Gansu", "Xinjiang", "Qinghai", "Ningxia", "Xizang"],
}
LEVELS = {1: 0.22, 2: 0.14, 3: 0.10}


def tables(years=range(2012, 2023), echelons=ECHELONS) -> SimpleNamespace:
    """scores, scores_core, dagum, weights and regions of a run that never was."""
    years = list(years)
    rng = np.random.default_rng(1)
    regions = pd.DataFrame(
        [{"region": name, "echelon": echelon} for echelon, names in echelons.items() for name in names]
    )
    rows = []
    for name, echelon in zip(regions["region"], regions["echelon"], strict=True):
        level = LEVELS[echelon] * rng.uniform(0.75, 1.25)
        growth = rng.uniform(1.04, 1.08)
        for year in years:
            t = year - years[0]
            nqpf = level * growth**t * rng.uniform(0.98, 1.02)
            rows.append((name, year, nqpf, 0.9 * nqpf, 0.3 + 0.01 * t, 0.05 + 0.03 * t))
    scores = pd.DataFrame(rows, columns=["province", "year", "nqpf", "scitech", "green", "digital"])
    scores["rank"] = scores.groupby("year")["nqpf"].rank(ascending=False).astype(int)
    simulated = scores.assign(green=np.nan, digital=np.nan, source="simulated")
    official = simulated.assign(
        nqpf=simulated["nqpf"] * rng.uniform(0.9, 1.3, len(scores)), source="official"
    ).query("year <= 2022")
    gini = np.linspace(0.35, 0.31, len(years))
    dagum = pd.DataFrame(
        {
            "year": years,
            "gini": gini,
            "within": 0.1 * gini,
            "between": 0.85 * gini,
            "transvariation": 0.05 * gini,
        }
    )
    dimension = {**{f"N{i}": "sci_tech" for i in range(1, 8)}, "N8": "green", "N9": "green", "N11": "green"}
    dimension |= {"N13": "green", "N15": "digital", "N16": "digital"}
    full = pd.DataFrame({"indicator": list(dimension), "dimension": list(dimension.values())})
    full["weight"] = rng.dirichlet(np.full(len(full), 3.0))
    core = full.iloc[:5].assign(weight=lambda t: t["weight"] / t["weight"].sum())
    weights = pd.concat([full.assign(specification="full"), core.assign(specification="core")])
    weights["sign"] = np.where(weights["indicator"].isin(["N8", "N9", "N11"]), -1, 1)
    return SimpleNamespace(
        regions=regions,
        scores=scores,
        scores_core=pd.concat([simulated, official], ignore_index=True),
        dagum=dagum,
        weights=weights,
    )


CHINA = (
    "Beijing Tianjin Hebei Shanxi Inner_Mongolia Liaoning Jilin Heilongjiang Shanghai Jiangsu Zhejiang Anhui Fujian "
    "Jiangxi Shandong Henan Hubei Hunan Guangdong Guangxi Hainan Chongqing Sichuan Guizhou Yunnan Xizang Shaanxi "
    "Gansu Qinghai Ningxia Xinjiang"
)
CHINA = [name.replace("_", " ") for name in CHINA.split()]
WEST = [name for names in ECHELONS.values() for name in names]


def measured(provinces=WEST, years=range(2012, 2023), *, indicators=13) -> SimpleNamespace:
    """Tables with the columns of a measured panel: invented numbers of the usual size."""
    provinces, years = list(provinces), list(years)
    rng = np.random.default_rng(2)
    n, t = len(provinces), len(years)
    panel = pd.DataFrame([(name, year) for name in provinces for year in years], columns=["province", "year"])
    level = np.sort(rng.uniform(0.06, 0.35, n))[::-1, None]
    score = level * 1.05 ** np.arange(t) * rng.normal(1, 0.05, (n, t))
    sub = {
        name: np.clip(score * rng.uniform(0.6, 1.4), 0, 1).ravel() for name in ("scitech", "green", "digital")
    }
    scores = panel.assign(nqpf=score.ravel(), **sub)
    scores["rank"] = scores.groupby("year")["nqpf"].rank(ascending=False, method="min").astype(int)

    coupling = pd.concat(
        panel.assign(
            systems=pair, coupling=0.9, coordination=0.4, degree=np.clip(score * f + 0.2, 0, 1).ravel()
        )
        for pair, f in (("innovation and green transition", 1.0), ("innovation and digitalisation", 0.8))
    )
    ids = [f"N{i}" for i in range(1, indicators + 1)]
    kinds = ["sci_tech", "green", "digital", "institutions"]
    dimension = {name: kinds[0] if 2 * i < indicators else kinds[1 + i % 3] for i, name in enumerate(ids)}
    degrees = rng.dirichlet(rng.uniform(1, 6, indicators), n * t)
    obstacles = pd.concat(
        panel.assign(indicator=name, dimension=dimension[name], degree=degrees[:, i])
        for i, name in enumerate(ids)
    )
    cv = score.std(0) / score.mean(0)
    sigma = pd.DataFrame({"year": years, "cv": cv, "sd_log": np.log(score).std(0)})
    beta = pd.DataFrame(
        [
            ("absolute", -0.021, 0.008, 0.012, 0.0236, 29.4, n),
            ("two-way fixed effects", -0.34, 0.06, 0.00004, 0.41, 1.7, n * (t - 1)),
            ("absolute, without the highest", 0.012, 0.01, 0.21, -0.011, np.nan, n - 1),
        ],
        columns=["model", "coefficient", "se", "p", "speed", "half_life", "n"],
    )
    total = np.linspace(0.16, 0.13, t)
    theil = pd.DataFrame({"year": years, "theil": total, "within": 0.2 * total, "between": 0.8 * total})
    gini = np.linspace(0.35, 0.31, t)
    parts = {"within": 0.1 * gini, "between": 0.85 * gini, "transvariation": 0.05 * gini}
    dagum = pd.DataFrame({"year": years, "gini": gini, **parts})

    x = np.linspace(-0.05, 1.2 * score.max(), 200)
    density = []
    for i, year in enumerate(years):
        width = 0.9 * score[:, i].std() * n**-0.2 + 1e-3
        z = (x[:, None] - score[:, i]) / width
        height = np.exp(-0.5 * z**2).mean(1) / (width * np.sqrt(2 * np.pi))
        density.append(pd.DataFrame({"year": year, "x": x, "density": height, "bandwidth": width}))

    kinds = ["all", *(f"neighbours in class {i}" for i in range(1, 5))]
    transitions = []
    for kind in kinds:
        for origin in range(1, 5):
            near = 1.0 + 30 * (np.arange(1, 5) == origin) + 3 * (abs(np.arange(1, 5) - origin) == 1)
            count = rng.poisson(near if kind == "all" else near / 4)
            if kind == "neighbours in class 4" and origin == 1:
                count[:] = 0
            share = count / count.sum() if count.sum() else np.full(4, np.nan)
            transitions += [(kind, origin, i + 1, count[i], share[i]) for i in range(4)]
    transitions = pd.DataFrame(transitions, columns=["kind", "origin", "target", "count", "probability"])

    moran = pd.DataFrame({"year": years, "moran": np.linspace(0.12, 0.31, t) + rng.normal(0, 0.02, t)})
    moran["expected"] = -1 / (n - 1)
    moran["p"] = np.linspace(0.2, 0.001, t)

    by_province = scores.groupby("province", sort=False)["nqpf"].agg(mean="mean", low="min", high="max")
    echelons = by_province.reset_index()
    echelons["rank"] = echelons["mean"].rank(ascending=False).astype(int)
    echelons["echelon"] = np.minimum(3, 1 + (3 * (echelons["rank"] - 1)) // n)
    last = scores[scores["year"] == years[-1]].rename(columns={"nqpf": "value"})[["province", "value"]]
    values = last.merge(echelons[["province", "echelon"]], on="province")

    variants = {
        "shift": ["0.0001", "0.01"],
        "bounds": ["annual", "frozen at the first year"],
        "ideal": ["annual", "absolute"],
        "distance": ["weight inside the square"],
        "index": ["a second published system"],
        "leave one out": [f"without {name}" for name in ids],
    }
    robustness = pd.DataFrame(
        [(variant, kind) for kind, names in variants.items() for variant in names],
        columns=["variant", "kind"],
    )
    m = len(robustness)
    robustness["spearman"] = 1 - rng.exponential(0.03, m)
    robustness["reversals"] = rng.poisson(4, m)
    robustness["largest_rank_change"] = rng.integers(0, 6, m)
    robustness["mean_change"] = rng.normal(0.08, 0.03, m)
    robustness["gini_last"] = rng.normal(0.3, 0.03, m)
    weights = pd.DataFrame({"specification": "core", "indicator": ids, "dimension": dimension.values()})
    weights = weights.assign(sign=1, weight=rng.dirichlet(np.full(indicators, 3.0)))
    return SimpleNamespace(
        scores=scores,
        coupling=coupling,
        obstacles=obstacles,
        sigma=sigma,
        beta=beta,
        theil=theil,
        dagum=dagum,
        density=pd.concat(density, ignore_index=True),
        transitions=transitions,
        moran=moran,
        echelons=echelons,
        values=values,
        robustness=robustness,
        weights=weights,
        groups={name: ["coast", "middle", "west", "north-east"][i % 4] for i, name in enumerate(provinces)},
    )
