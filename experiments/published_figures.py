"""Set the published figures of the western-province study beside what official statistics give.

python experiments/published_figures.py [--out docs/published-figures.md]

Published: Luo & Liu, Cultivation Logic, Practical Dilemmas and Differentiated Development Paths of New Quality
Productive Forces in Underdeveloped Western China: twelve provinces, 2012 to 2022.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from nqpf_abm.collect.companions import dagum_average, dagum_table
from nqpf_abm.collect.panels import official_panel, score_columns, score_panel
from nqpf_abm.collect.specification import load_specification
from nqpf_abm.data.facts import official_wide
from nqpf_abm.data.places import western_echelons
from nqpf_abm.data.provinces import macro_regions
from nqpf_abm.measure import dagum_gini, gini

TABLE_1 = {  # average score 2012-2022 as printed
    "Chongqing": 0.572, "Sichuan": 0.546, "Shaanxi": 0.489, "Guangxi": 0.387, "Yunnan": 0.375, "Guizhou": 0.368,
    "Inner Mongolia": 0.352, "Gansu": 0.312, "Xinjiang": 0.297, "Qinghai": 0.272, "Ningxia": 0.231, "Xizang": 0.208,
}  # fmt: skip
MEAN_2012, MEAN_2022 = 0.037, 0.114
GINI = 0.433
SHARES = {"within": 0.1798, "between": 0.3749, "transvariation": 0.4453}
WEST_EAST = 0.413
PANELS = (("seed-like", "V1"), ("seed-like", "V2"), ("seed-like", "V4"), ("core", "P1"), ("core", "P4"))


@dataclass
class Found:
    """What one panel gives for the western provinces."""

    name: str
    command: str
    scores: pd.DataFrame
    dagum: pd.DataFrame
    west_east: float
    indices: dict[str, float]

    @property
    def yearly(self) -> pd.Series:
        return self.scores.groupby("year")["nqpf"].mean()

    @property
    def first(self) -> int:
        return self.yearly.index[0]

    @property
    def last(self) -> int:
        return self.yearly.index[-1]

    @property
    def growth(self) -> float:
        return self.yearly[self.last] / self.yearly[self.first]

    @property
    def likeness(self) -> float:
        """Rank correlation of the means with Table 1."""
        return spearmanr(pd.Series(TABLE_1), self.means).statistic

    @property
    def means(self) -> pd.Series:
        return self.scores.groupby("province")["nqpf"].mean()[list(TABLE_1)]


def look(specification: str, panel: str) -> Found:
    spec = load_specification(specification)
    scored = score_panel(official_panel(spec, panel).frame, spec, panel=panel, groups="one")
    region = scored.scores["province"].map(macro_regions())
    west = scored.scores[region == "west"].reset_index(drop=True)
    last = scored.scores[scored.scores["year"] == scored.scores["year"].max()]
    mean = last.groupby(last["province"].map(macro_regions()))["nqpf"].mean()
    echelons = {name: f"echelon {level}" for name, level in western_echelons().items()}
    among = " --among west" if (region == "east").any() else ""
    folder = f"results/published/{specification}-{panel}"
    columns = [name for name in score_columns(spec).values() if west[name].notna().any()]
    at_last = west[west["year"] == west["year"].max()]
    return Found(
        f"`{specification}` {panel}",
        f"nqpf measure --indicators {specification} --panel {panel} --groups echelons{among} --out {folder}",
        west,
        dagum_table(west, echelons),
        mean["west"] / mean["east"] if "east" in mean else np.nan,
        {name: at_last[name].mean() for name in columns},
    )


def number(value: float, digits: int = 3) -> str:
    return "–" if np.isnan(value) else f"{value:.{digits}f}"


def table(header: list[str], rows: list[list[str]]) -> list[str]:
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return [*lines, *("| " + " | ".join(row) + " |" for row in rows), ""]


def echelon_ratios(means: pd.Series) -> str:
    by_echelon = means.groupby(western_echelons()).mean()
    return " : ".join(f"{value:.2f}" for value in by_echelon / by_echelon[1])


def page() -> str:
    found = [look(*choice) for choice in PANELS]
    published = pd.Series(TABLE_1)
    average = [dagum_average(f.dagum).iloc[0] for f in found]
    of_table = dagum_gini(published.to_numpy(), [western_echelons()[name] for name in TABLE_1])
    names = [f.name for f in found]
    v1, p1 = found[0], found[3]

    rows = [
        ["Years", "2012–2022", *(f"{f.first}–{f.last}" for f in found)],
        ["Mean of the west, first year", number(MEAN_2012), *(number(f.yearly[f.first]) for f in found)],
        ["Mean of the west, last year", number(MEAN_2022), *(number(f.yearly[f.last]) for f in found)],
        ["Ratio of the two", number(MEAN_2022 / MEAN_2012, 2), *(number(f.growth, 2) for f in found)],
        ["Mean over provinces and years", number(published.mean()), *(number(f.means.mean()) for f in found)],
        ["Highest province mean", number(published.max()), *(number(f.means.max()) for f in found)],
        ["Lowest province mean", number(published.min()), *(number(f.means.min()) for f in found)],
        ["Rank correlation with Table 1", "1", *(number(f.likeness, 2) for f in found)],
        ["Echelon means", echelon_ratios(published), *(echelon_ratios(f.means) for f in found)],
        ["West over east, last year", number(WEST_EAST), *(number(f.west_east) for f in found)],
        ["Gini of the west, mean of years", number(GINI), *(number(a["gini"]) for a in average)],
        ["Gini, first year", "–", *(number(f.dagum["gini"].iloc[0]) for f in found)],
        ["Gini, last year", "higher", *(number(f.dagum["gini"].iloc[-1]) for f in found)],
    ]
    for part, share in SHARES.items():
        rows.append([f"Share {part}", number(share), *(number(a[f"share_{part}"]) for a in average)])
    ranks = [
        [name, f"{value:.3f}", f"{published.rank(ascending=False)[name]:.0f}",
         *(f"{f.means.rank(ascending=False)[name]:.0f}" for f in found)]
        for name, value in TABLE_1.items()
    ]  # fmt: skip
    facts = official_wide(["gdp", "rd_expenditure", "basic_research_expenditure"], [2022])
    region = facts["province"].map(macro_regions())
    west, east = facts[region == "west"], facts[region == "east"]
    rd = west["rd_expenditure"]
    v3 = look("seed-like", "V3")
    order = " > ".join(sorted(v3.indices, key=v3.indices.get, reverse=True))
    lines = [
        "# The published figures beside official statistics",
        "",
        "Luo & Liu measure the new quality productive forces of the twelve western provinces, 2012 to 2022, by "
        "entropy-weight TOPSIS and Dagum's decomposition. Their indicators are not printed, so their figures cannot "
        "be recomputed; but they can be set beside what the official statistics of the same provinces and years give "
        "under named choices. Nothing here was fitted to them. This page is the output of "
        "`python experiments/published_figures.py`; a test keeps it so.",
        "",
        "`seed-like` V1: seven absolute volumes (patents, R&D, personnel, high technology, papers, GDP), east and "
        "west scored together. V2: with four digital volumes, 2013–2019. V4: V1, west only. `core` P1: five "
        "intensities, west only. P4: the same, east and west together. Groups are the study's echelons.",
        "",
        *table(["Figure", "Published", *names], rows),
        "Ranks of the provinces by mean score:",
        "",
        *table(["Province", "Table 1", "Rank", *names], ranks),
        "## What can be reproduced",
        "",
        f"- **The growth of the mean.** Published ×{MEAN_2022 / MEAN_2012:.2f}; volumes scored with the east give "
        f"×{v1.growth:.2f} (V1), intensities ×{p1.growth:.2f} (P1). "
        "The low level of the published yearly means also goes with a scale that the east spans.",
        f"- **The order of the provinces.** Rank correlation {v1.likeness:.2f} with volumes, "
        f"{p1.likeness:.2f} with intensities: Table 1 ranks size first of all.",
        "- **A first echelon apart from the rest**, under every choice. Second and third stand apart with volumes "
        f"({echelon_ratios(v1.means)}) and hardly with intensities ({echelon_ratios(p1.means)}).",
        "",
        "## What cannot",
        "",
        f"- **Table 1 and the yearly means on one scale.** Twelve averages over 2012–2022 with mean "
        f"{published.mean():.3f} cannot come from yearly means between {MEAN_2012} and {MEAN_2022}.",
        f"- **Gini {GINI} and its split from Table 1.** Table 1 itself has a Gini of {gini(published.to_numpy()):.5f}: "
        f"{100 * of_table.share_within:.2f} % within echelons, {100 * of_table.share_between:.2f} % between, "
        f"{100 * of_table.share_transvariation:.2f} % in overlap, since its echelons do not overlap. The published "
        "44.53 % overlap needs echelons that do; no panel here comes near it.",
        f"- **The level of the Gini** lies between intensities ({average[3]['gini']:.3f}) and volumes "
        f"({average[0]['gini']:.3f}); a rising trend is found with volumes scored with the east "
        f"({v1.dagum['gini'].iloc[0]:.3f} to {v1.dagum['gini'].iloc[-1]:.3f}), not with intensities "
        f"({p1.dagum['gini'].iloc[0]:.3f} to {p1.dagum['gini'].iloc[-1]:.3f}).",
        f"- **West at 41.3 % of the east.** Mean scores give {100 * v1.west_east:.1f} % (V1) and "
        f"{100 * found[4].west_east:.1f} % (P4). GDP of the twelve over GDP of the ten in 2022 is "
        f"{100 * west['gdp'].sum() / east['gdp'].sum():.2f} %: the printed figure may describe output.",
        "- **Sci-tech above digital above green.** With green volumes (V3, eleven provinces, 2019) the indices rank "
        f"{order} ({', '.join(f'{name} {value:.3f}' for name, value in v3.indices.items())}). Indices of different "
        "indicators are not on one scale, so the order says little.",
        f"- **R&D intensity of 1.12 % in 2022.** Official: simple mean {100 * (rd / west['gdp']).mean():.2f} %, weighted "
        f"{100 * rd.sum() / west['gdp'].sum():.2f} %. Basic research 6.09 % of R&D: weighted "
        f"{100 * west['basic_research_expenditure'].sum() / rd.sum():.2f} %, simple mean "
        f"{100 * (west['basic_research_expenditure'] / rd).mean():.2f} %.",
        "",
        "## The commands",
        "",
        "Scores are in `scores.csv` (of the west: the twelve provinces), means over years in `echelons.csv`, Gini and "
        "shares in `dagum.csv` and `dagum_average.csv` of each folder; the ratio of west to east is that of the mean "
        "scores in `scores.csv`. Figures of 2022 and Table 1's own Gini: `python experiments/published_figures.py`.",
        "",
        *(f"    {f.command}" for f in [*found, v3]),
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("docs/published-figures.md"))
    out = parser.parse_args().out
    out.write_text(page(), encoding="utf-8")
    print(f"wrote {out}")


if __name__ == "__main__":
    main()
