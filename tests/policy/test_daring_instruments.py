"""Funds for risk, chain leaders, safeguards: laws by hand and what they do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nqpf_abm.policy.chains import chain_links
from nqpf_abm.policy.compensation import borne_share, felt_pressure, in_earnest
from nqpf_abm.policy.safeguards import protection_level


def test_laws_by_hand():
    assert borne_share(0.3, 0.6, 0.5) == pytest.approx(0.45)
    assert borne_share(0.7, 0.6, 1.0) == 0.7
    assert felt_pressure(0.5, 0.6, 1.0) == pytest.approx(0.2)
    assert in_earnest(0.5, 1.0, 1.0) == pytest.approx(0.5)
    assert in_earnest(0.5, 0.9, 1.0) == pytest.approx(0.75)
    assert in_earnest(0.5, 0.6, 1.0) == 1.0
    assert chain_links(0.5, 0.4, 0.4, 1.0) == pytest.approx(1.25)
    assert chain_links(0.5, 0.2, 0.4, 1.0) == pytest.approx(1.029, abs=1e-3)
    assert protection_level(0.4, 0.5, 1.0) == pytest.approx(0.7)


@given(x=st.floats(0.0, 2.0), b=st.floats(0.0, 1.0))
def test_at_strength_zero_every_law_gives_back_what_it_got(x, b):
    assert felt_pressure(x, b, 0.0) == borne_share(x, b, 0.0) == protection_level(x, b, 0.0) == x
    assert in_earnest(b, b, 0.0) == chain_links(b, x, 0.4, 0.0) == 1.0


@given(bears=st.floats(0.3, 0.8), hazard=st.floats(0.0, 1.0), strength=st.floats(0.0, 1.0))
def test_no_hazard_up_to_four_fifths(bears, hazard, strength):
    assert in_earnest(hazard, bears, strength) == 1.0


def test_a_fund_for_risk_raises_tolerance_and_what_it_bears(governed):
    plain, borne = governed(quarters=16), governed("M70", quarters=16)
    a, b = plain.results.series_array[-4:], borne.results.series_array[-4:]
    assert b["tolerance"].mean() > a["tolerance"].mean()
    assert b["approvals"].mean() > a["approvals"].mean()


def test_safeguards_leave_radical_worth_higher(governed):
    plain, safe = governed(), governed("M79")
    share = [
        m.state.entrepreneurs["radical_share"][m.state.entrepreneurs["is_alive"] == 1].mean()
        for m in (plain, safe)
    ]
    assert share[1] > share[0]
