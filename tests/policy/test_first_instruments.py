"""Green procurement, the three reforms, the platform and R&D tax relief: laws by hand and what they do."""

import numpy as np
import pytest

from nqpf_abm.policy.platform import bridged, relayed_stall
from nqpf_abm.policy.procurement import reserved_orders, tender_pull
from nqpf_abm.policy.reforms import inventors_effort, relative_entry
from nqpf_abm.policy.tax_relief import added_research
from nqpf_abm.state.instruments import M83


def test_laws_by_hand():
    assert added_research(10.0, 0.2, 0.5, 0.0) == pytest.approx(4.0)
    assert added_research(10.0, 0.2, 0.5, 1.0) == pytest.approx(8.0)
    assert reserved_orders(0.1, 1.0, 100.0, 5.0, 1000.0) == pytest.approx(15.0)
    assert reserved_orders(0.1, 1.0, 100.0, 5.0, 20.0) == pytest.approx(10.0)
    assert tender_pull(5.0, 100.0, 0.3, 0.05) == pytest.approx(0.15)
    assert tender_pull(5.0, 1000.0, 0.3, 0.05) == pytest.approx(0.0273, abs=1e-4)
    assert tender_pull(0.0, 100.0, 0.3, 0.05) == 0.0
    assert inventors_effort(1.0, 0.3, 0.8, 0.63) == pytest.approx(1.855, abs=1e-3)
    assert inventors_effort(0.0, 0.3, 0.8, 0.63) == 1.0
    assert relative_entry(0.1, 1.8) == pytest.approx(1.08)
    assert relative_entry(0.1, 1.0) == 1.0
    assert bridged(0.25, 0.5, 1.0) == pytest.approx(0.375)
    assert relayed_stall(0.05, 0.3, 1.0) == pytest.approx(0.035)


def test_relief_is_paid_to_applicants_and_a_part_is_only_relabelled(governed):
    model = governed("M83")
    firms = model.state.firms[model.state.firms["is_alive"] == 1]
    paid = firms["support"] > 0
    assert paid.any()
    assert (firms["is_applicant"][paid] == 1).all()
    assert np.allclose(firms["rnd_relabelled"], 0.242 * firms["support"])
    weight = model.state.provinces["weight"][firms["province"]]
    total = np.bincount(firms["province"], weights=weight * firms["support"], minlength=12)
    assert (total <= model.state.governments["delivered"][:, M83] * (1 + 1e-9)).all()


def test_reserved_orders_go_to_clean_firms_and_add_up(governed):
    model = governed("M72")
    provinces = model.state.provinces
    assert (provinces["green_orders"] > 0).any()
    orders = model.state.firms["order"] * provinces["weight"][model.state.firms["province"]]
    alive = (model.state.firms["is_alive"] == 1) & (model.state.firms["age"] > 1)
    total = np.bincount(model.state.firms["province"][alive], weights=orders[alive], minlength=12)
    assert (total <= provinces["orders"] * (1 + 1e-9)).all()
