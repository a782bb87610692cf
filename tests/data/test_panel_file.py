import io
import math

import pandas as pd
import pytest

from nqpf_abm.data.panel_file import Columns, read_panel_file
from nqpf_abm.errors import InputError

WIDE = "province,year,N1,N2\nA,2012,1,2\nA,2013,3,4\nB,2012,5,6\nB,2013,7,8\n"
LONG = "province,year,indicator,value\n" + "".join(
    f"{province},{year},{id},{value}\n"
    for province, year, id, value in [
        ("A", 2012, "N1", 1), ("A", 2012, "N2", 2), ("A", 2013, "N1", 3), ("A", 2013, "N2", 4),
        ("B", 2012, "N1", 5), ("B", 2012, "N2", 6), ("B", 2013, "N1", 7), ("B", 2013, "N2", 8),
    ]
)  # fmt: skip


def _read(tmp_path, text, **options):
    path = tmp_path / "mine.csv"
    path.write_text(text, encoding="utf-8")
    return read_panel_file(path, **options).frame


def _refusal(tmp_path, text, **options):
    with pytest.raises(InputError) as caught:
        _read(tmp_path, text, **options)
    message = str(caught.value)
    assert "mine.csv" in message
    assert "\n" not in message
    return message


@pytest.mark.parametrize("text", [WIDE, LONG], ids=["wide", "long"])
def test_both_forms_give_the_same_panel(tmp_path, text):
    panel = _read(tmp_path, text)
    assert list(panel.columns) == ["province", "year", "N1", "N2"]
    assert list(panel["province"]) == ["A", "A", "B", "B"]
    assert list(panel["year"]) == [2012, 2013, 2012, 2013]
    assert panel[["N1", "N2"]].to_numpy().tolist() == [[1, 2], [3, 4], [5, 6], [7, 8]]


def test_provinces_keep_the_order_of_the_file_and_years_rise(tmp_path):
    panel = _read(tmp_path, "year,province,N1\n2013,B,1\n2012,B,2\n2012,A,3\n2013,A,4\n")
    assert list(zip(panel["province"], panel["year"], panel["N1"], strict=True)) == [
        ("B", 2012, 2), ("B", 2013, 1), ("A", 2012, 3), ("A", 2013, 4),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("B,2012,5,6", "B,2012,5,six", "line 4, column 'N2': must be a finite number, got 'six'"),
        ("B,2012,5,6", "B,2012,5,6%", "got '6%'; remove the percent sign"),
        ("B,2012,5,6", 'B,2012,5,"1,006"', "got '1,006'; remove the thousands separators"),
        ("B,2012,5,6", "B,2012,5,1_006", "got '1_006'"),
        ("B,2012,5,6", "B,2012,5,inf", "line 4, column 'N2': must be a finite number, got 'inf'"),
        ("B,2012,5,6", "B,2012,-1e999,6", "line 4, column 'N1': must be a finite number, got '-1e999'"),
        (
            "B,2012,5,6",
            "B,2012,5,",
            "line 4, column 'N2': no value for B 2012 (got ''); enter a finite number",
        ),
        ("B,2012,5,6", "B,2012,NaN,6", "line 4, column 'N1': no value for B 2012 (got 'NaN')"),
        ("B,2012,5,6", "B,2012,5", "line 4: 3 cells, but the header names 4 columns"),
        (
            "B,2012,5,6",
            "B,2o12,5,6",
            "line 4, column 'year': must be a whole number in [1900, 2100], got '2o12'",
        ),
        ("B,2012,5,6", "B,2012.0,5,6", "got '2012.0'"),
        ("B,2012,5,6", "B,20120,5,6", "must be a whole number in [1900, 2100], got '20120'"),
        ("B,2012,5,6", ",2012,5,6", "line 4, column 'province': empty"),
        ("B,2012,5,6", "A,2012,5,6", "line 4: A 2012 is given twice, first in line 2; keep one"),
        ("B,2013,7,8\n", "", "no row for B 2013, a year that other provinces have"),
        ("A,2013,3,4\n", "", "no row for A 2013, a year that other provinces have"),
        ("province,year", "prov,year", "line 1: no column 'province'"),
        ("province,year", "province,yaer", "line 1: no column 'year'; did you mean 'yaer'?"),
        ("year,N1,N2", "year,N1,N1", "line 1: column 'N1' is given twice"),
        ("year,N1,N2", "year,,N2", "line 1: column 3 has no name"),
    ],
)
def test_bad_cells_of_a_wide_panel(tmp_path, old, new, message):
    assert old in WIDE
    assert message in _refusal(tmp_path, WIDE.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("B,2012,N2,6", "B,2012,N2,six", "line 7, column 'value': must be a finite number, got 'six'"),
        ("B,2012,N2,6", "B,2012,N1,6", "line 7: B 2012 N1 is given twice, first in line 6"),
        ("B,2012,N2,6", "B,2012,,6", "line 7, column 'indicator': empty; name the indicator"),
        ("B,2012,N2,6\n", "", "no indicator 'N2' for B 2012"),
        ("B,2012,N2,6", "B,2012,N2,", "line 7, column 'value': no value for B 2012"),
    ],
)
def test_bad_cells_of_a_long_panel(tmp_path, old, new, message):
    assert old in LONG
    assert message in _refusal(tmp_path, LONG.replace(old, new))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("province,year,N1\n", "a header but no rows"),
        ("province,year\nA,2012\n", "line 1: no indicator"),
        (
            "province,year,N1\nA,2012,1\nA,2013,2\n",
            "only one province (A); a panel needs at least 2 provinces",
        ),
        ("province,year,N1\nA,2012,1\nB,2012,2\n", "only one year (2012); a panel needs at least 2 years"),
        ("province;year;N1\nA;2012;1\n", "line 1: no column 'province'"),
    ],
)
def test_files_without_a_panel(tmp_path, text, message):
    assert message in _refusal(tmp_path, text)


