"""Draws: published vectors, distributions, one value per address, and the same bits in every context.

Statistical bounds are 4.5 standard errors (chance 7e-6 each); draws are keyed, so a test that passes
passes always.
"""

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from nqpf_abm.numerics import draws
from nqpf_abm.numerics.jit import OPTIONS

KEY = draws.make_key(2024, 17)
STREAM = draws.stream("a decision in a test")
OTHER_STREAM = draws.stream("another decision in a test")
UIDS = np.random.default_rng(5).integers(1, 2**64, 40_000, dtype=np.uint64)


@numba.njit(**OPTIONS)
def uniforms(key, uids, stream, ordinal):
    out = np.empty(uids.size)
    for i in range(uids.size):
        out[i] = draws.uniform(key, uids[i], stream, ordinal)
    return out


@numba.njit(**OPTIONS)
def normals(key, uids, stream, ordinal):
    out = np.empty(uids.size)
    for i in range(uids.size):
        out[i] = draws.normal(key, uids[i], stream, ordinal)
    return out


@numba.njit(**OPTIONS)
def betas(key, uids, stream, ordinal):
    out = np.empty(uids.size)
    for i in range(uids.size):
        out[i] = draws.beta33(key, uids[i], stream, ordinal)
    return out


@numba.njit(**OPTIONS)
def poissons(mean, us):
    out = np.empty(us.size, np.int64)
    for i in range(us.size):
        out[i] = draws.poisson(mean, us[i])
    return out


@numba.njit(**OPTIONS)
def binomials(n, p, us):
    out = np.empty(us.size, np.int64)
    for i in range(us.size):
        out[i] = draws.binomial(n, p, us[i])
    return out


@numba.njit(**OPTIONS)
def lineages(parents, quarters, ordinals, tag):
    out = np.empty(parents.size, np.uint64)
    for i in range(parents.size):
        out[i] = draws.lineage(parents[i], quarters[i], ordinals[i], tag)
    return out


def assert_uncorrelated(x, y):
    assert abs(np.corrcoef(x, y)[0, 1]) < 4.5 / np.sqrt(x.size)


