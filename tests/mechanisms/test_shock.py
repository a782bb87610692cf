"""Shifts of spirit: none before 2012Q1, one standard deviation after, newcomers included."""

import numpy as np
import pytest

from nqpf_abm import Ecosystem
from nqpf_abm.mechanisms.shock import shift_spirit, style_shift
from nqpf_abm.mechanisms.spirit import orientation_spread

SPREAD = orientation_spread(0.15, 0.5)


def test_style_shift_by_hand():
    assert style_shift(0.6) == pytest.approx(0.0866, abs=1e-4)


@pytest.mark.parametrize(
    ("name", "table", "columns"),
    [
        ("leaders", "entrepreneurs", ["orientation"]),
        ("teams", "teams", ["orientation", "anchor"]),
        ("employees", "employees", ["orientation", "anchor"]),
        ("styles", "entrepreneurs", ["style"]),
    ],
)
def test_at_2012_one_level_moves_by_one_standard_deviation(acted, living, name, table, columns):
    def at_start(state):
        state.world["clock"] = 0.0
        for column in columns:
            getattr(state, table)[column] = 0.5

    shifted = acted(shift_spirit, change=at_start, settings={f"shock.{name}": 1.0})
    size = style_shift(0.6) if name == "styles" else SPREAD
    for column in columns:
        assert living(getattr(shifted, table))[column] == pytest.approx(0.5 + size, abs=1e-12)
    later = acted(shift_spirit, settings={f"shock.{name}": 1.0})
    np.testing.assert_array_equal(getattr(later, table), getattr(acted(), table))


def test_a_shifted_run_is_the_other_run_until_2012(small):
    plain, shifted = (
        Ecosystem(seed=4, quarters=4, set=small | changes)
        for changes in ({}, {"shock.leaders": 1.0, "shock.styles": 1.0, "shock.employees": 1.0})
    )
    plain.run(), shifted.run()
    burn_in = plain.burn_in
    before, after = (m.results.series_array for m in (plain, shifted))
    np.testing.assert_array_equal(before[:burn_in], after[:burn_in])
    assert (after["leader_orientation"][burn_in] > before["leader_orientation"][burn_in] + 0.08).all()


def test_founders_and_newcomers_are_shifted_too(small):
    size = small | {"start.firms": 240, "demography.entry": 0.016, "labour.retirement": 0.01}
    means = []
    for level in (0.0, 1.0):
        model = Ecosystem(seed=4, quarters=12, set=size | {"shock.leaders": level, "shock.employees": level})
        model.run()
        new = model.state.entrepreneurs[
            (model.state.firms["is_alive"] == 1) & (model.state.firms["age"] < 12)
        ]
        means.append(new["orientation"].mean())
    assert means[1] - means[0] == pytest.approx(SPREAD, rel=0.35)
