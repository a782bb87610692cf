"""The claims are complete, the shipped verdicts are those of this model, and none holds without its law."""

import csv
import math
import re
from dataclasses import replace
from pathlib import Path

import pytest

from nqpf_abm.experiment.claims import claims
from nqpf_abm.experiment.execute import Point, distinct, execute
from nqpf_abm.experiment.verdicts import SHIPPED, as_csv, as_page, by_mechanism, read_verdicts, rounded
from nqpf_abm.experiment.verify import BY_CONSTRUCTION, HOLDS, ByConstruction, Claim, Expectation
from nqpf_abm.mechanisms import topics

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
TESTED = [claim for claim in claims() if isinstance(claim, Claim)]
BY_LAW = [claim for claim in claims() if isinstance(claim, ByConstruction)]
REPEAT = (
    "repeat: nqpf verify --jobs 2 --out docs/verdicts.csv --force, and copy the .csv to src/nqpf_abm/data"
)


@pytest.fixture(scope="module")
def shipped():
    return read_verdicts()


@pytest.fixture(scope="module")
def first_seed(shipped):
    """Outcomes of every arm of every claim, as it is and neutralised, at the first seed of the table."""
    seed = next(v.first_seed for v in shipped if v.seeds)
    asked = [*TESTED, *(claim.neutralised() for claim in TESTED), OFF_ALONE, OFF_ALONE.neutralised()]
    outcomes = execute(
        distinct(Point(one, seed, claim.measures) for claim in asked for one in claim.arms.values())
    )
    assert [outcome.error for outcome in outcomes if outcome.error] == []
    return {outcome.point.arm: outcome.numbers for outcome in outcomes}


def effects(claim: Claim, found) -> list[float]:
    means = {name: found[one] for name, one in claim.arms.items()}
    return [expectation.effect(means) for expectation in claim.expects]


def within(claim: Claim, found) -> bool:
    """Whether every part of the claim is as expected, luck left aside."""
    return all(
        part.low < effect < part.high
        for part, effect in zip(claim.expects, effects(claim, found), strict=True)
    )


M01 = next(claim for claim in TESTED if claim.mechanism == "M01")
OFF_ALONE = replace(
    M01,
    sentence="with M01 off the correlation is next to nothing",
    expects=(Expectation("c", lambda m: m["off"][M01.measures[0].name], "1", low=-0.5, high=0.5),),
)
"""A claim as it must not be: it speaks of the model without the mechanism alone."""


def test_every_live_mechanism_has_a_claim_or_a_unit_test():
    live = {mechanism.id for topic in topics() for mechanism in topic.mechanisms}
    without_law = {"M90", "M96"}  # packages, and development: nothing of their own could be switched off
    assert live | without_law == {claim.mechanism for claim in claims()}


@pytest.mark.parametrize("entry", BY_LAW, ids=lambda entry: entry.mechanism)
def test_what_is_true_by_construction_is_tested(entry):
    file, name = entry.test.split("::")
    assert re.search(rf"^def {name}\(", (ROOT / file).read_text(encoding="utf-8"), re.M)


@pytest.mark.parametrize("claim", TESTED, ids=lambda claim: claim.mechanism)
def test_a_claim_contrasts_arms_and_can_be_met_and_missed(claim):
    assert len(set(claim.arms.values())) >= 2
    for part in claim.expects:
        assert part.low < part.high
        assert math.isfinite(part.low) or math.isfinite(part.high)
    assert claim.sentence and all(part.measured for part in claim.expects)


def test_the_shipped_table_is_about_these_claims(shipped):
    declared = [(c.mechanism, c.sentence, part.measured, part.expected) for c in TESTED for part in c.expects]
    told = [(v.mechanism, v.claim, v.measured, v.expected) for v in shipped if v.part != BY_CONSTRUCTION]
    assert told == declared, REPEAT
    assert {v.seeds for v in shipped if v.part != BY_CONSTRUCTION} == {30}
    assert [v.mechanism for v in shipped if v.part == BY_CONSTRUCTION] == [
        entry.mechanism for entry in BY_LAW
    ]


def test_the_shipped_table_is_that_of_this_model(shipped, first_seed):
    told = iter([v for v in shipped if v.part != BY_CONSTRUCTION])
    for claim in TESTED:
        for part, effect in zip(claim.expects, effects(claim, first_seed), strict=True):
            row = next(told)
            assert row.first == pytest.approx(rounded(effect), rel=1e-4, abs=1e-9), (
                f"{claim.mechanism}, {part.measured}: the model has changed since the table was made; {REPEAT}"
            )


def test_the_table_in_docs_is_the_shipped_one(shipped):
    assert (DOCS / "verdicts.csv").read_bytes() == SHIPPED.read_bytes() == as_csv(shipped)
    page = (DOCS / "verdicts.md").read_text(encoding="utf-8")
    command = re.search(r"Output of `(.*?)`", page).group(1)
    assert page == as_page(shipped, command)
    assert "--seeds 30 --first-seed 1" in command


@pytest.mark.parametrize("claim", TESTED, ids=lambda claim: claim.mechanism)
def test_no_claim_holds_without_its_law(claim, shipped, first_seed):
    """In the neutral model some part is not as expected, so that no number of seeds would make it hold."""
    assert not within(claim.neutralised(), first_seed)


def test_a_claim_that_would_hold_without_its_law_is_found_out(first_seed):
    assert within(OFF_ALONE, first_seed)
    assert within(OFF_ALONE.neutralised(), first_seed)


def test_claims_that_hold_do_so_at_the_first_seed_as_a_rule(shipped, first_seed):
    """A table of verdicts from elsewhere would not fit: most claims show at a single seed."""
    verdicts = by_mechanism(shipped)
    holding = [claim for claim in TESTED if verdicts[claim.mechanism] == HOLDS]
    assert len(holding) >= 5
    assert sum(within(claim, first_seed) for claim in holding) >= 0.7 * len(holding)


def test_what_does_not_hold_is_explained(shipped):
    for row in shipped:
        if row.verdict in ("fails", "undecided"):
            assert row.note, f"{row.mechanism} does not hold; its claim needs an explanation"


def test_tables_survive_being_written_and_read(shipped, tmp_path):
    odd = [replace(shipped[0], note='a "quoted", comma'), replace(shipped[0], effect=math.nan)]
    file = tmp_path / "v.csv"
    file.write_bytes(as_csv(odd))
    again = read_verdicts(file)
    assert again[0].note == odd[0].note
    assert math.isnan(again[1].effect)
    assert next(csv.reader(file.open()))[:2] == ["mechanism", "claim"]
