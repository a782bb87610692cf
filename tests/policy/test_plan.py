"""What plans ask of governments, and what their budget makes of it."""

import numpy as np
import pytest

from nqpf_abm import Ecosystem, InputError
from nqpf_abm.data.scenario import PolicyPlan
from nqpf_abm.data.scenario_file import load_scenario
from nqpf_abm.declare import Parameters
from nqpf_abm.experiment.compare_report import cut_short
from nqpf_abm.experiment.study import study
from nqpf_abm.mechanisms import topics
from nqpf_abm.policy.plan import decided, most_asked
from nqpf_abm.state.instruments import INSTRUMENTS

REGIONS, ECHELONS = ["A", "B", "C"], [1, 2, 2]
PLANS = (
    PolicyPlan("M64", 0.5, 2015, 2016),
    PolicyPlan("M64", 0.8, 2016, 2018, echelons=(2,)),
    PolicyPlan("M72", 1.0, 2016, 2016, regions=("C",)),
)


def parameters(**changes):
    return Parameters(topics(), {name.replace("__", "."): value for name, value in changes.items()})


def test_plans_add_up_to_full_strength_where_and_when_they_apply():
    m64, m72 = (INSTRUMENTS.index(id_) for id_ in ("M64", "M72"))
    found = decided(PLANS, 2016, parameters().record, REGIONS, ECHELONS)
    np.testing.assert_allclose(found[:, m64], [0.5, 1.0, 1.0])
    np.testing.assert_allclose(found[:, m72], [0.0, 0.0, 1.0])
    assert found.sum() == pytest.approx(3.5)
    assert decided(PLANS, 2019, parameters().record, REGIONS, ECHELONS).sum() == 0.0
    off = Parameters(topics(), {"M64": "off"}).record
    assert decided(PLANS, 2016, off, REGIONS, ECHELONS)[:, m64].sum() == 0.0


def test_most_is_asked_where_costs_add_up():
    found = most_asked(
        PLANS, parameters(infrastructure__unit_cost=0.3, procurement__unit_cost=0.2), REGIONS, ECHELONS
    )
    assert found == (pytest.approx(0.5), "C", 2016, 1.0)
    assert most_asked((), parameters(), REGIONS, ECHELONS).cost == 0.0


def test_a_package_beyond_the_budget_is_told_and_cut_by_just_that(small):
    plan = study(
        [load_scenario("baseline"), load_scenario("S30"), load_scenario("S11")],
        seeds=2,
        changes={"govern.budget": 0.25},
    )
    (text,) = cut_short(plan)
    assert text.startswith("S30 asks for 0.5 % of GDP a year") and "cut to 50%" in text
    own = (PolicyPlan("M64", 1.0, 2012, 2035), PolicyPlan("M72", 1.0, 2012, 2035))
    runs = {
        budget: Ecosystem(
            3, load_scenario("undated").with_policies(own), quarters=8, set=small | {"govern.budget": budget}
        ).run()
        for budget in (0.2, 1.0)
    }
    costs = [runs[0.2].state.params[topic]["unit_cost"][0] for topic in ("infrastructure", "procurement")]
    cut, whole = (run.state.governments["effect"].sum(axis=1) for run in (runs[0.2], runs[1.0]))
    np.testing.assert_allclose(cut / whole, 0.2 / sum(costs), rtol=1e-9)


HISTORY = [
    PolicyPlan("M64", 0.2, 2014, 2022, history=True),
    PolicyPlan("M64", 0.3, 2019, 2022, history=True),
    PolicyPlan("M64", 0.1, 2021, 2021),
]


@pytest.mark.parametrize(
    ("base_year", "year", "expected"),
    [
        (2012, 2016, 0.2),
        (2012, 2021, 0.6),
        (2018, 2018, 0.0),
        (2018, 2020, 0.3),
        (2018, 2021, 0.4),
        (2022, 2022, 0.0),
    ],
)
def test_of_history_counts_what_is_beyond_the_base_year(base_year, year, expected):
    """What was in force then is in the statistics that a model starts from; policies of one's own count whole."""
    found = decided(HISTORY, year, parameters().record, REGIONS, ECHELONS, base_year=base_year)
    np.testing.assert_allclose(found[:, INSTRUMENTS.index("M64")], expected, atol=1e-12)


def test_history_of_the_same_strength_in_other_parts_is_nothing_new():
    plans = [PolicyPlan("M64", 0.3, 2012, 2018, history=True)]
    plans += [PolicyPlan("M64", strength, 2019, 2022, history=True) for strength in (0.1, 0.2)]
    assert (decided(plans, 2020, parameters().record, REGIONS, ECHELONS, base_year=2018) == 0.0).all()


def test_plans_add_up_to_the_same_bits_in_any_order():
    plans = [PolicyPlan("M64", strength, 2012, 2022) for strength in (0.1, 0.2, 0.3)]
    one, other = (decided(p, 2016, parameters().record, REGIONS, ECHELONS) for p in (plans, plans[::-1]))
    assert one.tobytes() == other.tobytes()


def test_a_model_that_starts_later_does_not_enact_history_again(tmp_path, small):
    file = tmp_path / "later.toml"
    file.write_text(
        'base_year = 2018\n[[region]]\nname = "Sichuan"\n[[region]]\nname = "Shaanxi"\n', encoding="utf-8"
    )
    model = Ecosystem(3, regions=file, quarters=8, set=small).run()
    spent = model.results.series.groupby("year")["policy_spend"].sum()
    assert spent[2018] == 0.0 < spent[2019]  # green procurement is new in 2019


@pytest.mark.parametrize(
    ("name", "known"), [("Beijing", True), ("Rest of Shaanxi", True), ("Shanxi?", False)]
)
def test_history_passes_over_regions_of_the_package_and_no_others(name, known, small):
    plan = PolicyPlan("M64", 0.2, 2014, 2022, regions=(name,), history=True)
    scenario = load_scenario("undated").with_policies((plan,))
    if known:
        Ecosystem(3, scenario, quarters=4, set=small).close()
    else:
        with pytest.raises(InputError, match="is none of"):
            Ecosystem(3, scenario, quarters=4, set=small)
