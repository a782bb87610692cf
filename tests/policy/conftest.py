"""Runs of the small world under policies."""

from dataclasses import replace
from functools import cache

import pytest

from nqpf_abm import Ecosystem
from nqpf_abm.data.scenario import PolicyPlan
from nqpf_abm.data.scenario_file import load_scenario


@cache
def ran(plans: tuple, settings: tuple, quarters: int) -> Ecosystem:
    scenario = replace(load_scenario("baseline"), policies=plans)
    return Ecosystem(seed=3, scenario=scenario, quarters=quarters, set=dict(settings)).run()


@pytest.fixture
def governed(small):
    """Function: a run of the small world with instruments at a strength from the first year on; not to be changed."""

    def run(*instruments, strength=1.0, start=2012, quarters=12, **settings):
        plans = tuple(PolicyPlan(i, strength, start, 2035) for i in instruments)
        named = {name.replace("__", "."): value for name, value in settings.items()}
        return ran(plans, tuple(sorted((small | named).items())), quarters)

    return run
