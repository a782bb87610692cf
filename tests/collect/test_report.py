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


def test_policies_are_told_with_places_years_and_cost(baseline, small):
    text = render(baseline.results, baseline.manifest())
    assert "| M74 Qinchuangyuan-like platform, relay finance | 1 | 2021 to 2022 | Shaanxi |" in text
    assert "| 0.5 | 2014 to 2022 | everywhere |" in text
    assert "| M73 Three reforms | 0.5 | 2022 | Shaanxi |" in text
    year = baseline.results.series.query("year == 2022")
    share = 100 * year["policy_spend"].sum() / year["gdp"].sum()
    assert f"{share:.2f} % of output in 2022, the dearest year. The centre pays." in text
    assert "Not measured" not in text  # all eighteen are
    off = Ecosystem(seed=1, quarters=12, set=small | {"M64": "off"}).run()
    told = render(off.results, off.manifest())
    assert "| M80 " in told and "| M64 " not in told
    bare = Ecosystem(seed=1, scenario="undated", quarters=8, set=small).run()
    assert "no instrument of policy was in force" in render(bare.results, bare.manifest())


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
