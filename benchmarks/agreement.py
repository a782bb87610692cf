"""Do all ways of writing a phase say the same? Equal where there is no chance, statistically equal elsewhere."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from nqpf_abm.ecosystem import Ecosystem
from nqpf_abm.engine.run import load_code, run_phase
from nqpf_abm.engine.schedule import QUARTER
from nqpf_abm.numerics.draws import make_key

EXACT = 1e-9
"""Greatest difference of a column that chance does not touch."""

LATER = 1000
"""First quarter whose chance is drawn: beyond those that made the state, whose retired people are gone already."""

ERRORS = 4.5
"""Greatest difference of a mean or share, in standard errors of the difference."""

BY_NAME = {phase.name: phase for phase in QUARTER}
CHANGED = {
    "lead": ("entrepreneurs", "leadership channel"),
    "follow_leader": ("teams", "orientation anchor safety"),
    "take_over_spirit": ("employees", "orientation anchor"),
    "act_proactively": ("employees", "is_proactive"),
    "weigh_leaving": ("employees", "urge"),
    "live_and_learn": ("employees", "orientation anchor threshold skill old_skill is_idle"),
}
BY_CHANCE = ("act_proactively", "weigh_leaving", "live_and_learn")


def settled(employees: float, quarters: int = 4):
    """State and parameters of a model of about that many employees after a few quarters."""
    model = Ecosystem(seed=1, scale=employees / 7038, set={"start.burn_in": quarters}).settle()
    topics: dict[str, dict[str, float]] = {}
    for name, value in model.parameters.values.items():
        topic, _, leaf = name.partition(".")
        if leaf:
            topics.setdefault(topic, {})[leaf] = float(value)
    return model.state, SimpleNamespace(**{topic: SimpleNamespace(**v) for topic, v in topics.items()})


class Columns:
    """The package's own compiled phases, called as the columns engine calls them."""

    name = "nqpf_abm"
    has_our_chance = True

    def __init__(self, state, p=None, seed: int = 1):
        kinds = ("entrepreneurs", "teams", "employees")
        self.state = state._replace(**{kind: getattr(state, kind).copy() for kind in kinds})
        self.alive = {kind: getattr(state, kind)["is_alive"] == 1 for kind in kinds}
        self.seed, self.quarter = seed, LATER
        self.code = load_code(self.state, make_key(seed, LATER))

    def act(self, phase: str) -> None:
        run_phase(BY_NAME[phase], self.state, make_key(self.seed, self.quarter), code=self.code)
        self.quarter += 1

    def columns(self) -> dict[str, dict[str, np.ndarray]]:
        """What the phases change, by kind of agent, in the order of rows."""
        tables = {kind: getattr(self.state, kind)[alive] for kind, alive in self.alive.items()}
        found = {kind: {name: table[name] for name in table.dtype.names} for kind, table in tables.items()}
        found["employees"]["is_idle"] = tables["employees"]["firm"] < 0
        return found


def compare(phase: str, ours, other) -> tuple[str, float]:
    """Act out `phase` once in both, and compare what it changed.

    Returns "exact" and the greatest difference, or "chance" and the greatest difference of a mean in standard
    errors. Raises AssertionError beyond `EXACT` or `ERRORS`.
    """
    kind, names = CHANGED[phase]
    ours.act(phase)
    other.act(phase)
    a, b = ours.columns()[kind], other.columns()[kind]
    a, b = ({name: np.asarray(x[name], float) for name in (*names.split(), *_extra(kind))} for x in (a, b))
    if phase not in BY_CHANCE or other.has_our_chance:
        return "exact", _same(phase, other.name, a, b, names.split(), slice(None))
    if phase == "live_and_learn":  # who retires in neither has learnt in both; learning knows no chance
        stay = (a["threshold"] == b["threshold"]) & (a["is_idle"] == b["is_idle"])
        assert stay.mean() > 0.95, f"{phase} of {other.name} keeps {stay.mean():.3f} of people"
        _same(phase, other.name, a, b, ["skill", "old_skill"], stay)
    worst = 0.0
    for name in names.split():
        for power in (1, 2):
            x, y = a[name] ** power, b[name] ** power
            apart = _apart(phase, x, y)
            assert apart < ERRORS, f"{phase} of {other.name}: mean {name}^{power} is {apart:.1f} errors away"
            worst = max(worst, apart)
    return "chance", worst


def _extra(kind: str) -> tuple[str, ...]:
    return ("is_idle",) if kind == "employees" else ()


def _same(phase, who, a, b, names, rows) -> float:
    worst = max(float(np.abs(a[name][rows] - b[name][rows]).max()) for name in names)
    assert worst < EXACT, f"{phase} of {who}: differs by {worst:.2e}"
    return worst


def _apart(phase: str, x: np.ndarray, y: np.ndarray) -> float:
    """Difference of means over its standard error, from the differences of the same agents in both."""
    difference = (x - y).reshape(len(x), -1).mean(axis=1)
    spread = difference.std(ddof=1)
    return float(abs(difference.mean()) / (spread / np.sqrt(difference.size))) if spread > 0.0 else 0.0
