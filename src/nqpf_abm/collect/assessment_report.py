"""A measured panel told in the words a paper needs: data, method, results, how far they depend on choices."""

from __future__ import annotations

import math

import pandas as pd

from nqpf_abm.collect.assessment import Assessment

BOUNDS = {
    "pooled": "pooled over all provinces and years, so that scores can be compared over time",
    "annual": "taken in each year by itself, so that scores rank provinces within a year and show no growth",
    "frozen": "frozen: taken, like weights and ideals, from the scale named below, so that scores can be compared with "
    "everything else scored on it",
}
IDEALS = {
    "pooled": "the best and worst normalised values of the whole panel",
    "annual": "the best and worst normalised values of each year",
    "absolute": "1 and 0",
    "frozen": "those of the frozen scale",
}
COUPLING = {
    "standard": "C = n (ΠU)^(1/n) / ΣU",
    "wang": "the modified C of Wang et al. (2021, doi:10.31497/zrzyxb.20210319)",
    "fan": "C = 1 − 2 sd(U) (Fan et al. 2024, doi:10.13546/j.cnki.tjyjc.2024.22.007)",
}
PICTURES = {
    "weights": "Entropy weights",
    "trajectories": "Scores of the provinces",
    "echelons": "Echelons by natural breaks",
    "ranks": "Ranks over the years",
    "map": "Tile map of the last year",
    "indices": "First-level indices",
    "dagum": "Gini and its parts",
    "theil": "Theil's T and its parts",
    "convergence": "Convergence",
    "density": "Kernel densities",
    "transitions": "Transition matrices",
    "moran": "Moran's I",
    "coupling": "Coupling coordination",
    "obstacles": "Obstacle degrees",
    "robustness": "Robustness of the scores",
}
FILL = {
    "none": "Gaps were not allowed.",
    "linear": "Gaps inside a series are interpolated linearly over time.",
    "hold": "Gaps inside a series are interpolated linearly over time; before its first and after its last figure the "
    "nearest figure is held.",
    "growth": "Gaps are filled at constant growth rates, beyond the ends of a series at its mean growth rate.",
}


def render_assessment(
    assessment: Assessment, *, source: str, command: str, figures: list[str], notes: list[str] = ()
) -> str:
    """The report of an assessment as Markdown.

    source   what the figures are: "official statistics ..." or the name of a file
    command  the command line that made it;  figures  names of the pictures beside it, in `figures/`
    notes    what else a reader must know, such as how names were read
    """
    a = assessment
    shown = {name: f"![{title}](figures/{name}.png)\n" for name, title in PICTURES.items() if name in figures}
    tables = a.tables
    parts = [
        _head(a, source),
        _data(a, source),
        shown.get("weights"),
        _method(a),
        "## Results\n",
        "### Levels\n",
        _levels(a),
        *(shown.get(name) for name in ("trajectories", "echelons", "ranks", "map", "indices")),
        "### Inequality\n",
        _inequality(a),
        *(shown.get(name) for name in ("dagum", "theil")),
        "### Convergence and mobility\n",
        _convergence(tables),
        shown.get("convergence"),
        shown.get("density"),
        _mobility(tables),
        shown.get("transitions"),
        _space(tables),
        shown.get("moran"),
        "### Coupling and obstacles\n",
        _coupling(a),
        shown.get("coupling"),
        _obstacles(a),
        shown.get("obstacles"),
        _robustness(a),
        shown.get("robustness"),
        _caveats(a, notes),
        _files(tables, figures),
        f"## How to repeat it\n\n    {command}\n\n`manifest.json` holds versions, options, hashes of the inputs "
        "and of every table; `scale.json` the scale, to score another panel on (`--bounds frozen:scale.json`).\n",
    ]
    return "\n".join(part for part in parts if part)


def _head(a: Assessment, source: str) -> str:
    mean = a.scores.groupby("year")["nqpf"].mean()
    first, last = mean.index[0], mean.index[-1]
    gini = a.tables["dagum"].set_index("year")["gini"]
    n = a.scores["province"].nunique()
    among = (
        f" ({a.options['among']}; all {a.scored.scores['province'].nunique()} are scored)"
        if a.options["among"]
        else ""
    )
    panel = "" if a.choice.title == a.choice.name else f"Panel {a.choice.name}: {a.choice.title}.\n\n"
    return (
        f"# {a.spec.title}\n\n{panel}"
        f"From {first} to {last} the mean score of {n} provinces{among} goes from {_n(mean.iloc[0])} to "
        f"{_n(mean.iloc[-1])}, their Gini coefficient from {_n(gini.iloc[0])} to {_n(gini.iloc[-1])}. "
        f"Figures: {source}.\n"
    )


