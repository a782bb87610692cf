"""Which mechanism moves which indicator? Every live mechanism is switched off, one at a time.

    python experiments/mechanism_effects.py [--seeds 8] [--first-seed 1] [--jobs 2]

The effect of a mechanism is what a run with it has over the run of the same seed without it: 2022, mean of provinces,
in per cent of the run with it (N1 to N18, score, output). The same seed means the same luck, so effects are paired; t
is their mean over its standard error. With 6 to 8 seeds two to three cells in a hundred pass |t| > 3 by chance alone, some
20 to 30 of about 940. More of N8 to N11 is worse. Run it again whenever the model moves or the reference scale is refitted.

experiments/results/mechanism_effects.csv  mechanism, indicator, default, off, effect (%), se, t, seeds
experiments/results/mechanism_effects.png  the same as a heat map
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from scipy.stats import t as student

from nqpf_abm import policy
from nqpf_abm.collect.specification import load_specification
from nqpf_abm.experiment.arm_tables import arm_tables
from nqpf_abm.experiment.arms import YEARS, arm
from nqpf_abm.experiment.execute import Finished, Measure
from nqpf_abm.mechanisms import topics
from nqpf_abm.viz import style

RESULTS = Path(__file__).resolve().parent / "results"
NQPF, OUTPUT = "NQPF", "output"
CAP, TOLD = 6.0, 3.0  # standard errors: end of the colours, and from where a number is written


def _indicator(name: str):
    def of(finished: Finished) -> float:
        table = finished.model.results.indicators
        last = (table["year"] == table["year"].max()) & (table["indicator"] == name)
        return float(table.loc[last, "value"].mean())

    return of


def _score(finished: Finished) -> float:
    scores = finished.model.results.scores
    return float(scores.loc[scores["year"] == scores["year"].max(), "nqpf"].mean())


def _output(finished: Finished) -> float:
    model = finished.model
    return float(model.results.series_array["gdp"][-4:].sum(axis=0).mean())


def measures() -> tuple[Measure, ...]:
    """N1 to N18, the score and output, of the last year, means of provinces."""
    indicators = load_specification("full").measured("sim")
    found = [Measure(i.id, i.unit, _indicator(i.id)) for i in indicators]
    return (*found, Measure(NQPF, "0 to 1", _score), Measure(OUTPUT, "10^6 yuan", _output))


def live() -> pd.DataFrame:
    """id, name, layer of every mechanism that acts without a policy or a path that is chosen (D), by layer and number."""
    idle = {m.id for topic in policy.topics() for m in topic.mechanisms}
    rows = [(m.id, m.name, m.layer) for topic in topics() for m in topic.mechanisms if m.id not in idle]
    rows = [row for row in rows if row[2] != "D"]
    rows.sort(key=lambda row: (row[2], int(row[0][1:])))
    return pd.DataFrame(rows, columns=["id", "name", "layer"])


def effects(on: pd.DataFrame, off: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """One row per mechanism and measure. `on` and each of `off`: a row per seed, a column per measure."""
    rows = []
    for mechanism, without in off.items():
        paired = 100 * (on - without) / on.abs()
        for measure in on.columns:
            known = paired[measure].dropna()
            n, mean = len(known), known.mean()
            se = known.std(ddof=1) / np.sqrt(n) if n > 1 else np.nan
            t = mean / se if se > 0 else 0.0 if mean == 0 else np.nan
            rows.append(
                (mechanism, measure, on[measure].mean(), without[measure].mean(), mean, se, t, n)
            )  # fmt: skip
    return pd.DataFrame(
        rows, columns=["mechanism", "indicator", "default", "off", "effect", "se", "t", "seeds"]
    )


def run(names: list[str], seeds: range, jobs: int, quarters: int = 4 * YEARS) -> pd.DataFrame:
    """The effects of these mechanisms over these seeds."""
    arms = {"": arm(quarters=quarters)} | {name: arm({name: "off"}, quarters=quarters) for name in names}

    def tell(done: int, total: int) -> None:
        if done % 50 == 0 or done == total:
            print(f"{done} of {total} runs", flush=True)

    tables = arm_tables(arms, seeds, measures(), jobs=jobs, progress=tell)
    return effects(tables.pop(""), tables)


def figure(table: pd.DataFrame) -> Figure:
    """Mechanisms by layer against indicators: colour is t, the number the effect in per cent where |t| > 3."""
    listed = live().query("id in @table['mechanism'].unique()")
    columns = list(dict.fromkeys(table["indicator"]))
    names = {i.id: i.name for i in load_specification("full").indicators}
    wide = table.pivot(index="mechanism", columns="indicator").loc[listed["id"]]
    t, effect = wide["t"][columns].to_numpy(), wide["effect"][columns].to_numpy()
    left = style.text_width(listed["id"] + "  " + listed["name"], style.TICK) + 0.25
    labels = [f"{name}  {names[name]}" if name in names else name for name in columns]
    top = 0.85 + 0.62 * style.text_width(labels, style.TICK) + 0.1
    seeds = int(table["seeds"].max())
    made = style.new_figure(
        left + 0.52 * len(columns) + 1.7,
        top + 0.21 * len(listed) + 0.55,
        "Which mechanism moves which indicator, 2022",
        f"Colour: effect of having it, over its standard error ({seeds} paired seeds). "
        f"Number: the same in % of the default, where beyond {TOLD:.0f} standard errors",
        "Blue: more of it with the mechanism than without, whether that is better or not. "
        + style.UNCALIBRATED,
    )
    (ax,) = style.panels(made, left=left, right=1.7, top=top, bottom=0.5).ravel()
    colours, norm = colormaps["RdBu"], Normalize(-CAP, CAP)
    image = ax.imshow(np.clip(np.nan_to_num(t), -CAP, CAP), cmap=colours, norm=norm, aspect="auto")
    inks = style.ink(np.clip(t, -CAP, CAP), norm, colours)
    for row, column in np.argwhere(np.abs(t) > TOLD):
        ax.text(
            column, row, _short(effect[row, column]), ha="center", va="center", fontsize=style.CAPTION,
            color=str(inks[row, column]),
        )  # fmt: skip
    ax.set_xticks(range(len(columns)), labels, rotation=38, ha="left", rotation_mode="anchor")
    ax.xaxis.tick_top()
    ax.set_yticks(range(len(listed)), listed["id"] + "  " + listed["name"])
    ax.tick_params(labelsize=style.TICK, length=0)
    for side in ax.spines.values():
        side.set_visible(False)
    for k in np.flatnonzero(listed["layer"].to_numpy()[1:] != listed["layer"].to_numpy()[:-1]):
        ax.axhline(k + 0.5, color=style.BLACK, linewidth=0.8)
    width, height = made.get_size_inches()
    bar = made.add_axes([1 - 1.1 / width, 0.5 / height, 0.18 / width, 3.0 / height])
    made.colorbar(image, cax=bar, ticks=[-CAP, -TOLD, 0, TOLD, CAP])
    bar.set_yticklabels([f"≤ −{CAP:.0f}", f"−{TOLD:.0f}", "0", f"{TOLD:.0f}", f"≥ {CAP:.0f}"])
    bar.set_title("effect / s.e.", fontsize=style.TICK, loc="left")
    for layer, rows in listed.reset_index(drop=True).groupby("layer"):
        ax.annotate(
            f"layer {layer}", (1, rows.index[0]), xycoords=("axes fraction", "data"), xytext=(6, 0),
            textcoords="offset points", fontsize=style.CAPTION, va="center", color=style.GREY, annotation_clip=False,
        )  # fmt: skip
    return made


def _short(value: float) -> str:
    return style.number(value, ".0f" if abs(value) >= 9.95 else ".1f" if abs(value) >= 0.095 else ".2f")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    listed = live()
    table = run(list(listed["id"]), seeds, options.jobs)
    RESULTS.mkdir(exist_ok=True)
    table.to_csv(RESULTS / "mechanism_effects.csv", index=False, float_format="%.6g", lineterminator="\n")
    figure(table).savefig(RESULTS / "mechanism_effects.png", dpi=110)
    told = table[table["t"].abs() > TOLD]
    chance = 2 * student.sf(TOLD, options.seeds - 1) * len(table)
    print(
        f"{len(told)} of {len(table)} effects beyond {TOLD:.0f} standard errors, {options.seeds} seeds "
        f"(by chance alone {chance:.0f})"
    )
    moved = told.groupby("mechanism")["indicator"].agg(" ".join).reindex(listed["id"]).fillna("none")
    for row in listed.itertuples():
        print(f"  {row.id:5} {row.layer}  {row.name}: {moved[row.id]}")


if __name__ == "__main__":
    main()
