"""The model a user holds: a Mesa model over the tables, the clock and the recorder."""

from __future__ import annotations

import hashlib
import platform
import warnings
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.metadata import version
from numbers import Integral, Real
from pathlib import Path
from types import MappingProxyType
from typing import Any

import mesa
import numpy as np

from nqpf_abm.agents.roster import Roster
from nqpf_abm.agents.row import RowAgent
from nqpf_abm.collect.record import record_quarter
from nqpf_abm.collect.recorder import Recorder
from nqpf_abm.collect.results import Results
from nqpf_abm.collect.specification import simulated
from nqpf_abm.data import FOLDER
from nqpf_abm.data.places import Regions, load_regions
from nqpf_abm.data.scenario import Scenario, first_difference
from nqpf_abm.data.scenario_file import load_scenario
from nqpf_abm.declare import Parameters, Phase
from nqpf_abm.engine.audit import Audit
from nqpf_abm.engine.own_phases import schedule_with
from nqpf_abm.engine.room import check_room, with_room
from nqpf_abm.engine.run import NO_CODE, load_code, run_quarter
from nqpf_abm.engine.schedule import QUARTER
from nqpf_abm.errors import InputError, nearest
from nqpf_abm.mechanisms import topics
from nqpf_abm.mechanisms.survey import annual_closeness
from nqpf_abm.numerics.arrays import copied, raw
from nqpf_abm.numerics.draws import Key, make_key
from nqpf_abm.policy.plan import SCORE, check_plans, levers
from nqpf_abm.state.events import apply_events, check_event
from nqpf_abm.state.initial import initial_state
from nqpf_abm.state.tables import TABLES, State

ENGINES = ("columns", "agents")
LAST_YEAR = 2100
PROJECTED = 2035
"""Last year of a run whose scenario does something after its first eleven years, unless it says otherwise."""
LEAST_SCALE, MOST_SCALE = 0.25, 1e5


def _is_whole(value: Any) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)


def label(path: Path) -> str:
    """A file's path inside the package, or as it was given."""
    return path.relative_to(FOLDER).as_posix() if path.is_relative_to(FOLDER) else path.as_posix()


def _all_of(given: Any) -> Any:
    """`given` as a tuple, so that it can be gone through again; what cannot be gone through is refused where it is used."""
    return tuple(given) if isinstance(given, Iterable) else given


@cache
def _heading(name: str, dtype: np.dtype) -> bytes:
    return f"{name}: {', '.join(dtype.names)}".encode()


def _told(phase: Phase) -> str:
    """A phase of the user's in a few words."""
    where = " ".join(phase.place) if phase.place else f"instead of {phase.name}"
    return f"{phase.function.__module__}.{phase.name} {where}"


