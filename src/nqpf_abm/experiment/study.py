"""What a comparison of scenarios is about: checked before a run is made, and told apart from every other.

The first scenario is the reference. All run on the same seeds.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from nqpf_abm.data import FOLDER
from nqpf_abm.data.places import Regions, load_regions
from nqpf_abm.data.scenario import NEVER, Scenario
from nqpf_abm.ecosystem import Ecosystem
from nqpf_abm.errors import InputError, nearest
from nqpf_abm.experiment.branches import differences
from nqpf_abm.experiment.outcomes import measured, own_scale
from nqpf_abm.experiment.stopping import LEAST_SEEDS, Rule
from nqpf_abm.measure import FrozenScale

MOST_SCENARIOS, MOST_SEEDS = 50, 10_000


@dataclass(frozen=True)
class Study:
    """Everything that decides what numbers a comparison gives. Make one with `study`, which checks it.

    scenarios   the reference first
    rule        when to stop
    primary     outcome that is tested without correction, and that `rule` looks at
    first_seed  seeds are this one and those that follow
    until       last year;  first  first year in which a scenario differs from the reference
    settings    of every run: scale, set and regions (None: the twelve western provinces)
    """

    scenarios: tuple[Scenario, ...]
    rule: Rule
    primary: str
    first_seed: int
    until: int
    first: int
    settings: Mapping[str, Any]

    @property
    def names(self) -> list[str]:
        return [scenario.name for scenario in self.scenarios]

    def identity(self) -> dict[str, Any]:
        """The study as plain data: two studies of equal identity give the same runs."""
        return {
            "scenarios": [
                {
                    "name": s.name,
                    "title": s.title,
                    "changes": dict(s.changes),
                    "events": [event.plain() for event in s.events],
                    "policies": [plan.plain() for plan in s.policies],
                }
                for s in self.scenarios
            ],
            "until": self.until,
            "primary": self.primary,
            "stopping": asdict(self.rule),
            "first_seed": self.first_seed,
            "settings": {"scale": self.settings["scale"], "set": dict(self.settings["set"])}
            | self._own_regions(),
            "model": {"version": version("nqpf_abm"), "source": source_hash()},
        }

    @property
    def regions(self) -> Regions:
        return load_regions(self.settings["regions"])

    @property
    def has_own_regions(self) -> bool:
        return self.settings["regions"] is not None

    def _own_regions(self) -> dict[str, Any]:
        """Regions of the user's own as plain data: their name, and a hash of all numbers they start from."""
        if not self.has_own_regions:
            return {}
        plain = self.regions.plain()
        return {
            "regions": plain["name"],
            "regions_hash": hashlib.sha256(json.dumps(plain).encode()).hexdigest(),
        }

    def scale_of_scores(self) -> FrozenScale | None:
        """What scores are frozen on if the regions are the user's own: the scale of the reference's run of the first seed.

        None for the twelve western provinces, which have a scale fitted on many runs. Raises InputError if the run fails.
        """
        if not self.has_own_regions:
            return None
        model = Ecosystem(self.first_seed, self.scenarios[0], until=self.until, **self.settings)
        return own_scale(model, f"the run of {self.names[0]} with seed {self.first_seed} until {self.until}")


def study(
    scenarios: Sequence[Scenario],
    *,
    seeds: int = 20,
    width: float | None = None,
    primary: str = "nqpf",
    first_seed: int = 1,
    until: int | None = None,
    scale: float = 1.0,
    changes: Mapping[str, Any] | None = None,
    regions: str | Path | Regions | None = None,
) -> Study:
    """A checked study. `seeds` is their number, or the most of them with `width`; `regions` as `load_regions` takes them.

    Raises InputError for scenarios that are not two or more single runs with names of their own and something that
    differs before the end, for an unknown primary outcome, and for numbers out of range.
    """
    names = [scenario.name for scenario in scenarios]
    if not 2 <= len(scenarios) <= MOST_SCENARIOS:
        raise InputError(
            f"compare takes 2 to {MOST_SCENARIOS} scenarios, the reference first; got {len(names)}"
        )
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError(f"two scenarios are called {twice!r}; give one of them another 'name'")
    for what, value, least in (
        ("seeds", seeds, 2 if width is None else LEAST_SEEDS),
        ("first seed", first_seed, 0),
    ):
        most = MOST_SEEDS if what == "seeds" else 2**63 - 1 - MOST_SEEDS
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise InputError(f"{what} must be a whole number in [{least}, {most}]; got {value!r}")
    if width is not None and not (math.isfinite(width) and width > 0):
        raise InputError(
            f"--until-ci must be a width above 0 in the unit of the primary outcome; got {width!r}"
        )
    testable = [outcome.name for outcome in measured()[0] if not outcome.per_province]
    if primary not in testable:
        raise InputError(
            f"primary outcome must be one of {', '.join(testable)}; got {primary!r}{nearest(primary, testable)}"
        )
    for scenario in scenarios:
        for name in set(scenario.changes) & set(changes or {}):
            raise InputError(
                f"{name} is set by {scenario.name!r} ({scenario.changes[name]}) and would be overruled for all scenarios "
                f"({changes[name]}); change it in the file, or compare without it"
            )
    own = load_regions(regions)
    settings = {"scale": scale, "set": dict(changes or {}), "regions": None if own.is_default else own}
    models = [Ecosystem(first_seed, s, until=until, **settings) for s in scenarios]
    try:
        base = models[0].geography.base_year
        last = base + max(model.horizon for model in models) // 4 - 1
        horizon = 4 * (last - base + 1)
    finally:
        for model in models:
            model.close()
    if horizon < 8:
        raise InputError(
            f"until must be at least {base + 1} (scores compare provinces over years); got {last}"
        )
    for scenario, quarter in zip(scenarios[1:], differences(scenarios, base), strict=True):
        if quarter >= horizon:
            when = "in nothing" if quarter == NEVER else f"from {base + quarter // 4} on only"
            raise InputError(
                f"{scenario.name!r} differs from {names[0]!r} {when}, and the runs end with {last}; "
                + ("compare scenarios that differ" if quarter == NEVER else "run longer with --until")
            )
    begun = max(min(differences(scenarios, base)), 0)
    settings["scale"] = float(scale)
    return Study(tuple(scenarios), Rule(seeds, width), primary, first_seed, last, base + begun // 4, settings)


OUTSIDE = ("viz/", "cli/", "data/scenarios/", "data/sweeps/")
"""Folders of sources on which no number of a comparison depends."""


def source_hash(without: tuple[str, ...] = OUTSIDE, but: tuple[str, ...] = ()) -> str:
    """SHA-256 over the package's sources, data and scales: numbers of different code must not be mixed.

    without  folders that are left out;  but  files in them that count all the same
    """
    digest = hashlib.sha256()
    package = FOLDER.parent
    for path in sorted(package.rglob("*")):
        inside = path.relative_to(package).as_posix()
        if path.suffix in (".py", ".toml", ".csv", ".json") and (
            inside in but or not inside.startswith(without)
        ):
            digest.update(inside.encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def default_folder(plan: Study) -> Path:
    """``results/compare-A-B-code``, where the code is of the whole study."""
    text = repr(plan.identity())
    return (
        Path("results")
        / f"compare-{'-'.join(plan.names[:3])}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    )
