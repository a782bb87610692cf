"""Whether universities work on what firms need (M46).

Universities lie between paper and engineering. Firms of the old trajectory look for solutions of technical problems;
where technology is based on science, firms look for science itself (Meyer-Krahmer & Schmoch 1998), so that they need
less engineering. The further a university is from the firms of its province, the slower its projects climb; what it
does not spend on engineering goes into papers.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Literature, Mechanism, Topic, param
from nqpf_abm.numerics.jit import rule
from nqpf_abm.numerics.mathx import clip01, exp


@dataclass(frozen=True, kw_only=True)
class AlignmentParams(Checked):
    """Orientation of universities, need of firms, tolerance."""

    orientation: float = param(
        0.3, low=0.0, high=1.0, unit="0 paper, 1 engineering", evidence=Assumed("mean of universities")
    )
    orientation_sd: float = param(
        0.1, low=0.0, high=0.2, unit="0 to 1", evidence=Assumed("spread among universities")
    )
    need_old: float = param(
        0.62, low=0.4, high=0.9, unit="0 paper, 1 engineering",
        evidence=Assumed("firms of the old trajectory; with the new one about .6 in 2012"),
    )  # fmt: skip
    need_new: float = param(
        0.45, low=0.2, high=0.8, unit="0 paper, 1 engineering",
        evidence=Literature(
            "in science-based fields industry mainly observes science, elsewhere it wants technical problems solved; "
            "the size is assumed", "Meyer-Krahmer & Schmoch 1998, doi:10.1016/S0048-7333(98)00094-8"),
    )  # fmt: skip
    tolerance: float = param(
        0.25, low=0.1, high=0.5, unit="0 to 1", symbol="s", evidence=Assumed("distance that can be bridged")
    )
    papers: float = param(
        10.0, low=2.0, high=40.0, unit="papers/achievement",
        evidence=Assumed("of a university that works for papers alone"),
    )  # fmt: skip


@rule
def engineering_need(new_share, need_old, need_new):
    """What the firms of a province need, between paper (0) and engineering (1): the mean over trajectories.

    By hand: a tenth of firms on the new trajectory, .62 and .42 give .6.
    """
    return need_old + (need_new - need_old) * new_share


@rule
def alignment(orientation, need, tolerance):
    """Factor on a project's advance, ``exp(-(o - n)²/(2 s²))``.

    By hand: o=.3, n=.6, s=.25 gives exp(-.72) = .487; equal orientations give 1.
    """
    distance = (orientation - need) / tolerance
    return exp(-0.5 * distance * distance)


@rule
def expected_papers(achievements, orientation, papers):
    """Papers of a quarter: what is not engineering, ``k c (1 - o)``.

    By hand: 2 achievements expected, o=.3, k=10 give 14. The proportion is our assumption.
    """
    return papers * achievements * (1.0 - clip01(orientation))


TOPIC = Topic(
    "alignment",
    AlignmentParams,
    (
        Mechanism(
            "M46",
            "Industry-university misalignment",
            layer="C",
            seed="003 §4.3",
            claim="with equal orientations more is converted and fewer papers are written",
            neutral="every university works on what the firms of its province need",
        ),
    ),
)
