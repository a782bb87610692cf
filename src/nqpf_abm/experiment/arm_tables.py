"""What arms came to, seed by seed: for experiments that compare tables and bring statistics of their own."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence

import pandas as pd

from nqpf_abm.experiment.arms import Arm
from nqpf_abm.experiment.execute import Measure, Point, execute


def arm_tables(
    arms: Mapping[Hashable, Arm],
    seeds: Sequence[int],
    measures: Sequence[Measure],
    *,
    jobs: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> dict[Hashable, pd.DataFrame]:
    """For every arm a table with a row per seed and a column per measure; the same seed is the same luck in all.

    Equal arms are run once. `progress` is called with (runs done, runs in all). Raises RuntimeError, naming the first
    error, if runs fail: an average over fewer seeds would not be paired.
    """
    points = [Point(one, seed, tuple(measures)) for one in dict.fromkeys(arms.values()) for seed in seeds]
    outcomes = execute(points, jobs=jobs, progress=progress)
    broken = [outcome.error for outcome in outcomes if outcome.error]
    if broken:
        raise RuntimeError(f"{len(broken)} runs failed: {broken[0]}")
    numbers = {(outcome.point.arm, outcome.point.seed): outcome.numbers for outcome in outcomes}
    names = [measure.name for measure in measures]
    return {
        place: pd.DataFrame([numbers[one, seed] for seed in seeds], index=list(seeds), columns=names)
        for place, one in arms.items()
    }
