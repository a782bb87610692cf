"""What ``nqpf measure`` reads: the panel, a second index, another index."""

from __future__ import annotations

from pathlib import Path

from nqpf_abm.errors import InputError, nearest


def chosen_panel(panel: Path | None, spec, choice: str | None, groups: str | None, allow_gaps: bool):
    """Frame, groups and what to say about them."""
    from nqpf_abm.collect.panels import GROUPINGS, official_panel, read_panel

    column = groups if groups not in (*GROUPINGS, None) else None
    if panel is None:
        if column is not None:
            raise InputError(
                f"--groups must be {', '.join(GROUPINGS[:-1])} or {GROUPINGS[-1]} for the official panel; got {groups!r}"
                f"{nearest(groups, GROUPINGS)}"
            )
        official = official_panel(spec, choice)
        return official.frame, groups, _second_series(official.second_series)
    file = read_panel(panel, spec, panel=choice, allow_gaps=allow_gaps, groups=column)
    notes = []
    if file.renamed:
        named = ", ".join(f"{given} → {name}" for given, name in file.renamed.items())
        notes.append(f"provinces read as: {named}")
    if file.ignored:
        notes.append(f"columns left out: {', '.join(file.ignored)}")
    return file.frame, file.groups if column else groups, notes


def _second_series(cells) -> list[str]:
    return [
        f"{row.indicator} {row.province} {row.year}: from the second official series ({row.series})"
        for row in cells.itertuples(index=False)
    ]


def second_index(path: Path, indicators: str | None, spec):
    """The second index of `--with`: its one column, or its score by a specification."""
    from nqpf_abm.collect.assessment import SecondIndex
    from nqpf_abm.data.panel_file import Columns, read_panel_file
    from nqpf_abm.data.reading import read_table

    if indicators is not None:
        name, scores = _scored_by(indicators, path, spec)
        return SecondIndex(name, scores.rename(columns={"nqpf": "value"})[["province", "year", "value"]])
    columns = Columns(keys=spec.columns.keys)
    header, _ = read_table(path)
    others = [name for name in header if name not in (columns.of("province"), columns.of("year"))]
    if len(others) != 1 and not {columns.of("indicator"), columns.of("value")} <= set(header):
        raise InputError(
            f"{path}: {len(others)} columns beside province and year ({', '.join(others)}); leave the index alone, or "
            "name the specification that scores them with --with-indicators"
        )
    frame = read_panel_file(path, allow_gaps=True, columns=columns).frame
    (index,) = (name for name in frame.columns if name not in ("province", "year"))
    return SecondIndex(index, frame.rename(columns={index: "value"}))


def _scored_by(indicators: str, path: Path, main):
    """Name and scores of a panel by another specification; it may hold columns that this one does not know.

    What the specification does not say of names of columns is taken from `main`.
    """
    from dataclasses import replace

    from nqpf_abm.collect.panels import read_panel, score_panel
    from nqpf_abm.collect.specification import load_specification

    spec = load_specification(indicators)
    keys = {**main.columns.keys, **spec.columns.keys}
    spec = replace(spec, columns=replace(spec.columns, keys=keys))
    file = read_panel(path, spec, allow_gaps=spec.fill != "none", ignore=True)
    return spec.name, score_panel(file.frame, spec, groups="one").scores


def alternative_index(indicators: str, panel: Path | None, main):
    """Name and scores of another index of the same panel, the user's or the official one."""
    from nqpf_abm.collect.assessment import official_alternative
    from nqpf_abm.collect.specification import load_specification

    if panel is None:
        return official_alternative(load_specification(indicators))
    name, scores = _scored_by(indicators, panel, main)
    return f"index {name}", scores
