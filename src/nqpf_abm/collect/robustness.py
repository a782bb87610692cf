"""Which conclusions survive another choice of method? One choice changed at a time.

The choices are those a referee asks about: shift, bounds, ideals, distance, every indicator left out once, another
index altogether.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.stats import kendalltau, spearmanr

from nqpf_abm.measure import dagum_many, entropy_topsis

MAIN = "as chosen"
PARTS = ("within", "between", "transvariation")


@dataclass(frozen=True, eq=False)
class Variant:
    """A score under another choice. `kind` says which choice; `scores` has province, year, nqpf, indices."""

    name: str
    kind: str
    scores: pd.DataFrame
    indices: Mapping[str, str] = field(default_factory=dict)
    """Title of each first-level index by its column."""
    shows_growth: bool = True
    """False where every year is scaled by itself, so that levels cannot be compared over years."""

    @cached_property
    def wide(self) -> pd.DataFrame:
        """Scores as provinces by years."""
        return self.scores.pivot(index="province", columns="year", values="nqpf")


def variants(
    panel: pd.DataFrame,
    kinds: Mapping[str, int],
    dimensions: Mapping[str, str],
    main: Variant,
    options: Mapping[str, object],
) -> list[Variant]:
    """`main` and what each other choice of method makes of the same cells.

    panel       province, year and one column per indicator, no gaps
    kinds       +1 or -1 of each indicator, in order;  dimensions  column of the scores for its dimension
    options     bounds, ideal, shift, distance as chosen. Variants keep them but for one; a frozen scale, whose
                weights are given, is replaced by the panel's own pooled bounds and weights in all of them

    A choice that gives the very scores of an earlier one is left out: it could not have differed.
    """
    chosen = dict(options)
    if chosen["bounds"] == "frozen":
        chosen |= {"bounds": "pooled", "ideal": "pooled" if chosen["ideal"] == "frozen" else chosen["ideal"]}
    changes = [("bounds", value) for value in ("pooled", "annual")]
    changes += [("shift", value) for value in (0.0, 1e-4, 1e-3)]
    changes += [("ideal", value) for value in ("pooled", "annual", "absolute")]
    changes += [("distance", value) for value in ("euclidean", "weighted_square")]
    cells = (panel, kinds, dimensions, main.indices)
    found = [main]
    for key, value in changes:
        if value == options[key]:
            continue
        own = chosen | {key: value}
        if key == "bounds" and options["ideal"] in ("pooled", "annual", "frozen"):
            own["ideal"] = value
        name = f"{key} {value:g}" if key == "shift" else f"{key} {value}"
        found.append(_scored(name, key, *cells, list(kinds), own))
    for left_out in kinds if len(kinds) > 2 else ():
        kept = [id for id in kinds if id != left_out]
        found.append(_scored(f"without {left_out}", "left out", *cells, kept, chosen))
    return _different([variant for variant in found if not variant.scores["nqpf"].isna().any()])


def _scored(name, kind, panel, kinds, dimensions, titles, ids, options) -> Variant:
    dims = [dimensions[id] for id in ids]
    result = entropy_topsis(
        panel[ids].to_numpy(float), panel["year"].to_numpy(), [kinds[id] for id in ids], dims, **options
    )
    scores = panel[["province", "year"]].assign(nqpf=result.closeness, **result.dimensions)
    indices = {column: title for column, title in titles.items() if column in dims}
    return Variant(name, kind, scores, indices, "annual" not in options.values())


def _different(found: list[Variant]) -> list[Variant]:
    """Variants whose scores no earlier one has, to rounding."""
    kept: list[Variant] = []
    for variant in found:
        own = variant.scores["nqpf"].to_numpy()
        if not any(np.allclose(own, other.scores["nqpf"], rtol=0, atol=1e-12) for other in kept):
            kept.append(variant)
    return kept


def cut(variant: Variant, provinces, years) -> Variant:
    """The variant on these provinces and years alone."""
    scores = variant.scores
    inside = scores["province"].isin(provinces) & scores["year"].isin(years)
    return replace(variant, scores=scores[inside].reset_index(drop=True))


def compare(found: list[Variant], ginis: list[pd.DataFrame]) -> pd.DataFrame:
    """Each variant, with its `yearly_gini`, beside the first.

    Returns variant, kind, spearman, kendall, reversals, pairs, largest_rank_change, mean_first, mean_last,
    mean_change, gini_first, gini_last, and the share of each Dagum part, mean over years.

    Ranks are those of province means over the years both have. `reversals` counts pairs of provinces in the other
    order, out of `pairs`; mean_change is NaN where levels cannot be compared over years. Figures of a first or
    last year that a variant does not have are NaN.
    """
    main = found[0]
    rows = []
    for variant, gini in zip(found, ginis, strict=True):
        ours, theirs = _means(main, variant)
        steps = [
            np.sign(np.subtract.outer(values.to_numpy(), values.to_numpy())) for values in (ours, theirs)
        ]
        ranks = [values.rank(ascending=False, method="min") for values in (ours, theirs)]
        yearly = variant.wide.mean()
        first, last = main.wide.columns[0], main.wide.columns[-1]
        at = {"mean_first": yearly.get(first, np.nan), "mean_last": yearly.get(last, np.nan)}
        at |= {"gini_first": gini["gini"].get(first, np.nan), "gini_last": gini["gini"].get(last, np.nan)}
        shares = {f"share_{part}": np.nanmean(gini[part] / gini["gini"]) for part in PARTS}
        rows.append(
            {
                "variant": variant.name,
                "kind": variant.kind,
                "spearman": spearmanr(ours, theirs).statistic,
                "kendall": kendalltau(ours, theirs).statistic,
                "reversals": int((steps[0] * steps[1] < 0).sum() // 2),
                "pairs": len(ours) * (len(ours) - 1) // 2,
                "largest_rank_change": int((ranks[0] - ranks[1]).abs().max()),
                "mean_change": at["mean_last"] - at["mean_first"] if variant.shows_growth else np.nan,
                **at,
                **shares,
            }
        )
    return pd.DataFrame(rows)


def conclusions(found: list[Variant], ginis: list[pd.DataFrame], groups: Mapping[str, str]) -> pd.DataFrame:
    """What the first variant says, and in how many of the others it stays true.

    Returns conclusion, holds_in, of (variants that can tell), share, fails_in (their names).
    """
    main = found[0]
    questions = {question: sentence for question, _, sentence in _answers(main, ginis[0], groups)}
    agree: dict[str, list[str]] = {question: [] for question in questions}
    differ: dict[str, list[str]] = {question: [] for question in questions}
    for variant, gini in zip(found[1:], ginis[1:], strict=True):
        ours = _told_on(main, ginis[0], variant, groups)
        for question, answer, _ in _answers(variant, gini, groups):
            if question in ours:
                (agree if answer == ours[question] else differ)[question].append(variant.name)
    rows = []
    for question, sentence in questions.items():
        n = len(agree[question]) + len(differ[question])
        share = len(agree[question]) / n if n else np.nan
        rows.append((sentence, len(agree[question]), n, share, ", ".join(differ[question])))
    return pd.DataFrame(rows, columns=["conclusion", "holds_in", "of", "share", "fails_in"])


def _told_on(main: Variant, gini: pd.DataFrame, variant: Variant, groups: Mapping[str, str]) -> dict:
    """What `main` answers to the questions that `variant` can tell, on the provinces and years it has."""
    ours, theirs = main.wide, variant.wide
    same_provinces, same_years = (
        set(ours.index) == set(theirs.index),
        list(ours.columns) == list(theirs.columns),
    )
    if not (same_provinces and same_years):
        main = cut(main, theirs.index, theirs.columns)
        gini = yearly_gini(main, groups)
    answers = {question: answer for question, answer, _ in _answers(main, gini, groups)}
    same_ends = ours.columns[0] == theirs.columns[0] and ours.columns[-1] == theirs.columns[-1]
    unknown = set() if same_provinces else {"top", "bottom", "three", "part", "groups"}
    unknown |= set() if same_ends else {"trend", "gini"}
    return {question: answer for question, answer in answers.items() if question not in unknown}


def _answers(variant: Variant, gini: pd.DataFrame, groups: Mapping[str, str]):
    """What a variant answers to each question: (question, answer, sentence) triples."""
    scores = variant.scores
    yearly, mean = variant.wide.mean(), variant.wide.mean(axis="columns")
    first, last = yearly.index[0], yearly.index[-1]
    if variant.shows_growth:
        moves = _moves(yearly.iloc[0], yearly.iloc[-1])
        yield "trend", moves, f"the mean score {moves} from {first} to {last}"
    yield "top", mean.idxmax(), f"{mean.idxmax()} has the highest mean score"
    yield "bottom", mean.idxmin(), f"{mean.idxmin()} has the lowest mean score"
    top = sorted(mean.nlargest(3).index)
    yield "three", top, f"the three highest are {', '.join(top)}"
    moves = _moves(gini["gini"].iloc[0], gini["gini"].iloc[-1])
    yield "gini", moves, f"the Gini between provinces {moves} from {first} to {last}"
    if len({groups[province] for province in mean.index}) > 1:
        shares = {part: np.nanmean(gini[part] / gini["gini"]) for part in PARTS}
        largest = max(shares, key=shares.get)
        word = {"within": "within groups", "between": "between groups", "transvariation": "in overlap"}
        yield "part", largest, f"the largest part of the Gini lies {word[largest]}"
        by_group = mean.groupby(mean.index.map(groups)).mean().sort_values(ascending=False)
        ranked = [str(name) for name in by_group.index]
        yield "groups", ranked, f"groups rank {' > '.join(ranked)}"
    known = [name for name in variant.indices if name in scores and scores[name].notna().any()]
    if len(known) > 1:
        at_last = scores[scores["year"] == last][known].mean().sort_values(ascending=False)
        ranked = [variant.indices[name] for name in at_last.index]
        yield f"indices {sorted(known)}", ranked, f"first-level indices rank {' > '.join(ranked)} in {last}"


def _moves(a: float, b: float) -> str:
    return "rises" if b > a else "falls" if b < a else "stays"


def _means(main: Variant, variant: Variant) -> tuple[pd.Series, pd.Series]:
    """Province means of both over the years and provinces both have, in one order."""
    provinces = main.wide.index.intersection(variant.wide.index)
    years = main.wide.columns.intersection(variant.wide.columns)
    ours, theirs = (each.wide.loc[provinces, years].mean(axis="columns") for each in (main, variant))
    return ours, theirs


def yearly_gini(variant: Variant, groups: Mapping[str, str]) -> pd.DataFrame:
    """Gini and its three parts (Dagum) of a variant, a row per year."""
    values, years = variant.wide.to_numpy(), variant.wide.columns.to_numpy()
    labels = variant.wide.index.map(groups).to_numpy()
    parts = dagum_many(values.T.reshape(1, -1), np.repeat(years, len(labels)), np.tile(labels, len(years)))
    table = {name: getattr(parts, name)[0] for name in ("gini", *PARTS)}
    return pd.DataFrame(table, index=parts.years)
