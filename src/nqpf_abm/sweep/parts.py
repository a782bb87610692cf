"""Runs of a sweep as Parquet files: the design, and parts of the table of runs, the same bytes for the same runs."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from nqpf_abm.collect.folder import write_files
from nqpf_abm.errors import InputError

DESIGN, PARTS = "design.parquet", "parts"
UNIT = "unit."
"""Before a factor's name: its column on the unit cube."""


class Record(NamedTuple):
    """What came of a run.

    run      number in the plan;  address  of its content
    numbers  (n_outcomes,) NaN where there was nothing to measure; of no meaning if it failed
    state    SHA-256 of the state at the end, "" if it failed
    error    on one line, "" if none;  traceback  the whole of it
    """

    run: int
    address: str
    numbers: np.ndarray
    state: str = ""
    error: str = ""
    traceback: str = ""


def part_path(folder: Path, k: int) -> Path:
    """Where part k is."""
    return folder / PARTS / f"runs-{k:05d}.parquet"


def write_part(
    path: Path, records: Sequence[Record], places: Sequence[tuple], outcomes: Sequence[str]
) -> str:
    """Write runs, sorted, as one file, whole or not at all; returns its SHA-256.

    places  row, replicate and seed of each run
    """
    numbers = np.array([record.numbers for record in records], float).reshape(len(records), len(outcomes))
    failed = np.array([bool(record.error) for record in records])
    columns = {
        "run": pa.array([record.run for record in records], pa.int64()),
        **{
            name: pa.array([place[j] for place in places], pa.int64())
            for j, name in enumerate(("row", "replicate", "seed"))
        },
        "address": pa.array([record.address for record in records]),
        **{
            name: pa.array(np.where(failed, np.nan, numbers[:, j]), pa.float64())
            for j, name in enumerate(outcomes)
        },
        **{
            name: pa.array([getattr(record, name) for record in records])
            for name in ("state", "error", "traceback")
        },
    }
    return write_table(path, pa.table(columns))


def read_part(path: Path, sha256: str) -> pd.DataFrame:
    """The runs of a part. Raises InputError if it is missing or not as it was written."""
    if not is_whole(path, sha256):
        raise InputError(
            f"{path}: missing, or not as it was written; run the sweep again on this folder, which repeats its runs alone"
        )
    return pq.read_table(path).to_pandas()


def records_of(table: pd.DataFrame, outcomes: Sequence[str]) -> list[Record]:
    """The runs of a part as records."""
    numbers = table[list(outcomes)].to_numpy(float)
    return [
        Record(int(row.run), row.address, numbers[j], row.state, row.error, row.traceback)
        for j, row in enumerate(
            table[["run", "address", "state", "error", "traceback"]].itertuples(index=False)
        )
    ]


def is_whole(path: Path, sha256: str) -> bool:
    """True if the file is there and has this checksum."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except OSError:
        return False


def write_design(folder: Path, factors: Sequence[str], unit: np.ndarray, values: np.ndarray) -> None:
    """Write the design: a row per point, a column per factor in natural units and one on the unit cube."""
    columns = {name: values[:, j] for j, name in enumerate(factors)}
    columns |= {UNIT + name: unit[:, j] for j, name in enumerate(factors)}
    write_table(folder / DESIGN, pa.table(columns))


def read_design(folder: Path, factors: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """The design on the unit cube and in natural units. Raises InputError if it cannot be read."""
    path = folder / DESIGN
    try:
        table = pq.read_table(path)
        unit, values = (
            np.column_stack([table[prefix + name].to_numpy() for name in factors]) for prefix in (UNIT, "")
        )
    except (OSError, KeyError, pa.ArrowException) as error:
        raise InputError(
            f"{path}: cannot be read ({' '.join(str(error).split())}); run the sweep again, which mends it"
        ) from None
    return unit, values


def write_table(path: Path, table: pa.Table) -> str:
    """Write a table as Parquet, whole or not at all; returns its SHA-256."""
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    content = sink.getvalue().to_pybytes()
    write_files({path: content}, force=True)
    return hashlib.sha256(content).hexdigest()
