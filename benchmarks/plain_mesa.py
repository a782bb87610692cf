"""Six phases of nqpf_abm in plain Mesa: objects with attributes, Python arithmetic, chance from `self.random`.

Written as a modeller would who has only Mesa. The laws are those of the package with every mechanism on.
"""

from __future__ import annotations

import math

import mesa
import numpy as np
from mesa.agent import AgentSet

from nqpf_abm.state.tables import AUTONOMY, DIRECTION, MOTIVATION, SAFETY


class Firm(mesa.Agent):
    def __init__(self, model, row, leader):
        super().__init__(model)
        self.is_adopter = bool(row["is_adopter"])
        self.is_new = bool(row["is_new"])
        self.responsibility = float(row["responsibility"])
        self.team_mean = row["team_mean"].tolist()
        self.leader = leader


class Leader(mesa.Agent):
    def __init__(self, model, row):
        super().__init__(model)
        self.orientation = row["orientation"].tolist()
        self.style = row["style"].tolist()
        self.channel = row["channel"].tolist()
        self.charisma = float(row["charisma"])
        self.leadership = float(row["leadership"])
        self.horizon = float(row["horizon"])

    def lead(self):
        q = self.model.p.leadership
        a, b, c, d = self.style
        self.leadership = (a * b * c * d) ** 0.25
        own = (q.autonomy_strength, q.motivation_strength, q.direction_strength, q.safety_strength)
        for k, strength in zip((AUTONOMY, MOTIVATION, DIRECTION, SAFETY), own, strict=True):
            self.channel[k] = (1 - strength) * self.leadership + strength * self.style[k]


class Team(mesa.Agent):
    def __init__(self, model, row, firm):
        super().__init__(model)
        self.firm = firm
        self.orientation = row["orientation"].tolist()
        self.anchor = row["anchor"].tolist()
        self.member_mean = row["member_mean"].tolist()
        self.proactive_share = float(row["proactive_share"])
        self.safety = float(row["safety"])
        self.autonomy = float(row["autonomy"])
        self.motivation = float(row["motivation"])

    def follow_leader(self):
        q, charismatic = self.model.p.leadership, self.model.p.charisma
        firm, leader = self.firm, self.firm.leader
        charisma = leader.charisma
        extra = charisma - charisma * charisma
        from_leader = q.team_from_leader * (1 + extra) / (1 + q.team_from_leader * extra)
        others = (1 - from_leader) / (1 - q.team_from_leader)
        to_anchor = 1 - from_leader - others * (q.team_from_teams + q.team_from_members)
        identification = q.identification * leader.channel[DIRECTION] / q.neutral_style
        identification += self.model.p.responsibility.identification * firm.responsibility
        identification = min(max(identification, 0), 1)
        susceptibility = q.openness * leader.leadership * identification
        self.motivation = leader.channel[MOTIVATION]
        self.autonomy = leader.channel[AUTONOMY]
        speed = min(q.adjustment * self.motivation / q.neutral_style, 1)
        keeps = charismatic.internalisation * q.adjustment * leader.leadership * (1 - charisma)
        for k in range(3):
            own, anchor = self.orientation[k], self.anchor[k]
            heard = q.team_from_teams * firm.team_mean[k] + q.team_from_members * self.member_mean[k]
            social = from_leader * leader.orientation[k] + others * heard + to_anchor * anchor
            own += speed * ((1 - susceptibility) * anchor + susceptibility * social - own)
            self.orientation[k] = own
            self.anchor[k] = anchor + keeps * (own - anchor)
        safety = q.safety_base + q.safety_gain * leader.channel[SAFETY] - charismatic.dependence * charisma
        self.safety = min(max(safety, 0), 1)


