"""Mesa agents: real, in step with the tables, and overridable."""

import gc
import weakref

import mesa
import pytest

from nqpf_abm import Ecosystem, InputError
from nqpf_abm.agents.kinds import Employee, Firm, Team


def test_agents_really_act(small):
    class Counting(Employee):
        acted = 0

        def act_proactively(self):
            type(self).acted += 1
            super().act_proactively()

    model = Ecosystem(seed=1, quarters=4, set=small, engine="agents", classes=[Counting])
    model.run()
    plain = Ecosystem(seed=1, quarters=4, set=small).run()
    assert Counting.acted >= 12 * 0.9 * plain.state.employees["is_alive"].sum()
    assert model.state_hash() == plain.state_hash()


def test_an_overridden_phase_changes_what_happens_and_warns(small):
    class Idle(Employee):
        def act_proactively(self):
            self.is_proactive = 0

    with pytest.warns(UserWarning, match="act_proactively"):
        model = Ecosystem(seed=1, quarters=4, set=small, classes=[Idle])
    model.run()
    assert model.state.employees["is_proactive"].sum() == 0
    assert Ecosystem(seed=1, quarters=4, set=small).run().state.employees["is_proactive"].sum() > 0


def test_agents_are_views_of_their_rows(small):
    model = Ecosystem(seed=1, quarters=4, set=small).run()
    firm = model.agents_by_type[Firm][0] if model.agents else None
    assert isinstance(firm, mesa.Agent)
    assert firm.cash == model.state.firms["cash"][firm.row]
    firm.cash = 5.0
    assert model.state.firms["cash"][firm.row] == 5.0
    firm.nickname = "mine"  # an ordinary attribute
    assert firm.nickname == "mine"
    with pytest.raises(AttributeError, match="no attribute or column"):
        _ = firm.no_such_thing


def test_agents_follow_birth_and_death(small):
    model = Ecosystem(seed=1, quarters=12, set=small)
    _ = model.agents
    for _ in range(12):
        model.step()
        for kind, table in ((Firm, "firms"), (Team, "teams"), (Employee, "employees")):
            agents = model.agents_by_type[kind]
            rows = getattr(model.state, table)
            assert len(agents) == rows["is_alive"].sum()
            assert {agent.unique_id for agent in agents} == {
                int(u) for u in rows["uid"][rows["is_alive"] == 1]
            }
    assert sum(row["exits"].sum() + row["entries"].sum() for row in model.results.series_array) > 0


def test_foreign_classes_are_refused(small):
    with pytest.raises(InputError, match="Employee"):
        Ecosystem(set=small, classes=[mesa.Agent])


def test_a_finished_model_is_let_go(small):
    model = Ecosystem(seed=1, quarters=4, set=small, engine="agents")
    model.step()
    gone = weakref.ref(model)
    del model
    gc.collect()
    assert gone() is None
