"""Is what the paper claims true of this model? Each claim is put to the test as a paired experiment.

All arms of a claim run on the same seeds, so that they share every draw. What is measured in each arm is
averaged over seeds; the effect is a function of these means, and its Monte Carlo error comes from leaving out
one seed at a time (for a plain difference that is the paired standard error). A part of a claim holds if the
effect lies within what is expected beyond chance, fails if it lies outside beyond chance, and is undecided
otherwise; p-values are adjusted over all parts asked for (Holm 1979).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from nqpf_abm.data.catalogue import catalogue
from nqpf_abm.errors import InputError, mechanism_id, nearest
from nqpf_abm.experiment.arms import Arm, arm
from nqpf_abm.experiment.execute import Measure, Outcome, Point, distinct, execute

ERROR_RATE = 0.05
MOST_SEEDS = 10_000
HOLDS, FAILS, UNDECIDED, BY_CONSTRUCTION = "holds", "fails", "undecided", "by construction"

Means = Mapping[str, Mapping[str, float]]
"""What was measured, averaged over seeds: ``means[arm][measure]``."""


@dataclass(frozen=True)
class Expectation:
    """What the effect must be: strictly between `low` and `high`; infinite where there is no bound.

    measured  the effect in words
    effect    function of the means of the arms
    unit      of the effect
    """

    measured: str
    effect: Callable[[Means], float]
    unit: str
    low: float = -math.inf
    high: float = math.inf

    @property
    def expected(self) -> str:
        """The bounds in words."""
        if math.isinf(self.high):
            return f"above {self.low:g}"
        if math.isinf(self.low):
            return f"below {self.high:g}"
        return f"{self.low:g} to {self.high:g}"


@dataclass(frozen=True)
class Claim:
    """A falsifiable sentence about one mechanism.

    mechanism    id in the catalogue
    sentence     the claim in words
    arms         what each run changes, by name of the arm
    measures     what is taken from every run
    expects      what effects must be; the claim holds if all hold and fails if one fails
    neutral      settings that replace the mechanism's law by its neutral form; in every arm of the null check
                 (default: the mechanism's switch, off)
    explanation  why it does not hold, as far as we know; printed where it does not
    """

    mechanism: str
    sentence: str
    arms: Mapping[str, Arm]
    measures: tuple[Measure, ...]
    expects: tuple[Expectation, ...]
    neutral: Mapping[str, float | str] | None = None
    explanation: str = ""

    def neutralised(self) -> Claim:
        """The same claim about a model in which the mechanism's law is replaced by its neutral form.

        Whatever the arms contrast then makes no difference through this mechanism, so that a claim which
        still held would hold without what it is about.
        """
        neutral = {self.mechanism: "off"} if self.neutral is None else dict(self.neutral)
        arms = {
            name: arm(
                dict(one.changes) | neutral,
                one.events,
                quarters=one.quarters,
                scale=one.scale,
                policies=one.policies,
            )
            for name, one in self.arms.items()
        }
        return replace(self, arms=arms)


@dataclass(frozen=True)
class ByConstruction:
    """A sentence of the catalogue that its law makes true: no claim, but a unit test of the law."""

    mechanism: str
    sentence: str
    test: str


@dataclass(frozen=True)
class Verdict:
    """One part of a claim after the experiment.

    effect, error  estimate and its Monte Carlo standard error, in `unit`
    low, high      95 % interval of the effect (Student's t over seeds, not adjusted)
    p_holds        adjusted p-value of "the effect lies outside what is expected"; small if the part holds
    p_fails        adjusted p-value of "the effect lies within what is expected"; small if it fails
    first          the effect at the first seed alone, by which a stale table is found out
    part, verdict  verdict on this part, and on the claim as a whole
    seeds          number of seeds, from `first_seed` on; `failed` of them gave no number
    """

    mechanism: str
    claim: str
    measured: str
    expected: str
    unit: str = ""
    effect: float = math.nan
    error: float = math.nan
    low: float = math.nan
    high: float = math.nan
    p_holds: float = math.nan
    p_fails: float = math.nan
    first: float = math.nan
    part: str = UNDECIDED
    verdict: str = UNDECIDED
    first_seed: int = 0
    seeds: int = 0
    failed: int = 0
    note: str = ""


COLUMNS = tuple(Verdict.__dataclass_fields__)


def verify(
    mechanisms: Iterable[str] = (),
    *,
    seeds: int = 30,
    first_seed: int = 1,
    jobs: int = 1,
    neutral: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> list[Verdict]:
    """Put the claims of these mechanisms (all without any) to the test on `seeds` paired seeds.

    neutral   test them in the model whose law is replaced by its neutral form, where none should hold
    progress  called with (runs done, runs in all)

    Raises InputError for an unknown mechanism, for one without a claim, and for seeds out of range.
    """
    from nqpf_abm.experiment.claims import claims

    chosen = choose(claims(), mechanisms)
    if isinstance(seeds, bool) or not isinstance(seeds, int) or not 1 <= seeds <= MOST_SEEDS:
        raise InputError(f"seeds must be a whole number in [1, {MOST_SEEDS}]; got {seeds!r}")
    if isinstance(first_seed, bool) or not isinstance(first_seed, int) or not 0 <= first_seed < 2**63:
        raise InputError(f"first seed must be a whole number in [0, 2^63); got {first_seed!r}")
    tested = [claim for claim in chosen if isinstance(claim, Claim)]
    tested = [claim.neutralised() for claim in tested] if neutral else tested
    numbers = range(first_seed, first_seed + seeds)
    points = distinct(
        Point(one, seed, claim.measures)
        for claim in tested
        for one in claim.arms.values()
        for seed in numbers
    )
    outcomes = execute(points, jobs=jobs, progress=progress)
    found = {(outcome.point.arm, outcome.point.seed): outcome for outcome in outcomes}
    judged = iter(judge(tested, found, numbers))
    verdicts = []
    for claim in chosen:
        if isinstance(claim, ByConstruction):
            verdicts.append(
                Verdict(
                    claim.mechanism, claim.sentence, f"unit test {claim.test}", "", part=BY_CONSTRUCTION,
                    verdict=BY_CONSTRUCTION,
                )
            )  # fmt: skip
        else:
            verdicts += [next(judged) for _ in claim.expects]
    return verdicts


def choose(known: Sequence[Claim | ByConstruction], wanted: Iterable[str]) -> list[Claim | ByConstruction]:
    """The claims of the mechanisms `wanted`, in catalogue order; all if none is named."""
    wanted = list(wanted)
    ids = dict.fromkeys(claim.mechanism for claim in known)
    for name in wanted:
        if name in ids:
            continue
        there = f"there are claims about {', '.join(ids)}"
        if name in catalogue():
            raise InputError(f"no claim about {name} ({catalogue()[name].name}) yet; {there}")
        raise InputError(f"no mechanism {name!r} in the catalogue{nearest(mechanism_id(name), ids)}; {there}")
    return [claim for claim in known if not wanted or claim.mechanism in wanted]


def judge(
    tested: Sequence[Claim], found: Mapping[tuple[Arm, int], Outcome], seeds: Sequence[int]
) -> list[Verdict]:
    """Verdicts on every part of these claims from the outcomes by (arm, seed), p-values adjusted over all."""
    rows: list[tuple[Claim, Verdict, float, float]] = []
    for claim in tested:
        for expectation in claim.expects:
            rows.append((claim, *_estimate(claim, expectation, found, seeds)))
    holds, fails = holm([row[2] for row in rows]), holm([row[3] for row in rows])
    parts = []
    for (claim, verdict, *_), p, q in zip(rows, holds, fails, strict=True):
        part = HOLDS if p <= ERROR_RATE else FAILS if q <= ERROR_RATE else UNDECIDED
        parts.append((claim, replace(verdict, p_holds=p, p_fails=q, part=part)))
    verdicts = []
    for claim, verdict in parts:
        own = {other.part for owner, other in parts if owner is claim}
        whole = HOLDS if own == {HOLDS} else FAILS if FAILS in own else UNDECIDED
        explained = " ".join(claim.explanation.split()) if whole != HOLDS else ""
        note = "; ".join(text for text in (verdict.note, explained) if text)
        verdicts.append(replace(verdict, verdict=whole, note=note))
    return verdicts


def _estimate(
    claim: Claim, expectation: Expectation, found: Mapping[tuple[Arm, int], Outcome], seeds: Sequence[int]
) -> tuple[Verdict, float, float]:
    """Effect, error, interval of one part; p-values, not adjusted, of holding and failing."""
    usable, problems = [], []
    for seed in seeds:
        outcomes = {name: found[one, seed] for name, one in claim.arms.items()}
        numbers = {name: outcome.numbers for name, outcome in outcomes.items()}
        errors = [outcome.error for outcome in outcomes.values() if outcome.error]
        if errors:
            problems.append(f"seed {seed}: {errors[0]}")
        elif not all(
            math.isfinite(numbers[name][measure.name]) for name in numbers for measure in claim.measures
        ):
            problems.append(f"seed {seed}: nothing to measure")
        else:
            usable.append(numbers)
    verdict = Verdict(
        claim.mechanism,
        claim.sentence,
        expectation.measured,
        expectation.expected,
        expectation.unit,
        first_seed=seeds[0],
        seeds=len(seeds),
        failed=len(problems),
        note=f"{len(problems)} seeds gave no number ({problems[0]})" if problems else "",
    )
    if not usable:
        return verdict, 1.0, 1.0
    effect, error, n = jackknife(expectation.effect, usable)
    low, high, p, q = _test(effect, error, n, expectation.low, expectation.high)
    first = expectation.effect(usable[0])
    return replace(verdict, effect=effect, error=error, low=low, high=high, first=first), p, q


def jackknife(effect: Callable[[Means], float], numbers: Sequence[Means]) -> tuple[float, float, int]:
    """Effect of the means over seeds, its standard error (NaN for one seed), and the number of seeds.

    Each seed is left out in turn (Tukey 1958). For an effect that is linear in the means this is the mean of
    the paired effects with their standard error; for a ratio it is the ratio of means with its bias removed.
    """
    n = len(numbers)
    total = {
        arm_: {name: sum(one[arm_][name] for one in numbers) for name in measured}
        for arm_, measured in numbers[0].items()
    }
    whole = effect({a: {m: value / n for m, value in table.items()} for a, table in total.items()})
    if n == 1:
        return whole, math.nan, 1
    without = [
        effect({a: {m: (v - one[a][m]) / (n - 1) for m, v in table.items()} for a, table in total.items()})
        for one in numbers
    ]
    pseudo = n * whole - (n - 1) * np.array(without)
    return float(pseudo.mean()), float(pseudo.std(ddof=1) / math.sqrt(n)), n


def _test(effect: float, error: float, n: int, low: float, high: float) -> tuple[float, float, float, float]:
    """95 % interval, and p-values of holding (both one-sided tests must be passed) and of failing."""
    from scipy.stats import t

    if not math.isfinite(effect) or n < 2:
        return math.nan, math.nan, 1.0, 1.0
    scale = max(abs(effect), *(abs(bound) for bound in (low, high) if math.isfinite(bound)))
    if error <= 1e-12 * scale:  # the arms do not differ in luck at all
        inside = low < effect < high
        return effect, effect, 0.0 if inside else 1.0, 1.0 if inside else 0.0
    half = t.ppf(0.5 + 0.95 / 2, n - 1) * error
    above, below = (effect - low) / error, (high - effect) / error
    p = max(t.sf(above, n - 1), t.sf(below, n - 1))
    sides = math.isfinite(low) + math.isfinite(high)
    q = min(1.0, sides * min(t.cdf(above, n - 1), t.cdf(below, n - 1)))
    return effect - half, effect + half, float(p), float(q)


def holm(p: Sequence[float]) -> list[float]:
    """P-values adjusted for their number (Holm 1979): sorted, times how many are left, never falling."""
    adjusted, largest = [1.0] * len(p), 0.0
    for rank, k in enumerate(sorted(range(len(p)), key=lambda k: p[k])):
        largest = max(largest, min(1.0, (len(p) - rank) * p[k]))
        adjusted[k] = largest
    return adjusted
