"""A study file: what it means, what it refuses, and which runs are the same."""

import json

import numpy as np
import pytest

from nqpf_abm import InputError
from nqpf_abm.state.instruments import TOPICS
from nqpf_abm.sweep import Study
from nqpf_abm.sweep.study import restored


def test_a_study_says_scenario_design_seeds_and_outcomes(write):
    study = Study.load(write())
    assert study.n_rows == len(study.values) == 8
    assert [quantity.name for quantity in study.quantities] == ["nqpf", "output"]
    assert [factor.name for factor in study.factors] == ["leadership.openness", "M06"]
    assert set(study.values[:, 1]) <= {0.0, 1.0}
    assert (study.replicates, study.seed, study.until) == (2, 3, 2013)


def test_an_identity_is_plain_data_from_which_the_study_comes_back(write):
    policy = '[[factor]]\npolicy = "M72"\nfrom = 2013\nuntil = 2013\n'
    study = Study.load(write(("[[factor]]\nswitch", policy + "[[factor]]\nswitch")))
    plain = json.loads(json.dumps(study.identity()))
    again = restored(plain)
    for row in study.values:
        assert again.address(row, 5) == study.address(row, 5)
    assert again.factors == study.factors


def test_equal_addresses_are_equal_runs(write):
    study = Study.load(write())
    swapped = Study.load(
        write(
            ('[[factor]]\nswitch = "M06"\n', ""),
            ("[[factor]]\nparameter", '[[factor]]\nswitch = "M06"\n[[factor]]\nparameter'),
            name="swapped.toml",
        )
    )
    assert study.address((0.6, 1.0), 4) == swapped.address((1.0, 0.6), 4)
    longer = Study.load(write(("until = 2013", "until = 2014")))
    told = {
        study.address((0.6, 1.0), 4),
        study.address((0.6, 1.0), 5),
        study.address((0.6, 0.0), 4),
        study.address((0.61, 1.0), 4),
        longer.address((0.6, 1.0), 4),
    }
    assert len(told) == 5


def test_equal_rows_are_one_run(write):
    plan = Study.load(write()).plan()
    assert len(plan.distinct) < plan.n_runs
    rows = plan.distinct[::2] // 2
    assert len(np.unique(plan.values[rows], axis=0)) == len(rows) == len(np.unique(plan.values, axis=0))
    np.testing.assert_array_equal(plan.values[plan.first_row], plan.values)
    assert plan.place(5) == (2, 1, 4)


def test_all_factors_but_some(write):
    text = (
        'factors = "all"\nexcept = ["shock", "start"]\noutcomes = ["nqpf"]\n'
        '[method]\nname = "morris"\nsize = 2\n[[factor]]\nparameter = "leadership.openness"\nrange = [0.6, 0.7]\n'
    )
    study = Study.load(write(text=text))
    names = [factor.name for factor in study.factors]
    assert len(names) == len(set(names)) > 200
    assert (study.factors[0].low, study.factors[0].high) == (0.6, 0.7)
    assert not any(name.startswith(("start.", "shock.")) for name in names)


@pytest.mark.parametrize(("uptake", "there"), [(0.0, False), (0.5, True)])
def test_numbers_of_a_path_vary_only_where_it_is_taken_up(write, uptake, there):
    text = f'factors = "all"\n[set]\n"units.uptake" = {uptake}\n[method]\nname = "morris"\nsize = 2\n'
    names = [factor.name for factor in Study.load(write(text=text)).factors]
    assert any(name.startswith("units.") for name in names) == there


def test_a_study_sets_back_to_its_default_what_its_scenario_changes(write):
    text = (
        'scenario = "S27"\n[set]\n"units.uptake" = 0\n[method]\nname = "lhs"\nsize = 2\n'
        '[[factor]]\nparameter = "leadership.openness"\n'
    )
    study = Study.load(write(text=text))
    assert study.changes == {"units.uptake": 0.0}
    assert "units.uptake" not in study.model_identity()["set"]
    assert study.model_identity()["set"]["equity.uptake"] == 1.0


