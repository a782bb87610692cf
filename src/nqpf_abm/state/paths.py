"""Which improvement paths a firm may follow, and in which place of its `paths` each is counted.

What a path does is in a file of its own in `mechanisms/`, named here; how firms come to follow it is in adoption.py.
"""

from __future__ import annotations

# id, file in mechanisms/ and name of its parameters
_PATHS = (
    ("M59", "funnel"),
    ("M60", "forgiveness"),
)
PATHS = tuple(id_ for id_, _ in _PATHS)
TOPICS = tuple(topic for _, topic in _PATHS)
N_PATHS = len(PATHS)
M59, M60 = range(N_PATHS)