@pytest.mark.parametrize("text", [WIDE, LONG], ids=["wide", "long"])
def test_only_known_indicators_and_all_required_ones(tmp_path, text):
    message = _refusal(tmp_path, text.replace("N2", "N22"), known=["N1", "N2"])
    assert (
        "'N22' is no indicator of the specification (N1, N2); did you mean 'N2'?; rename or remove it"
        in message
    )
    message = _refusal(tmp_path, text, known=["N1", "N2", "N3"], required=["N1", "N3"])
    assert "indicator 'N3' is missing" in message


@pytest.mark.parametrize(
    ("text", "gaps"),
    [
        (WIDE.replace("B,2012,5,6", "B,2012,,6"), [("B", 2012, "N1")]),
        (WIDE.replace("B,2013,7,8\n", ""), [("B", 2013, "N1"), ("B", 2013, "N2")]),
        (LONG.replace("B,2012,N2,6\n", ""), [("B", 2012, "N2")]),
    ],
)
def test_gaps_are_kept_on_request(tmp_path, text, gaps):
    panel = _read(tmp_path, text, allow_gaps=True)
    assert len(panel) == 4
    melted = panel.melt(["province", "year"])
    found = melted[[math.isnan(value) for value in melted["value"]]]
    assert sorted(zip(found["province"], found["year"], found["variable"], strict=True)) == gaps


@pytest.mark.parametrize("name", ["四川", "四川省", "Sichuan", "sichuan province", " SICHUAN "])
def test_provinces_are_known_by_any_name(tmp_path, name):
    text = WIDE.replace("A,", f"{name},")
    assert list(_read(tmp_path, text)["province"].unique()) == ["Sichuan", "B"]


def test_one_province_under_two_names_is_given_twice(tmp_path):
    message = _refusal(tmp_path, WIDE.replace("A,", "四川,").replace("B,2012", "Sichuan,2012"))
    assert "line 4: Sichuan 2012 is given twice, first in line 2" in message


@pytest.mark.parametrize("ending", ["xlsx", "parquet"])
@pytest.mark.parametrize("long", [False, True])
def test_workbooks_and_parquet_say_the_same_as_csv(tmp_path, ending, long):
    frame = pd.read_csv(io.StringIO(LONG if long else WIDE))
    path = tmp_path / f"mine.{ending}"
    frame.to_excel(path, index=False) if ending == "xlsx" else frame.to_parquet(path, index=False)
    pd.testing.assert_frame_equal(read_panel_file(path).frame, _read(tmp_path, WIDE))


def test_an_indexed_parquet_file(tmp_path):
    path = tmp_path / "mine.parquet"
    pd.read_csv(io.StringIO(WIDE)).set_index(["province", "year"]).to_parquet(path)
    pd.testing.assert_frame_equal(read_panel_file(path).frame, _read(tmp_path, WIDE))


