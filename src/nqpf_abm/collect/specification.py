"""Which indicators make a score: their direction, dimension and unit, and how each side computes them.

A specification is a TOML file shared by official statistics ("real") and simulation ("sim"), so that both
are scored by the same rules. Shipped: ``core`` and ``full``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from nqpf_abm.data import FOLDER, fields
from nqpf_abm.data.formula import Formula
from nqpf_abm.data.panel_file import KEYS, Columns
from nqpf_abm.data.reading import read_toml
from nqpf_abm.errors import InputError, nearest

DIMENSIONS = {"sci_tech": "science and technology", "green": "green", "digital": "digital"}
"""First-level indices of the project's own specifications, with their titles."""

FILLS = ("none", "linear", "hold", "growth")
"""What may happen to a gap: `nqpf_abm.collect.panels.fill_gaps`."""

SIDES = ("sim", "real")
SHIPPED = FOLDER / "indicators"

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_RESERVED = (*KEYS, "nqpf", "rank")


@dataclass(frozen=True)
class Indicator:
    """One indicator. `sim` and `real` are formulas over simulated and official variables, or None."""

    id: str
    name: str
    dimension: str
    sign: int
    """+1 where more is better, -1 where less is."""
    unit: str
    sim: Formula | None = None
    real: Formula | None = None
    real_if_missing: Formula | None = None
    """A second official series for cells the first does not hold."""
    real_years: tuple[int, ...] = ()
    real_note: str = ""
    panels: tuple[str, ...] = ()
    reason: str = ""
    """Why the simulation does not measure it."""
    column: str = ""
    """What a user's file calls it, if not by its id or name."""

    def formula(self, side: str) -> Formula | None:
        return {"sim": self.sim, "real": self.real}[side]


