"""Which improvement paths a firm may follow, and in which place of its `paths` each is counted.

What a path does is in a file of its own in `mechanisms/`, named here; how firms come to follow it is in adoption.py.
That of universities (M51) has columns of its own, that of investors (M57) is chosen deal by deal.
"""

from __future__ import annotations

# id, file in mechanisms/ and name of its parameters
_PATHS = (
    ("M52", "institute"),
    ("M55", "tiers"),
    ("M56", "equity"),
    ("M58", "units"),
    ("M59", "funnel"),
    ("M60", "forgiveness"),
    ("M61", "crowdsourcing"),
)
PATHS = tuple(id_ for id_, _ in _PATHS)
TOPICS = tuple(topic for _, topic in _PATHS)
N_PATHS = len(PATHS)
M52, M55, M56, M58, M59, M60, M61 = range(N_PATHS)
