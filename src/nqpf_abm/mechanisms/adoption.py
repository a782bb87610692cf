"""Who follows an improvement path: firms and universities choose for themselves (layer D, M51 to M61).

No government decides here. How much a path would bring is a law of each path, of what the firm sees of itself; how
readily it is taken up also hangs on how many of its province are seen to follow it. Everyone has a lot of its own for
every path, drawn once for life, and follows the path while the inclination exceeds the lot: a threshold model
(Granovetter 1978) of firms that differ in rank (David 1969). A path is given up in the same way.

In the history of 2012 to 2022 nobody follows any: seed 003 §5 recommends these paths, it does not report them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nqpf_abm.declare import Assumed, Checked, Topic, collective_phase, param, row_phase
from nqpf_abm.mechanisms.forgiveness import led_to_forgive
from nqpf_abm.mechanisms.funnel import worth_sieving
from nqpf_abm.numerics.draws import Key, stream, uniform
from nqpf_abm.numerics.jit import routine, rule
from nqpf_abm.state.paths import M59, M60, N_PATHS

LOT = stream("adoption.lot")


@dataclass(frozen=True, kw_only=True)
class AdoptionParams(Checked):
    """When paths become known, and what neighbours do to their spread."""

    since: float = param(
        0.0, low=0.0, high=92.0, unit="quarters",
        evidence=Assumed("after 2012Q1, from which on the paths are known; 56 is 2026Q1"),
    )  # fmt: skip
    imitation: float = param(
        0.5, low=0.0, high=0.9, unit="weight", symbol="ι",
        evidence=Assumed("of what others of the province are seen to do, in the inclination to do the same"),
    )  # fmt: skip
    news: float = param(
        0.25, low=0.1, high=1.0, unit="1/quarter", evidence=Assumed("what others do is known after about a year")
    )  # fmt: skip


@rule
def inclination(uptake, fit, seen, imitation):
    """Inclination to follow a path, ``u f (1 - ι + ι s)``, 0 to 1.

    uptake  u, share;  fit  f, what it would bring over all it can bring, 0 to 1
    seen    s, share of the province's that are known to follow it;  imitation  ι

    With one fit for all the share that follows settles at ``u f (1 - ι)/(1 - u f ι)``.

    By hand: u=1, f=.5, s=.2, ι=.5 give .3. The form is our assumption.
    """
    return uptake * fit * (1.0 - imitation + imitation * seen)


@rule
def next_seen(seen, now, news):
    """What is known of the share that follows a path, after a quarter.  By hand: .2 seen, .6 now, ν=.25 give .3."""
    return seen + news * (now - seen)


@rule
def for_life(key):
    """The key of draws that hold for life: those of the first quarter."""
    return Key(key.seed, np.uint64(0))


@routine
def quarters_followed(s, i, path, uptake, fit, p, key):
    """For how many quarters firm `i` has followed a path, this one counted; 0 if it does not, or no longer."""
    if uptake <= 0.0:
        return 0
    firm = s.firms[i]
    seen = s.provinces[firm.province].paths_seen[path]
    inclined = inclination(uptake, fit, seen, p.adoption.imitation)
    return firm.paths[path] + 1 if uniform(for_life(key), firm.uid, LOT, path) < inclined else 0


@collective_phase(mechanisms="M59 M60", writes="provinces.paths_seen")
def see_paths(s, p, key):
    """What each province's firms know of how many of them follow which path."""
    n = s.provinces.size
    following = np.zeros((n, N_PATHS))
    for i in range(s.firms.size):
        firm = s.firms[i]
        if firm.is_alive:
            for k in range(N_PATHS):
                if firm.paths[k] > 0:
                    following[firm.province, k] += 1.0
    for r in range(n):
        province = s.provinces[r]
        for k in range(N_PATHS):
            now = following[r, k] / max(province.n_firms, 1.0)
            province.paths_seen[k] = next_seen(province.paths_seen[k], now, p.adoption.news)


@row_phase("firms", mechanisms="M59 M60", writes="paths", draws="adoption.lot")
def choose_paths(i, s, p, key):
    """Firms choose which improvement paths they follow."""
    firm = s.firms[i]
    if s.world[0].clock < p.adoption.since:
        return
    if p.on.M59:
        fit = worth_sieving(firm.staff, p.funnel.half)
        firm.paths[M59] = quarters_followed(s, i, M59, p.funnel.uptake, fit, p, key)
    if p.on.M60:
        fit = led_to_forgive(s.entrepreneurs[i].leadership)
        firm.paths[M60] = quarters_followed(s, i, M60, p.forgiveness.uptake, fit, p, key)


TOPIC = Topic("adoption", AdoptionParams)
