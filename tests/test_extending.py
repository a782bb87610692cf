"""Phases of the user's: every example of docs/extending.md runs, engines stay equal, mistakes are named."""

import re
import warnings
from pathlib import Path

import pytest

from nqpf_abm import Ecosystem, InputError
from nqpf_abm.agents.kinds import Employee
from nqpf_abm.declare import collective_phase, numpy_phase, row_phase
from nqpf_abm.engine.audit import LeakError
from nqpf_abm.engine.schedule import QUARTER
from nqpf_abm.mechanisms import proactivity
from nqpf_abm.numerics.draws import logistic_number

PAGE = Path(__file__).parents[1] / "docs" / "extending.md"
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)


def run_example(code: str) -> dict:
    names = {"__name__": "mine"}
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "acted out agent by agent", UserWarning)
        exec(compile(code, "extending.md", "exec"), names)
    return names


@pytest.mark.parametrize("k", range(7))
def test_an_example_of_the_page_runs(k, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert len(EXAMPLES) == 7
    assert "assert" in EXAMPLES[k]
    run_example(EXAMPLES[k])


def test_the_three_routes_of_the_page_give_the_same_state():
    hashes = [run_example(code)["model"].state_hash() for code in EXAMPLES[:3]]
    assert len(set(hashes)) == 1


@row_phase("employees", writes="skill")
def forget(i, s, p, key):
    """Who has no job forgets."""
    if s.employees[i].firm < 0:
        s.employees[i].skill *= 0.9


@numpy_phase(writes="governments.grant_pool")
def double_grants(s, p, key):
    """Twice the grants, from the declared share."""
    s.governments["grant_pool"] += p.government.grant_share * s.governments["science_start"]


@collective_phase(writes="provinces.trust")
def shake_trust(s, p, key):
    """Trust falls everywhere."""
    for r in range(s.provinces.size):
        s.provinces[r].trust *= 0.95


@row_phase("employees", writes="is_proactive")
def act_proactively(i, s, p, key):
    """Nobody but the daring acts."""
    person = s.employees[i]
    person.is_proactive = 1 if person.firm >= 0 and person.orientation[2] > 0.6 else 0


OWN = (
    forget.after("live_and_learn"),
    double_grants.after("set_budget"),
    shake_trust.before("weigh_policy"),
    act_proactively,
)


@pytest.mark.parametrize(
    "way", [{"engine": "agents"}, {"engine": "agents", "shuffled": True}, {"threads": 2}]
)
def test_engines_stay_equal(way, small):
    columns = Ecosystem(seed=11, quarters=4, set=small, phases=OWN, audit=True)
    other = Ecosystem(seed=11, quarters=4, set=small, phases=OWN, **way)
    for _ in range(4):
        columns.step()
        other.step()
        assert columns.state_hash() == other.state_hash()
    assert Ecosystem(seed=11, quarters=4, set=small).run().state_hash() != columns.state_hash()


def test_every_phase_of_the_users_counts(small):
    def run(phases):
        return Ecosystem(seed=11, quarters=1, set=small, phases=phases).run().state_hash()

    hashes = {run(OWN[:k]) for k in range(len(OWN) + 1)}
    assert len(hashes) == len(OWN) + 1


def test_a_row_function_like_ours_gives_the_same_state(small):
    ours = proactivity.act_proactively
    again = row_phase("employees", writes="is_proactive", lot=proactivity.ACT, form=logistic_number)(
        ours.function
    )
    model = Ecosystem(seed=3, quarters=4, set=small, phases=[again]).run()
    assert model.schedule[[phase.name for phase in QUARTER].index("act_proactively")] is again
    assert model.state_hash() == Ecosystem(seed=3, quarters=4, set=small).run().state_hash()


def test_phases_are_inserted_where_they_belong(small):
    model = Ecosystem(set=small, phases=[forget.after("open_books"), shake_trust.before("forget")])
    assert [phase.name for phase in model.schedule[:3]] == ["open_books", "shake_trust", "forget"]
    assert len(model.schedule) == len(QUARTER) + 2
    assert Ecosystem(set=small).schedule == QUARTER


def test_a_method_may_call_the_phase_that_was_replaced(small):
    class Plain(Employee):
        def act_proactively(self):
            super().act_proactively()

    with pytest.warns(UserWarning, match="act_proactively"):
        model = Ecosystem(seed=3, quarters=4, set=small, phases=[act_proactively], classes=[Plain])
    alone = Ecosystem(seed=3, quarters=4, set=small, phases=[act_proactively])
    assert model.run().state_hash() == alone.run().state_hash()


def test_a_class_may_act_out_an_inserted_phase(small):
    class Forgetful(Employee):
        def forget(self):
            if self.firm < 0:
                self.skill = self.skill * 0.9

    with pytest.warns(UserWarning, match="Forgetful.forget"):
        model = Ecosystem(seed=3, quarters=4, set=small, phases=[OWN[0]], classes=[Forgetful])
    assert (
        model.run().state_hash()
        == Ecosystem(seed=3, quarters=4, set=small, phases=[OWN[0]]).run().state_hash()
    )


def test_the_warning_names_phase_and_faster_routes(small):
    class Idle(Employee):
        def act_proactively(self):
            self.is_proactive = 0

    with pytest.warns(UserWarning) as caught:
        Ecosystem(set=small, classes=[Idle])
    (text,) = [str(w.message) for w in caught]
    for word in ("Idle.act_proactively", '@row_phase("employees"', "@numpy_phase", "phases=", "extending.md"):
        assert word in text
    assert Path(caught[0].filename) == Path(__file__)


def test_only_the_overridden_phase_is_acted_out(small):
    class Idle(Employee):
        def act_proactively(self):
            self.is_proactive = 0

    with pytest.warns(UserWarning):
        model = Ecosystem(set=small, classes=[Idle])
    acted = [phase.name for phase in model.schedule if model._act(phase, model.state, model.key)]
    assert acted == ["act_proactively"]


def test_the_audit_sees_an_undeclared_write(small):
    @numpy_phase(writes="teams.safety")
    def scribble(s, p, key):
        s.provinces["trust"][:] = 0.123

    model = Ecosystem(set=small, phases=[scribble.after("lead")], audit=True)
    with pytest.raises(LeakError, match="scribble changed provinces.trust"):
        model.step()


def renamed(name: str, kind: str = "employees", writes: str = ""):
    def function(i, s, p, key):
        return

    function.__name__ = name
    return row_phase(kind, writes=writes)(function)


class Headstrong(Employee):
    def act_proactively(self):
        self.is_proactive = 1


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"phases": [renamed("act_proactivly")]}, ["'act_proactivly'", "'act_proactively'", ".after("]),
        ({"phases": [forget.after("live_and_lern")]}, ["'live_and_lern'", "did you mean 'live_and_learn'"]),
        ({"phases": [act_proactively.after("lead")]}, ["act_proactively", "rename"]),
        ({"phases": [forget.after("lead"), forget.after("decide")]}, ["'forget' twice"]),
        ({"phases": [print]}, ["@row_phase", "print"]),
        ({"phases": forget}, ["list of phases"]),
        ({"phases": 3}, ["list of phases", "3"]),
        ({"phases": [renamed("drift", "employee").after("lead")]}, ["'employee'", "'employees'"]),
        ({"phases": [renamed("drift", "provinces").after("lead")]}, ["'provinces'", "@numpy_phase"]),
        (
            {"phases": [renamed("drift", writes="skil").after("lead")]},
            ["employees.skil'", "'employees.skill'"],
        ),
        ({"phases": [renamed("act").after("lead")]}, ["'act'", "rename"]),
        (
            {"phases": [numpy_phase(writes="")(act_proactively.function)], "classes": [Headstrong]},
            ["Headstrong", "act_proactively", "one of them"],
        ),
    ],
)
def test_mistakes_are_named(given, words, small):
    with pytest.raises(InputError) as error:
        Ecosystem(set=small, **given)
    for word in words:
        assert word in str(error.value)


def test_the_manifest_names_what_is_the_users(small):
    model = Ecosystem(set=small, phases=[forget.after("lead"), act_proactively], classes=[])
    told = model.manifest()
    assert told["own_phases"] == [
        f"{__name__}.forget after lead",
        f"{__name__}.act_proactively instead of act_proactively",
    ]
    assert told["own_classes"] == []
