"""A run told on one page: what was asked, what came out, how far to trust it. Every number is computed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from nqpf_abm.collect.results import Results
from nqpf_abm.data.catalogue import catalogue
from nqpf_abm.data.places import shipped_regions
from nqpf_abm.data.scenario import PolicyPlan
from nqpf_abm.data.scenario_file import shipped_scenarios

DEFAULT_REGIONS = "western"


def render(results: Results, manifest: Mapping[str, Any]) -> str:
    """The report of a run as Markdown."""
    first, last = results.years[0], results.years[-1]
    scores, dagum = results.scores, results.dagum.set_index("year")
    mean = scores.groupby("year")["nqpf"].mean()
    indicators = len(results.full.indicators)
    lines = [
        f"# {results.regions.title}: {manifest['scenario']['title']}",
        "",
        f"How do the new quality productive forces (NQPF) of {len(results.provinces)} provinces develop, and how "
        "unequally, when entrepreneurs, teams, employees, firms, universities and governments act as this "
        "scenario lets them?",
        "",
        f"Scenario `{manifest['scenario']['name']}`, regions `{manifest['regions']}`, seed {manifest['seed']}, "
        f"{manifest['quarters']} quarters ({first} to {last}), engine `{manifest['engine']}`, "
        f"{manifest['agents']['firms']} firms and {manifest['agents']['employees']} employee agents at the end. "
        "**The model is not calibrated: most of its parameters are assumptions. Read differences and "
        "mechanisms, not levels; nothing here is a forecast.**",
        "",
        "## What came out",
        "",
        f"- The mean NQPF score of the {len(results.provinces)} provinces goes from {mean[first]:.3f} ({first}) to "
        f"{mean[last]:.3f} ({last}).",
        f"- Inequality between provinces (Gini of the scores) goes from {dagum['gini'][first]:.3f} to "
        f"{dagum['gini'][last]:.3f}; in {last}, {dagum['share_between'][last]:.0%} of it lies between echelons, "
        f"{dagum['share_within'][last]:.0%} within them, {dagum['share_transvariation'][last]:.0%} in overlap "
        "(Dagum 1997).",
        *_core(results, first, last),
        "",
        _provinces(results, first, last),
        "",
        "![NQPF](figures/headline.png)",
        "",
        "## How it was measured",
        "",
        f"Indicators of the specification `full` ({indicators} of {indicators + len(results.not_measured)}) from what the "
        "agents did, entropy-weight TOPSIS; " + _scale(results),
        "",
        *_not_measured(results),
        *_warnings(results),
        "## What governments did",
        "",
        *_policies(results, manifest),
        "",
        "## What is assumed",
        "",
        "- Initial conditions are official statistics of the base year, never scores. " + _fallbacks(results),
        "- Prices never clear: quantities, stocks and employment adjust. The East and the rest of the world buy a "
        "growing amount and sell without limit; they are a boundary, not a budget.",
        "- Governments' budgets are those of the base year scaled with output; instruments of policy come on top, at "
        "strengths and unit costs that are assumed.",
        *_changes(manifest),
        "",
        "## How to repeat it",
        "",
        f"    {_command(manifest)}",
        "",
        "`manifest.json` holds versions, seed, every parameter and the hashes of inputs and tables. The same seed "
        "gives the same bytes in every table, in either engine and on any number of threads.",
        "",
    ]
    return "\n".join(lines)


def _command(manifest: Mapping[str, Any]) -> str:
    """The command line that gives the same tables; a user's own files stand under a place holder."""
    scenario = manifest["scenario"]["name"]
    parts = ["nqpf run", scenario if scenario in shipped_scenarios() else "SCENARIO.toml"]
    parts += [f"--seed {manifest['seed']}", f"--quarters {manifest['quarters']}"]
    if manifest["scale"] != 1:
        parts.append(f"--scale {manifest['scale']:g}")
    if manifest["regions"] != DEFAULT_REGIONS:
        shipped = manifest["regions"] in shipped_regions()
        parts.append(f"--regions {manifest['regions'] if shipped else 'REGIONS.toml'}")
    given = manifest["scenario"]["changes"]
    for name, value in manifest["changes"].items():
        if name not in given or str(given[name]) != str(value):
            word = {True: "on", False: "off"}[value] if isinstance(value, bool) else repr(value)
            parts.append(f"--set {name}={word}")
    return " ".join(parts)


def _rows(table: pd.DataFrame):
    return table.itertuples(index=False)


def _core(results: Results, first: int, last: int) -> list[str]:
    core = results.scores_core
    means = core.groupby(["source", "year"])["nqpf"].mean()
    line = (
        f"- On the core panel ({', '.join(results.core.panel().ids)}: what both sides measure in every year) the "
        f"simulated mean goes from {means['simulated', first]:.3f} to {means['simulated', last]:.3f}"
    )
    if "official" not in set(core["source"]):
        return [line + "; these regions have no official panel beside it."]
    years = sorted(set(core.query("source == 'official'")["year"]) & set(results.years))
    wide = core[core["year"] == years[-1]].pivot(index="province", columns="source", values="nqpf")
    rank = wide["simulated"].rank().corr(wide["official"].rank())
    return [
        line + ".",
        f"- The official figures on the same scale go from {means['official', years[0]]:.3f} ({years[0]}) to "
        f"{means['official', years[-1]]:.3f} ({years[-1]}). Rank correlation of provinces in {years[-1]}: {rank:.2f}; "
        "most of it is inherited from the starting values, so it validates nothing.",
    ]