class Employee(mesa.Agent):
    def __init__(self, model, row, firm, team):
        super().__init__(model)
        self.firm = firm
        self.team = team
        self.tier = int(row["tier"])
        self.orientation = row["orientation"].tolist()
        self.anchor = row["anchor"].tolist()
        self.threshold = float(row["threshold"])
        self.is_proactive = bool(row["is_proactive"])
        self.skill = float(row["skill"])
        self.old_skill = float(row["old_skill"])
        self.urge = float(row["urge"])

    def weigh_leaving(self):
        self.urge = self.random.expovariate(self.model.p.migration.idle_urge if self.firm is None else 1.0)

    def live_and_learn(self):
        p = self.model.p
        q = p.labour
        if self.random.random() < q.retirement:
            self.be_replaced()
            return
        firm = self.firm
        learning = 0.0
        if firm is not None and firm.is_adopter:
            learning = q.skill_gain * firm.leader.horizon / p.skills.horizon_usual
        if firm is None or firm.is_adopter or firm.is_new:
            self.old_skill *= 1 - p.skills.old_decay
        self.skill = min(max(self.skill * (1 - q.skill_decay) + learning, 0.0), 1.0)

    def be_replaced(self):
        """A newcomer without a job takes the place of one who retires."""
        p, chance = self.model.p, self.random
        q = p.labour
        self.firm = self.team = None
        common = math.sqrt(q.coherence) * chance.gauss(0, 1)
        for k in range(3):
            trait = 0.5 + q.orientation_sd * (common + math.sqrt(1 - q.coherence) * chance.gauss(0, 1))
            self.anchor[k] = self.orientation[k] = min(max(trait, 0.0), 1.0)
        self.threshold = chance.gauss(p.proactivity.threshold_mean, p.proactivity.threshold_sd)
        self.skill = chance.uniform(q.skill_low, q.skill_high)
        self.old_skill = chance.uniform(p.skills.old_low, p.skills.old_high)
        self.is_proactive = False
        self.urge = 1.0

    def take_over_spirit(self):
        if self.firm is None:
            return
        p = self.model.p
        q = p.leadership
        team, leader = self.team, self.firm.leader
        susceptibility = q.openness * team.safety
        speed = min(q.adjustment * team.motivation / q.neutral_style, 1.0)
        keeps = p.charisma.internalisation * q.adjustment * leader.leadership * (1 - leader.charisma)
        to_anchor = 1 - q.member_from_team - q.member_from_leader - q.member_from_peers
        for k in range(3):
            own, anchor = self.orientation[k], self.anchor[k]
            social = (
                q.member_from_team * team.orientation[k]
                + q.member_from_leader * leader.orientation[k]
                + q.member_from_peers * team.member_mean[k]
                + to_anchor * anchor
            )
            own += speed * ((1 - susceptibility) * anchor + susceptibility * social - own)
            self.orientation[k] = own
            self.anchor[k] = anchor + keeps * (own - anchor)

    def act_proactively(self):
        if self.firm is None:
            self.is_proactive = False
            return
        p = self.model.p
        q = p.proactivity
        mean = sum(self.orientation) / 3
        eased = self.threshold - q.autonomy_effect * (self.team.autonomy - p.leadership.neutral_style)
        drive = (mean + q.contagion * self.team.proactive_share - eased) / q.noise
        self.is_proactive = self.random.random() < 1 / (1 + math.exp(-drive))


class PlainMesa(mesa.Model):
    """People at work, taken over from a state of nqpf_abm.

    state  tables of the package;  p  its parameters, as ``p.topic.name``
    """

    name = "plain Mesa"
    has_our_chance = False

    def __init__(self, state, p, seed: int = 1):
        super().__init__(rng=seed)
        self.p = p
        rows = {name: getattr(state, name) for name in ("firms", "entrepreneurs", "teams", "employees")}
        living = {name: np.flatnonzero(table["is_alive"]).tolist() for name, table in rows.items()}
        leaders = {i: Leader(self, rows["entrepreneurs"][i]) for i in living["entrepreneurs"]}
        firms = {i: Firm(self, rows["firms"][i], leaders[i]) for i in living["firms"]}
        teams = {
            i: Team(self, rows["teams"][i], firms[int(rows["teams"]["firm"][i])]) for i in living["teams"]
        }
        for i in living["employees"]:
            row = rows["employees"][i]
            Employee(self, row, firms.get(int(row["firm"])), teams.get(int(row["team"])))
        self.sets: dict[str, AgentSet] = {
            phase: self.agents_by_type[kind]
            for kind in (Leader, Team, Employee)
            for phase in PHASES
            if hasattr(kind, phase)
        }

    def act(self, phase: str) -> None:
        self.sets[phase].do(phase)

    def columns(self) -> dict[str, dict[str, np.ndarray]]:
        """What the phases change, as arrays by kind of agent, in the order of rows."""
        people = list(self.agents_by_type[Employee])
        found = {
            "entrepreneurs": (list(self.agents_by_type[Leader]), "leadership channel"),
            "teams": (list(self.agents_by_type[Team]), "orientation anchor safety"),
            "employees": (people, "orientation anchor threshold is_proactive skill old_skill urge"),
        }
        arrays = {
            kind: {
                name: np.array([getattr(agent, name) for agent in agents], float) for name in names.split()
            }
            for kind, (agents, names) in found.items()
        }
        arrays["employees"]["is_idle"] = np.array([person.firm is None for person in people])
        return arrays


PHASES = ("lead", "follow_leader", "take_over_spirit", "act_proactively", "weigh_leaving", "live_and_learn")
