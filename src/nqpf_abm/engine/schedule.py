"""The quarter, phase by phase. Everything that happens in the model happens here, in this order."""

from __future__ import annotations

from nqpf_abm.declare import Phase
from nqpf_abm.mechanisms.absorption import absorb_knowledge
from nqpf_abm.mechanisms.adoption import choose_paths, open_centres, see_paths
from nqpf_abm.mechanisms.alertness import spot_niches
from nqpf_abm.mechanisms.anchoring import hold_levels, re_anchor
from nqpf_abm.mechanisms.carbon import renew_energy_use, shift_energy_mix
from nqpf_abm.mechanisms.circulation import circulate
from nqpf_abm.mechanisms.compute import allocate_compute, join_factors, train_algorithms
from nqpf_abm.mechanisms.credit import ask_for_credit
from nqpf_abm.mechanisms.crowdsourcing import post_demands
from nqpf_abm.mechanisms.data import gather_data, pool_data
from nqpf_abm.mechanisms.demography import close_firms, found_firms, judge_survival
from nqpf_abm.mechanisms.digital import adopt_digital
from nqpf_abm.mechanisms.efficiency import measure_efficiency
from nqpf_abm.mechanisms.fields import count_fields
from nqpf_abm.mechanisms.finance import pay, plan_investment, settle_accounts
from nqpf_abm.mechanisms.founding import spin_off
from nqpf_abm.mechanisms.gauge import gauge_entrepreneurship
from nqpf_abm.mechanisms.government import set_budget
from nqpf_abm.mechanisms.hierarchy import restructure
from nqpf_abm.mechanisms.institutions import reform
from nqpf_abm.mechanisms.labour import live_and_learn, match_jobs, plan_staff, set_wages
from nqpf_abm.mechanisms.launching import digest, launch
from nqpf_abm.mechanisms.leadership import follow_leader, lead, take_over_spirit
from nqpf_abm.mechanisms.market import clear_goods, compete, sell_and_produce, set_demand
from nqpf_abm.mechanisms.migration import migrate, weigh_leaving
from nqpf_abm.mechanisms.orientation import decide
from nqpf_abm.mechanisms.pipeline import advance, align, create_achievements, transfer_technology
from nqpf_abm.mechanisms.proactivity import act_proactively, learn_from_below, screen_ideas
from nqpf_abm.mechanisms.production import set_capacity
from nqpf_abm.mechanisms.research import (
    anchor_research,
    award_grants,
    plan_research,
    search,
    spend_on_research,
)
from nqpf_abm.mechanisms.resonance import resonate
from nqpf_abm.mechanisms.responsibility import shape_culture
from nqpf_abm.mechanisms.shock import shift_spirit
from nqpf_abm.mechanisms.survey import gather_teams, open_books, survey_provinces, take_stock
from nqpf_abm.mechanisms.tolerance import weigh_risk
from nqpf_abm.mechanisms.trust import weigh_policy
from nqpf_abm.mechanisms.waste import renew_waste
from nqpf_abm.policy.govern import govern
from nqpf_abm.policy.reward import fund_projects

QUARTER: tuple[Phase, ...] = (
    # the world, and what it knows of itself
    open_books,
    re_anchor,
    shift_spirit,
    take_stock,
    set_budget,
    govern,
    # people move, change jobs, retire
    weigh_leaving,
    migrate,
    live_and_learn,
    plan_staff,
    match_jobs,
    gather_teams,
    survey_provinces,
    count_fields,
    shape_culture,
    see_paths,
    choose_paths,
    open_centres,
    # spirit trickles down, ideas climb
    lead,
    follow_leader,
    take_over_spirit,
    act_proactively,
    restructure,
    screen_ideas,
    learn_from_below,
    # rules, and what comes together
    measure_efficiency,
    reform,
    resonate,
    # research, learning, technology
    ask_for_credit,
    plan_research,
    award_grants,
    spend_on_research,
    anchor_research,
    absorb_knowledge,
    search,
    post_demands,
    digest,
    launch,
    weigh_risk,
    decide,
    adopt_digital,
    gather_data,
    pool_data,
    train_algorithms,
    allocate_compute,
    join_factors,
    create_achievements,
    fund_projects,
    align,
    advance,
    transfer_technology,
    hold_levels,
    # goods, money, wages
    set_capacity,
    plan_investment,
    set_demand,
    spot_niches,
    compete,
    clear_goods,
    sell_and_produce,
    pay,
    settle_accounts,
    circulate,
    set_wages,
    renew_energy_use,
    shift_energy_mix,
    renew_waste,
    gauge_entrepreneurship,
    weigh_policy,
    # firms close and open
    judge_survival,
    close_firms,
    found_firms,
    spin_off,
)
