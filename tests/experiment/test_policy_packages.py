"""Packages of equal cost: what is shipped, how strengths are set anew, and who wins."""

from dataclasses import replace

import pandas as pd
import pytest
from test_studies import script

from nqpf_abm.data.scenario_file import load_scenario

study = script("policy_packages")
PACKAGES = [load_scenario(name) for name in study.PACKAGES]
COSTS = study.unit_costs()


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
@pytest.mark.parametrize("echelon", [1, 2, 3])
def test_every_package_costs_half_a_per_cent_of_gdp_everywhere(package, echelon):
    own = study.own(package)
    assert study.planned_cost(own, COSTS, echelon) == pytest.approx(0.5, abs=1e-4)
    assert {(p.start, p.end) for p in own} == {(2026, 2035)}


def strengths(package, echelon):
    return {p.instrument: p.strength for p in study.here(package, echelon)}


def test_the_placebo_swaps_first_and_third_and_the_uniform_one_is_the_mean():
    uniform, differentiated, swapped = PACKAGES
    assert strengths(swapped, 1) == strengths(differentiated, 3)
    assert strengths(swapped, 3) == strengths(differentiated, 1)
    assert strengths(swapped, 2) == strengths(differentiated, 2)
    for name, strength in strengths(uniform, 1).items():
        mean = sum(strengths(differentiated, e).get(name, 0.0) for e in (1, 2, 3)) / 3
        assert strength == pytest.approx(mean, abs=1e-4)


@pytest.mark.parametrize("factor", [0.5, 0.8, 1.0, 2.0])
def test_at_other_unit_costs_packages_cost_the_same_in_each_echelon(factor):
    costs = {name: cost * (factor if k % 2 else 1.0) for k, (name, cost) in enumerate(COSTS.items())}
    budget = study.common_budget(PACKAGES, costs, COSTS)
    for package in PACKAGES:
        made = study.scaled(package, costs, budget)
        for echelon in (1, 2, 3):
            assert study.planned_cost(study.own(made), costs, echelon) == pytest.approx(budget[echelon])
        assert all(0.0 < p.strength <= 1.0 for p in study.own(made))
        assert made.policies[: -len(study.own(made))] == load_scenario("baseline").policies
    assert max(budget.values()) <= 0.5 + 1e-4


def test_drawn_costs_stay_within_half_and_twice():
    import numpy as np

    drawn = study.drawn_costs(np.random.default_rng(1), COSTS)
    factors = [drawn[name] / cost for name, cost in COSTS.items()]
    assert all(0.5 <= f <= 2.0 for f in factors)
    assert len(set(factors)) == len(factors)
    assert set(study.cost_settings(drawn).values()) == set(drawn.values())


def test_regret_is_what_the_best_of_a_draw_brings_more():
    gain = {
        ("S30", 0): 1.0,
        ("S31", 0): 3.0,
        ("S32", 0): 3.0,
        ("S30", 1): 2.0,
        ("S31", 1): 0.0,
        ("S32", 1): 1.0,
    }
    draws = pd.DataFrame(
        [(draw, "nqpf", name, value) for (name, draw), value in gain.items()],
        columns=["draw", "criterion", "scenario", "gain"],
    )
    table = study.regrets(draws).set_index("scenario")
    assert table["share_won"].to_dict() == {"S30": 0.5, "S31": 0.25, "S32": 0.25}
    assert table["mean_regret"].to_dict() == {"S30": 1.0, "S31": 1.0, "S32": 0.5}
    assert table["largest_regret"].to_dict() == {"S30": 2.0, "S31": 2.0, "S32": 1.0}


def test_effects_are_paired_by_seed_and_points_are_paid_for():
    rows = []
    for seed, base in ((1, 0.50), (2, 0.60)):
        for name, plus, cost in (
            ("baseline", 0.0, 0.0),
            ("S30", 0.01, 100.0),
            ("S31", 0.02, 100.0),
            ("S32", 0.01, 90.0),
        ):
            values = dict.fromkeys(study.OUTCOMES, 1.0) | {"nqpf": base + plus, "cost": cost}
            rows += [study.Row(seed, name, o, "", study.UNTIL, v) for o, v in values.items()]
    table = study.effects(study.table_of(rows)).set_index(["package", "outcome"])["difference"]
    assert table["by echelon", "nqpf"] == pytest.approx(0.02)
    assert table["by echelon", "cost per point"] == pytest.approx(50.0)
    assert table["uniform", "gini"] == 0.0
    assert table["by echelon less uniform", "nqpf"] == pytest.approx(0.01)
    assert table["by echelon less swapped", "cost"] == pytest.approx(10.0)


def test_a_package_keeps_its_name_when_it_is_scaled():
    one = replace(PACKAGES[1], name="mine")
    assert study.scaled(one, COSTS, {1: 0.5, 2: 0.5, 3: 0.5}).name == "mine"
