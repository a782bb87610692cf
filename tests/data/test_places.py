import math

import pandas as pd
import pytest

from nqpf_abm.data import load_regions
from nqpf_abm.data.statistics import STATISTICS
from nqpf_abm.errors import InputError

OWN = {
    "population": 4e6, "gdp": 2e5, "rd_expenditure": 4e3, "industrial_rd_expenditure": 2e3,
    "rd_gov_funds": 1e3, "fiscal_expenditure": 5e4, "fiscal_expenditure_scitech": 1e3,
    "rd_personnel_fte": 9e3, "hightech_share": 0.1, "digital_index": 30, "invention_patents": 200,
    "energy": 800, "co2": 20, "fossil_share": 0.8, "wage": 40000,
}  # fmt: skip
PLACE = {"latitude": 40.0, "longitude": 100.0, "echelon": 2}


@pytest.fixture(scope="module")
def west():
    return load_regions()


def _toml(path, regions, top=""):
    blocks = [
        "\n".join(["[[region]]", *(f"{key} = {_literal(value)}" for key, value in region.items())])
        for region in regions
    ]
    path.write_text("\n\n".join([top, *blocks]), encoding="utf-8")
    return path


def _literal(value):
    return (
        f'"{value}"'
        if isinstance(value, str)
        else str(value).lower()
        if isinstance(value, bool)
        else repr(value)
    )


def _refusal(path):
    with pytest.raises(InputError) as caught:
        load_regions(path)
    message = str(caught.value)
    assert "\n" not in message
    assert path.name in message
    return message


def test_the_twelve_western_provinces_in_order_and_echelon(west):
    assert list(west.table["region"]) == [
        "Chongqing", "Sichuan", "Shaanxi", "Guangxi", "Yunnan", "Guizhou", "Inner Mongolia", "Gansu",
        "Xinjiang", "Qinghai", "Ningxia", "Xizang",
    ]  # fmt: skip
    assert list(west.table["echelon"]) == [1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3]
    assert (west.name, west.base_year) == ("western", 2012)
    assert not west.table.isna().any(axis=None)


def test_a_caller_may_change_its_copy_of_the_table():
    first = load_regions()
    first.table.loc[0, "gdp"] = -1.0
    first.fallbacks.loc[:, "value"] = 0.0
    again = load_regions()
    assert (again.table["gdp"] > 0).all() and (again.fallbacks["value"] != 0).any()


def test_units_of_the_western_table(west):
    sichuan = west.table.set_index("region").loc["Sichuan"]
    assert sichuan["population"] == 80_850_000  # persons
    assert sichuan["gdp"] == pytest.approx(2_392_240)  # 10^6 yuan
    assert sichuan["rd_expenditure"] == pytest.approx(35_090)
    assert sichuan["fossil_share"] == pytest.approx(1 - 1562.46 / 2151.0)
    assert sichuan["hightech_share"] == pytest.approx(3962.1 / 23922.4)
    assert west.table["gdp"].sum() == pytest.approx(10_644_810)


def test_relative_columns_have_mean_one(west):
    assert west.table["digital_index"].mean() == pytest.approx(1)
    assert west.table["wage_relative"].mean() == pytest.approx(1)


def test_xizang_energy_follows_from_its_electricity(west):
    xizang = west.table.set_index("region").loc["Xizang"]
    assert xizang["energy"] == pytest.approx(237, abs=0.5)  # 10^4 tce
    assert xizang["co2"] == pytest.approx(6.7, abs=0.05)  # Mt


def test_the_digital_index_is_that_of_the_nearest_year(west):
    digital = west.table.set_index("region")["digital_index"]
    assert digital["Sichuan"] / digital["Chongqing"] == pytest.approx(46.8646 / 33.2489)  # 2013
    rules = west.fallbacks[west.fallbacks["column"] == "digital_index"]["rule"]
    assert set(rules) == {"dedi_index of 2013 taken for 2012"}


def test_figures_of_the_east_may_be_given(tmp_path, west):
    path = _toml(tmp_path / "x.toml", [{"name": "Gansu"}, {"name": "Sichuan"}], "[east]\nwage_relative = 2.5")
    east = load_regions(path).east
    assert east.wage_relative == 2.5
    assert east.gdp == west.east.gdp