@dataclass(frozen=True)
class PanelChoice:
    """Which indicators, provinces and years of a specification are scored together."""

    name: str
    title: str
    indicators: tuple[Indicator, ...]
    years: tuple[int, ...]
    """Empty if the file leaves them open."""
    provinces: tuple[str, ...] | None
    """None: every region at hand."""
    without: tuple[str, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(indicator.id for indicator in self.indicators)

    def among(self, regions: Iterable[str]) -> tuple[str, ...]:
        """The provinces of the panel when `regions` are at hand, in their order."""
        chosen = regions if self.provinces is None else self.provinces
        return tuple(name for name in chosen if name not in self.without)


class NotMeasured(NamedTuple):
    """An indicator that a side leaves out, and why."""

    indicator: str
    name: str
    reason: str


@dataclass(frozen=True)
class Assumption:
    """A growth path that formulas may name: ``(1 + annual_rate) ** (year - base_year)``."""

    name: str
    annual_rate: float
    base_year: int

    def at(self, year):
        return (1 + self.annual_rate) ** (year - self.base_year)


@dataclass(frozen=True)
class Specification:
    """Indicators in file order, the panels they form, and the choices that go with them."""

    name: str
    title: str
    note: str
    indicators: tuple[Indicator, ...]
    panels: tuple[PanelChoice, ...]
    default_panel: str
    fill: str
    """What happens to a gap: one of `FILLS`."""
    assumptions: tuple[Assumption, ...]
    source: Path
    dimensions: tuple[tuple[str, str], ...] = tuple(DIMENSIONS.items())
    """First-level indices in order, each with its title."""
    columns: Columns = field(default=Columns(), hash=False)
    """How a user's file names things."""

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(indicator.id for indicator in self.indicators)

    def __getitem__(self, id: str) -> Indicator:
        for indicator in self.indicators:
            if indicator.id == id:
                return indicator
        raise InputError(f"{self.source}: no indicator {id!r}{nearest(id, self.ids)}")

    def measured(self, side: str) -> tuple[Indicator, ...]:
        """Indicators that "sim" or "real" computes."""
        return tuple(indicator for indicator in self.indicators if indicator.formula(_side(side)))

    def simulate(self, values: Mapping[str, np.ndarray], n: int) -> np.ndarray:
        """(n, n_indicators) what the indicators measured in a simulation come to; not finite where they come to nothing.

        values  yearly variables of `n` regions by name (`record.yearly`), and "year"
        """
        measured = self.measured("sim")
        found = np.empty((n, len(measured)))
        with np.errstate(divide="ignore", invalid="ignore"):
            for j, indicator in enumerate(measured):
                found[:, j] = indicator.sim(values)
        return found

    def not_measured(self, side: str) -> tuple[NotMeasured, ...]:
        """Indicators that "sim" or "real" leaves out, with the reason."""
        return tuple(
            NotMeasured(indicator.id, indicator.name, _reason(indicator, side))
            for indicator in self.indicators
            if not indicator.formula(_side(side))
        )

    def on(self, side: str) -> Specification:
        """The same specification without what `side` ("sim" or "real") does not measure."""
        return self.select(indicator.id for indicator in self.measured(side))

    def select(self, ids: Iterable[str]) -> Specification:
        """The same specification with these indicators only, in file order. Raises InputError for others."""
        keep = {self[id].id for id in ids}

        def kept(indicators):
            return tuple(indicator for indicator in indicators if indicator.id in keep)

        panels = tuple(replace(panel, indicators=kept(panel.indicators)) for panel in self.panels)
        return replace(self, indicators=kept(self.indicators), panels=panels)

    def panel(self, name: str | None = None) -> PanelChoice:
        """A panel by name; the default panel without one. Raises InputError for an unknown name."""
        panels = {panel.name: panel for panel in self.panels}
        name = self.default_panel if name is None else name
        if name not in panels:
            listed = ", ".join(panels)
            raise InputError(f"{self.source}: no panel {name!r}{nearest(name, panels)}; there are {listed}")
        return panels[name]

    def evaluate(self, side: str, frame):
        """Indicators of `side` from a DataFrame with columns province, year and that side's variables.

        Returns province, year and one column per measured indicator, row by row. Cells without a result
        (a gap, 0/0, a year outside `real_years`) are NaN. Raises InputError naming the indicator for a
        variable that `frame` does not hold.
        """
        result = frame[["province", "year"]].reset_index(drop=True)
        for indicator in self.measured(side):
            cells = self._cells(frame, indicator, side)
            if side == "real":
                if indicator.real_if_missing:
                    second = self._cells(frame, indicator, "real_if_missing")
                    cells = cells.where(cells.notna(), second)
                cells = cells.where(result["year"].isin(indicator.real_years))
            result[indicator.id] = cells
        return result

    def second_series(self, frame):
        """Which cells `real_if_missing` gave: a DataFrame of province, year, indicator, value, series."""
        import pandas as pd

        values = self.evaluate("real", frame)
        taken = [pd.DataFrame(columns=["province", "year", "indicator", "value", "series"])]
        for indicator in self.measured("real"):
            if indicator.real_if_missing:
                used = self._cells(frame, indicator, "real").isna() & values[indicator.id].notna()
                cells = values.loc[used, ["province", "year"]]
                cells = cells.assign(indicator=indicator.id, value=values.loc[used, indicator.id])
                taken.append(cells.assign(series=indicator.real_if_missing.text))
        return pd.concat(taken[1:] or taken, ignore_index=True)

    def _cells(self, frame, indicator: Indicator, key: str):
        """One formula on the rows of `frame`, as a Series; NaN where the result is not a finite number."""
        import numpy as np
        import pandas as pd

        years = frame["year"].to_numpy(dtype=float)
        assumed = {assumption.name: assumption.at(years) for assumption in self.assumptions}
        formula = getattr(indicator, key)
        known = [*frame.columns, *assumed]
        values = {}
        for name in formula.names:
            if name not in known:
                raise InputError(
                    f"{self.source}, indicator {indicator.id!r}, key {key!r}: unknown variable {name!r} in "
                    f"{formula.text!r}{nearest(name, known)}"
                )
            values[name] = assumed[name] if name in assumed else frame[name].to_numpy(dtype=float)
        with np.errstate(all="ignore"):
            cells = pd.Series(formula(values))
        return cells.where(np.isfinite(cells))


def shipped_specifications() -> list[str]:
    """Names of the specifications that come with the package."""
    return sorted(path.stem for path in SHIPPED.glob("*.toml"))


def load_specification(name: str | Path = "core") -> Specification:
    """The specification shipped under `name`, or that of a TOML file.

    Raises InputError naming file, indicator and key, with what is allowed.
    """
    path = Path(name)
    if path.suffix != ".toml":
        if str(name) not in shipped_specifications():
            shipped = shipped_specifications()
            raise InputError(
                f"unknown indicator specification {str(name)!r}{nearest(str(name), shipped)}; shipped are "
                f"{', '.join(shipped)}; a file of your own must end in .toml"
            )
        return _shipped(str(name))
    return _specification(path, read_toml(path))


@cache
def _shipped(name: str) -> Specification:
    """One that comes with the package: every model asks for it."""
    path = SHIPPED / f"{name}.toml"
    return _specification(path, read_toml(path))


@cache
def simulated() -> Specification:
    """What the simulation measures of the full specification: every model and every table of one asks for it."""
    return load_specification("full").on("sim")


def _side(side: str) -> str:
    if side not in SIDES:
        raise InputError(f"side must be 'sim' or 'real', got {side!r}")
    return side


def _reason(indicator: Indicator, side: str) -> str:
    if side == "real":
        return "no official series"
    return indicator.reason or "no formula for the simulation"


# ---- from TOML ----


def _specification(path: Path, document: dict) -> Specification:
    where = str(path)
    keys = ("name", "title", "note", "default_panel", "fill", "assumptions", "panels", "indicator")
    fields.known_keys(where, document, (*keys, "dimensions", "columns"))
    tables = fields.tables(where, document, "panels") or {"all": {}}
    dimensions = _dimensions(where, document)
    indicators: list[Indicator] = []
    for number, block in enumerate(fields.blocks(where, document, "indicator"), 1):
        place = f"{where}, indicator {block.get('id', number)!r}"
        indicator = _indicator(place, block, tuple(tables), tuple(dimensions))
        if indicator.id in (other.id for other in indicators):
            raise InputError(f"{where}, indicator {indicator.id!r}: id given twice; ids must differ")
        indicators.append(indicator)
    if not indicators:
        raise InputError(f"{where}, key 'indicator': missing; give one [[indicator]] block per indicator")
    panels = tuple(
        _panel(f"{where}, panel {name!r}", name, table, indicators) for name, table in tables.items()
    )
    default = fields.take(where, document, "default_panel", str, panels[0].name)
    return Specification(
        name=fields.take(where, document, "name", str, path.stem),
        title=fields.take(where, document, "title", str, path.stem),
        note=fields.take(where, document, "note", str, "").strip(),
        indicators=tuple(indicators),
        panels=panels,
        default_panel=fields.one_of(where, "default_panel", default, [panel.name for panel in panels]),
        fill=fields.one_of(where, "fill", fields.take(where, document, "fill", str, "none"), FILLS),
        assumptions=tuple(
            _assumption(f"{where}, assumption {name!r}", name, table)
            for name, table in fields.tables(where, document, "assumptions").items()
        ),
        source=path,
        dimensions=tuple(dimensions.items()),
        columns=_columns(where, document, indicators),
    )


def _dimensions(where: str, document: dict) -> dict[str, str]:
    """Titles of the first-level indices by name, as ``[dimensions]`` gives them; else the project's own."""
    table = document.get("dimensions", DIMENSIONS)
    if not isinstance(table, dict) or not table:
        raise InputError(f"{where}, key 'dimensions': give a table [dimensions] of name = \"title\"")
    for name in table:
        fields.take(f"{where}, table [dimensions]", table, name, str)
        if not _ID.fullmatch(name) or name in _RESERVED:
            raise InputError(
                f"{where}, table [dimensions], key {name!r}: must be letters, digits and _ and no column name"
            )
    return dict(table)


def _columns(where: str, document: dict, indicators: list[Indicator]) -> Columns:
    table = document.get("columns", {})
    place = f"{where}, table [columns]"
    if not isinstance(table, dict):
        raise InputError(f"{where}, key 'columns': give a table [columns]")
    fields.known_keys(place, table, (*KEYS, "ignore"))
    ignore = table.get("ignore", False)
    if not isinstance(ignore, bool):
        raise InputError(f"{place}, key 'ignore': must be true or false, got {ignore!r}")
    ids = {}
    for indicator in indicators:
        for name in (indicator.id, indicator.name, indicator.column):
            if name and ids.setdefault(name, indicator.id) != indicator.id:
                raise InputError(
                    f"{where}, indicator {indicator.id!r}: {name!r} is a name of indicator {ids[name]!r} "
                    "already; ids, names and columns must differ"
                )
    keys = {key: fields.take(place, table, key, str) for key in KEYS if key in table}
    return Columns(keys=keys, ids=ids, ignore=ignore)


def _indicator(where: str, block: dict, panels: tuple[str, ...], dimensions: tuple[str, ...]) -> Indicator:
    series = ("real_if_missing", "real_years", "real_note")
    keys = ("id", "name", "dimension", "sign", "unit", "sim", "real", *series, "panels", "reason", "column")
    fields.known_keys(where, block, keys)
    id = fields.take(where, block, "id", str)
    if not _ID.fullmatch(id) or id in _RESERVED:
        raise InputError(f"{where}, key 'id': must be letters, digits and _ and no column name, got {id!r}")
    sign = fields.take(where, block, "sign", int)
    if sign not in (1, -1):
        raise InputError(f"{where}, key 'sign': must be 1 (more is better) or -1 (less is), got {sign}")
    for key in series:
        if key in block and "real" not in block:
            raise InputError(f"{where}, key {key!r}: needs the key 'real'")
    if "real" in block and "real_years" not in block:
        raise InputError(f"{where}, key 'real_years': missing; give the first and last year of 'real'")
    if "sim" in block and "reason" in block:
        raise InputError(f"{where}, key 'reason': says why there is no 'sim', but there is one; remove one")
    chosen = fields.names(where, block, "panels", panels)
    for name in chosen:
        if name not in panels:
            raise InputError(f"{where}, key 'panels': no panel {name!r}{nearest(name, panels)}")
    dimension = fields.take(where, block, "dimension", str)
    return Indicator(
        id=id,
        name=fields.take(where, block, "name", str, id),
        dimension=fields.one_of(where, "dimension", dimension, dimensions),
        sign=sign,
        unit=fields.take(where, block, "unit", str, ""),
        sim=_formula(where, block, "sim"),
        real=_formula(where, block, "real"),
        real_if_missing=_formula(where, block, "real_if_missing"),
        real_years=fields.years(where, block, "real_years"),
        real_note=fields.take(where, block, "real_note", str, ""),
        panels=chosen,
        reason=fields.take(where, block, "reason", str, ""),
        column=fields.take(where, block, "column", str, ""),
    )


def _panel(where: str, name: str, table: dict, indicators: list[Indicator]) -> PanelChoice:
    fields.known_keys(where, table, ("title", "years", "provinces", "without"))
    chosen = tuple(indicator for indicator in indicators if name in indicator.panels)
    if not chosen:
        raise InputError(f"{where}: no indicator names it in its key 'panels'")
    years = fields.years(where, table, "years")
    for indicator in chosen:
        outside = sorted(set(years) - set(indicator.real_years)) if indicator.real else []
        if outside:
            raise InputError(
                f"{where}, key 'years': indicator {indicator.id!r} has no official figures for {outside[0]}; "
                f"its 'real_years' are {indicator.real_years[0]} to {indicator.real_years[-1]}"
            )
    everyone = table.get("provinces", "all") == "all"
    return PanelChoice(
        name=name,
        title=fields.take(where, table, "title", str, name),
        indicators=chosen,
        years=years,
        provinces=None if everyone else fields.names(where, table, "provinces"),
        without=fields.names(where, table, "without"),
    )


def _assumption(where: str, name: str, table: dict) -> Assumption:
    fields.known_keys(where, table, ("annual_rate", "base_year"))
    rate = fields.take(where, table, "annual_rate", float)
    if not -0.5 <= rate <= 0.5:
        raise InputError(
            f"{where}, key 'annual_rate': must lie in [-0.5, 0.5] per year, got {rate}; a percentage?"
        )
    return Assumption(name, float(rate), fields.take(where, table, "base_year", int))


def _formula(where: str, block: dict, key: str) -> Formula | None:
    if key not in block:
        return None
    try:
        return Formula.parse(block[key])
    except ValueError as error:
        raise InputError(f"{where}, key {key!r}: {error}") from None
