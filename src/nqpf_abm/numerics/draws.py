"""Chance as a function of who draws, when and what for.

Each draw is Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011, doi:10.1145/2063384.2063405) of the counter
(uid low, uid high, quarter, stream * 2**12 + ordinal) under the seed as key. So it depends on neither the
order of agents nor the number of threads, and the same agent has the same luck for the same decision in
every scenario run with the same seed.

One stream belongs to one decision; its ordinals (0 to 4095) serve several draws of that decision. All
functions here except `make_key` and `stream` work inside compiled code.
"""

from __future__ import annotations

import hashlib
from collections import namedtuple

import numpy as np

from nqpf_abm.numerics.jit import rule
from nqpf_abm.numerics.mathx import clip01, cos2pi, exp, log, power, sqrt

Key = namedtuple("Key", "seed quarter")
Key.__doc__ = "What every draw of one quarter has in common: the run's seed and the quarter, both np.uint64."

WORD = np.uint64(0xFFFFFFFF)
BITS_32 = np.uint64(32)
ORDINAL_BITS = np.uint64(12)
N_ORDINALS = 4096
MULTIPLIER_0 = np.uint64(0xD2511F53)
MULTIPLIER_1 = np.uint64(0xCD9E8D57)
WEYL_0 = np.uint64(0x9E3779B9)
WEYL_1 = np.uint64(0xBB67AE85)
LINEAGE = np.uint64(0x6C696E65)  # "line": keeps hashes of descent apart from each other's plain tags
ONE = np.uint64(1)
TWO_PI = 6.283185307179586

_streams: dict[int, str] = {}


def make_key(seed: int, quarter: int) -> Key:
    """The `Key` of one quarter of one run.

    seed        0 to 2**64 - 1
    quarter     0 to 2**32 - 1
    """
    if not 0 <= seed < 2**64:
        raise ValueError(f"seed must lie in [0, 2**64); got {seed}")
    if not 0 <= quarter < 2**32:
        raise ValueError(f"quarter must lie in [0, 2**32); got {quarter}")
    return Key(np.uint64(seed), np.uint64(quarter))


def stream(name: str) -> np.uint64:
    """The stream number (20 bits) of the decision called `name`: the same in every process and version.

    Raises ValueError if a different name already has this number: rename one of the two.
    """
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big") >> 12
    taken = _streams.setdefault(number, name)
    if taken != name:
        raise ValueError(f"streams {taken!r} and {name!r} have the same number {number}; rename one")
    return np.uint64(number)


# --------------------------------------------------------------------------------------------- the source
@rule
def philox(c0, c1, c2, c3, k0, k1):
    """Philox4x32-10: four 32-bit words from a counter of four and a key of two (each below 2**32)."""
    c0, c1, c2, c3 = np.uint64(c0), np.uint64(c1), np.uint64(c2), np.uint64(c3)
    k0, k1 = np.uint64(k0), np.uint64(k1)  # mixed with signed integers they would turn into floats
    for _ in range(10):
        p0 = MULTIPLIER_0 * c0
        p1 = MULTIPLIER_1 * c2
        c0 = (p1 >> BITS_32) ^ c1 ^ k0
        c2 = (p0 >> BITS_32) ^ c3 ^ k1
        c1 = p1 & WORD
        c3 = p0 & WORD
        k0 = (k0 + WEYL_0) & WORD
        k1 = (k1 + WEYL_1) & WORD
    return c0, c1, c2, c3


@rule
def words(key, uid, stream, ordinal):
    """The four 32-bit words belonging to one draw."""
    uid = np.uint64(uid)
    seed = np.uint64(key.seed)
    last = (np.uint64(stream) << ORDINAL_BITS) + np.uint64(ordinal)
    return philox(
        uid & WORD, uid >> BITS_32, np.uint64(key.quarter) & WORD, last & WORD, seed & WORD, seed >> BITS_32
    )


@rule
def unit(high, low):
    """The number in (0, 1) made of the first 52 bits of two words: a midpoint of 2**52 equal cells."""
    bits = ((high << BITS_32) | low) >> ORDINAL_BITS
    return (np.float64(np.int64(bits)) + 0.5) * 2.220446049250313e-16  # 2**-52; every step is exact


# --------------------------------------------------------------------------------------- draws by address
@rule
def uniform(key, uid, stream, ordinal):
    """A uniform number, 0 < u < 1."""
    a, b, _, _ = words(key, uid, stream, ordinal)
    return unit(a, b)


@rule
def uniform2(key, uid, stream, ordinal):
    """Two independent uniform numbers; the first is `uniform` of the same address."""
    a, b, c, d = words(key, uid, stream, ordinal)
    return unit(a, b), unit(c, d)


@rule
def normal(key, uid, stream, ordinal):
    """A standard normal number, |z| < 8.6 (Box & Muller 1958, doi:10.1214/aoms/1177706645)."""
    u, v = uniform2(key, uid, stream, ordinal)
    return sqrt(-2.0 * log(u)) * cos2pi(v)


@rule
def beta33(key, uid, stream, ordinal):
    """A Beta(3, 3) number (mean 1/2, variance 1/28): the median of five uniforms.

    The third of five order statistics is Beta(3, 3). The five are 25 bits each of one draw of 128 bits.
    """
    w0, w1, w2, w3 = words(key, uid, stream, ordinal)
    a = np.int64(w0 >> np.uint64(7))
    b = np.int64(w1 >> np.uint64(7))
    c = np.int64(w2 >> np.uint64(7))
    d = np.int64(w3 >> np.uint64(7))
    spare = np.uint64(127)
    e = np.int64(
        ((w0 & spare) << np.uint64(18))
        | ((w1 & spare) << np.uint64(11))
        | ((w2 & spare) << np.uint64(4))
        | ((w3 & spare) >> np.uint64(3))
    )
    # Neither the least of the two lesser ones nor the greatest of the two greater ones is the median.
    low = max(min(a, b), min(c, d))
    high = min(max(a, b), max(c, d))
    return (np.float64(max(min(low, high), min(max(low, high), e))) + 0.5) * 2.9802322387695312e-08  # 2**-25


