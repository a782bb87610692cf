import pytest

from nqpf_abm.data.reading import number_in, read_rows, read_toml
from nqpf_abm.errors import InputError


def _message(call, *arguments):
    with pytest.raises(InputError) as caught:
        call(*arguments)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a = 1\nb = = 2\n", 2, 5),
        ("a = 1\n[broken\n", 2, 8),
        ("a = 'open", 1, 10),
        ("a = 1\na = 2\n", 2, 6),
    ],
)
def test_broken_toml_names_line_and_column(tmp_path, text, line, column):
    path = tmp_path / "x.toml"
    path.write_text(text)
    assert f"x.toml, line {line}, column {column}: broken TOML" in _message(read_toml, path)


def test_toml_with_byte_order_mark_is_read(tmp_path):
    path = tmp_path / "x.toml"
    path.write_bytes(b"\xef\xbb\xbfname = '\xe5\x9b\x9b\xe5\xb7\x9d'\n")
    assert read_toml(path) == {"name": "四川"}


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_bytes_that_are_not_utf8_are_located(tmp_path, mark):
    path = tmp_path / "x.csv"
    path.write_bytes(mark + b"province,year\n" + "四川".encode("gb18030") + b",2012\n")
    message = _message(read_rows, path)
    assert "x.csv, line 2: byte 0xcb is not UTF-8" in message
    assert "save the file as UTF-8" in message


def test_files_that_cannot_be_opened(tmp_path):
    assert "no such file" in _message(read_toml, tmp_path / "none.toml")
    assert "is a folder" in _message(read_toml, tmp_path)
    assert "cannot be read" in _message(read_toml, "a\0b.toml")


def test_rows_carry_the_line_they_start_on(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text('a,b\n\n1, x \n"two\nlines",y\n , \n3,z\n')
    header, rows = read_rows(path)
    assert header == ["a", "b"]
    assert [row.line for row in rows] == [3, 4, 7]
    assert rows[0].cells == {"a": "1", "b": "x"}
    assert rows[1].cells["a"] == "two\nlines"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("\n , \n", "the file is empty"),
        ("a,b\n", "a header but no rows"),
        ("a,,c\n1,2,3\n", "line 1: column 2 has no name"),
        ("a,b,a\n1,2,3\n", "line 1: column 'a' is given twice"),
        ("a,b\n1,2\n1,2,3\n", "line 3: 3 cells, but the header names 2 columns"),
        ("a,b\n1\n", "line 2: 1 cells, but the header names 2 columns"),
        ('a,b\n1,2\n1,"2\n', "line 3: not readable as comma-separated values"),
    ],
)
def test_broken_tables_are_refused(tmp_path, text, message):
    path = tmp_path / "x.csv"
    path.write_text(text)
    assert message in _message(read_rows, path)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1, 11, True, "5", None])
def test_numbers_out_of_range_or_kind_are_refused(value):
    message = _message(number_in, "f.toml, region 'A'", "gdp", value, 0, 10, "yuan")
    assert message.startswith("f.toml, region 'A', column 'gdp': must")
    assert "[0, 10] yuan" in message
    assert repr(value) in message


def test_whole_numbers():
    assert number_in("f", "k", 3, 1, 9, "", whole=True) == 3
    assert "a whole number" in _message(number_in, "f", "k", 3.0, 1, 9, "", True)
    assert number_in("f", "k", 3, 1, 9, "") == 3.0