def _data(a: Assessment, source: str) -> str:
    panel, weights = a.scored.panel, a.scored.weights
    years = panel["year"]
    rows = []
    for indicator, row in zip(a.choice.indicators, weights.itertuples(index=False), strict=True):
        rows.append(
            (indicator.id, indicator.name, dict(a.spec.dimensions)[indicator.dimension],
             "+" if indicator.sign > 0 else "−", indicator.unit, f"{row.weight:.3f}")
        )  # fmt: skip
    lines = [
        "## Data\n",
        f"Specification `{a.spec.name}`, panel `{a.choice.name}`: {panel['province'].nunique()} provinces, "
        f"{years.min()} to {years.max()}, {len(rows)} indicators ({source}).\n",
        _table(("Id", "Indicator", "First-level index", "Direction", "Unit", "Entropy weight"), rows),
        f"\n{FILL[a.options['fill']]} " + _filled(a),
    ]
    if a.spec.note:
        lines.append("\n> " + " ".join(a.spec.note.split()))
    proxies = [f"{i.id}: {i.real_note}" for i in a.choice.indicators if i.real_note]
    if proxies and "official" in source:
        lines.append("\nOn the official series: " + "; ".join(proxies) + ".")
    return "\n".join(lines) + "\n"


def _filled(a: Assessment) -> str:
    cells = a.scored.filled
    total = len(a.scored.panel) * len(a.choice.indicators)
    if cells.empty:
        return "No cell was filled."
    counts = cells.groupby(["indicator", "year"]).size()
    named = ", ".join(f"{id} {year} ({n})" for (id, year), n in list(counts.items())[:8])
    more = " ..." if len(counts) > 8 else ""
    were = "cell was" if len(cells) == 1 else "cells were"
    return f"{len(cells)} of {total} {were} filled: {named}{more}; each is in `filled.csv`."


def _method(a: Assessment) -> str:
    o, tables = a.options, a.tables
    frozen = o["bounds"] == "frozen"
    weights = "are those of the frozen scale" if frozen else (
        "are w = (1 − e)/Σ(1 − e) with e = −Σ p ln p / ln N and p = z/Σz over all province-years (Shannon 1948), "
        + (f"after a shift of z by {o['shift']:g}" if o["shift"] else "with 0 ln 0 = 0 and no shift")
    )  # fmt: skip
    distance = "Euclidean on w z"
    if o["distance"] != "euclidean":
        distance = "with w rather than its square under the root (a different score from the usual one)"
    lines = [
        "## Method\n",
        "Each indicator is scaled to z in [0, 1], (x − min)/(max − min), reversed where less is better; bounds are "
        f"{BOUNDS[o['bounds']]}. Entropy weights {weights}. The score is the TOPSIS closeness D⁻/(D⁺ + D⁻) (Hwang & "
        f"Yoon 1981), {distance}; ideals are {IDEALS[o['ideal']]}. First-level indices are the closeness on their own "
        "indicators with the weights of the whole.",
    ]
    if frozen:
        by_year = a.scored.frozen.years is not None
        lines.append(
            f"The scale was fitted on: {a.scored.frozen.fitted_on or 'not stated'}."
            + (
                " It is a scale by year: scores rank provinces within a year and show no growth."
                if by_year
                else ""
            )
        )
    named = sorted(set(a.groups.values()))
    groups = f"{len(named)} groups ({', '.join(named)})" if len(named) > 1 else "a single group"
    if named[0].startswith("study echelon"):
        groups += ", those of the western study, taken as they are,"
    text = [
        f"Inequality is the Gini coefficient, decomposed by Dagum (1997), and Theil's T, within and between {groups} year "
        "by year; averages are means over years. Apart from these groups, provinces are put in echelons by natural breaks "
        "(Fisher–Jenks) of their mean scores.",
        "Obstacle degrees are w(1 − z)/Σ w(1 − z). σ-convergence is the coefficient of variation. Densities are Gaussian "
        "with Silverman's bandwidth 0.9 min(s, IQR/1.34) n^(−1/5).",
    ]
    if "coupling" in tables:
        text.append(f"Coupling coordination is D = √(C T) with {COUPLING[o['coupling']]} and T the mean.")
    if "beta" in tables:
        text.append(
            "β-convergence is estimated on the whole period and with effects of province and year (errors clustered by "
            "province); the speed is −ln(1 + bT)/T and does not exist where 1 + bT is not positive."
        )
    if "transitions" in tables:
        text.append(
            "Markov chains run between quartiles of all province-years, from one year of the panel to the next."
        )
    if "moran" in tables:
        text.append(
            "Neighbours are provinces with a common border (Hainan is given Guangdong), row-standardised; p of Moran's I "
            "is from 999 permutations."
        )
        if "transitions" in tables:
            text.append("The spatial chain splits steps by the quartile of the neighbours' mean.")
    return "\n".join([*lines, " ".join(text)]) + "\n"


