"""``nqpf run`` of a scenario that contrasts arms: a table, a tidy CSV and one picture."""

from __future__ import annotations

import hashlib
import json
from functools import partial
from pathlib import Path
from typing import Any

from nqpf_abm.errors import InputError, nearest


def run_contrast(
    plan,
    *,
    seed: int,
    quarters: int | None,
    until: int | None,
    scale: float,
    engine: str,
    jobs: int,
    changes: dict[str, str],
    regions: Path | None,
    out: Path | None,
    force: bool,
    quiet: bool,
) -> None:
    """Run every arm on the scenario's number of seeds, from `seed` on; write folder, print table."""
    from nqpf_abm.cli.output import announce_compilation, count_bar
    from nqpf_abm.collect.folder import check_target, write_folder
    from nqpf_abm.ecosystem import Ecosystem
    from nqpf_abm.experiment.contrast import contrast
    from nqpf_abm.viz.teaching import FIGURES

    for name, value, wanted in (("--engine", engine, "columns"), ("--regions", regions, None)):
        if value != wanted:
            raise InputError(f"{name} cannot be chosen for a scenario with arms ({plan.name}); got {value}")
    picture = plan.figure or next(iter(FIGURES))
    if picture not in FIGURES:
        raise InputError(
            f"{plan.path}, key 'figure': must be one of {', '.join(FIGURES)}; got {picture!r}{nearest(picture, FIGURES)}"
        )
    announce_compilation(quiet)
    told = manifest(Ecosystem(seed, scale=scale, quarters=quarters, until=until), plan, changes)
    target = default_folder(told) if out is None else out
    replace = force or (out is None and holds_the_same(target, told))
    check_target(target, force=replace)
    with count_bar("runs", quiet) as advance:
        found = contrast(
            plan,
            changes=changes,
            first_seed=seed,
            quarters=told["horizon"],
            scale=scale,
            jobs=jobs,
            progress=advance,
        )
    tables = {"contrast": found.table, "summary": found.summary}
    figures = {plan.name: partial(FIGURES[picture], found.table, base_year=told["base_year"])}
    if picture == "spirit_by_level" and "?" in plan.title:
        # lessons that share a picture ask their own question
        question = plan.title[: plan.title.index("?") + 1]
        figures = {plan.name: partial(figures[plan.name], title=question[0].upper() + question[1:])}
    if picture == "leader_employee_slope":  # nothing in it is over time
        figures = {plan.name: partial(FIGURES[picture], found.table)}
    write_folder(target, tables, told | {"failed": list(found.failed)}, figures=figures, force=replace)
    if quiet:
        print(target)
    else:
        _print(plan, found, target, told)


def manifest(model, plan, changes: dict[str, str]) -> dict[str, Any]:
    """Everything needed to repeat the contrast."""
    from nqpf_abm.ecosystem import label

    kept = ("versions", "platform", "scale", "horizon", "base_year", "regions")
    told = model.manifest()
    inputs = dict(told["inputs"])
    for path in plan.files or ([plan.path] if plan.path else []):
        inputs[label(path)] = hashlib.sha256(path.read_bytes()).hexdigest()
    arms = [
        {"title": one.title, "changes": one.changes, "events": [event.plain() for event in one.events]}
        for one in plan.arms
    ]
    document = {name: told[name] for name in kept} | {
        "scenario": {"name": plan.name, "title": plan.title, "source": plan.source, "note": plan.note},
        "changes": plan.changes | changes,
        "events": [event.plain() for event in plan.events],
        "policies": [policy.plain() for policy in plan.policies],
        "arms": arms,
        "seeds": [model.seed_number + k for k in range(plan.seeds)],
        "inputs": inputs,
    }
    return json.loads(json.dumps(document))


def default_folder(told: dict[str, Any]) -> Path:
    """``results/SCENARIO-seedN``, with a code of the settings where they are not the scenario's own."""
    settings = {name: told[name] for name in ("changes", "scale", "horizon")}
    name = f"{told['scenario']['name']}-seed{told['seeds'][0]}"
    if settings != {"changes": {}, "scale": 1.0, "horizon": 44}:
        name += "-" + hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()[:8]
    return Path("results") / name


def holds_the_same(target: Path, told: dict[str, Any]) -> bool:
    """True if the folder holds an earlier run of the very same contrast, which may be renewed in place."""
    from nqpf_abm.collect.folder import MANIFEST, holds_run

    if not holds_run(target):
        return False
    try:
        old = json.loads((target / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    same = ("scenario", "changes", "events", "policies", "arms", "seeds", "scale", "horizon", "inputs")
    return all(old.get(name) == told[name] for name in same)


def _print(plan, found, target: Path, told: dict[str, Any]) -> None:
    from rich import box
    from rich.table import Table

    from nqpf_abm.cli.output import console
    from nqpf_abm.experiment.contrast import FOLLOWED

    arms = list(dict.fromkeys(found.summary["arm"]))
    first, last = told["seeds"][0], told["seeds"][-1]
    over = f"seed {first}" if first == last else f"seeds {first} to {last}"
    table = Table(title=f"{plan.title}\nmeans of the last year, {over}", box=box.SIMPLE, pad_edge=False)
    table.add_column("")
    for k, name in enumerate(arms):
        table.add_column(name if k == 0 else f"{name}\n(difference, 95 %)", justify="right")
    for measure, rows in found.summary.groupby("measure", sort=False):
        cells = [f"{FOLLOWED[measure][0]}, {FOLLOWED[measure][1]}"]
        for k, row in enumerate(rows.itertuples()):
            gap = (
                f"\n({row.difference:+.3f}: {row.low:+.3f} to {row.high:+.3f})"
                if k and row.low == row.low
                else ""
            )
            cells.append(f"{row.mean:.3f}{gap}")
        table.add_row(*cells)
    screen = console()
    screen.print(table)
    if plan.note:
        screen.print(" ".join(plan.note.split()))
    for text in found.failed:
        screen.print(f"failed: {text}", style="yellow")
    screen.print(f"Picture: {target / 'figures' / plan.name}.png; table: {target / 'contrast.csv'}")
