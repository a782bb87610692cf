"""Verdicts: known effects are found, chance is not taken for one, errors are those of the paired design."""

import math

import numpy as np
import pytest
from scipy import stats

from nqpf_abm import InputError
from nqpf_abm.experiment.arms import Arm
from nqpf_abm.experiment.execute import Measure, Outcome, Point
from nqpf_abm.experiment.verify import Claim, Expectation, choose, holm, jackknife, judge, verify

X = Measure("x", "1", lambda finished: 0.0)
ON, OFF = Arm(quarters=4), Arm(quarters=8)
DIFFERENCE = Expectation("difference", lambda m: m["on"]["x"] - m["off"]["x"], "1", low=0.0)


def invented(on, off):
    """Outcomes of two arms, a number per seed."""
    found = {}
    for which, numbers in ((ON, on), (OFF, off)):
        for seed, x in enumerate(numbers):
            found[which, seed] = Outcome(Point(which, seed, (X,)), {"x": float(x)})
    return found


def claim(*expects, **more) -> Claim:
    return Claim("M06", "a sentence", {"on": ON, "off": OFF}, (X,), expects, **more)


def verdict(on, off, *expects, **more):
    return judge([claim(*expects, **more)], invented(on, off), range(len(on)))


def test_the_error_of_a_difference_is_the_paired_one():
    rng = np.random.default_rng(1)
    luck = 10 * rng.normal(size=20)
    on, off = luck + rng.normal(0.5, 0.1, 20), luck
    (found,) = verdict(on, off, DIFFERENCE)
    test = stats.ttest_rel(on, off, alternative="greater")
    interval = stats.ttest_rel(on, off).confidence_interval()
    assert found.effect == pytest.approx((on - off).mean())
    assert found.error == pytest.approx((on - off).std(ddof=1) / math.sqrt(20))
    assert found.p_holds == pytest.approx(test.pvalue, rel=1e-6)
    assert (found.low, found.high) == pytest.approx(tuple(interval))
    assert found.first == pytest.approx(on[0] - off[0])
    assert (found.part, found.verdict) == ("holds", "holds")
    assert stats.ttest_ind(on, off).pvalue > 0.5  # unpaired, the luck of seeds would hide it


def test_a_ratio_is_that_of_the_means():
    rng = np.random.default_rng(2)
    off = rng.normal(1.0, 0.2, 400)
    on = 2.0 * off + rng.normal(0.0, 0.2, 400)
    ratio = lambda m: m["on"]["x"] / m["off"]["x"]  # noqa: E731
    numbers = [{"on": {"x": a}, "off": {"x": b}} for a, b in zip(on, off, strict=True)]
    effect, error, n = jackknife(ratio, numbers)
    slope_error = (on - 2.0 * off).std(ddof=1) / off.mean() / math.sqrt(400)  # delta method
    assert n == 400
    assert effect == pytest.approx(on.mean() / off.mean(), rel=1e-3)
    assert error == pytest.approx(slope_error, rel=0.02)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0.0, math.inf, "holds"), (1.2, math.inf, "fails"), (0.9, 1.1, "holds"), (1.0, math.inf, "undecided"),
     (-math.inf, 0.8, "fails"), (1.5, 1.6, "fails"), (-math.inf, 1.2, "holds"), (0.99, 1.01, "undecided")],
)  # fmt: skip
def test_verdicts_on_a_known_effect_of_one(low, high, expected):
    rng = np.random.default_rng(3)
    off = rng.normal(size=30)
    effect = rng.normal(0.0, 0.15, 30)
    on = off + 1.0 + effect - effect.mean()
    (found,) = verdict(on, off, Expectation("d", DIFFERENCE.effect, "1", low=low, high=high))
    assert found.part == expected


