"""A study: which scenario, what varies, by which design, on which seeds, and what is measured."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nqpf_abm.data.places import Regions
from nqpf_abm.data.scenario import Event, PolicyPlan, Scenario
from nqpf_abm.declare import Parameters
from nqpf_abm.ecosystem import Ecosystem
from nqpf_abm.experiment.outcomes import own_scale
from nqpf_abm.experiment.study import source_hash
from nqpf_abm.measure import FrozenScale
from nqpf_abm.mechanisms import topics
from nqpf_abm.sweep.design import Method, n_rows, unit_design
from nqpf_abm.sweep.factors import Factor, settings_of
from nqpf_abm.sweep.plan import Plan, design_hash
from nqpf_abm.sweep.quantities import Quantity, chosen

if TYPE_CHECKING:
    from nqpf_abm.sweep.tables import SweepTables

FREE = ("cli/", "viz/", "describe/", "data/scenarios/", "data/sweeps/", "experiment/", "sweep/")
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
    regions     of the user's own; None: the twelve western provinces
    path        file it was read from, None for one made by hand
    own_scale   scale of the scores where it is known already; see `frozen`
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
    regions: Regions | None = None
    own_scale: FrozenScale | None = None

    @classmethod
    def load(cls, path: str | Path) -> Study:
        """The study of a TOML file. Raises InputError naming file, key, what is allowed and what was found."""
        from nqpf_abm.sweep.study_file import load_study

        return load_study(Path(path))

    def run(self, folder: str | Path | None = None, **options: Any) -> SweepTables:
        """Do every run that is not in `folder` yet and return the tables; options as of `execution.run_study`."""
        from nqpf_abm.sweep.execution import run_study
        from nqpf_abm.sweep.store import load_tables

        return load_tables(run_study(self, folder, **options))

    @cached_property
    def frozen(self) -> FrozenScale | None:
        """Scale of the scores: of own regions, that of a run of the first seed in which nothing varies; else None.

        Raises InputError if that run fails.
        """
        if self.regions is None or self.own_scale is not None:
            return self.own_scale
        model = Ecosystem(
            self.seed,
            self.scenario,
            until=self.until,
            scale=self.scale,
            set=self.changes,
            regions=self.regions,
        )
        what = f"the run of {self.scenario.name} with seed {self.seed} until {self.until} in which nothing varies"
        return own_scale(model, what)

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
            "events": [event.plain() for event in self.scenario.events],
            "policies": [plan.plain() for plan in self.scenario.policies],
            "set": dict(sorted(changes.items())),
            "until": self.until,
            "scale": self.scale,
            "outcomes": [quantity.name for quantity in self.quantities],
            "source": source_hash(FREE, NUMBERS),
        } | self._own()

    def _own(self) -> dict[str, Any]:
        """Regions and scale of the scores, where they are not the shipped ones."""
        own = {}
        if self.regions is not None:
            own["regions"] = self.regions.plain()
        if self.frozen is not None:
            own["frozen"] = self.frozen.to_dict()
        return own

    @cached_property
    def _common(self) -> tuple[dict[str, Any], str]:
        """What all runs set, and a digest of all else that they have in common."""
        common = self.model_identity()
        changes = common.pop("set")
        return changes, hashlib.sha256(json.dumps(common).encode()).hexdigest()

    def address(self, values: Sequence[float], seed: int) -> str:
        """Content address of a run, 32 hexadecimal digits: equal ones are the same run of the same model.

        values  (n_factors,) in natural units
        """
        changes, plans = settings_of(self.factors, values)
        common, digest = self._common
        content = {
            "model": digest,
            "set": dict(sorted((common | changes).items())),
            "policies": [plan.plain() for plan in plans],
            "seed": seed,
        }
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:32]


def restored(identity: Mapping[str, Any]) -> Study:
    """The study that an identity tells of, able to repeat its runs; the design itself is in the store.

    Raises InputError if this version of the model does not measure one of its outcomes.
    """
    model, method = identity["model"], dict(identity["method"])
    events = tuple(map(Event.of, model["events"]))
    plans = tuple(map(PolicyPlan.of, model["policies"]))
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
        regions=Regions.of(model["regions"]) if "regions" in model else None,
        own_scale=FrozenScale.from_dict(model["frozen"]) if "frozen" in model else None,
    )


def _plain(factor: Factor) -> dict[str, Any]:
    return asdict(factor) | {
        "values": list(factor.values),
        "plan": factor.plan.plain() if factor.plan else None,
    }


def factor_from(plain: Mapping[str, Any]) -> Factor:
    """The factor that an identity holds."""
    plan = plain["plan"]
    return Factor(
        **dict(plain) | {"values": tuple(plain["values"]), "plan": PolicyPlan.of(plan) if plan else None}
    )
