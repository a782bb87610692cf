"""Which instruments a government has, in which row of its levers, and whom their money is paid to.

What an instrument does is in a file of its own in `policy/`, named here.
"""

from __future__ import annotations

from nqpf_abm.state.accounts import FIRMS, FUND, GOODS, HOUSEHOLDS, UNIVERSITIES

# id, file in policy/ and name of its parameters, who is paid
_INSTRUMENTS = (
    ("M67", "sandbox", HOUSEHOLDS),
    ("M71", "scenarios", GOODS),
    ("M72", "procurement", GOODS),
    ("M73", "reforms", HOUSEHOLDS),
    ("M74", "platform", UNIVERSITIES),
    ("M83", "tax_relief", FIRMS),
    ("M64", "infrastructure", GOODS),
    ("M69", "talent_tax", HOUSEHOLDS),
    ("M78", "bootcamp", FUND),
    ("M80", "registration", HOUSEHOLDS),
    ("M86", "cooperation", HOUSEHOLDS),
    ("M89", "east_west", FUND),
    ("M65", "strategic", FUND),
    ("M70", "compensation", FUND),
    ("M75", "chains", HOUSEHOLDS),
    ("M79", "safeguards", HOUSEHOLDS),
    ("M66", "reward", UNIVERSITIES),
    ("M77", "training", HOUSEHOLDS),
    ("M87", "retention", HOUSEHOLDS),
    ("M88", "ecology", HOUSEHOLDS),
    ("M105", "subsidy", FIRMS),
)
INSTRUMENTS = tuple(id_ for id_, _, _ in _INSTRUMENTS)
TOPICS = tuple(topic for _, topic, _ in _INSTRUMENTS)
PAID = tuple(paid for _, _, paid in _INSTRUMENTS)
N_INSTRUMENTS = len(INSTRUMENTS)
(
    M67, M71, M72, M73, M74, M83, M64, M69, M78, M80, M86, M89, M65, M70, M75, M79, M66, M77, M87, M88,
    M105,
) = range(N_INSTRUMENTS)  # fmt: skip
