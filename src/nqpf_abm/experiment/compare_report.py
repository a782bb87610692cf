"""What a comparison found, in words: a plain sentence per outcome."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd

from nqpf_abm.declare import Parameters
from nqpf_abm.experiment.compare import POINT, Comparison, turned
from nqpf_abm.experiment.outcomes import OUTCOMES, OWN_SCALES
from nqpf_abm.experiment.study import Study
from nqpf_abm.mechanisms import topics
from nqpf_abm.policy.plan import most_asked

LEVEL = 0.05
DIGITS = {"employment": 3, "output": 1, "rank": 2, "cost": 0, "cost_per_point": 1}
TITLES = {outcome.name: outcome.title for outcome in OUTCOMES} | {
    "cost_per_point": f"cost per {POINT:g} of NQPF"
}


def sentence(row, reference: str) -> str:
    """A row of the effects in words: which way, how much, how sure."""
    digits = DIGITS.get(row.outcome, 4)
    what = TITLES[row.outcome] + (f" of {row.province}" if row.province else "")
    what = what[0].upper() + what[1:]
    unit = "" if row.unit in ("0 to 1", "rank") else f" {row.unit}"
    if row.outcome == "cost_per_point":
        return _cost(row, what, digits)
    sizes = f"{row.difference:+,.{digits}f}{unit}"
    interval = f"95 % interval {row.low:+,.{digits}f} to {row.high:+,.{digits}f}"
    if not math.isfinite(row.high - row.low):
        interval = "no interval: too few seeds, or all differ by the same"
    sure = _p(row.p_holm) + ("" if row.primary else " after Holm")
    against = f"than in {reference} ({row.reference:,.{digits}f}{unit})"
    if row.low == row.high == 0:
        return f"{what} is exactly as in {reference} in every seed."
    if row.p_holm < LEVEL:
        way = "higher" if row.difference > 0 else "lower"
        if row.outcome == "rank":
            way = "worse" if row.difference > 0 else "better"
        return f"{what} is {way} {against}, by {sizes} ({interval}; {sure})."
    return (
        f"{what}: no difference from {reference} ({row.reference:,.{digits}f}{unit}) could be told from luck; "
        f"it is {sizes} ({interval}; {sure})."
    )


def _p(p: float) -> str:
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}" if p == p else "no p-value"


def _cost(row, what: str, digits: int) -> str:
    told = f"{what}: {row.difference:,.{digits}f} 10^6 yuan"
    if math.isinf(row.low):
        return f"{told}, but the interval (Fieller) is unbounded: NQPF may not have changed at all."
    if row.difference < 0:
        return f"{what}: none, for cost and NQPF move in opposite directions (ratio {row.difference:,.{digits}f} 10^6 yuan)."
    return f"{told} (Fieller's 95 % interval {row.low:,.{digits}f} to {row.high:,.{digits}f})."


def cut_short(plan: Study) -> list[str]:
    """A sentence for each scenario whose policies, from where scenarios differ, ask for more than governments' budget."""
    regions = plan.regions.table
    told = []
    for scenario in plan.scenarios:
        parameters = Parameters(topics(), scenario.changes | dict(plan.settings.get("set") or {}))
        most = most_asked(
            scenario.policies,
            parameters,
            regions["region"].tolist(),
            regions["echelon"].astype(int).tolist(),
            plan.first,
            plan.regions.base_year,
        )
        if most.cost > most.budget * (1 + 1e-9):
            told.append(
                f"{scenario.name} asks for {most.cost:.2g} % of GDP a year ({most.region}, {most.year}), and the budget is "
                f"{most.budget:g} % (govern.budget): every strength there is cut to {most.budget / most.cost:.0%}."
            )
    return told


