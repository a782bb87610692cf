"""Everything measured from one panel: scores, what is computed beside them, and how far they depend on choices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nqpf_abm.collect import companions, robustness
from nqpf_abm.collect.panels import Scores, groups_of, official_panel, score_columns, score_panel
from nqpf_abm.collect.specification import PanelChoice, Specification
from nqpf_abm.data.provinces import contiguity, macro_regions
from nqpf_abm.errors import InputError, nearest
from nqpf_abm.measure import FrozenScale

LEAST_YEARS_FOR_CHAINS = 4
LEAST_ON_MAP = 4


@dataclass(frozen=True, eq=False)
class Assessment:
    """A panel, measured.

    spec, choice  the specification and its panel
    options       method as chosen: bounds, ideal, shift, distance, fill, coupling, echelons, among
    scored        the scores of all provinces, with weights, filled cells and scale
    scores        of the provinces the companions are about (all, or those of `among`)
    groups        group of each of these provinces
    tables        every table by name, the scores among them
    notes         what a reader must know, one line each: gaps filled, parts that could not be computed, and why
    """

    spec: Specification
    choice: PanelChoice
    options: dict[str, object]
    scored: Scores
    scores: pd.DataFrame
    groups: dict[str, str]
    tables: dict[str, pd.DataFrame]
    notes: tuple[str, ...]

    @property
    def indices(self) -> dict[str, str]:
        """Title of each first-level index that has values, by its column."""
        columns = score_columns(self.spec)
        titles = {columns[name]: title for name, title in self.spec.dimensions}
        return {name: title for name, title in titles.items() if self.scores[name].notna().any()}


@dataclass(frozen=True, eq=False)
class SecondIndex:
    """Another index of the same provinces and years: `frame` has province, year, value in [0, 1]."""

    name: str
    frame: pd.DataFrame


def assess(
    frame: pd.DataFrame,
    spec: Specification,
    *,
    panel: str | None = None,
    groups: Mapping[str, object] | str | None = None,
    among: str | Iterable[str] | None = None,
    fill: str | None = None,
    bounds: str = "pooled",
    ideal: str | None = None,
    shift: float = 0.0,
    distance: str = "euclidean",
    frozen: FrozenScale | None = None,
    coupling: str = "standard",
    n_echelons: int = 3,
    second: SecondIndex | None = None,
    alternative: tuple[str, pd.DataFrame] | None = None,
    neighbours: np.ndarray | None = None,
) -> Assessment:
    """Score a panel and compute all that goes with a score.

    frame        province, year, one column per indicator of `panel` (of `spec`), gaps as NaN
    groups       as in `score_panel`; among the provinces of `among`
    among        a macro-region ("west") or names of provinces: all are scored, the rest is about these
    ideal        default: as `bounds`
    coupling     variant of the coupling coordination degree: "standard", "wang" or "fan"
    second       another index to couple the score with
    alternative  name and scores (province, year, nqpf) of another NQPF index, for the robustness table
    neighbours   (n, n) truths in the order of the provinces looked at; default: shared borders of Chinese provinces

    The other options are those of `score_panel`. Raises InputError as it does, and for provinces, options or a
    second index that do not fit.
    """
    choice = spec.panel(panel)
    ideal = bounds if ideal is None else ideal
    if bounds == "frozen" and shift:
        raise InputError(f"shift moves weights, and frozen bounds bring theirs: it must be 0, got {shift}")
    scored = score_panel(
        frame, spec, panel=panel, groups="one", fill=fill, bounds=bounds, ideal=ideal, shift=shift,
        distance=distance, frozen=frozen,
    )  # fmt: skip
    notes = list(scored.warnings)
    chosen = _among(among, list(dict.fromkeys(scored.scores["province"])))
    group_of, grouping = groups_of(chosen, groups)
    notes += grouping
    scores = scored.scores[scored.scores["province"].isin(chosen)].reset_index(drop=True)
    normalised = scored.normalised[scored.normalised["province"].isin(chosen)].reset_index(drop=True)
    method = {"bounds": bounds, "ideal": ideal, "shift": shift, "distance": distance}
    options = method | {"fill": spec.fill if fill is None else fill, "coupling": coupling}
    options |= {"echelons": n_echelons, "among": among if isinstance(among, str | None) else ", ".join(among)}

    tables = {"panel": scored.panel, "scores": scored.scores, "weights": scored.weights}
    told = _with_scores(scores)
    tables |= {
        "normalised": scored.normalised,
        "filled": scored.filled,
        "out_of_bounds": scored.out_of_bounds,
        "echelons": companions.echelon_table(told, n_echelons),
        "dagum": companions.dagum_table(scores, group_of),
        "dagum_groups": companions.dagum_groups(scores, group_of),
        "dagum_pairs": companions.dagum_pairs(scores, group_of),
        "theil": companions.theil_table(told, group_of),
        "obstacles": companions.obstacle_table(normalised, scored.weights),
        "sigma": companions.sigma_table(told),
        "density": companions.density_table(told),
    }
    tables["dagum_average"] = companions.dagum_average(tables["dagum"])
    assessment = Assessment(spec, choice, options, scored, scores, group_of, tables, ())
    _couple(assessment, second, coupling, notes)
    _follow(told, neighbours, chosen, tables, notes)
    _vary(assessment, method, alternative, notes)
    return Assessment(spec, choice, options, scored, scores, group_of, tables, tuple(notes))


def official_alternative(spec: Specification, panel: str | None = None) -> tuple[str, pd.DataFrame]:
    """Name and scores of the official panel of another specification, for `assess(alternative=...)`."""
    scored = score_panel(official_panel(spec, panel).frame, spec, panel=panel, groups="one")
    return f"index {spec.name} {spec.panel(panel).name}", scored.scores


def _among(among: str | Iterable[str] | None, provinces: list[str]) -> list[str]:
    if among is None:
        return provinces
    if isinstance(among, str):
        regions = sorted(set(macro_regions().values()))
        if among not in regions:
            listed = ", ".join(regions)
            raise InputError(
                f"among must be a macro-region ({listed}) or names; got {among!r}{nearest(among, regions)}"
            )
        among = [name for name, region in macro_regions().items() if region == among]
        chosen = [name for name in provinces if name in set(among)]
    else:
        chosen = list(among)
        for name in chosen:
            if name not in provinces:
                raise InputError(
                    f"among names {name!r}, which the panel does not hold{nearest(name, provinces)}"
                )
    if len(chosen) < 2:
        raise InputError(f"among leaves {len(chosen)} provinces of the panel; at least 2 can be compared")
    return chosen


def _with_scores(scores: pd.DataFrame) -> pd.DataFrame:
    """Scores of the years that have them (annual bounds give none where nothing varies)."""
    known = scores.groupby("year")["nqpf"].transform(lambda column: column.notna().all())
    return scores[known].reset_index(drop=True)


def _couple(assessment: Assessment, second: SecondIndex | None, variant: str, notes: list[str]) -> None:
    parts, scores = [], assessment.scores
    names = list(assessment.indices)
    if len(names) > 1:
        known = scores.dropna(subset=names)
        if len(known) < len(scores):
            notes.append(
                f"coupling: {len(scores) - len(known)} province-years without a first-level index left out"
            )
        label = " × ".join(assessment.indices[name] for name in names)
        parts.append(companions.coupling_table(known, names, label, variant))
    if second is not None:
        both = scores.merge(second.frame, on=["province", "year"]).dropna(subset=["nqpf", "value"])
        if both.empty:
            raise InputError(
                f"the second index {second.name!r} has no province-year in common with the panel; check names "
                "and years"
            )
        outside = both[(both["value"] < 0) | (both["value"] > 1)]
        if len(outside):
            row = outside.iloc[0]
            raise InputError(
                f"the second index {second.name!r} must lie in [0, 1]: {row['province']} {row['year']} is "
                f"{row['value']:g}; give a specification to score it by, or scale it"
            )
        if len(both) < len(scores):
            notes.append(
                f"coupling with {second.name}: {len(both)} of {len(scores)} province-years are in both panels"
            )
        parts.append(companions.coupling_table(both, ["nqpf", "value"], f"NQPF × {second.name}", variant))
    if parts:
        assessment.tables["coupling"] = pd.concat(parts, ignore_index=True)
    else:
        notes.append("coupling left out: one first-level index only, and no second index was given")


def _follow(told: pd.DataFrame, neighbours, provinces: list[str], tables: dict, notes: list[str]) -> None:
    """What needs several years or neighbours: beta-convergence, Markov chains, Moran."""
    n_years = told["year"].nunique()
    if (told["nqpf"] > 0).all() and n_years >= 3 and len(provinces) >= 3:
        tables["beta"] = companions.beta_table(told)
    else:
        notes.append(
            "beta-convergence left out: it needs scores above zero of 3 provinces in 3 years "
            f"({len(provinces)} provinces, {n_years} years, lowest score {told['nqpf'].min():g})"
        )
    if neighbours is None:
        neighbours = contiguity(provinces)
    alone = [name for name, row in zip(provinces, neighbours, strict=True) if not row.any()]
    linked = [name for name in provinces if name not in alone]
    if alone and len(linked) >= LEAST_ON_MAP:
        notes.append(
            f"without neighbour in the panel, left out of Moran and spatial Markov: {', '.join(alone)}"
        )
    near = None
    if len(linked) < LEAST_ON_MAP:
        notes.append(
            f"Moran and spatial Markov left out: fewer than {LEAST_ON_MAP} provinces with a neighbour in the panel"
        )
    else:
        rows = [provinces.index(name) for name in linked]
        near = np.asarray(neighbours)[np.ix_(rows, rows)]
        tables["moran"] = companions.moran_table(told[told["province"].isin(linked)], near)
    if n_years < LEAST_YEARS_FOR_CHAINS:
        notes.append(f"Markov chains left out: {n_years} years, at least {LEAST_YEARS_FOR_CHAINS} are needed")
        return
    chains, _ = companions.transition_table(told)
    if near is not None:
        spatial, tables["transition_tests"] = companions.transition_table(
            told[told["province"].isin(linked)], near
        )
        chains = pd.concat([chains, spatial[spatial["kind"] != "all"]], ignore_index=True)
    tables["transitions"] = chains


def _vary(assessment: Assessment, method: dict, alternative, notes: list[str]) -> None:
    """Robustness of the scores: other choices of method, other indicators, another index."""
    columns = score_columns(assessment.spec)
    indicators = assessment.choice.indicators
    by_year = "annual" in method.values() or assessment.scored.frozen.years is not None
    main = robustness.Variant(
        robustness.MAIN, "main", assessment.scored.scores, assessment.indices, shows_growth=not by_year
    )
    if main.scores["nqpf"].isna().any():
        notes.append("robustness left out: a year has no scores")
        return
    found = robustness.variants(
        assessment.scored.panel,
        {indicator.id: indicator.sign for indicator in indicators},
        {indicator.id: columns[indicator.dimension] for indicator in indicators},
        main,
        method,
    )
    provinces, years = list(assessment.groups), set(main.scores["year"])
    found = [robustness.cut(variant, provinces, years) for variant in found]
    if alternative is not None:
        name, scores = alternative
        other = robustness.cut(robustness.Variant(name, "other index", scores), provinces, years)
        if other.scores["province"].nunique() < 3:
            notes.append(f"robustness: {name} left out, it has fewer than 3 provinces or no year in common")
        else:
            found.append(other)
    ginis = [robustness.yearly_gini(variant, assessment.groups) for variant in found]
    assessment.tables["robustness"] = robustness.compare(found, ginis)
    assessment.tables["conclusions"] = robustness.conclusions(found, ginis, assessment.groups)