def test_every_stand_in_is_listed_and_nothing_else(west):
    listed = set(zip(west.fallbacks["region"], west.fallbacks["column"], strict=True))
    digital = {(region, "digital_index") for region in west.table["region"]}
    assert listed == digital | {("Xizang", "energy"), ("Xizang", "co2")}
    assert west.fallbacks["rule"].str.len().min() > 0
    xizang = west.fallbacks.set_index(["region", "column"]).loc[("Xizang", "energy")]
    assert "electricity_consumption 27.8" in xizang["rule"]
    assert xizang["unit"] == "10^4 tce/year"


def test_the_east_of_2012(west):
    assert west.east.population == pytest.approx(524_220_000)
    assert west.east.gdp / west.table["gdp"].sum() == pytest.approx(1 / 0.3755, rel=1e-3)
    assert west.east.gdp_per_head_relative == pytest.approx(1 / 0.538, rel=1e-3)
    assert west.east.wage_relative == pytest.approx(1 / 0.801, rel=1e-3)
    assert len(west.east.provinces) == 10


def test_official_provinces_need_no_more_than_their_name(tmp_path, west):
    regions = load_regions(_toml(tmp_path / "two.toml", [{"name": "Xizang"}, {"name": "Sichuan"}]))
    assert list(regions.table["region"]) == ["Xizang", "Sichuan"]
    assert regions.name == "two"
    for region in ("Xizang", "Sichuan"):
        mine = regions.table.set_index("region").loc[region].drop(["digital_index", "wage_relative"])
        theirs = west.table.set_index("region").loc[region].drop(["digital_index", "wage_relative"])
        pd.testing.assert_series_equal(mine, theirs)


def test_own_statistics_are_taken_as_given(tmp_path):
    names = ["A", "B", "C"]
    rows = [
        {"name": name, **PLACE, "latitude": 30.0 + i, **OWN, "wage": 1e4 * (i + 1)}
        for i, name in enumerate(names)
    ]
    east = "[east]\npopulation = 1e7\ngdp = 1e6\nwage_relative = 1.5\nrd_intensity = 0.02\n"
    regions = load_regions(_toml(tmp_path / "own.toml", rows, east))
    assert list(regions.table["region"]) == names
    assert regions.fallbacks.empty
    assert (regions.table["energy"] == 800).all()
    assert list(regions.table["wage_relative"]) == pytest.approx([0.5, 1, 1.5])
    assert regions.east.provinces == ()
    assert regions.east.gdp_per_head_relative == pytest.approx((1e6 / 1e7) / (2e5 / 4e6))


def test_own_figures_prevail_over_official_ones(tmp_path):
    path = _toml(tmp_path / "x.toml", [{"name": "Xizang", "energy": 400.0}, {"name": "Gansu"}])
    regions = load_regions(path)
    assert regions.table.loc[0, "energy"] == 400
    assert ("Xizang", "energy") not in set(
        zip(regions.fallbacks["region"], regions.fallbacks["column"], strict=True)
    )


def test_csv_gives_the_same_regions_as_toml(tmp_path):
    csv = tmp_path / "x.csv"
    csv.write_text("region,echelon,energy\nXizang,3,400\nGansu,,\n", encoding="utf-8")
    toml = _toml(tmp_path / "x.toml", [{"name": "Xizang", "energy": 400.0}, {"name": "Gansu"}])
    pd.testing.assert_frame_equal(load_regions(csv).table, load_regions(toml).table)


def test_an_eastern_province_without_hydropower_uses_its_nonfossil_share(tmp_path):
    shanghai = {"name": "Shanghai", "latitude": 31.23, "longitude": 121.47, "echelon": 1}
    regions = load_regions(_toml(tmp_path / "x.toml", [shanghai, {"name": "Gansu"}]))
    assert 0.9 < regions.table.loc[0, "fossil_share"] < 1
    rule = regions.fallbacks.set_index(["region", "column"]).loc[("Shanghai", "fossil_share"), "rule"]
    assert "nonfossil_generation / electricity_generation of 2021" in rule


def test_another_base_year(tmp_path):
    path = _toml(tmp_path / "x.toml", [{"name": "Sichuan"}, {"name": "Gansu"}], "base_year = 2015")
    regions = load_regions(path)
    assert regions.base_year == 2015
    assert regions.table.loc[0, "population"] > 80_850_000


