"""The printed model is complete, reads as Markdown, and is the one in docs."""

import re
from pathlib import Path

import pytest

from nqpf_abm.declare import Parameters
from nqpf_abm.describe.odd import MARK, _prose, odd
from nqpf_abm.engine.schedule import QUARTER
from nqpf_abm.mechanisms import topics
from nqpf_abm.state.tables import TABLES

DOCS = Path(__file__).resolve().parents[2] / "docs"
CONCEPTS = (
    "Basic principles", "Emergence", "Adaptation", "Objectives", "Learning", "Prediction", "Sensing",
    "Interaction", "Stochasticity", "Collectives", "Observation",
)  # fmt: skip


@pytest.fixture(scope="module")
def document():
    return odd()


def test_the_document_in_docs_is_the_printed_model(document):
    assert (DOCS / "odd.md").read_text(encoding="utf-8") == document, "repeat: nqpf odd --out docs/odd.md"


def test_it_has_the_seven_elements_and_the_eleven_concepts_in_order(document):
    assert re.findall(r"^## \d\. (.*)$", document, re.M) == [
        "Purpose and patterns", "Entities, state variables, and scales", "Process overview and scheduling",
        "Design concepts", "Initialization", "Input data", "Submodels",
    ]  # fmt: skip
    section = document.split("## 4. Design concepts")[1].split("## 5. ")[0]
    assert tuple(re.findall(r"^\*\*(.*?)\.\*\*", section, re.M)) == CONCEPTS


def test_everything_declared_is_in_it(document):
    entities = document.split("## 2. ")[1].split("## 3. ")[0]
    for table, columns in TABLES.items():
        section = entities.split(f"### {table.capitalize()}\n")[1].split("###")[0]
        assert re.findall(r"^\| `(\w+)`", section, re.M) == [name for name, *_ in columns]
    schedule = document.split("## 3. ")[1].split("## 4. ")[0]
    assert re.findall(r"^\| \d+ \| `(\w+)`", schedule, re.M) == [phase.name for phase in QUARTER]
    for row in Parameters(topics()).table():
        assert document.count(f"| `{row['name']}`") == 1, row["name"]
    mechanisms = document.split("### 7.1")[1].split("### 7.2")[0]
    assert set(re.findall(r"^\| (M\d+)", mechanisms, re.M)) == {m.id for t in topics() for m in t.mechanisms}
    submodels = document.split("### 7.2 ", 1)[1]
    for phase in QUARTER:
        assert submodels.count(f"- `{phase.name}` (") == 1
    for law in ("acting_probability", "idea_worth", "potential_output", "moving_utility"):
        assert f"#### `{law}(" in submodels


def test_no_cell_is_empty_of_meaning_and_no_markup_is_left_over(document):
    entities = document.split("## 2. ")[1].split("## 3. ")[0]
    for line in entities.splitlines():
        if line.startswith("| `"):
            assert all(cell.strip() for cell in line.strip("|").split("|")), line
    assert ":math:" not in document
    assert ".. math" not in document
    assert "``" not in document


def test_docstrings_become_markdown():
    doc = """Share, ``a b`` and :math:`x^2` (E1).

    .. math:: y = x

    own, other  K  stock, >= 0
                   continued
    size   h, 1/year;  age  a, years

    Last
    words.
    """
    assert _prose(doc) == (
        "Share, `a b` and $x^2$ (E1).\n\n$$y = x$$\n\n- *own, other*: K, stock, >= 0 continued\n"
        "- *size*: h, 1/year\n- *age*: a, years\n\nLast words."
    )


def test_the_command_prints_it_or_writes_it_and_spares_other_files(nqpf, document, tmp_path):
    code, out, err = nqpf("odd")
    assert (code, out) == (0, document), err
    target = tmp_path / "odd.md"
    for _ in range(2):  # the second time it renews its own document
        code, _, err = nqpf("odd", "--out", target)
        assert code == 0, err
    assert target.read_text(encoding="utf-8").startswith(MARK)
    target.write_text("precious")
    code, _, err = nqpf("odd", "--out", target)
    assert code == 2
    assert "odd.md exists" in err
    assert target.read_text() == "precious"
    assert [p.name for p in tmp_path.iterdir()] == ["odd.md"]
