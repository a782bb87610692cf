"""From what was recorded to tidy tables: indicators, scores, Dagum, series, ledger."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from nqpf_abm.collect.entrepreneurship import persons_now, teams_now
from nqpf_abm.collect.panels import Scores, official_panel, score_panel
from nqpf_abm.collect.quality import quality, quality_table
from nqpf_abm.collect.record import FIRM_YEAR, SERIES, yearly
from nqpf_abm.collect.specification import Specification, load_specification, simulated
from nqpf_abm.data import FOLDER
from nqpf_abm.data.places import Regions
from nqpf_abm.errors import InputError
from nqpf_abm.measure import FrozenScale
from nqpf_abm.state.accounts import RND_WAGES, SECTORS, TRANSACTIONS, WAGES
from nqpf_abm.state.tables import State

REFERENCE = FOLDER / "reference" / "full.json"


TABLES = (
    "indicators", "scores", "scores_core", "dagum", "dagum_core", "weights", "series", "ledger",
    "entrepreneurship", "hqd", "not_measured",
)  # fmt: skip
"""Tables of a run, each an attribute of `Results` and a file of its folder."""


def reference_scale() -> FrozenScale | None:
    """The scale that scores of the `full` specification are frozen on, None if none is shipped.

    Bounds, weights and ideals were fitted by ``experiments/fit_reference.py`` on an ensemble of baseline
    runs, so that scenarios, seeds and horizons are comparable.
    """
    if not REFERENCE.exists():
        return None
    return FrozenScale.from_dict(json.loads(REFERENCE.read_text(encoding="utf-8"))["scale"])


@dataclass(eq=False)
class Results:
    """Tidy tables of a run. `quarters` counts from the first quarter of the base year.

    series_array  (n_quarters, n_provinces) of record.SERIES_TYPE, burn-in included
    ledger_array  (n_quarters, n_rows, n_provinces), 10^6 yuan, burn-in included
    burn_in       quarters before the base year
    firm_years    (n_firms,) of record.FIRM_YEAR for each complete year, or none
    state         as it is, for the tables of teams and persons; None if it was not kept
    frozen        scale that scores of the full specification are on; None: the reference's for the shipped regions,
                  and for others a scale of their own
    """

    regions: Regions
    series_array: np.ndarray
    ledger_array: np.ndarray
    burn_in: int
    firm_years: tuple[np.ndarray, ...] = ()
    state: State | None = None
    frozen: FrozenScale | None = None

    @property
    def provinces(self) -> list[str]:
        return list(self.regions.table["region"])

    @property
    def n_quarters(self) -> int:
        return len(self.series_array) - self.burn_in

    @property
    def years(self) -> list[int]:
        """Complete years."""
        return [self.regions.base_year + k for k in range(self.n_quarters // 4)]

    @cached_property
    def full(self) -> Specification:
        return simulated()

    @cached_property
    def core(self) -> Specification:
        return load_specification("core")

    def panel(self, spec: Specification) -> pd.DataFrame:
        """Indicators of `spec` measured from what agents did: province, year, one column per indicator.

        Raises InputError if not one whole year was run.
        """
        if not self.years:
            raise InputError(
                f"{self.n_quarters} quarters were run; indicators are yearly, so run at least 4 (scores: 8)"
            )
        blocks = []
        for k, year in enumerate(self.years):
            block = pd.DataFrame(self.measured(spec, k), columns=[i.id for i in spec.measured("sim")])
            block.insert(0, "province", self.provinces)
            block.insert(1, "year", year)
            blocks.append(block)
        return pd.concat(blocks, ignore_index=True)

    def measured(self, spec: Specification, k: int) -> np.ndarray:
        """(n_provinces, n_indicators) what `spec` measures of the k-th whole year."""
        values = yearly(self.series_array, self.burn_in + 4 * k + 3)
        return spec.simulate(values | {"year": self.years[k]}, len(self.provinces))

    @cached_property
    def indicators(self) -> pd.DataFrame:
        """province, year, indicator, value, unit, source."""
        long = self.panel(self.full).melt(["province", "year"], var_name="indicator", value_name="value")
        units = {indicator.id: indicator.unit for indicator in self.full.indicators}
        return long.assign(unit=long["indicator"].map(units), source="simulated")

    @cached_property
    def _groups(self) -> dict[str, str]:
        table = self.regions.table
        return {
            name: f"echelon {level}" for name, level in zip(table["region"], table["echelon"], strict=True)
        }

    @cached_property
    def scored_full(self) -> Scores:
        """Scores of the full specification: frozen on a scale where there is one, else pooled."""
        scale = reference_scale() if self.frozen is None and self.regions.is_default else self.frozen
        options = {} if scale is None else {"frozen": scale, "bounds": "frozen", "ideal": "frozen"}
        return score_panel(self.panel(self.full), self.full, groups=self._groups, **options)

    @cached_property
    def scored_official(self) -> Scores | None:
        """Scores of the official core panel, None where the regions have no official panel."""
        try:
            panel = official_panel(self.core, regions=self.regions)
            return score_panel(panel.frame, self.core, groups=self._groups)
        except InputError:
            return None

    @cached_property
    def scored_core(self) -> Scores:
        """Simulated scores of the core panel, on the scale of the official panel where there is one."""
        ids = self.core.panel().ids
        spec = self.core.select(ids)
        frame = self.panel(spec)
        official = self.scored_official
        if official is None:
            return score_panel(frame, spec, groups=self._groups)
        return score_panel(
            frame, spec, groups=self._groups, frozen=official.frozen, bounds="frozen", ideal="frozen"
        )

    @cached_property
    def scores(self) -> pd.DataFrame:
        """province, year, nqpf, scitech, green, digital, rank (specification `full`)."""
        return self.scored_full.scores

    @cached_property
    def dagum(self) -> pd.DataFrame:
        """year, gini, its three parts and their shares (specification `full`, by echelon)."""
        return self.scored_full.dagum

    def _both(self, name: str) -> pd.DataFrame:
        parts = [getattr(self.scored_core, name).assign(source="simulated")]
        if self.scored_official is not None:
            parts.append(getattr(self.scored_official, name).assign(source="official"))
        return pd.concat(parts, ignore_index=True)

    @cached_property
    def scores_core(self) -> pd.DataFrame:
        """Scores of the core panel, simulated and official, on the official scale; column source."""
        return self._both("scores")

    @cached_property
    def dagum_core(self) -> pd.DataFrame:
        """Dagum decomposition of the core scores; column source."""
        return self._both("dagum")

    @cached_property
    def weights(self) -> pd.DataFrame:
        """specification, indicator, dimension, sign, weight."""
        parts = []
        for name, scored in (("full", self.scored_full), ("core", self.scored_core)):
            parts.append(scored.weights.assign(specification=name))
        columns = ["specification", "indicator", "dimension", "sign", "weight"]
        return pd.concat(parts, ignore_index=True)[columns]

    @cached_property
    def not_measured(self) -> pd.DataFrame:
        """indicator, name, reason: what the simulation does not measure yet."""
        rows = load_specification("full").not_measured("sim")
        return pd.DataFrame(rows, columns=["indicator", "name", "reason"])

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader of the scores must know, by specification."""
        parts = (("full", self.scored_full), ("core, on the official scale", self.scored_core))
        return tuple(f"{name}: {text}" for name, scored in parts for text in scored.warnings)

    @property
    def sources(self) -> list[Path]:
        """Files that decide how scores come about: the two specifications and the reference scale."""
        files = [self.full.source, self.core.source]
        return [*files, REFERENCE] if self.regions.is_default and REFERENCE.exists() else files

    def _named(self, table: pd.DataFrame) -> pd.DataFrame:
        """Names of provinces for their rows."""
        rows = table.pop("province_row")
        table.insert(0, "province", np.array(self.provinces)[rows])
        return table

    @cached_property
    def firm_rows(self) -> pd.DataFrame:
        """`firms` with provinces by row instead of by name."""
        names = FIRM_YEAR.names if self.firm_years else ()
        return pd.DataFrame(
            {name: np.concatenate([year[name] for year in self.firm_years]) for name in names}
        )

    @cached_property
    def firms(self) -> pd.DataFrame:
        """One row per firm and year: its leader, its measures of entrepreneurship, its figures."""
        if not self.firm_years:
            raise InputError("no whole year was run; run at least 4 quarters")
        return self._named(self.firm_rows.copy())

    @cached_property
    def teams(self) -> pd.DataFrame:
        """One row per team as the run ends."""
        return self._named(teams_now(self.state))

    @cached_property
    def persons(self) -> pd.DataFrame:
        """One row per employee with a job as the run ends."""
        return self._named(persons_now(self.state))

    @cached_property
    def entrepreneurship(self) -> pd.DataFrame:
        """year, province, level (person, team, firm, region), measure, value: means of the year."""
        plans = {
            "person": {"orientation": "employee_orientation", "acting share": "proactive_share"},
            "team": {"orientation": "team_orientation", "autonomy": "autonomy", "safety": "safety"},
            "firm": {"orientation": "leader_orientation", "leadership": "leadership", "layers": "layers"},
            "region": {"index": "entrepreneurship", "speed of new products": "launch_speed"},
        }
        parts = []
        for k, year in enumerate(self.years):
            values = yearly(self.series_array, self.burn_in + 4 * k + 3)
            made = {
                (level, measure): values[column]
                for level, plan in plans.items()
                for measure, column in plan.items()
            }
            made["region", "R&D share"] = values["rd_firms"] / values["sales"]
            made["region", "patents per 10,000 employed"] = values["patents"] / values["employed"] * 1e4
            for (level, measure), value in made.items():
                columns = {"year": year, "province": self.provinces, "level": level, "measure": measure}
                parts.append(pd.DataFrame(columns | {"value": value}))
        return pd.concat(parts, ignore_index=True)

    @cached_property
    def hqd(self) -> pd.DataFrame:
        """year, province, component, value, unit, score: high-quality development, and its coupling with NQPF."""
        nqpf = self.scores.pivot(index="year", columns="province", values="nqpf")[self.provinces]
        return quality_table(*self.quality(nqpf.to_numpy()), self.years, self.provinces)

    def quality(self, nqpf: np.ndarray, since: int = 0) -> tuple[np.ndarray, np.ndarray]:
        """High-quality development beside scores `nqpf` (n_years - since, n_provinces); see `collect.quality.quality`."""
        labour = self.ledger_array[:, [WAGES, RND_WAGES]].sum(axis=1)
        years = []
        for k in range(len(self.years)):
            last = self.burn_in + 4 * k + 3
            first = last - 3 if k == 0 else last - 4  # 2012 begins where stocks are set to the official ones
            level = self.series_array["log_tfp"]
            values = yearly(self.series_array, last)
            values["log_tfp_end"], values["log_tfp_begin"] = level[last], level[first]
            values["labour_income"] = labour[last - 3 : last + 1].sum(axis=0)
            years.append(values)
        return quality(years, self.firm_years, nqpf, since)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table of the run by name."""
        return {name: getattr(self, name) for name in TABLES}

    def _time(self, n: int) -> tuple[np.ndarray, np.ndarray]:
        k = np.arange(n)
        return self.regions.base_year + k // 4, 1 + k % 4

    @cached_property
    def series(self) -> pd.DataFrame:
        """year, quarter, province and a column per recorded variable, from the base year on."""
        array = self.series_array[self.burn_in :]
        n, m = array.shape
        year, quarter = self._time(n)
        table = {"year": year.repeat(m), "quarter": quarter.repeat(m), "province": self.provinces * n}
        table |= {name: array[name].ravel() for name, *_ in SERIES}
        return pd.DataFrame(table)

    @cached_property
    def ledger(self) -> pd.DataFrame:
        """year, quarter, province, ledger, item, payer, receiver, amount, unit."""
        return pd.concat([self._money(), *self._stocks()], ignore_index=True)

    def _rows(
        self, ledger: str, item: str, amount: np.ndarray, unit: str, payer="", receiver=""
    ) -> pd.DataFrame:
        n, m = amount.shape
        year, quarter = self._time(n)
        return pd.DataFrame(
            {
                "year": year.repeat(m),
                "quarter": quarter.repeat(m),
                "province": self.provinces * n,
                "ledger": ledger,
                "item": item,
                "payer": payer,
                "receiver": receiver,
                "amount": amount.ravel(),
                "unit": unit,
            }
        )

    def _money(self) -> pd.DataFrame:
        array = self.ledger_array[self.burn_in :]
        return pd.concat(
            [
                self._rows("money", t.name, array[:, k], "10^6 yuan", SECTORS[t.payer], SECTORS[t.receiver])
                for k, t in enumerate(TRANSACTIONS)
            ],
            ignore_index=True,
        )

    def _stocks(self) -> list[pd.DataFrame]:
        """Ledgers without money: opening stock, what came, what went, closing stock."""
        now = self.series_array[self.burn_in :]
        before = self.series_array[self.burn_in - 1 : -1]
        plans = {
            "heads": ("persons", "heads", [("arrivals", "arrivals", 1), ("leavers", "leavers", -1)]),
            "achievements": (
                "achievements",
                "projects",
                [
                    ("created", "achievements_created", 1),
                    ("converted", "achievements_converted", -1),
                    ("stalled", "achievements_stalled", -1),
                ],
            ),
            "data": (
                "weighted units",
                "data",
                [
                    ("created", "data_created", 1),
                    ("aged out", "data_lost", -1),
                    ("closed", "data_closed", -1),
                ],
            ),
        }
        tables = []
        for ledger, (unit, stock, moves) in plans.items():
            tables.append(self._rows(ledger, "opening", before[stock], unit))
            for item, column, sign in moves:
                tables.append(self._rows(ledger, item, sign * now[column], unit))
            tables.append(self._rows(ledger, "closing", now[stock], unit))
        tables.append(self._rows("patents", "granted", now["patents"], "items"))
        tables.append(self._rows("energy", "fossil", now["fossil_energy"], "10^4 tce"))
        tables.append(self._rows("energy", "other", now["energy"] - now["fossil_energy"], "10^4 tce"))
        tables.append(self._rows("energy", "total", now["energy"], "10^4 tce"))
        return tables
