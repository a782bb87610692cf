"""The same six phases in NumPy: one array per attribute, one expression per law, for all agents at once."""

from __future__ import annotations

import numpy as np

from nqpf_abm.state.tables import AUTONOMY, DIRECTION, MOTIVATION, SAFETY

TAKEN = {
    "firms": "is_adopter is_new responsibility team_mean",
    "entrepreneurs": "orientation style charisma leadership channel horizon",
    "teams": "firm orientation anchor member_mean proactive_share safety autonomy motivation",
    "employees": "uid firm team tier orientation anchor threshold is_proactive skill old_skill urge",
}


def living_columns(state) -> dict[str, dict[str, np.ndarray]]:
    """Contiguous copies of the columns of agents alive, with links renumbered to match."""
    taken, number = {}, {}
    for kind, names in TAKEN.items():
        table = getattr(state, kind)
        alive = table["is_alive"] == 1
        number[kind] = np.append(np.where(alive, np.cumsum(alive) - 1, -1), -1)  # -1 stays -1
        taken[kind] = {name: np.ascontiguousarray(table[name][alive]) for name in names.split()}
    taken["teams"]["firm"] = number["firms"][taken["teams"]["firm"]]
    taken["employees"]["team"] = number["teams"][taken["employees"]["team"]]
    taken["employees"]["firm"] = number["firms"][taken["employees"]["firm"]]
    return taken


