"""Scenario files: arms and events are read as written, and whatever cannot be used is named with its place."""

import json

import pytest

from nqpf_abm import Ecosystem, InputError
from nqpf_abm.data.scenario import NEVER, PolicyPlan, Scenario, first_difference
from nqpf_abm.data.scenario_file import ArmPlan, Event, load_scenario, shipped_scenarios

TWO = '[[arm]]\ntitle = "a"\n[[arm]]\ntitle = "b"\n'


@pytest.fixture
def written(tmp_path):
    """Function: a scenario from the text of its file."""

    def load(text):
        file = tmp_path / "mine.toml"
        file.write_text(text, encoding="utf-8")
        return load_scenario(file)

    return load


def test_arms_carry_settings_and_events(written):
    plan = written(
        'seeds = 3\nfigure = "spirit_by_level"\n[set]\nM09 = false\n'
        '[[arm]]\ntitle = "a"\n[[arm]]\ntitle = "b"\n[arm.set.leadership]\nopenness = 0.6\n'
        '[[arm.event]]\ncolumn = "entrepreneurs.style"\nindex = [1, 2]\nset = 0\nfrom = 4\n'
        '[[arm.event]]\ncolumn = "entrepreneurs.orientation"\nadd = 0.1\nat = 8\n'
    )
    assert (plan.seeds, plan.figure, plan.changes) == (3, "spirit_by_level", {"M09": False})
    first, second = plan.arms
    assert first == ArmPlan("a")
    assert second.changes == {"leadership.openness": 0.6}
    assert second.events == (
        Event("entrepreneurs.style", "set", 0.0, quarter=4, lasting=True, index=(1, 2)),
        Event("entrepreneurs.orientation", "add", 0.1, quarter=8),
    )


def test_a_scenario_without_arms_is_one_run():
    plan = load_scenario("baseline")
    assert (plan.arms, plan.seeds) == ((), 1)


def test_one_run_of_a_contrast_is_refused():
    with pytest.raises(InputError, match="'T1' contrasts 3 arms.*nqpf run T1"):
        Ecosystem(scenario="T1")


