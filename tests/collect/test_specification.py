import pickle
import tomllib

import numpy as np
import pandas as pd
import pytest

from nqpf_abm.collect.panels import fill_gaps, official_panel
from nqpf_abm.collect.specification import SHIPPED, load_specification, shipped_specifications
from nqpf_abm.data import official_wide
from nqpf_abm.data.provinces import macro_regions
from nqpf_abm.errors import InputError

MINE = """
name = "mine"
default_panel = "A"
fill = "linear"

[assumptions.deflator]
annual_rate = 0.1
base_year = 2012

[panels.A]
years = [2012, 2014]
without = ["Xizang"]

[panels.B]
provinces = ["Sichuan", "Gansu"]

[[indicator]]
id = "X1"
dimension = "sci_tech"
sign = 1
sim = "rd / gdp"
real = "rd_expenditure / gdp"
real_years = [2012, 2022]

[[indicator]]
id = "X2"
dimension = "green"
sign = -1
real = "energy_consumption / gdp * deflator"
real_if_missing = "energy_intensity * deflator"
real_years = [2012, 2021]
panels = ["B"]
reason = "not yet"
"""


@pytest.fixture(scope="module")
def core():
    return load_specification("core")


@pytest.fixture(scope="module")
def full():
    return load_specification("full")


@pytest.fixture
def mine(tmp_path):
    def write(old="", new=""):
        assert old in MINE
        path = tmp_path / "mine.toml"
        path.write_text(MINE.replace(old, new, 1) if old else MINE, encoding="utf-8")
        return path

    return write


def test_shipped_specifications():
    assert shipped_specifications() == ["core", "full", "labour", "seed-like"]
    assert load_specification().name == "core"


def test_panels_of_core(core):
    first = ("N1", "N2", "N3", "N4", "N5")
    assert core.default_panel == "P1"
    assert core.panel().ids == first
    assert core.panel("P2").ids == (*first, "N8", "N11")
    assert core.panel("P3").ids == (*first, "N8", "N11", "N15", "N16", "N17", "N18")
    assert core.panel("P1").years == tuple(range(2012, 2023))
    assert core.panel("P2").years == tuple(range(2012, 2022))
    assert core.panel("P3").years == tuple(range(2013, 2020))
    assert core.panel("P1").among(["Gansu", "Xizang"]) == ("Gansu", "Xizang")
    assert core.panel("P2").among(["Gansu", "Xizang"]) == ("Gansu",)


def test_full_measures_all_eighteen(full):
    assert full.ids == tuple(f"N{number}" for number in range(1, 19))
    assert full.not_measured("sim") == ()
    assert full.on("sim").panel().ids == full.ids


def test_core_and_full_agree_where_they_name_the_same_indicator(core, full):
    for indicator in core.indicators:
        other = full[indicator.id]
        assert (indicator.name, indicator.dimension, indicator.sign) == (
            other.name,
            other.dimension,
            other.sign,
        )
        if indicator.sim:
            assert indicator.sim == other.sim
            assert indicator.unit == other.unit
        else:
            assert indicator.reason


def test_official_variables_of_core_exist(core):
    frame = core.evaluate("real", official_wide())
    for indicator in core.indicators:
        assert frame[indicator.id].notna().any()


def test_the_deflator_is_an_assumption_of_the_file(core):
    (deflator,) = core.assumptions
    assert (deflator.name, deflator.annual_rate, deflator.base_year) == ("deflator", 0.02, 2012)
    gdp = official_wide(["gdp", "population"], [2012, 2022], ["Sichuan"])
    wide = official_wide(None, [2012, 2022], ["Sichuan"])
    per_head = core.evaluate("real", wide)["N5"]
    nominal = gdp["gdp"] / gdp["population"] * 1e4
    assert per_head[0] == pytest.approx(nominal[0])
    assert per_head[1] == pytest.approx(nominal[1] / 1.02**10)


