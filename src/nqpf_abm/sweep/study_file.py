"""A study as a TOML file, with exact messages for what is no study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nqpf_abm.data.places import Regions, load_regions
from nqpf_abm.data.reading import read_toml
from nqpf_abm.data.scenario import PolicyPlan, Scenario
from nqpf_abm.data.scenario_blocks import blocks_of, check_keys, whole
from nqpf_abm.data.scenario_file import load_scenario
from nqpf_abm.declare import Parameters
from nqpf_abm.ecosystem import LEAST_SCALE, MOST_SCALE, Ecosystem
from nqpf_abm.errors import InputError, nearest
from nqpf_abm.mechanisms import topics
from nqpf_abm.policy.plan import decided
from nqpf_abm.state.instruments import INSTRUMENTS
from nqpf_abm.sweep.design import Method, check_factors, method_of
from nqpf_abm.sweep.factors import Factor, all_factors, factor_of
from nqpf_abm.sweep.quantities import chosen
from nqpf_abm.sweep.study import Study

_KEYS = (
    "title", "scenario", "until", "scale", "set", "method", "factors", "except", "factor", "replicates", "seed",
    "outcomes", "regions",
)  # fmt: skip
MOST_REPLICATES, LAST_SEED = 10_000, 2**31 - 1


def load_study(path: Path) -> Study:
    """The study of a file. Raises InputError naming file, key, what is allowed and what was found."""
    return study_of(read_toml(path), path)


def study_of(document: Mapping[str, Any], path: Path) -> Study:
    """The study that a document says, with files taken from the folder of `path`."""
    where = f"{path}"
    check_keys(where, dict(document), _KEYS)
    title = document.get("title", path.stem)
    if not isinstance(title, str) or not title.strip():
        raise InputError(f"{where}, key 'title': must be text in quotes, got {title!r}")
    scenario = _scenario(where, document.get("scenario", "baseline"), path.parent)
    regions = _regions(where, document.get("regions", "west"), path.parent)
    changes = _changes(where, document.get("set", {}))
    if not isinstance(document.get("method"), dict):
        raise InputError(f"{where}, key 'method': must be a [method] table, got {document.get('method')!r}")
    method = method_of(f"{where}, [method]", document["method"], path.parent)
    factors = _factors(where, document, method, scenario, changes, regions)
    check_factors(f"{where}, [method]", method, factors)
    scale = document.get("scale", 1.0)
    if (
        isinstance(scale, bool)
        or not isinstance(scale, int | float)
        or not LEAST_SCALE <= scale <= MOST_SCALE
    ):
        raise InputError(
            f"{where}, key 'scale': must lie in [{LEAST_SCALE:g}, {MOST_SCALE:g}], got {scale!r}"
        )
    return Study(
        title=title,
        scenario=scenario,
        factors=factors,
        method=method,
        quantities=chosen(document.get("outcomes", ["nqpf"]), f"{where}, key 'outcomes'"),
        replicates=whole(f"{where}, key 'replicates'", document.get("replicates", 1), 1, MOST_REPLICATES),
        seed=whole(f"{where}, key 'seed'", document.get("seed", 1), 0, LAST_SEED),
        until=_until(where, document, scenario, factors, changes, float(scale), regions),
        scale=float(scale),
        changes=changes,
        path=path,
        regions=regions,
    )


def _regions(where: str, name: Any, folder: Path) -> Regions | None:
    """Regions of the user's own, None for the twelve western provinces."""
    if not isinstance(name, str):
        raise InputError(f"{where}, key 'regions': must be a name or a file in quotes, got {name!r}")
    try:
        found = load_regions(folder / name if Path(name).suffix else Path(name))
    except InputError as error:
        raise InputError(f"{where}, key 'regions': {error}") from None
    return None if found.is_default else found


def _scenario(where: str, name: Any, folder: Path) -> Scenario:
    if not isinstance(name, str):
        raise InputError(f"{where}, key 'scenario': must be a name or .toml file in quotes, got {name!r}")
    try:
        scenario = load_scenario(folder / name if name.lower().endswith(".toml") else name)
    except InputError as error:
        raise InputError(f"{where}, key 'scenario': {error}") from None
    if scenario.arms:
        raise InputError(
            f"{where}, key 'scenario': {name!r} contrasts {len(scenario.arms)} arms; name one that is a single run"
        )
    return scenario


def _changes(where: str, table: Any) -> dict[str, Any]:
    if not isinstance(table, dict):
        raise InputError(f"{where}, key 'set': must be a table of parameters, got {table!r}")
    try:
        values = Parameters(topics(), table).values
    except InputError as error:
        raise InputError(f"{where}, key 'set': {error}") from None
    return {
        name: values[name] for name in sorted(table)
    }  # a default too: the scenario may have another value


