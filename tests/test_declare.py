"""How numbers, mechanisms and phases are declared, and what is refused."""

import dataclasses
import math

import numpy as np
import pytest

from nqpf_abm import InputError
from nqpf_abm.declare import (
    BLOCK,
    Assumed,
    Calibrated,
    Checked,
    Evidence,
    Literature,
    Measured,
    Parameters,
    SeedClaim,
    collective_phase,
    param,
    row_phase,
)
from nqpf_abm.engine.run import run_phase
from nqpf_abm.mechanisms import topics
from nqpf_abm.mechanisms.leadership import LeadershipParams
from nqpf_abm.numerics.draws import exponential, make_key, stream, uniform
from nqpf_abm.state.tables import DTYPES

GRADES = {"measured", "literature", "seedclaim", "calibrated", "assumed"}
DECLARED = {f"{topic.name}.{f.name}": f for topic in topics() for f in dataclasses.fields(topic.params)}
RATE = "leadership.adjustment"


def of_all(values):
    return pytest.mark.parametrize("name", values)


# --------------------------------------------------------------------------------------- the declarations


@of_all(DECLARED)
def test_a_number_is_declared_in_full(name):
    declared = DECLARED[name].metadata
    assert declared["low"] <= DECLARED[name].default <= declared["high"]
    assert declared["low"] < declared["high"]
    assert math.isfinite(declared["low"])
    assert math.isfinite(declared["high"])
    assert declared["unit"].strip()


@of_all(DECLARED)
def test_a_number_says_where_it_comes_from(name):
    evidence = DECLARED[name].metadata["evidence"]
    assert isinstance(evidence, Evidence)
    assert evidence.grade in GRADES
    if not isinstance(evidence, Assumed):
        assert evidence.source.strip()
        assert evidence.note.strip()


def test_grades_are_named_after_their_classes():
    kinds = (Measured, Literature, SeedClaim, Calibrated, Assumed)
    assert {kind("a note").grade for kind in kinds} == GRADES


def test_names_are_unique_and_switches_are_no_parameters():
    names = [topic.name for topic in topics()]
    assert len(names) == len(set(names))
    ids = [mechanism.id for topic in topics() for mechanism in topic.mechanisms]
    assert len(ids) == len(set(ids))
    assert not set(ids) & set(DECLARED)
    for mechanism in ids:
        assert mechanism[0] == "M"
        assert mechanism[1:].isdigit()


# ------------------------------------------------------------------------------------------ what is refused


@of_all(DECLARED)
@pytest.mark.parametrize("side", ["low", "high"])
def test_out_of_range_is_refused(name, side):
    declared = DECLARED[name].metadata
    low, high = declared["low"], declared["high"]
    beyond = {"low": low - 0.01 * (high - low), "high": high + 0.01 * (high - low)}[side]
    with pytest.raises(InputError) as error:
        Parameters(topics(), {name: beyond})
    for word in (name, f"[{low:g}, {high:g}] {declared['unit']}", f"{beyond:g}"):
        assert word in str(error.value)
    end = Parameters(topics(), {name: declared[side]})
    assert end.values[name] == declared[side]


@of_all(DECLARED)
def test_what_is_not_finite_is_refused(name):
    for value in (math.nan, math.inf, -math.inf):
        with pytest.raises(InputError, match=f"{name} must lie in .*; got {value}"):
            Parameters(topics(), {name: value})


@pytest.mark.parametrize("value", ["lots", "", "0,2", "20%", None, [0.2], {}])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(InputError) as error:
        Parameters(topics(), {RATE: value})
    assert f"{RATE} must be a number in [0.05, 0.3] 1/quarter; got {value!r}" in str(error.value)


@pytest.mark.parametrize("value", [0.2, "0.2", " 2e-1 ", np.float32(0.2), np.float64(0.2)])
def test_numbers_may_come_as_text_or_numpy_scalars(value):
    assert Parameters(topics(), {RATE: value}).values[RATE] == pytest.approx(0.2)


