"""Governments that answer to last year's figures: the law, who acts and when, what is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nqpf_abm import Ecosystem, InputError
from nqpf_abm.data.scenario import PolicyPlan
from nqpf_abm.data.scenario_file import load_scenario
from nqpf_abm.policy.answer import FULL, answer
from nqpf_abm.state.instruments import M64, M83

POSITIVE = st.floats(0.01, 100)


def test_by_hand():
    assert answer(0.75, 1.0, 1.0, 0.5) == 0.5
    assert answer(1.2, 1.0, 1.0, 0.5) == answer(0.3, 0.0, 1.0, 0.5) == 0.0
    assert answer(1.2, 1.0, -1.0, 0.5) == pytest.approx(0.4)  # of what should be little
    assert answer(0.0, 1.0, 1.0, 0.5) == 1.0


@given(POSITIVE, POSITIVE, st.sampled_from([-1.0, 1.0]), POSITIVE)
def test_an_answer_is_a_share_does_not_depend_on_the_unit_and_only_one_side_acts(own, mean, sign, unit):
    share = answer(own, mean, sign, FULL)
    assert 0.0 <= share <= 1.0
    assert answer(unit * own, unit * mean, sign, FULL) == pytest.approx(share, abs=1e-9)
    assert share == 0.0 or answer(own, mean, -sign, FULL) == 0.0


def run(small, *plans, quarters=16):
    scenario = load_scenario("undated").with_policies(plans)
    return Ecosystem(seed=3, scenario=scenario, quarters=quarters, set=small).run()


def test_provinces_behind_act_in_proportion_and_by_last_years_figures(small):
    model = run(small, PolicyPlan("M83", 0.8, 2014, 2035, behind="N3"), quarters=12)
    strength = model.state.governments["strength"][:, M83]
    year_before = model.results.indicators.query("indicator == 'N3' and year == 2013")
    seen = year_before.set_index("province").loc[model.regions["region"], "value"].to_numpy()
    expected = np.clip((seen.mean() - seen) / (FULL * seen.mean()), 0, 1) * 0.8
    np.testing.assert_allclose(strength, expected, rtol=1e-6)
    assert 3 <= (strength > 0).sum() <= 9


def test_the_score_can_be_answered_and_so_can_an_indicator_that_should_be_low(small):
    model = run(
        small,
        PolicyPlan("M83", 1.0, 2012, 2035, behind="nqpf"),
        PolicyPlan("M64", 1.0, 2012, 2035, behind="N8"),
    )
    g, score = model.state.governments["strength"], model.state.provinces["score"]
    assert ((g[:, M83] > 0) == (score < score.mean())).all()
    energy = model.state.panel[:, model._indicators.index("N8")]
    assert g[energy.argmax(), M64] > 0 == g[energy.argmin(), M64]


@pytest.mark.parametrize("quarters", [13, 16])
def test_the_score_seen_is_last_years_from_the_first_quarter_on(small, quarters):
    """The state learns it in the course of the first quarter, after governments have decided."""
    model = run(small, PolicyPlan("M83", 1.0, 2012, 2035, behind="nqpf"), quarters=quarters)
    score = model.state.provinces["score"]
    expected = np.clip((score.mean() - score) / (FULL * score.mean()), 0, 1)
    np.testing.assert_allclose(model.state.governments["strength"][:, M83], expected, rtol=1e-9, atol=1e-12)


def test_runs_agree_until_the_answer_begins(small):
    plain, model = (
        run(small, quarters=8),
        run(small, PolicyPlan("M83", 1.0, 2014, 2035, behind="N3"), quarters=8),
    )
    assert plain.state_hash() == model.state_hash()


def test_what_there_is_not_is_refused_with_what_there_is(small, tmp_path):
    with pytest.raises(InputError, match="behind: 'N33' is none of nqpf, N1"):
        run(small, PolicyPlan("M83", 1.0, 2014, 2035, behind="N33"))
    text = '[[policy]]\ninstrument = "M83"\nstrength = 1.0\nfrom = 2026\nuntil = 2035\nbehind = {}\n'
    for value in ("3", '""'):
        (tmp_path / "s.toml").write_text('title = "t"\n' + text.format(value), encoding="utf-8")
        with pytest.raises(InputError, match="key 'behind': must name an indicator"):
            load_scenario(tmp_path / "s.toml")


def test_the_shipped_scenario_runs_and_nobody_ahead_in_all_acts(small):
    model = Ecosystem(seed=1, scenario="adaptive", until=2027, set=small).run()
    strength = model.state.governments["strength"]
    assert strength.sum() > 0
    assert (strength.max(axis=0) <= 1).all()
