"""The dated policies of 2012 to 2022: nothing before their dates, something after, and books that balance."""

import numpy as np
import pytest

from nqpf_abm import Ecosystem
from nqpf_abm.data.scenario_file import load_scenario


@pytest.fixture(scope="module")
def runs(small):
    return {name: Ecosystem(seed=6, scenario=name, set=small).run() for name in ("baseline", "calendar")}


def test_dates_are_within_the_decade_and_no_instrument_is_set_twice_at_once():
    policies = load_scenario("calendar").policies
    assert len(policies) >= 6
    assert all(2012 <= policy.start <= policy.end <= 2022 for policy in policies)
    for a in policies:
        for b in policies:
            if a is not b and a.instrument == b.instrument:
                assert a.end < b.start or b.end < a.start or not set(a.regions) & set(b.regions)


def test_nothing_differs_before_the_first_policy_and_much_after(runs):
    first = min(policy.start for policy in load_scenario("calendar").policies)
    tables = [run.results.series for run in runs.values()]
    early, late = ([t[t["year"] < first] for t in tables], [t[t["year"] >= first] for t in tables])
    assert early[0].equals(early[1])
    assert early[0]["policy_spend"].sum() == 0.0
    assert late[1]["policy_spend"].sum() > 0.0
    assert late[1]["rd"].sum() != late[0]["rd"].sum()


def test_only_the_places_named_are_paid_for(runs):
    """Shaanxi's platform and reforms, the hubs' computing, on top of what all provinces have."""
    series = runs["calendar"].results.series.query("year == 2022")
    share = series.groupby("province")["policy_spend"].sum() / series.groupby("province")["gdp"].sum()
    assert (
        share[["Shaanxi", "Guizhou", "Ningxia"]].min() > 1.2 * share[["Xinjiang", "Yunnan", "Qinghai"]].max()
    )
    assert (share > 0).all()
    assert np.isfinite(share).all()
