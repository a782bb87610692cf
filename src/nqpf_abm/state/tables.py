"""What is stored about each kind of agent: a column per attribute, a row per agent.

Money is in 10^6 yuan of 2012 prices; flows are per quarter. Firms' columns are at the firm's own scale: a
firm of ten employees here stands for ten agents, and province totals multiply by the weight (persons per
employee agent). Row references (firm, team, province) are row numbers, -1 for none.
"""

from __future__ import annotations

import hashlib
from collections import namedtuple

import numpy as np
from numba.core import types
from numba.extending import typeof_impl

from nqpf_abm.state.accounts import N_ROWS
from nqpf_abm.state.instruments import N_INSTRUMENTS
from nqpf_abm.state.paths import N_PATHS

N_TRAITS = 3  # innovativeness, proactiveness, risk-taking (Miller 1983; Covin & Slevin 1989)
N_STYLES = 4  # empowering, transformational, visionary, spiritual
INNOVATIVENESS, PROACTIVENESS, RISK_TAKING = range(N_TRAITS)
AUTONOMY, MOTIVATION, DIRECTION, SAFETY = range(N_STYLES)  # the channel each style acts through, in its order
N_MEASURES = 4  # of entrepreneurship: R&D share, speed of new products, patents per head, orientation
N_EFFICIENCIES, N_STAGES = 3, 4  # of innovation (technology, factors, industry); of circulation
TEAM_SIZE, TEAM_LIMIT = 8, 12  # members at the start and at most, within the 3 to 12 of the specification
MOST_LAYERS = 6  # of a hierarchy
IDEA_QUEUE = 8  # quarters an accepted idea may wait on its way up the layers
SCORE_LAGS = 4  # quarters of lagged score kept for entry
FIELDS = (
    "coal and petrochemicals", "food and textiles",
    "new-energy vehicles", "electronics and chips", "aerospace", "new energy", "new materials", "biomedicine",
    "artificial intelligence and software", "advanced equipment",
)  # fmt: skip
N_TRADITIONAL, N_EMERGING = 2, 8  # the first two fields are traditional, the others are the new trajectory
N_FIELDS = N_TRADITIONAL + N_EMERGING
HEAVY = 0  # row of FIELDS: heavy industry
FIRST_TRL, LAST_TRL = 3, 9  # technology readiness levels of a project
WINDOW = 12  # quarters over which conversions are counted

COMMON = (
    ("uid", "u8", "", "identity that keys every draw; never reused"),
    ("is_alive", "i8", "", "1 while the row is in use"),
)

