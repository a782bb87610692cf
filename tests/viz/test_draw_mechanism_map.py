"""The map of mechanisms shows every name once and lets none cover another."""

import pandas as pd
import pytest
from drawn import collisions, words
from matplotlib.patches import PathPatch

from nqpf_abm.describe.mechanism_map import edges, nodes
from nqpf_abm.viz.mechanism_map import mechanism_map


def test_it_shows_every_node_and_edge():
    listed, table = nodes(), edges()
    figure = mechanism_map(listed, table)
    text = "\n".join(words(figure))
    for name in listed["name"]:
        assert name in text
    (ax,) = figure.axes
    drawn = [patch for patch in ax.patches if isinstance(patch, PathPatch)]
    assert len(drawn) == (table["kind"] != "looks at").sum()
    assert collisions(figure) == []


def test_an_empty_table_is_refused():
    with pytest.raises(ValueError, match="edges has no rows"):
        mechanism_map(nodes(), pd.DataFrame(columns=["source", "target", "kind"]))
