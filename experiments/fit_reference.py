"""Fit the scale that scores of the `full` specification are frozen on.

    python experiments/fit_reference.py [--seeds 8] [--until 2026]

An ensemble of baseline runs is pooled, bounds, weights and ideals are fitted on it, and the result is
written to src/nqpf_abm/data/reference/full.json. The horizon beyond 2022 gives the bounds headroom. Run it
again whenever the model's numbers move; scores of before and after are then not comparable.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import pandas as pd

from nqpf_abm import Ecosystem
from nqpf_abm.collect.panels import score_panel

TARGET = Path(__file__).resolve().parents[1] / "src" / "nqpf_abm" / "data" / "reference" / "full.json"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=8, help="runs in the ensemble, seeds 101, 102, ...")
    parser.add_argument("--until", type=int, default=2026, help="last year of each run")
    options = parser.parse_args()
    blocks = []
    for k in range(options.seeds):
        results = Ecosystem(seed=101 + k, until=options.until).run().results
        frame = results.panel(results.full)
        blocks.append(frame.assign(province=frame["province"] + f" #{k}"))
        print(f"seed {101 + k} done", flush=True)
    scored = score_panel(pd.concat(blocks, ignore_index=True), results.full, groups="one")
    fitted_on = f"{options.seeds} baseline runs, seeds 101 to {100 + options.seeds}, {results.years[0]} to {options.until}"
    document = {
        "fitted_on": fitted_on,
        "command": f"python experiments/fit_reference.py --seeds {options.seeds} --until {options.until}",
        "indicators": [indicator.id for indicator in results.full.indicators],
        "scale": replace(scored.frozen, fitted_on=fitted_on).to_dict(),
    }
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    print(f"written: {TARGET}")
    print(scored.weights.round(3).to_string(index=False))


if __name__ == "__main__":
    main()
