"""Who affects whom: mechanisms, stocks and indicators, read off the declarations and the code of the phases.

A mechanism acts on a stock if a phase it lives in writes a column of that stock, and looks at a stock if such a phase,
or a function it calls, reads one. An indicator is measured by a stock if its formula names a series that is recorded
from a column of that stock. What several mechanisms do in one phase is not told apart: all of them get its edges.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from functools import cache
from typing import Any

import pandas as pd

from nqpf_abm.collect import record
from nqpf_abm.collect.specification import DIMENSIONS, load_specification
from nqpf_abm.data.catalogue import LAYERS
from nqpf_abm.engine.schedule import QUARTER
from nqpf_abm.mechanisms import topics
from nqpf_abm.state.tables import TABLES

STOCKS: dict[str, tuple[str, ...]] = {
    "spirit of leaders": ("entrepreneurs.",),
    "spirit of teams and employees": (
        "teams.orientation", "teams.anchor", "teams.safety", "teams.autonomy", "teams.motivation",
        "teams.member_mean", "teams.proactive_share", "employees.orientation", "employees.anchor",
        "employees.threshold", "employees.is_proactive", "firms.team_mean", "firms.proactive_mean", "firms.n_proactive",
    ),
    "layers and ideas": ("firms.layers", "firms.ideas", "firms.accepted", "firms.idea_"),
    "research and development": (
        "firms.rnd", "firms.fte", "firms.grant", "firms.is_applicant", "governments.public_rnd",
        "governments.grant_pool", "provinces.grant_rate", "provinces.neighbour_rnd",
    ),
    "finds of search": (
        "firms.wins", "firms.radical_wins", "firms.green_wins", "firms.failures", "firms.found", "firms.tolerance",
        "firms.success_probability", "firms.lessons", "provinces.search_rates", "provinces.field_wins",
        "provinces.patents_per_win", "world.patenting",
    ),
    "productivity": (
        "firms.log_tfp", "firms.launch", "firms.disruption", "firms.digested", "firms.absorptive_capacity",
        "firms.neighbour_gain", "firms.search_gain", "provinces.mean_log_tfp",
        "provinces.absorptive_capacity", "world.frontier",
    ),
    "fields of technology": ("firms.field", "firms.is_new", "provinces.field_share", "provinces.new_share"),
    "digital adoption": (
        "firms.is_adopter", "firms.digital_weight", "firms.online_share", "provinces.adopter_share",
        "world.adopter_share",
    ),
    "data and computing power": (
        "firms.data", "firms.sharing", "firms.algorithm", "firms.compute", "firms.digital_input",
        "provinces.data_liquidity", "provinces.data_pool", "provinces.compute_", "provinces.digital_input",
    ),
    "university achievements": (
        "projects.", "universities.", "provinces.created", "provinces.converted", "provinces.stalled",
        "provinces.public_knowledge", "provinces.conversion_age", "provinces.licences",
    ),
    "institutions and trust": (
        "provinces.institution", "provinces.new_returns", "provinces.trust", "provinces.data_rights",
        "provinces.patience", "provinces.digital_odds", "provinces.expected_odds", "provinces.segmentation",
    ),
    "efficiencies and resonance": (
        "provinces.efficiency", "provinces.breadth", "provinces.sustainability", "provinces.resonance",
        "provinces.radical_flow", "provinces.retained", "provinces.circulation", "provinces.stage",
    ),
    "entrepreneurial culture": (
        "provinces.culture", "provinces.responsibility", "firms.responsibility", "provinces.measures",
        "provinces.entrepreneurship", "provinces.score",
    ),
    "firms that open and close": (
        "firms.is_alive", "firms.is_leaving", "firms.quarters_short", "provinces.entries", "provinces.exits",
        "provinces.spin_offs", "provinces.n_firms",
    ),
    "jobs, wages and skills": (
        "employees.firm", "employees.skill", "employees.old_skill", "firms.staff", "firms.skill", "firms.bid",
        "firms.vacancies", "firms.layoffs", "firms.unfilled", "provinces.wage", "provinces.unemployment",
        "provinces.skill_match", "provinces.mean_staff",
    ),
    "population": (
        "provinces.heads", "provinces.leavers", "provinces.arrivals", "employees.is_alive", "employees.tier",
        "employees.urge",
    ),
    "goods and markets": (
        "firms.sales", "firms.output", "firms.order", "firms.share", "firms.niche", "firms.capacity", "firms.fitness",
        "firms.inventory", "firms.expected_sales", "provinces.gdp", "provinces.sold", "provinces.orders",
        "provinces.absorption", "provinces.consumption", "provinces.utilisation", "provinces.import_share",
        "provinces.export_", "provinces.sales_per_head", "provinces.mean_sales", "provinces.fitness_mean",
        "provinces.unmet_share", "world.export_pool", "world.east_demand",
    ),
    "capital, deposits and loans": (
        "firms.capital", "firms.cash", "firms.loan", "firms.new_loan", "firms.credit_line", "firms.is_borrower",
        "firms.is_approved", "firms.investment", "firms.profit", "firms.pool", "provinces.households", "provinces.fund",
        "provinces.income", "provinces.first_loss",
    ),
    "policies in force": (
        "governments.strength", "governments.enacted", "governments.effect", "governments.delivered",
        "governments.policy_", "firms.support", "provinces.green_",
    ),
    "energy, carbon and waste": (
        "firms.energy_intensity", "firms.waste", "firms.reuse", "provinces.fossil_share", "provinces.energy_per_output",
        "provinces.co2_per_output", "provinces.mean_energy_intensity", "provinces.mean_waste", "provinces.mean_reuse",
        "world.carbon_ceiling",
    ),
}  # fmt: skip
"""Groups of columns, by the beginnings of their names. ``table.is_alive`` stands for rows that come and go."""

ECONOMY = "economy"
"""The phases that no mechanism lives in: production, payment, wages, budgets, survival."""

APART = ("open_books", "re_anchor", "shift_spirit", "anchor_research", "hold_levels", "survey_provinces")
"""Phases of the clock, of burn-in, of experiments, and the one that only takes means."""

_COLUMNS = {f"{table}.{column}" for table, columns in TABLES.items() for column, *_ in columns}
ACTS, LOOKS, MEASURED = "acts on", "looks at", "measured by"


def nodes() -> pd.DataFrame:
    """kind (mechanism, stock, indicator), id, name, group: layer of a mechanism, dimension of an indicator."""
    live = sorted((m for topic in topics() for m in topic.mechanisms), key=lambda m: (m.layer, int(m.id[1:])))
    rows = [("mechanism", m.id, m.name, LAYERS[m.layer]) for m in live]
    rows.append(("mechanism", ECONOMY, "the economy without a switch", "No mechanism"))
    rows += [("stock", name, name, "") for name in STOCKS]
    measured = load_specification("full").measured("sim")
    rows += [("indicator", i.id, i.name, DIMENSIONS[i.dimension]) for i in measured]
    return pd.DataFrame(rows, columns=["kind", "id", "name", "group"])


def edges() -> pd.DataFrame:
    """source, target, kind, by (phases, or series of the formula), columns: names separated by blanks.

    kind  "acts on" from a mechanism to a stock, "looks at" from a mechanism to a stock it reads, "measured by" from
          an indicator to a stock
    """
    found: dict[tuple[str, str, str], tuple[set[str], set[str]]] = {}

    def add(source: str, target: str, kind: str, by: str, column: str) -> None:
        phases, columns = found.setdefault((source, target, kind), (set(), set()))
        phases.add(by)
        columns.add(column)

    for phase in QUARTER:
        if phase.name in APART:
            continue
        read = columns_read(phase.function, phase.kind)
        for source in phase.mechanisms or (ECONOMY,):
            for kind, columns in ((ACTS, phase.writes), (LOOKS, read)):
                for column in columns:
                    stock = stock_of(column)
                    if stock:
                        add(source, stock, kind, phase.name, column)
    recorded = columns_recorded()
    for indicator in load_specification("full").measured("sim"):
        for series in indicator.sim.names:
            for column in recorded[series.removesuffix("_3y")]:
                stock = stock_of(column)
                if stock:
                    add(indicator.id, stock, MEASURED, series, column)
    order = {name: k for k, name in enumerate(nodes()["id"])}
    rows = [(*edge, " ".join(sorted(by)), " ".join(sorted(columns))) for edge, (by, columns) in found.items()]
    rows.sort(key=lambda row: (order[row[0]], row[2], order[row[1]]))
    return pd.DataFrame(rows, columns=["source", "target", "kind", "by", "columns"])


def stock_of(column: str) -> str:
    """The stock a column belongs to, by the longest beginning that fits; "" if none, as for values of 2012."""
    if column.endswith("_start"):
        return ""
    column = column.replace(".*", ".is_alive")
    fits = [
        (len(start), name) for name, starts in STOCKS.items() for start in starts if column.startswith(start)
    ]
    return max(fits)[1] if fits else ""


# ---------------------------------------------------------------------------------------- what code reads


def columns_read(function: Any, table: str) -> set[str]:
    """Columns ``table.column`` that a phase reads, also in functions it calls.

    table  of the row phase, "" for a collective phase. Arguments are `(i, s, p, key)` or `(s, p, key)`.
    """
    names = list(inspect.signature(function).parameters)
    state = names[1] if table else names[0]
    return _reads(function, frozenset({(state, "state")}), set())


def _reads(function: Any, bound: frozenset[tuple[str, str]], seen: set) -> set[str]:
    if (function.__qualname__, bound) in seen:
        return set()
    seen.add((function.__qualname__, bound))
    tree = _tree(function)
    table_of = _bindings(tree, dict(bound))
    stored = _stored(tree)
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and id(node) not in stored:
            table = _table(node.value, table_of)
            if table in TABLES:
                found.add(f"{table}.{node.attr}")
        elif _is_column(node) and id(node) not in stored:
            found.add(f"{_table(node.value, table_of)}.{node.slice.value}")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            called = function.__globals__.get(node.func.id)
            called = getattr(called, "py_func", called)
            if inspect.isfunction(called) and called.__module__.startswith("nqpf_abm."):
                parameters = list(inspect.signature(called).parameters)
                given = {
                    (name, table)
                    for name, argument in zip(parameters, node.args, strict=False)
                    if (table := _table(argument, table_of))
                }
                if given:
                    found |= _reads(called, frozenset(given), seen)
    return {column for column in found if column in _COLUMNS}


def _is_column(node: ast.AST) -> bool:
    """Whether it is written ``something["a name"]``: a whole column, if something is a table."""
    constant = isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant)
    return constant and isinstance(node.slice.value, str)


@cache
def _tree(function: Any) -> ast.AST:
    return ast.parse(textwrap.dedent(inspect.getsource(function)))


def _table(node: ast.AST, table_of: dict[str, str]) -> str:
    """ "state", or the table that an expression is (rows of); "" if neither."""
    while isinstance(node, ast.Subscript):
        node = node.value
    if isinstance(node, ast.Name):
        return table_of.get(node.id, "")
    if isinstance(node, ast.Attribute) and node.attr in TABLES and _table(node.value, table_of) == "state":
        return node.attr
    return ""


def _bindings(tree: ast.AST, table_of: dict[str, str]) -> dict[str, str]:
    """Names bound to the state, tables and rows, those given and those assigned."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and (table := _table(node.value, table_of)):
            table_of |= {target.id: table for target in node.targets if isinstance(target, ast.Name)}
    return table_of