def test_a_percentage_is_recognised():
    with pytest.raises(InputError, match=r"got 15\. A percentage\? Write 0\.15"):
        Parameters(topics(), {RATE: 15})
    with pytest.raises(InputError) as error:
        Parameters(topics(), {RATE: 90})  # .9 would not do either
    assert "percentage" not in str(error.value)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("leadership.adjustmnt", "leadership.adjustment"),
        ("adjustment", "leadership.adjustment"),
        ("follow.adjustment", "leadership.adjustment"),
        ("Leadership.Adjustment", "leadership.adjustment"),
        ("m06", "M06"),
        ("M006", "M06"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(name, meant):
    with pytest.raises(InputError) as error:
        Parameters(topics(), {name: 1})
    assert f"unknown parameter {name!r}; did you mean {meant!r}?" in str(error.value)
    assert "nqpf list parameters" in str(error.value)


def test_a_name_like_none_is_answered_without_a_guess():
    with pytest.raises(InputError) as error:
        Parameters(topics(), {"zzz": 1})
    assert "did you mean" not in str(error.value)


# ---------------------------------------------------------------------------------------------- switches


@pytest.mark.parametrize(
    ("word", "is_on"),
    [
        ("on", True), ("off", False), ("true", True), ("false", False), ("1", True), ("0", False),
        ("On", True), (" OFF ", False), (True, True), (False, False), (1, True), (0, False), (1.0, True),
        (0.0, False), (np.bool_(False), False),
    ],
)  # fmt: skip
def test_words_for_a_switch(word, is_on):
    parameters = Parameters(topics(), {"M06": word})
    assert parameters.values["M06"] is is_on
    assert parameters.record["on"]["M06"][0] == int(is_on)
    others = [m.id for topic in topics() for m in topic.mechanisms if m.id != "M06"]
    assert all(parameters.values[other] is True for other in others)


@pytest.mark.parametrize("word", ["maybe", "", 2, -1, 0.5, None, math.nan, "10", "onn"])
def test_what_is_no_word_for_a_switch(word):
    with pytest.raises(InputError, match="switch M06 must be on or off; got"):
        Parameters(topics(), {"M06": word})


# -------------------------------------------------------------------------------- what compiled laws read


def test_the_record_holds_the_values():
    changes = {RATE: 0.2, "start.firms": 100, "M43": "off"}
    parameters = Parameters(topics(), changes)
    assert parameters.record.shape == (1,)
    for name in DECLARED:
        topic, leaf = name.split(".")
        assert parameters.record[topic][leaf][0] == parameters.values[name]
        if name not in changes:
            assert parameters.values[name] == DECLARED[name].default
    for topic in topics():
        for mechanism in topic.mechanisms:
            assert parameters.record["on"][mechanism.id][0] == (mechanism.id != "M43")
    count = sum(len(parameters.record.dtype[group].names) for group in parameters.record.dtype.names)
    assert count == len(parameters.values)


def test_one_set_of_parameters_leaves_others_alone():
    Parameters(topics(), {RATE: 0.2, "M06": "off"})
    assert Parameters(topics()).values[RATE] == 0.15
    assert Parameters(topics()).values["M06"] is True


def test_the_table_tells_all_about_each_number():
    rows = {row["name"]: row for row in Parameters(topics(), {RATE: 0.2}).table()}
    assert set(rows) >= set(DECLARED)
    row = rows[RATE]
    assert (row["value"], row["default"], row["low"], row["high"]) == (0.2, 0.15, 0.05, 0.3)
    assert (row["unit"], row["symbol"], row["grade"]) == ("1/quarter", "κ", "assumed")
    assert "Rauch, Wiklund, Lumpkin & Frese 2009" in rows["leadership.identification"]["evidence"]


# ----------------------------------------------------------------------------------- groups and phases


def test_a_group_of_parameters_checks_itself():
    with pytest.raises(InputError) as error:
        LeadershipParams(adjustment=15)
    assert "LeadershipParams.adjustment must lie in [0.05, 0.3] 1/quarter; got 15" in str(error.value)
    with pytest.raises(dataclasses.FrozenInstanceError):
        LeadershipParams().adjustment = 0.2
    with pytest.raises(TypeError):
        LeadershipParams(0.2)


def test_a_group_of_ones_own():
    @dataclasses.dataclass(frozen=True, kw_only=True)
    class Weather(Checked):
        rain: float = param(1.0, low=0.0, high=9.0, unit="mm", evidence=Assumed("a guess"), symbol="r")

    assert Weather(rain=9.0).rain == 9.0
    with pytest.raises(InputError, match=r"Weather\.rain must lie in \[0, 9\] mm; got -1"):
        Weather(rain=-1.0)


def grow_older(i, s, p, key):
    """A year passes."""
    s.firms[i].age += 4


def found_a_capital(s, p, key):
    """The first province is the first."""
    s.provinces[0].echelon = 1


def test_a_row_phase_acts_on_rows_in_use():
    phase = row_phase("firms", writes="age is_new", mechanisms="M01 M13", draws="a.b")(grow_older)
    assert (phase.name, phase.kind, phase.is_collective) == ("grow_older", "firms", False)
    assert phase.writes == ("firms.age", "firms.is_new")
    assert phase.mechanisms == ("M01", "M13")
    assert phase.draws == ("a.b",)
    assert phase.doc == "A year passes."
    state = tiny_state()
    run_phase(phase, state, make_key(1, 0))
    np.testing.assert_array_equal(state.firms["age"], [4, 0, 4])


def test_a_lot_is_the_uniform_number_of_the_row():
    """The same number a row function would draw for itself, for more rows than are drawn at once."""

    def draw_age(i, s, p, key, u):
        s.firms[i].age = int(1e6 * u)

    lot = stream("test.lot")
    phase = row_phase("firms", writes="age", draws="test.lot", lot=lot)(draw_age)
    state = tiny_state()._replace(firms=np.zeros(2 * BLOCK + 3, DTYPES["firms"]))
    state.firms["uid"] = np.arange(7, 7 + state.firms.size)
    state.firms["is_alive"][::2] = 1
    key = make_key(1, 5)
    run_phase(phase, state, key)
    drawn = [
        int(1e6 * uniform(key, uid, lot, 0)) if k % 2 == 0 else 0 for k, uid in enumerate(state.firms["uid"])
    ]
    np.testing.assert_array_equal(state.firms["age"], drawn)


def test_a_form_is_what_is_made_of_the_lot():
    def draw_age(i, s, p, key, waiting):
        s.firms[i].age = int(1e6 * waiting)

    lot = stream("test.lot")
    phase = row_phase("firms", writes="age", draws="test.lot", lot=lot, form=exponential)(draw_age)
    state = tiny_state()
    state.firms["uid"] = [7, 8, 9]
    key = make_key(1, 5)
    run_phase(phase, state, key)
    first, _, third = (int(1e6 * exponential(uniform(key, uid, lot, 0))) for uid in (7, 8, 9))
    np.testing.assert_array_equal(state.firms["age"], [first, 0, third])


def test_a_form_without_a_lot_is_refused_and_may_be_plain_python():
    with pytest.raises(InputError, match="give a stream"):
        row_phase("firms", writes="age", form=exponential)

    def doubled(u):
        return 2.0 * u

    def draw_age(i, s, p, key, u):
        s.firms[i].age = int(1e6 * u)

    lot = stream("test.lot")
    state = tiny_state()
    run_phase(
        row_phase("firms", writes="age", draws="test.lot", lot=lot, form=doubled)(draw_age),
        state,
        make_key(1, 5),
    )
    assert state.firms["age"][0] == int(1e6 * 2.0 * uniform(make_key(1, 5), state.firms["uid"][0], lot, 0))


def test_a_collective_phase_acts_once():
    phase = collective_phase(writes="provinces.echelon firms.*")(found_a_capital)
    assert (phase.kind, phase.is_collective, phase.loop) == ("", True, None)
    assert phase.writes == ("provinces.echelon", "firms.*")
    assert phase.mechanisms == phase.draws == ()
    state = tiny_state()
    run_phase(phase, state, make_key(1, 0))
    np.testing.assert_array_equal(state.provinces["echelon"], [1, 0])


def tiny_state():
    """Three firms, the second closed, and two provinces; nothing else that a test reads."""
    from nqpf_abm.state.tables import TABLES, State

    tables = {name: np.zeros(2, DTYPES[name]) for name in TABLES}
    tables["firms"] = np.zeros(3, DTYPES["firms"])
    tables["firms"]["is_alive"] = [1, 0, 1]
    return State(
        params=Parameters(topics()).record,
        **tables,
        ledger=np.zeros((2, 2)),
        distance=np.ones((2, 2)),
        panel=np.zeros((2, 1)),
        panel_signs=np.ones(1),
    )