def test_a_gap_of_the_base_year_is_refused_not_filled(tmp_path):
    path = _toml(tmp_path / "x.toml", [{"name": "Sichuan"}, {"name": "Gansu"}], "base_year = 2017")
    assert "column 'hightech_share': no official figure for 2017; give hightech_share in [0, 5]" in _refusal(
        path
    )


def test_an_unknown_province_is_refused_with_the_nearest_name(tmp_path):
    path = _toml(tmp_path / "x.toml", [{"name": "Sichaun", **PLACE}, {"name": "Gansu"}])
    message = _refusal(path)
    assert "region 'Sichaun', column 'population'" in message
    assert "did you mean 'Sichuan'?" in message
    assert "give population in [1000, 2e+09] persons" in message


@pytest.mark.parametrize("column", [statistic.column for statistic in STATISTICS])
def test_every_missing_statistic_is_named_with_its_range(tmp_path, column):
    one = {key: value for key, value in OWN.items() if key != column}
    path = _toml(tmp_path / "x.toml", [{"name": "A", **PLACE, **one}, {"name": "Gansu"}])
    message = _refusal(path)
    assert f"region 'A', column '{column}': missing" in message
    assert f"give {column} in [" in message


@pytest.mark.parametrize("column", [statistic.column for statistic in STATISTICS])
@pytest.mark.parametrize("value", [-1.0, math.nan, math.inf, "much", True])
def test_every_statistic_out_of_range_is_refused(tmp_path, column, value):
    path = _toml(tmp_path / "x.toml", [{"name": "Sichuan", column: value}, {"name": "Gansu"}])
    message = _refusal(path)
    assert f"region 'Sichuan', column '{column}': must " in message
    assert "[" in message


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"latitude": 91.0}, "column 'latitude': must lie in [-90, 90] degrees north, got 91.0"),
        ({"longitude": -181.0}, "column 'longitude': must lie in [-180, 180] degrees east, got -181.0"),
        ({"echelon": 0}, "column 'echelon': must lie in [1, 9], got 0"),
        ({"echelon": 1.5}, "column 'echelon': must be a whole number in [1, 9], got 1.5"),
        ({"gpd": 1.0}, "key 'gpd': unknown; did you mean 'gdp'?"),
        ({"rd_expenditure": 3e6}, "column 'rd_expenditure': must lie in [0, gdp], of which it is a part"),
        ({"rd_gov_funds": 1e5}, "column 'rd_gov_funds': must lie in [0, rd_expenditure]"),
        ({"name": "Gansu"}, "region 'Gansu': given twice"),
        ({"latitude": 36.061, "longitude": 103.834}, "same coordinates as"),
        ({"name": ""}, "every region needs a name"),
        ({"name": 7}, "every region needs a name"),
    ],
)
def test_regions_that_cannot_be_used(tmp_path, change, message):
    path = _toml(tmp_path / "x.toml", [{"name": "Gansu"}, {"name": "Sichuan", **change}])
    assert message in _refusal(path)


def test_a_region_of_ones_own_needs_a_place(tmp_path):
    path = _toml(tmp_path / "x.toml", [{"name": "Gansu"}, {"name": "A", **OWN}])
    assert "region 'A', column 'latitude': missing; give a number in [-90, 90] degrees north" in _refusal(
        path
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "regions found: 0; a model of regions needs at least 2"),
        ("[[region]]\nname = 'Gansu'\n", "regions found: 1; a model of regions needs at least 2"),
        ("region = 3\n", "key 'region': give one [[region]] block per region"),
        ("regions = 3\n", "key 'regions': unknown; did you mean 'region'?"),
        ("name = 3\n", "key 'name': must be text in quotes, got 3"),
        ("a = \n", "line 1, column 5: broken TOML"),
    ],
)
def test_broken_files_of_regions(tmp_path, text, message):
    path = tmp_path / "x.toml"
    path.write_text(text)
    assert message in _refusal(path)