def _levels(a: Assessment) -> str:
    echelons = a.tables["echelons"]
    wide = a.scores.pivot(index="province", columns="year", values="nqpf")
    first, last = wide.columns[0], wide.columns[-1]
    rows = [
        (
            r.province,
            r.echelon,
            _n(wide.loc[r.province, first]),
            _n(wide.loc[r.province, last]),
            _n(r.mean),
            r.rank,
        )
        for r in echelons.itertuples(index=False)
    ]
    lines = [
        _table(("Province", "Echelon", f"{first}", f"{last}", "Mean", "Rank of the mean"), rows),
    ]
    if len(a.indices) > 1:
        at_last = a.scores[a.scores["year"] == last][list(a.indices)].mean().sort_values(ascending=False)
        named = ", ".join(f"{a.indices[name]} {_n(value)}" for name, value in at_last.items())
        lines.append(f"\nFirst-level indices in {last}, mean of the provinces: {named}.")
    return "\n".join(lines) + "\n"


def _inequality(a: Assessment) -> str:
    average = a.tables["dagum_average"].iloc[0]
    theil = a.tables["theil"]
    mean_between = theil["share_between"].mean()
    text = (
        f"On average over {average['years']:.0f} years the Gini is {_n(average['gini'])}: "
        f"{_pct(average['share_between'])} between groups, {_pct(average['share_within'])} within, "
        f"{_pct(average['share_transvariation'])} in overlap (transvariation). Theil's T goes from "
        f"{_n(theil['theil'].iloc[0])} to {_n(theil['theil'].iloc[-1])}, {_pct(mean_between)} of it between groups."
    )
    if len(set(a.groups.values())) == 1:
        text += " With a single group there is nothing between groups by construction."
    return text + "\n"


def _convergence(tables: dict) -> str:
    sigma = tables["sigma"]
    cv = sigma["cv"]
    moves = "goes"
    if abs(cv.iloc[-1] - cv.iloc[0]) > 1e-9:
        moves = "falls" if cv.iloc[-1] < cv.iloc[0] else "rises"
    text = f"σ: the coefficient of variation {moves} from {_n(cv.iloc[0])} to {_n(cv.iloc[-1])}. "
    if "beta" in tables:
        for row in tables["beta"].itertuples(index=False):
            half = f", half-life {row.half_life:.1f} years" if math.isfinite(row.half_life) else ""
            text += (
                f"β ({row.model}): {row.coefficient:.4f} (s.e. {row.se:.4f}, p {_p(row.p)}, n {row.n}), speed "
                f"{_pct(row.speed)} a year{half}. "
            )
        text += "Two-way effects in a short panel overstate the speed (Nickell 1981)."
    return text + "\n"


def _mobility(tables: dict) -> str:
    if "transitions" not in tables:
        return ""
    chain = tables["transitions"].query("kind == 'all'")
    counts = chain.pivot(index="origin", columns="target", values="count")
    moves = int(counts.to_numpy().sum())
    stay = sum(counts.loc[k, k] for k in counts.index)
    rows = []
    for origin, own in chain.groupby("origin"):
        rows.append((f"{origin}", int(own["count"].sum()), *(_n(p, 2) for p in own["probability"])))
    text = (
        f"Of {moves} steps from one year of the panel to the next {_pct(stay / moves)} stay in their quartile class.\n\n"
        + _table(("From", "n", "to 1", "to 2", "to 3", "to 4"), rows)
    )
    if "transition_tests" in tables and len(tables["transition_tests"]):
        test = tables["transition_tests"].iloc[0]
        text += (
            f"\n\nWhether the class of the neighbours matters: likelihood ratio {test['statistic']:.1f} on "
            f"{test['df']:.0f} degrees of freedom (p {_p(test['p'])}); with cells this small the p-value is rough."
        )
    return text + "\n"


def _space(tables: dict) -> str:
    if "moran" not in tables:
        return ""
    moran = tables["moran"]
    significant = int((moran["p"] < 0.05).sum())
    return (
        f"Moran's I goes from {_n(moran['moran'].iloc[0])} to {_n(moran['moran'].iloc[-1])} (expected without "
        f"association {_n(moran['expected'].iloc[0])}); p < .05 in {significant} of {len(moran)} years.\n"
    )


