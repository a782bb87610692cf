"""What ``nqpf measure`` prints."""

from __future__ import annotations


def filled_notes(cells) -> list[str]:
    """How many cells were filled, by indicator and year."""
    if cells.empty:
        return []
    counts = cells.groupby(["indicator", "year"]).size()
    return [
        f"{indicator} {year}: {count} cell{'s' if count > 1 else ''} filled ({cells['method'].iloc[0]})"
        for (indicator, year), count in counts.items()
    ]


def print_scores(scored, scores, dagum, wanted, notes: list[str]) -> None:
    """Weights, scores of the years with the last one's ranks, Dagum-Gini, notes."""
    from rich.table import Table

    from nqpf_abm.cli.output import console, print_dagum

    screen = console()
    screen.print(f"Panel {wanted.name}: {', '.join(wanted.ids)}")
    weights = Table(title="Entropy weights")
    for name in ("Indicator", "Dimension", "Sign", "Weight"):
        weights.add_column(name, justify="right" if name in ("Sign", "Weight") else "left")
    for row in scored.weights.itertuples(index=False):
        weights.add_row(row.indicator, row.dimension, f"{row.sign:+d}", f"{row.weight:.3f}")
    screen.print(weights)
    wide = scores.pivot(index="province", columns="year", values="nqpf")
    last = wide.columns[-1]
    years = list(wide.columns) if len(wide.columns) <= 8 else list(wide.columns[::2])
    years = years if last in years else [*years, last]
    table = Table(title="NQPF scores")
    table.add_column("Province", no_wrap=True)
    for year in years:
        table.add_column(str(year), justify="right")
    table.add_column("Rank", justify="right")
    ranks = wide[last].rank(ascending=False, method="min").astype("Int64")
    for name in ranks.sort_values().index:
        table.add_row(name, *(f"{wide.loc[name, year]:.3f}" for year in years), str(ranks[name]))
    table.add_section()
    table.add_row("mean", *(f"{wide[year].mean():.3f}" for year in years), "")
    screen.print(table)
    print_dagum(dagum)
    for text in notes:
        screen.print(f"note: {text}", style="yellow")


def print_conclusions(conclusions) -> None:
    """Which conclusions hold under the other methods; nothing where none was asked for."""
    if conclusions is None:
        return
    from rich.table import Table

    from nqpf_abm.cli.output import console

    table = Table(title="Which conclusions survive another method")
    table.add_column("Conclusion")
    table.add_column("Holds in", justify="right", no_wrap=True)
    table.add_column("Fails in")
    for row in conclusions.itertuples(index=False):
        table.add_row(row.conclusion, f"{row.holds_in} of {row.of}", row.fails_in)
    console().print(table)