def test_a_table_brings_its_factors(write, tmp_path):
    (tmp_path / "points.csv").write_text("M06,leadership.openness\n0,0.6\n1,0.7\n")
    text = '[method]\nname = "table"\nfile = "points.csv"\n'
    study = Study.load(write(text=text))
    assert [factor.kind for factor in study.factors] == ["switch", "parameter"]
    assert study.values.tolist() == [[0.0, 0.6], [1.0, 0.7]]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("title", "titel", "key 'titel': unknown; did you mean 'title'"),
        ('"nqpf", "output"', '["nqpf"]', r"key 'outcomes'.*got \['nqpf'\]"),
        ('"nqpf", "output"', '"nqpff"', "key 'outcomes'.*got 'nqpff'; did you mean 'nqpf'"),
        ('"nqpf", "output"', "", "one or more"),
        ('"nqpf", "output"', '"nqpf", "nqpf"', "names one twice"),
        ("replicates = 2", "replicates = 0", r"key 'replicates'.*\[1, 10000\], got 0"),
        ("seed = 3", "seed = -1", "key 'seed'.*got -1"),
        ("until = 2013", "until = 2012", r"key 'until'.*\[2013, 2100\], got 2012"),
        ("until = 2013", 'scenario = "basline"', "did you mean 'baseline'"),
        ("until = 2013", 'scenario = "T1"', "contrasts .* arms"),
        ("until = 2013", "scale = 0.01", r"key 'scale'.*got 0.01"),
        ('"start.firms" = 96', '"start.firms" = 1', r"key 'set'.*start.firms.*got 1"),
        ('switch = "M06"', 'parameter = "leadership.openness"', "leadership.openness is there twice"),
        ('switch = "M06"', 'parameter = "start.firms"', "both a factor and under .set."),
        ("until = 2013", 'factors = "some"', 'must be "all"'),
        ("until = 2013", 'except = ["start"]', "belongs to factors"),
        ("until = 2013", 'factors = "all"\nexcept = ["strat"]', "did you mean 'start'"),
        ('switch = "M06"', 'policy = "M72"\nfrom = 2020\nuntil = 2021', "begins in 2020.*end with 2013"),
        ("[method]", "[metod]", "unknown; did you mean 'method'"),
    ],
)
def test_what_is_no_study_is_refused(write, old, new, words):
    path = write((old, new))
    with pytest.raises(InputError, match=words) as told:
        Study.load(path)
    assert str(path) in str(told.value)


def test_instruments_vary_only_where_and_when_they_are_in_force(write, tmp_path):
    text = 'factors = "all"\nuntil = 2014\n[method]\nname = "morris"\nsize = 2\n'
    early = {f.name.split(".")[0] for f in Study.load(write(text=text)).factors}
    assert early & set(TOPICS) == {"infrastructure", "registration"}
    (tmp_path / "two.toml").write_text(
        '[[region]]\nname = "Sichuan"\n[[region]]\nname = "Gansu"\n', encoding="utf-8"
    )
    own = 'regions = "two.toml"\n' + text.replace("2014", "2022")
    here = {f.name.split(".")[0] for f in Study.load(write(text=own)).factors}
    assert here & set(TOPICS) >= {"infrastructure", "strategic", "east_west"}
    assert not here & {"platform", "reforms", "chains"}  # Shaanxi's alone
    later = text.replace("2014", "2020").replace("until", 'regions = "later.toml"\nuntil', 1)
    regions = 'base_year = 2018\n[[region]]\nname = "Sichuan"\n[[region]]\nname = "Gansu"\n'
    (tmp_path / "later.toml").write_text(regions, encoding="utf-8")
    new = {f.name.split(".")[0] for f in Study.load(write(text=later)).factors}
    assert new & set(TOPICS) == {"procurement"}  # all else was in force in 2018
