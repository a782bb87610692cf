import numpy as np
import pytest
from scipy.stats import linregress

from nqpf_abm.measure import absolute_beta, sigma_convergence, two_way_beta

YEARS = np.arange(2012, 2023)


def levels(b, seed=1, n=12, noise=0.0, effects=0.0):
    """Regions that grow by ln y' - ln y = a + b ln y (+ effect of the region), year after year."""
    rng = np.random.default_rng(seed)
    logs = [rng.normal(0, 0.5, n)]
    own = effects * rng.normal(size=n)
    for _ in YEARS[1:]:
        logs.append(logs[-1] + 0.05 + b * logs[-1] + own + noise * rng.normal(size=n))
    return np.exp(np.array(logs).T)


def test_sigma_by_hand():
    spread = sigma_convergence([[1.0, 2.0], [3.0, 2.0]])
    np.testing.assert_allclose(spread.cv, [0.5, 0])
    np.testing.assert_allclose(spread.sd_log, [np.log(3) / 2, 0])
    assert np.isnan(sigma_convergence([[0.0, 1.0], [3.0, 2.0]]).sd_log[0])
    assert np.isnan(sigma_convergence([[0.0], [0.0]]).cv[0])


def test_absolute_beta_finds_the_planted_speed():
    # Without noise the gap to the common path shrinks by (1 + b) a year: speed -ln(1 + b).
    fit = absolute_beta(levels(-0.03), YEARS)
    assert fit.speed == pytest.approx(-np.log(0.97), rel=1e-9)
    assert fit.half_life == pytest.approx(np.log(2) / -np.log(0.97))
    assert fit.r2 == pytest.approx(1)


def test_absolute_beta_is_the_regression_of_scipy():
    values = levels(-0.02, noise=0.05)
    ours = absolute_beta(values, YEARS)
    theirs = linregress(np.log(values[:, 0]), (np.log(values[:, -1]) - np.log(values[:, 0])) / 10)
    assert (ours.coefficient, ours.se, ours.p) == pytest.approx((theirs.slope, theirs.stderr, theirs.pvalue))
    assert ours.n == 12


def test_divergence_has_no_half_life():
    fit = absolute_beta(levels(0.03), YEARS)
    assert fit.coefficient > 0 > fit.speed
    assert np.isnan(fit.half_life)


def test_two_way_beta_sees_through_effects_of_regions():
    # Regions with effects of their own do not converge to one level: absolute beta misses what each does.
    values = levels(-0.2, effects=0.1)
    assert two_way_beta(values, YEARS).coefficient == pytest.approx(-0.2, abs=1e-9)
    assert absolute_beta(values, YEARS).coefficient != pytest.approx(-0.2, abs=0.05)


def test_two_way_beta_is_biased_downwards_in_a_short_panel():
    bias = [
        two_way_beta(levels(-0.1, seed=s, noise=0.05, effects=0.02), YEARS).coefficient + 0.1
        for s in range(40)
    ]
    assert np.mean(bias) < -2 * np.std(bias) / np.sqrt(len(bias))


def test_units_of_values_do_not_matter():
    values = levels(-0.02, noise=0.05)
    for fit in (absolute_beta, two_way_beta):
        assert fit(1000 * values, YEARS).coefficient == pytest.approx(fit(values, YEARS).coefficient)


@pytest.mark.parametrize("fit", [absolute_beta, two_way_beta])
def test_refusals(fit):
    values = levels(-0.02)
    with pytest.raises(ValueError, match="row 0, column 0 holds"):
        fit(values - values[0, 0], YEARS)
    with pytest.raises(ValueError, match="years must rise"):
        fit(values, YEARS[::-1])
    with pytest.raises(ValueError, match="at least 3 regions"):
        fit(values[:2], YEARS)
    with pytest.raises(ValueError, match="years must have shape"):
        fit(values, YEARS[:-1])


def test_two_way_effects_need_three_years():
    with pytest.raises(ValueError, match="at least 3 years"):
        two_way_beta(levels(-0.02)[:, :2], YEARS[:2])