@pytest.mark.parametrize("name", [name for name in shipped_scenarios() if load_scenario(name).arms])
def test_shipped_contrasts_say_what_they_are_about(name):
    plan = load_scenario(name)
    assert plan.name == name and plan.title and plan.source and plan.note and plan.figure
    assert len(plan.arms) >= 2 and plan.seeds >= 10


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("seeds = 3\n", r"'seeds'.*\[\[arm\]\]"),
        ('figure = "x"\n', r"'figure'.*\[\[arm\]\]"),
        ("arm = 3\n", r"'arm'.*got 3"),
        ('[[arm]]\ntitle = "a"\n', "two or more"),
        ('[[arm]]\ntitle = "a"\n[[arm]]\ntitle = "a"\n', "titles of their own"),
        ("seeds = 0\n" + TWO, r"'seeds'.*\[1, 1000\], got 0"),
        ("seeds = true\n" + TWO, "'seeds'.*got True"),
        (TWO + "titel = 1\n", r"\[\[arm\]\] 2, key 'titel': unknown.*'title'"),
        ('[[arm]]\n[[arm]]\ntitle = "b"\n', r"\[\[arm\]\] 1, key 'title'.*got None"),
        (TWO + "set = 3\n", r"\[\[arm\]\] 2, key 'set'.*got 3"),
        (TWO + "event = 3\n", r"\[\[arm\]\] 2, key 'event'.*got 3"),
        (TWO + "event = [{ add = 1, at = 0 }]\n", "event 1, key 'column'.*got None"),
        (TWO + 'event = [{ column = "a.b", at = 0 }]\n', "set, add, multiply.*got at"),
        (TWO + 'event = [{ column = "a.b", add = 1 }]\n', "at .once.*got add"),
        (TWO + 'event = [{ column = "a.b", add = 1, set = 1, at = 0 }]\n', "got set, add, at"),
        (TWO + 'event = [{ column = "a.b", add = 1, at = 0, from = 1 }]\n', "got add, at, from"),
        (TWO + 'event = [{ column = "a.b", add = "x", at = 0 }]\n', "key 'add'.*got 'x'"),
        (TWO + 'event = [{ column = "a.b", add = inf, at = 0 }]\n', "key 'add'.*got inf"),
        (TWO + 'event = [{ column = "a.b", add = 1, at = -1 }]\n', r"key 'at'.*\[0, 400\], got -1"),
        (TWO + 'event = [{ column = "a.b", add = 1, at = 0, index = 1 }]\n', "key 'index'.*got 1"),
        (TWO + 'event = [{ column = "a.b", ad = 1, at = 0 }]\n', "'ad': unknown.*'add'"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_place(written, text, words):
    with pytest.raises(InputError, match=words) as told:
        written(text)
    assert "mine.toml" in str(told.value)


POLICY = '[[policy]]\ninstrument = "M72"\nstrength = 1.0\nfrom = 2026\nuntil = 2035\n'


def test_levers_uncertainties_and_shocks_are_kept_apart(written):
    plan = written(
        'extends = "nothing"\nexpected = "up"\ncost = ".1 % of GDP"\n[set]\n"leadership.openness" = 0.6\n'
        + POLICY
        + "echelons = [1, 2]\n"
        + '[[event]]\ncolumn = "provinces.trust"\nset = 0.1\nat = 8\n'
    )
    assert plan.changes == {"leadership.openness": 0.6}
    assert plan.policies == (PolicyPlan("M72", 1.0, 2026, 2035, (), (1, 2)),)
    assert plan.events == (Event("provinces.trust", "set", 0.1, quarter=8),)
    assert (plan.expected, plan.cost) == ("up", ".1 % of GDP")


def test_a_file_inherits_settings_events_and_policies_but_no_texts(tmp_path):
    (tmp_path / "a.toml").write_text(
        'extends = "nothing"\ntitle = "base"\n[set]\nM06 = false\nM09 = false\n' + POLICY, encoding="utf-8"
    )
    folder = tmp_path / "deeper"
    folder.mkdir()
    file = folder / "b.toml"
    file.write_text(
        'extends = "../a.toml"\n[set]\nM09 = true\n' + POLICY.replace("M72", "m65"), encoding="utf-8"
    )
    plan = load_scenario(file)
    assert plan.changes == {"M06": False, "M09": True}
    assert [policy.instrument for policy in plan.policies] == ["M72", "M65"]
    assert plan.title == "b" and len(plan.files) == 2


@pytest.mark.parametrize("head", ["", 'extends = "baseline"\n'])
def test_a_file_has_the_calendar_of_the_baseline_unless_it_extends_nothing(written, head):
    baseline, found = load_scenario("baseline"), written(head + POLICY)
    assert found.changes == baseline.changes and len(baseline.policies) > 20
    assert found.policies[:-1] == baseline.policies
    assert found.policies_beside(baseline) == (PolicyPlan("M72", 1.0, 2026, 2035),)
    assert written('extends = "nothing"\n' + POLICY).policies == (PolicyPlan("M72", 1.0, 2026, 2035),)


def test_plans_are_kept_whole(written):
    plan = written(POLICY + 'regions = ["Shaanxi"]\nhistory = true\nbehind = "N3"\n').policies[-1]
    assert plan.history
    assert PolicyPlan.of(json.loads(json.dumps(plan.plain()))) == plan
    event = Event("entrepreneurs.style", "set", 0.0, quarter=4, lasting=True, index=(1, 2))
    assert Event.of(json.loads(json.dumps(event.plain()))) == event


def test_files_that_extend_each_other_in_a_circle_are_refused(tmp_path):
    for name, other in (("a", "b"), ("b", "c"), ("c", "a")):
        (tmp_path / f"{name}.toml").write_text(f'extends = "{other}.toml"\n', encoding="utf-8")
    with pytest.raises(InputError, match="circle: a.toml extends b.toml extends c.toml extends a.toml"):
        load_scenario(tmp_path / "a.toml")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('extends = "baselin"\n', "'extends': unknown scenario 'baselin'.*'baseline'"),
        ('extends = "gone.toml"\n', "gone.toml: no such file"),
        ('extends = "T1"\n', "'T1' contrasts 3 arms"),
        ("extends = 3\n", "'extends'.*text in quotes"),
        ('extends = "nothin"\n', "'extends': unknown scenario 'nothin'.*'nothing'"),
        ("expected = 3\n", "'expected'.*text in quotes"),
        ("policy = 3\n", r"'policy': must be \[\[policy\]\] blocks, got 3"),
        ("event = [3]\n", r"'event': must be \[\[event\]\] blocks"),
        (POLICY + "streng = 1\n", r"\[\[policy\]\] 1, key 'streng': unknown.*'strength'"),
        (POLICY.replace('"M72"', "72"), "'instrument'.*M64 to M105.*got 72"),
        (POLICY.replace("M72", "M06"), "'instrument'.*M64 to M105.*got 'M06'"),
        (POLICY.replace("1.0", "60"), r"'strength'.*\[0, 1\].*got 60; a percentage"),
        (POLICY.replace("1.0", "nan"), "'strength'.*got nan"),
        (POLICY.replace("1.0", "true"), "'strength'.*got True"),
        (POLICY.replace("until = 2035\n", ""), "'until': missing; give its last year"),
        (POLICY.replace("2026", "14"), r"'from' \(a year\).*\[1990, 2100\], got 14"),
        (POLICY.replace("2035", "2020"), "until 2020 comes before from 2026"),
        (POLICY + 'echelons = [1]\nregions = ["Shaanxi"]\n', "regions or echelons, not both"),
        (POLICY + "echelons = [0]\n", r"'echelons'.*\[1, 9\], got 0"),
        (POLICY + "echelons = [[1]]\n", "'echelons'.*got \\[1\\]"),
        (POLICY + "echelons = []\n", "'echelons': is empty"),
        (POLICY + "echelons = [1, 1]\n", "names one twice"),
        (POLICY + "regions = [3]\n", "'regions'.*names in quotes"),
        (POLICY + "history = 1\n", "'history'.*true or false, got 1"),
    ],
)
def test_what_cannot_be_planned_is_named_with_its_place(written, text, words):
    with pytest.raises(InputError, match=words) as told:
        written(text)
    assert "toml" in str(told.value)