def test_both_sides_measure_the_same_thing_in_the_same_unit(core):
    """One imaginary province-year in 2013, told once in official and once in simulated variables."""
    official = pd.DataFrame(
        {
            "province": ["A"], "year": [2013], "gdp": [2040.0], "population": [500.0],
            "rd_expenditure": [20.4], "rd_personnel_fte": [9000.0], "invention_patents_granted": [300.0],
            "hightech_industry_revenue": [204.0],
            "energy_consumption": [1500.0], "energy_intensity": [np.nan], "co2_apparent": [40.0],
            "software_revenue": [20.4], "ecommerce_firm_share": [7.0], "broadband_subscribers": [90.0],
            "ecommerce_sales": [100.0],
        }
    )  # fmt: skip
    simulated = pd.DataFrame(
        {
            "province": ["A"], "year": [2013], "gdp": [200_000.0], "residents": [5e6], "rd": [2000.0],
            "rd_fte": [9000.0], "patents": [300.0], "sales": [200_000.0], "sales_new": [20_000.0],
            "sales_new_digital": [2000.0], "energy": [1500.0], "co2": [40.0],
            "adopters": [7.0], "firms": [100.0], "sales_online": [200_000.0 * 100.0 / 2040.0],
        }
    )  # fmt: skip
    real, sim = core.evaluate("real", official), core.evaluate("sim", simulated)
    for id in ("N1", "N2", "N3", "N4", "N5", "N8", "N11", "N15", "N16", "N18"):
        assert sim[id][0] == pytest.approx(real[id][0]), id
    assert sim["N1"][0] == pytest.approx(0.6)  # patents per 10^4 persons
    assert sim["N5"][0] == pytest.approx(40_000)  # yuan per person
    assert sim["N8"][0] == pytest.approx(1500e4 / (200_000e6 / 1e4))  # tce per 10^4 yuan
    assert sim["N11"][0] == pytest.approx(40e6 / (200_000e6 / 1e4))  # t per 10^4 yuan


def test_the_second_series_serves_gaps_only_and_is_listed(core):
    wide = official_wide(years=range(2012, 2023), provinces=["Xinjiang", "Ningxia", "Xizang"])
    values = core.evaluate("real", wide).set_index(["province", "year"])["N8"]
    listed = core.second_series(wide)
    assert list(listed.columns) == ["province", "year", "indicator", "value", "series"]
    assert set(zip(listed["province"], listed["year"], strict=True)) == {
        ("Xinjiang", 2021),
        ("Ningxia", 2020),
    }
    assert values["Xinjiang", 2021] == pytest.approx(1.2054 * 1.02**9)
    assert values["Xinjiang", 2020] == pytest.approx(18981.81 / 13800.7 * 1.02**8)
    assert np.isnan(values["Xizang", 2015])
    assert np.isnan(values["Xinjiang", 2022])


def test_years_outside_the_official_series_are_gaps(mine):
    wide = official_wide(years=[2021, 2022], provinces=["Gansu"])
    values = load_specification(mine()).evaluate("real", wide)
    assert values["X2"].notna().tolist() == [True, False]


def test_a_division_by_zero_is_a_gap(core):
    frame = pd.DataFrame(
        {"province": ["A", "B"], "year": [2012, 2012], "sales": [0.0, 0.0], "sales_new": [0.0, 1.0]}
    )
    values = core.select(["N2"]).evaluate("sim", frame)
    assert values["N2"].isna().all()


def test_other_columns_may_be_anything(core):
    frame = pd.DataFrame({"province": ["A"], "year": [2012], "source": ["x"], "rd": [1], "gdp": [4]})
    assert core.select(["N3"]).evaluate("sim", frame)["N3"][0] == 0.25


def test_an_unknown_variable_names_file_indicator_key_and_nearest(core):
    frame = pd.DataFrame({"province": ["A"], "year": [2012], "rd": [1.0], "gpd": [4.0]})
    with pytest.raises(InputError) as caught:
        core.select(["N3"]).evaluate("sim", frame)
    assert "core.toml, indicator 'N3', key 'sim': unknown variable 'gdp' in 'rd / gdp'" in str(caught.value)
    assert "did you mean 'gpd'?" in str(caught.value)


def test_a_file_of_ones_own(mine):
    spec = load_specification(mine())
    assert (spec.name, spec.title, spec.fill) == ("mine", "mine", "linear")
    assert spec.panel().ids == ("X1",)
    assert spec.panel("B").ids == ("X1", "X2")
    assert spec.panel("B").among(["anywhere"]) == ("Sichuan", "Gansu")
    assert spec["X2"].reason == "not yet"
    assert [entry.indicator for entry in spec.not_measured("sim")] == ["X2"]
    assert spec.not_measured("real") == ()


