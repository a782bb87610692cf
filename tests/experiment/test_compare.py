"""Scenarios compared on paired seeds: what is shared, what is resumed, what the effects say."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from nqpf_abm import Ecosystem, InputError
from nqpf_abm.data.scenario import Event, PolicyPlan, Scenario
from nqpf_abm.experiment import branches, outcomes
from nqpf_abm.experiment import compare as module
from nqpf_abm.experiment.branches import quarters_to_run, run_seed
from nqpf_abm.experiment.compare import compare, estimate, turned
from nqpf_abm.experiment.compare_report import render, sentence
from nqpf_abm.experiment.outcomes import Scored, discounted, measured, reversals, rows_of
from nqpf_abm.experiment.run_store import RunStore
from nqpf_abm.experiment.study import study

BASE = Scenario("base", "as it is")
SHOCK = Scenario("shock", "rights lost", events=(Event("provinces.data_rights", "multiply", 0.2, quarter=6),))
OTHER = Scenario("other", "no team level", changes={"M06": False})
UNTIL = 2014


@pytest.fixture(scope="module")
def planned(small):
    return study([BASE, SHOCK, OTHER], seeds=3, until=UNTIL, changes=small)


@pytest.fixture(scope="module")
def found(planned):
    return compare(planned)


def test_branched_runs_measure_what_whole_runs_measure(planned, small):
    rows, failed = run_seed(planned.scenarios, 1, {"set": small, "scale": 1.0, "until": UNTIL})
    assert failed == []
    models = [Ecosystem(1, s, set=small, until=UNTIL).run() for s in planned.scenarios]
    scored = [Scored(model) for model in models]
    whole = [
        row
        for s, run in zip(planned.scenarios, scored, strict=True)
        for row in rows_of(run, scored[0], 1, s.name)
    ]
    assert rows == whole


def test_scenarios_agree_exactly_until_the_first_difference(found):
    nqpf = found.runs[found.runs["outcome"] == "nqpf"].pivot(
        index=["seed", "year"], columns="scenario", values="value"
    )
    before = nqpf.index.get_level_values("year") < 2013
    assert (nqpf["base"] == nqpf["shock"])[before].all()
    assert (nqpf["base"] != nqpf["shock"])[~before].any()
    assert (nqpf["base"] != nqpf["other"])[before].any()


def test_a_lever_of_zero_strength_changes_no_number(small):
    idle = replace(BASE, name="idle", policies=(PolicyPlan("M72", 0.0, 2013, 2014),))
    effects = compare(study([BASE, idle], seeds=2, until=UNTIL, changes=small)).effects
    assert (effects["difference"] == 0).all() and (effects["p_holm"] == 1).all()
    assert "exactly as in base" in sentence(next(effects.itertuples()), "base")


def test_every_outcome_has_a_row_per_scenario_and_province(found):
    effects = found.effects
    assert list(effects.columns[:2]) == ["outcome", "province"]
    counts = effects.groupby(["scenario", "outcome"]).size().unstack()
    for outcome in measured()[0]:
        assert (counts[outcome.name] == (12 if outcome.per_province else 1)).all()
    assert effects["primary"].sum() == 2 and set(effects.loc[effects["primary"], "outcome"]) == {"nqpf"}
    assert (effects["seeds"] == 3).all()
    assert (effects["p_holm"] >= effects["p"]).all()
    parts = effects[effects["province"] == ""].pivot(index="scenario", columns="outcome", values="difference")
    assert np.allclose(parts["gini"], parts["gini_within"] + parts["gini_between"] + parts["gini_overlap"])


def test_effects_are_behaviour_and_reweighting(found):
    index = found.index[found.index["province"] == ""]
    gini = index.pivot(index=["scenario", "scale"], columns="part", values="difference")
    parts = gini[["Gini within echelons", "Gini between echelons", "Gini from overlap"]]
    assert np.allclose(gini["Gini"], parts.sum(axis=1)) and parts.notna().all(axis=None)
    size = index.pivot(index=["scenario", "scale"], columns="part", values="difference")
    assert np.allclose(size["effect"], size["behaviour"] + size["reweighting"])
    assert (size["reweighting"].unstack()["frozen"] == 0).all()
    assert (size["reweighting"].unstack()[["pooled", "annual"]] != 0).all(axis=None)
    assert isinstance(turned(found.index, "shock", "pooled"), list)


def test_the_result_does_not_depend_on_jobs_and_goes_on_where_it_was(found, planned, tmp_path):
    store = RunStore(tmp_path / "s")
    assert store.begin(planned.identity(), resume=False, force=False).empty
    again = compare(planned, jobs=2, store=store)
    pd.testing.assert_frame_equal(again.effects, found.effects)
    file = tmp_path / "s" / "runs.csv"
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(lines[: int(len(lines) * 0.7)]) + "2,shock,gi")
    before = RunStore(tmp_path / "s").begin(planned.identity(), resume=True, force=False)
    assert before["seed"].nunique() == 2
    seen = []
    resumed = compare(planned, before=before, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(3, 3)]
    pd.testing.assert_frame_equal(resumed.effects, found.effects)


def test_a_study_that_has_changed_is_not_gone_on_with(planned, tmp_path):
    folder = tmp_path / "s"
    with pytest.raises(InputError, match="no study to resume"):
        RunStore(folder).begin(planned.identity(), resume=True, force=False)
    RunStore(folder).begin(planned.identity(), resume=False, force=False)
    with pytest.raises(InputError, match="holds a study already.*--resume"):
        RunStore(folder).begin(planned.identity(), resume=False, force=False)
    changed = replace(planned, primary="gini", first_seed=9)
    with pytest.raises(InputError, match="differs in primary, first_seed"):
        RunStore(folder).begin(changed.identity(), resume=True, force=False)
    assert RunStore(folder).begin(changed.identity(), resume=False, force=True).empty


def test_a_replaced_study_leaves_no_report_of_the_old_one(planned, tmp_path):
    store = RunStore(tmp_path / "o")
    store.begin(planned.identity(), resume=False, force=False)
    (tmp_path / "o" / "figures").mkdir()
    for name in ("report.md", "effects.csv", "figures/forest.png"):
        (tmp_path / "o" / name).write_text("old")
    store.begin(planned.identity(), resume=False, force=True)
    assert sorted(path.name for path in (tmp_path / "o").iterdir()) == ["compare.json", "runs.csv"]


def test_a_failed_run_is_told_and_the_others_go_on(planned, monkeypatch):
    def failing(run, reference, seed, scenario):
        if (seed, scenario) == (2, "shock"):
            raise ArithmeticError("no luck")
        return rows_of(run, reference, seed, scenario)

    monkeypatch.setattr(branches, "rows_of", failing)
    found = compare(planned)
    assert found.failed == ("shock, seed 2: ArithmeticError: no luck",)
    assert set(found.effects.loc[found.effects["scenario"] == "shock", "seeds"]) == {2}
    assert set(found.effects.loc[found.effects["scenario"] == "other", "seeds"]) == {3}
    assert "no luck" in render(found)


def test_a_seed_whose_reference_failed_is_left_out(planned, monkeypatch):
    def failing(run, reference, seed, scenario):
        if scenario == "base" and seed in wrong:
            raise ArithmeticError("no luck")
        return rows_of(run, reference, seed, scenario)

    monkeypatch.setattr(branches, "rows_of", failing)
    wrong = {2}
    found = compare(planned)
    assert (found.effects["seeds"] == 2).all() and found.runs["value"].dtype == float
    assert found.failed == ("base, seed 2: ArithmeticError: no luck",)
    wrong = {1, 2, 3}
    with pytest.raises(InputError, match="no seed could be compared.*no luck"):
        compare(planned)


def test_a_study_stops_when_its_interval_is_narrow(planned, small, monkeypatch):
    plan = study([BASE, SHOCK], seeds=30, width=0.5, until=UNTIL, changes=small)
    found = compare(plan, jobs=1)
    assert 5 <= len(found.seeds) < 12 and "at most 0.5 wide" in found.reason
    told = found.effects.iloc[0]
    assert told["high"] - told["low"] <= 0.5
    assert "confidence sequence" in render(found)


def test_shared_history_is_run_once(planned):
    assert quarters_to_run(planned.scenarios, 2012, 12, 8) == 20 + 6 + 20
    seconds, megabytes = estimate(planned, 1)
    assert 0 < seconds < 600 and 1 < megabytes < 10


def test_the_report_has_a_sentence_per_outcome(found):
    text = render(found)
    assert text.count("**Primary.**") == 2
    for outcome in measured()[0]:
        if not outcome.per_province:
            assert text.lower().count(outcome.title.lower()) >= 2, outcome.name
    assert "Uncalibrated" in text and ("cost: the model does not record" in text) == ("cost" in measured()[1])


@pytest.mark.parametrize(
    ("scenarios", "options", "words"),
    [
        ([BASE], {}, "2 to 50 scenarios"),
        ([BASE, BASE], {}, "two scenarios are called 'base'"),
        ([BASE, replace(BASE, name="same")], {}, "in nothing.*compare scenarios that differ"),
        ([BASE, SHOCK], {"until": 2012}, "at least 2013"),
        (
            [BASE, replace(SHOCK, events=(replace(SHOCK.events[0], quarter=40),))],
            {"until": 2014},
            "from 2022 on only",
        ),
        ([BASE, SHOCK], {"primary": "nqfp"}, "did you mean 'nqpf'"),
        ([BASE, SHOCK], {"primary": "score"}, "primary outcome must be one of"),
        ([BASE, SHOCK], {"seeds": 1}, r"\[2, 10000\]; got 1"),
        ([BASE, SHOCK], {"seeds": 4, "width": 0.1}, r"\[5, 10000\]; got 4"),
        ([BASE, SHOCK], {"width": -1.0}, "until-ci.*got -1"),
        ([BASE, SHOCK], {"changes": {"M6x": "off"}}, "M6x"),
        (
            [BASE, replace(BASE, name="own", changes={"M06": False})],
            {"changes": {"M06": "off"}},
            "set by 'own'",
        ),
    ],
)
def test_what_cannot_be_compared_is_said(scenarios, options, words):
    with pytest.raises(InputError, match=words):
        study(scenarios, **options)


def test_costs_by_hand():
    assert discounted(np.ones(8), 2026, 2026) == pytest.approx(4 + 4 / 1.03)
    assert discounted(np.ones(4), 2025, 2026) == pytest.approx(4 * 1.03)
    assert reversals(np.array([1, 2, 3]), np.array([2, 1, 3])) == 1


def test_cost_per_point_is_given_where_costs_differ(planned):
    rng = np.random.default_rng(0)
    seeds = list(range(1, 9))
    wide = {
        ("cost", ""): pd.DataFrame(
            {"base": 0.0, "shock": 100 + rng.normal(size=8), "other": 0.0}, index=seeds
        ),
        ("nqpf", ""): pd.DataFrame(
            {"base": 0.5, "shock": 0.52 + rng.normal(0, 1e-4, 8), "other": 0.6}, index=seeds
        ),
    }
    (row,) = module._cost_per_point(planned, wide)
    assert row["scenario"] == "shock" and row["low"] < row["difference"] < row["high"]
    assert row["difference"] == pytest.approx(50, rel=0.02)
    wide["nqpf", ""]["shock"] = 0.5 + rng.normal(0, 0.01, 8)
    assert math.isinf(module._cost_per_point(planned, wide)[0]["low"])


def test_entrants_are_paired_by_lineage(small):
    """A firm founded in both scenarios has the same founder's luck in both."""
    later = replace(SHOCK, events=(replace(SHOCK.events[0], quarter=6),))
    one, other = (Ecosystem(3, s, set=small, quarters=16).run().state for s in (BASE, later))
    founded = []
    for state in (one, other):
        alive = state.firms["is_alive"] == 1
        founded.append(
            {int(u): i for i, u in enumerate(state.firms["uid"]) if alive[i] and state.firms["age"][i] < 9}
        )
    common = set(founded[0]) & set(founded[1])
    assert len(common) >= 0.5 * max(len(founded[0]), len(founded[1])) > 0
    same = [
        one.entrepreneurs["style"][founded[0][u]].tolist()
        == other.entrepreneurs["style"][founded[1][u]].tolist()
        for u in common
    ]
    assert np.mean(same) > 0.9


