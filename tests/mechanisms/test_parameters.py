"""Every declared number moves something that is recorded: none is decoration."""

from functools import cache

import pytest

from nqpf_abm import Ecosystem, policy
from nqpf_abm.declare import Parameters
from nqpf_abm.mechanisms import topics
from nqpf_abm.state.paths import TOPICS as PATHS_OF

OF_POLICY = {topic.name for topic in policy.topics()}  # idle without a plan: see tests/policy
DECLARED = {
    row["name"]: row for row in Parameters(topics()).table() if row["name"].split(".")[0] not in OF_POLICY
}

TAKES = {
    # Nobody follows an improvement path by default; few of a small world's firms could.
    **{
        name: {"start.firms": 240, f"{name.split('.')[0]}.uptake": 1.0}
        for name in DECLARED
        if name.split(".")[0] in (*PATHS_OF, "proving", "patient_fund")
    },
    # An institute finds nothing for three years by default, which is all the time there is.
    **{
        f"institute.{name}": {
            "start.firms": 240,
            "institute.uptake": 1.0,
            "institute.half": 5.0,
            "institute.lag": 4.0,
        }
        for name in ("tolerance", "lag", "horizon")
    },
    # Firms founded on what was proven, and deals with patient capital, are few.
    "proving.founding": {
        "start.firms": 240,
        "proving.uptake": 1.0,
        "pipeline.per_quarter": 120.0,
        "proving.founding": 0.2,
    },
    **{
        name: {"start.firms": 960, "demography.entry": 0.016, "patient_fund.uptake": 1.0}
        for name in DECLARED
        if name.startswith("patient_fund.")
    },
    "patient_fund.half": {"start.firms": 960, "demography.entry": 0.016, "patient_fund.uptake": 0.8},
    "proving.half": {"start.universities": 60, "proving.uptake": 1.0},
    # Knowledge is shared by nearly all, unless rivals are feared more.
    "tiers.knowledge_risk": {"start.firms": 240, "tiers.uptake": 1.0, "data.risk": 0.05},
    # The elasticity is in the inventors' share relative to the usual one.
    "crowdsourcing.elasticity": {
        "start.firms": 480,
        "crowdsourcing.uptake": 1.0,
        "crowdsourcing.posted": 1.0,
        "crowdsourcing.firm_share": 0.3,
    },
    "crowdsourcing.half": {"start.firms": 240, "crowdsourcing.uptake": 1.0, "crowdsourcing.posted": 1.0},
    **{
        f"adoption.{name}": {"start.firms": 240, "funnel.uptake": 1.0, "adoption.since": 4.0}
        for name in ("since", "imitation", "news")
    },
    # Nobody is favoured by default, and few firms of a small world are in the one field.
    **dict.fromkeys(
        ("distortion.field", "distortion.misuse"), {"distortion.premium": 5.0, "start.firms": 480}
    ),
    # Few firms adopt in three years, so what tilts the odds a little needs more firms and better odds.
    **dict.fromkeys(
        ["digital.institutions_effect", "digital.reach", "digital.small_firm_factor"]
        + [f"start.institutions_{echelon}" for echelon in (1, 2, 3)],
        {"start.least_firms": 40, "digital.external": 0.03, "digital.internal": 0.5, "start.adopters": 0.1},
    ),
    # Limits of investment bind where firms are poor, in debt and want to grow.
    **dict.fromkeys(
        ("finance.cash_for_investment", "credit.collateral_turned", "finance.collateral"),
        {"start.firm_deposits": 0.3, "start.loan_share": 0.5, "finance.investment_speed": 0.1},
    ),
    # Own cash limits R&D where firms have next to none.
    "research.cash_limit": {"start.firm_deposits": 0.3, "finance.payout": 0.6, "finance.excess_payout": 0.3},
    # None by default, so that a quarter of the way to three times it is none as well.
    "charisma.low": {"charisma.low": 0.1},
    # Investors' deposits are a balance that limits first losses where many firms fail and the fund is poor.
    "start.fund_deposits": {"start.firms": 240, "demography.least_share": 0.2},
    # The common leadership of all leaders is read when their own styles do not count.
    "leadership.neutral_style": {"M05": "off"},
    # A small world founds one firm a quarter; what concerns entrants needs more of them.
    **dict.fromkeys(
        [name for name in DECLARED if name.startswith("demography.")],
        {"start.firms": 240, "demography.entry": 0.016, "demography.least_share": 0.2},
    ),
    # Founders and radical winners who choose a field or change trajectory are few in a small world.
    **dict.fromkeys(
        ("fields.crowding", "patience.usual", "switching.heavy"),
        {"start.firms": 960, "demography.entry": 0.016, "research.success": 0.16},
    ),
    # One founder in fifty is on the new trajectory by it, so it needs many founders.
    **dict.fromkeys(
        ("demography.new_base", "demography.new_imitation"),
        {"start.firms": 960, "demography.entry": 0.016, "demography.least_share": 0.2},
    ),
}
"""What it takes for a number to act in three years of a small world, where the world as it is will not do."""


@cache
def outcome(changes: tuple) -> bytes:
    """The recorded series of a run of three years."""
    model = Ecosystem(seed=3, quarters=12, set=dict(changes)).run()
    return model.results.series_array[model.burn_in :].tobytes()


def a_quarter_of_the_way(name: str, base: float) -> list[float]:
    """Values a quarter of the way to the ends of the range; nearer for sizes of the world, to save time."""
    if name == "start.burn_in":  # whole years only
        return [4.0, 12.0]
    ends = DECLARED[name]["low"], min(DECLARED[name]["high"], 3 * base)
    return [base + 0.25 * (end - base) for end in ends if end != base]


def moves(name: str, small: dict) -> bool:
    world = small | TAKES.get(name, {})
    base = world.get(name, DECLARED[name]["default"])
    reference = outcome(tuple(sorted(world.items())))
    return any(
        outcome(tuple(sorted((world | {name: value}).items()))) != reference
        for value in a_quarter_of_the_way(name, base)
    )


@pytest.mark.parametrize("name", DECLARED)
def test_moves_what_is_recorded(name, small):
    assert moves(name, small)


def test_exceptions_are_declared_parameters():
    assert set(TAKES) <= set(DECLARED)