def test_a_claim_holds_if_all_parts_do_and_fails_if_one_does():
    rng = np.random.default_rng(4)
    off = rng.normal(size=30)
    on = off + rng.normal(1.0, 0.1, 30)
    good, bad = DIFFERENCE, Expectation("d", DIFFERENCE.effect, "1", high=0.5)
    unclear = Expectation("d", lambda m: m["off"]["x"], "1", low=off.mean())
    words = {"explanation": "because\n   of luck"}
    assert {v.verdict for v in verdict(on, off, good, good, **words)} == {"holds"}
    assert {v.verdict for v in verdict(on, off, good, unclear, **words)} == {"undecided"}
    failed = verdict(on, off, good, unclear, bad, **words)
    assert {v.verdict for v in failed} == {"fails"}
    assert [v.part for v in failed] == ["holds", "undecided", "fails"]
    assert failed[0].note == "because of luck"
    assert verdict(on, off, good, **words)[0].note == ""


def test_arms_without_any_difference_are_no_effect():
    (found,) = verdict([1.0, 2.0, 3.0], [1.0, 2.0, 3.0], DIFFERENCE)
    assert (found.effect, found.error, found.part) == (0.0, 0.0, "fails")
    around = Expectation("d", DIFFERENCE.effect, "1", low=-0.1, high=0.1)
    assert verdict([1.0, 2.0, 3.0], [1.0, 2.0, 3.0], around)[0].part == "holds"


def test_holm_by_hand():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == [1.0, 1.0]
    assert holm([]) == []


def test_chance_passes_for_an_effect_in_five_families_of_a_hundred():
    """Ten claims without any effect: in at most one family of twenty does any of them hold."""
    rng = np.random.default_rng(5)
    wrong = 0
    for _ in range(400):
        claims, found = [], {}
        for k in range(10):
            arms = {"on": Arm(quarters=4 * k + 1), "off": Arm(quarters=4 * k + 2)}
            claims.append(Claim("M06", "s", arms, (X,), (DIFFERENCE,)))
            for which in arms.values():
                for seed in range(12):
                    found[which, seed] = Outcome(Point(which, seed, (X,)), {"x": rng.normal()})
        wrong += any(v.part == "holds" for v in judge(claims, found, range(12)))
    assert 8 <= wrong <= 32  # 20 expected, sd 4.4


def test_seeds_that_gave_no_number_are_left_out_and_told():
    rng = np.random.default_rng(6)
    off = rng.normal(size=10)
    found = invented(off + 1.0 + rng.normal(0, 0.1, 10), off)
    found[ON, 3] = Outcome(Point(ON, 3, (X,)), error="ArithmeticError: no luck")
    found[OFF, 5] = Outcome(Point(OFF, 5, (X,)), {"x": math.nan})
    (told,) = judge([claim(DIFFERENCE)], found, range(10))
    assert told.failed == 2
    assert "2 seeds gave no number" in told.note and "no luck" in told.note
    assert told.part == "holds"
    nothing = {key: Outcome(outcome.point, error="broken") for key, outcome in found.items()}
    (told,) = judge([claim(DIFFERENCE)], nothing, range(10))
    assert (told.part, told.failed) == ("undecided", 10)
    assert math.isnan(told.effect)


def test_one_seed_decides_nothing():
    (found,) = verdict([2.0], [1.0], DIFFERENCE)
    assert (found.effect, found.part) == (1.0, "undecided")
    assert math.isnan(found.low)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"mechanisms": ["M6"]}, "did you mean 'M06'"),
        ({"mechanisms": ["M104"]}, "no claim about M104"),
        ({"seeds": 0}, "seeds"),
        ({"seeds": 2.5}, "seeds"),
        ({"first_seed": -1}, "first seed"),
    ],
)
def test_what_cannot_be_tested_is_refused(arguments, words):
    with pytest.raises(InputError, match=words):
        verify(**arguments)


def test_claims_are_chosen_by_mechanism():
    one, other = claim(DIFFERENCE), Claim("M07", "s", {}, (), ())
    assert choose([one, other], []) == [one, other]
    assert choose([one, other], ["M07"]) == [other]