class Ecosystem(mesa.Model):
    """Regions with their entrepreneurs, teams, employees, firms, universities and governments.

    Parameters
    ----------
    seed       0 to 2**64 - 1; every draw is a function of it, of who draws, when and what for
    scenario   name of a shipped scenario or path of a TOML file
    engine     "columns" (compiled loops over tables) or "agents" (Mesa agents act); same state, bit for bit
    scale      multiplies the numbers of agents; indicators do not depend on it but for noise
    quarters   horizon from the first quarter of the base year; or
    until      last year of the horizon (default 2022; 2035 for a scenario that does something after 2022)
    set        changes of parameters (``"topic.name": value``) and mechanisms (``"M06": "off"``)
    threads    for the columns engine; the result does not depend on it
    regions    TOML or CSV file of regions, a shipped name, or what `load_regions` returned (default: the twelve
               western provinces)
    classes    subclasses of the agents' classes; phases they override are acted out agent by agent
    phases     phases of your own (`declare.row_phase`, `collective_phase`, `numpy_phase`): each replaces the
               phase of its name, or is inserted: ``[mine, other.after("set_budget")]``
    shuffled   activate Mesa agents in random order; the result does not depend on it
    audit      check the ledger and the declared writes after every phase (slow)

    Raises InputError for anything that cannot be used, naming what is allowed.
    """

    def __init__(
        self,
        seed: int = 7,
        scenario: str | Path | Scenario = "baseline",
        engine: str = "columns",
        *,
        scale: float = 1.0,
        quarters: int | None = None,
        until: int | None = None,
        set: Mapping[str, Any] | None = None,
        threads: int = 1,
        regions: str | Path | Regions | None = None,
        classes: Iterable[type[RowAgent]] = (),
        phases: Iterable[Phase] = (),
        shuffled: bool = False,
        audit: bool = False,
    ):
        self._check(seed, engine, scale, threads)
        super().__init__(rng=int(seed))
        self.seed_number = int(seed)
        self._asked = {
            "engine": engine, "scale": scale, "set": set, "threads": threads, "regions": regions,
            "classes": _all_of(classes), "phases": _all_of(phases), "shuffled": shuffled, "audit": audit,
        }  # fmt: skip
        classes, phases = self._asked["classes"], self._asked["phases"]
        self.plan = load_scenario(scenario)
        if self.plan.arms:
            raise InputError(
                f"scenario {self.plan.name!r} contrasts {len(self.plan.arms)} arms, and this is one run; "
                f"`nqpf run {scenario if scenario is not self.plan else self.plan.name}` runs them all"
            )
        try:
            if self.plan.changes:
                Parameters(topics(), self.plan.changes)
            for event in self.plan.events:
                check_event(event)
        except InputError as error:
            raise InputError(f"{self.plan.path or self.plan.name}: {error}") from None
        self.engine = engine
        self.scale = float(scale)
        self.threads = int(threads)
        self.shuffled = shuffled
        self.geography = load_regions(regions, shared=True)
        self._names = self.geography.columns["region"].tolist()
        self._indicators = [indicator.id for indicator in simulated().indicators]
        check_plans(
            self.plan.policies,
            self._names,
            self.geography.columns["echelon"].tolist(),
            self._indicators,
        )
        self.horizon = self._horizon(quarters, until)
        if set is not None and not isinstance(set, Mapping):
            raise InputError(f"set must map names of parameters to values; got {set!r}")
        self.parameters = Parameters(topics(), {**self.plan.changes, **(set or {})})
        self.burn_in = self._whole_years(self.parameters.values["start.burn_in"])
        signs = np.array([indicator.sign for indicator in simulated().indicators], float)
        self.state: State = initial_state(
            self.geography.columns, self.parameters, self.seed_number, self.scale, signs.size, signs
        )
        self.code = NO_CODE
        self._loaded_for: tuple = (None, None)
        self._clock = 0
        self._is_within = False
        self._recorder = Recorder(len(self._names), self.burn_in + self.horizon)
        self._levers, self._levers_of = np.empty(0), -1
        self.schedule = schedule_with(phases)
        self._in_force = {phase.name: phase for phase in self.schedule}
        self._roster = Roster(self, classes)
        self._roster.check(self.schedule)
        overridden = [phase for phase in self.schedule if self._roster.overridden(phase)]
        acted_out = overridden
        if engine == "agents":
            acted_out = [phase for phase in self.schedule if not phase.is_collective]
        self._by_agents = frozenset(phase.name for phase in acted_out)
        self._agents_wanted = engine == "agents"
        if overridden and engine == "columns":
            warnings.warn(self._slow(overridden), stacklevel=2)
        self._pool = ThreadPoolExecutor(self.threads) if self.threads > 1 else None
        self._audit = Audit() if audit else None

    # ------------------------------------------------------------------------------------------- running

    @property
    def key(self) -> Key:
        """What every draw of the current quarter has in common."""
        return make_key(self.seed_number, self._clock)

    @property
    def quarters_done(self) -> int:
        """Quarters of the horizon that have been run."""
        return max(self._clock - self.burn_in, 0)

    def settle(self) -> Ecosystem:
        """Run burn-in, unless that is done."""
        while self._clock < self.burn_in:
            self._quarter()
        return self

    def step(self) -> None:
        """Run one quarter; the first call runs burn-in before it."""
        self.settle()
        self._quarter()

    def run(self, progress: Callable[[int, int, str], None] | None = None) -> Ecosystem:
        """Run to the horizon. `progress` is called with (quarters done, quarters in all, label)."""
        total = self.burn_in + self.horizon
        self._check_whole()  # here as well: after a failure Mesa 3.5 takes a step for one that does nothing
        while self._clock < total:
            if self._clock < self.burn_in:
                self._quarter()
            else:
                self.step()
            if progress is not None:
                done = self._clock
                progress(done, total, "burn-in" if done <= self.burn_in else f"{self._year(done)}")
        return self

    def _year(self, done: int) -> int:
        return self.geography.base_year + (done - self.burn_in - 1) // 4

    def branch(
        self, scenario: str | Path | Scenario, *, quarters: int | None = None, until: int | None = None
    ) -> Ecosystem:
        """A new model that has this one's past, up to now, and another scenario's future.

        It ends bit for bit where a run of that scenario from the start ends, for the two may differ only in what
        begins from now on. This model is left as it is; the horizon is its own unless another is given.

        Raises InputError if the scenario would have differed before.
        """
        length = {"quarters": self.horizon} if quarters is None and until is None else {}
        length = length or {"quarters": quarters, "until": until}
        self._check_whole()
        other = Ecosystem(self.seed_number, scenario, **self._asked, **length)
        since = first_difference(self.plan, other.plan, self.geography.base_year)
        if since < self.quarters_done or (since < 0 and self._clock):
            when = "from the start" if since < 0 else f"from quarter {since} on"
            raise InputError(
                f"scenario {other.plan.name!r} differs {when} from {self.plan.name!r}, which has been run for "
                f"{self.quarters_done} quarters; branch earlier, or run it from the start"
            )
        other.state = State(*(copied(part) for part in self.state))
        other._clock = self._clock
        other._recorder = self._recorder.copy()
        return other

    def _quarter(self) -> None:
        self._check_whole()
        self._is_within = True
        if self._clock >= self.burn_in:
            apply_events(self.plan.events, self._clock - self.burn_in, self.state)
            if self.plan.policies:
                self._set_levers()
        self._load()
        if self.code.quarter is None or self._pool or self._by_agents or self._audit:
            self._phase_by_phase()
        else:
            self._in_one_call()
        self._recorder.close_quarter()
        self._clock += 1
        if self._clock % 4 == 0:
            self._close_year()
        if self._agents_wanted:
            self._roster.update()
        self._is_within = False

    def _check_whole(self) -> None:
        """Raise RuntimeError if the last quarter was begun and not ended: part of it has happened, and none can follow."""
        if self._is_within:
            raise RuntimeError(
                f"quarter {self._clock} was begun and not ended, for the run failed or was interrupted: it cannot go on; "
                "make the model again"
            )

    def _load(self) -> None:
        """Load machine code: at the start, and when phases or tables are others than a quarter ago."""
        schedule, state = self._loaded_for
        if self.schedule is not schedule or self.state is not state:
            if not all(part.flags.c_contiguous for part in self.state):
                raise InputError("tables of the state must be contiguous; give table.copy()")
            record = record_quarter, self._recorder.rows()[0]
            self.code = load_code(self.state, self.key, self.schedule, record)
            self._loaded_for = self.schedule, self.state

    def _in_one_call(self) -> None:
        """Act out and record a quarter in machine code, with room made for newcomers if it is short."""
        while not self.code.quarter(self.state, self.key, *self._recorder.rows()):
            self.state = with_room(self.state)
            self._load()
        check_room(self.state, self._clock)

    def _phase_by_phase(self) -> None:
        """Act out and record a quarter where somebody looks on or takes part: agents, threads, the audit, Python."""
        self.state = with_room(self.state)
        self._load()
        if self._audit is not None:
            self._audit.begin(self.state)
        run_quarter(
            self.state,
            self.key,
            self._pool,
            self.threads,
            self.code,
            act=self._act if self._by_agents else None,
            watch=self._audit.check if self._audit is not None else None,
            schedule=self.schedule,
        )
        check_room(self.state, self._clock)
        self._recorder.fill(self.state)
        if self._audit is not None:
            self._audit.end(self.state)

    def _set_levers(self) -> None:
        """Set what governments decided as the year began, from figures that stand until the next."""
        year = self._year(self._clock + 1)
        if year != self._levers_of:
            seen = self._names, self._indicators, self._score_of_last_year()
            base = self.geography.base_year
            self._levers = levers(self.plan.policies, year, self.state, *seen, base)
            self._levers_of = year
        self.state.governments["strength"][...] = self._levers

    def _score_of_last_year(self) -> np.ndarray:
        """What governments see of the score before the year begins; zeros if no plan looks at it."""
        score = np.zeros(len(self._names))
        if any(plan.behind == SCORE for plan in self.plan.policies):
            annual_closeness(self.state.panel, self.state.panel_signs, score)
        return score

    def _act(self, phase: Phase, state: State, key: Key) -> bool:
        if phase.name not in self._by_agents:
            return False
        self._roster.act(phase, self.shuffled)
        return True

    def _slow(self, overridden: list[Phase]) -> str:
        """What to say of phases that a class overrides."""
        named = [f"{self._roster.classes[phase.kind].__name__}.{phase.name}" for phase in overridden]
        kinds = sorted({phase.kind for phase in overridden})
        rows = " or ".join(f'@row_phase("{kind}", ...)' for kind in kinds)
        return (
            f"acted out agent by agent because a class overrides them: {', '.join(named)}; all other phases stay "
            f"compiled. Faster: a compiled row function ({rows}) or NumPy on columns (@numpy_phase), of the same name, "
            "in Ecosystem(phases=[...]); docs/extending.md has an example of each"
        )

    def in_force(self, phase: Phase) -> Phase:
        """The row phase that this model acts out in the place of `phase`: the same, unless `phases` replaced it."""
        other = self._in_force.get(phase.name, phase)
        return other if other.kind == phase.kind else phase

    def _close_year(self) -> None:
        """Put the year's indicators where `take_stock` finds them, and note every firm from the base year on."""
        year = self.geography.base_year + (self._clock - self.burn_in) // 4 - 1
        values = self._recorder.close_year(year)
        panel = simulated().simulate(values, len(self._names))
        if not np.isfinite(panel).all():
            row, j = np.argwhere(~np.isfinite(panel))[0]
            missing = simulated().indicators[j]
            raise InputError(
                f"{missing.id} ({missing.name}) of {self._names[row]} cannot be computed in {year}: "
                "nothing to divide by; simulate more agents (--scale) or leave the region out"
            )
        self.state.panel[:] = panel
        if self._clock > self.burn_in:
            self._recorder.note_firms(self.state, year)

    def close(self) -> None:
        """Let go of all the model holds, and of what Mesa notes about it; it cannot be used afterwards.

        For the many models of an experiment: Mesa 3.3 keeps every model that ever had agents, and a model
        refers to itself, so that one left alone stays in memory until Python looks for such circles.
        """
        if self._pool is not None:
            self._pool.shutdown()
        counters = getattr(mesa.Agent, "_ids", None)
        if hasattr(counters, "pop"):
            counters.pop(self, None)
        self.__dict__.clear()

    # ------------------------------------------------------------------------------------------- looking

    @property
    def agents(self):
        """All agents as Mesa users expect; made when first looked at."""
        if getattr(self, "_roster", None) is not None and not self._agents_wanted:
            self._agents_wanted = True
            self._roster.update()
        return super().agents

    @property
    def regions(self):
        """One row per region: name, echelon, place and the statistics of the base year; a copy."""
        return self.geography.table.copy()

    @property
    def last_year(self) -> Mapping[str, np.ndarray]:
        """Variables of the last whole year, of burn-in too, as `collect.record.yearly` makes them, and "year", its number.

        Each (n_regions,) and to be read; none before the first year.
        """
        return MappingProxyType(self._recorder.year)

    @property
    def results(self) -> Results:
        """Tidy tables of what has been run so far."""
        return Results(
            self.geography,
            self._recorder.series,
            self._recorder.ledger,
            self.burn_in,
            tuple(self._recorder.firm_years),
            self.state,
        )

    def state_hash(self) -> str:
        """SHA-256 of every table, with the names of its columns, and of the ledger; equal for equal states.

        Rows in use are hashed whole, with where they are: all columns are eight bytes wide, so that there are no gaps
        between them. What free rows were left with decides nothing.
        """
        digest = hashlib.sha256()
        for name in TABLES:
            table = getattr(self.state, name)
            in_use = table["is_alive"] == 1
            digest.update(_heading(name, table.dtype))
            digest.update(np.flatnonzero(in_use).tobytes())
            digest.update(raw(table)[in_use].tobytes())
        for array in (self.state.ledger, self.state.panel):
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()

    def manifest(self) -> dict[str, Any]:
        """Everything needed to repeat the run: versions, seed, scenario, parameters, inputs, platform."""
        packages = ("nqpf_abm", "mesa", "numpy", "numba", "pandas")
        inputs = [*self.geography.sources, *self.results.sources]
        inputs += self.plan.files or ([self.plan.path] if self.plan.path else [])
        return {
            "versions": {name: version(name) for name in packages} | {"python": platform.python_version()},
            "platform": {"system": platform.system(), "machine": platform.machine()},
            "scenario": {
                "name": self.plan.name,
                "title": self.plan.title,
                "source": self.plan.source,
                "note": self.plan.note,
                "expected": self.plan.expected,
                "cost": self.plan.cost,
                "changes": self.plan.changes,
                "events": [event.plain() for event in self.plan.events],
                "policies": [policy.plain() for policy in self.plan.policies],
            },
            "changes": self.parameters.changes(),
            "seed": self.seed_number,
            "engine": self.engine,
            "scale": self.scale,
            "threads": self.threads,
            "burn_in_quarters": self.burn_in,
            "horizon": self.horizon,
            "quarters": self.quarters_done,
            "base_year": self.geography.base_year,
            "regions": self.geography.name,
            "agents": {name: int((getattr(self.state, name)["is_alive"] == 1).sum()) for name in TABLES},
            "parameters": self.parameters.values,
            "own_classes": self._roster.own(),
            "own_phases": [_told(phase) for phase in self.schedule if phase not in QUARTER],
            "inputs": {label(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in inputs},
            "state_hash": self.state_hash(),
        }

    # ------------------------------------------------------------------------------------------ checking

    @staticmethod
    def _check(seed, engine, scale, threads) -> None:
        if not _is_whole(seed) or not 0 <= seed < 2**64:
            raise InputError(f"seed must be a whole number in [0, 2^64); got {seed!r}")
        if engine not in ENGINES:
            raise InputError(
                f"engine must be one of {', '.join(ENGINES)}; got {engine!r}{nearest(str(engine), ENGINES)}"
            )
        if not isinstance(scale, Real) or not LEAST_SCALE <= scale <= MOST_SCALE:
            raise InputError(f"scale must lie in [{LEAST_SCALE:g}, {MOST_SCALE:g}]; got {scale!r}")
        if not _is_whole(threads) or not 1 <= threads <= 256:
            raise InputError(f"threads must be a whole number in [1, 256]; got {threads!r}")

    @staticmethod
    def _whole_years(quarters: float) -> int:
        if quarters % 4:
            raise InputError(f"start.burn_in must be a multiple of 4 quarters; got {quarters:g}")
        return int(quarters)

    def _last_year(self, usual: int) -> int:
        """The usual last year, or that of projections where the scenario does something later."""
        starts = [policy.start for policy in self.plan.policies]
        starts += [self.geography.base_year + event.quarter // 4 for event in self.plan.events]
        latest = max(starts, default=usual)
        return usual if latest <= usual else max(PROJECTED, latest)

    def _horizon(self, quarters: int | None, until: int | None) -> int:
        base = self.geography.base_year
        if quarters is not None and until is not None:
            raise InputError("give quarters or until, not both")
        if quarters is not None:
            if not _is_whole(quarters) or not 1 <= quarters <= 4 * (LAST_YEAR - base + 1):
                limit = 4 * (LAST_YEAR - base + 1)
                raise InputError(f"quarters must be a whole number in [1, {limit}]; got {quarters!r}")
            return int(quarters)
        until = self._last_year(base + 10) if until is None else until
        if not _is_whole(until) or not base <= until <= LAST_YEAR:
            raise InputError(f"until must be a year in [{base}, {LAST_YEAR}]; got {until!r}")
        return 4 * (int(until) - base + 1)
