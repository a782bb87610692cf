"""Budgets follow western output."""

import numpy as np
import pytest

from nqpf_abm.mechanisms.government import set_budget


@pytest.mark.parametrize("growth", [1.0, 1.7])
def test_budgets_grow_with_western_output(acted, growth):
    def grow(state):
        state.world["gdp"] = growth * state.world["gdp_start"]

    governments = acted(set_budget, change=grow).governments
    np.testing.assert_allclose(governments["fiscal"], growth * governments["fiscal_start"], rtol=1e-12)
    np.testing.assert_allclose(
        governments["public_rnd"], growth * governments["public_rnd_start"], rtol=1e-12
    )
    np.testing.assert_allclose(governments["purchases"], 0.5 * governments["fiscal"], rtol=1e-12)
    np.testing.assert_allclose(
        governments["grant_pool"], 0.3 * growth * governments["science_start"], rtol=1e-12
    )
