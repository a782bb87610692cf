"""What does one blocked stage cost, and does development hang on NQPF? (M95, M96)"""

from __future__ import annotations

from nqpf_abm.collect.quality import COMPONENTS
from nqpf_abm.data.scenario_file import Event
from nqpf_abm.experiment.arms import arm
from nqpf_abm.experiment.claims.measures import fall
from nqpf_abm.experiment.claims.resonance import quarters
from nqpf_abm.experiment.execute import Finished, Measure
from nqpf_abm.experiment.verify import ByConstruction, Claim, Expectation, Means
from nqpf_abm.mechanisms.circulation import DISTRIBUTION, EXCHANGE
from nqpf_abm.state.tables import N_STAGES

BLOCK = 8  # quarter in which a stage is blocked


def blocked(share: float, *stages: int) -> Event:
    return Event("provinces.stages", "set", share, BLOCK, lasting=True, index=stages)


def _output_after(finished: Finished) -> float:
    return float(quarters(finished)["gdp"][BLOCK + 1 : BLOCK + 13].sum())


OUTPUT_AFTER = Measure("GDP of the three years after the block, all provinces", "10^6 yuan", _output_after)
ADDITIVE = 1.0 - 0.9 / 4
"""What is left of an additive circuit if nine tenths of one of its four stages are blocked."""

FROZEN = {"M32": "off", "digital.external": 0.005, "M28": "off", "M103": "off"}
NO_RESEARCH = Event("entrepreneurs.research_drive", "set", 0.0, lasting=True)
"""NQPF's factors frozen as far as they can be from outside: no firm does research, adoption of digital technology all
but stops, nothing gets greener. Ideas of employees and catching up go on."""


def _quality_gained(finished: Finished) -> float:
    """Over the components known in both years: who survived is not known in the first."""
    table = finished.model.results.hqd
    known = {component.name for component in COMPONENTS}
    scores = table[table["component"].isin(known)].pivot_table(
        index="component", columns="year", values="score", aggfunc="mean"
    )
    return float((scores.iloc[:, -1] - scores.iloc[:, 0]).mean())


QUALITY_GAINED = Measure(
    "high-quality development, last year less 2012, mean of provinces and of the components known in both",
    "0 to 1",
    _quality_gained,
)


def _two_less_twice_one(means: Means) -> float:
    one, two = (fall("free", name, OUTPUT_AFTER.name)(means) for name in ("one by half", "two by half"))
    return two - 2.0 * one


def _one_less_additive(means: Means) -> float:
    one, additive = (fall("free", name, OUTPUT_AFTER.name)(means) for name in ("one", "additive"))
    return one - additive


CLAIMS = (
    ByConstruction(
        "M95",
        "blocking one stage blocks the whole circuit; halving two costs it less than twice halving one",
        "tests/mechanisms/test_circulation.py::test_one_blocked_stage_blocks_all_and_blocks_multiply",
    ),
    Claim(
        "M95",
        "over three years, nine tenths of one stage blocked cost more output than an additive circuit would, and two "
        "stages halved less than twice one",
        arms={
            "free": arm(),
            "one": arm(events=[blocked(0.1, EXCHANGE)]),
            "additive": arm(events=[blocked(ADDITIVE, *range(N_STAGES))]),
            "one by half": arm(events=[blocked(0.5, EXCHANGE)]),
            "two by half": arm(events=[blocked(0.5, DISTRIBUTION, EXCHANGE)]),
        },
        measures=(OUTPUT_AFTER,),
        expects=(
            Expectation("fall of output, less that of an additive circuit", _one_less_additive, "%", low=0.0),
            Expectation("fall from two stages, less twice that from one", _two_less_twice_one, "%", high=0.0),
        ),
    ),
    Claim(
        "M96",
        "with the factors of NQPF frozen, high-quality development grows less than half as much",
        arms={"on": arm(), "frozen": arm(FROZEN, [NO_RESEARCH])},
        measures=(QUALITY_GAINED,),
        expects=(
            Expectation(
                "growth with frozen factors, less half of growth with them",
                lambda means: means["frozen"][QUALITY_GAINED.name] - 0.5 * means["on"][QUALITY_GAINED.name],
                "0 to 1",
                high=0.0,
            ),
            Expectation("growth", lambda means: means["on"][QUALITY_GAINED.name], "0 to 1", low=0.0),
        ),
        neutral=FROZEN,
        explanation="""Development as measured here hardly moves either way. With NQPF's factors live productivity grows
        faster and CO2 per head rises less, but employment and the labour share are lower: jobs do not keep up with
        productivity. Entrants' survival, unknown in 2012, is left out of the comparison.""",
    ),
)
