import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nqpf_abm.data.formula import Formula


def test_a_formula_computes_elementwise():
    formula = Formula.parse("-(a + 2) * b ** 2 / c - 1")
    values = {"a": np.array([1.0, 2.0]), "b": np.array([3.0, 1.0]), "c": np.array([9.0, 4.0])}
    assert formula(values) == pytest.approx([-4.0, -2.0])
    assert formula.names == ("a", "b", "c")
    assert str(formula) == "-(a + 2) * b ** 2 / c - 1"


def test_precedence_is_that_of_arithmetic():
    assert Formula.parse("a - b - 1")({"a": 10.0, "b": 3.0}) == 6
    assert Formula.parse("a / b * 2")({"a": 12.0, "b": 3.0}) == 8
    assert Formula.parse("-a ** 2")({"a": 3.0}) == -9


def test_division_by_zero_is_not_a_number():
    with np.errstate(all="ignore"):
        assert np.isnan(Formula.parse("a / b")({"a": np.zeros(1), "b": np.zeros(1)})).all()


@pytest.mark.parametrize(
    "text",
    [
        "open('x')", "a.b", "a[0]", "a if b else c", "lambda: a", "[a]", "a and b", "a < b", "a % b",
        "a // b", "a @ b", "~a", "+a", "not a", "'a'", "a + True", "a + 1j", "a + None", "f'{a}'", "(a := 1)",
        "a + 1e999", "a, b", "*a", "await a", "a + ...",
    ],
)  # fmt: skip
def test_anything_but_arithmetic_is_refused(text):
    with pytest.raises(ValueError, match="not allowed|not an expression"):
        Formula.parse(text)


@pytest.mark.parametrize(
    "text", ["", "a +", "a b", "import os", "a\n= 1", "a\0", "(" * 300 + "a" + ")" * 300]
)
def test_what_does_not_parse_is_refused(text):
    with pytest.raises(ValueError, match="not an expression|longer than 500"):
        Formula.parse(text)


@pytest.mark.parametrize("text", ["a + " + "9" * 400, "-" * 499 + "a", "a" + "+a" * 249])
def test_long_but_harmless_texts_do_not_break_the_reader(text):
    try:
        assert Formula.parse(text).names == ("a",)
    except ValueError as error:
        assert "not allowed" in str(error) or "not an expression" in str(error)


def test_constants_and_other_types_are_refused():
    with pytest.raises(ValueError, match="names no variable"):
        Formula.parse("1 + 2")
    with pytest.raises(ValueError, match="write the expression in quotes"):
        Formula.parse(3)
    with pytest.raises(ValueError, match="longer than 500 characters"):
        Formula.parse("a + " * 200 + "a")


def test_a_variable_that_is_missing_is_named_and_pythons_own_are_none():
    with pytest.raises(KeyError, match="b"):
        Formula.parse("a / b")({"a": 1.0})
    with pytest.raises(ValueError, match="not allowed"):
        Formula.parse("a * __debug__")


def test_formulas_survive_pickling_and_compare_by_text():
    formula = Formula.parse("a / b")
    copy = pickle.loads(pickle.dumps(formula))
    assert copy == formula
    assert copy({"a": 1.0, "b": 2.0}) == 0.5
    assert hash(copy) == hash(formula)


_numbers = st.integers(min_value=1, max_value=9).map(str)
_expressions = st.recursive(
    st.sampled_from(["a", "b"]) | _numbers,
    lambda part: st.tuples(part, st.sampled_from(["+", "-", "*"]), part).map(
        lambda t: f"({t[0]} {t[1]} {t[2]})"
    ),
    max_leaves=10,
).map(lambda text: f"a + {text}")


@given(_expressions, st.integers(-9, 9), st.integers(-9, 9))
def test_agrees_with_python(text, a, b):
    assert Formula.parse(text)({"a": float(a), "b": float(b)}) == eval(text, {"a": a, "b": b})