def test_without_panels_there_is_one_of_everything(tmp_path):
    path = tmp_path / "m.toml"
    path.write_text('[[indicator]]\nid = "a"\ndimension = "green"\nsign = 1\n')
    spec = load_specification(path)
    assert (spec.default_panel, spec.panel().ids) == ("all", ("a",))
    assert spec.not_measured("sim")[0].reason == "no formula for the simulation"
    assert spec.not_measured("real")[0].reason == "no official series"


def test_selecting_keeps_file_order_and_reaches_the_panels(core):
    chosen = core.select(["N5", "N1"])
    assert chosen.ids == ("N1", "N5")
    assert chosen.panel("P2").ids == ("N1", "N5")
    with pytest.raises(InputError, match="no indicator 'N55'; did you mean 'N5'"):
        core.select(["N55"])


def test_specifications_can_be_pickled_and_hashed(core):
    assert pickle.loads(pickle.dumps(core)) == core
    assert isinstance(hash(core), int)


@pytest.mark.parametrize("name", ["cores", "nothing"])
def test_unknown_specification(name):
    with pytest.raises(InputError, match="shipped are core, full") as caught:
        load_specification(name)
    assert ("did you mean 'core'?" in str(caught.value)) == (name == "cores")


def test_unknown_panel_and_side(core):
    with pytest.raises(InputError, match="no panel 'P9'; there are P1, P2, P3, P4"):
        core.panel("P9")
    with pytest.raises(InputError, match="side must be 'sim' or 'real', got 'simulated'"):
        core.measured("simulated")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("sign = 1", "sign = 2", "'X1', key 'sign': must be 1 (more is better) or -1 (less is), got 2"),
        ("sign = 1", "sign = true", "indicator 'X1', key 'sign': must be a whole number, got True"),
        ("sign = 1", "", "indicator 'X1', key 'sign': missing; give a whole number"),
        ('"sci_tech"', '"scitech"', "must be one of 'sci_tech', 'green', 'digital', got 'scitech'"),
        ('"sci_tech"', '"scitech"', "did you mean 'sci_tech'?"),
        ('id = "X2"', 'id = "X1"', "indicator 'X1': id given twice"),
        ('id = "X2"', 'id = "year"', "indicator 'year', key 'id': must be letters, digits and _"),
        ('id = "X2"', 'id = "X 2"', "key 'id': must be letters, digits and _"),
        ('id = "X2"\n', "", "indicator 2, key 'id': missing; give text in quotes"),
        ("sign = 1\n", "sign = 1\nunti = 'x'\n", "indicator 'X1', key 'unti': unknown; did you mean 'unit'?"),
        ("fill =", "filll =", "key 'filll': unknown; did you mean 'fill'?"),
        ('fill = "linear"', 'fill = "spline"', "key 'fill': must be one of 'none', 'linear', 'hold'"),
        ('default_panel = "A"', 'default_panel = "C"', "'default_panel': must be one of 'A', 'B', got 'C'"),
        ("rd / gdp", "rd / log(gdp)", "indicator 'X1', key 'sim': 'log(gdp)' is not allowed"),
        ("rd / gdp", "rd /", "indicator 'X1', key 'sim': 'rd /' is not an expression"),
        ('sim = "rd / gdp"', "sim = 3", "indicator 'X1', key 'sim': 3 is not text"),
        ("rd_expenditure / gdp", "__import__('os').system('x')", "indicator 'X1', key 'real': "),
        ("real_years = [2012, 2022]", "", "'X1', key 'real_years': missing; give the first and last year"),
        ("real_years = [2012, 2022]", "real_years = [2022, 2012]", "must be [first, last], two rising years"),
        ("real_years = [2012, 2022]", "real_years = 2012", "must be [first, last], two rising years"),
        (
            "real_years = [2012, 2022]",
            "real_years = [2013, 2022]",
            "'A', key 'years': indicator 'X1' has no official figures for 2012; its 'real_years' are 2013",
        ),
        ('panels = ["B"]', 'panels = ["b"]', "indicator 'X2', key 'panels': no panel 'b'; did you mean 'B'?"),
        ('panels = ["B"]', 'panels = "B"', "key 'panels': must be a list of names in quotes, got 'B'"),
        ('panels = ["B"]', 'panels = ["B", "B"]', "key 'panels': names must differ"),
        ('real = "rd_expenditure / gdp"', 'real_note = "x"', "key 'real_years': needs the key 'real'"),
        ('sim = "rd / gdp"', 'sim = "rd / gdp"\nreason = "none"', "key 'reason': says why there is no 'sim'"),
        ("annual_rate = 0.1", "annual_rate = 2", "'deflator', key 'annual_rate': must lie in [-0.5, 0.5]"),
        ("base_year = 2012", "base_year = 2012.5", "'deflator', key 'base_year': must be a whole number"),
        ("without", "withuot", "panel 'A', key 'withuot': unknown; did you mean 'without'?"),
        ("[panels.A]", "[panels.C]", "key 'default_panel': must be one of 'C', 'B', got 'A'"),
        ('name = "mine"', 'name = mine', "line 2, column 8: broken TOML"),
    ],
)  # fmt: skip
def test_broken_specifications(mine, old, new, message):
    with pytest.raises(InputError) as caught:
        load_specification(mine(old, new))
    assert message in str(caught.value)
    assert "mine.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "key 'indicator': missing; give one [[indicator]] block per indicator"),
        ("indicator = 3", "key 'indicator': give blocks [[indicator]]"),
        ("panels = 3", "key 'panels': give tables [panels.NAME]"),
        ("[panels.A]\n[[indicator]]\nid='a'\nsign=1\ndimension='green'\npanels=[]", "no indicator names it"),
    ],
)
def test_files_without_indicators(tmp_path, text, message):
    path = tmp_path / "x.toml"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        load_specification(path)
    assert message in str(caught.value)


