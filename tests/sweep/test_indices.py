"""Sensitivity indices have their known values, are SALib's own, and leave nothing behind."""

import warnings

import numpy as np
import pytest
from invented_sweeps import ISHIGAMI, NAMES, g_function, ishigami, linear, sweep

from nqpf_abm.errors import InputError
from nqpf_abm.sweep.indices import DUMMY, estimators

PROBLEM = {"num_vars": 3, "names": list(NAMES), "bounds": [[0.0, 1.0]] * 3}


def found(tables, y=None):
    (estimate,) = estimators(tables)
    y = tables.outcomes["y"].to_numpy() if y is None else y
    values = estimate(y, np.arange(len(y) // estimate.block))
    return dict(zip(estimate.labels, values, strict=True))


def of(values, kind):
    return np.array([values[kind, name, ""] for name in NAMES])


def test_sobol_finds_ishigami():
    values = found(sweep("sobol", ishigami, size=4096, second_order=True))
    for kind, known in ISHIGAMI.items():
        assert of(values, kind) == pytest.approx(known, abs=0.02)
    assert values["S2", "a", "c"] == pytest.approx(0.2437, abs=0.03)
    assert values["S2", "a", "b"] == pytest.approx(0.0, abs=0.03)


def test_sobol_finds_the_g_function():
    parts = 1 / (3 * (1 + np.array([0.0, 1.0, 4.5])) ** 2)
    whole = np.prod(1 + parts) - 1
    values = found(sweep("sobol", g_function, size=4096))
    assert of(values, "S1") == pytest.approx(parts / whole, abs=0.02)
    assert of(values, "ST") == pytest.approx(parts * np.prod(1 + parts) / (1 + parts) / whole, abs=0.02)


def test_fast_and_rbd_fast_find_ishigami():
    values = found(sweep("fast", ishigami, size=2049))  # 0.029 for c at any size: waves that interfere
    assert of(values, "S1") == pytest.approx(ISHIGAMI["S1"], abs=0.03)
    assert of(values, "ST") == pytest.approx(ISHIGAMI["ST"], abs=0.05)
    values = found(sweep("rbd_fast", ishigami, size=4000))
    assert of(values, "S1") == pytest.approx(ISHIGAMI["S1"], abs=0.03)
    assert values["S1", DUMMY, ""] == pytest.approx(0.0, abs=0.02)


def test_a_fast_factor_whose_curve_lacks_a_point_has_no_index():
    tables = sweep("fast", ishigami, size=513)
    y = tables.outcomes["y"].to_numpy().copy()
    whole = of(found(tables), "S1")
    (estimate,) = estimators(tables)
    values = dict(zip(estimate.labels, estimate(y, np.delete(np.arange(len(y)), 600)), strict=True))
    assert np.isnan(values["S1", "b", ""])
    assert (values["S1", "a", ""], values["S1", "c", ""]) == (whole[0], whole[2])


def test_morris_of_a_plane_is_its_slopes_without_spread():
    values = found(sweep("morris", linear, size=10))
    assert of(values, "mu") == pytest.approx([3, 2, 1])
    assert of(values, "sigma") == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("groups", [None, ("g", "g", "h")])
def test_morris_is_salibs_own(groups):
    from SALib.analyze import morris

    tables = sweep("morris", ishigami, size=30, groups=groups, levels=6)
    problem = PROBLEM | ({"groups": list(groups)} if groups else {})
    y = tables.outcomes["y"].to_numpy()
    theirs = morris.analyze(problem, tables.unit.copy(), y.copy(), num_levels=6, seed=1)
    values = found(tables)
    for name, star in zip(theirs["names"], theirs["mu_star"], strict=True):
        assert values["mu_star", name, ""] == pytest.approx(float(star))
    if groups is None:
        assert of(values, "mu") == pytest.approx(np.array(theirs["mu"], float))
        assert of(values, "sigma") == pytest.approx(np.array(theirs["sigma"], float))
    else:
        assert np.isnan(values["mu", "g", ""]) and np.isfinite(values["mu", "h", ""])


def test_sobol_fast_pawn_are_salibs_own():
    from SALib.analyze import fast, pawn, sobol

    tables = sweep("sobol", ishigami, size=64)
    y = tables.outcomes["y"].to_numpy()
    theirs = sobol.analyze(PROBLEM, y, calc_second_order=False, seed=3)
    assert of(found(tables), "ST") == pytest.approx(theirs["ST"])
    tables = sweep("fast", ishigami, size=257)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = fast.analyze(PROBLEM, tables.outcomes["y"].to_numpy(), seed=3)
    assert of(found(tables), "ST") == pytest.approx(np.array(theirs["ST"], float))
    tables = sweep("pawn", ishigami, size=300)
    theirs = pawn.analyze(PROBLEM, tables.unit, tables.outcomes["y"].to_numpy(), seed=3)
    assert of(found(tables), "pawn_median") == pytest.approx(np.array(theirs["median"], float))


def test_delta_and_pawn_tell_factors_from_the_dummy():
    for method, kind in (("delta", "delta"), ("pawn", "pawn_median")):
        values = found(
            sweep(method, lambda unit: linear(unit) - unit[:, 2], size=1200)
        )  # c is without effect
        a, b, c = of(values, kind)
        assert a > b + 0.05 > values[kind, DUMMY, ""] + 0.1, method
        assert c == pytest.approx(values[kind, DUMMY, ""], abs=0.06), method


def test_regression_of_a_plane_is_exact_and_ranks_see_a_curve():
    values = found(sweep("lhs", linear, size=2000))
    assert of(values, "SRC") ** 2 == pytest.approx(np.array([9, 4, 1]) / 14, abs=0.02)
    assert values["R2", "(all)", ""] == pytest.approx(1.0)
    values = found(sweep("lhs", lambda unit: np.exp(9 * unit[:, 0]), size=200))
    assert values["R2", "(all)", ""] < 0.8 < 0.99 < values["R2_ranks", "(all)", ""]


def test_prcc_by_residuals():
    tables = sweep("lhs", ishigami, size=150)
    from scipy.stats import rankdata

    ranks = rankdata(np.column_stack([tables.unit, tables.outcomes["y"]]), axis=0)
    rest = np.column_stack([np.ones(150), ranks[:, 1:3]])
    a, y = (v - rest @ np.linalg.lstsq(rest, v, rcond=None)[0] for v in (ranks[:, 0], ranks[:, 3]))
    assert found(tables)["PRCC", "a", ""] == pytest.approx(np.corrcoef(a, y)[0, 1])


def test_a_factor_that_never_moves_and_an_outcome_that_never_varies_have_no_index():
    tables = sweep("lhs", linear, size=60)
    tables.unit[:, 1] = 0.5
    values = found(tables)
    assert np.isnan(values["SRC", "b", ""]) and np.isfinite(values["SRC", "a", ""])
    for method in ("sobol", "fast", "rbd_fast", "delta", "pawn", "lhs"):
        tables = sweep(method, lambda unit: np.full(len(unit), 0.1), size=128)
        assert np.isnan(list(found(tables).values())).all(), method


def test_nothing_of_the_callers_changes():
    for method in ("morris", "sobol", "fast", "rbd_fast", "delta", "pawn", "lhs"):
        tables = sweep(method, ishigami, size=128)
        unit, y = tables.unit.copy(), tables.outcomes["y"].to_numpy().copy()
        np.random.seed(5)
        before, form, filters = (
            np.random.get_state()[1].copy(),
            warnings.formatwarning,
            list(warnings.filters),
        )
        first = found(tables, y)
        assert list(first.values()) == pytest.approx(list(found(tables, y).values()), nan_ok=True)
        assert (np.random.get_state()[1] == before).all(), method
        assert warnings.formatwarning is form and warnings.filters == filters
        assert (tables.unit == unit).all() and (y == tables.outcomes["y"]).all()


def test_rows_that_do_not_fit_the_method_are_refused():
    from dataclasses import replace

    for method in ("morris", "sobol", "fast"):
        tables = sweep(method, ishigami, size=128)
        with pytest.raises(InputError, match="multiple of"):
            estimators(replace(tables, unit=tables.unit[:-1]))
    tables = sweep("lhs", ishigami, size=64)
    with pytest.raises(InputError, match="no Morris design"):
        estimators(replace(tables, method="morris"))
    with pytest.raises(InputError, match="method must be"):
        estimators(replace(tables, method="magic"))
