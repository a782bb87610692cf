"""The kinds of agents and what each does in a quarter, phase by phase."""

from __future__ import annotations

from nqpf_abm.agents.row import RowAgent
from nqpf_abm.mechanisms import (
    absorption,
    adoption,
    alertness,
    carbon,
    compute,
    credit,
    crowdsourcing,
    data,
    demography,
    digital,
    finance,
    government,
    hierarchy,
    labour,
    launching,
    leadership,
    market,
    migration,
    orientation,
    pipeline,
    proactivity,
    production,
    research,
    tolerance,
    waste,
)


class Entrepreneur(RowAgent):
    """Leads a firm; its orientation decides on research and its styles make up leadership."""

    table = "entrepreneurs"

    def lead(self) -> None:
        """Combine the four styles into team-empowering leadership."""
        self.act(leadership.lead)

    def learn_from_below(self) -> None:
        """Move towards the staff whose ideas were accepted."""
        self.act(proactivity.learn_from_below)

    def decide(self) -> None:
        """Decide, on what was perceived last quarter, what to do next quarter."""
        self.act(orientation.decide)


class Team(RowAgent):
    """Passes the leader's spirit on to its members."""

    table = "teams"

    def follow_leader(self) -> None:
        """Take over the spirit of leader, other teams and members."""
        self.act(leadership.follow_leader)


class Employee(RowAgent):
    """Works, learns, acts proactively, changes jobs, moves."""

    table = "employees"

    def weigh_leaving(self) -> None:
        """Weigh leaving the province."""
        self.act(migration.weigh_leaving)

    def live_and_learn(self) -> None:
        """Learn on the job, or retire."""
        self.act(labour.live_and_learn)

    def take_over_spirit(self) -> None:
        """Take over the spirit of team, leader and peers."""
        self.act(leadership.take_over_spirit)

    def act_proactively(self) -> None:
        """Act beyond the job, or not."""
        self.act(proactivity.act_proactively)


class Firm(RowAgent):
    """Searches, adopts, produces, sells, pays, hires; may close."""

    table = "firms"

    def plan_staff(self) -> None:
        """Decide how many to hire or to lay off."""
        self.act(labour.plan_staff)

    def choose_paths(self) -> None:
        """Choose which improvement paths to follow."""
        self.act(adoption.choose_paths)

    def restructure(self) -> None:
        """Take out a layer of hierarchy, or add one."""
        self.act(hierarchy.restructure)

    def screen_ideas(self) -> None:
        """Screen employees' ideas layer by layer."""
        self.act(proactivity.screen_ideas)

    def ask_for_credit(self) -> None:
        """Ask a bank for credit."""
        self.act(credit.ask_for_credit)

    def plan_research(self) -> None:
        """Set the R&D budget, perhaps apply for a grant."""
        self.act(research.plan_research)

    def spend_on_research(self) -> None:
        """Spend on R&D what cash and grant allow."""
        self.act(research.spend_on_research)

    def absorb_knowledge(self) -> None:
        """Learn from neighbours, universities and the frontier."""
        self.act(absorption.absorb_knowledge)

    def search(self) -> None:
        """Search for improvements."""
        self.act(research.search)

    def post_demands(self) -> None:
        """Post a demand, and take over what a consortium finds."""
        self.act(crowdsourcing.post_demands)

    def launch(self) -> None:
        """Bring wins to output, as far as they are digested and not taken away."""
        self.act(launching.launch)

    def weigh_risk(self) -> None:
        """Find how much failure can be borne after last quarter's earnings."""
        self.act(tolerance.weigh_risk)

    def adopt_digital(self) -> None:
        """Adopt digital technology, sell online."""
        self.act(digital.adopt_digital)

    def gather_data(self) -> None:
        """Gather data, and decide whether to share them."""
        self.act(data.gather_data)

    def train_algorithms(self) -> None:
        """Let algorithms learn from data, ask for computing power."""
        self.act(compute.train_algorithms)

    def join_factors(self) -> None:
        """Find what data, algorithm and computing power make together."""
        self.act(compute.join_factors)

    def set_capacity(self) -> None:
        """Find out what the factors can produce."""
        self.act(production.set_capacity)

    def plan_investment(self) -> None:
        """Invest towards the target stock."""
        self.act(finance.plan_investment)

    def spot_niches(self) -> None:
        """See a gap in the market, or not."""
        self.act(alertness.spot_niches)

    def compete(self) -> None:
        """Be weighed by the market."""
        self.act(market.compete)

    def sell_and_produce(self) -> None:
        """Sell what is ordered, produce towards expected sales."""
        self.act(market.sell_and_produce)

    def pay(self) -> None:
        """Pay staff, suppliers, taxes, banks and owners."""
        self.act(finance.pay)

    def renew_energy_use(self) -> None:
        """Use less energy with new capital and green wins."""
        self.act(carbon.renew_energy_use)

    def renew_waste(self) -> None:
        """Make less waste with new capital and green wins, and reuse more."""
        self.act(waste.renew_waste)

    def judge_survival(self) -> None:
        """Decide whether to close."""
        self.act(demography.judge_survival)


class University(RowAgent):
    """Creates achievements."""

    table = "universities"

    def open_centres(self) -> None:
        """Open a proof-of-concept centre, or close it."""
        self.act(adoption.open_centres)

    def create_achievements(self) -> None:
        """Create achievements in proportion to public R&D."""
        self.act(pipeline.create_achievements)

    def align(self) -> None:
        """Find how near its research is to the need, and inventors' effort, for all its projects."""
        self.act(pipeline.align)


class Project(RowAgent):
    """A university achievement on its way to use."""

    table = "projects"

    def advance(self) -> None:
        """Climb a technology readiness level, or stall."""
        self.act(pipeline.advance)


class Government(RowAgent):
    """Sets the provincial budget."""

    table = "governments"

    def set_budget(self) -> None:
        """Set the budget of the quarter."""
        self.act(government.set_budget)


KINDS: dict[str, type[RowAgent]] = {
    kind.table: kind for kind in (Entrepreneur, Team, Employee, Firm, University, Project, Government)
}
