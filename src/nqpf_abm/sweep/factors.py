"""What a study varies: declared parameters, switches of mechanisms, and instruments of policy.

A factor turns a number of the unit interval into a value of its own range, so that every design is made on the unit
cube alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nqpf_abm.data.scenario import PolicyPlan
from nqpf_abm.data.scenario_blocks import check_keys, policy_of
from nqpf_abm.declare import Parameters, check_range
from nqpf_abm.errors import InputError, mechanism_id, nearest
from nqpf_abm.mechanisms import topics
from nqpf_abm.state.instruments import INSTRUMENTS, TOPICS

KINDS = ("parameter", "switch", "policy")
SCALES = ("linear", "log")
_KEYS = (*KINDS, "range", "scale", "values", "group")
_PLAN = ("from", "until", "regions", "echelons")
LEFT_OUT = ("start.burn_in", "distortion.field")
"""Not among "all": whole years only, and no property of the world; the number of a field, which is a name."""


@dataclass(frozen=True)
class Factor:
    """One number that a study varies.

    name       of a parameter (``"topic.name"``), id of a mechanism, or ``"policy.M72"`` for an instrument's strength
    low, high  range in `unit`
    scale      "linear" or "log": where the middle of the range lies
    values     what a discrete factor takes, () for a continuous one
    group      factors of one group move together in Morris' and Sobol's designs; "" for none
    plan       the lever that is set, for a policy
    """

    name: str
    kind: str
    low: float
    high: float
    unit: str
    scale: str = "linear"
    values: tuple[float, ...] = ()
    group: str = ""
    plan: PolicyPlan | None = None

    def natural(self, u: np.ndarray) -> np.ndarray:
        """Values in natural units of numbers `u` in [0, 1]; discrete values have equal shares of the interval.

        By hand: low 1, high 100, log: 0.5 gives 10; values 4, 8, 12: 0.5 gives 8.
        """
        u = np.asarray(u, float)
        if self.values:
            k = np.minimum((u * len(self.values)).astype(int), len(self.values) - 1)
            return np.array(self.values)[k]
        if self.scale == "log":
            x = np.exp(math.log(self.low) + u * (math.log(self.high) - math.log(self.low)))
        else:
            x = self.low + u * (self.high - self.low)
        return np.clip(x, self.low, self.high)

    def unit_of(self, x: np.ndarray) -> np.ndarray:
        """Numbers in [0, 1] that `natural` turns into values `x` of the range: the middle of a discrete value's share.

        NaN for what is no value of the factor.
        """
        x = np.asarray(x, float)
        if self.values:
            places = {value: (k + 0.5) / len(self.values) for k, value in enumerate(self.values)}
            return np.array([places.get(value, math.nan) for value in x.tolist()])
        with np.errstate(divide="ignore", invalid="ignore"):
            if self.scale == "log":
                u = (np.log(x) - math.log(self.low)) / (math.log(self.high) - math.log(self.low))
            else:
                u = (x - self.low) / (self.high - self.low)
        return np.where((x >= self.low) & (x <= self.high), np.clip(u, 0.0, 1.0), math.nan)


def settings_of(
    factors: Sequence[Factor], values: Sequence[float]
) -> tuple[dict[str, Any], tuple[PolicyPlan, ...]]:
    """What a run with these values of the factors sets: changes of parameters and switches, and levers of policy."""
    changes, plans = {}, []
    for factor, value in zip(factors, values, strict=True):
        if factor.plan is not None:
            if value:
                plans.append(replace(factor.plan, strength=float(value)))
        elif factor.kind == "switch":
            changes[factor.name] = bool(value)
        else:
            changes[factor.name] = float(value) + 0.0  # never minus nought
    return changes, tuple(plans)


def all_factors(
    left_out: Iterable[str], instruments: Iterable[str] = (), paths: Iterable[str] = ()
) -> tuple[Factor, ...]:
    """Every declared parameter over its declared range, but those of names or topics that are `left_out`.

    The numbers of an instrument are among them only where it is one of `instruments` that are set, those of an
    improvement path only where its topic is one of `paths` that are taken up: else they do nothing.
    """
    in_force = set(instruments)
    idle = {topic for id_, topic in zip(INSTRUMENTS, TOPICS, strict=True) if id_ not in in_force}
    if not in_force:
        idle.add("govern")
    taken_up = set(paths)
    idle |= {topic.name for topic in topics() if {m.layer for m in topic.mechanisms} == {"D"}} - taken_up
    if not taken_up:
        idle.add("adoption")
    dropped = {*left_out, *LEFT_OUT}
    found = [
        Factor(row["name"], "parameter", row["low"], row["high"], row["unit"])
        for row in Parameters(topics()).table()
        if row["low"] < row["high"]
        and not {row["name"], row["name"].split(".")[0]} & dropped
        and row["name"].split(".")[0] not in idle
    ]
    return tuple(found)


def factor_of(where: str, block: Mapping[str, Any]) -> Factor:
    """The factor of a [[factor]] block. Raises InputError naming the key, what is allowed and what was found."""
    named = [kind for kind in KINDS if kind in block]
    if len(named) != 1:
        raise InputError(f"{where}: give one of {', '.join(KINDS)}; got {', '.join(named) or 'none of them'}")
    kind = named[0]
    check_keys(where, dict(block), (*_KEYS, *_PLAN) if kind == "policy" else _KEYS)
    for key in (kind, "group", "scale"):
        if not isinstance(block.get(key, ""), str):
            raise InputError(f"{where}, key {key!r}: must be text in quotes, got {block[key]!r}")
    factor = {"parameter": _parameter, "switch": _switch, "policy": _policy}[kind](where, block)
    return replace(factor, group=block.get("group", ""))


def _parameter(where: str, block: Mapping[str, Any]) -> Factor:
    name = block["parameter"]
    table = {row["name"]: row for row in Parameters(topics()).table()}
    if name not in table:
        same_leaf = [known for known in table if known.split(".")[-1] == name.split(".")[-1]]
        hint = f"; did you mean {same_leaf[0]!r}?" if same_leaf else nearest(name, table)
        if mechanism_id(name) in {m.id for topic in topics() for m in topic.mechanisms}:
            hint = f"; a mechanism is switched by: switch = {mechanism_id(name)!r}"
        raise InputError(
            f"{where}, key 'parameter': unknown {name!r}{hint}; `nqpf list parameters` shows them all"
        )
    declared = table[name]
    return _ranged(
        where, block, Factor(name, "parameter", declared["low"], declared["high"], declared["unit"])
    )


def _switch(where: str, block: Mapping[str, Any]) -> Factor:
    name = mechanism_id(block["switch"])
    known = [m.id for topic in topics() for m in topic.mechanisms]
    if name not in known:
        raise InputError(f"{where}, key 'switch': no mechanism {block['switch']!r}{nearest(name, known)}")
    for key in ("range", "scale", "values"):
        if key in block:
            raise InputError(f"{where}, key {key!r}: a switch is off or on; leave it out")
    return Factor(name, "switch", 0.0, 1.0, "off, on", values=(0.0, 1.0))


def _policy(where: str, block: Mapping[str, Any]) -> Factor:
    plan = policy_of(
        where,
        {"instrument": block["policy"], "strength": 1.0} | {k: block[k] for k in _PLAN if k in block},
    )
    factor = Factor(f"policy.{plan.instrument}", "policy", 0.0, 1.0, "strength", plan=plan)
    return _ranged(where, block, factor)


def _ranged(where: str, block: Mapping[str, Any], factor: Factor) -> Factor:
    """The factor with the range, scale or values of its block, which lie in the range it has."""
    declared = {"low": factor.low, "high": factor.high, "unit": factor.unit}
    if "values" in block:
        for key in ("range", "scale"):
            if key in block:
                raise InputError(f"{where}: give 'values' (discrete) or {key!r} (continuous), not both")
        values = _numbers(where, "values", block["values"], declared)
        if len(values) < 2 or len(set(values)) < len(values):
            raise InputError(f"{where}, key 'values': must be two or more different numbers, got {values}")
        return replace(factor, low=min(values), high=max(values), values=tuple(sorted(values)))
    if "range" in block:
        ends = _numbers(where, "range", block["range"], declared)
        if len(ends) != 2 or ends[0] >= ends[1]:
            raise InputError(
                f"{where}, key 'range': must be [low, high] with low < high, got {block['range']}"
            )
        factor = replace(factor, low=ends[0], high=ends[1])
    scale = block.get("scale", "linear")
    if scale not in SCALES:
        raise InputError(f"{where}, key 'scale': must be one of {', '.join(SCALES)}, got {scale!r}")
    if scale == "log" and factor.low <= 0:
        raise InputError(
            f"{where}, key 'scale': log needs a range above 0, got [{factor.low:g}, {factor.high:g}]; "
            "give another 'range'"
        )
    return replace(factor, scale=scale)


def _numbers(where: str, key: str, found: Any, declared: Mapping[str, Any]) -> list[float]:
    if not isinstance(found, list) or any(
        isinstance(x, bool) or not isinstance(x, int | float) for x in found
    ):
        raise InputError(f"{where}, key {key!r}: must be a list of numbers, got {found!r}")
    return [check_range(f"{where}, key {key!r}: a value", x, declared) for x in found]
