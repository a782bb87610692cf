"""How fast is the measurement kit? Ratios measured in one run.

python benchmarks/measure.py [--panels 1000]

1. Everything measured from one panel of 31 provinces, 20 years, 30 indicators, in seconds.
2. Scores and yearly Dagum decompositions of many simulated panels at once, over the same one by one.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from nqpf_abm.collect.assessment import assess
from nqpf_abm.collect.panels import score_panel
from nqpf_abm.collect.specification import load_specification
from nqpf_abm.data.provinces import macro_regions
from nqpf_abm.measure import dagum_gini, dagum_many, entropy_topsis, entropy_topsis_many

YEARS, INDICATORS = 20, 30


def specification():
    """Thirty indicators in three dimensions, every fourth a cost."""
    blocks = [
        f'[[indicator]]\nid = "I{i}"\ndimension = "{("sci_tech", "green", "digital")[i % 3]}"\nsign = {1 if i % 4 else -1}\n'
        for i in range(INDICATORS)
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "thirty.toml"
        path.write_text("\n".join(blocks))
        return load_specification(path)


def best_of(times: int, act) -> float:
    found = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        found.append(time.perf_counter() - start)
    return min(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--panels", type=int, default=1000)
    n_panels = parser.parse_args().panels
    spec, rng = specification(), np.random.default_rng(1)
    provinces = list(macro_regions())
    keys = [(province, 2003 + t) for province in provinces for t in range(YEARS)]
    ids = list(spec.ids)
    x = rng.lognormal(size=(n_panels, len(keys), INDICATORS))
    frame = pd.DataFrame(keys, columns=["province", "year"]).join(pd.DataFrame(x[0], columns=ids))
    assess(frame, spec)  # loads the libraries
    print(f"one panel, scored with its Dagum tables: {best_of(5, lambda: score_panel(frame, spec)):.3f} s")
    print(f"one panel, everything measured:          {best_of(3, lambda: assess(frame, spec)):.3f} s")

    years, groups = frame["year"].to_numpy(), frame["province"].map(macro_regions()).to_numpy()
    kinds, dims = ([getattr(i, name) for i in spec.indicators] for name in ("sign", "dimension"))

    def at_once():
        dagum_many(entropy_topsis_many(x, years, kinds, dims).closeness, years, groups)

    def one_by_one(panels):
        for panel in panels:
            closeness = entropy_topsis(panel, years, kinds, dims).closeness
            for year in np.unique(years):
                dagum_gini(closeness[years == year], groups[years == year])

    few = x[: max(n_panels // 20, 1)]
    together, alone = best_of(3, at_once), best_of(3, lambda: one_by_one(few)) * n_panels / len(few)
    print(f"{n_panels} panels at once: {together:.2f} s; one by one (timed on {len(few)}): {alone:.2f} s")
    print(f"one by one over at once: {alone / together:.1f}")


if __name__ == "__main__":
    main()
