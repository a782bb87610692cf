"""The dated policies of 2012 to 2022 in the baseline: nothing before their dates, something after, in places that exist."""

from dataclasses import replace

import numpy as np
import pytest

from nqpf_abm import Ecosystem, InputError
from nqpf_abm.data.places import load_regions
from nqpf_abm.data.scenario_file import load_scenario

BASELINE = load_scenario("baseline")
KEPT = load_scenario("kept").policies_beside(BASELINE)


@pytest.fixture(scope="module")
def runs(small):
    return {name: Ecosystem(seed=6, scenario=name, set=small).run() for name in ("undated", "baseline")}


def test_dates_are_within_the_decade_and_strengths_add_up_to_one_at_most():
    policies = BASELINE.policies
    assert len({policy.instrument for policy in policies}) >= 15
    assert all(2012 <= policy.start <= policy.end <= 2022 for policy in policies)
    assert all(policy.history for policy in (*policies, *KEPT))
    for year in range(2012, 2023):
        for name in load_regions().table["region"]:
            strengths = {}
            for p in policies:
                if p.start <= year <= p.end and (not p.regions or name in p.regions):
                    strengths[p.instrument] = strengths.get(p.instrument, 0.0) + p.strength
            assert max(strengths.values(), default=0.0) <= 1.0


def test_places_named_are_of_the_west_or_of_xian():
    known = {name for file in (None, "xian") for name in load_regions(file).table["region"]}
    assert {name for policy in BASELINE.policies for name in policy.regions} <= known


def test_nothing_differs_before_the_first_policy_and_much_after(runs):
    first = min(policy.start for policy in BASELINE.policies)
    tables = [run.results.series for run in runs.values()]
    early, late = ([t[t["year"] < first] for t in tables], [t[t["year"] >= first] for t in tables])
    assert early[0].equals(early[1])
    assert tables[0]["policy_spend"].sum() == early[1]["policy_spend"].sum() == 0.0
    assert late[1]["policy_spend"].sum() > 0.0
    assert late[1]["rd"].sum() != late[0]["rd"].sum()


def test_places_named_are_paid_for_more(runs):
    """Shaanxi's platform, reforms and contest for graduates, the hubs' computing, on top of what all provinces have."""
    series = runs["baseline"].results.series.query("year == 2022")
    share = series.groupby("province")["policy_spend"].sum() / series.groupby("province")["gdp"].sum()
    assert share[["Shaanxi", "Guizhou", "Ningxia"]].min() > share[["Xinjiang", "Yunnan"]].max()
    assert (share > 0).all()
    assert np.isfinite(share).all()


def test_no_policy_is_in_force_after_2022_but_where_it_is_kept(small):
    decided = {}
    for name in ("baseline", "kept"):
        model = Ecosystem(seed=6, scenario=name, until=2023, set=small)
        model.settle()
        for _ in range(4 * 11):
            model.step()
        last = model.state.governments["strength"].copy()
        model.step()
        decided[name] = last, model.state.governments["strength"].copy()
    last, after = decided["baseline"]
    assert last.sum() > 1 and after.sum() == 0.0
    np.testing.assert_array_equal(*decided["kept"])


def test_regions_without_the_places_named_have_what_is_nationwide(small):
    regions = load_regions("xian")
    model = Ecosystem(seed=6, regions=regions, set=small, quarters=44).settle()
    for _ in range(44):
        model.step()
    strength = model.state.governments["strength"]
    names = regions.table["region"].tolist()
    own, rest, other = (strength[names.index(n)] for n in ("Xi'an", "Rest of Shaanxi", "Guangxi"))
    assert (own >= rest).all() and own.sum() > rest.sum() > other.sum() > 0
    strict = replace(BASELINE, policies=tuple(replace(p, history=False) for p in BASELINE.policies))
    with pytest.raises(InputError, match="Shaanxi"):
        Ecosystem(seed=6, scenario=strict, regions=regions, set=small)