def _factors(
    where: str,
    document: Mapping[str, Any],
    method: Method,
    scenario: Scenario,
    changes: Mapping[str, Any],
    regions: Regions | None,
) -> tuple[Factor, ...]:
    blocks = blocks_of(where, "factor", document.get("factor", []), "[[factor]]")
    own = tuple(factor_of(f"{where}, [[factor]] {k}", block) for k, block in enumerate(blocks, 1))
    names = [factor.name for factor in own]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError(f"{where}, key 'factor': {twice} is there twice; keep one")
    if document.get("factors", "all") != "all":
        raise InputError(
            f"{where}, key 'factors': must be \"all\" (every declared parameter), got {document['factors']!r}"
        )
    if "except" in document and "factors" not in document:
        raise InputError(f"{where}, key 'except': belongs to factors = \"all\"; leave it out")
    if "factors" in document:
        plans = (*scenario.policies, *(factor.plan for factor in own if factor.plan))
        settings = Parameters(topics(), {**scenario.changes, **changes}).record
        left_out = _left_out(where, document.get("except", []))
        numbers = [*names, *(name for name, value in {**scenario.changes, **changes}.items() if value)]
        paths = [name.removesuffix(".uptake") for name in numbers if name.endswith(".uptake")]
        instruments = _in_force(plans, settings, load_regions(regions), document.get("until"))
        declared = all_factors({*left_out, *names, *changes}, instruments, paths)
        own = (*own, *declared)
    if method.table is not None:
        own = _columns(where, method, own)
    for factor in own:
        if factor.name in changes:
            raise InputError(f"{where}: {factor.name} is both a factor and under [set]; keep one")
    if not own:
        raise InputError(f'{where}: nothing varies; add [[factor]] blocks, or factors = "all"')
    return own


def _in_force(plans: Sequence[PolicyPlan], settings: np.ndarray, regions: Regions, until: Any) -> set[str]:
    """Instruments that are in force in some region at some time of the runs."""
    names, echelons = (regions.columns[name].tolist() for name in ("region", "echelon"))
    base, last = regions.base_year, max((plan.end for plan in plans), default=0)
    years = range(base, (min(last, until) if isinstance(until, int) else last) + 1)
    strength = np.zeros(len(INSTRUMENTS))
    for year in years:
        strength += decided(plans, year, settings, names, echelons, base_year=base).sum(axis=0)
    return {id_ for id_, total in zip(INSTRUMENTS, strength, strict=True) if total > 0.0}


def _left_out(where: str, names: Any) -> set[str]:
    known = {row["name"] for row in Parameters(topics()).table()} | {topic.name for topic in topics()}
    if not isinstance(names, list):
        raise InputError(f"{where}, key 'except': must be a list of parameters or topics, got {names!r}")
    for name in names:
        if name not in known:
            raise InputError(f"{where}, key 'except': unknown {name!r}{nearest(str(name), known)}")
    return set(names)


def _columns(where: str, method: Method, own: tuple[Factor, ...]) -> tuple[Factor, ...]:
    """The factor of every column of a table of points: a [[factor]] block, or a declared parameter or switch."""
    blocks = {factor.name: factor for factor in own}
    missing = [name for name in blocks if name not in method.table.columns]
    if missing:
        raise InputError(
            f"{where}, [method], key 'file': the table has no column {missing[0]!r} of [[factor]]"
        )
    switches = {m.id for topic in topics() for m in topic.mechanisms}
    return tuple(
        blocks.get(name)
        or factor_of(
            f"{where}, [method], key 'file', column {name!r}",
            {"switch" if name in switches else "parameter": name},
        )
        for name in method.table.columns
    )


def _until(
    where: str,
    document: Mapping[str, Any],
    scenario: Scenario,
    factors: tuple[Factor, ...],
    changes: Mapping[str, Any],
    scale: float,
    regions: Regions | None,
) -> int:
    """Last year of the runs: given, or what the scenario and the policies that vary need. Checks the whole model."""
    base = load_regions(regions).base_year
    until = document.get("until")
    if until is not None:
        until = whole(f"{where}, key 'until' (a year)", until, base + 1, 2100)
    plans = tuple(factor.plan for factor in factors if factor.plan)
    try:
        model = Ecosystem(
            0, scenario.with_policies(plans), until=until, scale=scale, set=changes, regions=regions
        )
    except InputError as error:
        raise InputError(f"{where}: {error}") from None
    try:
        last = base + model.horizon // 4 - 1
    finally:
        model.close()
    late = [plan for plan in plans if plan.start > last]
    if late:
        raise InputError(
            f"{where}: policy {late[0].instrument} begins in {late[0].start}, and the runs end with {last}; give a later "
            "'until'"
        )
    return last