def test_bad_cells_of_a_workbook_are_named_by_row(tmp_path):
    path = tmp_path / "mine.xlsx"
    frame = pd.read_csv(io.StringIO(WIDE)).astype({"N2": object})
    frame.loc[2, "N2"] = "six"
    frame.to_excel(path, index=False, startrow=2)
    with pytest.raises(InputError, match="row 6, column 'N2': must be a finite number, got 'six'"):
        read_panel_file(path)


@pytest.mark.parametrize("ending", ["xlsx", "parquet"])
@pytest.mark.parametrize("content", [b"", b"province,year\n"])
def test_files_that_are_not_what_their_ending_says(tmp_path, ending, content):
    path = tmp_path / f"mine.{ending}"
    path.write_bytes(content)
    with pytest.raises(InputError, match="not readable as"):
        read_panel_file(path)


def test_other_endings_and_absent_files_are_refused(tmp_path):
    with pytest.raises(InputError, match=r"must end in .csv, .xlsx or .parquet"):
        read_panel_file(tmp_path / "mine.dta")
    for ending in ("csv", "xlsx", "parquet"):
        with pytest.raises(InputError, match="no such file"):
            read_panel_file(tmp_path / f"mine.{ending}")


CHINESE = Columns(
    keys={"province": "地区", "year": "年份", "indicator": "指标", "value": "数值"},
    ids={"专利": "N1", "产值": "N2"},
)


def test_columns_named_in_another_language(tmp_path):
    wide = WIDE.replace("province,year,N1,N2", "地区,年份,专利,产值").replace(",2012,", ",2012年,")
    pd.testing.assert_frame_equal(_read(tmp_path, wide, columns=CHINESE), _read(tmp_path, WIDE))
    long = LONG.replace("province,year,indicator,value", "地区,年份,指标,数值").replace("N1", "专利")
    long = long.replace("N2", "产值")
    pd.testing.assert_frame_equal(_read(tmp_path, long, columns=CHINESE), _read(tmp_path, WIDE))
    assert "no column '地区'" in _refusal(tmp_path, WIDE, columns=CHINESE)


def test_columns_nobody_asked_for(tmp_path):
    text = WIDE.replace("N2", "note")
    assert "[columns] ignore = true" in _refusal(tmp_path, text, known=["N1"])
    path = tmp_path / "mine.csv"
    file = read_panel_file(path, known=["N1"], columns=Columns(ignore=True))
    assert (list(file.frame.columns), file.ignored) == (["province", "year", "N1"], ("note",))
    path.write_text(LONG.replace("value\n", "value,unit\n").replace("\n", ",x\n").replace("unit,x", "unit"))
    assert read_panel_file(path).ignored == ("unit",)


def test_two_columns_of_one_indicator(tmp_path):
    columns = Columns(ids={"N2": "N1"})
    assert "two columns hold the indicator 'N1'" in _refusal(tmp_path, WIDE, columns=columns)


GROUPED = "province,year,zone,N1\nA,2012,x,1\nA,2013,x,3\nB,2012,y,5\nB,2013,y,7\n"


def test_a_column_of_groups(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(GROUPED)
    file = read_panel_file(path, groups="zone")
    assert file.groups == {"A": "x", "B": "y"}
    assert list(file.frame.columns) == ["province", "year", "N1"]
    assert "line 3, column 'zone': A is 'z' here and 'x' above" in _refusal(
        tmp_path, GROUPED.replace("A,2013,x", "A,2013,z"), groups="zone"
    )
    assert "column 'zone': no group for B" in _refusal(
        tmp_path, GROUPED.replace("B,2012,y", "B,2012,"), groups="zone"
    )
    assert "no column 'zome' of groups; did you mean 'zone'?" in _refusal(tmp_path, GROUPED, groups="zome")


def test_a_list_in_a_cell_is_no_number(tmp_path):
    path = tmp_path / "mine.parquet"
    frame = pd.read_csv(io.StringIO(WIDE)).astype({"N2": object})
    frame["N2"] = [[1.0], [2.0], [3.0], [4.0]]
    frame.to_parquet(path)
    with pytest.raises(InputError, match="row 1, column 'N2': must be a finite number"):
        read_panel_file(path)