def test_scenarios_differ_from_the_first_event_or_lever_that_only_one_has():
    base = Scenario("a", "")
    early, late = Event("provinces.trust", "set", 0.1, 8), Event("provinces.trust", "set", 0.1, 20)
    plan = PolicyPlan("M72", 1.0, 2026, 2035)

    def differ(one, other):
        found = first_difference(Scenario("a", "", **one), Scenario("b", "", **other), 2012)
        assert found == first_difference(Scenario("b", "", **other), Scenario("a", "", **one), 2012)
        return found

    assert first_difference(base, base, 2012) == NEVER
    assert differ({}, {"changes": {"M06": False}}) == -1
    assert differ({"events": (early,)}, {"events": (early, late)}) == 20
    assert differ({"events": (late, early)}, {"events": (early, late)}) == 8
    assert differ({}, {"policies": (plan,)}) == 56
    assert differ({"policies": (plan,)}, {"policies": (PolicyPlan("M72", 1.0, 2026, 2030),)}) == 76
    assert differ({}, {"policies": (PolicyPlan("M72", 1.0, 2005, 2006),)}) == -1
    behind = PolicyPlan("M72", 1.0, 2026, 2035, behind="N3")
    assert differ({"policies": (plan,)}, {"policies": (behind,)}) == 56


def test_a_shipped_scenario_is_the_callers_to_change():
    load_scenario("T1").arms[2].changes["M06"] = "altered"
    load_scenario("S27").changes["M51"] = "altered"
    assert load_scenario("T1").arms[2].changes.get("M06") != "altered"
    assert load_scenario("S27").changes.get("M51") != "altered"
