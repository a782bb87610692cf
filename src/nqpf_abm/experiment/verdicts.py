"""The table of verdicts: as rows, as CSV, as a page to read, and the one that comes with the package."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path

from nqpf_abm.data import FOLDER
from nqpf_abm.data.reading import read_rows
from nqpf_abm.experiment.verify import BY_CONSTRUCTION, COLUMNS, FAILS, HOLDS, UNDECIDED, Verdict

SHIPPED = FOLDER / "verdicts.csv"
DIGITS = 6  # significant, in the table


def rounded(value: float) -> float:
    """The value to as many digits as the table shows."""
    return float(f"{value:.{DIGITS}g}")


def rows(verdicts: Iterable[Verdict]) -> list[dict]:
    """Verdicts as plain rows; None where there is no number (JSON knows no NaN)."""
    return [{name: _plain(getattr(verdict, name)) for name in COLUMNS} for verdict in verdicts]


def _plain(value):
    if isinstance(value, float):
        return rounded(value) if math.isfinite(value) else None
    return value


def as_csv(verdicts: Iterable[Verdict]) -> bytes:
    """The table as CSV, UTF-8 with line feeds; empty cells where there is no number."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in rows(verdicts):
        writer.writerow(
            {k: "" if v is None else f"{v:.{DIGITS}g}" if isinstance(v, float) else v for k, v in row.items()}
        )
    return text.getvalue().encode()


def read_verdicts(path: Path = SHIPPED) -> list[Verdict]:
    """The table in a CSV file (default: the one shipped)."""
    kinds = {field.name: field.type for field in fields(Verdict)}
    made = []
    for row in read_rows(path)[1]:
        values = {}
        for name, text in row.cells.items():
            if kinds[name] == "float":
                values[name] = float(text) if text else math.nan
            else:
                values[name] = int(text) if kinds[name] == "int" else text
        made.append(Verdict(**values))
    return made


def by_mechanism(verdicts: Iterable[Verdict]) -> dict[str, str]:
    """One verdict per mechanism: it fails if one of its claims does, and holds if all do."""
    found: dict[str, set[str]] = {}
    for verdict in verdicts:
        found.setdefault(verdict.mechanism, set()).add(verdict.verdict)
    order = (FAILS, UNDECIDED, HOLDS, BY_CONSTRUCTION)
    return {name: next(word for word in order if word in seen) for name, seen in found.items()}


def number(value: float) -> str:
    """Three significant digits, no exponent for everyday sizes; "" for no number."""
    if not math.isfinite(value):
        return ""
    return f"{value:.3g}" if 1e-4 <= abs(value) < 1e6 or value == 0 else f"{value:.1e}"


def effect(verdict: Verdict) -> str:
    """``"46.2 % (41.0 to 51.3)"``."""
    if not math.isfinite(verdict.effect):
        return ""
    unit = "" if verdict.unit in ("1", "", "0 to 1") else f" {verdict.unit}"
    interval = f" ({number(verdict.low)} to {number(verdict.high)})" if math.isfinite(verdict.low) else ""
    return f"{number(verdict.effect)}{unit}{interval}"


def seeds_in_words(verdicts: Sequence[Verdict]) -> str:
    """``"seeds 1 to 30"``, or "" if nothing was run."""
    tested = [verdict for verdict in verdicts if verdict.seeds]
    if not tested:
        return ""
    first, n = tested[0].first_seed, tested[0].seeds
    return f"seed {first}" if n == 1 else f"seeds {first} to {first + n - 1}"


def as_page(verdicts: Sequence[Verdict], command: str) -> str:
    """The table as a page of Markdown; it names the command that made it."""
    lines = [
        "# Verdicts on the claims of the catalogue",
        "",
        f"Output of `{command}`: paired runs from 2012 to 2022, {seeds_in_words(verdicts)}. Do not edit by hand.",
        "",
        "A part **holds** if its effect lies within what is expected beyond chance, **fails** if it lies outside "
        "beyond chance, and is **undecided** otherwise; a claim holds if all its parts do and fails if one does. "
        "In brackets the 95 % interval over seeds, not adjusted; p is that of the part not holding, adjusted over "
        "the whole table (Holm). Verdicts are about this model, not about the world.",
        "",
        "| Mechanism | Claim | Verdict | Measured | Expected | Effect | p |",
        "|---|---|---|---|---|---|---|",
    ]
    before = None
    for v in verdicts:
        same = (v.mechanism, v.claim) == before
        before = (v.mechanism, v.claim)
        head = ("", "", "") if same else (v.mechanism, v.claim, f"**{v.verdict}**")
        p = "" if not math.isfinite(v.p_holds) else "< .001" if v.p_holds < 0.001 else f"{v.p_holds:.3f}"
        part = v.measured if v.part in (v.verdict, BY_CONSTRUCTION) else f"{v.measured}: {v.part}"
        lines.append("| " + " | ".join((*head, part, v.expected, effect(v), p)) + " |")
    notes = dict.fromkeys((v.mechanism, v.note) for v in verdicts if v.note)
    if notes:
        lines += ["", "## What does not hold, and why", ""]
        lines += [f"- **{mechanism}**: {note}" for mechanism, note in notes]
    return "\n".join(lines) + "\n"
