"""The model as an ODD document, made from its declarations (Grimm et al. 2020, doi:10.18564/jasss.4259).

What is declared once (columns with unit, phases with what they write and draw, laws with their equations,
parameters with range and evidence, mechanisms with claim and verdict) is printed here, so that the document
cannot differ from the program. The prose between stands in this file.
"""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
import textwrap
from collections.abc import Iterable, Iterator
from importlib import import_module
from types import ModuleType

from nqpf_abm.collect.specification import load_specification, simulated
from nqpf_abm.data.catalogue import LAYERS
from nqpf_abm.data.places import load_regions
from nqpf_abm.declare import Phase, Topic
from nqpf_abm.describe.catalogue import mechanisms
from nqpf_abm.describe.mechanism_map import columns_read
from nqpf_abm.engine.schedule import QUARTER
from nqpf_abm.experiment.verdicts import effect, read_verdicts, seeds_in_words
from nqpf_abm.mechanisms import topics
from nqpf_abm.state.tables import TABLES

MARK = "<!-- made by `nqpf odd`; edit the declarations instead -->"

ENTITIES = {
    "entrepreneurs": "The leader of a firm: orientation in three dimensions, four styles of leadership, and what "
    "was decided on them. One per firm.",
    "teams": "One to twelve employees of a firm who see each other act.",
    "employees": "A person of the labour force, in a team of a firm or without a job. Stands for many persons "
    "(column weight of the province).",
    "firms": "Produces, sells, searches, invests, hires. Its columns are at its own scale; totals of a province "
    "multiply by the weight.",
    "universities": "Creates achievements in proportion to public research.",
    "projects": "A university achievement on its way from TRL 3 to TRL 9.",
    "governments": "The budget of a province.",
    "provinces": "A place: labour market, goods market, household deposits, energy base, institutions, and what is "
    "known of it.",
    "world": "What all provinces share: clock, frontier, East, banks, centre.",
}
EVERYONE = {
    "entrepreneurs": "each entrepreneur", "teams": "each team", "employees": "each employee", "firms": "each firm",
    "universities": "each university", "projects": "each project", "governments": "each government", "": "all together",
}  # fmt: skip


def odd() -> str:
    """The document as Markdown."""
    parts = [
        MARK,
        "# nqpf_abm: ODD description",
        "This document follows the ODD protocol (Overview, Design concepts, Details) in its second update "
        "(Grimm et al. 2020, doi:10.18564/jasss.4259). It is made from the declarations of the program by "
        "`nqpf odd --out docs/odd.md`; a test fails when it is out of date. M and a number is a mechanism of the "
        "catalogue (section 7.1), E and a number an equation of the specification.",
        *_purpose(),
        *_entities(),
        *_process(),
        *_concepts(),
        *_initialization(),
        *_input(),
        *_submodels(),
    ]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


# ---------------------------------------------------------------------------------------------- overview


def _purpose() -> Iterator[str]:
    yield "## 1. Purpose and patterns"
    yield (
        "The model asks whether an entrepreneur's spirit, trickling down from leader to team to employee to firm, "
        "lifts the *new quality productive forces* (NQPF) of a region, and which mechanisms carry or stop it. It is "
        "meant for comparing mechanisms and scenarios under the same luck and for teaching, not for forecasts: "
        "most parameters are assumptions that say so (section 7, column evidence). A few strengths are set to one measured "
        "correlation, that of orientation and performance; nothing else is calibrated yet."
    )
    yield (
        "It is judged by patterns of two kinds. The first are the falsifiable claims of the catalogue, each tested "
        "as a paired experiment by `nqpf verify`; section 7.1 gives the verdicts. The second are official provincial "
        "statistics from 2012 on: growth and inequality of the indicators that can be measured on both sides, "
        "scored on one scale (`nqpf run`, tables scores_core and dagum_core). The correlation of entrepreneurial "
        "orientation with firm performance (.20 to .28, Rauch et al. 2009) is met because strengths were set to it."
    )