def test_spending_is_found_under_its_names(monkeypatch):
    for names in (
        ["policy_spend"],
        ["policy_spend_M64", "policy_spend_M72"],
        ["policy_spend", "policy_spend_M64"],
    ):
        kind = np.dtype([(name, "f8") for name in ("gdp", *names)])
        monkeypatch.setattr(outcomes, "SERIES_TYPE", kind)
        series = np.ones((8, 2), kind)
        assert outcomes.spending(series).tolist() == [[float(1 if "policy_spend" in names else 2)] * 2] * 8
    monkeypatch.setattr(outcomes, "SERIES_TYPE", np.dtype([("gdp", "f8")]))
    assert outcomes.spending(np.ones((8, 2), outcomes.SERIES_TYPE)) is None


def test_a_comparison_with_costs_gives_their_price(small, monkeypatch):
    """As if policies cost a thousandth of output."""
    monkeypatch.setattr(outcomes, "spending", lambda series: series["gdp"] / 1000)
    found = compare(study([BASE, SHOCK], seeds=3, until=UNTIL, changes=small))
    rows = found.effects.set_index("outcome")
    assert rows.loc["cost", "reference"] > 0 and found.absent == {}
    price = rows.loc["cost_per_point"]
    assert (
        price["low"] <= price["difference"] <= price["high"] and price["unit"] == "10^6 yuan per 0.01 of NQPF"
    )
    text = render(found)
    assert (
        "What policies cost, at 3 % a year valued in 2026" in text
        and "Cost per 0.01 of NQPF: " in text
        and "Fieller" in text
    )


