"""Who follows an improvement path: firms and universities choose for themselves (layer D, M51 to M61).

No government decides here, though one may bear a part of the cost (M105). How much a path would bring is a law of each
path, of what the firm sees of itself; how readily it is taken up also hangs on how many of its province are seen to follow
it. Everyone has a lot of its own for every path, drawn once for life, and follows the path while the inclination exceeds
the lot: a threshold model (Granovetter 1978) of firms that differ in rank (David 1969). A path is given up in the same way.

In the history of 2012 to 2022 nobody follows any: seed 003 §5 recommends these paths, it does not report them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nqpf_abm.declare import Assumed, Checked, Topic, collective_phase, param, row_phase
from nqpf_abm.mechanisms.alignment import engineering_need
from nqpf_abm.mechanisms.crowdsourcing import worth_asking
from nqpf_abm.mechanisms.data import tiered_share, whole_share
from nqpf_abm.mechanisms.equity import willing_to_share
from nqpf_abm.mechanisms.forgiveness import led_to_forgive
from nqpf_abm.mechanisms.funnel import worth_sieving
from nqpf_abm.mechanisms.institute import worth_an_institute
from nqpf_abm.mechanisms.proving import worth_proving
from nqpf_abm.mechanisms.tiers import worth_tiering
from nqpf_abm.mechanisms.units import worth_of_units
from nqpf_abm.numerics.draws import for_life, stream, uniform
from nqpf_abm.numerics.jit import routine, rule
from nqpf_abm.policy.subsidy import subsidised_fit
from nqpf_abm.state.instruments import M105
from nqpf_abm.state.paths import M52, M55, M56, M58, M59, M60, M61, N_PATHS
from nqpf_abm.state.tables import AUTONOMY

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


@routine
def quarters_followed(s, i, path, uptake, fit, p, key):
    """For how many quarters firm `i` has followed a path, this one counted; 0 if it does not, or no longer."""
    if uptake <= 0.0:
        return 0
    firm = s.firms[i]
    seen = s.provinces[firm.province].paths_seen[path]
    worth = subsidised_fit(fit, p.subsidy.borne, s.governments[firm.province].effect[M105])
    inclined = inclination(uptake, worth, seen, p.adoption.imitation)
    return firm.paths[path] + 1 if uniform(for_life(key), firm.uid, LOT, path) < inclined else 0


@routine
def is_any_open(p):
    """Whether firms may take up a path at all, so that the phases need not look where there is none."""
    most = max(p.institute.uptake, p.tiers.uptake, p.equity.uptake, p.units.uptake)
    return max(most, p.funnel.uptake, p.forgiveness.uptake, p.crowdsourcing.uptake, p.proving.uptake) > 0.0


@collective_phase(
    mechanisms="M51 M52 M55 M56 M58 M59 M60 M61", writes="provinces.paths_seen provinces.centres_seen"
)
def see_paths(s, p, key):
    """What each province's firms, and its universities, know of how many of them follow which path."""
    n = s.provinces.size
    centres, universities = np.zeros(n), np.zeros(n)
    for i in range(s.universities.size):
        u = s.universities[i]
        if u.is_alive:
            universities[u.province] += 1.0
            centres[u.province] += 1.0 if u.centre > 0 else 0.0
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
        now = centres[r] / max(universities[r], 1.0)
        province.centres_seen = next_seen(province.centres_seen, now, p.adoption.news)


@row_phase("firms", mechanisms="M52 M55 M56 M58 M59 M60 M61 M105", writes="paths", draws="adoption.lot")
def choose_paths(i, s, p, key):
    """Firms choose which improvement paths they follow."""
    firm = s.firms[i]
    if s.world[0].clock < p.adoption.since or not is_any_open(p):
        return
    leader = s.entrepreneurs[i]
    if p.on.M52:
        q = p.institute
        fit = worth_an_institute(firm.staff, q.half, leader.horizon, q.lag, q.horizon)
        firm.paths[M52] = quarters_followed(s, i, M52, q.uptake, fit, p, key)
    if p.on.M55 and p.on.M41:
        fit = worth_tiering(tiered_share(s, i, p), whole_share(s, i, 1.0, p), firm.is_adopter)
        firm.paths[M55] = quarters_followed(s, i, M55, p.tiers.uptake, fit, p, key)
    if p.on.M56:
        fit = willing_to_share(leader.style[AUTONOMY])
        firm.paths[M56] = quarters_followed(s, i, M56, p.equity.uptake, fit, p, key)
    if p.on.M58:
        fit = worth_of_units(firm, leader, p)
        firm.paths[M58] = quarters_followed(s, i, M58, p.units.uptake, fit, p, key)
    if p.on.M59:
        fit = worth_sieving(firm.staff, p.funnel.half)
        firm.paths[M59] = quarters_followed(s, i, M59, p.funnel.uptake, fit, p, key)
    if p.on.M60:
        fit = led_to_forgive(leader.leadership)
        firm.paths[M60] = quarters_followed(s, i, M60, p.forgiveness.uptake, fit, p, key)
    if p.on.M61:
        fit = worth_asking(firm.staff, p.crowdsourcing.half)
        firm.paths[M61] = quarters_followed(s, i, M61, p.crowdsourcing.uptake, fit, p, key)


@row_phase("universities", mechanisms="M51", writes="centre", draws="adoption.lot")
def open_centres(i, s, p, key):
    """Universities open a proof-of-concept centre, or close it (M51)."""
    u = s.universities[i]
    q = p.proving
    if p.on.M51 == 0 or q.uptake <= 0.0 or s.world[0].clock < p.adoption.since:
        return
    province = s.provinces[u.province]
    need = engineering_need(province.new_share, p.alignment.need_old, p.alignment.need_new)
    fit = worth_proving(u.mean_created, q.half, u.orientation, need)
    inclined = inclination(q.uptake, fit, province.centres_seen, p.adoption.imitation)
    u.centre = u.centre + 1 if uniform(for_life(key), u.uid, LOT, N_PATHS) < inclined else 0


TOPIC = Topic("adoption", AdoptionParams)