@pytest.mark.parametrize(
    ("top", "message"),
    [
        ("base_year = 2011", "key 'base_year': must be a whole number in [2012, 2022], got 2011"),
        ("base_year = '2012'", "key 'base_year': must be a whole number in [2012, 2022], got '2012'"),
        ("east = 1", "key 'east': give a table [east]"),
        ("[east]\nprovinces = ['Bejing']", "unknown province 'Bejing'; did you mean 'Beijing'?"),
        ("[east]\nprovinces = 'Beijing'", "give a list of province names"),
        ("[east]\npopulation = -1", "[east], column 'population': must lie in [1000, 2e+09] persons, got -1"),
        ("[east]\npopulaton = 1", "key 'populaton': unknown; did you mean 'population'?"),
        ("[east]\nprovinces = []\ngdp = 1e6", "[east], key 'population': missing; give a number in"),
    ],
)
def test_base_year_and_east_are_checked(tmp_path, top, message):
    path = _toml(tmp_path / "x.toml", [{"name": "Gansu"}, {"name": "Sichuan"}], top)
    assert message in _refusal(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name\nGansu\nSichuan\n", "line 1: no column 'region'"),
        ("region,gdp\nGansu,1e6\nSichuan,1 000\n", "line 3, column 'gdp': '1 000' is not a number"),
        ("region,echelon\nGansu,3\nSichuan,1.0\n", "line 3, column 'echelon': '1.0' is not a whole number"),
        ("region,gdp\nGansu,1e6\nSichuan,nan\n", "line 3, region 'Sichuan', column 'gdp': must lie in"),
        ("region,note\nGansu,\nSichuan,x\n", "line 2, region 'Gansu', key 'note': unknown"),
        ("region,gdp\nGansu,\n,\nSichuan,\nGansu,\n", "line 5, region 'Gansu': given twice"),
        ("region,gdp\n,1e6\nSichuan,\n", "line 2, region '': every region needs a name"),
    ],
)
def test_csv_errors_name_the_line(tmp_path, text, message):
    path = tmp_path / "x.csv"
    path.write_text(text)
    assert message in _refusal(path)


def test_other_file_types_are_refused(tmp_path):
    assert "must end in .toml or .csv" in _refusal(tmp_path / "x.xlsx")


def test_a_digital_index_of_zero_everywhere_is_refused(tmp_path):
    path = _toml(tmp_path / "x.toml", [{"name": name, "digital_index": 0} for name in ("Gansu", "Sichuan")])
    assert "digital_index is 0 in every region" in _refusal(path)


def test_xian_and_the_rest_are_shaanxi_and_the_others_are_as_they_were(west):
    """Every sum of the two is the province's official figure; of revenue, by way of its share of GDP."""
    xian = load_regions("xian").table.set_index("region")
    whole, two = west.table.set_index("region").loc["Shaanxi"], xian.loc[["Xi'an", "Rest of Shaanxi"]]
    sums = [
        s.column
        for s in STATISTICS
        if s.unit != "share" and s.column not in ("hightech_share", "digital_index", "wage")
    ]
    assert len(sums) == 11
    for column in sums:
        assert two[column].sum() == pytest.approx(whole[column], rel=1e-6), column
    revenue = (two["hightech_share"] * two["gdp"]).sum()
    assert revenue == pytest.approx(whole["hightech_share"] * whole["gdp"], rel=1e-3)
    others = [name for name in west.table["region"] if name != "Shaanxi"]
    assert list(xian.index[2:]) == others
    pd.testing.assert_frame_equal(xian.loc[others, sums], west.table.set_index("region").loc[others, sums])


def test_every_figure_of_xian_that_no_publication_gives_says_how_it_was_reckoned():
    table = load_regions("xian").fallbacks
    mine = set(table.loc[table["region"] == "Xi'an", "column"])
    assert mine == {s.column for s in STATISTICS} - {"rd_expenditure"}
    assert (table["region"] == "Rest of Shaanxi").sum() == len(STATISTICS)


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ("rules = 3", "give a table"),
        ('[region.rules]\ngpd = "x"', "'rules.gpd'.*did you mean 'gdp'"),
        ('[region.rules]\nenergy = "x"', "'rules.energy': no statistic that this block gives"),
        ("[region.rules]\ngdp = 4", "'rules.gdp': must be text"),
    ],
)
def test_rules_are_checked(tmp_path, rules, message):
    path = tmp_path / "r.toml"
    path.write_text(
        f'[[region]]\nname = "Sichuan"\n[[region]]\nname = "Gansu"\ngdp = 1e6\n{rules}\n', encoding="utf-8"
    )
    with pytest.raises(InputError, match=message):
        load_regions(path)


def test_a_name_that_is_neither_file_nor_shipped_is_refused_with_the_nearest():
    with pytest.raises(InputError, match="west, xian.*did you mean 'xian'"):
        load_regions("xain")
