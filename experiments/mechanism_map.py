"""Draw who affects whom from the declarations, and write the table behind it.

    python experiments/mechanism_map.py [--out docs]

Written are mechanism-map.csv and mechanism-map.png. Run it again whenever a mechanism, a phase or an indicator
changes; a test keeps the table so.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from nqpf_abm.describe.mechanism_map import edges, nodes
from nqpf_abm.viz.mechanism_map import mechanism_map


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("docs"))
    out = parser.parse_args().out
    table = edges()
    table.to_csv(out / "mechanism-map.csv", index=False, lineterminator="\n")
    mechanism_map(nodes(), table).savefig(out / "mechanism-map.png", dpi=110)
    print(table.groupby("kind").size().to_string())


if __name__ == "__main__":
    main()
