"""Do the improvement paths that firms may choose do what the paper says? (M59, M60)

Nobody follows any in the baseline: the arms let all follow to whom a path is worth it, from 2012 on.
"""

from __future__ import annotations

import numpy as np

from nqpf_abm.ecosystem import Ecosystem
from nqpf_abm.experiment.arms import Arm, arm
from nqpf_abm.experiment.claims.measures import alive, difference, horizon, level, ratio
from nqpf_abm.experiment.execute import Finished, Measure
from nqpf_abm.experiment.verify import Claim, Expectation
from nqpf_abm.mechanisms.adoption import LOT, for_life
from nqpf_abm.numerics.arrays import uniforms
from nqpf_abm.state.paths import M59, N_PATHS


def taken_up(topic: str, changes: dict | None = None) -> Arm:
    """The arm in which a path is taken up by all to whom it is worth it."""
    return arm({f"{topic}.uptake": 1.0, **(changes or {})})


# --------------------------------------------------------------------------------------- M59, the funnel

LIKELY = 0.35
"""Firms with a lot below it follow the funnel whatever their size, in arms without imitation that let small ones."""
ANYONE = {"funnel.half": 5.0, "adoption.imitation": 0.0}


def _likely_search(model: Ecosystem) -> tuple[float, float, float]:
    """Firms of small lots, alike in all arms: how many, with a win, with a failure seen through; this quarter."""
    firms = alive(model.state.firms)
    lots = uniforms(for_life(model.key), firms["uid"], LOT, N_PATHS)[:, M59]
    firms = firms[lots < LIKELY]
    return float(firms.size), float((firms["wins"] > 0).sum()), float(firms["failures"].sum())


def _hit_rate(finished: Finished) -> float:
    _, hits, failures = np.sum(finished.traced[HIT_RATE.name], axis=0)
    return 100.0 * float(hits / (hits + failures))


def _hits(finished: Finished) -> float:
    firms, hits, _ = np.sum(finished.traced[HITS.name], axis=0)
    return 100.0 * float(hits / firms)


OF_LIKELY = "firms that have the funnel where it is taken up, whole run"
HIT_RATE = Measure(f"projects seen through that succeed, {OF_LIKELY}", "%", _hit_rate, trace=_likely_search)
HITS = Measure(f"successes, {OF_LIKELY}", "per 100 firms and quarter", _hits, trace=_likely_search)


# -------------------------------------------------------------------------------------- M60, the culture


def _per_firm(column: str):
    def of(finished: Finished) -> float:
        series = horizon(finished)
        return 100.0 * float(series[column].sum() / (series["weight"] * series["firms"]).sum())

    return of


RADICAL = Measure("radical wins, whole run", "per 100 firms and quarter", _per_firm("radical_wins"))
FAILURES = Measure("searches without success, whole run", "per 100 firms and quarter", _per_firm("failures"))

CLAIMS = (
    Claim(
        "M59",
        "behind the funnel's reviews 35 % of projects succeed instead of 8 %, yet 27 % fewer succeed, unless what is "
        "saved begins others",
        arms={
            "without": arm(ANYONE),
            "saved": taken_up("funnel", ANYONE | {"funnel.reinvested": 0.0}),
            "reinvested": taken_up("funnel", ANYONE),
        },
        measures=(HIT_RATE, HITS),
        expects=(
            Expectation("hit rate, savings kept", level("saved", HIT_RATE.name), "%", low=28.0, high=42.0),
            Expectation(
                "successes with the funnel over without, savings kept",
                ratio("saved", "without", HITS.name),
                "1",
                low=0.63,
                high=0.83,
            ),
            Expectation(
                "successes with the funnel over without, savings reinvested",
                ratio("reinvested", "without", HITS.name),
                "1",
                low=1.0,
            ),
        ),
    ),
    Claim(
        "M60",
        "where failure is forgiven that meets the conditions more is won that is radical; where all is forgiven there is "
        "more failure, and hardly more is won",
        arms={
            "without": arm(),
            "conditions": taken_up("forgiveness"),
            "whatever": taken_up("forgiveness", {"forgiveness.strictness": 0.0}),
        },
        measures=(RADICAL, FAILURES),
        expects=(
            Expectation(
                "radical wins, with conditions less without the culture",
                difference("conditions", "without", RADICAL.name),
                "per 100 firms and quarter",
                low=0.0,
            ),
            Expectation(
                "failures, all forgiven less with conditions",
                difference("whatever", "conditions", FAILURES.name),
                "per 100 firms and quarter",
                low=0.0,
            ),
            Expectation(
                "radical wins, all forgiven over with conditions",
                ratio("whatever", "conditions", RADICAL.name),
                "1",
                high=1.05,
            ),
        ),
    ),
)
