"""Designs: SALib's own points, whatever the seed; user's tables; what a design cannot take is refused."""

import numpy as np
import pytest
from SALib.sample import fast_sampler, morris, sobol

from nqpf_abm import InputError
from nqpf_abm.sweep.design import Method, check_factors, method_of, n_rows, unit_design
from nqpf_abm.sweep.factors import Factor

A = Factor("a", "parameter", 0.0, 1.0, "1")
B = Factor("b", "parameter", 1.0, 100.0, "1", scale="log")
C = Factor("c", "parameter", 4.0, 12.0, "1", values=(4.0, 8.0, 12.0))
PROBLEM = {"num_vars": 2, "names": ["a", "b"], "bounds": [[0, 1], [0, 1]]}


def test_morris_sobol_and_fast_are_those_of_salib():
    np.testing.assert_array_equal(
        unit_design(Method("morris", 5, {"levels": 6}), (A, B), 3),
        morris.sample(PROBLEM, 5, num_levels=6, seed=4),
    )
    np.testing.assert_array_equal(
        unit_design(Method("sobol", 8, {"second_order": True}), (A, B), 3),
        sobol.sample(PROBLEM, 8, calc_second_order=True, seed=4),
    )
    np.testing.assert_array_equal(
        unit_design(Method("fast", 65, {"harmonics": 4}), (A, B), 3),
        fast_sampler.sample(PROBLEM, 65, M=4, seed=4),
    )


METHODS = [
    Method("morris", 4, {"levels": 4}),
    Method("sobol", 4, {"second_order": False}),
    Method("sobol", 4, {"second_order": True}),
    Method("fast", 65, {"harmonics": 4}),
    Method("rbd_fast", 40),
    Method("delta", 9),
    Method("pawn", 9),
    Method("lhs", 9),
    Method("factorial", 0, {"levels": 3}),
]


@pytest.mark.parametrize("method", METHODS, ids=lambda m: m.name)
def test_a_design_has_the_rows_it_says_on_the_unit_cube_and_comes_again(method):
    factors = (A, B) if method.name in ("fast", "rbd_fast") else (A, B, C)
    unit = unit_design(method, factors, 0)
    assert unit.shape == (n_rows(method, factors), len(factors))
    assert unit.min() >= 0 and unit.max() <= 1
    np.testing.assert_array_equal(unit, unit_design(method, factors, 0))  # seed 0 is a seed
    if method.name != "factorial":
        assert not np.array_equal(unit, unit_design(method, factors, 1))


def test_a_latin_hypercube_has_one_point_in_every_slice():
    unit = unit_design(Method("lhs", 20), (A, B), 5)
    for column in unit.T:
        assert sorted((column * 20).astype(int)) == list(range(20))


def test_a_factorial_design_has_every_combination():
    unit = unit_design(Method("factorial", 0, {"levels": 2}), (A, C), 0)
    points = {(A.natural(u), float(C.natural(v))) for u, v in unit}
    assert points == {(a, c) for a in (0.0, 1.0) for c in (4.0, 8.0, 12.0)}


def test_groups_move_together():
    grouped = (
        Factor("a", "parameter", 0, 1, "1", group="g"),
        Factor("b", "parameter", 0, 1, "1", group="g"),
        C,
    )
    method = Method("morris", 6, {"levels": 4})
    unit = unit_design(method, grouped, 1)
    assert len(unit) == n_rows(method, grouped) == 18
    steps = np.diff(unit.reshape(6, 3, 3), axis=1) != 0
    assert (steps[..., 0] == steps[..., 1]).all()
    assert (steps[..., 0] != steps[..., 2]).all()


def method(text_or_block, folder):
    return method_of("study.toml, [method]", text_or_block, folder)


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ({"name": "sobl", "size": 8}, "key 'name'.*got 'sobl'; did you mean 'sobol'"),
        ({"name": "sobol", "size": 12}, "power of 2.*got 12; take 8 or 16"),
        ({"name": "sobol"}, "key 'size': missing"),
        ({"name": "sobol", "size": 8, "second_order": 1}, "true or false, got 1"),
        ({"name": "morris", "size": 4, "levels": 5}, "even, got 5"),
        ({"name": "fast", "size": 64}, r"\[65,"),
        ({"name": "lhs", "size": 8, "levels": 4}, "key 'levels': unknown"),
        ({"name": "table", "file": "points.txt"}, "csv or .parquet"),
        ({"name": "table", "file": "nowhere.csv"}, "no such file"),
    ],
)
def test_what_is_no_design_is_refused(block, words, tmp_path):
    with pytest.raises(InputError, match=words):
        method(block, tmp_path)


@pytest.mark.parametrize("name", ["fast", "rbd_fast"])
def test_fast_refuses_discrete_factors_and_groups(name):
    design = Method(name, 65, {"harmonics": 4})
    with pytest.raises(InputError, match="continuous factors only, and c is discrete"):
        check_factors("x", design, (A, C))
    with pytest.raises(InputError, match="groups belong to morris and sobol"):
        check_factors("x", design, (A, Factor("b", "parameter", 0, 1, "1", group="g")))
    with pytest.raises(InputError, match="two or more factors, got 1"):
        check_factors("x", design, (A,))


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_points_of_the_users_keep_their_values(tmp_path, ending):
    import pandas as pd

    points = pd.DataFrame({"a": [0.1, 1 / 3], "c": [8, 12]})
    if ending == "csv":
        points.to_csv(tmp_path / "p.csv", index=False)
    else:
        points.to_parquet(tmp_path / "p.parquet")
    found = method({"name": "table", "file": f"p.{ending}"}, tmp_path)
    np.testing.assert_allclose(unit_design(found, (A, C), 0), [[0.1, 0.5], [1 / 3, 5 / 6]])
    assert found.table["a"].tolist() == [0.1, 1 / 3]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,c\n0.1,8\n1.1,8\n", r"row 2, column 'a': must be in \[0, 1\].*got 1.1"),
        ("a,c\n0.1,5\n", "row 1, column 'c': must be one of .*got 5"),
        ("a,c\n0.1,x\n", "row 1, column 'c': must be a number, got 'x'"),
        ("a,c\n", "no rows"),
    ],
)
def test_points_out_of_range_are_named(tmp_path, text, words):
    (tmp_path / "p.csv").write_text(text)
    with pytest.raises(InputError, match=words):
        unit_design(method({"name": "table", "file": "p.csv"}, tmp_path), (A, C), 0)
