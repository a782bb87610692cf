"""Print how far the default run is from the official figures: the numbers of the README's "known to be off".

python experiments/baseline_facts.py [--seed 7]
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd

from nqpf_abm import Ecosystem
from nqpf_abm.collect.panels import official_panel
from nqpf_abm.collect.results import reference_scale
from nqpf_abm.measure import gini
from nqpf_abm.measure.entropy_topsis import normalise


def on_the_scale(results) -> pd.DataFrame:
    """Mean of provinces and of a dimension's indicators, 0 to 1 between the frozen bounds; dimensions down, years across."""
    scale, frame = reference_scale(), results.panel(results.full)
    scored = results.full.panel()
    z = pd.DataFrame(normalise(frame[list(scored.ids)].to_numpy(), scale.low, scale.high, scale.kinds))
    z.columns = [indicator.dimension for indicator in scored.indicators]
    return z.T.groupby(level=0).mean().T.groupby(frame["year"].to_numpy()).mean().loc[[2012, 2022]].T


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=7)
    model = Ecosystem(seed=parser.parse_args().seed).run()
    results = model.results
    simulated = results.indicators.pivot(index=["province", "year"], columns="indicator", values="value")
    official = official_panel(results.core).frame.set_index(["province", "year"])
    print("mean of provinces, 2022 over 2012; Gini of provinces 2012, 2022")
    for name in results.core.panel().ids:
        for side, table in (("simulated", simulated), ("official", official)):
            wide = table[name].unstack("year")
            spread = [gini(wide[year].to_numpy()) for year in (2012, 2022)]
            growth = wide[2022].mean() / wide[2012].mean()
            print(f"  {name} {side:10} {growth:5.2f}-fold   {spread[0]:.3f} {spread[1]:.3f}")
    ratio = (
        simulated.xs(2012, level="year")[list(official)[:5]]
        / official.xs(2012, level="year")[list(official)[:5]]
    )
    print("simulated over official in 2012, lowest and highest province:")
    print(ratio.agg(["min", "max"]).round(2).to_string())
    series = results.series
    output = series.groupby(["year", "quarter"])["gdp"].sum()
    print(
        "output of the first six quarters over the first:",
        (output / output.iloc[0]).head(6).round(3).tolist(),
    )
    idle = series.groupby("year")["unemployment_rate"].mean()
    print("unemployment by year:", idle.round(3).tolist())
    firms = model.state.firms[model.state.firms["is_alive"] == 1]
    top = [firms["share"][firms["province"] == r].max() for r in range(len(results.provinces))]
    print("largest market share of one firm, 2022:", np.round(top, 2).tolist())
    print("first-level indices, 2022:")
    print(results.scores.query("year == 2022")[["scitech", "green", "digital"]].mean().round(2).to_string())
    means = simulated.groupby("year").mean()
    print(
        f"2022 over 2012: intelligent equipment (N7) {means['N7'][2022] / means['N7'][2012]:.1f}-fold, ",
        end="",
    )
    print(f"digital core (N15) {means['N15'][2022] / means['N15'][2012]:.1f}-fold")
    print("mean of indicators on the frozen scale, 2012 and 2022, by dimension:")
    print(on_the_scale(results).round(2).to_string())
    level = np.exp(model.state.provinces["log_tfp_level"])
    quarterly = series["log_tfp"].to_numpy().reshape(-1, level.size)
    spread = [gini(level * np.exp(quarterly[k])) for k in (0, -1)]
    print(
        f"Gini of provinces' total factor productivity, first and last quarter: {spread[0]:.3f} {spread[1]:.3f}"
    )
    print("share of firms founded since 2012 that end, by year of their age, four seeds:")
    print(hazard_by_age(range(1, 5)).to_string())


def hazard_by_age(seeds) -> pd.DataFrame:
    """Entrants at risk, exits and exits a year by age in whole years, pooled over default runs with these seeds.

    A firm is followed from the first quarter in which it is seen; who ends in the quarter it is founded is not seen.
    """
    at_risk, ended = np.zeros(11), np.zeros(11)
    for seed in seeds:
        model = Ecosystem(seed=seed)
        model.settle()
        incumbents = set(living(model))
        born, alive = {}, set()
        while model.quarters_done < model.horizon:
            model.step()
            now = set(living(model)) - incumbents
            for uid in alive:
                age = (model.quarters_done - 1 - born[uid]) // 4
                at_risk[age] += 1
                ended[age] += uid not in now
            for uid in now - alive:
                born[uid] = model.quarters_done
            alive = now
    table = pd.DataFrame({"firm-quarters": at_risk, "exits": ended}).astype(int)
    table["per year"] = (4 * table["exits"] / table["firm-quarters"]).round(3)
    return table.rename_axis("age")


def living(model: Ecosystem) -> list[int]:
    """Lifelong numbers of the firms in business."""
    firms = model.state.firms
    return firms["uid"][firms["is_alive"] == 1].tolist()


if __name__ == "__main__":
    main()
