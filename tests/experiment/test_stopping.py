"""A confidence sequence holds at the seed one stops at; Student's interval does not."""

import math

import numpy as np
import pytest
from scipy.stats import binomtest, t

from nqpf_abm.experiment.stopping import (
    LEAST_SEEDS,
    Rule,
    anytime_p,
    confidence_sequence,
    half_width,
    running,
)

STUDIES, CAP = 4000, 100


def test_the_numbers_of_the_docstring():
    assert half_width(2, 2.0, 0.5, 1.0) == math.inf
    assert half_width(4, 4.0, 0.5, 1.0) == pytest.approx(1.390, abs=1e-3)


def bayes_factor(x, mean, spread):
    """By integration over effect and variance, with none of the algebra."""
    from scipy.integrate import quad
    from scipy.stats import norm

    y, n = x - mean, len(x)

    def of(effect):  # integral over s of s^-n exp(-sum (y - effect s)^2 / 2 s^2) / s, as one over log s
        def inner(log_s):
            s = math.exp(log_s)
            return s**-n * math.exp(-0.5 * np.sum((y / s - effect) ** 2))

        return quad(inner, -6, 6, limit=200)[0]

    mixed = quad(lambda d: of(d) * norm.pdf(d, scale=math.sqrt(spread)), -8, 8, limit=200)[0]
    return mixed / of(0.0)


def test_the_ends_are_where_the_bayes_factor_is_one_over_alpha():
    x = np.array([0.3, 1.9, 1.1, -0.2, 0.8, 1.4, 0.5])
    low, high = confidence_sequence(x, 0.2, 0.5)
    for end in (low[-1], high[-1]):  # where the p-value is alpha
        assert bayes_factor(x, end, 0.5) == pytest.approx(5.0, rel=1e-4)
        assert anytime_p(x, end, 0.5) == pytest.approx(0.2)


def test_shifting_and_scaling_the_values_moves_the_interval_alike():
    x = np.random.default_rng(1).normal(size=30)
    low, high = confidence_sequence(x)
    moved = confidence_sequence(1e6 + 3.0 * x)
    assert np.allclose(moved[0][9:], 1e6 + 3.0 * low[9:]) and np.allclose(moved[1][9:], 1e6 + 3.0 * high[9:])
    assert np.isinf(high[0]) and np.isfinite(high[9])
    n, mean, squares = running(x)
    assert squares[-1] == pytest.approx(29 * x.var(ddof=1)) and mean[-1] == pytest.approx(x.mean())


def test_equal_values_leave_no_doubt():
    low, high = confidence_sequence(np.full(12, 0.1))
    assert low[-1] == high[-1] == 0.1
    assert anytime_p(np.zeros(12)) == 1.0 and anytime_p(np.full(12, 0.1)) < 0.01


def simulated(rule, intervals, x, truth):
    """Coverage when each study stops at the first look that `rule` likes, or at the cap."""
    low, high = intervals
    wants = rule(low, high)
    wants[:, : LEAST_SEEDS - 1] = False
    wants[:, -1] = True
    stop = wants.argmax(axis=1)
    rows = np.arange(len(x))
    covered = (low[rows, stop] <= truth) & (truth <= high[rows, stop])
    return int(covered.sum()), stop + 1


def students(x):
    n, mean, squares = running(x)
    with np.errstate(divide="ignore", invalid="ignore"):
        half = t.ppf(0.975, n - 1) * np.sqrt(squares / (n - 1) / n)
    return mean - half, mean + half


RULES = {
    "until zero is outside": (0.0, lambda low, high: (low > 0) | (high < 0)),
    "until narrow": (0.4, lambda low, high: high - low <= 0.8),
    "until lucky": (0.0, lambda low, high: low > -0.05),
}


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("law", ["normal", "t5"])
def test_coverage_holds_at_the_stopping_time_over_4000_studies(name, law):
    truth, rule = RULES[name]
    rng = np.random.default_rng(2026)
    draws = rng.normal(size=(STUDIES, CAP)) if law == "normal" else rng.standard_t(5, size=(STUDIES, CAP))
    x = truth + draws
    covered, _ = simulated(rule, confidence_sequence(x), x, truth)
    assert binomtest(covered, STUDIES, 0.95, alternative="less").pvalue > 0.05, covered / STUDIES


def test_peeking_with_students_interval_fails():
    truth, rule = RULES["until zero is outside"]
    x = np.random.default_rng(2026).normal(size=(STUDIES, CAP))
    covered, seeds = simulated(rule, students(x), x, truth)
    assert covered / STUDIES < 0.8
    assert (seeds < CAP).mean() > 0.2


def test_a_study_stops_once_every_interval_is_narrow_or_at_the_cap():
    rng = np.random.default_rng(3)
    tight, wide = rng.normal(0, 0.01, 40), rng.normal(0, 10.0, 40)
    stop, why = Rule(40, 0.1).looks_at([tight])
    assert LEAST_SEEDS <= stop < 15 and "at most 0.1 wide" in why
    assert Rule(40, 0.1).looks_at([tight, wide]) == (
        40,
        "the most seeds allowed, 40, before the interval was 0.1 wide",
    )
    assert Rule(40, 0.1).looks_at([tight[: stop - 1]]) == (0, "")
    gap = np.append(math.nan, tight[:39])
    assert Rule(40, 0.1).looks_at([gap])[0] == stop + 1, "a seed that failed counts, and gives nothing"
    assert Rule(40).looks_at([tight[:39]]) == (0, "")
    assert Rule(40).looks_at([tight])[0] == 40
    assert Rule(40, 0.1).looks_at([np.full(40, np.nan)])[0] == 40
    assert Rule(40, 0.1).looks_at([np.zeros(9)])[0] == 6