# ------------------------------------------------------------------------------------------ regions of one's own


@pytest.fixture(scope="module")
def of_xian(small):
    return study([BASE, SHOCK], seeds=2, until=UNTIL, changes=small, regions="xian")


def test_regions_of_ones_own_make_a_study_of_its_own(of_xian, planned):
    own = of_xian.identity()["settings"]
    assert own["regions"] == "xian"
    assert len(own["regions_hash"]) == 64
    assert set(planned.identity()["settings"]) == {"scale", "set"}  # as it was before there were others
    assert planned.scale_of_scores() is None


def test_the_usual_regions_by_their_name_are_the_usual_study(planned, small):
    named = study([BASE, SHOCK, OTHER], seeds=3, until=UNTIL, changes=small, regions="west")
    assert named.identity() == planned.identity()
    assert not named.has_own_regions


def test_the_usual_regions_with_another_number_are_ones_own(planned, small):
    from nqpf_abm.data import load_regions

    west = load_regions()
    richer = replace(west, columns={**west.columns, "gdp": 2.0 * west.columns["gdp"]})
    own = study([BASE, SHOCK, OTHER], seeds=3, until=UNTIL, changes=small, regions=richer)
    assert own.has_own_regions
    assert "regions_hash" in own.identity()["settings"]
    assert load_regions(west.sources[0]).is_default


