"""``nqpf list``: what there is to choose from."""

from __future__ import annotations

import enum
from typing import Annotated, Any

import typer


class What(enum.StrEnum):
    """What can be listed."""

    scenarios = "scenarios"
    parameters = "parameters"
    mechanisms = "mechanisms"
    indicators = "indicators"
    instruments = "instruments"


def listing(
    what: Annotated[What, typer.Argument(help="What to list.")],
    json: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False,
) -> None:
    """List scenarios, parameters, mechanisms, indicators or instruments of policy."""
    rows = {
        What.scenarios: _scenarios,
        What.parameters: _parameters,
        What.mechanisms: _mechanisms,
        What.indicators: _indicators,
        What.instruments: _instruments,
    }[what]()
    if json:
        from json import dumps

        print(dumps(rows, indent=1, ensure_ascii=False))
        return
    _print(what, rows)


SHOWN = {  # what fits a terminal of 80 columns; --json has the rest
    What.scenarios: ("name", "title", "source"),
    What.parameters: ("name", "value", "low", "high", "unit", "grade"),
    What.mechanisms: ("id", "name", "layer", "core", "implemented", "verdict"),
    What.indicators: ("id", "name", "dimension", "sign", "unit", "measured"),
    What.instruments: ("id", "name", "cost", "kind", "paid", "source"),
}


def _print(what: What, rows: list[dict[str, Any]]) -> None:
    from rich import box
    from rich.table import Table

    from nqpf_abm.cli.output import console

    table = Table(title=what.value, box=box.SIMPLE, pad_edge=False)
    for k, column in enumerate(SHOWN[what]):
        table.add_column(column, overflow="fold", no_wrap=k == 0)
    for row in rows:
        table.add_row(*(_text(row[column]) for column in SHOWN[what]))
    screen = console()
    screen.print(table)
    screen.print(f"More on each: nqpf list {what.value} --json")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _scenarios() -> list[dict[str, Any]]:
    from nqpf_abm.data.scenario_file import load_scenario, shipped_scenarios

    plans = [load_scenario(name) for name in shipped_scenarios()]
    keys = ("name", "title", "source", "note", "expected", "cost")
    return [{key: getattr(p, key) for key in keys} for p in plans]


def _parameters() -> list[dict[str, Any]]:
    from nqpf_abm.declare import Parameters
    from nqpf_abm.mechanisms import topics

    return Parameters(topics()).table()


def _mechanisms() -> list[dict[str, Any]]:
    from nqpf_abm.describe.catalogue import mechanisms

    return mechanisms()


def _instruments() -> list[dict[str, Any]]:
    from nqpf_abm.policy import instruments

    return instruments()


def _indicators() -> list[dict[str, Any]]:
    from nqpf_abm.collect.specification import load_specification

    core = set(load_specification("core").panel().ids)
    spec = load_specification("full")
    reasons = {row.indicator: row.reason for row in spec.not_measured("sim")}
    return [
        {
            "id": i.id,
            "name": i.name,
            "dimension": i.dimension,
            "sign": i.sign,
            "unit": i.unit,
            "core": i.id in core,
            "measured": i.id not in reasons,
            "reason": reasons.get(i.id, ""),
        }
        for i in spec.indicators
    ]