# ----------------------------------------------------------------------------------------------- source
@pytest.mark.parametrize(
    "counter, key, answer",
    [  # kat_vectors of Random123 1.14, lines "philox4x32 10"
        ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((2**32 - 1,) * 4, (2**32 - 1,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)
def test_philox_gives_the_published_words(counter, key, answer):
    assert draws.philox(*counter, *key) == answer


def test_the_counter_is_laid_out_as_documented():
    seed, quarter, uid, ordinal = 2**40 + 3, 31, 2**50 + 9, 12
    last = int(STREAM) * 2**12 + ordinal
    a, b, c, d = draws.philox(uid % 2**32, uid >> 32, quarter, last, seed % 2**32, seed >> 32)
    u, v = draws.uniform2(draws.make_key(seed, quarter), uid, STREAM, ordinal)
    assert u == (((a << 32 | b) >> 12) + 0.5) / 2**52
    assert v == (((c << 32 | d) >> 12) + 0.5) / 2**52
    assert draws.uniform(draws.make_key(seed, quarter), uid, STREAM, ordinal) == u


def test_uniforms_never_touch_0_or_1():
    assert draws.unit(np.uint64(0), np.uint64(0)) > 0.0
    assert draws.unit(np.uint64(2**32 - 1), np.uint64(2**32 - 1)) < 1.0


def test_integers_of_every_type_are_the_same_address():
    expected = draws.uniform(KEY, np.uint64(77), STREAM, np.uint64(3))
    assert draws.uniform(KEY, 77, int(STREAM), 3) == expected
    assert draws.uniform(KEY, np.int64(77), STREAM, np.int64(3)) == expected
    assert draws.uniform(KEY, np.uint32(77), STREAM, np.int32(3)) == expected
    assert draws.uniform(KEY, 2**63 - 1, STREAM, 3) == draws.uniform(KEY, np.uint64(2**63 - 1), STREAM, 3)


@pytest.mark.parametrize("f", [draws.uniform, draws.uniform2, draws.normal, draws.beta33])
def test_python_and_compiled_loops_get_the_same_bits(f):
    @numba.njit(**OPTIONS)
    def loop(key, uids, stream):
        return [f(key, uids[i], stream, i % 7) for i in range(uids.size)]

    uids = UIDS[:500]
    assert loop(KEY, uids, STREAM) == [f(KEY, uid, STREAM, i % 7) for i, uid in enumerate(uids)]


@pytest.mark.parametrize("mean", [0.4, 37.0, 450.0])
def test_counts_are_the_same_from_python_and_in_loops(mean):
    us = uniforms(KEY, UIDS[:300], STREAM, 0)
    assert poissons(mean, us).tolist() == [draws.poisson(mean, float(u)) for u in us]
    n = int(3 * mean)
    assert binomials(n, 1 / 3, us).tolist() == [draws.binomial(n, 1 / 3, float(u)) for u in us]


# ---------------------------------------------------------------------------------------- distributions
def test_uniforms_fill_the_unit_interval_evenly():
    u = uniforms(KEY, UIDS, STREAM, 0)
    assert abs(u.mean() - 0.5) < 4.5 * np.sqrt(1 / 12 / u.size)
    observed = np.bincount((u * 64).astype(int), minlength=64)
    chi_square = ((observed - u.size / 64) ** 2 / (u.size / 64)).sum()
    assert stats.chi2.sf(chi_square, 63) > 1e-5


def test_neighbouring_addresses_are_independent():
    small = np.arange(1, 40_001, dtype=np.uint64)
    u = uniforms(KEY, small, STREAM, 0)
    assert_uncorrelated(u[1:], u[:-1])
    assert_uncorrelated(u, uniforms(KEY, small, STREAM, 1))
    assert_uncorrelated(u, uniforms(KEY, small, OTHER_STREAM, 0))
    assert_uncorrelated(u, uniforms(draws.make_key(2024, 18), small, STREAM, 0))
    assert_uncorrelated(u, uniforms(draws.make_key(2025, 17), small, STREAM, 0))
    assert_uncorrelated(u, uniforms(draws.make_key(2024 + 2**32, 17), small, STREAM, 0))
    assert_uncorrelated(u, uniforms(KEY, small + np.uint64(2**32), STREAM, 0))


def test_the_two_uniforms_of_one_draw_are_independent():
    pairs = np.array([draws.uniform2(KEY, uid, STREAM, 0) for uid in UIDS[:10_000]])
    assert_uncorrelated(pairs[:, 0], pairs[:, 1])


def test_normals_are_standard_normal():
    z = normals(KEY, UIDS, STREAM, 0)
    n = z.size
    assert abs(z.mean()) < 4.5 / np.sqrt(n)
    assert abs((z * z).mean() - 1) < 4.5 * np.sqrt(2 / n)
    assert abs((z**4).mean() - 3) < 4.5 * np.sqrt(96 / n)
    assert stats.kstest(z, "norm").pvalue > 1e-5


def test_beta33_is_beta_3_3():
    x = betas(KEY, UIDS, STREAM, 0)
    n = x.size
    assert abs(x.mean() - 0.5) < 4.5 * np.sqrt(1 / 28 / n)
    assert abs(x.var() - 1 / 28) < 4.5 * np.sqrt((1 / 28) ** 2 * (7 / 3 - 1) / n)  # kurtosis 7/3
    assert stats.kstest(x, "beta", args=(3, 3)).pvalue > 1e-5


def test_beta33_is_the_median_of_the_five_numbers_in_the_words():
    for uid in UIDS[:2000]:
        words = draws.words(KEY, uid, STREAM, 4)
        rests = [word % 128 for word in words]
        fifth = rests[0] << 18 | rests[1] << 11 | rests[2] << 4 | rests[3] >> 3
        five = sorted([word >> 7 for word in words] + [fifth])
        assert draws.beta33(KEY, uid, STREAM, 4) == (five[2] + 0.5) / 2**25


@pytest.mark.parametrize("mean", [1e-9, 0.03, 1.0, 7.5, 30.0, 199.9, 200.1, 700.0, 12_345.0])
def test_poisson_is_the_exact_quantile(mean):
    us = uniforms(KEY, UIDS[:5000], STREAM, 0)
    assert (poissons(mean, us) == stats.poisson.ppf(us, mean)).all()


@pytest.mark.parametrize(
    "n, p",
    [
        (1, 0.3),
        (10, 0.5),
        (10, 0.97),
        (100, 1e-4),
        (300, 0.5),
        (1000, 0.02),
        (5000, 0.4),
        (5000, 0.999),
        (200_000, 0.1),
    ],
)
def test_binomial_is_the_exact_quantile(n, p):
    us = uniforms(KEY, UIDS[:5000], STREAM, 0)
    assert (binomials(n, p, us) == stats.binom.ppf(us, n, p)).all()


def test_moments_of_counts():
    us = uniforms(KEY, UIDS, STREAM, 0)
    n = us.size
    k = poissons(4.0, us)
    assert abs(k.mean() - 4) < 4.5 * np.sqrt(4 / n)
    assert abs(k.var() - 4) < 4.5 * np.sqrt((4 + 2 * 16) / n)
    k = binomials(40, 0.25, us)
    assert abs(k.mean() - 10) < 4.5 * np.sqrt(7.5 / n)
    assert abs(k.var() - 7.5) < 4.5 * np.sqrt((7.5 + 2 * 7.5**2) / n)


def test_ends_of_counts():
    assert draws.poisson(0.0, 0.99) == draws.poisson(-1.0, 0.99) == 0
    assert draws.binomial(0, 0.5, 0.5) == draws.binomial(-3, 0.5, 0.5) == draws.binomial(9, 0.0, 0.9999) == 0
    assert draws.binomial(9, 1.0, 0.0001) == draws.binomial(9, 1.5, 0.0001) == 9
    assert type(draws.poisson(3, 0.5)) is type(draws.binomial(4, 0.5, 0.5)) is int
    smallest, largest = 2.0**-53, 1 - 2.0**-53
    for mean in (0.001, 1.0, 150.0, 300.0, 1e5):
        assert stats.poisson.sf(draws.poisson(mean, largest), mean) < 1e-13 * max(1, mean / 100)
        assert draws.poisson(mean, smallest) == stats.poisson.ppf(smallest, mean)
    for p in (0.001, 0.5, 0.999):
        assert 0 <= draws.binomial(3000, p, smallest) < draws.binomial(3000, p, largest) <= 3000


@settings(max_examples=300, deadline=None)
@given(st.floats(0, 500), st.floats(0, 5), st.floats(1e-6, 1 - 1e-6), st.floats(0, 1e-3))
def test_counts_rise_with_mean_probability_and_quantile(mean, more, u, higher):
    higher = min(u + higher, 1 - 1e-9)
    assert draws.poisson(mean, u) <= draws.poisson(mean + more, u)
    assert draws.poisson(mean, u) <= draws.poisson(mean, higher)
    p, n = mean / 500, 700
    assert draws.binomial(n, p, u) <= draws.binomial(n, min(p + more / 500, 1), u)
    assert draws.binomial(n, p, u) <= draws.binomial(n + 1, p, u)
    assert draws.binomial(n, p, u) <= draws.binomial(n, p, higher)


def test_pareto_lognormal_and_truncation():
    assert draws.pareto(0.75, 2.0) == pytest.approx(2.0, rel=1e-14)
    assert draws.pareto(2.0**-53, 3.0) >= 1.0
    us = uniforms(KEY, UIDS[:2000], STREAM, 0)
    assert [draws.pareto(u, 1.6) for u in us] == pytest.approx(stats.pareto.ppf(us, 1.6), rel=1e-12)
    assert draws.lognormal(0.0, 0.0, 3.0) == 1.0
    assert draws.lognormal(1.0, 2.0, 0.5) == pytest.approx(np.exp(2.5), rel=1e-15)
    assert [draws.truncated01(x) for x in (-0.2, 0.3, 1.2)] == [0.0, 0.3, 1.0]


# ----------------------------------------------------------------------------------- keys, streams, uids
def test_keys_refuse_what_does_not_fit():
    assert draws.make_key(5, 6) == (5, 6)
    assert {type(field) for field in draws.make_key(5, 6)} == {np.uint64}
    for seed, quarter in [(-1, 0), (2**64, 0), (0, -1), (0, 2**32)]:
        with pytest.raises(ValueError, match="must lie in"):
            draws.make_key(seed, quarter)


def test_streams_are_stable_and_distinct(monkeypatch):
    monkeypatch.setattr(draws, "_streams", {})
    assert draws.stream("absorb") == draws.stream("absorb") == 142089
    assert type(draws.stream("absorb")) is np.uint64
    names = [f"stream {i}" for i in range(20_000)]  # 20000**2 / 2**21 = 190 collisions expected
    with pytest.raises(ValueError, match=r"'stream \d+' and 'stream \d+' have the same number"):
        for name in names:
            assert draws.stream(name) < 2**20


def test_uids_are_distinct_and_never_0():
    n = 100
    parents, quarters, ordinals = (axis.ravel() for axis in np.mgrid[1 : n + 1, :n, :n])
    uids = lineages(parents, quarters, ordinals, 3)
    assert np.unique(uids).size == n**3
    assert (uids > 0).all() and (uids < 2**63).all()
    assert np.intersect1d(uids, lineages(parents, quarters, ordinals, 4)).size == 0
    children = lineages(uids, quarters, ordinals, 3)
    assert np.unique(children).size == n**3


def test_a_uid_is_the_same_from_python_and_in_loops():
    parents = UIDS[:200]
    quarters = np.arange(200)
    compiled = lineages(parents, quarters, quarters % 5, 9).tolist()
    assert compiled == [draws.lineage(parents[i], i, i % 5, 9) for i in range(200)]
    assert draws.lineage(3, 1, 0, 2) == draws.lineage(np.uint64(3), np.int64(1), np.uint32(0), np.uint64(2))


def test_uid_bits_are_balanced():
    uids = lineages(np.arange(1, 20_001), np.zeros(20_000, np.int64), np.zeros(20_000, np.int64), 1)
    bits = (uids[:, None] >> np.arange(63, dtype=np.uint64)) & np.uint64(1)
    assert (np.abs(bits.mean(axis=0) - 0.5) < 4.5 * 0.5 / np.sqrt(20_000)).all()