def _entities() -> Iterator[str]:
    regions = load_regions()
    names = ", ".join(regions.table["region"])
    yield "## 2. Entities, state variables, and scales"
    yield (
        f"**Time.** One step is a quarter. The base year is {regions.base_year}; a burn-in with levels held comes "
        "before it; the default horizon is eleven years, and runs may go on to 2100."
    )
    yield (
        f"**Space.** {len(regions.table)} regions ({names}) in three echelons that are fixed from the base year, "
        "with great-circle distances between their capitals, and the *East* as a boundary: a frontier of "
        "productivity, a demand that grows, a destination of migrants. There is no space inside a region. A user's "
        "own regions may take their place."
    )
    yield (
        "**Scale.** By default 480 firms with about 7,000 employees and 60 universities. Weights make indicators "
        "independent of the number of agents but for noise. Money is in 10^6 yuan of 2012 prices."
    )
    yield (
        "**Entities.** Each kind of agent is a table with a row per agent. Every table also has `uid` (identity that "
        "keys every draw, never reused) and `is_alive`. A *row* refers to a row of another table. A number in "
        "square brackets is the number of components of a column."
    )
    for table, what in ENTITIES.items():
        yield f"### {table.capitalize()}"
        yield what
        yield _table(("column", "meaning", "unit"), [_column(*column) for column in TABLES[table]])


def _column(name: str, kind, unit: str, meaning: str) -> tuple[str, str, str]:
    size = f" [{kind[1][0]}]" if isinstance(kind, tuple) else ""
    words = meaning or {"row": f"its {name}"}.get(unit, name.replace("_", " "))
    if not unit:
        unit = "yes or no" if name.startswith("is_") else "–"
    return f"`{name}`{size}", words, unit


def _process() -> Iterator[str]:
    yield "## 3. Process overview and scheduling"
    yield (
        f"Every quarter goes through the same {len(QUARTER)} phases in this order. Within a phase everybody sees the "
        "state as the phase began and writes only the columns named, so that the order of agents cannot matter. "
        "What is contested (jobs, grants, markets) and what is summed up is settled in phases of all together, in "
        "fixed order with ties broken by keyed draws. A newcomer acts from the quarter after its foundation on."
    )
    rows = [
        (
            str(k),
            f"`{phase.name}`",
            EVERYONE[phase.kind],
            _prose(phase.doc).split("\n\n")[0],
            ", ".join(phase.mechanisms),
        )
        for k, phase in enumerate(QUARTER, 1)
    ]
    yield _table(("", "phase", "who", "what happens", "mechanisms"), rows)
    yield (
        "What a phase writes and draws is part of its declaration, and tests check both: what is written after every "
        "phase of a run, what is drawn in the program itself. What it reads is read off its code. Section 7 lists all "
        "three under each submodel. Indicators are computed from what was recorded at the end of each quarter; once a "
        "year, agents learn the score that follows."
    )


# --------------------------------------------------------------------------------------- design concepts


def _concepts() -> Iterator[str]:
    live = [row for row in mechanisms() if row["implemented"]]
    by_layer = {layer: [row["id"] for row in live if row["layer"] == layer] for layer in LAYERS}
    layers = "; ".join(f"{LAYERS[layer].lower()}: {', '.join(ids)}" for layer, ids in by_layer.items() if ids)
    streams = sorted({draw for phase in QUARTER for draw in phase.draws})
    full = simulated()
    yield "## 4. Design concepts"
    yield (
        f"**Basic principles.** Entrepreneurial orientation (Miller 1983; Covin & Slevin 1989) spreads by social "
        "influence with stubborn anchors (Friedkin & Johnsen 1990) and by thresholds of behaviour (Granovetter "
        "1978); firms search, learn and are selected in the evolutionary tradition (Nelson & Winter; Cohen & "
        "Levinthal 1990; Verspagen 1991; Dosi et al. 2010); the economy is stock-flow consistent: every payment has "
        f"a payer and a receiver. {len(live)} mechanisms are live ({layers}); each has a switch "
        "that restores its neutral form."
    )
    yield (
        "**Emergence.** Scores, their inequality between provinces, the distribution of productivity, the shares of "
        "acting employees, market shares and migration follow from what agents do. Imposed are the initial "
        "statistics, the paths of the East and the carbon ceiling, the budgets' share of output, dated policies, and the "
        "forms of the laws."
    )
    yield (
        "**Adaptation.** Employees act beyond their job when orientation and the acting share of their team pass a "
        "threshold. Entrepreneurs set R&D, the radical share of search and the speed of launch by their orientation. "
        "Firms adapt staff, investment and the green direction of search; people move towards wages and scores; "
        "founders come where the score is high. All these are rules of behaviour, none optimises."
    )
    yield (
        "**Objectives.** None is maximised explicitly. Migrants choose by a logit over a utility of wage, score and "
        "distance; markets select firms by fitness (productivity, novelty, carbon)."
    )
    yield (
        "**Learning.** Firms take in outside knowledge as far as their absorptive capacity allows; employees' skill "
        "grows at work; leaders move towards the staff whose ideas were accepted."
    )
    yield (
        "**Prediction.** Firms expect sales adaptively. Entrepreneurs decide on what they perceived a quarter before; "
        "nobody looks ahead further."
    )
    yield (
        "**Sensing.** Leaders, team members and employees see each other's orientation within the firm and the "
        "team's acting share of last quarter, without error. Firms see the means of their province and, of "
        "digital technology, how many adopted it elsewhere. Everybody learns last year's scores once a year."
    )
    yield (
        "**Interaction.** Direct within firms (influence, ideas through the layers of hierarchy); through markets for "
        "jobs, goods and credit; through spillovers and imitation within the province; through migration and trade "
        "between provinces."
    )
    yield (
        "**Stochasticity.** Every draw is a function of seed, identity of who draws, quarter and purpose (Philox "
        "counters), so that two runs with the same seed share their luck wherever they do the same, whatever else "
        f"differs. The streams of the quarter are {', '.join(f'`{name}`' for name in streams)}; initial conditions "
        "have their own."
    )
    yield (
        "**Collectives.** Teams and firms are collectives with state and behaviour of their own; provinces are "
        "places with budgets and markets. Echelons only group provinces for the analysis."
    )
    measured = [indicator.id for indicator in full.indicators]
    absent = [row.indicator for row in load_specification("full").not_measured("sim")]
    missing = f"; {', '.join(absent)} are left out until a mechanism makes them" if absent else ""
    yield (
        f"**Observation.** Series by province and quarter, a ledger of every payment, yearly indicators "
        f"({', '.join(measured)}{missing}), scored by entropy-weight TOPSIS on a frozen scale, and the Dagum "
        "decomposition of the Gini of scores. Nothing observed is fed back but last year's score."
    )