def _stored(tree: ast.AST) -> set[int]:
    """Attributes that are assigned to, whole or in part, and not read by the same statement."""
    stored = set()
    for node in ast.walk(tree):
        for target in node.targets if isinstance(node, ast.Assign) else ():
            while isinstance(target, ast.Subscript):
                target = target.value
            if isinstance(target, ast.Attribute):
                stored.add(id(target))
    return stored


# ------------------------------------------------------------------------------------ what series are made of


def columns_recorded() -> dict[str, set[str]]:
    """Columns that each recorded series is made of. A series that counts rows is made of ``table.is_alive``."""
    rows = {"province": "provinces", "government": "governments", "world": "world", "firm": "firms"}
    found: dict[str, set[str]] = {name: set() for name, *_ in record.SERIES}
    for function in (
        record.record_quarter, record.record_province, record.record_firm, record.record_people,
    ):  # fmt: skip
        function = getattr(function, "py_func", function)
        given = {name: rows.get(name, "state") for name in inspect.signature(function).parameters}
        given = {name: table for name, table in given.items() if name not in ("out", "row")}
        _series_of(_tree(function), given, found)
    return found


def _series_of(tree: ast.AST, given: dict[str, str], found: dict[str, set[str]]) -> None:
    table_of = _bindings(tree, given)
    counted = next(iter(given.values()))
    local: dict[str, set[str]] = {}

    def made_of(value: ast.AST) -> set[str]:
        columns = set()
        for node in ast.walk(value):
            if isinstance(node, ast.Attribute) and (table := _table(node.value, table_of)) in TABLES:
                columns.add(f"{table}.{node.attr}")
            elif isinstance(node, ast.Name):
                columns |= local.get(node.id, set())
        return columns

    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign | ast.AugAssign):
            continue
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            if isinstance(target, ast.Name):
                local[target.id] = made_of(node.value)
            elif isinstance(target, ast.Attribute) and target.attr in found:
                columns = made_of(node.value)
                if not columns and isinstance(node.value, ast.Constant) and counted in TABLES:
                    columns = {f"{counted}.is_alive"}
                found[target.attr] |= columns
