"""Tables with the columns of a run: twelve provinces in three echelons, scores invented but well-behaved."""

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
