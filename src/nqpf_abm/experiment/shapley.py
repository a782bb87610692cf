"""How an effect is shared among the mechanisms that carry it (Shapley 1953)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations
from math import factorial


def coalitions(players: Iterable[str]) -> list[frozenset[str]]:
    """Every subset of `players`, small ones first."""
    players = tuple(players)
    return [frozenset(chosen) for size in range(len(players) + 1) for chosen in combinations(players, size)]


def shapley(value: Mapping[frozenset[str], float]) -> dict[str, float]:
    r"""Each player's mean contribution over all orders of joining, in the unit of `value`.

    .. math:: φ_i = \sum_{S ∌ i} \frac{|S|!\,(n-|S|-1)!}{n!}\,[v(S ∪ i) - v(S)]

    value  of every coalition, the empty one included

    The contributions add up to ``v(all) - v(none)``; equal players get equal shares, idle ones nothing.
    Raises KeyError if a coalition is missing.

    By hand: v(∅)=0, v(a)=1, v(b)=2, v(ab)=4 gives a 1.5 and b 2.5.
    """
    players = sorted(frozenset().union(*value))
    n = len(players)
    shares = dict.fromkeys(players, 0.0)
    for group in coalitions(players):
        for player in players:
            if player not in group:
                weight = factorial(len(group)) * factorial(n - len(group) - 1) / factorial(n)
                shares[player] += weight * (value[group | {player}] - value[group])
    return shares
