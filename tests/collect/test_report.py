"""The report's numbers are the tables'."""

from nqpf_abm import Ecosystem
from nqpf_abm.collect.report import render


def test_numbers_come_from_the_tables(baseline):
    r = baseline.results
    text = render(r, baseline.manifest())
    mean = r.scores.groupby("year")["nqpf"].mean()
    assert f"from {mean[2012]:.3f} (2012) to {mean[2022]:.3f} (2022)" in text
    gini = r.dagum.set_index("year")["gini"]
    assert f"from {gini[2012]:.3f} to {gini[2022]:.3f}" in text
    last = r.scores.query("year == 2022").set_index("province")
    for province in r.provinces:
        row = next(line for line in text.splitlines() if line.startswith(f"| {province} |"))
        assert f"| {last.loc[province, 'nqpf']:.3f} |" in row
        assert f"| {last.loc[province, 'rank']} |" in row


def test_honesty_is_printed(baseline):
    text = render(baseline.results, baseline.manifest())
    assert "not calibrated" in text
    assert "18 of 18" in text
    assert "Xizang" in text


def test_changes_are_named(small):
    model = Ecosystem(seed=1, quarters=8, set=small | {"M31": "off"}).run()
    text = render(model.results, model.manifest())
    assert "`M31` = False" in text
    assert "`start.firms` = 96.0" in text


def test_regions_without_official_panel(tmp_path, small):
    file = tmp_path / "two.toml"
    file.write_text('name = "pair"\n[[region]]\nname = "Sichuan"\n[[region]]\nname = "Gansu"\n')
    model = Ecosystem(seed=1, quarters=8, set=small, regions=file).run()
    assert "those of this run" in render(model.results, model.manifest())