# ----------------------------------------------------------------------------------------------- details


def _initialization() -> Iterator[str]:
    start = next(topic for topic in topics() if topic.name == "start")
    yield "## 5. Initialization"
    yield _prose(inspect.getmodule(start.params).__doc__)
    yield (
        "Regions get firms in proportion to output, with a least number; firm sizes are lognormal within bounds; "
        "orientation of leaders, anchors of teams and employees and styles of leadership are drawn around the same "
        "mean everywhere, so that no region starts with more spirit. Burn-in then lets the distributions settle "
        "while productivity levels and the East's demand are held; at 2012Q1 all stocks are scaled so that output is "
        "the official one. Runs with the same seed start alike unless a setting of the start differs."
    )
    yield _parameters(start)


def _input() -> Iterator[str]:
    yield "## 6. Input data"
    yield (
        "Official statistics of the provinces of the base year enter the initial conditions (output, population, "
        "R&D, patents, energy, CO2, budgets; `data/official/provinces.csv`, each figure with publication and "
        "quality); later years serve comparison only and never enter a run. During a run three paths are "
        "exogenous: the East's frontier and demand and the market's carbon ceiling (`open_books`). Assumed growth "
        "rates drive them; no series is read. The baseline also has dated policies of 2012 to 2022: dates and places are "
        "facts, strengths are assumed (`data/scenarios/baseline.toml`); scenario `undated` has none."
    )


def _submodels() -> Iterator[str]:
    yield "## 7. Submodels"
    yield "### 7.1 Mechanisms, claims and verdicts"
    told = read_verdicts()
    yield (
        "Switched off (`--set M06=off`), a mechanism takes its neutral form. Verdicts are those of `nqpf verify` with "
        f"{seeds_in_words(told)}; `docs/verdicts.md` has the whole table with expectations and explanations."
    )
    effects: dict[str, list[str]] = {}
    for verdict in told:
        if effect(verdict):
            effects.setdefault(verdict.mechanism, []).append(f"{verdict.measured}: {effect(verdict)}")
    claims = {verdict.mechanism: verdict.claim for verdict in told}
    rows = [
        (
            row["id"],
            row["name"],
            row["neutral"],
            claims.get(row["id"], row["claim"]),
            f"**{row['verdict']}**" if row["verdict"] else "not tested yet",
            "; ".join(effects.get(row["id"], [])),
        )
        for row in mechanisms()
        if row["implemented"]
    ]
    yield _table(("", "mechanism", "neutral form", "claim", "verdict", "effect (95 % interval)"), rows)
    for k, (name, module, topic) in enumerate(_modules(), 2):
        yield f"### 7.{k} {name.capitalize()}"
        yield _prose(module.__doc__)
        phases = [phase for phase in QUARTER if _module_of(phase) == module.__name__]
        if phases:
            yield "\n".join(_phase(phase) for phase in phases)
        laws = list(_laws(module))
        if laws:
            yield "**Laws**"
            yield from laws
        if topic is not None:
            yield "**Parameters**"
            yield _parameters(topic)