TABLES: dict[str, tuple] = {
    "world": (
        ("is_burn_in", "i8", "", "1 while levels are held before 2012Q1"),
        ("is_full", "i8", "", "1 if a newcomer found no free row this quarter"),
        ("clock", "f8", "quarters", "since 2012Q1, negative in burn-in"),
        ("gdp", "f8", "10^6 yuan/quarter", "output of all provinces last quarter"),
        ("gdp_start", "f8", "10^6 yuan/quarter", "official value of the base year"),
        ("frontier", "f8", "log", "productivity of the East relative to the western mean of 2012"),
        ("east_demand", "f8", "10^6 yuan/quarter", "what East and the rest of the world want to buy"),
        ("export_pool", "f8", "10^6 yuan/quarter", "imports of all provinces plus the East's demand"),
        ("carbon_ceiling", "f8", "relative to 2012", "intensity above which the market penalises"),
        ("fte_per_yuan", "f8", "person-years/10^6 yuan", "R&D staff per yuan of R&D, all provinces, 2012"),
        ("wage_index", "f8", "1", "mean wage relative to 2012"),
        ("patenting", "f8", "1", "patents applied for and granted per win, relative to 2012"),
        ("adopter_share", "f8", "share", "of firms of all provinces that adopted digital technology"),
        (
            "data_reference",
            "f8",
            "relative to a fresh adopter",
            "data of adopters with what they used of pools, 2012",
        ),
        ("search_scale", "f8", "1", "scale that makes mean search success the declared one in 2012"),
        ("fte_reference", "f8", "person-years/employee", "mean R&D staff per employee of firms, 2012"),
        ("rnd_reference", "f8", "10^6 yuan/employee", "mean R&D stock per employee of firms, 2012"),
        ("centre", "f8", "10^6 yuan", "balance of the central government"),
        ("banks", "f8", "10^6 yuan", "balance of the banks: deposits they owe, negative"),
        ("east", "f8", "10^6 yuan", "net claim of East and the rest of the world"),
        ("goods", "f8", "10^6 yuan", "clearing account of the goods market, zero at the quarter's end"),
        ("loans", "f8", "10^6 yuan", "loans outstanding, all firms, real scale"),
        ("measures_start", ("f8", (N_MEASURES,)), "of each", "measures of entrepreneurship, mean of 2012"),
        ("resonance_start", "f8", "1", "resonance at 2012Q1, mean over firms"),
        ("radical_reference", "f8", "wins/firm/quarter", "radical wins at 2012Q1, mean of provinces"),
    ),
    "provinces": (
        ("echelon", "i8", "", "1 to 3, fixed from 2012"),
        ("weight", "f8", "persons/agent", "persons an employee agent stands for"),
        ("output_per_head_start", "f8", "10^6 yuan/quarter", "output per employed person, 2012"),
        ("capital_per_head_start", "f8", "10^6 yuan", "capital per employed person, 2012"),
        ("output_scale", "f8", "1", "makes output of 2012Q1 equal the official one"),
        ("gdp_start", "f8", "10^6 yuan/quarter", "official output of the base year"),
        ("gdp", "f8", "10^6 yuan/quarter", "goods produced"),
        ("sold", "f8", "10^6 yuan/quarter", "goods sold"),
        ("income", "f8", "10^6 yuan/quarter", "households' income, smoothed"),
        ("absorption", "f8", "10^6 yuan/quarter", "what buyers of the province spend"),
        ("consumption", "f8", "10^6 yuan/quarter", "of which households"),
        ("orders", "f8", "10^6 yuan/quarter", "demand for the province's goods"),
        ("import_share", "f8", "share", "of absorption bought outside the province"),
        ("export_share_start", "f8", "share", "of the export pool won at 2012Q1"),
        ("export_drift", "f8", "log", "slow answer of exports to unemployment"),
        ("unmet_share", "f8", "share", "of slack capacity that serves others' unmet orders"),
        ("utilisation", "f8", "share", "goods produced over capacity"),
        ("wage", "f8", "10^6 yuan/quarter", "per employed person"),
        ("wage_start", "f8", "10^6 yuan/quarter", "the same at 2012Q1"),
        ("unemployment", "f8", "share", "employee agents without a firm"),
        ("unemployment_start", "f8", "share", "the same at 2012Q1"),
        ("log_tfp_level", "f8", "log", "productivity relative to the western mean, 2012"),
        ("log_tfp", "f8", "log", "sales-weighted mean of firms, relative to the level of 2012"),
        ("log_tfp_start", "f8", "log", "the same at 2012Q1"),
        ("mean_log_tfp", "f8", "log", "plain mean over firms"),
        ("mean_sales", "f8", "10^6 yuan/quarter", "of firms"),
        ("mean_staff", "f8", "agents", "employees per firm"),
        ("sales_per_head", "f8", "10^6 yuan/quarter", "of all firms, sales last quarter over staff"),
        ("n_firms", "f8", "firms", "alive"),
        ("adopter_share", "f8", "share", "of firms that adopted digital technology"),
        ("new_share", "f8", "share", "of firms on the new trajectory"),
        ("neighbour_rnd", "f8", "share", "mean R&D over sales of the province's firms"),
        ("absorptive_capacity", "f8", "share", "mean of firms"),
        ("skill_match", "f8", "0 to 1", "mean of firms, cosine of skills supplied and demanded"),
        ("public_knowledge", "f8", "log/quarter", "inflow from converted university research"),
        ("fitness_mean", "f8", "1", "share-weighted fitness of firms"),
        ("grant_rate", "f8", "1", "grant per yuan of R&D base of applicants"),
        ("relief_rate", "f8", "1", "tax relief per yuan of R&D base of applicants"),
        ("green_orders", "f8", "10^6 yuan/quarter", "of the government, for clean suppliers alone"),
        ("green_lot", "f8", "10^6 yuan/quarter", "of which each gets, at a firm's own scale"),
        ("institutions", "f8", "0 to 1", "quality of institutions"),
        ("institutions_start", "f8", "0 to 1", "the same in 2012"),
        ("institutional_gap", "f8", "quarters", "vintage of technology less that of the rules"),
        ("new_returns", "f8", "relative to usual", "returns to new technology under that gap"),
        ("search_rates", ("f8", (4,)), "1/firm/quarter", "wins, radical, green wins, failures, smoothed"),
        ("field_wins", ("f8", (len(FIELDS),)), "wins/firm/quarter", "by field, smoothed"),
        ("radical_flow", ("f8", (2,)), "log/firm", "radical gains waiting, and launched a quarter, smoothed"),
        ("retained", "f8", "share", "of what failed searches taught, kept"),
        ("breadth", "f8", "0 to 1", "of wins across fields"),
        ("sustainability", "f8", "0 to 1", "of wins"),
        ("data_liquidity", "f8", "0 to 1", "share of firms' data that circulates"),
        ("efficiency", ("f8", (N_EFFICIENCIES,)), "0 to 1", "of technology, factors, industry"),
        ("resonance", "f8", "1", "factor on search where the efficiencies come together, 1 without"),
        (
            "stages",
            ("f8", (N_STAGES,)),
            "0 to 1",
            "open share of production, distribution, exchange, consumption",
        ),
        ("stage_now", ("f8", (N_STAGES,)), "share", "what the stages of circulation follow"),
        ("stage_start", ("f8", (N_STAGES,)), "share", "the same in 2012"),
        ("circulation", "f8", "0 to 1", "geometric mean of what the four stages pass"),
        ("circulation_ratio", "f8", "1", "the same relative to 2012: factor on the propensity to consume"),
        ("trust", "f8", "0 to 1", "in policy"),
        ("digital_odds", "f8", "probability", "success of digital firms' search"),
        ("expected_odds", "f8", "probability", "what is expected of it"),
        ("data_rights", "f8", "0 to 1", "how far rights to data are settled"),
        ("data_rights_start", "f8", "0 to 1", "what policy offers where trust is as in 2012"),
        ("patience", "f8", "1", "factor of capital on the speed at which new products mature"),
        ("digital_start", "f8", "relative to mean", "digital endowment, 2013"),
        ("data_pool", "f8", "relative to a fresh adopter", "data per adopter that circulates in reach"),
        ("segmentation", "f8", "share", "of what could cross the province's border that does not"),
        ("digital_input", "f8", "relative to a 2012 non-adopter", "mean of firms"),
        (
            "compute_start",
            "f8",
            "units/quarter",
            "computing capacity of 2012; a unit is a fresh adopter's use per head",
        ),
        ("compute_installed", "f8", "units/quarter", "computing capacity"),
        ("compute_used", "f8", "units/quarter", "of which used, by whomever"),
        ("compute_demand", "f8", "units/quarter", "asked for by the province's firms, and used by others"),
        ("compute_investment", "f8", "10^6 yuan/quarter", "of operators, in capacity"),
        ("paths_seen", ("f8", (N_PATHS,)), "share", "of firms known to follow each improvement path"),
        ("centres_seen", "f8", "share", "of universities known to have a proof-of-concept centre"),
        ("hosting_seen", "f8", "0 to 1", "how far it is known to have computing capacity for others"),
        ("fossil_share", "f8", "share", "of energy"),
        ("fossil_share_start", "f8", "share", "of energy, 2012"),
        ("energy_per_output", "f8", "10^4 tce/10^6 yuan", "2012"),
        ("co2_per_output", "f8", "Mt/10^6 yuan", "2012"),
        ("mean_energy_intensity", "f8", "relative to 2012", "mean of firms"),
        ("mean_waste", "f8", "relative to 2012", "waste per output, mean of firms"),
        ("mean_reuse", "f8", "share", "of waste, mean of firms"),
        ("new_share_start", "f8", "share", "of firms starting on the new trajectory"),
        ("rnd_intensity", "f8", "share of sales", "R&D of the mean firm on the mean trajectory"),
        ("endowment", ("f8", (N_FIELDS,)), "0 to 1", "for each field of technology, base year"),
        ("field_share", ("f8", (N_FIELDS,)), "share", "of firms in each field as the quarter began"),
        ("patents_official", "f8", "items/year", "invention patents granted, base year"),
        ("patents_per_win", "f8", "items", "patents one weighted win stands for, 2012"),
        ("expected_wins", "f8", "weighted wins/quarter", "mean of the last burn-in quarters"),
        ("population_start", "f8", "persons", "residents, base year"),
        ("heads", ("i8", (2,)), "persons", "labour force by tier (ordinary, top)"),
        ("heads_start", "f8", "persons", "labour force at 2012Q1"),
        ("leavers", ("i8", (2,)), "persons", "out-migration this quarter by tier"),
        ("arrivals", ("i8", (2,)), "persons", "in-migration this quarter by tier"),
        ("households", "f8", "10^6 yuan", "households' deposits"),
        ("fund", "f8", "10^6 yuan", "investors' deposits"),
        ("score", "f8", "0 to 1", "NQPF of last year under annual bounds"),
        ("score_z", ("f8", (SCORE_LAGS,)), "sd", "standardised score, newest first"),
        ("entries", "i8", "firms", "this quarter"),
        ("exits", "i8", "firms", "this quarter"),
        ("spin_offs", "i8", "firms", "of which founded by employees"),
        ("entries_new", "i8", "firms", "of which founded by entrepreneurs on the new trajectory"),
        ("vacancies", "i8", "agents", "staff wanted by firms this quarter"),
        ("matches", "i8", "agents", "of which found this quarter"),
        ("first_loss", "f8", "10^6 yuan", "lost loans made good by guidance funds this quarter"),
        ("responsibility", "f8", "relative to usual", "mean of firms' social responsibility"),
        ("culture", "f8", "1", "entrepreneurial culture, without responsibility of firms 1"),
        ("culture_start", "f8", "1", "the same at 2012Q1"),
        ("measures", ("f8", (N_MEASURES,)), "of each", "measures of entrepreneurship, smoothed"),
        ("entrepreneurship", "f8", "relative to 2012", "mean of the measures, each over its mean of 2012"),
        ("data_closed", "f8", "relative to a fresh adopter", "data lost with closed firms this quarter"),
        ("hires", "i8", "agents", "this quarter"),
        ("separations", "i8", "agents", "this quarter"),
        ("created", "i8", "achievements", "this quarter"),
        ("converted", "i8", "achievements", "reaching the last level this quarter"),
        ("converted_locally", "i8", "achievements", "of which adopted in the province"),
        (
            "proven",
            "i8",
            "achievements",
            "adopted in the province that went through a proof-of-concept centre",
        ),
        ("stalled", "i8", "achievements", "given up this quarter"),
        ("conversion_age", "f8", "quarters", "from achievement to conversion, smoothed mean"),
        ("licences", "f8", "10^6 yuan/quarter", "fees for achievements converted in the province"),
        ("expected_conversions", "f8", "achievements/quarter", "mean of the last burn-in quarters"),
        ("reward_repaid", "f8", "10^6 yuan/quarter", "by firms that use projects with a reward grant"),
    ),
    "governments": (
        ("fiscal_start", "f8", "10^6 yuan/quarter", "budget of the base year"),
        ("science_start", "f8", "10^6 yuan/quarter", "of which science and technology"),
        ("public_rnd_start", "f8", "10^6 yuan/quarter", "R&D outside industrial firms, base year"),
        ("fiscal", "f8", "10^6 yuan/quarter", "spending this quarter"),
        ("grant_pool", "f8", "10^6 yuan/quarter", "for firms' R&D"),
        ("purchases", "f8", "10^6 yuan/quarter", "of goods"),
        ("public_rnd", "f8", "10^6 yuan/quarter", "R&D outside firms"),
        ("universities", "f8", "10^6 yuan", "balance of the province's universities"),
        ("balance", "f8", "10^6 yuan", "of the government, near zero"),
        ("unit_cost", ("f8", (N_INSTRUMENTS,)), "% of GDP", "of each instrument at strength 1"),
        ("strength", ("f8", (N_INSTRUMENTS,)), "0 to 1", "of each instrument, as decided: the levers"),
        ("enacted", ("f8", (N_INSTRUMENTS,)), "0 to 1", "of which in force"),
        ("effect", ("f8", (N_INSTRUMENTS,)), "0 to 1", "what is left after budget, friction and match"),
        (
            "delivered",
            ("f8", (N_INSTRUMENTS,)),
            "10^6 yuan/quarter",
            "set aside for those the instrument is for",
        ),
        ("policy_pay", "f8", "10^6 yuan/quarter", "of offices and staff, for instruments"),
        ("policy_goods", "f8", "10^6 yuan/quarter", "bought for instruments"),
        ("policy_universities", "f8", "10^6 yuan/quarter", "paid to universities for instruments"),
        ("policy_fund", "f8", "10^6 yuan/quarter", "paid to guidance funds for instruments"),
        ("policy_spend", "f8", "10^6 yuan/quarter", "on instruments in all, less what is repaid"),
        ("reward_fund", "f8", "10^6 yuan", "delivered and repaid for reward projects, not granted yet"),
        ("reward_granted", "f8", "10^6 yuan/quarter", "to reward projects"),
    ),
    "universities": (
        ("province", "i8", "row", ""),
        ("share", "f8", "share", "of the province's public research"),
        ("mean_created", "f8", "achievements/quarter", "expected in the base year"),
        ("match", "f8", "0 to 1", "how near its research is to what the firms around it need"),
        ("effort", "f8", "relative to usual", "of its inventors"),
        ("orientation", "f8", "0 to 1", "0 towards papers, 1 towards engineering"),
        ("papers", "i8", "papers", "this quarter"),
        ("created", "i8", "achievements", "this quarter"),
        ("centre", "i8", "quarters", "for which it has had a proof-of-concept centre, 0 without one"),
    ),
    "projects": (
        ("province", "i8", "row", ""),
        ("university", "i8", "row", "where the achievement was made"),
        ("level", "i8", "TRL", "technology readiness level, 3 to 9"),
        ("age", "i8", "quarters", ""),
        ("tested", "i8", "quarters", "in a proof-of-concept centre"),
        ("outcome", "i8", "", "0 under way, 1 advanced, 2 stalled, this quarter"),
        ("grant", "f8", "10^6 yuan", "of a reward system; 0 without"),
    ),
    "firms": (
        ("province", "i8", "row", ""),
        ("age", "i8", "quarters", ""),
        ("staff", "f8", "agents", "employees"),
        ("log_tfp", "f8", "log", "productivity relative to the province's level of 2012"),
        ("capital", "f8", "10^6 yuan", ""),
        ("cash", "f8", "10^6 yuan", "deposits"),
        ("opening_cash", "f8", "10^6 yuan", "deposits as the quarter began"),
        ("loan", "f8", "10^6 yuan", "owed to banks"),
        ("inventory", "f8", "10^6 yuan", "unsold goods"),
        ("capacity", "f8", "10^6 yuan/quarter", "what the factors can produce"),
        ("output", "f8", "10^6 yuan/quarter", "goods produced"),
        ("order", "f8", "10^6 yuan/quarter", "demand reaching the firm"),
        ("sales", "f8", "10^6 yuan/quarter", ""),
        ("profit", "f8", "10^6 yuan/quarter", "before profit tax, after depreciation"),
        ("responsibility", "f8", "relative to usual", "spending on social responsibility, smoothed"),
        ("expected_sales", "f8", "10^6 yuan/quarter", "adaptive expectation"),
        ("share", "f8", "share", "of the province's market"),
        ("niche", "f8", "share", "of the province's market, seen but not yet won"),
        ("niches", "i8", "niches", "seen this quarter"),
        ("fitness", "f8", "1", "selection on productivity, novelty, carbon"),
        ("rnd", "f8", "10^6 yuan/quarter", "R&D expenditure"),
        ("rnd_base", "f8", "10^6 yuan/quarter", "R&D before grants"),
        ("is_applicant", "i8", "", "applied for a grant this quarter"),
        ("grant", "f8", "10^6 yuan/quarter", ""),
        ("support", "f8", "10^6 yuan/quarter", "received from instruments of policy"),
        ("rnd_relabelled", "f8", "10^6 yuan/quarter", "reported as R&D for tax relief or a grant, and none"),
        ("rnd_stock", "f8", "10^6 yuan", "depreciated sum of R&D"),
        ("fte", "f8", "person-years", "R&D staff, full-time equivalents, annual rate"),
        ("absorptive_capacity", "f8", "share", "E8"),
        ("neighbour_gain", "f8", "log", "productivity gained from other firms of the province this quarter"),
        ("success_probability", "f8", "probability", "of a win this quarter, expected number"),
        ("wins", "i8", "wins", "successful searches this quarter"),
        ("radical_wins", "i8", "wins", "of which radical"),
        ("green_wins", "i8", "wins", "of which green"),
        ("failures", "i8", "searches", "without success this quarter"),
        ("lessons", "f8", "1/quarter", "what was kept of failed searches, smoothed"),
        ("found", "f8", "log", "incremental gain found this quarter"),
        ("consortium", "i8", "", "1 if one formed to answer a demand it posted this quarter"),
        ("bounty", "f8", "10^6 yuan/quarter", "value of a solution to its demand, to be split"),
        ("found_radical", "f8", "log", "radical gain found this quarter"),
        ("pool", "f8", "10^6 yuan/quarter", "share in profit that was paid to staff (M56)"),
        ("digested", "f8", "share", "of the quarter's wins that yields output"),
        ("disruption", "f8", "share", "of output lost after radical wins"),
        ("tolerance", "f8", "0 to 1", "of failure"),
        ("launching", "f8", "log", "radical gains not yet in production"),
        ("launched", "f8", "log", "radical gains that reached production this quarter"),
        ("field", "i8", "row of FIELDS", "of technology"),
        ("is_new", "i8", "", "1 if the field is on the new technological trajectory"),
        ("is_adopter", "i8", "", "adopted digital technology"),
        ("digital_weight", "f8", "share", "of digital factors in production"),
        ("data", "f8", "relative to a fresh adopter", "data stock"),
        ("data_created", "f8", "relative to a fresh adopter", "this quarter"),
        ("data_lost", "f8", "relative to a fresh adopter", "aged out this quarter"),
        ("sharing", "f8", "share", "of its data that the firm lets others use"),
        ("data_paid", "f8", "10^6 yuan/quarter", "for the use of others' data"),
        ("data_received", "f8", "10^6 yuan/quarter", "for the use of its data by others"),
        ("algorithm", "f8", "relative to a fresh adopter", "quality of algorithms"),
        ("compute_wanted", "f8", "units/employee", "computing power asked for"),
        ("compute", "f8", "units/employee", "of which served; a unit is a fresh adopter's use"),
        ("compute_rent", "f8", "10^6 yuan/quarter", ""),
        ("digital_input", "f8", "relative to a 2012 non-adopter", "what data, algorithm and compute make"),
        ("online_share", "f8", "share", "of sales made online"),
        ("energy_intensity", "f8", "relative to 2012", ""),
        ("waste_intensity", "f8", "relative to 2012", "waste per output, on the old trajectory"),
        (
            "waste",
            "f8",
            "10^6 yuan/quarter",
            "waste water and solid waste, in output of 2012 that made as much",
        ),
        ("reuse", "f8", "share", "of waste"),
        (
            "paths",
            ("i8", (N_PATHS,)),
            "quarters",
            "for which each improvement path has been followed, 0 if it is not",
        ),
        ("layers", "i8", "layers", "of hierarchy an idea must climb"),
        ("layers_cut", "i8", "layers", "taken out this quarter; negative if one was added"),
        ("ideas", "i8", "ideas", "raised this quarter"),
        ("accepted", "i8", "ideas", "that passed every layer this quarter"),
        ("idea_queue", ("f8", (IDEA_QUEUE,)), "log", "gains of accepted ideas by quarter of arrival"),
        ("idea_gain", "f8", "log", "productivity gained from employees' ideas this quarter"),
        ("search_gain", "f8", "log", "productivity gained from own search this quarter"),
        ("is_spin_off", "i8", "", "1 if an employee of another firm founded it"),
        ("n_proactive", "f8", "agents", "employees acting proactively last quarter"),
        ("skill", "f8", "0 to 1", "mean of employees"),
        ("skill_match", "f8", "0 to 1", "mean of employees, cosine of skills supplied and demanded"),
        ("unfilled", "i8", "agents", "staff wanted last quarter and not found"),
        ("bid", "f8", "1", "pay over the province's wage"),
        ("investment", "f8", "10^6 yuan/quarter", ""),
        ("is_borrower", "i8", "", "asked a bank for a loan this quarter"),
        ("is_approved", "i8", "", "and was granted it"),
        ("credit_line", "f8", "10^6 yuan", "what banks would lend this quarter"),
        ("rnd_loan", "f8", "10^6 yuan/quarter", "drawn from it for R&D"),
        ("new_loan", "f8", "10^6 yuan/quarter", "drawn in all"),
        ("vacancies", "i8", "agents", "staff wanted"),
        ("layoffs", "i8", "agents", "staff to go"),
        ("quarters_short", "i8", "quarters", "in a row without cash"),
        ("is_leaving", "i8", "", "1 if it closes at the end of the quarter"),
        ("n_teams", "i8", "teams", ""),
        ("first_team", "i8", "row", "head of the list of the firm's teams, -1 if none"),
        (
            "proactive_mean",
            ("f8", (N_TRAITS,)),
            "0 to 1",
            "mean orientation of employees who acted last quarter",
        ),
        ("team_mean", ("f8", (N_TRAITS,)), "0 to 1", "mean orientation of the firm's teams"),
        ("year_sales", "f8", "10^6 yuan", "since the year began"),
        ("year_profit", "f8", "10^6 yuan", "since the year began"),
        ("year_rnd", "f8", "10^6 yuan", "since the year began"),
        ("year_wins", "i8", "wins", "since the year began"),
        ("flow", ("f8", (N_ROWS,)), "10^6 yuan", "amounts by row of the transaction matrix this quarter"),
    ),
    "entrepreneurs": (
        ("firm", "i8", "row", "the firm led"),
        ("orientation", ("f8", (N_TRAITS,)), "0 to 1", "innovativeness, proactiveness, risk-taking"),
        ("style", ("f8", (N_STYLES,)), "0 to 1", "empowering, transformational, visionary, spiritual"),
        ("charisma", "f8", "0 to 1", ""),
        ("leadership", "f8", "0 to 1", "team-empowering leadership, composite of the styles"),
        ("channel", ("f8", (N_STYLES,)), "0 to 1", "autonomy, motivation, shared direction, safety as led"),
        ("cognition", ("f8", (N_TRAITS,)), "0 to 1", "orientation as perceived when it last decided"),
        ("research_drive", "f8", "1", "multiplier of R&D in force"),
        ("radical_share", "f8", "share", "of search aimed at radical novelty, in force"),
        (
            "winnable",
            "f8",
            "share",
            "of that search which can be won: what is forgiven whatever its kind cannot",
        ),
        ("launch_rate", "f8", "1/quarter", "speed at which radical gains reach production"),
        ("horizon", "f8", "quarters", "that it looks ahead"),
    ),
    "teams": (
        ("firm", "i8", "row", ""),
        ("orientation", ("f8", (N_TRAITS,)), "0 to 1", ""),
        ("anchor", ("f8", (N_TRAITS,)), "0 to 1", "own conviction"),
        ("next_team", "i8", "row", "the firm's next team, -1 at the end of the list"),
        ("size", "i8", "agents", "members"),
        ("member_mean", ("f8", (N_TRAITS,)), "0 to 1", "mean orientation of members"),
        ("proactive_share", "f8", "share", "of members acting last quarter"),
        ("safety", "f8", "0 to 1", "psychological safety"),
        ("autonomy", "f8", "0 to 1", "room to act"),
        ("motivation", "f8", "0 to 1", "readiness to move"),
    ),
    "employees": (
        ("province", "i8", "row", ""),
        ("firm", "i8", "row", "-1 if unemployed"),
        ("team", "i8", "row", "-1 if unemployed"),
        ("tier", "i8", "", "0 ordinary, 1 top"),
        ("orientation", ("f8", (N_TRAITS,)), "0 to 1", ""),
        ("anchor", ("f8", (N_TRAITS,)), "0 to 1", "own conviction"),
        ("threshold", "f8", "0 to 1", "of proactive behaviour"),
        ("is_proactive", "i8", "", "acts beyond the job this quarter"),
        ("skill", "f8", "0 to 1", "of new technology"),
        ("old_skill", "f8", "0 to 1", "of old technology"),
        ("urge", "f8", "1", "order in which residents leave: small goes first"),
    ),
}