@rule
def for_life(key):
    """The key of draws that hold for an agent's life: those of the first quarter."""
    return Key(key.seed, np.uint64(0))


# ---------------------------------------------------------------------------------- draws from a uniform
@rule
def _stirling_error(n):
    """ln n! less Stirling's formula, n >= 15 (Loader 2000, Fast and Accurate Computation of Binomial
    Probabilities, eq. 2; remainder below 4e-12)."""
    n = np.float64(n)
    return (1.0 / 12.0 - (1.0 / 360.0 - 1.0 / 1260.0 / (n * n)) / (n * n)) / n


@rule
def _deviance(x, mean):
    """x ln(x / mean) + mean - x, Loader's D0 times the mean."""
    return x * log(x / mean) + (mean - x)


@rule
def poisson(mean, u):
    """The number of events, Poisson with the given mean, at the quantile u: the least k with P(K<=k) >= u.

    mean    expected number, any size (0 or less: no event); time grows with it, beyond 200 with its root
    u       uniform, 0 < u < 1; the result rises with u and with mean

    Inversion, adding up probabilities from k = 0 or, beyond a mean of 200, from ten standard deviations
    below the mean (what lies below has a probability under 1e-22, less than u can tell apart). Exact but
    for the rounding of that sum, about 1e-14 in probability.
    """
    if not mean > 0.0:
        return 0
    k = 0
    if mean <= 200.0:
        p = exp(-mean)
    else:
        k = np.int64(mean - 10.0 * sqrt(mean))
        p = exp(-_stirling_error(k) - _deviance(k, mean)) / sqrt(TWO_PI * k)
    total = p
    while u > total:
        k += 1
        p *= mean / k
        if k > mean and total + p == total:  # rounding keeps the total short of u: the end of the tail
            break
        total += p
    return k


@rule
def _fewer_half(n, p, u):
    """`binomial` for p <= 1/2."""
    q = 1.0 - p
    k = 0
    if n * log(q) > -200.0:
        mass = exp(n * log(q))
    else:
        mean = n * p
        k = np.int64(mean - 10.0 * sqrt(mean * q))
        stirling = _stirling_error(n) - _stirling_error(k) - _stirling_error(n - k)
        deviance = _deviance(k, mean) + _deviance(n - k, n * q)
        mass = exp(stirling - deviance) * sqrt(n / (TWO_PI * k * (n - k)))
    total = mass
    while u > total and k < n:
        mass *= (p * (n - k)) / (q * (k + 1))
        k += 1
        if k > n * p and total + mass == total:
            break
        total += mass
    return k


@rule
def binomial(n, p, u):
    """The number of successes among n, each with probability p, at the quantile u.

    n       trials, an integer, any size (0 or less: no success)
    p       probability; outside [0, 1] it counts as the nearer end
    u       uniform, 0 < u < 1; the result rises with u, n and p

    Inversion as in `poisson`; for p > 1/2 the failures are counted, at the quantile 1 - u.
    """
    n = np.int64(n)
    if n <= 0 or not p > 0.0:
        return 0
    if p >= 1.0:
        return n
    if p <= 0.5:
        return _fewer_half(n, p, u)
    return n - _fewer_half(n, 1.0 - p, 1.0 - u)


@rule
def exponential(u):
    """Exponential number of mean 1, ``-ln u``.  By hand: u = 1/e gives 1."""
    return -log(u)


@rule
def logistic_number(u):
    """Number of the standard logistic distribution, ``ln(u/(1 - u))``, below x with probability σ(x).

    By hand: u = ½ gives 0.
    """
    return log(u / (1.0 - u))


@rule
def pareto(u, shape):
    r"""A Pareto number >= 1 at the quantile u: :math:`(1 - u)^{-1/a}` with shape a > 0."""
    return power(1.0 - u, -1.0 / shape)


@rule
def lognormal(z, mu, sigma):
    r"""A lognormal number :math:`e^{\mu + \sigma z}` from a standard normal z."""
    return exp(mu + sigma * z)


@rule
def truncated01(x):
    """A draw censored to [0, 1]: what falls outside heaps up at the nearer end."""
    return clip01(x)


# ------------------------------------------------------------------------------------------------ descent
@rule
def lineage(parent, quarter, ordinal, tag):
    """The uid of a newcomer, from its descent, so that it is the same in every scenario.

    A uint64 in [1, 2**63), so that it passes as a signed integer too (Python's int, data frames).

    parent      uid of the founder, parent firm or province
    quarter     of birth, < 2**32
    ordinal     which one of that parent's newcomers of that quarter, < 2**32
    tag         the kind of newcomer, an integer of its own per kind

    A Philox hash: among n uids some two are equal with probability about n**2 / 2**64 (5e-8 for a million).
    """
    parent = np.uint64(parent)
    tag = np.uint64(tag)
    a, b, _, _ = philox(
        parent & WORD,
        parent >> BITS_32,
        np.uint64(quarter) & WORD,
        np.uint64(ordinal) & WORD,
        tag & WORD,
        (tag >> BITS_32) ^ LINEAGE,
    )
    return max(((a << BITS_32) | b) >> ONE, ONE)