def test_if_the_run_that_scores_are_frozen_on_fails_it_says_so(of_xian, monkeypatch):
    monkeypatch.setattr(Ecosystem, "run", lambda self: 1 / 0)
    with pytest.raises(
        InputError,
        match="run of base with seed 1 until 2014, which failed: division by zero; begin with another",
    ):
        of_xian.scale_of_scores()


def test_another_number_in_a_file_of_regions_is_another_study(of_xian, small, tmp_path):
    shipped = of_xian.regions.sources[0].read_text(encoding="utf-8")
    hashes = []
    for name, text in (
        ("same", shipped),
        ("other", shipped.replace("population = 8467800", "population = 8467801")),
    ):
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
        plan = study([BASE, SHOCK], seeds=2, until=UNTIL, changes=small, regions=tmp_path / f"{name}.toml")
        hashes.append(plan.identity()["settings"]["regions_hash"])
    assert hashes[0] == of_xian.identity()["settings"]["regions_hash"] != hashes[1]


def test_own_regions_are_scored_on_the_scale_of_the_references_first_run(of_xian):
    """So that this run scores as on a scale of its own, and others do not."""
    found = compare(of_xian)
    last = found.runs[found.runs["year"] == UNTIL].set_index(["seed", "scenario", "outcome"])["value"]
    assert last[1, "base", "nqpf"].item() == pytest.approx(last[1, "base", "nqpf_pooled"].item(), rel=1e-12)
    assert last[2, "base", "nqpf"].item() != pytest.approx(last[2, "base", "nqpf_pooled"].item(), rel=1e-6)
    assert last[1, "shock", "nqpf"].item() == pytest.approx(
        last[1, "shock", "nqpf_pooled_kept"].item(), rel=1e-12
    )
    assert last[1, "base", "out_of_bounds"].item() == 0.0
    assert "Xi'an" in set(found.effects["province"])
    assert "of base's run of seed 1 until 2014" in " ".join(render(found).split())