def _modules() -> Iterator[tuple[str, ModuleType, Topic | None]]:
    """Topic files in the order of the quarter, then files with phases but no parameters of their own."""
    seen = set()
    for topic in topics():
        if topic.name != "start":
            module = inspect.getmodule(topic.params)
            seen.add(module.__name__)
            yield topic.name, module, topic
    for name in dict.fromkeys(_module_of(phase) for phase in QUARTER):
        if name not in seen:
            yield name.split(".")[-1], import_module(name), None


def _module_of(phase: Phase) -> str:
    return phase.function.__module__


def _phase(phase: Phase) -> str:
    words = [f"- `{phase.name}` ({EVERYONE[phase.kind]}): {_inline(phase.doc)}"]
    read = sorted(columns_read(phase.function, phase.kind))
    words.append("Reads " + ", ".join(f"`{name}`" for name in read))
    words.append("writes " + ", ".join(f"`{name}`" for name in phase.writes))
    if phase.draws:
        words.append("draws " + ", ".join(f"`{name}`" for name in phase.draws))
    return f"{words[0].rstrip('.')}. *{'; '.join(words[1:])}.*"


def _laws(module: ModuleType) -> Iterator[str]:
    """Every law of a topic file, found by its mark ``@rule``: name, arguments and docstring."""
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.FunctionDef) and any(
            isinstance(mark, ast.Name) and mark.id == "rule" for mark in node.decorator_list
        ):
            arguments = ", ".join(a.arg for a in node.args.args)
            yield f"#### `{node.name}({arguments})`"
            yield _prose(ast.get_docstring(node, clean=True) or "")


def _parameters(topic: Topic) -> str:
    rows = []
    for field in dataclasses.fields(topic.params):
        told = field.metadata
        evidence = told["evidence"]
        source = f" ({evidence.source})" if evidence.source else ""
        rows.append(
            (
                f"`{topic.name}.{field.name}`" + (f", {told['symbol']}" if told["symbol"] else ""),
                f"{field.default:g}",
                f"{told['low']:g} to {told['high']:g}",
                told["unit"],
                f"{evidence.grade}: {evidence.note}{source}",
            )
        )
    return _table(("parameter", "default", "range", "unit", "evidence"), rows)


# ---------------------------------------------------------------------------------------------- Markdown


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [list(head), *(list(row) for row in rows)]
    text = [
        "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |"
        for line in lines
    ]
    text.insert(1, "|" + "---|" * len(lines[0]))
    return "\n".join(text)


_ARGUMENT = re.compile(r"^(\w+(?:, \w+)*)\s{2,}(\S.*)$")


def _prose(doc: str | None) -> str:
    """A docstring as Markdown: paragraphs joined, equations set, lists of arguments as bullets."""
    blocks = re.split(r"\n\s*\n", textwrap.dedent(_cleaned(doc)))
    return "\n\n".join(_block(block) for block in blocks if block.strip())


def _cleaned(doc: str | None) -> str:
    return inspect.cleandoc(doc or "")


def _block(block: str) -> str:
    lines = block.splitlines()
    if lines[0].startswith(".. math::"):
        return (
            "$$"
            + " ".join([lines[0].removeprefix(".. math::").strip(), *map(str.strip, lines[1:])]).strip()
            + "$$"
        )
    bullets: list[str] = []
    for line in lines:
        if line.startswith(" ") and bullets:
            bullets[-1] += " " + line.strip()
        else:
            bullets += re.split(r";\s{2,}", line)
    matches = [_ARGUMENT.match(bullet) for bullet in bullets]
    if all(matches):
        return "\n".join(f"- *{match[1]}*: {_inline(re.sub(r'  +', ', ', match[2]))}" for match in matches)
    return _inline(" ".join(line.strip() for line in lines))


def _inline(text: str) -> str:
    text = " ".join(text.split())
    text = re.sub(r":math:`(.*?)`", r"$\1$", text)
    return re.sub(r"``(.*?)``", r"`\1`", text)
