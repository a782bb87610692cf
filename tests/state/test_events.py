"""A scenario's own events, and runs that branch from a common past."""

import pytest

from nqpf_abm import Ecosystem, InputError
from nqpf_abm.data.scenario import Event, Scenario
from nqpf_abm.state.events import apply_events, check_event

SHOCK = Event("provinces.data_rights", "multiply", 0.2, quarter=6)
SHOCKED = Scenario("shocked", "", events=(SHOCK,))


def test_events_of_a_scenario_act_as_its_quarter_begins(small):
    by_hand = Ecosystem(seed=3, quarters=8, set=small).settle()
    for quarter in range(8):
        apply_events([SHOCK], quarter, by_hand.state)
        by_hand.step()
    assert Ecosystem(3, SHOCKED, quarters=8, set=small).run().state_hash() == by_hand.state_hash()


def test_an_event_whose_column_is_unknown_is_refused():
    with pytest.raises(InputError, match="^x: .*data_right"):
        Ecosystem(scenario=Scenario("x", "", events=(Event("provinces.data_right", "set", 1.0),)))


def test_the_file_and_a_likely_repair_are_named(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text('[[event]]\ncolumn = "provinces.institution"\nadd = 0.1\nat = 8\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"mine.toml: .*did you mean 'provinces.institutions'"):
        Ecosystem(scenario=file)
    file.write_text('[set]\n"leadership.opennes" = 0.5\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"mine.toml: .*did you mean 'leadership.openness'"):
        Ecosystem(scenario=file)


def test_a_branch_is_the_run_of_its_scenario_from_the_start(small):
    past = Ecosystem(seed=3, quarters=12, set=small).settle()
    for _ in range(6):
        past.step()
    before = past.state_hash()
    branch = past.branch(SHOCKED).run()
    assert past.state_hash() == before, "the branch has its own state"
    whole = Ecosystem(3, SHOCKED, quarters=12, set=small).run()
    assert branch.state_hash() == whole.state_hash()
    assert branch.results.series.equals(whole.results.series)
    assert branch.results.ledger.equals(whole.results.ledger)
    assert branch.results.hqd.equals(whole.results.hqd)
    plain = past.run()
    assert plain.state_hash() == Ecosystem(seed=3, quarters=12, set=small).run().state_hash()
    assert plain.state_hash() != branch.state_hash()
    a, b = plain.results.series, branch.results.series
    agree = (a["year"] - 2012) * 4 + a["quarter"] - 1 < 6
    assert a[agree].equals(b[agree]), "the two agree exactly until the event"
    assert not a[~agree].equals(b[~agree])


def test_a_branch_that_would_have_differed_before_is_refused(small):
    past = Ecosystem(seed=3, quarters=12, set=small).settle()
    for _ in range(7):
        past.step()
    with pytest.raises(InputError, match="differs from quarter 6 on.*run for 7 quarters"):
        past.branch(SHOCKED)
    with pytest.raises(InputError, match="differs from the start"):
        past.branch(Scenario("x", "", changes={"M06": False}))


def test_the_horizon_covers_what_a_scenario_does():
    late = Scenario("x", "", events=(Event("provinces.trust", "set", 0.1, quarter=60),))
    assert Ecosystem(scenario=late).horizon == 96
    assert Ecosystem(scenario=SHOCKED).horizon == 44


def test_what_policies_set_is_no_event():
    """What governments decide would overwrite it, and nobody would be told."""
    with pytest.raises(
        InputError, match=r"'governments.strength' is what policies set: give a \[\[policy\]\] block"
    ):
        check_event(Event("governments.strength", "set", 1.0, 8, False, (6,)))
