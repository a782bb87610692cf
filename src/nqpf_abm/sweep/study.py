"""A study as a file: which scenario, what varies, by which design, on which seeds, and what is measured."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nqpf_abm.data.places import load_regions
from nqpf_abm.data.reading import read_toml
from nqpf_abm.data.scenario import Event, PolicyPlan, Scenario
from nqpf_abm.data.scenario_blocks import blocks_of, check_keys, whole
from nqpf_abm.data.scenario_file import load_scenario
from nqpf_abm.declare import Parameters
from nqpf_abm.ecosystem import LEAST_SCALE, MOST_SCALE, Ecosystem
from nqpf_abm.errors import InputError, nearest
from nqpf_abm.experiment.compare import source_hash
from nqpf_abm.mechanisms import topics
from nqpf_abm.sweep.design import Method, check_factors, method_of, n_rows, unit_design
from nqpf_abm.sweep.factors import Factor, all_factors, factor_of, settings_of
from nqpf_abm.sweep.plan import Plan, design_hash
from nqpf_abm.sweep.quantities import Quantity, chosen

if TYPE_CHECKING:
    from nqpf_abm.sweep.tables import SweepTables

_KEYS = (
    "title", "scenario", "until", "scale", "set", "method", "factors", "except", "factor", "replicates", "seed",
    "outcomes",
)  # fmt: skip
MOST_REPLICATES, LAST_SEED = 10_000, 2**31 - 1
FREE = ("cli/", "viz/", "describe/", "data/scenarios/", "experiment/", "sweep/")
"""Sources on which no number of a run depends ..."""
NUMBERS = ("experiment/outcomes.py", "sweep/quantities.py")
"""... but for these."""


@dataclass(frozen=True, eq=False)
class Study:
    """Everything that decides what a sweep gives. `Study.load` reads and checks one.

    factors     what varies, in the order of the design's columns
    method      the design
    quantities  what is measured of every run
    replicates  runs per row of the design: replicate r has seed ``seed + r``, the same in every row
    seed        also of the design
    until       last year;  scale  multiplies the numbers of agents
    changes     parameters and switches that all runs set
    path        file it was read from, None for one made by hand
    """

    title: str
    scenario: Scenario
    factors: tuple[Factor, ...]
    method: Method
    quantities: tuple[Quantity, ...]
    replicates: int
    seed: int
    until: int
    scale: float = 1.0
    changes: Mapping[str, Any] = field(default_factory=dict)
    path: Path | None = None

    @classmethod
    def load(cls, path: str | Path) -> Study:
        """The study of a TOML file. Raises InputError naming file, key, what is allowed and what was found."""
        path = Path(path)
        return study_of(read_toml(path), path)

    def run(self, folder: str | Path | None = None, **options: Any) -> SweepTables:
        """Do every run that is not in `folder` yet and return the tables; options as of `execution.run_study`."""
        from nqpf_abm.sweep.execution import run_study
        from nqpf_abm.sweep.store import load_tables

        return load_tables(run_study(self, folder, **options))

    @property
    def n_rows(self) -> int:
        return n_rows(self.method, self.factors)

    @cached_property
    def unit(self) -> np.ndarray:
        """(n_rows, n_factors) the design on the unit cube."""
        return unit_design(self.method, self.factors, self.seed)

    @cached_property
    def values(self) -> np.ndarray:
        """(n_rows, n_factors) the design in natural units."""
        if self.method.table is not None:
            return self.method.table[[factor.name for factor in self.factors]].to_numpy(float)
        return np.column_stack([factor.natural(self.unit[:, j]) for j, factor in enumerate(self.factors)])

    def plan(self) -> Plan:
        """What the store keeps: the study as plain data and its design."""
        return Plan(self.identity(), self.unit, self.values)

    def identity(self) -> dict[str, Any]:
        """The study as plain data: two studies of equal identity give the same runs and tables."""
        return {
            "title": self.title,
            "model": self.model_identity(),
            "method": {"name": self.method.name, "size": self.method.size} | self.method.settings,
            "factors": [_plain(factor) for factor in self.factors],
            "replicates": self.replicates,
            "seed": self.seed,
            "units": {quantity.name: quantity.unit for quantity in self.quantities},
            "design": design_hash(self.unit, self.values),
        }

    def model_identity(self) -> dict[str, Any]:
        """What all runs have in common: of it, the values of its row and its seed is made each run's address."""
        changes = Parameters(topics(), dict(self.scenario.changes) | dict(self.changes)).changes()
        return {
            "scenario": self.scenario.name,
            "events": [asdict(event) | {"index": list(event.index)} for event in self.scenario.events],
            "policies": [_plain_plan(plan) for plan in self.scenario.policies],
            "set": dict(sorted(changes.items())),
            "until": self.until,
            "scale": self.scale,
            "outcomes": [quantity.name for quantity in self.quantities],
            "source": source_hash(FREE, NUMBERS),
        }

    @cached_property
    def _common(self) -> dict[str, Any]:
        return self.model_identity()

    def address(self, values: Sequence[float], seed: int) -> str:
        """Content address of a run, 32 hexadecimal digits: equal ones are the same run of the same model.

        values  (n_factors,) in natural units
        """
        changes, plans = settings_of(self.factors, values)
        common = self._common
        content = common | {
            "set": dict(sorted((common["set"] | changes).items())),
            "policies": common["policies"] + [_plain_plan(plan) for plan in plans],
            "seed": seed,
        }
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:32]