def render(found: Comparison) -> str:
    """The report as Markdown."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Comparison) -> Iterator[str]:
    plan = found.study
    reference = plan.names[0]
    yield f"# {' and '.join(plan.names[1:])} against {reference}, {plan.until}"
    yield ""
    yield (
        "**Uncalibrated.** Most parameters are assumed: read signs and sizes as statements about the model, not as "
        "forecasts or findings."
    )
    yield ""
    n = len(found.seeds)
    yield (
        f"{n} seeds ({found.seeds[0]} to {found.seeds[-1]}), the same luck in every scenario. Stopped at {found.reason}. "
        + ("Intervals hold at any number of seeds (confidence sequence), not the cost per point's." if plan.rule.width else
           "Intervals are Student's, for a number of seeds fixed beforehand.")
    )  # fmt: skip
    for text in cut_short(plan):
        yield ""
        yield f"**{text}**"
    yield (
        f"The primary outcome is tested by itself (Holm over the scenarios), all others with Holm's correction for "
        f"{_family(found)} tests; intervals are of single comparisons, not corrected. "
        f"Scenarios begin to differ in {plan.first}."
    )
    yield ""
    if plan.has_own_regions:
        yield (
            f"Regions: {plan.regions.title}. Scores are frozen on bounds and weights of {reference}'s run of seed "
            f"{plan.first_seed} until {plan.until}, for no scale is shipped for them: compare scores within this study only."
        )
        yield ""
    for scenario in plan.scenarios:
        yield f"- **{scenario.name}**: {scenario.title}."
        for what, text in (("Expected", scenario.expected), ("Cost", scenario.cost)):
            if text:
                yield f"  {what}: {' '.join(text.split()).rstrip('.')}."
    for name in plan.names[1:]:
        yield from _effects(found, name)
        yield from _index(found, name)
    if found.absent:
        yield ""
        yield "## Not measured"
        yield ""
        for outcome, why in found.absent.items():
            yield f"- {outcome}: {why}"
    if found.failed:
        yield ""
        yield "## Runs that failed"
        yield ""
        for text in found.failed:
            yield f"- {text}"


def _family(found: Comparison) -> int:
    return int((found.effects["p"].notna() & ~found.effects["primary"]).sum())


def _effects(found: Comparison, name: str) -> Iterator[str]:
    rows = found.effects[found.effects["scenario"] == name]
    reference = found.study.names[0]
    yield ""
    yield f"## {name}"
    yield ""
    overall = rows[rows["province"] == ""]
    for row in overall.itertuples():
        yield f"- {'**Primary.** ' if row.primary else ''}{sentence(row, reference)}"
    yield ""
    saved = overall[overall["primary"]].iloc[0]
    if (
        saved["variance_reduction"] == saved["variance_reduction"]
        and saved["runs_saved"] == saved["runs_saved"]
    ):
        yield (
            f"Shared luck takes off {math.floor(1000 * saved['variance_reduction']) / 10:.1f} % of the variance of the "
            f"primary outcome: as sure with independent seeds would have needed {saved['runs_saved']:,.0f} more runs."
        )
        yield ""
    told = rows[(rows["province"] != "") & (rows["p_holm"] < LEVEL)]
    yield f"Provinces whose score or rank differs beyond luck: {len(told)} of {int((rows['province'] != '').sum())} tests."
    yield ""
    for row in told.itertuples():
        yield f"- {sentence(row, reference)}"


def _index(found: Comparison, name: str) -> Iterator[str]:
    rows = found.index[(found.index["scenario"] == name) & (found.index["province"] == "")]
    yield ""
    yield f"### Does the effect of {name} hang on the index?"
    yield ""
    yield "| Scale | Effect on NQPF | of which behaviour | of which reweighting | Effect on the Gini |"
    yield "|---|---|---|---|---|"
    for scale in ("frozen", *OWN_SCALES):
        cells = [_cell(rows, scale, part) for part in ("effect", "behaviour", "reweighting", "Gini")]
        yield f"| {scale} | {' | '.join(cells)} |"
    yield ""
    at = {part: rows[rows["part"] == part].iloc[0] for part in ("rank reversals", "values out of bounds")}
    yield (
        f"The scenario turns round {at['rank reversals']['difference']:.1f} pairs of provinces in the mean of seeds. "
        f"{100 * (at['values out of bounds']['reference'] + at['values out of bounds']['difference']):.1f} % of the "
        f"indicator values lie outside the frozen bounds, in {found.study.names[0]} "
        f"{100 * at['values out of bounds']['reference']:.1f} %."
    )
    for scale in OWN_SCALES:
        flipped = turned(found.index, name, scale)
        yield (
            f"On the {scale} scale the mean effect has another sign in "
            + (f"{len(flipped)} provinces: {', '.join(flipped)}." if flipped else "no province.")
        )


def _cell(rows: pd.DataFrame, scale: str, part: str) -> str:
    row = rows[(rows["scale"] == scale) & (rows["part"] == part)].iloc[0]
    if row["low"] == row["high"] == 0:
        return "0"
    return f"{row['difference']:+.4f} ({row['low']:+.4f} to {row['high']:+.4f})"
