"""Two decision-analysis libraries reach the same scores where they compute the same thing."""

import numpy as np
import pymcdm.normalizations
import pymcdm.weights
import pytest
from pymcdm.methods import TOPSIS
from skcriteria import mkdm
from skcriteria.agg.topsis import TOPSIS as SkTOPSIS
from skcriteria.preprocessing.weighters import entropy_weights as sk_entropy_weights

from nqpf_abm.measure import entropy_topsis

KINDS = np.array([1, -1, 1, 1, -1])


@pytest.fixture(params=range(5))
def panel(request):
    rng = np.random.default_rng(request.param)
    return rng.lognormal(size=(36, 5)), np.repeat([2012, 2013, 2014], 12)


def test_scikit_criteria(panel):
    x, years = panel
    r = entropy_topsis(x, years, KINDS)
    # It takes any matrix as shares; the min-max data, zeros included, make it ours.
    assert r.weights == pytest.approx(sk_entropy_weights(r.normalised), rel=1e-10)
    decision = mkdm(r.normalised, objectives=[max] * 5, weights=r.weights)
    assert r.closeness == pytest.approx(SkTOPSIS().evaluate(decision).e_.similarity, rel=1e-10)


def test_pymcdm_topsis(panel):
    x, years = panel
    r = entropy_topsis(x, years, KINDS)
    topsis = TOPSIS(normalization_function=pymcdm.normalizations.minmax_normalization)
    assert r.closeness == pytest.approx(topsis(x, r.weights, KINDS), rel=1e-10)


def test_pymcdm_entropy_weights_of_shifted_data(panel):
    # pymcdm gives a column that holds a zero the entropy 0, so it is compared on shifted data.
    x, years = panel
    r = entropy_topsis(x, years, KINDS, shift=1e-3)
    assert r.weights == pytest.approx(pymcdm.weights.entropy_weights(r.normalised + 1e-3), rel=1e-9)
