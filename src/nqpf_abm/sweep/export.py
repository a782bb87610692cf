"""A sweep as flat tables, for whatever reads CSV or Parquet."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa

from nqpf_abm.collect.folder import csv_bytes, write_files
from nqpf_abm.errors import InputError
from nqpf_abm.sweep.analyse import NothingToAnalyse, analyse
from nqpf_abm.sweep.parts import write_table
from nqpf_abm.sweep.store import load_tables

KINDS = ("csv", "parquet")
EXPORT = "export"


def export(folder: str | Path, to: str = "csv") -> list[Path]:
    """Write flat tables to the folder ``export`` in that of a sweep, replacing older ones; returns their paths.

    runs      row, replicate, seed, the factors in natural units, the outcomes, error
    outcomes  row, replicate, seed, outcome, unit, value: the same numbers, one a line
    indices   outcome, target, index, factor, other, value, low, high, n, as `analyse` has them; absent as long as too
              few runs are there for any

    Raises InputError for another format, and for a folder that holds no sweep, a damaged one or one in use.
    """
    if to not in KINDS:
        raise InputError(f"--to must be one of {', '.join(KINDS)}; got {to!r}")
    folder = Path(folder)
    found = load_tables(folder)
    tables = {"runs": runs_table(found), "outcomes": outcomes_table(found)}
    try:
        tables["indices"] = analyse(found).indices
    except NothingToAnalyse:
        (folder / EXPORT / f"indices.{to}").unlink(missing_ok=True)
    paths = {name: folder / EXPORT / f"{name}.{to}" for name in tables}
    if to == "csv":
        write_files({paths[name]: csv_bytes(table) for name, table in tables.items()}, force=True)
    else:
        for name, table in tables.items():
            write_table(paths[name], pa.Table.from_pandas(table, preserve_index=False))
    return list(paths.values())


def runs_table(found) -> pd.DataFrame:
    """One line per run, failed ones among them: row, replicate, seed, factors, outcomes, error."""
    runs = pd.concat([found.outcomes.assign(error=""), found.failed]).sort_values(["row", "replicate"])
    places, rest = runs[["row", "replicate", "seed"]], runs[[*found.names, "error"]]
    values = found.values.iloc[runs["row"].to_numpy()]
    parts = [part.reset_index(drop=True) for part in (places, values, rest)]
    return pd.concat(parts, axis="columns")


def outcomes_table(found) -> pd.DataFrame:
    """One line per run and outcome: row, replicate, seed, outcome, unit, value."""
    keys = ["row", "replicate", "seed"]
    long = found.outcomes.melt(keys, var_name="outcome", value_name="value")
    long["unit"] = long["outcome"].map(found.units)
    long = long.sort_values(["row", "replicate"], kind="stable", ignore_index=True)
    return long[[*keys, "outcome", "unit", "value"]]
