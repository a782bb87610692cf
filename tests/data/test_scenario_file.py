"""Scenario files: arms and events are read as written, and whatever cannot be used is named with its place."""

import pytest

from nqpf_abm import Ecosystem, InputError
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


@pytest.mark.parametrize("name", [name for name in shipped_scenarios() if name != "baseline"])
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
