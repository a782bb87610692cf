"""Colours, columns and line breaks that the figures share; and that the check for collisions can fail."""

import numpy as np
from drawn import collisions, cut_off
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from nqpf_abm.viz import style


def test_the_checks_of_the_figures_can_fail():
    figure = Figure(figsize=(4, 3))
    figure.text(0.5, 0.5, "one")
    figure.text(0.51, 0.51, "another")
    assert collisions(figure) == [("one", "another")]
    figure.text(0.95, 0.2, "beyond the edge")
    assert cut_off(figure)


def test_names_without_a_colour_take_those_that_no_other_has():
    known = {"green": style.GREEN, "digital": style.PURPLE}
    colours = style.colours_for(["law", "green", "finance", "digital", "law"], known)
    assert colours["green"] == style.GREEN and colours["digital"] == style.PURPLE
    assert len(set(colours.values())) == len(colours) == 4
    many = style.colours_for(range(20), {})
    assert len(many) == 20 and set(many.values()) == set(style.PALETTE)


def test_numbers_are_written_in_the_colour_that_contrasts_more():
    norm = Normalize(0, 1)
    assert list(style.ink(np.array([0.0, 1.0, np.nan]), norm, style.HEAT)) == [
        style.BLACK,
        "white",
        style.GREY,
    ]
    assert str(style.ink(np.nan, norm, style.HEAT)) == style.GREY


def test_long_text_is_broken_between_words():
    text = "statistics of the provinces and of the cities"
    rows = style.wrapped(text, 1.2, 9).split("\n")
    assert " ".join(rows) == text and len(rows) > 1
    assert style.text_width(rows, 9) <= 1.2
    assert style.wrapped("short", 1.2, 9) == "short"


def test_a_figure_is_as_wide_as_its_heading():
    figure = style.new_figure(2.0, 3.0, "A heading that needs more than two inches", "", "")
    assert figure.get_figwidth() > 2.0
    assert not cut_off(figure)


def test_numbers_have_a_true_minus_and_a_dash_for_none():
    assert [style.number(value, "+.2f") for value in (-0.5, 0.5, np.nan, np.inf)] == [
        "−0.50",
        "+0.50",
        "–",
        "–",
    ]


def test_names_stand_in_the_order_of_the_lines_on_an_axis_that_points_down():
    figure = Figure()
    ax = figure.subplots()
    ax.set_ylim(3.5, 0.5)
    for side in ("left", "right"):
        style.label_line_ends(
            {ax: [style.EndLabel(0, y, f"{side} {y}", "black") for y in (2, 1, 3)]}, side=side
        )
    figure.draw_without_rendering()
    places = {text.get_text(): text.get_window_extent() for text in ax.texts}
    for side in ("left", "right"):
        heights = [places[f"{side} {y}"].y0 for y in (1, 2, 3)]
        assert heights == sorted(heights, reverse=True)
    assert places["left 1"].x1 < places["right 1"].x0
