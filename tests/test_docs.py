"""The code and the files that the documents show do work."""

import re
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"


def blocks(name: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (DOCS / name).read_text(encoding="utf-8"), re.S)


def test_python_of_the_measurement_page_runs(capsys):
    code = blocks("measure.md", "python")
    assert len(code) == 3
    exec("\n".join(code), {"__name__": "docs"})
    printed = capsys.readouterr().out
    assert "(30,) (620,) ['digital', 'green', 'sci_tech']" in printed
    assert "(100, 620) (100, 20)" in printed


def test_the_specification_of_the_measurement_page_is_one(tmp_path):
    from nqpf_abm.collect.specification import load_specification

    (text,) = blocks("measure.md", "toml")
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    spec = load_specification(path)
    assert (spec.ids, spec.columns.of("province")) == (("I1", "I2"), "地区")


def test_kernels_and_links_of_the_measurement_page_exist():
    import nqpf_abm.measure

    text = (DOCS / "measure.md").read_text(encoding="utf-8")
    table = text.split("| Kernel |")[1].split("\n\n")[0]
    for name in re.findall(r"`(\w+)`", table):
        assert callable(getattr(nqpf_abm.measure, name)), name
    for link in re.findall(r"\]\((.*?\.md)\)", text):
        assert (DOCS / link).is_file()
