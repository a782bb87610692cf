import numpy as np
import pandas as pd
import pytest

from nqpf_abm.data import FOLDER, official_statistics, official_wide
from nqpf_abm.errors import InputError

WEST = (
    "Chongqing", "Sichuan", "Shaanxi", "Guangxi", "Yunnan", "Guizhou", "Inner Mongolia", "Gansu", "Xinjiang",
    "Qinghai", "Ningxia", "Xizang",
)  # fmt: skip
EAST = (
    "Beijing", "Tianjin", "Hebei", "Shanghai", "Jiangsu", "Zhejiang", "Fujian", "Shandong", "Guangdong",
    "Hainan",
)  # fmt: skip


@pytest.fixture(scope="module")
def table():
    return official_statistics()


@pytest.fixture(scope="module")
def wide():
    return official_wide()


def test_one_row_per_province_year_and_variable(table):
    assert not table.duplicated(["province", "year", "variable"]).any()
    assert set(table["province"]) == {*WEST, *EAST}
    assert set(table["year"]) == set(range(2012, 2023))
    assert not table.isna().any(axis=None)
    assert np.isfinite(table["value"]).all()


def test_every_figure_names_unit_publication_and_quality(table):
    assert (table.groupby("variable")["unit"].nunique() == 1).all()
    assert set(table["quality"]) == {"A", "B"}
    assert not table["publication"].str.contains(r"github|/|@|\.csv", case=False).any()


def test_gdp_sums_are_the_published_ones(wide):
    """Sums of the 2022 communique: west 25.70, east 62.20 trillion yuan."""
    gdp = wide[wide["year"] == 2022].set_index("province")["gdp"]
    assert gdp[list(WEST)].sum() == pytest.approx(256_985.0, abs=0.05)
    assert gdp[list(EAST)].sum() == pytest.approx(622_018.2, abs=0.05)


def test_rd_over_gdp_reproduces_the_published_intensity_of_2022(wide):
    rows = wide[wide["year"] == 2022]
    computed = 100 * rows["rd_expenditure"] / rows["gdp"]
    assert (computed - rows["rd_intensity"]).abs().max() < 0.0051


@pytest.mark.parametrize(
    ("province", "year", "variable", "value"),
    [
        ("Sichuan", 2012, "gdp", 23922.4),
        ("Xizang", 2022, "population", 364),
        ("Shaanxi", 2022, "tech_market_turnover_output", 3048.7),
        ("Inner Mongolia", 2013, "rd_personnel_fte", 37275),
        ("Chongqing", 2022, "invention_patents_granted", 12207),
    ],
)
def test_single_figures(table, province, year, variable, value):
    cell = table.query("province == @province and year == @year and variable == @variable")["value"]
    assert cell.item() == pytest.approx(value, abs=0.05)


@pytest.mark.parametrize(
    ("part", "whole"),
    [
        ("invention_patents_granted", "patents_granted"),
        ("rd_researchers_fte", "rd_personnel_fte"),
        ("basic_research_expenditure", "rd_expenditure"),
        ("industrial_rd_expenditure", "rd_expenditure"),
        ("rd_gov_funds", "rd_expenditure"),
        ("rd_expenditure", "gdp"),
        ("fiscal_expenditure_scitech", "fiscal_expenditure"),
        ("hydro_generation", "electricity_generation"),
        ("nonfossil_generation", "electricity_generation"),
    ],
)
def test_a_part_never_exceeds_its_whole(wide, part, whole):
    both = wide[[part, whole]].dropna()
    assert len(both) > 0
    assert (both[part] <= both[whole]).all()


def test_shares_are_percentages_and_amounts_not_negative(table):
    assert (table["value"] >= 0).all()
    shares = table[table["unit"].str.startswith("%")]
    assert (shares["value"] <= 100).all()


def test_gaps_stay_gaps(wide):
    assert wide.loc[wide["year"] == 2017, "hightech_industry_revenue"].isna().all()
    assert wide.loc[wide["province"] == "Xizang", "energy_consumption"].isna().all()


def test_the_readme_explains_every_variable_with_its_unit(table):
    readme = (FOLDER / "official" / "README.md").read_text(encoding="utf-8")
    for variable, unit in table[["variable", "unit"]].drop_duplicates().itertuples(index=False):
        assert f"| {variable} | {unit} |" in readme


def test_wide_keeps_the_order_asked_for():
    wide = official_wide(["population", "gdp"], [2013, 2012], ["Xizang", "Sichuan"])
    assert list(wide.columns) == ["province", "year", "population", "gdp"]
    assert list(zip(wide["province"], wide["year"], strict=True)) == [
        ("Xizang", 2013), ("Xizang", 2012), ("Sichuan", 2013), ("Sichuan", 2012),
    ]  # fmt: skip
    assert wide["gdp"].iloc[3] == 23922.4


def test_callers_cannot_change_the_shipped_table():
    table = official_statistics()
    table["value"] = 0.0
    wide = official_wide(["gdp"])
    wide["gdp"] = 0.0
    assert official_statistics()["value"].max() > 0
    assert official_wide(["gdp"])["gdp"].max() > 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"variables": ["gpd"]}, "no variable 'gpd'; did you mean 'gdp'?"),
        ({"provinces": ["Sichaun"]}, "no province 'Sichaun'; did you mean 'Sichuan'?"),
        ({"years": [2011]}, "no year 2011; it covers 2012 to 2022"),
    ],
)
def test_what_the_table_lacks_is_refused_with_the_nearest_name(arguments, message):
    with pytest.raises(InputError, match="official table holds") as caught:
        official_wide(**arguments)
    assert message in str(caught.value)


def test_importing_the_package_reads_no_table():
    import subprocess
    import sys

    code = "import sys, nqpf_abm, nqpf_abm.data, nqpf_abm.data.reading; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_wide_agrees_with_the_long_table(table, wide):
    long = wide.melt(["province", "year"], var_name="variable").dropna()
    both = table.merge(long, on=["province", "year", "variable"])
    assert len(both) == len(table) == len(long)
    pd.testing.assert_series_equal(both["value_x"], both["value_y"], check_names=False)
