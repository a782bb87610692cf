"""The pictures of a measured panel, by the name of their file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd
from matplotlib.figure import Figure

from nqpf_abm.viz.convergence import convergence_lines
from nqpf_abm.viz.coupling import coupling_lines
from nqpf_abm.viz.density import density_ridges
from nqpf_abm.viz.inequality import dagum_stack, theil_stack
from nqpf_abm.viz.obstacles import obstacle_heat
from nqpf_abm.viz.ranks import echelon_dots, rank_paths
from nqpf_abm.viz.robustness import robustness_dots
from nqpf_abm.viz.space import moran_lines, tile_map
from nqpf_abm.viz.trajectories import dimension_lines, score_lines
from nqpf_abm.viz.transitions import transition_matrices
from nqpf_abm.viz.weights import NAMES, weights_bars


def panel_figures(
    tables: Mapping[str, pd.DataFrame],
    scores: pd.DataFrame,
    *,
    title: str,
    indices: Mapping[str, str],
    dimensions: Mapping[str, str],
    names: Mapping[str, str],
    groups: Mapping[str, str],
    tiles: pd.DataFrame,
    caption: str = "",
) -> dict[str, Callable[[], Figure]]:
    """Makers of the figures of a measured panel; a table that is not there has no figure.

    tables   as `nqpf_abm.collect.assessment` makes them;  scores  of the provinces looked at
    title    of the specification;  indices  column of the scores -> title of the first-level index
    dimensions  name of a dimension -> title, where the tables' name is no word to read
    names    of the indicators by id;  groups  of the provinces;  tiles  their places on the map
    """
    last = scores["year"].max()
    mapped = scores.loc[scores["year"] == last, ["province", "nqpf"]].rename(columns={"nqpf": "value"})
    mapped = mapped.merge(tables["echelons"][["province", "echelon"]], on="province")
    titles = {name: title for name, title in dimensions.items() if name not in NAMES}
    weights, obstacles = (
        tables[name].assign(dimension=tables[name]["dimension"].replace(titles))
        for name in ("weights", "obstacles")
    )
    split = groups if len(set(groups.values())) > 1 else None
    figures = {  # slowest first: whoever draws every other one in a second process shares the work evenly
        "trajectories": partial(score_lines, scores, groups=split, caption=caption),
        "ranks": partial(rank_paths, _ranked(scores), caption=caption),
        "obstacles": partial(obstacle_heat, obstacles, names, caption=caption),
        "density": partial(density_ridges, tables["density"], scores, caption=caption),
        "echelons": partial(echelon_dots, tables["echelons"], caption=caption),
        "weights": partial(weights_bars, weights.assign(specification=title), names, caption=caption),
        "dagum": partial(dagum_stack, tables["dagum"], groups="groups", scores="scores", caption=caption),
        "theil": partial(theil_stack, tables["theil"], groups="groups", caption=caption),
    }
    if set(mapped["province"]) <= set(tiles["province"]):
        figures["map"] = partial(
            tile_map, mapped, tiles, title=f"Score of each province, {last}", caption=caption
        )
    if len(indices) > 1:
        figures["indices"] = partial(dimension_lines, scores, indices, caption=caption)
    if "beta" in tables:
        figures["convergence"] = partial(convergence_lines, tables["sigma"], tables["beta"], caption=caption)
    makers = {
        "coupling": coupling_lines,
        "transitions": transition_matrices,
        "moran": moran_lines,
        "robustness": robustness_dots,
    }
    figures |= {
        name: partial(make, tables[name], caption=caption) for name, make in makers.items() if name in tables
    }
    if split is None:
        del figures["theil"]  # one group has nothing between groups
    if tables["density"]["density"].isna().all():
        del figures["density"]
    return figures


def _ranked(scores: pd.DataFrame) -> pd.DataFrame:
    """Ranks among the provinces looked at, which may be fewer than were scored."""
    ranks = scores.groupby("year")["nqpf"].rank(method="min", ascending=False)
    return scores[["province", "year"]].assign(rank=ranks)
