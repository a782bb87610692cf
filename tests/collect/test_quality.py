"""High-quality development is measured by other things than NQPF, on goalposts that are the same in every run."""

import numpy as np
import pytest

from nqpf_abm.collect.quality import COMPONENTS, NOT_MEASURED, next_ecosystem
from nqpf_abm.collect.specification import load_specification


def test_no_component_is_an_indicator_of_nqpf():
    indicators = {str(i.sim).replace(" ", "") for i in load_specification("full").measured("sim")}
    assert len(indicators) == 18
    own = {c.formula.replace(" ", "") for c in COMPONENTS}
    assert not own & indicators
    assert len(own) == len(COMPONENTS) == 8
    assert all(len(reason) > 10 for reason in NOT_MEASURED.values())


def test_the_ecosystem_keeps_its_stock_under_the_load_of_2012_and_recovers_without():
    assert next_ecosystem(0.7, 1.0) == pytest.approx(0.7, rel=1e-12)
    assert next_ecosystem(0.7, 2.0) < 0.7 < next_ecosystem(0.7, 0.0) <= 1.0


def test_index_is_the_mean_of_what_is_known_and_coupling_is_that_of_both(baseline):
    table = baseline.results.hqd
    assert len(table) == 12 * 11 * (len(COMPONENTS) + 3)
    last = table[table["year"] == 2022].pivot(index="province", columns="component", values="score")
    parts = last[[c.name for c in COMPONENTS]]
    assert ((parts.dropna() >= 0) & (parts.dropna() <= 1)).all(axis=None)
    np.testing.assert_allclose(last["index"], parts.mean(axis=1), rtol=1e-12)
    nqpf = baseline.results.scores.query("year == 2022").set_index("province")["nqpf"].reindex(last.index)
    u, v = 0.01 + 0.98 * nqpf, 0.01 + 0.98 * last["index"]
    c = 2 * np.sqrt(u * v) / (u + v)
    np.testing.assert_allclose(last["coordination"], np.sqrt(c * (u + v) / 2), rtol=1e-9)
    np.testing.assert_allclose(last["coupling"], c, rtol=1e-9)


def test_every_component_varies_between_its_goalposts(baseline):
    table = baseline.results.hqd
    for component in COMPONENTS:
        scores = table.loc[table["component"] == component.name, "score"].dropna()
        assert 0.0 < scores.mean() < 1.0
        assert scores.std() > 0.0
