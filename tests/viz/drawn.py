"""What a figure shows once drawn: its texts and where they stand."""

from itertools import combinations

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text


def drawn_texts(figure: Figure) -> list[Text]:
    """Every text that reaches the canvas; tick labels outside the axes, say, do not."""
    figure.draw_without_rendering()
    hidden = set()
    for ax in figure.axes:
        for axis in (ax.xaxis, ax.yaxis):
            on = {id(tick) for tick in axis._update_ticks()} if ax.axison and axis.get_visible() else set()
            ticks = [*axis.majorTicks, *axis.minorTicks]
            hidden |= {id(t) for tick in ticks if id(tick) not in on for t in (tick.label1, tick.label2)}
    return [
        text
        for text in figure.findobj(Text)
        if text.get_text().strip() and text.get_visible() and id(text) not in hidden
    ]


def words(figure: Figure) -> list[str]:
    return [text.get_text() for text in drawn_texts(figure)]


def collisions(figure: Figure, slack: float = 0.12) -> list[tuple[str, str]]:
    """Pairs of texts of which lines overlap by more than `slack` of the smaller's height (boxes hold descenders)."""
    boxes = [(text.get_text(), *line) for text in drawn_texts(figure) for line in line_boxes(text)]
    found = []
    for (a, *one), (b, *two) in combinations(boxes, 2):
        wide = min(one[2], two[2]) - max(one[0], two[0])
        high = min(one[3], two[3]) - max(one[1], two[1])
        least = slack * min(min(box[2] - box[0], box[3] - box[1]) for box in (one, two))
        if a != b and wide > least and high > least:
            found.append((a, b))
    return found


def line_boxes(text: Text) -> list[tuple[float, float, float, float]]:
    """Left, bottom, right and top of each line of a text, of an annotation without its leader."""
    box = Text.get_window_extent(text)
    lines = text.get_text().split("\n")
    if len(lines) == 1 or text.get_rotation():
        return [(box.x0, box.y0, box.x1, box.y1)]
    renderer = FigureCanvasAgg(text.get_figure(root=True)).get_renderer()
    boxes = []
    for i, line in enumerate(lines):
        wide = renderer.get_text_width_height_descent(line, text.get_fontproperties(), False)[0]
        spare = {"left": 0.0, "center": 0.5, "right": 1.0}[text.get_ha()] * (box.width - wide)
        top = box.y1 - i * box.height / len(lines)
        boxes.append((box.x0 + spare, top - box.height / len(lines), box.x0 + spare + wide, top))
    return boxes


def cut_off(figure: Figure) -> bool:
    width, height = figure.get_size_inches()
    used = figure.get_tightbbox(FigureCanvasAgg(figure).get_renderer())
    return not (used.x0 >= 0 and used.y0 >= 0 and used.x1 <= width and used.y1 <= height)


def curves(ax) -> list:
    """The lines of axes that have a point to show."""
    return [
        line for line in ax.get_lines() if np.isfinite(np.asarray(line.get_ydata(orig=True), float)).any()
    ]