def dtype_of(table: str) -> np.dtype:
    """The structured type of one row of `table`."""
    fields = []
    for name, kind, *_ in (*COMMON, *TABLES[table]):
        fields.append((name, *kind) if isinstance(kind, tuple) else (name, kind))
    return np.dtype(fields, align=True)


DTYPES = {table: dtype_of(table) for table in TABLES}
AGENT_TABLES = ("governments", "universities", "projects", "firms", "entrepreneurs", "teams", "employees")

State = namedtuple(
    "State",
    [
        "params",  # (1,) every declared number, p.topic.name
        "world",  # (1,)
        "provinces",
        "governments",
        "universities",
        "projects",
        "firms",
        "entrepreneurs",
        "teams",
        "employees",
        "ledger",  # (N_ROWS, n_provinces) transactions of the quarter, 10^6 yuan at real scale
        "distance",  # (n_provinces, n_provinces) great-circle, in units of the mean; diagonal 1
        "panel",  # (n_provinces, n_indicators) last year's indicators, for the score in the loop
        "panel_signs",  # (n_indicators,) +1 benefit, -1 cost
    ],
)
State.__doc__ = "The whole state of a run: one structured array per kind of agent, and what is between them."


@typeof_impl.register(State)
def _type_of_state(state: State, context) -> types.NamedTuple:
    """numba's type of the state, by a short name.

    numba would name it by all its columns, in 40 kB, and write that name a dozen times into every function compiled
    for it: most of what is then kept on disk and read at every start.
    """
    kind = types.NamedTuple([typeof_impl(table, context) for table in state], State)
    parts = ", ".join(part.name for part in kind.types)
    kind.name = "State#" + hashlib.sha256(parts.encode()).hexdigest()[:20]
    return kind


def room(count: int) -> int:
    """Rows to allocate for `count` agents: some are free for newcomers."""
    return count + max(64, count // 5)
