"""Three of the phases in polars: a frame of people, joined to frames of teams and leaders, lazily evaluated."""

from __future__ import annotations

import numpy as np
import polars as pl
from vectorised import living_columns

PHASES = ("take_over_spirit", "act_proactively", "weigh_leaving")
TRAITS = range(3)


def frame(columns: dict[str, np.ndarray], names: str) -> pl.DataFrame:
    """One column per name, one per trait for those with traits, and the row as "row"."""
    series: dict[str, np.ndarray] = {"row": np.arange(len(next(iter(columns.values()))))}
    for name in names.split():
        values = columns[name]
        series |= {name: values} if values.ndim == 1 else {f"{name}{k}": values[:, k] for k in TRAITS}
    return pl.DataFrame(series)


class InPolars:
    name = "polars"
    has_our_chance = False

    def __init__(self, state, p, seed: int = 1):
        self.p = p
        self.rng = np.random.default_rng(seed)
        _, leaders, teams, people = living_columns(state).values()
        self.leaders = frame(leaders, "orientation charisma leadership")
        self.teams = frame(teams, "orientation member_mean proactive_share safety autonomy motivation")
        self.people = frame(people, "firm team orientation anchor threshold is_proactive urge")

    def act(self, phase: str) -> None:
        getattr(self, phase)()

    def columns(self) -> dict[str, dict[str, np.ndarray]]:
        """What the phases change, by kind of agent, in the order of rows."""
        people = {name: self.people[name].to_numpy() for name in ("is_proactive", "urge", "firm")}
        for name in ("orientation", "anchor"):
            people[name] = self.people.select(f"{name}{k}" for k in TRAITS).to_numpy()
        return {"employees": {**people, "is_idle": people["firm"] < 0}}

    def take_over_spirit(self) -> None:
        q, c = self.p.leadership, pl.col
        speed = (q.adjustment * c("motivation") / q.neutral_style).clip(upper_bound=1.0)
        given = [
            q.member_from_team * c(f"orientation{k}") + q.member_from_peers * c(f"member_mean{k}")
            for k in TRAITS
        ]
        teams = self.teams.lazy().select(
            "row",
            (q.openness * c("safety")).alias("susceptibility"),
            speed.alias("speed"),
            *(given[k].alias(f"team{k}") for k in TRAITS),
        )
        keeps = self.p.charisma.internalisation * q.adjustment * c("leadership") * (1 - c("charisma"))
        leaders = self.leaders.lazy().select(
            "row",
            keeps.alias("keeps"),
            *((q.member_from_leader * c(f"orientation{k}")).alias(f"leader{k}") for k in TRAITS),
        )
        to_anchor = 1 - q.member_from_team - q.member_from_leader - q.member_from_peers
        moved, kept = {}, {}
        for k in TRAITS:
            x, anchor = c(f"orientation{k}"), c(f"anchor{k}")
            social = c(f"team{k}") + c(f"leader{k}") + to_anchor * anchor
            mix = (1 - c("susceptibility")) * anchor + c("susceptibility") * social
            moved[f"orientation{k}"] = pl.coalesce(x + c("speed") * (mix - x), x)  # no team: null, unmoved
            kept[f"anchor{k}"] = pl.coalesce(anchor + c("keeps") * (x - anchor), anchor)
        people = self.people.lazy()
        people = people.join(teams, left_on="team", right_on="row", how="left", maintain_order="left")
        people = people.join(leaders, left_on="firm", right_on="row", how="left", maintain_order="left")
        people = people.with_columns(**moved).with_columns(**kept)
        self.people = people.select(self.people.columns).collect()

    def act_proactively(self) -> None:
        q, c = self.p.proactivity, pl.col
        pull = q.autonomy_effect * (c("autonomy") - self.p.leadership.neutral_style)
        teams = self.teams.lazy().select("row", (pull + q.contagion * c("proactive_share")).alias("pull"))
        mean = (c("orientation0") + c("orientation1") + c("orientation2")) / 3
        drive = (mean + c("pull") - c("threshold")) / q.noise
        lots = pl.lit(pl.Series(self.rng.random(self.people.height)))
        acts = (lots < 1 / (1 + (-drive).exp())).fill_null(False)
        people = self.people.lazy()
        people = people.join(teams, left_on="team", right_on="row", how="left", maintain_order="left")
        self.people = people.with_columns(is_proactive=acts).select(self.people.columns).collect()

    def weigh_leaving(self) -> None:
        urge = pl.lit(pl.Series(self.rng.standard_exponential(self.people.height)))
        idle = pl.when(pl.col("firm") < 0).then(self.p.migration.idle_urge).otherwise(1.0)
        self.people = self.people.with_columns(urge=urge / idle)