@pytest.mark.parametrize("name", ["core", "full"])
def test_shipped_files_are_plain_toml(name):
    document = tomllib.loads((SHIPPED / f"{name}.toml").read_text(encoding="utf-8"))
    assert document["name"] == name
    for block in document["indicator"]:
        assert ("sim" in block) != ("reason" in block)


def test_panels_that_pool_east_and_west_hold_the_twelve_and_the_ten():
    for name, panel in (("seed-like", "V1"), ("seed-like", "V2"), ("core", "P4")):
        chosen = load_specification(name).panel(panel).among([])
        regions = [macro_regions()[province] for province in chosen]
        assert (regions.count("west"), regions.count("east"), len(regions)) == (12, 10, 22)


@pytest.mark.parametrize("name", ["seed-like", "labour"])
def test_official_side_of_the_other_specifications(name):
    spec = load_specification(name)
    for panel in spec.panels:
        frame = official_panel(spec, panel.name).frame
        filled, _ = fill_gaps(frame, spec.fill)
        assert filled.notna().all().all(), panel.name
        assert set(frame["year"]) == set(panel.years)


def test_dimensions_of_ones_own():
    spec = load_specification("labour")
    assert spec.dimensions == (
        ("labourers", "labourers"), ("means", "means of labour"), ("objects", "objects of labour"),
    )  # fmt: skip


COLUMNS = """
[dimensions]
skill = "skills"
[columns]
province = "地区"
year = "年份"
ignore = true
[[indicator]]
id = "X1"
name = "Patents"
column = "专利"
dimension = "skill"
sign = 1
"""


def test_columns_of_ones_own(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(COLUMNS, encoding="utf-8")
    columns = load_specification(path).columns
    assert (columns.of("province"), columns.of("value"), columns.ignore) == ("地区", "value", True)
    assert columns.ids == {"X1": "X1", "Patents": "X1", "专利": "X1"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('dimension = "skill"', 'dimension = "skil"', "must be one of 'skill', got 'skil'"),
        ('skill = "skills"', "skill = 3", "table [dimensions], key 'skill': must be text in quotes"),
        ('skill = "skills"', 'year = "x"\nskill = "s"', "key 'year': must be letters, digits and _ and no column name"),
        ('province = "地区"', "province = 7", "table [columns], key 'province': must be text in quotes, got 7"),
        ('province = "地区"', 'provinz = "地区"', "table [columns], key 'provinz': unknown; did you mean 'province'?"),
        ("ignore = true", 'ignore = "yes"', "key 'ignore': must be true or false, got 'yes'"),
        ("sign = 1\n", 'sign = 1\n[[indicator]]\nid = "X2"\ncolumn = "专利"\ndimension = "skill"\nsign = 1\n',
         "indicator 'X2': '专利' is a name of indicator 'X1' already"),
    ],
)  # fmt: skip
def test_broken_names(tmp_path, old, new, message):
    path = tmp_path / "mine.toml"
    assert old in COLUMNS
    path.write_text(COLUMNS.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_specification(path)
    assert message in str(caught.value)
