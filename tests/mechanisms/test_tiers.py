"""Data in three tiers: what pays is shared, and only those who share more take them up."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.mechanisms.data import gather_data
from nqpf_abm.mechanisms.tiers import shared_in_tiers, worth_tiering
from nqpf_abm.state.paths import M55

steady = settings(derandomize=True, deadline=None, max_examples=100)
bit = st.sampled_from([0.0, 1.0])


def test_by_hand():
    assert shared_in_tiers(0.1, 0.5, 0.3, 0.0, 1.0, 1.0) == pytest.approx(0.8, abs=1e-15)
    assert [worth_tiering(*at) for at in ((0.8, 0.0, 1), (0.8, 1.0, 1), (0.8, 0.0, 0), (0.0, 0.0, 1))] == [
        1,
        0,
        0,
        0,
    ]


@steady
@given(st.floats(0, 0.3), st.floats(0, 0.7), st.floats(0, 0.5), bit, bit, bit)
def test_a_share_that_grows_with_every_tier_that_pays(raw, model, knowledge, a, b, c):
    shared = shared_in_tiers(raw, model, knowledge, a, b, c)
    assert 0.0 <= shared <= shared_in_tiers(raw, model, knowledge, 1.0, 1.0, 1.0) <= 1.0
    assert shared_in_tiers(raw, model, knowledge, 0.0, 0.0, 0.0) == 0.0


@pytest.mark.parametrize(
    ("price", "share"), [(0.0, 0.0), (0.003, 0.3), (0.006, 0.8), (0.0085, 0.9), (0.011, 1.0)]
)
def test_tiers_open_one_after_the_other_as_the_price_rises(acted, living, price, share):
    """Equal firms without a pool fear .01 of sales: knowledge pays beyond .002, models .005, raw data .008, all .01."""

    def change(state):
        firms = state.firms
        firms["paths"][:, M55] = 1
        firms["is_adopter"] = 1
        firms["data"] = 1.0
        firms["sharing"] = 0.0
        firms["share"] = 1.0 / state.provinces["n_firms"][firms["province"]]
        state.provinces["data_pool"] = 0.0
        state.provinces["data_rights"] = 0.0

    settings = {"data.price": price, "data.risk": 0.01, "data.speed": 1.0, "M14": "off"}
    firms = living(acted(gather_data, change=change, settings=settings).firms)
    np.testing.assert_allclose(firms["sharing"], share, atol=1e-12)