def _coupling(a: Assessment) -> str:
    if "coupling" not in a.tables:
        return ""
    lines = []
    for systems, own in a.tables["coupling"].groupby("systems", sort=False):
        mean = own.groupby("year")["degree"].mean()
        lines.append(
            f"Coupling coordination degree of {systems}: mean {_n(mean.iloc[0])} ({mean.index[0]}) to "
            f"{_n(mean.iloc[-1])} ({mean.index[-1]})."
        )
    return "\n".join(lines) + "\n"


def _obstacles(a: Assessment) -> str:
    obstacles = a.tables["obstacles"]
    last = obstacles["year"].max()
    names = {indicator.id: indicator.name for indicator in a.choice.indicators}
    top = obstacles[obstacles["year"] == last].groupby("indicator")["degree"].mean().nlargest(3)
    named = ", ".join(f"{id} {names[id]} ({_pct(value)})" for id, value in top.items())
    return f"Largest obstacles in {last}, mean of the provinces: {named}.\n"


def _robustness(a: Assessment) -> str:
    if "conclusions" not in a.tables:
        return ""
    rows = [
        (r.conclusion, f"{r.holds_in} of {r.of}", r.fails_in or "–")
        for r in a.tables["conclusions"].itertuples(index=False)
    ]
    others = a.tables["robustness"].iloc[1:]
    base = (
        "bounds and weights of the panel itself instead of the frozen ones, then one more choice changed at a time"
        if a.options["bounds"] == "frozen"
        else "one choice changed at a time"
    )
    text = (
        "## Which conclusions survive another method\n\n"
        f"{len(others)} other scores ({base}; choices that give the same scores are not counted): "
        "their rank correlation with the score above is "
        f"{_n(others['spearman'].min(), 2)} to {_n(others['spearman'].max(), 2)}, up to "
        f"{others['reversals'].max()} of {others['pairs'].max()} pairs of provinces in the other order.\n\n"
    )
    return text + _table(("Conclusion", "Holds in", "Fails in"), rows) + "\n"


def _caveats(a: Assessment, notes: list[str]) -> str:
    o, tables = a.options, a.tables
    lines = [
        "Entropy weights measure how unequally an indicator is spread, not how much it matters; an outlier gains weight.",
    ]
    if o["bounds"] == "pooled":
        lines.append(
            "Bounds, weights and ideals belong to this panel: adding a year or a province changes every score."
        )
    if o["bounds"] == "annual" or a.scored.frozen.years is not None:
        lines.append("Bounds are annual: a rising mean does not mean that provinces improved.")
    beyond = a.scored.out_of_bounds
    if o["bounds"] == "frozen" and (beyond[["below", "above"]].to_numpy() > 0).any():
        share = beyond[["below", "above"]].to_numpy().sum(axis=1).mean()
        lines.append(
            f"{_pct(share)} of the values lie outside the frozen bounds; beyond the good bound they count as reached, "
            "beyond the bad one as missed altogether."
        )
    average = tables["dagum_average"].iloc[0]
    if len(set(a.groups.values())) > 1 and average["share_between"] > 0.8:
        lines.append(
            "Groups that hardly overlap put most of the Gini between them by construction of the groups."
        )
    n = a.scores["province"].nunique()
    if n < 20:
        lines.append(f"{n} provinces are few for tests on maps and chains; their p-values are rough.")
    lines.append("Scores are descriptions. No table here says what caused what.")
    lines += [text[0].upper() + text[1:].removesuffix(".") + "." for text in (*notes, *a.notes)]
    return "## Caveats\n\n" + "\n".join(f"- {line}" for line in lines) + "\n"


def _files(tables: dict, figures: list[str]) -> str:
    named = ", ".join(f"`{name}.csv`" for name in tables)
    pictures = ", ".join(f"`figures/{name}.png`" for name in figures)
    return f"## Files\n\nTables: {named}.\n\nFigures: {pictures}.\n"


def _table(header: tuple, rows: list[tuple]) -> str:
    lines = ["| " + " | ".join(map(str, header)) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def _n(value: float, digits: int = 3) -> str:
    return "–" if value is None or pd.isna(value) else f"{value:.{digits}f}"


def _pct(value: float) -> str:
    return "–" if pd.isna(value) else f"{100 * value:.1f} %"


def _p(value: float) -> str:
    return "–" if pd.isna(value) else "< .001" if value < 0.001 else f"{value:.3f}"