def _provinces(results: Results, first: int, last: int) -> str:
    echelon = dict(zip(results.regions.table["region"], results.regions.table["echelon"], strict=True))
    wide = results.scores.set_index(["province", "year"])
    lines = [
        f"| Province | Echelon | NQPF {first} | NQPF {last} | Rank {first} | Rank {last} | Sci-tech {last} | "
        f"Green {last} | Digital {last} |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name in sorted(results.provinces, key=lambda name: wide.loc[(name, last), "rank"]):
        a, b = wide.loc[(name, first)], wide.loc[(name, last)]
        lines.append(
            f"| {name} | {echelon[name]} | {a.nqpf:.3f} | {b.nqpf:.3f} | {a['rank']:.0f} | {b['rank']:.0f} | "
            f"{b.scitech:.3f} | {b.green:.3f} | {b.digital:.3f} |"
        )
    return "\n".join(lines)


def _scale(results: Results) -> str:
    frozen = results.scored_full.frozen.fitted_on
    if results.scored_full.out_of_bounds[["below", "above"]].to_numpy().any() or results.regions.is_default:
        return f"bounds, weights and ideals are frozen, fitted on {frozen}."
    return f"bounds, weights and ideals are those of this run ({frozen}); runs are not comparable by them."


def _warnings(results: Results) -> list[str]:
    if not results.warnings:
        return []
    return ["Warnings:", "", *(f"- {text}" for text in results.warnings), ""]


def _fallbacks(results: Results) -> str:
    table = results.regions.fallbacks
    if table.empty:
        return ""
    alike = table.groupby(["region", "rule"], sort=False)["column"]
    texts = [f"{', '.join(columns)} of {region}: {rule}" for (region, rule), columns in alike]
    dedi = [text for text in texts if "digital_index" in text]
    others = [text for text in texts if "digital_index" not in text]
    if len(dedi) > 2:
        others.append(f"digital index of {len(dedi)} regions: {dedi[0].split(': ', 1)[1]}")
    else:
        others += dedi
    return "Where the official table has a gap: " + "; ".join(others) + "."


def _not_measured(results: Results) -> list[str]:
    missing = "; ".join(f"{row.indicator} {row.name}" for row in _rows(results.not_measured))
    return [f"Not measured, because no mechanism that makes them is live: {missing}.", ""] if missing else []


def _policies(results: Results, manifest: Mapping[str, Any]) -> list[str]:
    """Instruments that were in force during the run, by their first year, and what they cost."""
    last = results.years[-1]
    plans = [PolicyPlan.of(plain) for plain in manifest["scenario"]["policies"]]
    first, is_on = results.years[0], manifest["parameters"]
    plans = [plan for plan in plans if plan.start <= last and plan.end >= first and is_on[plan.instrument]]
    in_statistics = [plan for plan in plans if plan.history and plan.start <= first]
    here = set(results.provinces)
    plans = [p for p in plans if p not in in_statistics and (not p.regions or here & set(p.regions))]
    if not plans:
        return ["Beside budgets, which scale with output, no instrument of policy was in force."]
    spent = results.series.groupby("year")[["policy_spend", "gdp"]].sum()
    share = 100.0 * spent["policy_spend"] / spent["gdp"]
    lines = [
        f"Beside budgets, which scale with output, instruments of policy cost {spent['policy_spend'].sum():,.0f} 10^6 yuan "
        f"over the run, {share.max():.2f} % of output in {share.idxmax()}, the dearest year. The centre pays.",
        "",
        "| Instrument | Strength | Years | Where |",
        "|---|---|---|---|",
    ]
    known = catalogue()
    if in_statistics:
        lines[0] += f" Of history counts what goes beyond that of {first}, which is in the statistics."
    for plan in sorted(plans, key=lambda plan: (plan.start, plan.instrument)):
        present = [name for name in plan.regions if name in here]
        where = ", ".join(present) or ", ".join(f"echelon {level}" for level in plan.echelons)
        behind = f", where behind in {plan.behind}" if plan.behind else ""
        lines.append(
            f"| {plan.instrument} {known[plan.instrument].name} | {plan.strength:g} | {_years(plan, last)} "
            f"| {where or 'everywhere'}{behind} |"
        )
    return lines


def _years(plan: PolicyPlan, last: int) -> str:
    return f"{plan.start} to {min(plan.end, last)}" if plan.start < min(plan.end, last) else f"{plan.start}"


def _changes(manifest: Mapping[str, Any]) -> list[str]:
    changes = manifest.get("changes", {})
    if not changes:
        return []
    return [
        "- Changed against the declared defaults: "
        + ", ".join(f"`{k}` = {v}" for k, v in changes.items())
        + "."
    ]
