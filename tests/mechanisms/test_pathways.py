"""Innovation (M13), resources (M14), institutions (M15): three sets of laws with nothing in common."""

from itertools import product

import numpy as np
import pytest

from nqpf_abm.mechanisms.credit import ask_for_credit
from nqpf_abm.mechanisms.labour import match_jobs
from nqpf_abm.mechanisms.orientation import decide
from nqpf_abm.mechanisms.research import plan_research

PATHWAYS = ("M13", "M14", "M15")
LOW_MATCHING = {"integration.matching": 0.3, "M98": "off"}


def answers(acted, switches: dict) -> dict[str, bool]:
    """Which pathway's own outcome answers to orientation under the given switches."""

    def at(level):
        def change(state):
            state.entrepreneurs["cognition"] = level
            state.firms["layoffs"] = 0
            state.firms["vacancies"] = 2
            state.firms["loan"] = 0.0

        settings = LOW_MATCHING | switches
        leaders = acted(decide, change=change, settings=settings).entrepreneurs
        alive = leaders["is_alive"] == 1
        firms = acted(ask_for_credit, plan_research, change=change, settings=settings).firms
        jobs = acted(match_jobs, change=change, settings=settings).provinces
        return {
            "M13": np.concatenate([leaders["research_drive"][alive], leaders["radical_share"][alive]]),
            "M14": np.concatenate([firms["credit_line"], jobs["matches"].astype(float)]),
            "M15": firms["is_applicant"],
        }

    calm, bold = at(0.1), at(0.9)
    return {name: not np.array_equal(calm[name], bold[name]) for name in PATHWAYS}


@pytest.mark.parametrize("on", list(product([True, False], repeat=3)))
def test_each_switch_silences_its_own_pathway_and_no_other(acted, on):
    switches = {name: "on" if state else "off" for name, state in zip(PATHWAYS, on, strict=True)}
    assert answers(acted, switches) == dict(zip(PATHWAYS, on, strict=True))
