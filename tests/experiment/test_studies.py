"""The scripts of experiments: what they compute, on small tables."""

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

EXPERIMENTS = Path(__file__).resolve().parents[2] / "experiments"


def script(name: str):
    spec = importlib.util.spec_from_file_location(name, EXPERIMENTS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# ------------------------------------------------------------------------------------- mechanism_effects


def test_the_effect_of_a_mechanism_is_paired_by_seed():
    study = script("mechanism_effects")
    on = pd.DataFrame({"N1": [10.0, 20.0], "NQPF": [1.0, 1.0]})
    off = pd.DataFrame({"N1": [9.0, 16.0], "NQPF": [1.0, 1.0]})
    table = study.effects(on, {"M01": off}).set_index("indicator")
    assert table.loc["N1", ["effect", "se", "t"]].tolist() == pytest.approx([15.0, 5.0, 3.0])  # 10 % and 20 %
    assert table.loc["NQPF", ["effect", "t"]].tolist() == [0.0, 0.0]


def test_every_indicator_is_measured_of_a_run(baseline):
    from nqpf_abm.experiment.execute import Finished

    study = script("mechanism_effects")
    found = {m.name: m.of(Finished(baseline, {}, {})) for m in study.measures() if m.name != study.NQPF}
    assert np.isfinite(list(found.values())).all()
    last = baseline.results.indicators.query("year == 2022 and indicator == 'N5'")["value"]
    assert found["N5"] == pytest.approx(last.mean())
    assert len(found) == len(baseline.results.full.indicators) + 1


def test_the_heat_map_writes_what_is_beyond_three_standard_errors():
    study = script("mechanism_effects")
    rows = [
        (mechanism, name, 1.0, 1.0, effect, 1.0, effect, 6)
        for mechanism, effects in (("M01", (4.0, 0.5)), ("M32", (-5.0, 2.0)))
        for name, effect in zip(("N1", "NQPF"), effects, strict=True)
    ]
    table = pd.DataFrame(
        rows, columns=["mechanism", "indicator", "default", "off", "effect", "se", "t", "seeds"]
    )
    figure = study.figure(table)
    assert [text.get_text() for text in figure.axes[0].texts[:2]] == ["4.0", "−5.0"]


# ------------------------------------------------------------------------------------------ plausibility


def test_official_figures_stand_beside_the_mean_and_range_of_seeds(baseline):
    from nqpf_abm.collect.specification import load_specification

    study = script("plausibility")
    spec = study.both_sides(load_specification("core"))
    assert {"N1", "N2", "N3", "N4", "N5", "N8", "N11", "N15", "N16", "N18"} == set(spec.ids)
    run = baseline.results.panel(spec)
    other = run.assign(**{name: 3 * run[name] for name in spec.ids})
    table = study.beside(spec, pd.concat([run, other]))
    assert len(table) == 10 * 12 * 11
    assert np.allclose(table["simulated"], 2 * table["low"])
    assert np.allclose(table["high"], 3 * table["low"])
    row = table.query("indicator == 'N5' and province == 'Chongqing' and year == 2012").iloc[0]
    assert row["official"] == pytest.approx(11595.4 / 2974.54 * 1e4, rel=0.02)  # yuan per person
    assert table.query("indicator == 'N8' and province == 'Xizang'")["official"].isna().all()
    for indicator in spec.indicators:
        part = table[table["indicator"] == indicator.id]
        assert "official" in study.figure(indicator, part, 2).get_suptitle()


def test_growth_is_taken_between_official_figures():
    study = script("plausibility")
    part = pd.DataFrame(
        {
            "province": "X",
            "year": [2012, 2013, 2014],
            "official": [np.nan, 2.0, 5.0],
            "simulated": [1.0, 4.0, 6.0],
        }
    )
    assert study.growth(part).loc["X"].tolist() == [2013, 2014, 2.5, 1.5]


# ----------------------------------------------------------------------------------------------- closure


def test_the_closure_is_swept_over_the_declared_ranges():
    study = script("closure")
    assert study.declared("export_tfp") == (0.8, 0.0, 1.6)
    rows = [("", np.nan, 1, 2.0, 0.05)]
    for name in study.SWEPT:
        _, low, high = study.declared(name)
        rows += [(name, low, 1, 1.5, 0.08), (name, high, 1, 2.5, 0.04)]
    rows += [(study.ALL, 0.0, 1, 1.2, 0.2), (study.ALL, 1.0, 1, 2.8, 0.02)]
    table = pd.DataFrame(rows, columns=["parameter", "value", "seed", "growth", "unemployment"])
    assert "×2.00 at the default" in study.sentence(table)
    assert study.sentence(table).count("×1.50 to ×2.50 (") == len(study.SWEPT)
    assert "least, output grows ×1.20; at their most, ×2.80" in study.figure(table).get_suptitle()


# ---------------------------------------------------------------------- policies_alone, east_west, rising_gini


def test_every_policy_and_failure_of_the_catalogue_is_looked_at_beside_what_it_extends():
    from nqpf_abm.data.scenario_file import load_scenario
    from nqpf_abm.state.instruments import INSTRUMENTS

    study = script("policies_alone")
    groups = study.by_reference(study.alone())
    of_the_catalogue = set(INSTRUMENTS) - {"M105"}  # that is S27's
    assert {f"S{int(id_[1:]) - 63:02d}" for id_ in of_the_catalogue} <= set(groups["baseline"])
    for reference, names in groups.items():
        for name in names:
            extends = [path.stem for path in load_scenario(name).files[1:]]
            assert (extends or ["baseline"])[0] == reference


def test_an_instrument_that_is_switched_off_is_not_in_force():
    from nqpf_abm.data.scenario_file import load_scenario

    study = script("policies_alone")
    whole, without, less = (load_scenario(name) for name in ("S27", "S27-M105", "S27-M52"))
    baseline = load_scenario("baseline").policies
    assert [plan.instrument for plan in study.in_force(whole)] == [p.instrument for p in baseline] + ["M105"]
    assert study.in_force(without) == list(baseline)
    assert study.in_force(less) == study.in_force(whole)


def test_the_picture_of_policies_puts_first_what_raises_nqpf_most():
    study = script("policies_alone")
    rows = [
        (name, f"title of {name}", "baseline", outcome, "0 to 1", 0.5, gain, gain - 0.01, gain + 0.01, p, 5)
        for name, gain, p in (("S01", 0.1, 0.5), ("S02", 0.3, 0.01))
        for outcome in ("nqpf", "gini", "output")
    ]
    columns = "scenario title beside outcome unit reference difference low high p_holm seeds".split()
    figure = study.figure(pd.DataFrame(rows, columns=columns))
    assert [text.get_text()[:3] for text in figure.axes[0].get_yticklabels()] == ["S02", "S01"]
    assert [line.get_markerfacecolor() != "white" for line in figure.axes[0].lines[:2]] == [True, False]


def test_what_duplication_adds_to_computing_for_the_east_is_a_difference_of_differences():
    study = script("east_west")
    names = [measure.name for measure in study.MEASURES]

    def table(numbers):
        return pd.DataFrame({name: numbers for name in names})

    runs = {
        ("none", "with M91"): table([1.0, 2.0]),
        ("S26", "with M91"): table([4.0, 5.0]),
        ("none", "without M91"): table([1.0, 2.0]),
        ("S26", "without M91"): table([2.0, 3.0]),
    }
    found = study.effects(runs).set_index(["measure", "effect"])["difference"]
    for name in names:
        assert found[name].tolist() == [3.0, 1.0, 2.0]


def test_computing_for_the_east_builds_capacity():
    study = script("east_west")
    found = study.run(range(1, 2), 1, quarters=4 * 18).set_index(["measure", "effect"])["difference"]
    assert found["capacity installed", "S26, with M91"] > 0


def test_a_cut_saves_what_the_loss_is_smaller_by():
    study = script("imbalance_cuts")
    assert {name for name, _ in study.arms()} == set(study.WORLDS)
    fall = {
        study.WHOLE: 0.4,
        "cut at data": 0.1,
        "cut at capital": 0.3,
        "cut at institutions": 0.0,
    }
    runs = {(world, False): pd.DataFrame({"trust": [0.8, 0.9]}) for world in fall}
    runs |= {(world, True): pd.DataFrame({"trust": [0.8 - loss, 0.9 - loss]}) for world, loss in fall.items()}
    found = study.losses(runs).set_index("world")
    assert found["loss"].to_dict() == pytest.approx(fall)
    assert found["saved"].to_dict() == pytest.approx({world: 0.4 - loss for world, loss in fall.items()})


def test_what_is_followed_of_the_loop_is_what_was_recorded(baseline):
    from nqpf_abm.experiment.execute import Finished

    study = script("imbalance_cuts")
    found = {measure.name: measure.of(Finished(baseline, {}, {})) for measure in study.measures((2022,))}
    results = baseline.results
    scores = results.scores
    assert found["NQPF, 2022"] == pytest.approx(scores.loc[scores["year"] == 2022, "nqpf"].mean())
    assert found["trust in policy, 2022"] == pytest.approx(results.series_array["trust"][-4:].mean())


def test_a_mechanism_drives_provinces_apart_if_the_gini_rises_more_with_it(baseline):
    from nqpf_abm.experiment.execute import Finished

    study = script("rising_gini")
    gini = baseline.results.dagum.set_index("year")["gini"]
    run = Finished(baseline, {}, {})
    assert study.rise(run) == pytest.approx(gini[2022] - gini[2012])
    rise, mean = (measure.name for measure in study.MEASURES)
    on = pd.DataFrame({rise: [0.03, 0.05], mean: [0.5, 0.6]})
    off = pd.DataFrame({rise: [0.01, 0.02], mean: [0.5, 0.6]})
    found = study.effects(on, {"M12": off}).set_index("measure")
    assert found.loc[rise, ["with", "without", "difference"]].tolist() == pytest.approx([0.04, 0.015, 0.025])
    assert found.loc[mean, "difference"] == 0


# -------------------------------------------------------------------- naive_regression, empowering_leadership


def test_regressions_find_a_slope_that_is_there_and_each_its_own_confounder():
    study = script("naive_regression")
    rng = np.random.default_rng(3)
    x = rng.normal(size=(11, 12))
    years, provinces = rng.normal(size=(11, 1)), rng.normal(size=(1, 12))
    assert study.least_squares(2.0 * x + years, x) == pytest.approx(2.0)
    confounded = x + 5.0 * provinces
    assert study.least_squares(2.0 * confounded + years - 9.0 * provinces, confounded) < 1.0
    assert study.fixed_effects(2.0 * confounded + years - 9.0 * provinces, confounded) == pytest.approx(2.0)
    z = provinces[0]
    hidden = rng.normal(size=12)
    hidden -= z * (((z - z.mean()) @ hidden) / ((z - z.mean()) @ z))  # beside the instrument
    moved = np.tile(z + hidden, (11, 1))
    assert study.instrumented(2.0 * moved + hidden, moved, z) == pytest.approx(2.0)
    assert study.least_squares(2.0 * moved + hidden, moved) > 2.05
    assert study.first_stage_f(np.tile(2.0 * z, (11, 1)), z) > 1e6


def test_biases_are_medians_of_what_seeds_say_less_what_the_intervention_did():
    study = script("naive_regression")
    low, high = (
        pd.DataFrame({study.NQPF: level * np.ones(9), study.ORIENTATION: level / 0.2 * np.ones(9)})
        for level in (0.1, 0.3)
    )
    true = study.truth(low, high)
    assert true.tolist() == pytest.approx([0.2] * 9)
    free = pd.DataFrame({name: np.arange(9) / 10 for name in study.ESTIMATES} | {study.FIRST_STAGE: 3.0})
    table = study.biases("default", free, true).set_index("estimate")
    row = table.loc["instrumented by endowment"]
    assert row["median_bias"] == pytest.approx(0.2)
    assert row["low"] < 0.2 < row["high"]
    assert row["share_above"] == pytest.approx(6 / 9)
    assert row[["lowest", "highest", "first_stage_f"]].tolist() == pytest.approx([0.0, 0.8, 3.0])
    assert table["first_stage_f"].notna().sum() == 1
    drawn = study.figure({world: free.assign(truth=true) for world in study.WORLDS})
    assert [ax.get_title(loc="left") for ax in drawn.axes] == list(study.WORLDS)


def test_what_a_regression_is_told_is_what_the_run_recorded(baseline):
    from nqpf_abm.experiment.execute import Finished

    study = script("naive_regression")
    y, x, z = study.panel(Finished(baseline, {}, {}))
    assert y.shape == x.shape == (11, 12)
    assert z.shape == (12,)
    results = baseline.results
    table = results.scores.set_index(["year", "province"])["nqpf"]
    assert y[3, 5] == table[2015, results.provinces[5]]
    assert x[3, 5] == pytest.approx(
        results.series_array["leader_orientation"][results.burn_in + 12 :][:4, 5].mean()
    )


def test_leadership_multiplies_if_the_slope_is_steeper_under_it():
    study = script("empowering_leadership")
    names = [measure.name for measure in study.MEASURES]
    tables = {}
    for teams, factor in zip(study.TEAMS, (3.0, 1.0), strict=True):
        for style in (study.LOW, study.HIGH):
            for leaders in (study.LOW, study.HIGH):
                value = leaders * (2.0 + factor * style)  # slope 2 + factor * style
                tables[teams, style, leaders] = pd.DataFrame({name: [value, value] for name in names})
    found = study.slopes(tables)
    ideas = found[found["measure"] == names[0]].set_index("effect")["slope"]
    assert ideas["orientation under low leadership, teams take over"] == pytest.approx(0.5)
    assert ideas["high less low leadership, teams take over"] == pytest.approx(3.0)
    assert ideas["high less low leadership, teams do not (M06 off)"] == pytest.approx(1.0)
    assert ideas["and with teams less without"] == pytest.approx(2.0)
