"""Do regions grow alike? Sigma- and beta-convergence (Barro & Sala-i-Martin 1992, doi:10.1086/261816)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .arrays import finite


class Sigma(NamedTuple):
    """Spread of regions, each (n_years,); NaN where it is not defined."""

    cv: np.ndarray
    """Standard deviation (of the population) over the mean."""
    sd_log: np.ndarray
    """Standard deviation of logarithms; NaN in a year with a value that is not positive."""


class Beta(NamedTuple):
    """Growth regressed on the logarithm of the level it starts from. Negative: the poor grow faster."""

    coefficient: float
    se: float
    p: float
    """Two-sided."""
    speed: float
    """Rate of convergence per year, -ln(1 + b T) / T; NaN where 1 + b T is not positive."""
    half_life: float
    """Years to half the distance, ln 2 / speed; NaN without convergence."""
    r2: float
    n: int


def sigma_convergence(values) -> Sigma:
    """Spread of `values` (n_regions, n_years) in every year. ValueError for a wrong shape or non-finite cells.

    By hand: 1 and 3 have mean 2 and standard deviation 1, hence a cv of 0.5.
    """
    values = finite("values", values, ("n_regions", "n_years"))
    mean = values.mean(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        cv = np.where(mean == 0, np.nan, values.std(axis=0) / mean)
        sd_log = np.where((values > 0).all(axis=0), np.log(values).std(axis=0), np.nan)
    return Sigma(cv, sd_log)


def absolute_beta(values, years) -> Beta:
    r"""Cross-section: :math:`\ln(y_{iT}/y_{i0})/T = a + b \ln y_{i0}`, by least squares, over the whole period.

    values  (n_regions, n_years) > 0, at least three regions;  years  (n_years,) rising

    ValueError for wrong shapes, values that are not positive, years that do not rise.
    """
    import statsmodels.api as sm

    values, years = _positive(values, years)
    span = years[-1] - years[0]
    start = np.log(values[:, 0])
    growth = (np.log(values[:, -1]) - start) / span
    fit = sm.OLS(growth, sm.add_constant(start, has_constant="add")).fit()
    return _beta(fit, 1, span)


def two_way_beta(values, years) -> Beta:
    r"""Panel: :math:`\ln(y_{i,t+1}/y_{it})/h = b \ln y_{it} + \mu_i + \nu_t` with effects of region and year.

    Standard errors are clustered by region, with n_regions - 1 degrees of freedom. In a short panel
    b is biased downwards (Nickell 1981, doi:10.2307/1911408): regions seem to converge faster than they do.

    values  (n_regions, n_years) > 0, at least three of each;  years  (n_years,) rising

    ValueError for wrong shapes, values that are not positive, years that do not rise.
    """
    import statsmodels.api as sm

    values, years = _positive(values, years)
    n_regions, n_years = values.shape
    if n_years < 3:
        raise ValueError(f"values must have at least 3 years for two-way effects; got {n_years}")
    steps = np.diff(years)
    logs = np.log(values)
    growth = (np.diff(logs, axis=1) / steps).ravel()
    region = np.repeat(np.arange(n_regions), n_years - 1)
    year = np.tile(np.arange(n_years - 1), n_regions)
    columns = [logs[:, :-1].ravel()]
    columns += [(region == i).astype(float) for i in range(n_regions)]
    columns += [(year == t).astype(float) for t in range(1, n_years - 1)]
    fit = sm.OLS(growth, np.column_stack(columns)).fit(
        cov_type="cluster", cov_kwds={"groups": region}, use_t=True
    )
    return _beta(fit, 0, float(steps.mean()))


def _beta(fit, at: int, span: float) -> Beta:
    b = float(fit.params[at])
    speed = -np.log1p(b * span) / span if 1 + b * span > 0 else np.nan
    return Beta(
        coefficient=b,
        se=float(fit.bse[at]),
        p=float(fit.pvalues[at]),
        speed=float(speed),
        half_life=float(np.log(2) / speed) if speed > 0 else np.nan,
        r2=float(fit.rsquared),
        n=int(fit.nobs),
    )


def _positive(values, years) -> tuple[np.ndarray, np.ndarray]:
    values = finite("values", values, ("n_regions", "n_years"))
    years = finite("years", years, (values.shape[1],))
    if values.shape[0] < 3 or values.shape[1] < 2:
        raise ValueError(f"values must have at least 3 regions and 2 years; got {values.shape}")
    if not (values > 0).all():
        row, column = np.argwhere(values <= 0)[0]
        raise ValueError(
            f"values must be positive to take logarithms: row {row}, column {column} holds {values[row, column]}"
        )
    if not (np.diff(years) > 0).all():
        raise ValueError(f"years must rise; got {years.tolist()}")
    return values, years