def restored(identity: Mapping[str, Any]) -> Study:
    """The study that an identity tells of, able to repeat its runs; the design itself is in the store.

    Raises InputError if this version of the model does not measure one of its outcomes.
    """
    model, method = identity["model"], dict(identity["method"])
    events = tuple(Event(**event | {"index": tuple(event["index"])}) for event in model["events"])
    plans = tuple(map(_plan_from, model["policies"]))
    return Study(
        title=identity["title"],
        scenario=Scenario(model["scenario"], model["scenario"], events=events, policies=plans),
        factors=tuple(map(factor_from, identity["factors"])),
        method=Method(method.pop("name"), method.pop("size"), method),
        quantities=chosen(model["outcomes"]),
        replicates=identity["replicates"],
        seed=identity["seed"],
        until=model["until"],
        scale=model["scale"],
        changes=model["set"],
    )


def study_of(document: Mapping[str, Any], path: Path) -> Study:
    """The study that a document says, with files taken from the folder of `path`."""
    where = f"{path}"
    check_keys(where, dict(document), _KEYS)
    title = document.get("title", path.stem)
    if not isinstance(title, str) or not title.strip():
        raise InputError(f"{where}, key 'title': must be text in quotes, got {title!r}")
    scenario = _scenario(where, document.get("scenario", "baseline"), path.parent)
    changes = _changes(where, document.get("set", {}))
    if not isinstance(document.get("method"), dict):
        raise InputError(f"{where}, key 'method': must be a [method] table, got {document.get('method')!r}")
    method = method_of(f"{where}, [method]", document["method"], path.parent)
    factors = _factors(where, document, method, scenario, changes)
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
        until=_until(where, document, scenario, factors, changes, float(scale)),
        scale=float(scale),
        changes=changes,
        path=path,
    )


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
        return dict(sorted(Parameters(topics(), table).changes().items()))
    except InputError as error:
        raise InputError(f"{where}, key 'set': {error}") from None


def _factors(
    where: str, document: Mapping[str, Any], method: Method, scenario: Scenario, changes: Mapping[str, Any]
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
        has_policies = bool(scenario.policies) or any(factor.plan for factor in own)
        left_out = _left_out(where, document.get("except", []))
        declared = all_factors({*left_out, *names, *changes}, has_policies)
        own = (*own, *declared)
    if method.table is not None:
        own = _columns(where, method, own)
    for factor in own:
        if factor.name in changes:
            raise InputError(f"{where}: {factor.name} is both a factor and under [set]; keep one")
    if not own:
        raise InputError(f'{where}: nothing varies; add [[factor]] blocks, or factors = "all"')
    return own


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
) -> int:
    """Last year of the runs: given, or what the scenario and the policies that vary need. Checks the whole model."""
    base = load_regions().base_year
    until = document.get("until")
    if until is not None:
        until = whole(f"{where}, key 'until' (a year)", until, base + 1, 2100)
    plans = tuple(factor.plan for factor in factors if factor.plan)
    try:
        model = Ecosystem(
            0, replace(scenario, policies=scenario.policies + plans), until=until, scale=scale, set=changes
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


def _plain_plan(plan: Any) -> dict[str, Any]:
    return asdict(plan) | {"regions": list(plan.regions), "echelons": list(plan.echelons)}


def _plain(factor: Factor) -> dict[str, Any]:
    return asdict(factor) | {
        "values": list(factor.values),
        "plan": _plain_plan(factor.plan) if factor.plan else None,
    }


def _plan_from(plain: Mapping[str, Any]) -> PolicyPlan:
    return PolicyPlan(
        **dict(plain) | {"regions": tuple(plain["regions"]), "echelons": tuple(plain["echelons"])}
    )


def factor_from(plain: Mapping[str, Any]) -> Factor:
    """The factor that an identity holds."""
    plan = plain["plan"]
    return Factor(
        **dict(plain) | {"values": tuple(plain["values"]), "plan": _plan_from(plan) if plan else None}
    )
