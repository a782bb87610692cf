"""Arms of a scenario run on the same seeds; what is followed and summed up is what happened."""

import numpy as np
import pytest

from nqpf_abm import Ecosystem, InputError
from nqpf_abm.data.scenario_file import ArmPlan, Event, Scenario, load_scenario, shipped_scenarios
from nqpf_abm.experiment import contrast as module
from nqpf_abm.experiment.arms import arm
from nqpf_abm.experiment.contrast import FOLLOWED, contrast, follow

RAISED = Event("entrepreneurs.orientation", "add", 0.2, quarter=4)


@pytest.fixture(scope="module")
def found(small):
    plan = Scenario(
        "lesson",
        "a lesson",
        changes=small,
        arms=(
            ArmPlan("as it is"),
            ArmPlan("raised", events=(RAISED,)),
            ArmPlan("no teams", {"M06": "off"}, (RAISED,)),
        ),
        seeds=2,
    )
    return contrast(plan, first_seed=3, quarters=12, jobs=2)


def test_the_table_is_tidy_and_whole(found):
    assert list(found.table.columns) == ["arm", "seed", "quarter", "measure", "value", "unit"]
    assert not found.table.duplicated(["arm", "seed", "quarter", "measure"]).any()
    assert set(found.table["measure"]) > set(FOLLOWED)
    counts = found.table.groupby("measure").size()
    assert (counts == 3 * 2 * 12).all()
    assert found.failed == ()


def test_arms_share_their_luck_until_they_differ(found):
    wide = found.table.pivot(
        index=["seed", "quarter", "measure"], columns="arm", values="value"
    ).reset_index()
    before, after = wide[wide["quarter"] < 4], wide[wide["quarter"] >= 4]
    np.testing.assert_array_equal(before["as it is"], before["raised"])
    leaders = after[after["measure"] == "leader_spirit"]
    assert (leaders["raised"] - leaders["as it is"] > 0.15).all()
    last = after[after["quarter"] == 11].set_index("measure")
    gain = last["raised"] - last["as it is"]
    assert (gain["team_spirit"] > 0.005).all()
    assert (gain["employee_spirit"] > 0.001).all()
    assert ((last["no teams"] - last["as it is"])["team_spirit"] < 0.5 * gain["team_spirit"]).all()


def test_the_summary_is_the_paired_difference_of_the_last_year(found):
    late = found.table.query("quarter >= 8 and measure == 'employee_spirit'")
    means = late.groupby(["arm", "seed"])["value"].mean()
    gap = means["raised"] - means["as it is"]
    row = found.summary.query("measure == 'employee_spirit' and arm == 'raised'").iloc[0]
    assert row["mean"] == pytest.approx(means["raised"].mean())
    assert row["difference"] == pytest.approx(gap.mean())
    half = 12.706205 * gap.std(ddof=1) / 2**0.5  # t of one degree of freedom
    assert (row["low"], row["high"]) == pytest.approx((gap.mean() - half, gap.mean() + half), rel=1e-5)


def test_what_is_followed_is_what_agents_are(small):
    model = Ecosystem(seed=3, quarters=4, set=small).run()
    told = follow(model)
    series = model.results.series.iloc[-12:]
    teams = model.state.teams[model.state.teams["is_alive"] == 1]
    assert told["team_spirit"] == pytest.approx(teams["orientation"].mean())
    lowest, highest = series["employee_orientation"].min(), series["employee_orientation"].max()
    assert lowest < told["employee_spirit"] < highest
    fifths = [told[f"leader_spirit_{k}"] for k in range(1, 6)]
    assert fifths == sorted(fifths)
    assert told["ideas_accepted"] <= told["ideas_raised"]


def test_failures_are_told_and_an_arm_without_any_run_is_refused(small, monkeypatch):
    plan = Scenario("lesson", "t", changes=small, arms=(ArmPlan("a"), ArmPlan("b", {"M06": "off"})), seeds=2)

    def breaking(model, seeds):
        if model.seed_number in seeds and model.parameters.values["M06"] is False:
            raise ArithmeticError("no luck")
        return follow(model)

    monkeypatch.setattr(module, "follow", lambda model: breaking(model, {2}))
    found = contrast(plan, first_seed=1, quarters=4)
    assert found.failed == ("b, seed 2: ArithmeticError: no luck",)
    assert set(found.table.query("arm == 'b'")["seed"]) == {1}
    monkeypatch.setattr(module, "follow", lambda model: breaking(model, {1, 2}))
    with pytest.raises(InputError, match="no run of an arm.*no luck"):
        contrast(plan, first_seed=1, quarters=4)


def test_arms_that_do_not_differ_and_events_after_the_end_are_refused(small):
    same = Scenario("lesson", "t", changes=small, arms=(ArmPlan("a"), ArmPlan("b", {"M06": "on"})))
    with pytest.raises(InputError, match="two arms are the same run"):
        contrast(same, quarters=4)
    late = Scenario("lesson", "t", changes=small, arms=(ArmPlan("a"), ArmPlan("b", events=(RAISED,))))
    with pytest.raises(InputError, match="arm 'b': the event in quarter 4 comes after the run, which has 4"):
        contrast(late, quarters=4)


@pytest.mark.parametrize("name", [name for name in shipped_scenarios() if load_scenario(name).arms])
def test_shipped_contrasts_can_be_run(name):
    plan = load_scenario(name)
    arms = [arm({**plan.changes, **one.changes}, one.events) for one in plan.arms]
    assert len(set(arms)) == len(arms)
    assert all(event.quarter < 44 for one in plan.arms for event in one.events)