class Vectorised:
    name = "NumPy"
    has_our_chance = False

    def __init__(self, state, p, seed: int = 1):
        self.p = p
        self.rng = np.random.default_rng(seed)
        self.firms, self.leaders, self.teams, self.people = living_columns(state).values()

    def act(self, phase: str) -> None:
        getattr(self, phase)()

    def columns(self) -> dict[str, dict[str, np.ndarray]]:
        """What the phases change, by kind of agent, in the order of rows."""
        people = {**self.people, "is_idle": self.people["firm"] < 0}
        return {"entrepreneurs": self.leaders, "teams": self.teams, "employees": people}

    def lead(self) -> None:
        e, q = self.leaders, self.p.leadership
        e["leadership"] = e["style"].prod(axis=1) ** 0.25
        own = np.empty(4)
        own[[AUTONOMY, MOTIVATION, DIRECTION, SAFETY]] = (
            q.autonomy_strength, q.motivation_strength, q.direction_strength, q.safety_strength,
        )  # fmt: skip
        e["channel"] = (1 - own) * e["leadership"][:, None] + own * e["style"]

    def follow_leader(self) -> None:
        t, q, charismatic = self.teams, self.p.leadership, self.p.charisma
        firm = t["firm"]
        charisma, leadership = self.leaders["charisma"][firm], self.leaders["leadership"][firm]
        channel = self.leaders["channel"][firm]
        extra = charisma - charisma * charisma
        from_leader = q.team_from_leader * (1 + extra) / (1 + q.team_from_leader * extra)
        others = (1 - from_leader) / (1 - q.team_from_leader)
        to_anchor = 1 - from_leader - others * (q.team_from_teams + q.team_from_members)
        identification = q.identification * channel[:, DIRECTION] / q.neutral_style
        identification += self.p.responsibility.identification * self.firms["responsibility"][firm]
        susceptibility = (q.openness * leadership * np.clip(identification, 0, 1))[:, None]
        t["motivation"] = channel[:, MOTIVATION]
        t["autonomy"] = channel[:, AUTONOMY]
        speed = np.minimum(q.adjustment * t["motivation"] / q.neutral_style, 1)[:, None]
        keeps = (charismatic.internalisation * q.adjustment * leadership * (1 - charisma))[:, None]
        heard = q.team_from_teams * self.firms["team_mean"][firm] + q.team_from_members * t["member_mean"]
        social = from_leader[:, None] * self.leaders["orientation"][firm] + others[:, None] * heard
        social += to_anchor[:, None] * t["anchor"]
        x, anchor = t["orientation"], t["anchor"]
        x += speed * ((1 - susceptibility) * anchor + susceptibility * social - x)
        anchor += keeps * (x - anchor)
        t["safety"] = np.clip(
            q.safety_base + q.safety_gain * channel[:, SAFETY] - charismatic.dependence * charisma, 0, 1
        )

    def take_over_spirit(self) -> None:
        q = self.p.leadership
        at_work = np.flatnonzero(self.people["firm"] >= 0)
        team, firm = self.people["team"][at_work], self.people["firm"][at_work]
        # what depends on the team or the leader alone is computed once for each
        given = (
            q.member_from_team * self.teams["orientation"] + q.member_from_peers * self.teams["member_mean"]
        )
        susceptibility = (q.openness * self.teams["safety"])[team][:, None]
        speed = np.minimum(q.adjustment * self.teams["motivation"] / q.neutral_style, 1)[team][:, None]
        keeps = self.leaders["leadership"] * (1 - self.leaders["charisma"])
        keeps = (self.p.charisma.internalisation * q.adjustment * keeps)[firm][:, None]
        to_anchor = 1 - q.member_from_team - q.member_from_leader - q.member_from_peers
        x, anchor = self.people["orientation"][at_work], self.people["anchor"][at_work]
        social = given[team] + (q.member_from_leader * self.leaders["orientation"])[firm] + to_anchor * anchor
        x += speed * ((1 - susceptibility) * anchor + susceptibility * social - x)
        self.people["orientation"][at_work] = x
        self.people["anchor"][at_work] = anchor + keeps * (x - anchor)

    def act_proactively(self) -> None:
        q, people = self.p.proactivity, self.people
        team, idle = people["team"], people["firm"] < 0
        # a lack of a team reads the last one; its people are set to 0 in the end
        pull = q.autonomy_effect * (self.teams["autonomy"] - self.p.leadership.neutral_style)
        pull = (pull + q.contagion * self.teams["proactive_share"])[team]
        x = people["orientation"]
        drive = ((x[:, 0] + x[:, 1] + x[:, 2]) / 3 + pull - people["threshold"]) / q.noise
        people["is_proactive"] = (self.rng.random(team.size) * (1 + np.exp(-drive)) < 1) & ~idle

    def weigh_leaving(self) -> None:
        people = self.people
        urge = self.rng.standard_exponential(people["firm"].size)
        people["urge"] = np.where(people["firm"] < 0, urge / self.p.migration.idle_urge, urge)

    def live_and_learn(self) -> None:
        q, people, skills = self.p.labour, self.people, self.p.skills
        firm = people["firm"]
        at_work = firm >= 0
        adopts = self.firms["is_adopter"] == 1
        learning = np.where(adopts, q.skill_gain * self.leaders["horizon"] / skills.horizon_usual, 0.0)
        uses_old = ~adopts & (self.firms["is_new"] == 0)
        people["old_skill"] *= np.where(at_work & uses_old[firm], 1.0, 1.0 - skills.old_decay)
        learned = np.where(at_work, learning[firm], 0.0)
        people["skill"] = np.clip(people["skill"] * (1 - q.skill_decay) + learned, 0, 1)
        self.replace(np.flatnonzero(self.rng.random(firm.size) < q.retirement))

    def replace(self, rows: np.ndarray) -> None:
        """Newcomers without a job take the place of those who retire."""
        p, q, people, n = self.p, self.p.labour, self.people, rows.size
        people["firm"][rows] = people["team"][rows] = -1
        own, common = self.rng.standard_normal((n, 3)), self.rng.standard_normal((n, 1))
        traits = 0.5 + q.orientation_sd * (np.sqrt(q.coherence) * common + np.sqrt(1 - q.coherence) * own)
        people["anchor"][rows] = people["orientation"][rows] = np.clip(traits, 0, 1)
        people["threshold"][rows] = self.rng.normal(
            p.proactivity.threshold_mean, p.proactivity.threshold_sd, n
        )
        people["skill"][rows] = self.rng.uniform(q.skill_low, q.skill_high, n)
        people["old_skill"][rows] = self.rng.uniform(p.skills.old_low, p.skills.old_high, n)
        people["is_proactive"][rows] = 0
        people["urge"][rows] = 1.0
