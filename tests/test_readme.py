"""The README's code runs, its commands exist, its claims about files hold."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.filterwarnings("ignore:acted out agent by agent")
@pytest.mark.parametrize("code", re.findall(r"```python\n(.*?)```", README, re.S))
def test_python_runs(code):
    indent = min(len(line) - len(line.lstrip()) for line in code.splitlines() if line.strip())
    exec("\n".join(line[indent:] for line in code.splitlines()), {"__name__": "readme"})


def test_regions_example_is_a_file_of_regions(tmp_path):
    from nqpf_abm.data import load_regions

    text = re.search(r"```toml\n(.*?)```", README, re.S).group(1)
    file = tmp_path / "my_regions.toml"
    file.write_text("\n".join(line.strip() for line in text.splitlines()))
    assert list(load_regions(file).table["region"]) == ["Sichuan", "Gansu"]


def test_pictures_and_folders_exist():
    for path in re.findall(r"!\[.*?\]\((.*?)\)", README):
        assert (ROOT / path).is_file(), path
    for row in re.findall(r"^\| (`.*?) \|", README, re.M):
        for name in re.findall(r"`(.*?)`", row):
            assert (ROOT / "src" / "nqpf_abm" / name.rstrip("/")).exists(), name


def test_the_gate_runs_the_readmes_commands():
    gate = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for command in ("python -m pip install -e . && nqpf run", 'python -m pip install -e ".[test]" && pytest'):
        assert command in README
        assert command in gate


def test_mechanisms_named_are_the_live_ones():
    from nqpf_abm.mechanisms import topics

    live = {m.id for topic in topics() for m in topic.mechanisms}
    section = README.split("**A thin model.**")[1].split("**A closed economy")[0]
    assert set(re.findall(r"M\d+", section)) == live | {"M90", "M96"}  # which have no law of their own


def test_verdicts_are_counted_as_the_table_has_them():
    from nqpf_abm.experiment.verdicts import by_mechanism, read_verdicts

    verdicts = by_mechanism(read_verdicts())
    ones = (
        "no one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen"
    ).split()
    words = ones + [
        f"{ten}-{one}".removesuffix("-no")
        for ten in ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
        for one in ones[:10]
    ]
    counts = {word: list(verdicts.values()).count(word) for word in ("holds", "undecided", "fails")}
    section = README.split("**Claims are tested, not decorated.**")[1].split("- **A closed")[0]
    assert f"the {words[sum(counts.values())]} claims that are not true by construction" in section
    text = " ".join(section.split())
    assert f"{words[counts['holds']]} hold, {words[counts['undecided']]} are undecided" in text
    assert f"and {words[counts['fails']]} fail" in text
    assert set(re.findall(r"M\d+", section)) == {
        m for m, v in verdicts.items() if v in ("undecided", "fails")
    }
